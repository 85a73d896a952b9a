"""Zendesk's API as JSON: tickets with their comments, audits, users and ratings."""

from __future__ import annotations

import json
from typing import Any

import pytest

from .conftest import Delivery

TICKETS: list[dict[str, Any]] = [
    {
        **{"id": 1, "created_at": "2026-07-01T10:00:00Z", "updated_at": "2026-07-02T10:00:00Z"},
        **{"requester_id": 100, "submitter_id": 100, "assignee_id": 10, "group_id": 1},
        **{"status": "hold", "priority": "high", "via": {"channel": "email"}, "tags": ["vip"]},
        "comments": [
            {
                **{"id": 51, "author_id": 100, "public": True, "body": "<p>help</p>"},
                "created_at": "2026-07-01T10:00:00Z",
            },
            {
                **{"id": 52, "author_id": 10, "public": False, "body": "note"},
                "created_at": "2026-07-01T10:05:00Z",
            },
            {
                **{"id": 53, "author_id": -1, "public": True, "body": "closing soon"},
                "created_at": "2026-07-01T11:05:00+02:00",
            },
        ],
    },
    {
        **{"id": 2, "created_at": "2026-07-01T12:00:00Z", "updated_at": "2026-07-01T12:00:00Z"},
        **{"requester_id": 101, "submitter_id": 10, "assignee_id": None, "group_id": None},
        **{"status": "closed", "priority": None},
        "via": {"channel": "web", "source": {"rel": "follow_up", "from": {"ticket_id": 1}}},
        "tags": ["closed_by_merge", "vip"],
    },
    {"id": 3, "created_at": "2026-07-01T13:00:00Z", "requester_id": 999, "status": "deleted"},
]
OLDER = {**TICKETS[0], "status": "open", "updated_at": "2026-07-01T10:30:00Z", "comments": []}
USERS = [
    {"id": 10, "role": "agent", "created_at": "2019-01-01T00:00:00Z", "locale": "en-US"},
    {"id": 100, "role": "end-user", "created_at": "2020-01-01T00:00:00Z", "locale": "it"},
    {"id": 101, "role": "end-user", "created_at": "2020-01-01T00:00:00Z", "locale": None},
]
AUDITS = [
    {
        **{"id": 900, "ticket_id": 1, "created_at": "2026-07-01T10:00:00Z", "author_id": 100},
        "events": [
            {"id": 901, "type": "Create", "field_name": "status", "value": "new"},
            {"id": 902, "type": "Create", "field_name": "tags", "value": ["vip"]},
            {"id": 51, "type": "Comment", "author_id": 100, "public": True, "body": "<p>help</p>"},
        ],
    },
    {
        **{"id": 910, "ticket_id": 1, "created_at": "2026-07-01T10:05:00Z", "author_id": -1},
        "events": [
            {
                **{"id": 911, "type": "Change", "field_name": "status"},
                **{"value": "hold", "previous_value": "open"},
            },
            {"id": 912, "type": "Notification", "body": "sent"},
        ],
    },
]
RATINGS = [
    {"id": 1, "ticket_id": 1, "requester_id": 100, "assignee_id": 10, "score": "good"},
    {"id": 2, "ticket_id": 2, "requester_id": 101, "assignee_id": None, "score": "offered"},
    {"id": 3, "ticket_id": 3, "requester_id": 100, "assignee_id": None, "score": "unoffered"},
]
TIMES = {"created_at": "2026-07-03T00:00:00Z", "updated_at": "2026-07-03T01:00:00Z"}
SOURCE = {"reader": "zendesk", "path": "export"}


