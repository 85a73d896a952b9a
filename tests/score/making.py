"""Estimates and parts of scores made by hand."""

from __future__ import annotations

from typing import Any

import numpy as np

from cxaudit import statistics
from cxaudit.measure import Measurement
from cxaudit.measure.cases import Slice
from cxaudit.score.principles import Contribution, Term
from cxaudit.score.utility import utility
from cxaudit.scorecards import open_scorecard
from cxaudit.statistics import Cases, Estimate

ENTRIES = {entry["id"]: entry for entry in open_scorecard()["indicators"]}
# A value of 0.6 is worth 60 points.
POINTS = utility({"floor": 0.0, "typical": 0.5, "target": 0.75, "world": 1.0}, "linear")


def estimate(value: float, half_width: float = 0.01, **more: Any) -> Estimate:
    """An estimate of a share with limits that far off, correlated with no other."""
    columns: dict[str, Any] = {
        "low": max(0.0, value - half_width),
        "high": min(1.0, value + half_width),
        "se": half_width / 1.96,
        "scale": "identity",
        "df": 1000.0,
        "influence": None,
        "cases": 1000,
    }
    return Estimate(value, **{**columns, **more})


def share(hits: int, cases: int, agents: int | None = None) -> Estimate:
    """A share of so many cases, each of a customer of its own, of so many equal agents."""
    numbers = np.arange(cases)
    group = None if agents is None else numbers % agents
    return statistics.share(Cases(numbers, group, numbers, {"hit": (numbers < hits).astype(float)}))


def measurement(
    id: str, found: Estimate | None, part: Slice | None = None, **more: Any
) -> Measurement:
    """The measurement of an indicator in the audited period."""
    return Measurement(id, part or Slice(), "2026Q3", found, **more)


def part(
    value: float,
    weight: float = 1.0,
    is_core: bool = True,
    half_width: float = 0.01,
    evidence: str = "B",
    id: str = "some",
) -> Contribution:
    """An indicator's part in a principle, worth 100 × its value."""
    term = Term(estimate(value, half_width), 1.0, POINTS)
    return Contribution(id, weight, is_core, POINTS(value), evidence, (term,))


def entry(weight: float, status: str = "scored") -> dict[str, Any]:
    """An indicator of a principle, as the scorecard lists it."""
    return {"weight": weight, "status": status}
