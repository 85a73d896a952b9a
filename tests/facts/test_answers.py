"""The fact table of answers: one per ticket and question, with what counts as top."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from cxaudit.facts import make_facts
from tests.facts.small import ENGINE, rows
from tests.workspace import text_table, workspace

SURVEYS = """invite_id|question_key|ticket_id|customer_id|agent_id|responded_at|value
first|csat|1|c1|g1|2026-07-06 10:00|5
second|csat|1|c1|g1|2026-07-07 10:00|2
empty|csat|1|c1|g1|2026-07-08 10:00|-
other|ces|1|c1|g1|2026-07-06 10:00|5
future|csat|1|c1|g1|2026-10-03 06:00:01|5
tie-a|csat|2|c2|0|2026-07-06 10:00|1
tie-b|csat|2|c2|0|2026-07-06 10:00|4
only|csat|3|c3|-|2026-07-06 10:00|-
2|csat|-|0|-|2026-07-09 10:00|5
2|empathy|-|0|-|2026-07-09 10:00|5
stray|csat|99|c9|g1|2026-07-06 10:00|3
silent|csat|4|c4|g1|-|-
"""


SCALES = [
    # question, lowest, highest, more is better, value: is it at the top?
    ("csat", 1, 5, True, 4, True),
    ("csat", 1, 5, True, 3, False),
    ("csat", 1, 5, False, 2, True),
    ("csat", 1, 5, False, 4, False),
    ("csat", 1, 7, True, 6, True),
    ("csat", 1, 7, True, 5, False),
    ("csat", 0, 10, True, 8, True),
    ("csat", 0, 10, True, 7, False),
    ("csat", 0, 1, True, 1, True),
    ("csat", 0, 1, True, 0, False),
    ("csat", 1, 2, False, 1, True),
    ("csat", 1, 2, False, 2, False),
    ("csat", 1, 10, True, 10, None),
    ("csat", 0, 100, True, 100, None),
    ("ces", 1, 7, True, 5, True),
    ("ces", 1, 7, True, 4, False),
    ("ces", 1, 5, True, 4, True),
    ("ces", 1, 5, True, 3, False),
]


def on_scales() -> list[dict[str, Any]]:
    """One answer on each of the scales, of no ticket."""
    return [
        {
            "invite_id": f"scale {number}",
            "question_key": key,
            "responded_at": "2026-07-06 10:00",
            "scale_min": float(low),
            "scale_max": float(high),
            "higher_is_better": better,
            "value": float(value),
        }
        for number, (key, low, high, better, value, _) in enumerate(SCALES)
    ]


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """Every answer by invitation and question."""
    tickets = "ticket_id|customer_id|created_at|assignee_id\n" + "\n".join(
        f"{id}|c{id}|2026-07-06 09:00|g{id}" for id in range(1, 9)
    )
    surveys = [*text_table(SURVEYS), *on_scales()]
    run = workspace(tmp_path_factory.mktemp("answers"), {"tickets": tickets, "surveys": surveys})
    made = pq.read_table(make_facts(run).folder / "answers.parquet")
    keys = [f"{row['invite_id']} {row['question_key']}" for row in made.to_pylist()]
    return rows(ENGINE.table(made.append_column("key", [keys])), "key")


def test_the_latest_answer_with_a_value_counts(answers: dict[str, dict[str, Any]]) -> None:
    assert {key for key, row in answers.items() if row["ticket_id"] == "1"} == {
        "second csat",
        "other ces",
    }, "not the earlier one, the empty one, or the one after as-of"


def test_of_two_answers_in_one_second_the_larger_id_counts(
    answers: dict[str, dict[str, Any]],
) -> None:
    assert {key for key, row in answers.items() if row["ticket_id"] == "2"} == {"tie-b csat"}


def test_an_empty_answer_without_another_is_missing(answers: dict[str, dict[str, Any]]) -> None:
    only = answers["only csat"]
    assert (only["is_top"], only["score"]) == (None, None)


def test_who_did_not_answer_is_not_there(answers: dict[str, dict[str, Any]]) -> None:
    assert "silent csat" not in answers


def test_an_invitation_without_a_ticket_is_not_that_of_a_ticket_with_its_number(
    answers: dict[str, dict[str, Any]],
) -> None:
    assert "2 csat" in answers, "the invitation 2 is not the ticket 2"
    both = answers["2 csat"], answers["2 empathy"]
    assert both[0]["row"] == both[1]["row"], "the questions of one invitation belong together"
    assert both[0]["customer"] == both[1]["customer"] < 0, "its customer is unknown"


def test_no_row_code_is_used_twice(answers: dict[str, dict[str, Any]]) -> None:
    """Codes below 8 are those of the eight tickets, answered or not."""
    assert answers["2 csat"]["row"] >= 8
    assert answers["stray csat"]["row"] >= 8
    assert answers["2 csat"]["row"] != answers["stray csat"]["row"]


def test_the_respondent_is_the_agent_named_else_the_assignee(
    answers: dict[str, dict[str, Any]],
) -> None:
    assert answers["second csat"]["respondent"] == "g1"
    assert answers["tie-b csat"]["respondent"] == "g2", "a placeholder names nobody"
    assert answers["only csat"]["respondent"] == "g3"
    assert answers["2 csat"]["respondent"] is None
    assert answers["2 csat"]["agent"] < 0


@pytest.mark.parametrize("number", range(len(SCALES)))
def test_what_is_at_the_top_of_a_scale(number: int, answers: dict[str, dict[str, Any]]) -> None:
    key, low, high, better, value, is_top = SCALES[number]
    assert answers[f"scale {number} {key}"]["is_top"] is is_top, (
        f"{key}: {value} of {low} to {high}, {better}"
    )


def test_a_score_runs_from_0_to_100_and_more_is_better(answers: dict[str, dict[str, Any]]) -> None:
    assert answers["scale 0 csat"]["score"] == 75, "4 of 1 to 5"
    assert answers["scale 2 csat"]["score"] == 75, "2 of 1 to 5 where 1 is the best"
    assert answers["scale 6 csat"]["score"] == 80, "8 of 0 to 10"
    assert answers["scale 12 csat"]["score"] == 100, "10 of 1 to 10"


def test_the_usual_delay_is_that_of_most_answers_over_all_periods(tmp_path: Path) -> None:
    """Of all answers with a value, in whatever period; the sooner of two with as many."""
    surveys = text_table(
        """invite_id|question_key|customer_id|responded_at|value|delay_days
a|resolved_first|c1|2026-01-05 10:00|1|0.5
b|resolved_first|c2|2026-01-06 10:00|1|0.9
c|resolved_first|c3|2026-07-06 10:00|0|1.0
d|resolved_first|c4|2026-07-07 10:00|0|6.9
e|resolved_first|c5|2026-07-08 10:00|1|3
f|resolved_first|c6|2026-07-08 10:00|-|0.1
g|resolved_first|c7|2026-07-08 10:00|1|-
h|csat|c1|2026-07-08 10:00|5|7
"""
    )
    tickets = text_table("ticket_id|customer_id|created_at\n1|c1|2026-07-06 09:00\n")
    run = workspace(tmp_path, {"tickets": tickets, "surveys": surveys})
    made = pq.read_table(make_facts(run).folder / "answers.parquet").to_pylist()
    bands = {row["invite_id"]: (row["delay_band"], row["usual_delay_band"]) for row in made}
    usual = {"a": (0, 1), "b": (0, 1), "c": (1, 1), "d": (1, 1), "e": (1, 1), "f": (0, 1)}
    assert bands == {**usual, "g": (None, 1), "h": (2, 2)}
