"""Verdicts on principles: three conditions, one family, the year before beside."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd
import pytest

from cxaudit.explain.verdicts import (
    IMPROVED,
    NO_CHANGE,
    NOT_COMPARABLE,
    WORSENED,
    principle_verdicts,
    verdict,
)

PRINCIPLES = [f"p{number}" for number in range(10)]
PERIODS = {"previous": "2026Q2", "year before": "2025Q3"}


def moved(principle: str, difference: float, se: float = 1.0, **more: Any) -> dict[str, Any]:
    row = {
        "principle": principle,
        "reference": "previous",
        "difference": difference,
        "low": difference - 1.96 * se,
        "high": difference + 1.96 * se,
        "p": math.erfc(abs(difference) / se / math.sqrt(2.0)),
        "detectable": 2.8 * se,
        "note": "",
    }
    return row | more


def verdicts(*rows: dict[str, Any]) -> dict[str, dict[str, Any]]:
    found = principle_verdicts(PRINCIPLES, pd.DataFrame(rows), PERIODS)
    assert [row["principle"] for row in found] == PRINCIPLES
    return {row["principle"]: row for row in found}


@pytest.mark.parametrize(
    ("points", "low", "high", "p", "expected"),
    [
        (5.0, 1.0, 9.0, 0.05, IMPROVED),
        (-5.0, -9.0, -1.0, 0.05, WORSENED),
        (3.0, 1.0, 5.0, 0.10, IMPROVED),
        (5.0, -1.0, 11.0, 0.05, NO_CHANGE),  # the interval holds 0
        (5.0, 1.0, 9.0, 0.11, NO_CHANGE),  # one of many tests
        (2.9, 1.0, 4.8, 0.01, NO_CHANGE),  # too small to matter
        (5.0, None, None, 0.01, NO_CHANGE),
        (5.0, 1.0, 9.0, None, NOT_COMPARABLE),
    ],
)
def test_a_verdict_takes_all_three(points, low, high, p, expected) -> None:
    assert verdict(points, low, high, p, points) == expected


def test_where_nobody_knows_what_matters_the_test_decides() -> None:
    assert verdict(0.1, 0.05, 0.15, 0.01, None) == IMPROVED


def test_the_ten_principles_are_one_family() -> None:
    """p = .03 alone is below .10 even ten times... of ten: .03 x 10 = .3; three of them: .1."""
    one = 2.1701  # p = .03
    nothing = [moved(id, 0.1, se=1.0) for id in PRINCIPLES[3:]]
    alone = verdicts(moved("p0", 2 * one, se=2.0), *nothing)
    assert alone["p0"]["p"] == pytest.approx(0.03, abs=1e-4)
    assert alone["p0"]["low"] > 0.0
    assert alone["p0"]["verdict"] == NO_CHANGE
    three = verdicts(*(moved(id, 2 * one, se=2.0) for id in PRINCIPLES[:3]), *nothing)
    assert three["p0"]["adjusted_p"] == pytest.approx(0.1, abs=1e-3)
    four = verdicts(*(moved(id, 2 * one, se=2.0) for id in PRINCIPLES[:4]), *nothing[1:])
    assert four["p0"]["verdict"] == IMPROVED


def test_no_demonstrable_change_says_what_could_have_been_seen() -> None:
    found = verdicts(moved("p0", 1.0, se=4.0))["p0"]
    assert found["verdict"] == NO_CHANGE
    assert found["detectable"] == pytest.approx(11.2)


def test_last_year_stands_beside_with_a_family_of_its_own() -> None:
    """A season: down since last quarter, up since the same quarter last year."""
    found = verdicts(moved("p0", -8.0), moved("p0", 6.0, reference="year before"))["p0"]
    assert (found["period"], found["verdict"]) == ("2026Q2", WORSENED)
    year = found["year_before"]
    assert (year["period"], year["verdict"]) == ("2025Q3", IMPROVED)


def test_a_principle_without_a_difference_is_not_comparable() -> None:
    gone = moved("p1", math.nan, low=math.nan, high=math.nan, p=math.nan, note="not assessed")
    found = verdicts(moved("p0", 8.0), gone)
    assert found["p0"]["adjusted_p"] == found["p0"]["p"], "what was not tested is not in the family"
    assert (found["p1"]["verdict"], found["p1"]["note"]) == (NOT_COMPARABLE, "not assessed")
    assert found["p2"]["verdict"] == NOT_COMPARABLE


def test_the_overall_is_not_one_of_the_ten() -> None:
    found = verdicts(moved("p0", 8.0), moved("overall", 8.0))
    assert found["p0"]["adjusted_p"] == found["p0"]["p"]
    assert "overall" not in found
