"""Freshdesk's API as JSON, in a folder made by hand."""

from __future__ import annotations

import json
from typing import Any

import pytest

from .conftest import Delivery

TICKETS: list[dict[str, Any]] = [
    {
        **{"id": 1, "created_at": "2026-07-01T10:00:00Z", "updated_at": "2026-07-03T10:00:00Z"},
        **{"requester_id": 100, "responder_id": 10, "group_id": 1, "status": 4, "priority": 4},
        **{"source": 1, "type": "Question", "spam": False, "is_escalated": True},
        **{"description_text": "help", "description": "<p>help</p>"},
        **{"fr_due_by": "2026-07-01T12:00:00Z", "due_by": "2026-07-02T10:00:00+02:00"},
        "stats": {"first_responded_at": "2026-07-01T11:00:00Z", "resolved_at": None},
        "conversations": [
            {
                **{"id": 1, "user_id": 100, "incoming": True, "private": False, "body_text": ""},
                **{"body": "<p>and?</p>", "created_at": "2026-07-01T10:30:00Z", "source": 0},
            },
            {
                **{"id": 2, "user_id": 10, "incoming": False, "private": True, "body_text": "n"},
                **{"created_at": "2026-07-01T10:40:00Z", "source": 2},
            },
        ],
    },
    {
        **{"id": 2, "created_at": "2026-07-01T10:00:00Z", "requester_id": None, "source": 10},
        **{"responder_id": 10, "status": 12, "priority": "Medium", "type": None, "stats": None},
    },
    {
        **{"id": 3, "created_at": "2026-07-01T10:00:00+05:30", "requester_id": 101, "source": 77},
        **{"status": 6, "priority": 1, "stats": {"closed_at": "2026-07-01T11:00:00Z"}},
    },
]
AGENTS = [{"id": 10, "contact": {"active": True}}, {"id": 11}]
SOURCE = {"reader": "freshdesk", "path": "export"}


@pytest.fixture
def desk(client: Delivery) -> Delivery:
    """A client who delivered tickets with their conversations, agents and ratings."""
    client.deliver("export/tickets.json", json.dumps(TICKETS))
    client.deliver("export/agents.json", json.dumps(AGENTS))
    rating = {"id": 5, "ticket_id": 1, "user_id": 100, "agent_id": 10, "feedback": "fine"}
    rating |= {"created_at": "2026-07-04T10:00:00Z", "ratings": {"default_question": 103}}
    client.deliver("export/satisfaction_ratings.json", json.dumps([rating]))
    return client


def test_codes_become_words(desk: Delivery) -> None:
    desk.load(SOURCE)
    tickets = desk.rows()
    assert [t["status"] for t in tickets] == ["solved", "unknown", "pending"]
    assert [t["priority"] for t in tickets] == ["urgent", "normal", "low"]
    assert [t["channel"] for t in tickets] == ["email", "email", "web_form"]
    assert [t["created_by"] for t in tickets] == ["customer", "agent", "customer"]
    found = desk.findings("tickets")
    assert found["load-unmapped-tickets-status"] == 1, "the client's own status 12"
    assert found["load-otherwise-tickets-channel"] == 1, "a source of the number 77"


def test_a_clients_own_codes_are_named_in_the_engagement(desk: Delivery) -> None:
    desk.load({**SOURCE, "words": {"status": {"12": "on_hold"}, "channel": {"77": "messaging"}}})
    assert desk.cells("status") == ["solved", "on_hold", "pending"]
    assert desk.cells("channel")[2] == "messaging"


def test_times_are_taken_with_their_offsets(desk: Delivery) -> None:
    desk.load(SOURCE)
    one, _, three = desk.rows()
    assert one["sla_resolution_due_at"].isoformat() == "2026-07-02T08:00:00+00:00"
    assert three["created_at"].isoformat() == "2026-07-01T04:30:00+00:00"
    assert one["solved_at"] is None, "solved once, and open again: no time is left"
    assert three["solved_at"].isoformat() == "2026-07-01T11:00:00+00:00", "closed without a solve"


def test_the_description_is_the_first_message(desk: Delivery) -> None:
    desk.load(SOURCE)
    told = {
        m["message_id"]: (m["ticket_id"], m["author_type"], m["author_id"], m["is_public"])
        for m in desk.rows("messages")
    }
    assert told == {
        "1": ("1", "customer", "100", True),
        "2": ("1", "agent", "10", False),
        "ticket-1": ("1", "customer", "100", True),
        "ticket-2": ("2", "agent", "10", True),
        "ticket-3": ("3", "customer", "101", True),
    }
    assert desk.cells("text", "messages")[0] == "<p>and?</p>", "no plain text: the HTML"


def test_conversations_by_themselves_and_in_tickets_are_the_same(desk: Delivery) -> None:
    told = [{**c, "ticket_id": 1} for c in TICKETS[0]["conversations"]]
    desk.deliver("export/conversations.json", json.dumps(told))
    desk.load(SOURCE)
    assert desk.ledger("messages")["excluded"] == {"exact duplicate": 2}


def test_faces_are_seven_steps(desk: Delivery) -> None:
    desk.load(SOURCE)
    (rating,) = desk.rows("surveys")
    assert (rating["value"], rating["scale_min"], rating["scale_max"]) == (7.0, 1.0, 7.0)


def test_statistics_that_were_not_asked_for_are_not_called_supplied(client: Delivery) -> None:
    plain = [{key: cell for key, cell in t.items() if key != "stats"} for t in TICKETS]
    client.deliver("export/tickets.json", json.dumps(plain))
    client.load(SOURCE)
    assert not {"solved_at", "first_response_at"} & set(client.ledger()["supplied"])


def test_parts_by_month_and_page_are_read_as_one_and_other_files_named(desk: Delivery) -> None:
    for number, name in enumerate(("tickets_2026-07", "tickets-page-2", "tickets_2026Q3_part1")):
        desk.deliver(f"export/{name}.json", json.dumps([{**TICKETS[2], "id": 7 + number}]))
    desk.deliver("export/time_entries.json", "[]")
    desk.load(SOURCE)
    assert sorted(desk.cells("ticket_id")) == ["1", "2", "3", "7", "8", "9"]
    [found] = desk.noticed("unused-files")
    assert (found["severity"], found["rows"]) == ("warning", 1)
    assert found["message"].endswith("the layout reads: time_entries.json.")
