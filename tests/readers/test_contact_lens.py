"""Evaluations and transcripts of Amazon Connect, and of Amazon's other analysers of calls."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from .conftest import Delivery
from .test_amazon_connect import agent, at, record

LEG = {"InitialContactId": "A", "InitiationMethod": "TRANSFER"}


def evaluation(**metadata: Any) -> dict[str, Any]:
    """An evaluation of four questions: one excused, one failed badly, one good, one of text."""
    return {
        "schemaVersion": "3.5",
        "evaluationId": "E1",
        "metadata": {
            "contactId": "A",
            "agentId": "7",
            "evaluationDefinitionTitle": "Calls",
            "evaluationDefinitionVersion": 2,
            "evaluator": "kim",
            "evaluationSubmitTimestamp": at("10:00:00"),
            "autoEvaluated": False,
            **metadata,
        },
        "questions": [
            {"questionRefId": "q1", "questionType": "NUMERIC", "score": {"notApplicable": True}},
            {
                "questionRefId": "q2", "questionType": "SINGLESELECT",
                "score": {"percentage": 0, "automaticFail": True},
            },
            {"questionRefId": "q3", "questionType": "SINGLESELECT", "score": {"percentage": 80}},
            {"questionRefId": "q4", "questionType": "TEXT", "answer": {"value": "calm"}},
        ],
    }  # fmt: skip


def reviews(client: Delivery, *evaluations: dict[str, Any]) -> list[dict[str, Any]]:
    """The reviews read of these evaluations, chosen at random."""
    client.deliver("evaluations.json", json.dumps(list(evaluations)))
    chosen = {"qa_reviews": {"sample_method": {"constant": "random"}}}
    client.load({"reader": "amazon_connect", "path": ".", "columns": chosen})
    return client.rows("qa_reviews")


def test_questions_of_an_evaluation_are_items(client: Delivery) -> None:
    rows = reviews(client, evaluation())
    items = {row["item_key"]: row for row in rows}
    assert [items[key]["score"] for key in ("q1", "q2", "q3", "q4")] == [0, 0, 80, 0]
    assert [items[key]["applicable"] for key in ("q1", "q2", "q3", "q4")] == [
        False, True, True, False,
    ]  # fmt: skip
    assert (items["q2"]["is_critical"], items["q2"]["passed"]) == (True, False)
    assert (items["q3"]["is_critical"], items["q3"]["passed"]) == (None, None)
    assert {row["form_version"] for row in rows} == {"Calls v2"}
    assert {(row["call_id"], row["agent_id"], row["reviewer_id"]) for row in rows} == {
        ("A", "7", "kim")
    }


def test_the_last_version_of_an_evaluation_of_an_agent_counts(client: Delivery) -> None:
    again = evaluation(evaluationSubmitTimestamp=at("11:00:00"), evaluator="lee")
    of_bot = evaluation(evaluatedParticipantRole="SYSTEM") | {"evaluationId": "E2"}
    rows = reviews(client, evaluation(), again, again, of_bot)
    assert {row["reviewer_id"] for row in rows} == {"lee"}
    assert len(rows) == 4
    assert client.ledger("qa_reviews")["excluded"] == {
        "exact duplicate": 4, "older row of the same key": 4, "row filter": 4,
    }  # fmt: skip


def test_turns_know_who_spoke_and_when(client: Delivery) -> None:
    people = [("p1", "CUSTOMER"), ("p2", "AGENT"), ("p3", "SYSTEM")]
    said = [("p3", 0), ("p2", 1500), ("p1", 4000)]
    document = {
        "CustomerMetadata": {"ContactId": "A"},
        "LanguageCode": "en-GB",
        "Participants": [{"ParticipantId": p, "ParticipantRole": role} for p, role in people],
        "Transcript": [
            {
                "Id": f"t{offset}", "ParticipantId": person, "Content": "…",
                "BeginOffsetMillis": offset, "EndOffsetMillis": offset + 1000,
            }
            for person, offset in said
        ],
    }  # fmt: skip
    client.deliver("transcripts/one.json", json.dumps(document))
    talked = record("A", Agent=agent(7, "08:01:00"), Attributes={"ticket_id": "T1"})
    client.deliver("contact_records.json", json.dumps([talked]))
    files = dict.fromkeys(("transcript", "participant"), "transcripts/*.json")
    client.load({"reader": "amazon_connect", "path": ".", "files": files})
    turns = sorted(client.rows("messages"), key=lambda turn: turn["start_offset_s"])
    assert [turn["author_type"] for turn in turns] == ["system", "agent", "customer"]
    assert [turn["author_id"] for turn in turns] == [None, "7", "+15550100"]
    assert [turn["is_auto"] for turn in turns] == [True, False, False]
    assert turns[1]["at"] == datetime(2026, 7, 1, 8, 1, 1, 500_000, UTC)
    assert (turns[2]["start_offset_s"], turns[2]["end_offset_s"]) == (4, 5)
    assert {(turn["ticket_id"], turn["call_id"], turn["lang"]) for turn in turns} == {
        ("T1", "A", "en-GB")
    }


def test_what_is_of_a_leg_is_of_its_call(client: Delivery) -> None:
    turn = {"Id": "t", "ParticipantRole": "AGENT", "BeginOffsetMillis": 500}
    document = {"CustomerMetadata": {"ContactId": "B"}, "Transcript": [turn]}
    client.deliver("transcript.json", json.dumps(document))
    client.deliver("evaluations.json", json.dumps(evaluation(contactId="B")))
    records = [
        record("A", Agent=agent(7, "08:01:00"), Attributes={"ticket_id": "T1"}),
        record("B", **LEG, Agent=agent(8, "08:03:00")),
    ]
    client.deliver("ctr.json", json.dumps(records))
    client.load({"reader": "amazon_connect", "path": "."})
    [said] = client.rows("messages")
    assert (said["call_id"], said["ticket_id"], said["author_id"]) == ("A", "T1", "8")
    assert said["start_offset_s"] == 120.5, "two minutes after the first agent"
    assert said["at"] == datetime(2026, 7, 1, 8, 3, 0, 500_000, UTC)
    assert set(client.cells("call_id", "qa_reviews")) == {"A"}


def test_lines_of_a_chat_carry_their_own_time_and_events_say_nothing(client: Delivery) -> None:
    line = {"ParticipantRole": "CUSTOMER", "ContentType": "text/plain"}
    lines = [
        {**line, "Id": "1", "Type": "EVENT", "AbsoluteTime": at("08:00:01")},
        {**line, "Id": "2", "Type": "MESSAGE", "AbsoluteTime": at("08:00:02"), "Content": "Hello"},
    ]
    client.deliver("transcript.json", json.dumps({"ContactId": "C", "Transcript": lines}))
    client.load({"reader": "amazon_connect", "path": "."})
    [said] = client.rows("messages")
    assert (said["message_id"], said["call_id"], said["text"]) == ("2", "C", "Hello")
    assert said["at"] == datetime(2026, 7, 1, 8, 0, 2, tzinfo=UTC)
    assert said["start_offset_s"] is None
    assert client.ledger("messages")["excluded"] == {"row filter": 1}


@pytest.mark.reference
def test_the_call_analytics_sample(client: Delivery, reference_data: Path) -> None:
    sample = reference_data / "data" / "vendor_exports" / "transcribe_calls"
    client.load(
        {"reader": "amazon_connect", "files": {"transcript": str(sample / "example-*.json")}}
    )
    turns = client.rows("messages")
    assert len(turns) == 37
    assert [turn["author_type"] for turn in turns].count("agent") == 19
    first = min(turns, key=lambda turn: turn["start_offset_s"])
    assert (first["start_offset_s"], first["end_offset_s"]) == (0.04, 5.05)
    assert all(turn["text"] and turn["end_offset_s"] > turn["start_offset_s"] for turn in turns)
    assert not any(turn["at"] for turn in turns), "the sample says of no call when it was"


@pytest.mark.reference
def test_the_data_automation_sample(client: Delivery, reference_data: Path) -> None:
    folder = reference_data / "data" / "vendor_exports" / "transcribe_calls"
    files = {"audio_segment": str(folder / "bda-standard.json")}
    source = {"reader": "amazon_connect", "files": files}
    client.load(source)
    assert client.ledger("messages")["excluded"] == {"unreadable": 51}, "nobody says who spoke"
    client.load({**source, "words": {"author_type": {"spk_0": "customer", "spk_1": "agent"}}})
    turns = client.rows("messages")
    assert len(turns) == 51
    assert {turn["author_type"] for turn in turns} == {"customer", "agent"}
    first = min(turns, key=lambda turn: turn["start_offset_s"])
    assert (first["start_offset_s"], first["end_offset_s"]) == (1.62, 5.84)
    assert (first["author_type"], first["lang"]) == ("agent", "EN")
