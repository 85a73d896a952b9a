"""Responses of Typeform: the API's JSON, and the CSV of a form's results."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from .conftest import Delivery

QUESTIONS = {"how": {"key": "csat", "scale": [1, 5]}, "f2": "resolved", "f3": "comment"}


def answer(field: str, kind: str, given: Any, ref: str | None = None) -> dict[str, Any]:
    """An answer to a field, as the API writes it."""
    return {"field": {"id": field, "ref": ref or field}, "type": kind, kind: given}


def item(token: str, *answers: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A response that was sent in after a minute."""
    return {
        "token": token,
        "landed_at": "2026-07-01T08:00:00Z",
        "submitted_at": "2026-07-01T08:01:00Z",
        "hidden": {"ticket_id": "T1", "customer_id": "C1"},
        "answers": list(answers),
        **more,
    }


def surveys(client: Delivery, *items: dict[str, Any], **settings: Any) -> list[dict[str, Any]]:
    """The surveys read of these responses."""
    client.deliver("responses.json", json.dumps({"items": list(items), "total_items": len(items)}))
    client.load({"reader": "typeform", "path": ".", "questions": QUESTIONS, **settings})
    return client.rows("surveys")


def values(rows: list[dict[str, Any]]) -> dict[tuple[str, str], float | None]:
    """The values by invitation and question."""
    return {(row["invite_id"], row["question_key"]): row["value"] for row in rows}


def test_questions_go_by_id_or_by_ref(client: Delivery) -> None:
    given = [answer("f1", "number", 4, ref="how"), answer("f2", "boolean", False)]
    rows = surveys(client, item("a", *given, answer("f3", "text", "Good,\nbut slow")))
    assert values(rows) == {("a", "csat"): 4, ("a", "resolved"): 0}
    csat = next(row for row in rows if row["question_key"] == "csat")
    assert (csat["ticket_id"], csat["customer_id"], csat["mode"]) == ("T1", "C1", "web")
    assert csat["sent_at"] == datetime(2026, 7, 1, 8, tzinfo=UTC)
    assert csat["responded_at"] == datetime(2026, 7, 1, 8, 1, tzinfo=UTC)
    assert csat["comment"] == "Good,\nbut slow"


def test_what_was_not_submitted_is_no_answer(client: Delivery) -> None:
    given = answer("f1", "number", 4, ref="how")
    rows = surveys(
        client,
        item("a", given),
        item("b", given, submitted_at="0001-01-01T00:00:00Z"),
        item("c", given, response_type="partial"),
        item("d", answers=None, submitted_at=None),
        questions={"how": QUESTIONS["how"]},
    )
    assert values(rows) == {(name, "csat"): 4 if name == "a" else None for name in "abcd"}
    assert [bool(row["responded_at"]) for row in rows] == [True, False, False, False]
    assert client.findings("unfinished") == {"load-unfinished-response-surveys": 3}


def test_choices_are_read_by_their_label(client: Delivery) -> None:
    one = answer("f1", "choice", {"label": "Very good"}, ref="how")
    more = answer("f1", "choices", {"labels": ["Very good", "Bad"]}, ref="how")
    words = {"how": {**QUESTIONS["how"], "values": {"Very good": 5}}}
    rows = surveys(client, item("a", one), item("b", more), questions=words)
    assert values(rows) == {("a", "csat"): 5, ("b", "csat"): None}
    assert client.findings("unreadable-cell") == {"load-unreadable-cell-surveys-value": 1}


def test_tests_marked_by_a_hidden_field_are_left_out(client: Delivery) -> None:
    given = answer("f1", "number", 4, ref="how")
    rows = surveys(
        client, item("a", given), item("b", given, hidden={"test": "true"}),
        questions={"how": QUESTIONS["how"]},
    )  # fmt: skip
    assert [row["invite_id"] for row in rows] == ["a"]
    assert client.ledger("surveys")["excluded"] == {"row filter": 1}


RESULTS = """#,"How did
we do?",Solved?,ticket_id,Start Date (UTC),Submit Date (UTC),Network ID
a1,5,1,T1,2026-07-01 08:00:00,2026-07-01 08:01:00,n1
a2,,0,T2,2026-07-01 09:00:00,2026-07-01 09:01:00,n2
a3,3,1,T3,2026-07-01 10:00:00,,n3
"""


def test_the_csv_names_questions_by_their_text(client: Delivery) -> None:
    client.deliver("results.csv", RESULTS)
    questions = {"How did\nwe do?": QUESTIONS["how"], "Solved?": "resolved"}
    client.load({"reader": "typeform", "path": ".", "questions": questions})
    rows = client.rows("surveys")
    assert values(rows) == {
        ("a1", "csat"): 5, ("a1", "resolved"): 1, ("a2", "csat"): None, ("a2", "resolved"): 0,
        ("a3", "csat"): None, ("a3", "resolved"): None,
    }  # fmt: skip
    assert {row["ticket_id"] for row in rows} == {"T1", "T2", "T3"}
    assert rows[0]["sent_at"] == datetime(2026, 7, 1, 8, tzinfo=UTC)


def test_of_two_questions_with_one_text_each_can_be_named(client: Delivery) -> None:
    head = "#,Rate us,Rate us,Start Date (UTC),Submit Date (UTC)\n"
    row = "a1,5,2,2026-07-01 08:00:00,2026-07-01 08:01:00\n"
    client.deliver("results.csv", head + row)
    empathy = {"key": "empathy", "scale": [1, 5]}
    questions = {"Rate us": QUESTIONS["how"], "Rate us#2": empathy}
    client.load({"reader": "typeform", "path": ".", "questions": questions})
    found = {row["question_key"]: row["value"] for row in client.rows("surveys")}
    assert found == {"csat": 5, "empathy": 2}
