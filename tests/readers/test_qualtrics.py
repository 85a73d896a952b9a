"""Responses of Qualtrics: header rows, tests, what is asked, and Fivetran's tables."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from cxaudit.errors import EngagementError, UnreadableData

from .conftest import Delivery

CSAT = {"key": "csat", "scale": [1, 5]}
HEADER = (
    "StartDate,EndDate,Status,Finished,RecordedDate,ResponseId,RecipientEmail,ExternalReference,"
    "DistributionChannel,Q1,Q2,Q3,TicketId"
)
TITLES = (
    'Startdatum,Enddatum,Antworttyp,Beendet,Erfasst,Antwort-ID,E-Mail,Referenz,Kanal,"<b>How'
    '\nsatisfied?</b> 5 is best","Wie ""zufrieden""?",Q3,TicketId'
)
IDS = ",".join(
    f'"{{""ImportId"":""{name}""}}"'
    for name in (
        *("startDate", "endDate", "status", "finished", "recordedDate", "_recordId"),
        *("recipientEmail", "externalDataReference", "distributionChannel"),
        *("QID1", "QID2_TEXT", "QID3", "TicketId"),
    )
)
BEGAN, ENDED = "2026-07-01 10:00:00", "2026-07-01 10:01:00"


def response(name: str, **cells: str) -> str:
    """A line of the export."""
    usual = {
        "StartDate": BEGAN, "EndDate": ENDED, "Status": "0", "Finished": "1",
        "RecordedDate": ENDED, "ResponseId": name, "DistributionChannel": "email", "Q1": "4",
        "TicketId": "T1",
    }  # fmt: skip
    return ",".join((usual | cells).get(header, "") for header in HEADER.split(","))


def surveys(
    client: Delivery, *lines: str, questions: dict[str, Any] | None = None, **settings: Any
) -> list[dict[str, Any]]:
    """The surveys read of an export with these lines under its three headers."""
    client.deliver("responses.csv", "\n".join(["\ufeff" + HEADER, TITLES, IDS, *lines]))
    return loaded(client, questions=questions or {"QID1": CSAT}, path=".", **settings)


def loaded(client: Delivery, **settings: Any) -> list[dict[str, Any]]:
    """The surveys read with these settings, in Zurich's time."""
    client.load({"reader": "qualtrics", "time_zone": "Europe/Zurich", **settings})
    return client.rows("surveys")


def test_what_stands_below_the_header_is_no_response(client: Delivery) -> None:
    [row] = surveys(client, response("R_1"))
    assert (row["invite_id"], row["question_key"], row["value"]) == ("R_1", "csat", 4)
    assert (row["scale_min"], row["scale_max"], row["higher_is_better"]) == (1, 5, True)
    assert (row["ticket_id"], row["mode"]) == ("T1", "email")
    assert row["sent_at"] == datetime(2026, 7, 1, 8, tzinfo=UTC), "10 o'clock in Zurich"
    assert row["responded_at"] == datetime(2026, 7, 1, 8, 1, tzinfo=UTC)
    assert client.ledger("surveys")["received"] == 1
    assert client.findings("header-rows") == {"load-header-rows-surveys": 2}


def test_a_file_whose_header_rows_were_taken_out_loses_no_response(client: Delivery) -> None:
    client.deliver("responses.csv", "\n".join([HEADER, response("R_1"), response("R_2")]))
    rows = loaded(client, questions={"Q1": CSAT}, path=".")
    assert [row["invite_id"] for row in rows] == ["R_1", "R_2"]


def test_every_file_has_header_rows_of_its_own(client: Delivery) -> None:
    for number in (1, 2):
        lines = [HEADER, TITLES, IDS, response(f"R_{number}")]
        client.deliver(f"responses_{number}.csv", "\n".join(lines))
    rows = loaded(client, questions={"QID1": CSAT}, path=".")
    assert [row["invite_id"] for row in rows] == ["R_1", "R_2"]


def test_responses_to_a_survey_that_asks_nothing_are_left_out_and_counted(client: Delivery) -> None:
    client.deliver("one.csv", "\n".join([HEADER, response("R_1")]))
    lines = [response("R_2", Q1=""), response("R_3", Q1=""), response("R_4", Q1="", Status="1")]
    client.deliver("two.csv", "\n".join([HEADER, *lines]))
    files = {"response": ["one.csv", "two.csv"]}
    rows = loaded(client, questions={"Q1": CSAT}, files=files)
    assert [row["invite_id"] for row in rows] == ["R_1"]
    ledger = client.ledger("surveys")
    assert (ledger["received"], ledger["excluded"]) == (4, {"row filter": 3})
    assert client.findings("not-asked") == {"load-not-asked-surveys": 2}, "R_4 is a preview"


