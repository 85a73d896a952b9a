"""Levels of maturity: every gate of a level and of those below, where the audit bears it out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from cxaudit.facts.tables import CheckedTables
from cxaudit.score.maturity import FAILS, HOLDS, UNKNOWN, Gate, maturity, row
from cxaudit.score.principles import Score, principle
from tests.score.making import entry, part
from tests.workspace import workspace

SPEED = "speed"


def gates(*met: bool | None) -> list[Gate]:
    """One gate on each level from 2 up: met, not met, or none observed (None)."""
    return [
        Gate(SPEED, level, f"gate {level}", is_met, f"paper {level}")
        for level, is_met in enumerate(met, start=2)
        if is_met is not None
    ]


@pytest.mark.parametrize(
    ("met", "level"),
    [
        ((False, False, False, False), 1),
        ((True, False, False, False), 2),
        ((True, True, True, True), 5),
        ((True, True, False, True), 3),  # level 5's gate does not make good for level 4's
        ((False, True, True, True), 1),
        ((True, None, True, True), 2),  # nobody looked at level 3
    ],
)
def test_a_level_needs_its_gates_and_all_below(met: tuple[bool | None, ...], level: int) -> None:
    assert row(SPEED, gates(*met), {3: HOLDS, 5: HOLDS})["level"] == level


def test_one_gate_of_several_not_met_holds_the_level_back() -> None:
    two = [*gates(True, True), Gate(SPEED, 3, "a target is set", False, "paper 9")]
    found = row(SPEED, two, {})
    assert (found["level"], found["name"]) == (2, "Initiate")
    assert found["next"] == "level 3 (Mobilize): a target is set"


@pytest.mark.parametrize(
    ("checks", "level"),
    [
        ({3: FAILS, 5: HOLDS}, 2),
        ({3: HOLDS, 5: FAILS}, 4),
        ({3: UNKNOWN, 5: UNKNOWN}, 5),  # what cannot be told rests on the evidence supplied
    ],
)
def test_what_the_audit_contradicts_does_not_count(checks: dict[int, str], level: int) -> None:
    assert row(SPEED, gates(True, True, True, True), checks)["level"] == level


def test_what_the_next_level_waits_for_is_said() -> None:
    contradicted = row(SPEED, gates(True, True, True, True), {3: FAILS})
    assert "the audit does not bear out: measured at evidence C" in contradicted["next"]
    assert row(SPEED, gates(True), {})["next"] == "level 3 (Mobilize): evidence of its gates"
    assert row(SPEED, gates(True, True, True, True), {})["next"] == ""


def test_without_evidence_there_is_no_level() -> None:
    found = row(SPEED, [], {3: HOLDS})
    assert (found["state"], found["level"], found["reason"]) == (
        "not assessed",
        None,
        "no evidence of maturity was supplied",
    )


def score(evidence: str | None, id: str = SPEED) -> Score:
    parts = [] if evidence is None else [part(0.6, evidence=evidence)] * 2
    return principle(id, id.capitalize(), [entry(1), entry(1)], parts)


def evidence_table(**more: Any) -> list[dict[str, Any]]:
    return [
        {
            "principle": SPEED,
            "level": level,
            "gate": f"gate {level}",
            "is_met": True,
            "evidence_ref": f"paper {level}",
            "observed_at": "2026-09-01T00:00:00",
            "observer_id": "someone",
        }
        | more
        for level in (2, 3, 4, 5)
    ]


def found(tmp_path: Path, tables: dict[str, Any], now: Score, before: Score) -> dict[str, Any]:
    checked = CheckedTables(workspace(tmp_path, {"tickets": [{"ticket_id": "t1"}], **tables}))
    principle_of = {"spd_first_response": SPEED, "qua_csat": "quality"}
    return maturity(checked, [now], [before], principle_of)[0]


@pytest.mark.parametrize(
    ("now", "before", "level"),
    [("C", "C", 5), ("D", "A", 2), ("A", "D", 2), ("A", None, 5)],
)
def test_measured_means_by_this_audit_in_both_periods(
    now: str, before: str | None, level: int, tmp_path: Path
) -> None:
    """With no principle scored before, the data do not reach back that far."""
    tables = {"maturity_evidence": evidence_table()}
    assert found(tmp_path, tables, score(now), score(before))["level"] == level


def action(**more: Any) -> dict[str, Any]:
    return {
        "action_id": "a1",
        "source": "survey",
        "opened_at": "2026-01-01T00:00:00",
        "owner": "someone",
        "due_at": "2026-02-01T00:00:00",
        "closed_at": "2026-02-01T00:00:00",
        "target_indicator": "spd_first_response",
        "verified": "yes",
    } | more


@pytest.mark.parametrize(
    ("change", "level"),
    [
        ({}, 5),
        ({"target_indicator": "qua_csat"}, 4),  # worked for another principle
        ({"verified": "not_yet"}, 4),
        ({"closed_at": "2025-10-01T00:00:00"}, 4),  # as-of is 3 October 2026
        ({"closed_at": "2026-12-01T00:00:00"}, 4),  # has not happened yet
    ],
)
def test_the_highest_level_needs_an_action_that_worked(
    change: dict[str, Any], level: int, tmp_path: Path
) -> None:
    tables = {"maturity_evidence": evidence_table(), "improvement_actions": [action(**change)]}
    assert found(tmp_path, tables, score("B"), score("B"))["level"] == level


def test_the_last_look_by_as_of_counts(tmp_path: Path) -> None:
    rows = [
        *evidence_table(),
        *evidence_table(is_met=False, observed_at="2026-09-20T00:00:00")[1:2],
        *evidence_table(is_met=True, observed_at="2026-11-01T00:00:00")[1:2],
    ]
    level = found(tmp_path, {"maturity_evidence": rows}, score("B"), score("B"))
    assert level["level"] == 2, "level 3 was lost on 20 September and not regained by as-of"
    assert len(level["gates"]) == 4


def test_who_looked_is_not_in_the_audit(tmp_path: Path) -> None:
    tables = {"maturity_evidence": evidence_table()}
    assert "someone" not in str(found(tmp_path, tables, score("B"), score("B")))
