"""Intercom's conversations as JSON, and as Fivetran's tables, made by hand."""

from __future__ import annotations

import json
from typing import Any

import pytest

from .conftest import Delivery

START = 1_782_900_000  # 2026-07-01 10:00 UTC


def part(number: int, minutes: int, kind: str, author: Any, **more: Any) -> dict[str, Any]:
    return {
        **{"id": number, "created_at": START + 60 * minutes, "part_type": kind},
        **{"author": author, "body": None, **more},
    }


CUSTOMER = {"type": "user", "id": "100"}
ADMIN = {"type": "admin", "id": "10"}
FIN = {"type": "bot", "id": "7"}
PARTS = [
    part(9, 5, "comment", FIN, body="<p>Have you tried…</p>"),
    part(10, 20, "assignment", ADMIN, assigned_to={"type": "team", "id": "3"}),
    part(11, 21, "assignment", ADMIN, assigned_to={"type": "admin", "id": "10"}),
    part(12, 30, "note", ADMIN, body="<p>inside</p>"),
    part(13, 40, "close", ADMIN),
    part(14, 90, "comment", CUSTOMER, body="<p>Still broken</p>"),
    part(15, 95, "comment", None, body="gone"),
    part(16, 99, "close", ADMIN),
    part(17, 99, "attribute_changed", FIN),
]
CONVERSATION: dict[str, Any] = {
    **{"type": "conversation", "id": "500", "created_at": START, "updated_at": START + 9000},
    "source": {"type": "email", "author": CUSTOMER, "body": "<p>Help</p>"},
    "contacts": {"type": "contact.list", "contacts": [{"type": "contact", "id": "c1"}]},
    **{"state": "closed", "priority": "priority", "admin_assignee_id": 10},
    **{"team_assignee_id": 3, "ai_agent_participated": True},
    "statistics": {"first_admin_reply_at": START + 1200, "last_close_at": START + 5940},
    "conversation_rating": {
        **{"rating": 4, "remark": "ok", "created_at": START + 9000},
        "teammate": {"type": "admin", "id": "10"},
    },
    "conversation_parts": {"conversation_parts": PARTS, "total_count": len(PARTS)},
}
BARE = {"id": "501", "created_at": START, "state": "snoozed", "source": None, "contacts": None}
SOURCE = {"reader": "intercom", "path": "export"}


@pytest.fixture
def inbox(client: Delivery) -> Delivery:
    """A client who delivered two conversations, one of them nearly empty."""
    document = {"type": "conversation.list", "conversations": [CONVERSATION, BARE]}
    client.deliver("export/conversations.json", json.dumps(document))
    return client


def test_conversations_become_tickets(inbox: Delivery) -> None:
    inbox.load(SOURCE)
    full, bare = inbox.rows()
    assert (full["customer_id"], full["channel"], full["status"]) == ("c1", "email", "solved")
    assert (full["assignee_id"], full["group_id"], full["priority"]) == ("10", "3", "high")
    assert full["created_at"].isoformat() == "2026-07-01T10:00:00+00:00"
    assert full["solved_at"].isoformat() == "2026-07-01T11:39:00+00:00"
    assert full["ai_assist_used"] is True
    assert (bare["status"], bare["channel"], bare["created_by"]) == ("on_hold", "chat", "customer")
    assert bare["customer_id"] is None and bare["assignee_id"] is None


def test_parts_that_say_something_become_messages(inbox: Delivery) -> None:
    inbox.load(SOURCE)
    told = {m["message_id"]: (m["author_type"], m["is_public"]) for m in inbox.rows("messages")}
    assert told == {
        "source-500": ("customer", True),
        "source-501": ("system", True),
        "9": ("bot", True),
        "12": ("agent", False),
        "14": ("customer", True),
        "15": ("system", True),
    }, "the author of part 15 was deleted"
    ledger = inbox.ledger("messages")
    assert (ledger["received"], ledger["excluded"]) == (2 + len(PARTS), {"row filter": 5})


def test_moves_of_status_and_people(inbox: Delivery) -> None:
    """A customer who writes opens what was closed, though no part says so."""
    inbox.load(SOURCE)
    assert [
        (e["event_id"], e["type"], e["from_value"], e["to_value"], e["actor_type"])
        for e in inbox.rows("ticket_events")
    ] == [
        ("assigned-10", "group", None, "3", "agent"),
        ("assigned-11", "assignee", None, "10", "agent"),
        ("status-13", "status", "open", "solved", "agent"),
        ("status-14", "status", "solved", "open", "customer"),
        ("status-16", "status", "open", "solved", "agent"),
    ]


def test_where_parts_say_their_state_it_is_taken(client: Delivery) -> None:
    """Part 14 was written while the conversation stayed closed."""
    stated = [{**p, "state": "closed" if p["id"] in (13, 14, 15, 16) else "open"} for p in PARTS]
    document = {**CONVERSATION, "conversation_parts": {"conversation_parts": stated}}
    client.deliver("export/conversation.json", json.dumps(document))
    client.load(SOURCE)
    moves = [e for e in client.rows("ticket_events") if e["type"] == "status"]
    assert [(e["event_id"], e["to_value"]) for e in moves] == [
        ("status-13", "solved"),
        ("status-17", "open"),
    ]


def test_only_rated_conversations_are_surveys(inbox: Delivery) -> None:
    inbox.load(SOURCE)
    (rating,) = inbox.rows("surveys")
    assert (rating["value"], rating["scale_max"], rating["agent_id"]) == (4.0, 5.0, "10")
    assert inbox.ledger("surveys")["excluded"] == {"row filter": 1}


def test_order_of_conversations_and_parts_means_nothing(inbox: Delivery) -> None:
    tables = ("tickets", "messages", "ticket_events", "surveys")
    inbox.load(SOURCE)
    before = [inbox.file(table).read_bytes() for table in tables]
    turned = {**CONVERSATION, "conversation_parts": {"conversation_parts": PARTS[::-1]}}
    inbox.deliver("export/conversations.json", json.dumps([BARE, turned]))
    inbox.load(SOURCE)
    assert [inbox.file(table).read_bytes() for table in tables] == before


def test_tables_of_versions_give_the_version_that_holds(client: Delivery) -> None:
    client.deliver(
        "export/conversation_history_data.csv",
        "id,updated_at,created_at,state,source_type,source_author_id,source_author_type,"
        "assignee_id,assignee_type,_fivetran_active\n"
        "1,2026-07-01 11:00:00,2026-07-01 10:00:00,open,conversation,100,user,10,admin,false\n"
        "1,2026-07-01 12:00:00,2026-07-01 10:00:00,closed,conversation,100,user,3,team,TRUE\n",
    )
    client.deliver(
        "export/conversation_part_history_data.csv",
        "id,conversation_id,created_at,part_type,author_id,author_type,body,_fivetran_active\n"
        "5,1,2026-07-01 11:00:00,comment,10,admin,hi,true\n"
        "6,1,2026-07-01 12:00:00,close,10,admin,,true\n",
    )
    client.load(SOURCE)
    (ticket,) = client.rows()
    assert (ticket["status"], ticket["assignee_id"], ticket["group_id"]) == ("solved", None, "3")
    assert ticket["created_at"].isoformat() == "2026-07-01T10:00:00+00:00"
    assert client.ledger()["excluded"] == {"row filter": 1}
    assert client.cells("message_id", "messages") == ["5", "source-1"]
    assert client.cells("to_value", "ticket_events") == ["solved"]
