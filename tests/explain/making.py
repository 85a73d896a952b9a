"""Tables of measures and differences made by hand, as the measuring step saves them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import pandas as pd

from cxaudit.explain.changes import Comparing, tests_of
from cxaudit.scorecards import open_scorecard

ENTRIES = {entry["id"]: entry for entry in open_scorecard()["indicators"]}
NOW, BEFORE, LAST_YEAR = "2026Q3", "2026Q2", "2025Q3"
REFERENCES = {"previous": BEFORE, "year before": LAST_YEAR}


def figure(
    id: str, estimate: float, period: str = NOW, by: str = "", part: str = "", **more: Any
) -> dict[str, Any]:
    """One row of measures: a share of 400 independent cases, unless said."""
    cases = more.get("cases", 400)
    inner = estimate if 0.0 < estimate < 1.0 else 0.5
    row = {
        "indicator": id,
        "slice": by,
        "value of slice": part,
        "period": period,
        "cases": cases,
        "estimate": estimate,
        "low": estimate - 0.05,
        "high": estimate + 0.05,
        "se": 1.0 / math.sqrt(cases * inner * (1.0 - inner)) if cases else math.nan,
        "scale": "logit",
        "df": 200.0,
        "agents": 20,
        "broken": "",
    }
    return row | more


def difference_row(
    id: str, difference: float, reference: str = "previous", **more: Any
) -> dict[str, Any]:
    """One row of differences: adjusted, of a share now at 0.8, with a standard error of 0.01."""
    row = {
        "indicator": id,
        "slice": "",
        "value of slice": "",
        "reference": reference,
        "kind": "adjusted",
        "now": 0.8,
        "before": 0.8 - difference,
        "difference": difference,
        "low": difference - 0.0196,
        "high": difference + 0.0196,
        "p": math.erfc(abs(difference) / 0.01 / math.sqrt(2.0)),
        "detectable": 0.028,
        "scale": "natural",
        "method": "t, shared customers and agents",
        "note": "",
        "unadjusted_mass": 0.0,
    }
    return row | more


def comparing(
    *rows: dict[str, Any], breaks: Mapping[tuple[str, str], str] | None = None
) -> Comparing:
    """These tests, of 2026Q3 against the quarter and the year before."""
    columns = list(difference_row("any", 0.0))
    tests = tests_of(pd.DataFrame(rows, columns=columns))
    return Comparing(NOW, REFERENCES, ENTRIES, tests, breaks or {})