@pytest.mark.parametrize(
    "cells",
    [{"Status": "1"}, {"Status": "Survey Preview"}, {"Status": "2"}, {"Status": "17"},
     {"DistributionChannel": "preview"}],
)  # fmt: skip
def test_previews_and_tests_are_left_out(client: Delivery, cells: dict[str, str]) -> None:
    rows = surveys(client, response("R_1"), response("R_2", **cells))
    assert [row["invite_id"] for row in rows] == ["R_1"]
    assert client.ledger("surveys")["excluded"] == {"row filter": 1}
    assert client.findings("test-response") == {"load-test-response-surveys": 1}


@pytest.mark.parametrize("word", ["0", "False", "FALSE"])
def test_an_unfinished_response_is_an_invitation_without_an_answer(
    client: Delivery, word: str
) -> None:
    [row] = surveys(client, response("R_1", Finished=word))
    assert (row["value"], row["responded_at"]) == (None, None)
    assert client.findings("unfinished") == {"load-unfinished-response-surveys": 1}


def test_each_question_is_a_row_and_a_comment_stands_beside_the_first(client: Delivery) -> None:
    questions = {"Q1": CSAT, "QID3": "nps", "QID2_TEXT": "comment"}
    rows = surveys(client, response("R_1", Q2='"Good, but\nslow"', Q3="9"), questions=questions)
    found = {row["question_key"]: row for row in rows}
    assert (found["csat"]["value"], found["nps"]["value"]) == (4, 9)
    assert (found["nps"]["scale_min"], found["nps"]["scale_max"]) == (0, 10)
    assert [row["comment"] for row in (found["csat"], found["nps"])] == ["Good, but\nslow", None]


def test_a_question_passed_over_has_no_value(client: Delivery) -> None:
    rows = surveys(client, response("R_1", Q1=""), response("R_2"))
    assert [row["value"] for row in rows] == [None, 4]
    assert all(row["responded_at"] for row in rows), "the response was sent in"


def test_several_choices_are_no_number(client: Delivery) -> None:
    rows = surveys(client, response("R_1", Q1='"1,2"'), response("R_2"))
    assert [row["value"] for row in rows] == [None, 4]
    assert client.findings("unreadable-cell") == {"load-unreadable-cell-surveys-value": 1}


def test_words_are_turned_into_numbers(client: Delivery) -> None:
    words = {"Very satisfied": 5, "Not at all": 1}
    rows = surveys(
        client,
        response("R_1", Q1="Very satisfied", Q3="Yes"),
        response("R_2", Q1="Not at all", Q3="No"),
        questions={"Q1": {**CSAT, "values": words}, "Q3": "had_to_repeat"},
    )
    found = {(row["invite_id"], row["question_key"]): row["value"] for row in rows}
    assert (found["R_1", "csat"], found["R_2", "csat"]) == (5, 1)
    assert (found["R_1", "had_to_repeat"], found["R_2", "had_to_repeat"]) == (1, 0)
    upwards = {row["question_key"]: row["higher_is_better"] for row in rows}
    assert upwards == {"csat": True, "had_to_repeat": False}


def test_a_question_of_one_survey_is_not_asked_in_another(client: Delivery) -> None:
    client.deliver("responses_1.csv", "\n".join([HEADER, response("R_1")]))
    other = response("R_2", Q1="", Q3="7")
    client.deliver("responses_2.csv", "\n".join([HEADER, other]))
    rows = loaded(client, questions={"Q1": CSAT, "Q3": "nps"}, path=".")
    found = {(row["invite_id"], row["question_key"]) for row in rows}
    assert found == {("R_1", "csat"), ("R_2", "nps")}


@pytest.mark.parametrize(
    ("questions", "what"),
    [
        ({}, "key 'questions' is missing"),
        ({"Q1": "csat"}, "question 'csat' needs 'scale'"),
        ({"Q1": {"key": "ces", "scale": [1, 7]}}, "question 'ces' needs 'higher_is_better'"),
        ({"Q1": {"key": "csta", "scale": [1, 7]}}, "'csta' is no question_key"),
        ({"Q1": {"key": "csat", "scale": [5, 1]}}, "the lowest answer and the highest"),
        ({"Q2": "comment"}, "no question but a comment"),
    ],
)
def test_questions_say_what_they_ask(client: Delivery, questions: Any, what: str) -> None:
    client.deliver("responses.csv", HEADER)
    with pytest.raises(EngagementError, match=what):
        loaded(client, questions=questions, path=".")


