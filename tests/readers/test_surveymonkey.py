"""Responses of SurveyMonkey in bulk, with the choices of the survey's details."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from .conftest import Delivery

QUESTIONS = {"10": {"key": "csat", "scale": [1, 5], "values": {"Bad": 1}}, "20": "comment"}
DETAILS = {
    "id": "900",
    "pages": [
        {
            "id": "1",
            "questions": [
                {
                    "id": "10",
                    "headings": [{"heading": "<b>Satisfied?</b>"}],
                    "answers": {
                        "choices": [{"id": "101", "text": "Bad"}, {"id": "105", "text": "5"}]
                    },
                },
                {
                    "id": "30",
                    "answers": {
                        "rows": [{"id": "31", "text": "Caring"}, {"id": "32", "text": "Right"}],
                        "choices": [{"id": "301", "text": "Agree", "weight": 4}],
                    },
                },
                {"id": "20", "family": "open_ended"},
            ],
        }
    ],
}


def response(name: str, *answers: tuple[str, dict[str, Any]], **more: Any) -> dict[str, Any]:
    """A response that gives these answers to these questions."""
    questions = [{"id": question, "answers": [answer]} for question, answer in answers]
    return {
        "id": name,
        "survey_id": "900",
        "collector_id": "50",
        "recipient_id": "",
        "email_address": "kim@example.com",
        "response_status": "completed",
        "collection_mode": "default",
        "custom_variables": {"ticket_id": "T1"},
        "date_created": "2026-07-01T10:00:00+02:00",
        "date_modified": "2026-07-01T10:01:00+02:00",
        "pages": [{"id": "1", "questions": questions}],
        **more,
    }


def surveys(client: Delivery, *rows: dict[str, Any], **settings: Any) -> list[dict[str, Any]]:
    """The surveys read of these responses."""
    client.deliver("responses.json", json.dumps({"data": list(rows), "page": 1}))
    client.deliver("details.json", json.dumps(DETAILS))
    collectors = {"data": [{"id": "50", "type": "email"}]}
    client.deliver("collectors.json", json.dumps(collectors))
    client.load({"reader": "surveymonkey", "path": ".", "questions": QUESTIONS, **settings})
    return client.rows("surveys")


def test_a_choice_is_read_by_its_text(client: Delivery) -> None:
    rows = surveys(
        client,
        response("1", ("10", {"choice_id": "105"}), ("20", {"text": "Fine,\nthanks"})),
        response("2", ("10", {"choice_id": "101"})),
    )
    assert [row["value"] for row in rows] == [5, 1]
    assert [row["comment"] for row in rows] == ["Fine,\nthanks", None]
    first = rows[0]
    assert (first["ticket_id"], first["customer_id"]) == ("T1", "kim@example.com")
    assert first["mode"] == "email", "as its collector asks"
    assert first["sent_at"] == datetime(2026, 7, 1, 8, tzinfo=UTC)
    assert first["responded_at"] == datetime(2026, 7, 1, 8, 1, tzinfo=UTC)


def test_a_matrix_asks_a_question_a_row_and_counts_by_weight(client: Delivery) -> None:
    rows = surveys(
        client,
        response("1", ("30", {"row_id": "31", "choice_id": "301"})),
        questions={"30_31": {"key": "empathy", "scale": [1, 5]}},
    )
    assert [row["value"] for row in rows] == [4]


def test_previews_are_left_out_and_partial_responses_unanswered(client: Delivery) -> None:
    given = ("10", {"choice_id": "105"})
    rows = surveys(
        client,
        response("1", given),
        response("2", given, response_status="partial"),
        response("3", given, collection_mode="survey_preview"),
        response("4", given, response_status="disqualified"),
    )
    assert [(row["invite_id"], row["value"]) for row in rows] == [
        ("1", 5),
        ("2", None),
        ("4", None),
    ]
    assert [bool(row["responded_at"]) for row in rows] == [True, False, False]
    assert client.ledger("surveys")["excluded"] == {"row filter": 1}


def test_several_answers_and_unknown_choices_are_counted(client: Delivery) -> None:
    several = response("1", ("10", {"choice_id": "105"}), ("10", {"choice_id": "101"}))
    rows = surveys(client, several, response("2", ("10", {"choice_id": "999"})), response("3"))
    assert [row["value"] for row in rows] == [None, None, None]
    assert client.findings("several-answers") == {"load-several-answers-surveys": 1}
    assert client.findings("choice-unknown") == {"load-choice-unknown-surveys": 1}


def test_a_question_nobody_answered_is_named(client: Delivery) -> None:
    rows = surveys(
        client, response("1", ("10", {"choice_id": "105"})), questions={**QUESTIONS, "40": "nps"}
    )
    assert {row["question_key"]: row["value"] for row in rows} == {"csat": 5, "nps": None}
    [found] = client.noticed("question-unanswered")
    assert found["message"].endswith("have no answer in what was delivered: 20, 40.")


@pytest.mark.reference
def test_the_sample(client: Delivery, reference_data: Path) -> None:
    folder = reference_data / "data" / "vendor_exports" / "surveymonkey"
    names = {"response": "bulk-*", "answer": "bulk-*", "choice": "details*", "collector": "coll*"}
    files = {table: str(folder / f"{name}.json") for table, name in names.items()}
    questions = {"769893650": {"key": "csat", "scale": [0, 4]}, "769893903": "comment"}
    client.load({"reader": "surveymonkey", "files": files, "questions": questions})
    rows = client.rows("surveys")
    assert [row["value"] for row in rows] == [3, 3], "choice 5096103935 reads 3"
    assert {row["mode"] for row in rows} == {"web"}
    assert all(row["comment"] for row in rows)
    answered = [row["responded_at"] for row in rows]
    assert answered[0] == datetime(2022, 3, 5, 17, 53, 2, tzinfo=UTC)
    assert answered[1] == datetime(2022, 3, 5, 18, 5, 57, tzinfo=UTC)
