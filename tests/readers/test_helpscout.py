"""Help Scout's conversations and threads as JSON, made by hand."""

from __future__ import annotations

import json
from typing import Any

import pytest

from .conftest import Delivery

CUSTOMER, USER, TEAM = {"id": 100, "type": "customer"}, {"id": 10, "type": "user"}, {"id": 3}


def thread(number: int, at: str, kind: str, by: Any, status: str, **more: Any) -> dict[str, Any]:
    return {
        **{"id": number, "createdAt": f"2026-07-{at}:00Z", "type": kind, "createdBy": by},
        **{"status": status, "state": "published", "body": f"<p>{number}</p>", **more},
    }


THREADS = [
    thread(1, "01T10:00", "customer", CUSTOMER, "active"),
    thread(2, "01T10:05", "lineitem", USER, "active", assignedTo=USER, body=None),
    thread(3, "01T10:06", "note", USER, "active", assignedTo=USER),
    thread(4, "01T10:07", "message", USER, "pending", state="draft"),
    thread(5, "01T11:00", "message", USER, "pending", assignedTo=USER),
    thread(6, "02T10:00", "customer", CUSTOMER, "active", assignedTo=USER),
    thread(7, "02T11:00", "message", {"id": 9, "type": "system_user"}, "closed", assignedTo=USER),
    thread(8, "02T12:00", "lineitem", None, "nochange", assignedTo={**TEAM, "type": "team"}),
]
CONVERSATION: dict[str, Any] = {
    **{"id": 500, "number": 12, "threads": 5, "type": "email", "status": "closed"},
    **{"state": "published", "mailboxId": 13, "assignee": USER, "createdBy": CUSTOMER},
    **{"createdAt": "2026-07-01T10:00:00Z", "closedAt": "2026-07-02T11:00:00Z"},
    **{"primaryCustomer": CUSTOMER, "tags": [{"id": 1, "tag": "vip"}]},
    "_embedded": {"threads": THREADS},
}
SPAM = {**CONVERSATION, "id": 501, "status": "spam", "state": "deleted", "assignee": None}
SPAM |= {"closedAt": None, "type": "telegraph", "_embedded": {"threads": []}}
SOURCE = {"reader": "helpscout", "path": "export"}


@pytest.fixture
def inbox(client: Delivery) -> Delivery:
    """A client who delivered conversations with their threads, and ratings."""
    page = {"_embedded": {"conversations": [CONVERSATION, SPAM]}, "page": {"number": 1}}
    client.deliver("export/conversations.json", json.dumps(page))
    rating = {"id": 500, "number": 12, "threadid": 5, "ratingId": 1, "ratingCustomerId": 100}
    rating |= {"ratingCreatedAt": "2026-07-03T10:00:00Z", "threadCreatedAt": "2026-07-01T11:00:00Z"}
    client.deliver("export/ratings.json", json.dumps({"results": [rating], "page": 1}))
    users = {"_embedded": {"users": [{"id": 10}, {"id": 11}]}}
    client.deliver("export/users.json", json.dumps(users))
    return client


def test_conversations(inbox: Delivery) -> None:
    inbox.load(SOURCE)
    one, spam = inbox.rows()
    assert (one["status"], one["channel"], one["customer_id"]) == ("solved", "email", "100")
    assert (one["assignee_id"], one["group_id"], one["is_spam"]) == ("10", "13", False)
    assert one["solved_at"].isoformat() == "2026-07-02T11:00:00+00:00"
    assert (spam["is_spam"], spam["is_deleted"], spam["status"]) == (True, True, "unknown")
    assert (spam["channel"], spam["assignee_id"]) == ("email", None)


def test_threads_that_were_sent_are_messages(inbox: Delivery) -> None:
    inbox.load(SOURCE)
    assert [
        (m["message_id"], m["ticket_id"], m["author_type"], m["is_public"])
        for m in inbox.rows("messages")
    ] == [
        ("1", "500", "customer", True),
        ("3", "500", "agent", False),
        ("5", "500", "agent", True),
        ("6", "500", "customer", True),
        ("7", "500", "bot", True),
    ]
    ledger = inbox.ledger("messages")
    assert (ledger["received"], ledger["excluded"]) == (8, {"row filter": 3})


def test_moves_are_told_from_what_threads_leave_behind(inbox: Delivery) -> None:
    inbox.load(SOURCE)
    assert [
        (e["event_id"], e["type"], e["from_value"], e["to_value"], e["actor_type"])
        for e in inbox.rows("ticket_events")
    ] == [
        ("assigned-2", "assignee", None, "10", "agent"),
        ("assigned-8", "group", None, "3", "system"),
        ("status-5", "status", "open", "pending", "agent"),
        ("status-6", "status", "pending", "open", "customer"),
        ("status-7", "status", "open", "solved", "bot"),
    ]


def test_faces_and_people(inbox: Delivery) -> None:
    inbox.load(SOURCE)
    (rating,) = inbox.rows("surveys")
    assert (rating["value"], rating["scale_max"], rating["ticket_id"]) == (3.0, 3.0, "500")
    assert inbox.cells("agent_id", "agents") == ["10", "11"]


def test_threads_delivered_by_themselves(inbox: Delivery) -> None:
    told = [{**t, "conversationId": 500} for t in THREADS]
    inbox.deliver("export/threads.json", json.dumps({"_embedded": {"threads": told}}))
    inbox.load(SOURCE)
    assert inbox.ledger("messages")["excluded"] == {"exact duplicate": 5, "row filter": 6}
