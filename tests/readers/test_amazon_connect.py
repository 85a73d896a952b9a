"""Contact records of Amazon Connect: what is one call, and what is none."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from .conftest import Delivery


def at(clock: str) -> str:
    """A time of 1 July 2026 as Connect writes it."""
    return f"2026-07-01T{clock}Z"


def moment(clock: str) -> datetime:
    """A time of 1 July 2026."""
    return datetime.fromisoformat(f"2026-07-01T{clock}").replace(tzinfo=UTC)


def record(contact: str, **parts: Any) -> dict[str, Any]:
    """A contact record of a call that came in at 8 and hung up at 8:05 in the menu."""
    return {
        "ContactId": contact,
        "InitialContactId": None,
        "Channel": "VOICE",
        "InitiationMethod": "INBOUND",
        "InitiationTimestamp": at("08:00:00"),
        "DisconnectTimestamp": at("08:05:00"),
        "LastUpdateTimestamp": at("08:06:00"),
        "CustomerEndpoint": {"Address": "+15550100", "Type": "TELEPHONE_NUMBER"},
        "SystemEndpoint": {"Address": "+15550999", "Type": "TELEPHONE_NUMBER"},
        "Queue": None,
        "Agent": None,
        **parts,
    }


def queue(name: str, clock: str) -> dict[str, str]:
    """Where and when it was queued."""
    return {"Name": name, "EnqueueTimestamp": at(clock)}


def agent(number: int, clock: str, **more: Any) -> dict[str, Any]:
    """Who was connected, and when."""
    arn = f"arn:aws:connect:eu-west-1:1:instance/x/agent/{number}"
    return {"ARN": arn, "ConnectedToAgentTimestamp": at(clock), **more}


def calls(client: Delivery, *records: dict[str, Any]) -> list[dict[str, Any]]:
    """The calls read of these records."""
    client.deliver("contact_records.jsonl", "\n".join(json.dumps(row) for row in records))
    client.load({"reader": "amazon_connect", "path": "."})
    return client.rows("calls")


def test_a_transferred_call_is_one_call(client: Delivery) -> None:
    first = agent(
        7, "08:01:00", AfterContactWorkStartTimestamp=at("08:03:00"), AfterContactWorkDuration=30,
        CustomerHoldDuration=5,
    )  # fmt: skip
    then = agent(8, "08:02:50", CustomerHoldDuration=7)
    later = {"InitialContactId": "A", "InitiationMethod": "TRANSFER", "Agent": then}
    [call] = calls(
        client,
        record(
            "B", **later, InitiationTimestamp=at("08:02:30"), DisconnectTimestamp=at("08:09:00")
        ),
        record("A", Queue=queue("Billing", "08:00:20"), Agent=first),
    )
    assert call["call_id"] == "A"
    assert (call["offered_at"], call["queued_at"]) == (moment("08:00:00"), moment("08:00:20"))
    assert (call["answered_at"], call["ended_at"]) == (moment("08:01:00"), moment("08:09:00"))
    assert (call["hold_s"], call["wrap_s"]) == (12, 30)
    assert (call["agent_id"], call["queue"]) == ("7", "Billing")
    assert call["transfer_type"] == "warm", "the second agent joined while the first was there"
    assert client.ledger("calls")["excluded"] == {"row filter": 1}


@pytest.mark.parametrize(
    ("released", "joined", "kind"),
    [("08:03:00", "08:03:00", "warm"), ("08:03:00", "08:03:01", "cold"), (None, "08:03:01", None)],
)
def test_a_handover_is_two_agents_at_once(
    client: Delivery, released: str | None, joined: str, kind: str | None
) -> None:
    end = {"AfterContactWorkStartTimestamp": at(released)} if released else {}
    first = agent(7, "08:01:00", **end)
    later = {"InitialContactId": "A", "InitiationMethod": "TRANSFER", "Agent": agent(8, joined)}
    rows = calls(client, record("A", Agent=first, DisconnectTimestamp=None), record("B", **later))
    assert [call["transfer_type"] for call in rows] == [kind]


def test_who_changed_queues_and_was_answered_gave_up_nowhere(client: Delivery) -> None:
    later = {"InitialContactId": "A", "InitiationMethod": "QUEUE_TRANSFER"}
    [call] = calls(
        client,
        record("A", Queue=queue("Sales", "08:00:10"), DisconnectTimestamp=at("08:01:00")),
        record("B", **later, Queue=queue("Help", "08:01:00"), Agent=agent(7, "08:02:00")),
    )
    assert (call["queue"], call["queued_at"]) == ("Sales", moment("08:00:10"))
    assert (call["answered_at"], call["transfer_type"]) == (moment("08:02:00"), "none")


def test_the_worked_call_of_decision_34(client: Delivery) -> None:
    kim = agent(7, "10:02:00", AfterContactWorkStartTimestamp=at("10:04:00"))
    rows = [
        ("a", "INBOUND", "10:00:00", "10:01:00", queue("Sales", "10:00:10"), None),
        ("b", "QUEUE_TRANSFER", "10:01:00", "10:04:30", queue("Help", "10:01:00"), kim),
        ("c", "TRANSFER", "10:03:40", "10:09:00", None, agent(8, "10:03:50")),
    ]
    [call] = calls(
        client,
        *(
            record(
                name, InitialContactId="a", InitiationMethod=method, Queue=waited, Agent=person,
                InitiationTimestamp=at(began), DisconnectTimestamp=at(ended),
            )
            for name, method, began, ended, waited, person in rows
        ),
    )  # fmt: skip
    assert (call["call_id"], call["queue"], call["agent_id"]) == ("a", "Sales", "7")
    assert (call["queued_at"], call["answered_at"]) == (moment("10:00:10"), moment("10:02:00"))
    assert (call["ended_at"], call["transfer_type"]) == (moment("10:09:00"), "warm")


def test_a_call_back_answers_the_call_that_asked_for_it(client: Delivery) -> None:
    back = {
        "InitialContactId": "A", "InitiationMethod": "CALLBACK", "Agent": agent(7, "08:45:00"),
        "InitiationTimestamp": at("08:01:00"), "DisconnectTimestamp": at("08:50:00"),
    }  # fmt: skip
    [call] = calls(client, record("A", Queue=queue("Help", "08:00:30")), record("B", **back))
    assert (call["answered_at"], call["ended_at"]) == (moment("08:45:00"), moment("08:50:00"))


def test_a_call_that_left_in_the_menu_names_the_line_dialled(client: Delivery) -> None:
    lines = calls(client, record("A"), record("B", SystemEndpoint=None))
    assert [call["queue"] for call in lines] == ["+15550999", "no queue"]
    assert [call["queued_at"] for call in lines] == [None, None]


def test_only_contacts_that_customers_began_are_offered(client: Delivery) -> None:
    began = [("VOICE", "INBOUND"), ("CHAT", "API"), ("VOICE", "WEBRTC_API")]
    others = [
        ("VOICE", "OUTBOUND"), ("VOICE", "API"), ("VOICE", "MONITOR"), ("TASK", "API"),
        ("EMAIL", "INBOUND"), ("VOICE", "DISCONNECT"), ("VOICE", "TRANSFER"), (None, None),
    ]  # fmt: skip
    rows = [
        record(str(n), Channel=channel, InitiationMethod=method)
        for n, (channel, method) in enumerate([*began, *others])
    ]
    assert [call["channel"] for call in calls(client, *rows)] == ["phone", "chat", "phone"]
    assert client.ledger("calls")["excluded"] == {"row filter": len(others)}


def test_of_copies_the_newest_is_read(client: Delivery) -> None:
    newer = record("A", LastUpdateTimestamp=at("09:00:00"), Attributes={"ticketId": "T-9"})
    rows = [record("A"), newer, record("A", LastUpdateTimestamp=at("08:30:00")), newer]
    assert [call["ticket_id"] for call in calls(client, *rows)] == ["T-9"]
    assert client.ledger("calls")["excluded"] == {"older row of the same key": 3}


def test_the_order_of_records_changes_nothing(client: Delivery) -> None:
    rows = [
        record("A", Queue=queue("Help", "08:00:10"), Agent=agent(7, "08:01:00")),
        record("B", InitialContactId="A", InitiationMethod="TRANSFER", Agent=agent(8, "08:02:00")),
        record("C", InitiationTimestamp="not a time"),
        record("D", Agent=agent(9, "never")),
    ]
    calls(client, *rows)
    once = client.file("calls").read_bytes()
    calls(client, *reversed(rows))
    assert client.file("calls").read_bytes() == once
    assert client.ledger("calls")["excluded"] == {"row filter": 1, "unreadable": 1}
    where = "load-unreadable-cell-calls-Agent.ConnectedToAgentTimestamp"
    assert client.findings("unreadable-cell") == {where: 1}


def test_records_without_a_break_between_them_are_read(client: Delivery) -> None:
    rows = "".join(json.dumps(record(contact)) for contact in "ABC")
    for name in ("ctr_1.jsonl", "ctr_2.json"):
        client.deliver(name, rows.replace('"A"', f'"{name}"'))
    client.load({"reader": "amazon_connect", "path": "."})
    assert len(client.rows("calls")) == 4, "A of each file, and B and C, which are copies"
