"""Lists within lists become rows, and every record is one or is counted."""

from __future__ import annotations

import json
from typing import Any

import pytest

from cxaudit.readers.nested import Nested

from .conftest import Delivery

TICKET = {
    "id": 1,
    "via": {"channel": "email", "tags": ["a"]},
    "comments": [{"id": 11, "body": "one"}, {"id": 12, "body": "two"}],
}


def records(document: Any, path: str) -> list[Any]:
    return list(Nested(path).records(document))


@pytest.mark.parametrize(
    "document",
    [
        {"tickets": [TICKET]},
        [TICKET],
        TICKET,
        [{"tickets": [TICKET]}, {"tickets": []}, {"tickets": None}],
    ],
    ids=["key", "list", "one record", "pages"],
)
def test_a_row_for_each_comment_with_the_cells_of_its_ticket(document: Any) -> None:
    rows = records(document, "tickets[].comments[]")
    assert [(row["id"], row["body"], row["tickets.id"]) for row in rows] == [
        (11, "one", 1),
        (12, "two", 1),
    ]
    assert rows[0]["tickets.via.channel"] == "email"
    assert "tickets.via.tags" not in rows[0], "lists of parents are not carried along"


def test_a_list_below_a_key_of_the_same_name() -> None:
    parts = {"conversation_parts": [{"id": 5}], "total_count": 1}
    document = {"conversations": [{"id": 1, "conversation_parts": parts}]}
    path = "conversations[].conversation_parts.conversation_parts[]"
    below = {"conversations.conversation_parts.total_count": 1}
    assert (records(document, path)) == [{"conversations.id": 1, **below, "id": 5}]


def test_three_levels_deep() -> None:
    document = [{"id": 1, "audits": [{"id": 2, "events": [{"id": 3}, {"id": 4}]}]}]
    rows = records(document, "tickets[].audits[].events[]")
    assert rows == [
        {"tickets.id": 1, "audits.id": 2, "id": 3},
        {"tickets.id": 1, "audits.id": 2, "id": 4},
    ]


def test_of_the_parents_only_what_is_wanted_is_carried_along() -> None:
    inner = Nested("tickets[].comments[]", ["tickets_id", "body"])
    assert list(inner.records([TICKET]))[0] == {"tickets.id": 1, "id": 11, "body": "one"}
    assert inner.passed_over == {"tickets.via.channel"}


@pytest.mark.parametrize("comments", [None, []])
def test_no_comments_are_no_rows(comments: Any) -> None:
    assert (records([{"id": 1, "comments": comments}, {"id": 2}], "tickets[].comments[]")) == []


@pytest.mark.parametrize("lines", [False, True], ids=["json", "jsonl"])
def test_what_is_no_record_is_counted(client: Delivery, lines: bool) -> None:
    tickets = [TICKET, "nothing", {"id": 2, "comments": [7, {"id": 21, "body": "x"}]}]
    text = "\n".join(map(json.dumps, tickets)) if lines else json.dumps(tickets)
    client.deliver(f"t.{'jsonl' if lines else 'json'}", text)
    columns = {
        "message_id": "id",
        "ticket_id": "tickets.id",
        "at": {"constant": "2026-07-01T00:00:00Z"},
        "author_type": {"constant": "agent"},
        "is_public": {"constant": True},
        "is_auto": {"constant": False},
    }
    source = {"table": "messages", "path": "t.json*", "records": "tickets[].comments[]"}
    client.load({**source, "columns": columns})
    assert client.cells("message_id", "messages") == ["11", "12", "21"]
    assert client.cells("ticket_id", "messages") == ["1", "1", "2"]
    ledger = client.ledger("messages")
    assert (ledger["received"], ledger["excluded"]) == (5, {"unreadable": 2})