@pytest.fixture
def desk(client: Delivery) -> Delivery:
    """A client who delivered the API's answers, the tickets in two pages."""
    pages = [{"tickets": [OLDER, TICKETS[1]]}, {"tickets": [TICKETS[0], TICKETS[2]]}]
    documents: dict[str, Any] = {
        "tickets": pages,
        "users": {"users": USERS, "next_page": None},
        "ticket_audits": {"audits": AUDITS},
        "satisfaction_ratings": {"satisfaction_ratings": [{**r, **TIMES} for r in RATINGS]},
        "groups": {"groups": [{"id": 1, "name": "Front", "deleted": False}]},
        "schedules": {
            "schedules": [
                {
                    **{"id": 8, "time_zone": "Eastern Time (US & Canada)"},
                    "created_at": "2019-01-01T00:00:00Z",
                    "intervals": [
                        {"start_time": 1980, "end_time": 2460},
                        {"start_time": 3420, "end_time": 3900},
                    ],
                }
            ]
        },
    }
    for name, document in documents.items():
        client.deliver(f"export/{name}.json", json.dumps(document))
    return client


def test_tickets_are_read_once_whatever_the_pages_hold(desk: Delivery) -> None:
    desk.load(SOURCE)
    ledger = desk.ledger("tickets")
    assert (ledger["received"], ledger["excluded"]) == (4, {"older row of the same key": 1})
    one, two, three = desk.rows("tickets")
    assert (one["status"], one["channel"], one["customer_id"]) == ("on_hold", "email", "100")
    assert (two["created_by"], two["merged_into"], two["priority"]) == ("agent", "unknown", None)
    assert (three["customer_id"], three["is_deleted"], three["status"]) == (None, True, "unknown")
    assert [row["follow_up_of"] for row in (one, two, three)] == [None, "1", None]
    assert one["merged_into"] is None and not one["is_deleted"]


def test_a_comment_told_twice_is_one_message(desk: Delivery) -> None:
    desk.load(SOURCE)
    assert [
        (m["message_id"], m["ticket_id"], m["author_type"], m["is_public"])
        for m in desk.rows("messages")
    ] == [
        ("51", "1", "customer", True),
        ("52", "1", "agent", False),
        ("53", "1", "system", True),
    ]
    assert desk.rows("messages")[2]["at"].isoformat() == "2026-07-01T09:05:00+00:00"
    excluded = desk.ledger("messages")["excluded"]
    assert excluded == {"exact duplicate": 1, "row filter": 4}, "4 events of audits are none"


def test_changes_are_those_of_the_audits(desk: Delivery) -> None:
    desk.load(SOURCE)
    assert [
        (e["event_id"], e["type"], e["from_value"], e["to_value"], e["actor_type"], e["actor_id"])
        for e in desk.rows("ticket_events")
    ] == [
        ("901", "status", None, "new", "customer", "100"),
        ("911", "status", "open", "on_hold", "system", None),
    ]


def test_ratings_people_and_hours(desk: Delivery) -> None:
    desk.load({**SOURCE, "team": "front"})
    assert [
        (s["invite_id"], s["value"], s["responded_at"] is not None) for s in desk.rows("surveys")
    ] == [("1", 1.0, True), ("2", None, False)]
    assert desk.ledger("surveys")["excluded"] == {"row filter": 1}, "never asked is no invitation"
    assert [(a["agent_id"], a["team_id"]) for a in desk.rows("agents")] == [("10", "front")]
    assert desk.cells("customer_id", "customers") == ["100", "101"]
    assert desk.cells("name", "groups") == ["Front"]
    zones = {(s["time_zone"], s["opens_minute"], s["is_default"]) for s in desk.rows("schedules")}
    assert zones == {("America/New_York", 1980, True), ("America/New_York", 3420, True)}


def test_json_lines_are_the_same(desk: Delivery) -> None:
    whole = desk.load(SOURCE).ledger.to_dict("records")
    (desk.folder / "export" / "tickets.json").unlink()
    rows = [OLDER, TICKETS[1], TICKETS[0], TICKETS[2]]
    desk.deliver("export/tickets.jsonl", "\n".join(map(json.dumps, rows)))
    assert desk.load(SOURCE).ledger.to_dict("records") == whole
