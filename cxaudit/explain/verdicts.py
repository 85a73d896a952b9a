"""The verdict on a change: improved, worsened, no demonstrable change, or not comparable."""

from __future__ import annotations

from typing import Any

import pandas as pd

from cxaudit.statistics.multiplicity import FALSE_DISCOVERIES, benjamini_hochberg

IMPROVED, WORSENED = "improved", "worsened"
NO_CHANGE, NOT_COMPARABLE = "no demonstrable change", "not comparable"
SMALLEST_POINTS = 3.0
PREVIOUS, YEAR_BEFORE = "previous", "year before"


def verdict(
    moved: float,
    low: float | None,
    high: float | None,
    adjusted_p: float | None,
    points: float | None,
) -> str:
    """The verdict on a change; `moved` is above 0 for the better, whatever is good of the figure.

    Improved or worsened takes three things: the 95 % interval [low, high] excludes 0, the p value
    adjusted for the number of tests is at most 0.10, and the change is worth at least three score
    points (`points`, None where there is no scale to tell). No test, no comparison.
    """
    if adjusted_p is None:
        return NOT_COMPARABLE
    excludes_zero = (low is not None and low > 0.0) or (high is not None and high < 0.0)
    is_large = points is None or abs(points) >= SMALLEST_POINTS
    if excludes_zero and adjusted_p <= FALSE_DISCOVERIES and is_large:
        return IMPROVED if moved > 0.0 else WORSENED
    return NO_CHANGE


def principle_verdicts(
    principles: list[str], differences: pd.DataFrame, periods: dict[str, str]
) -> list[dict[str, Any]]:
    """One row per principle, in their order: its change since the period before, with a verdict.

    `differences` as the scoring step saved them, in score points; `periods` the label of each
    reference. The ten tests of one reference are one family. The same period a year before stands
    beside, so that a season is not taken for progress. `detectable` is what a change must be for
    four in five such audits to show it: below it, "no demonstrable change" does not mean stable.
    """
    of_principles = differences[differences["principle"].isin(principles)]
    compared = {
        reference: _compared(of_principles[of_principles["reference"] == reference])
        for reference in (PREVIOUS, YEAR_BEFORE)
    }
    return [
        {
            "principle": id,
            **_beside(compared[PREVIOUS].get(id), periods[PREVIOUS]),
            "year_before": _beside(compared[YEAR_BEFORE].get(id), periods[YEAR_BEFORE]),
        }
        for id in principles
    ]


def number(value: Any) -> float | None:
    """The value as a number; None where there is none."""
    return None if value is None or pd.isna(value) else float(value)


def _compared(rows: pd.DataFrame) -> dict[str, dict[str, Any]]:
    adjusted = benjamini_hochberg(rows["p"].to_numpy(dtype=float))
    return {
        row["principle"]: {**row, "adjusted_p": p}
        for row, p in zip(rows.to_dict("records"), adjusted, strict=True)
    }


def _beside(row: dict[str, Any] | None, period: str) -> dict[str, Any]:
    names = ("difference", "low", "high", "p", "adjusted_p", "detectable")
    found = {name: number(row[name]) if row else None for name in names}
    moved = found["difference"]
    said = NOT_COMPARABLE
    if moved is not None:
        said = verdict(moved, found["low"], found["high"], found["adjusted_p"], moved)
    note = str(row["note"]) if row else "no figure in both periods"
    return {"period": period, **found, "verdict": said, "note": note}