def test_a_question_that_was_not_delivered_is_named(client: Delivery) -> None:
    with pytest.raises(UnreadableData, match=r"no question 'QID9' was delivered\. Did you mean"):
        surveys(client, response("R_1"), questions={"QID9": CSAT})


def test_times_need_a_zone(client: Delivery) -> None:
    with pytest.raises(UnreadableData, match="no zone is declared"):
        surveys(client, response("R_1"), time_zone=None)


@pytest.mark.reference
@pytest.mark.parametrize(("name", "titles"), [("sample.csv", 2), ("sample_legacy.csv", 1)])
def test_the_samples(client: Delivery, reference_data: Path, name: str, titles: int) -> None:
    path = reference_data / "data" / "vendor_exports" / "qualtrics" / name
    questions = {"Q1": {"key": "csat", "scale": [1, 3]}, "Q2": "comment"}
    [row] = loaded(client, files={"response": str(path)}, questions=questions)
    assert (row["invite_id"], row["value"]) == ("R_2YPOQ602ER1jkf1", 2)
    assert (row["comment"], row["mode"]) == ("Hello World!", "web")
    assert row["responded_at"] == datetime(2017, 7, 18, 6, 28, 48, tzinfo=UTC)
    assert client.findings("header-rows") == {"load-header-rows-surveys": titles}


TABLES = {
    "survey_response": "id,survey_id,status,finished,start_date,end_date,distribution_channel,"
    "recipient_email\nR1,S1,0,1,2026-07-01 08:05:00,2026-07-01 08:06:00,email,kim@example.com\n",
    "question_response": "response_id,question_id,sub_question_key,question_option_key,value,text\n"
    "R1,QID1,,,4,Good\nR1,QID2,1,,2,\nR1,QID2,2,,3,\nR9,QID1,,,1,\n",
    "survey_embedded_data": "response_id,key,value\nR1,Ticket ID,T1\nR1,Website,\n",
    "distribution": "id,survey_link_survey_id,request_type\nD1,S1,Invite\nD2,S1,Reminder\n",
    "distribution_contact": "distribution_id,contact_id,sent_at,response_id\n"
    "D1,C1,2026-07-01 08:00:00,R1\nD1,C2,2026-07-01 08:00:00,\nD2,C2,2026-07-03 08:00:00,\n",
}


def test_fivetrans_tables_tell_who_was_invited(client: Delivery) -> None:
    for name, text in TABLES.items():
        client.deliver(f"{name}.csv", text)
    questions = {"QID1": CSAT, "QID2_2": {"key": "empathy", "scale": [1, 5]}}
    rows = loaded(client, path=".", questions=questions, time_zone=None)
    found = {(row["invite_id"], row["question_key"]): row for row in rows}
    assert {key: row["value"] for key, row in found.items()} == {
        ("R1", "csat"): 4, ("R1", "empathy"): 3,
        ("D1_C2", "csat"): None, ("D1_C2", "empathy"): None,
    }  # fmt: skip
    answered, silent = found["R1", "csat"], found["D1_C2", "csat"]
    assert answered["sent_at"] == datetime(2026, 7, 1, 8, tzinfo=UTC), "sent, not begun"
    assert (answered["ticket_id"], answered["customer_id"]) == ("T1", "C1")
    assert (silent["responded_at"], silent["customer_id"]) == (None, "C2")
    assert client.ledger("surveys")["excluded"] == {"row filter": 2}, "a reminder, two questions"
    assert client.findings("answer-without") == {"load-answer-without-response-surveys": 1}


@pytest.mark.reference
def test_fivetrans_sample(client: Delivery, reference_data: Path) -> None:
    folder = reference_data / "data" / "vendor_exports" / "fivetran_qualtrics"
    rows = loaded(client, path=str(folder), questions={"QID2": {"key": "csat", "scale": [1, 3]}})
    assert client.ledger("surveys") | {"supplied": []} == {
        "received": 10, "loaded": 10, "excluded": {}, "supplied": [],
    }  # fmt: skip
    assert [row["invite_id"][:3] for row in rows].count("EMD") == 5
    assert not any(row["responded_at"] for row in rows), "all five responses are unfinished"
    assert client.findings("unfinished") == {"load-unfinished-response-surveys": 5}
    assert client.findings("answer-without") == {"load-answer-without-response-surveys": 5}
