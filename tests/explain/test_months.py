"""Run charts from the months of the measures."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from cxaudit.explain.months import chart_rows, charts
from cxaudit.statistics.run_rules import BEYOND

from .making import figure

CSAT, RMST = "qua_csat", "spd_resolution_rmst"
LABELS = [f"2025-{number:02d}" for number in range(1, 13)]


def monthly(id: str, values: list[float], **more: Any) -> list[dict[str, Any]]:
    return [figure(id, v, label, **more) for v, label in zip(values, LABELS, strict=False)]


def drawn(rows: list[dict[str, Any]]) -> pd.DataFrame:
    return charts(pd.DataFrame(rows), {CSAT, RMST, "spd_first_response"})


def test_a_month_that_falls_out_is_a_signal() -> None:
    found = drawn(monthly(CSAT, [0.80, 0.81] * 5 + [0.60]))
    assert list(found["month"]) == LABELS[:11]
    assert list(found["signal"] == BEYOND) == [False] * 10 + [True]
    assert found["lower"].between(0.6, 0.8).all()


def test_months_come_in_order_and_quarters_are_none() -> None:
    rows = [*reversed(monthly(CSAT, [0.8, 0.9, 0.7])), figure(CSAT, 0.8, "2025Q3")]
    found = drawn(rows)
    assert list(found["value"]) == [0.8, 0.9, 0.7]
    assert found["lower"].isna().all(), "three months have no limits"


def test_times_have_limits_above_zero() -> None:
    days = [86400.0 * v for v in (1, 4, 1, 4, 1, 4, 1, 4)]
    found = drawn(monthly(RMST, days, scale="log"))
    assert found["centre"].iloc[0] == pytest.approx(2 * 86400.0)
    assert (found["lower"] > 0.0).all()
    ratio = found["upper"] * found["lower"] / (2 * 86400.0) ** 2
    assert list(ratio) == pytest.approx([1.0] * 8)


def test_a_channel_has_a_chart_where_there_is_no_whole() -> None:
    of_email = {"by": "channel", "part": "email"}
    rows = [
        *monthly("spd_first_response", [60.0] * 9, scale="log", **of_email),
        *monthly(CSAT, [0.8] * 9),
        *monthly(CSAT, [0.7] * 9, **of_email),
    ]
    found = chart_rows(drawn(rows))
    assert [(row["indicator"], row["slice"]) for row in found] == [
        (CSAT, {}),
        ("spd_first_response", {"channel": "email"}),
    ]
    assert found[0]["months"][0] == {
        "month": "2025-01",
        "value": 0.8,
        "cases": 400,
        "centre": pytest.approx(0.8),
        "lower": pytest.approx(0.74),
        "upper": pytest.approx(0.86),
        "signal": None,
    }


def test_one_month_is_no_chart() -> None:
    assert drawn(monthly(CSAT, [0.8])).empty
    assert chart_rows(drawn(monthly(CSAT, [0.8]))) == []
