"""Run charts of the indicators by month: early warning, not a test of every month."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd

from cxaudit.explain.verdicts import number
from cxaudit.statistics.run_rules import Chart, share_chart, value_chart

MONTH = re.compile(r"\d{4}-\d{2}")
FEWEST_MONTHS = 2
COLUMNS = ["indicator", "by", "name", "month", "value", "cases", "centre", "lower", "upper"]
COLUMNS.append("signal")


def charts(measures: pd.DataFrame, assessed: Iterable[str]) -> pd.DataFrame:
    """One row per indicator (or channel, where it has no whole) and month that has a figure.

    A month of another series is not on the chart.

    Shares on Laney's p'-chart, times and ratios on an XmR chart of their logarithm, all else on an
    XmR chart. Limits and signals take eight months.
    """
    rows = measures[measures["period"].map(lambda label: bool(MONTH.fullmatch(label)))]
    rows = rows[rows["indicator"].isin(set(assessed)) & rows["estimate"].notna()]
    rows = rows[rows["broken"] == ""]
    keys = ["indicator", "slice", "value of slice"]
    rows = rows.drop_duplicates([*keys, "period"]).sort_values([*keys, "period"])
    wholes = set(rows.loc[rows["slice"] == "", "indicator"])
    found = []
    for (id, by, name), months in rows.groupby(keys, sort=True):
        if len(months) >= FEWEST_MONTHS and (not by or (by == "channel" and id not in wholes)):
            found.append(_chart(months, str(id), str(by), str(name)))
    return pd.concat(found, ignore_index=True) if found else pd.DataFrame(columns=COLUMNS)


def chart_rows(table: pd.DataFrame) -> list[dict[str, Any]]:
    """The charts as audit.json has them, the months of each in order."""
    rows = []
    for (id, by, name), months in table.groupby(["indicator", "by", "name"], sort=True):
        points = [
            {
                "month": month["month"],
                "value": number(month["value"]),
                "cases": int(month["cases"]),
                **{line: number(month[line]) for line in ("centre", "lower", "upper")},
                "signal": month["signal"] or None,
            }
            for month in months.to_dict("records")
        ]
        rows.append({"indicator": id, "slice": {by: name} if by else {}, "months": points})
    return rows


def _chart(months: pd.DataFrame, id: str, by: str, name: str) -> pd.DataFrame:
    values = months["estimate"].to_numpy(dtype=float)
    cases = months["cases"].to_numpy(dtype=float)
    scales = set(months["scale"])
    chart = _drawn(values, cases, scales)
    return pd.DataFrame(
        {
            "indicator": id,
            "by": by,
            "name": name,
            "month": months["period"].to_numpy(),
            "value": values,
            "cases": cases.astype(int),
            "centre": chart.centre,
            "lower": chart.lower,
            "upper": chart.upper,
            "signal": chart.signals,
        }
    )


def _drawn(values: np.ndarray, cases: np.ndarray, scales: set[str]) -> Chart:
    if scales == {"logit"}:
        return share_chart(values, cases)
    if scales == {"log"} and np.all(values > 0.0):
        chart = value_chart(np.log(values))
        ends = np.exp(chart.lower), np.exp(chart.upper)
        return Chart(float(np.exp(chart.centre)), *ends, chart.signals)
    return value_chart(values)
