"""The weights of answers: whose they are, and when there are none."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from cxaudit.facts import make_facts
from cxaudit.facts.response import response_records
from tests.facts.answering import Table, surveys, tickets, unsolved_and_stray
from tests.facts.small import ENGINE, rows
from tests.workspace import workspace

AS_OF = "2026-10-03T06:00:00Z"


def weights(folder: Path, answers: Table) -> tuple[dict[str, Any], dict[str, Any]]:
    """The weight of each answer by invitation, and what is said of the response to 'csat'."""
    run = workspace(folder, {"tickets": tickets(), "surveys": answers}, as_of=AS_OF)
    made = pq.read_table(make_facts(run).folder / "answers.parquet")
    by_invitation = rows(ENGINE.table(made), "invite_id")
    found = {id: row["weight"] for id, row in by_invitation.items()}
    return found, response_records(run)["csat"]


@pytest.fixture(scope="module")
def weighted(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], dict[str, Any]]:
    """Weights and record of the service with all its invitations."""
    return weights(tmp_path_factory.mktemp("weighted"), [*surveys(), *unsolved_and_stray()])


def test_answers_stand_for_all_solved_cases_not_for_the_invited(
    weighted: tuple[dict[str, Any], dict[str, Any]],
) -> None:
    """300 / 120 and 600 / 120 cases an answer; by invitations it would be 2 and 4.17."""
    found, record = weighted
    assert found["email 000"] == pytest.approx(2.5 / 3.75)
    assert found["chat 000"] == pytest.approx(5.0 / 3.75)
    assert (record["is_weighted"], record["solved"], record["answered"]) == (True, 900, 240)


@pytest.mark.parametrize("answer", ["email 300", "chat 600", "stray"])
def test_an_answer_about_no_solved_case_has_no_weight(
    answer: str, weighted: tuple[dict[str, Any], dict[str, Any]]
) -> None:
    assert weighted[0][answer] is None


def test_without_the_silent_there_are_no_weights_and_it_is_said(tmp_path: Path) -> None:
    found, record = weights(tmp_path, surveys(silent=False))
    assert set(found.values()) == {None}
    assert record["is_weighted"] is False
    assert record["reason"].startswith("the invitations that were not answered are not among")


def test_the_order_of_rows_changes_no_weight(
    tmp_path: Path, weighted: tuple[dict[str, Any], dict[str, Any]]
) -> None:
    assert weights(tmp_path, [*surveys(), *unsolved_and_stray()][::-1]) == weighted


def test_the_record_is_kept_in_the_workspace(tmp_path: Path) -> None:
    run = workspace(tmp_path, {"tickets": tickets(), "surveys": surveys()}, as_of=AS_OF)
    folder = make_facts(run).folder
    kept = json.loads((folder / "response.json").read_text(encoding="utf-8"))
    assert [record["question"] for record in kept] == ["csat"]
