"""Chatwoot's conversations and messages as JSON, made by hand."""

from __future__ import annotations

import json
from typing import Any

import pytest

from .conftest import Delivery

START = 1_782_900_000  # 2026-07-01 10:00 UTC


def message(number: int, minutes: int, kind: Any, sender: Any, **more: Any) -> dict[str, Any]:
    return {
        **{"id": number, "conversation_id": 7, "created_at": START + 60 * minutes},
        **{"message_type": kind, "content": f"text {number}", "private": False, "sender": sender},
        **more,
    }


CONTACT, AGENT = {"id": 100, "type": "contact"}, {"id": 10, "type": "user"}
MESSAGES = [
    message(1, 0, 0, CONTACT),
    message(2, 1, 3, None),
    message(3, 2, 1, {"id": 5, "type": "agent_bot"}),
    message(4, 3, 2, None, content="Conversation was assigned"),
    message(5, 4, 1, AGENT),
    message(6, 5, 1, AGENT, private=True),
    message(7, 6, "incoming", None, content=None),
]
CONVERSATION: dict[str, Any] = {
    **{"id": 7, "inbox_id": 1, "status": "resolved", "priority": "medium"},
    **{"created_at": START, "updated_at": 1782903600.25, "first_reply_created_at": START + 240},
    "meta": {
        **{"sender": CONTACT, "assignee": AGENT, "team": {"id": 3, "name": "front"}},
        "channel": "Channel::Whatsapp",
    },
    "messages": [MESSAGES[-1]],
}
BARE = {"id": 8, "created_at": START, "status": "pending", "meta": {"sender": CONTACT}}
BARE |= {"first_reply_created_at": 0, "priority": None}
SOURCE = {"reader": "chatwoot", "path": "export"}


@pytest.fixture
def inbox(client: Delivery) -> Delivery:
    """A client who delivered conversations, their messages, ratings and reporting events."""
    page = {"data": {"meta": {"all_count": 2}, "payload": [CONVERSATION, BARE]}}
    documents: dict[str, Any] = {
        "conversations": page,
        "messages": {"meta": {}, "payload": MESSAGES},
        "agents": [{"id": 10, "role": "agent"}, {"id": 11, "role": "administrator"}],
        "contacts": {"meta": {"count": 1}, "payload": [{"id": 100, "created_at": START - 99}]},
        "csat_survey_responses": [
            {
                **{"id": 1, "rating": 5, "feedback_message": None, "conversation_id": 7},
                **{"contact": {"id": 100}, "assigned_agent": {"id": 10}, "created_at": START},
            }
        ],
    }
    for name, document in documents.items():
        client.deliver(f"export/{name}.json", json.dumps(document))
    client.deliver(
        "export/reporting_events.csv",
        "id,conversation_id,name,user_id,event_end_time\n"
        "1,7,first_response,10,2026-07-01 10:04:00\n"
        "2,7,conversation_resolved,10,2026-07-01 11:00:00\n"
        "3,7,conversation_opened,,2026-07-01 12:00:00\n"
        "4,7,conversation_bot_resolved,,2026-07-01 13:00:00\n",
    )
    return client


def test_conversations(inbox: Delivery) -> None:
    inbox.load(SOURCE)
    full, bare = inbox.rows()
    assert (full["status"], full["channel"], full["priority"]) == ("solved", "messaging", "normal")
    assert (full["customer_id"], full["assignee_id"], full["group_id"]) == ("100", "10", "3")
    assert full["first_response_at"].isoformat() == "2026-07-01T10:04:00+00:00"
    assert (bare["status"], bare["channel"]) == ("new", "chat")
    assert bare["first_response_at"] is None, "0 is no time"
    assert "solved_at" not in inbox.ledger()["supplied"]


def test_messages_without_notes_of_activity(inbox: Delivery) -> None:
    inbox.load(SOURCE)
    assert [
        (m["message_id"], m["author_type"], m["author_id"], m["is_public"], m["is_auto"])
        for m in inbox.rows("messages")
    ] == [
        ("1", "customer", "100", True, False),
        ("2", "system", None, True, True),
        ("3", "bot", "5", True, False),
        ("5", "agent", "10", True, False),
        ("6", "agent", "10", False, False),
        ("7", "customer", None, True, False),
    ]
    excluded = inbox.ledger("messages")["excluded"]
    assert excluded == {"exact duplicate": 1, "row filter": 1}, "the list repeats the last message"


def test_reporting_events_say_when_it_was_resolved(inbox: Delivery) -> None:
    inbox.load(SOURCE)
    assert [
        (e["from_value"], e["to_value"], e["actor_type"], e["at"].hour)
        for e in inbox.rows("ticket_events")
    ] == [
        ("open", "solved", "agent", 11),
        ("solved", "open", "system", 12),
        ("open", "solved", "bot", 13),
    ]


def test_ratings_and_people(inbox: Delivery) -> None:
    inbox.load(SOURCE)
    (rating,) = inbox.rows("surveys")
    assert (rating["value"], rating["agent_id"], rating["mode"]) == (5.0, "10", "in_app")
    assert inbox.cells("agent_id", "agents") == ["10", "11"]
    assert inbox.cells("customer_id", "customers") == ["100"]
