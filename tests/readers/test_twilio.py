"""Calls and messages of Twilio, as Fivetran's tables and as a BulkExport."""

from __future__ import annotations

import gzip
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from .conftest import Delivery


def moment(clock: str) -> datetime:
    """A time of 1 July 2026."""
    return datetime.fromisoformat(f"2026-07-01T{clock}").replace(tzinfo=UTC)


def call(sid: str, **more: Any) -> dict[str, Any]:
    """A call that came in at 8 and lasted three minutes."""
    return {
        "sid": sid,
        "parent_call_sid": None,
        "direction": "inbound",
        "status": "completed",
        "answered_by": None,
        "from": "+15550100",
        "to": "+15550999",
        "date_created": "2026-07-01T08:00:00Z",
        "start_time": "2026-07-01T08:00:00Z",
        "end_time": "2026-07-01T08:03:00Z",
        "duration": "180",
        "queue_time": "900000",
        **more,
    }


def leg(sid: str, of: str, **more: Any) -> dict[str, Any]:
    """A person dialled for a call at 8:00:30, who talked for 100 seconds."""
    dialled = {"date_created": "2026-07-01T08:00:30Z", "start_time": "2026-07-01T08:00:30Z"}
    answered = {"direction": "outbound-dial", "duration": "100", "to": "client:kim"}
    return call(sid, **{"parent_call_sid": of, **dialled, **answered, **more})


def calls(client: Delivery, *rows: dict[str, Any]) -> list[dict[str, Any]]:
    """The calls read of these lines of a BulkExport."""
    lines = "\n".join(json.dumps(row) for row in rows)
    client.deliver("calls.jsonl.gz", gzip.compress(lines.encode()))
    client.load({"reader": "twilio", "path": "."})
    return client.rows("calls")


def test_a_person_answers_when_the_leg_dialled_is_picked_up(client: Delivery) -> None:
    [found] = calls(client, leg("B", "A"), call("A"))
    assert (found["offered_at"], found["ended_at"]) == (moment("08:00:00"), moment("08:03:00"))
    assert found["queued_at"] == moment("08:00:30")
    assert found["answered_at"] == moment("08:01:20"), "its end less its duration"
    assert (found["agent_id"], found["queue"], found["customer_id"]) == (
        "kim", "+15550999", "+15550100",
    )  # fmt: skip
    assert client.ledger("calls")["excluded"] == {"row filter": 1}
    assert client.findings("leg-of-call") == {"load-leg-of-call-calls": 1}


@pytest.mark.parametrize(
    "leg_of", [{"status": "no-answer", "duration": None}, {"answered_by": "machine_start"}]
)
def test_a_leg_nobody_picks_up_is_no_answer(client: Delivery, leg_of: dict[str, Any]) -> None:
    [found] = calls(client, call("A"), leg("B", "A", **leg_of))
    assert (found["queued_at"], found["answered_at"]) == (moment("08:00:30"), None)


def test_a_call_answered_by_a_program_waited_for_nobody(client: Delivery) -> None:
    [found] = calls(client, call("A"))
    assert (found["queued_at"], found["answered_at"]) == (None, None)


def test_calls_the_service_dials_are_not_offered(client: Delivery) -> None:
    rows = calls(client, call("A"), call("B", direction="outbound-api"), leg("C", "B"))
    assert [found["call_id"] for found in rows] == ["A"]
    assert client.findings("not-offered") == {"load-not-offered-calls": 2}


MESSAGES = """id,direction,status,from,to,body,created_at,date_sent
1,inbound,received,+15550100,+15550999,"Hello,
is anyone there?",2026-07-01 08:00:00,2026-07-01 08:00:01
2,outbound-reply,delivered,+15550999,+15550100,Thank you,2026-07-01 08:00:02,
3,outbound-api,delivered,+15550999,+15550100,On it,2026-07-01 08:05:00,2026-07-01 08:05:01
4,outbound-api,undelivered,+15550999,+15550100,Lost,2026-07-01 08:06:00,2026-07-01 08:06:00
"""


def test_a_programs_reply_is_automatic_and_a_lost_message_none(client: Delivery) -> None:
    client.deliver("twilio_message_data.csv", MESSAGES)
    source = {"reader": "twilio", "path": "."}
    client.load(source)
    rows = client.rows("messages")
    assert [row["author_type"] for row in rows] == ["customer", "bot", "system"]
    assert [row["is_auto"] for row in rows] == [False, True, False]
    assert [row["at"].second for row in rows] == [1, 2, 1], "sent, else created"
    assert rows[0]["text"] == "Hello,\nis anyone there?"
    assert client.ledger("messages")["excluded"] == {"row filter": 1}
    client.load({**source, "words": {"author_type": {"outbound-api": "agent"}}})
    assert client.cells("author_type", "messages") == ["customer", "bot", "agent"]


@pytest.mark.reference
@pytest.mark.parametrize("warehouse", ["", "_snowflake"])
def test_fivetrans_sample(client: Delivery, reference_data: Path, warehouse: str) -> None:
    folder = reference_data / "data" / "vendor_exports" / "fivetran_twilio"
    files = {
        name: str(folder / f"twilio_{name}_data{warehouse}.csv") for name in ("call", "message")
    }
    client.load({"reader": "twilio", "files": files})
    assert client.ledger("calls")["loaded"] == 8
    assert client.ledger("calls")["excluded"] == {"unreadable": 1}, "30 February"
    assert client.ledger("messages")["loaded"] == 10
    assert all(row["customer_id"] and row["queue"] for row in client.rows("calls"))
    assert set(client.cells("author_type", "messages")) == {"system"}
