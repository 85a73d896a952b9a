"""The measurements as a table, one row each."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from cxaudit.measure.measurement import Measurement
from cxaudit.statistics import Estimate


def frame(measurements: Sequence[Measurement]) -> pd.DataFrame:
    """One row per indicator, slice and period, as `measures.parquet` keeps them."""
    return pd.DataFrame([_row(m) for m in measurements])


def _row(m: Measurement) -> dict[str, object]:
    estimate = m.estimate or Estimate.nothing("")
    return {
        "indicator": m.indicator,
        "slice": m.part.by,
        "value of slice": m.part.value,
        "period": m.period,
        "cases": estimate.cases,
        "missing": estimate.missing,
        "not_yet_due": estimate.not_yet_due,
        "estimate": estimate.value,
        "low": estimate.low,
        "high": estimate.high,
        "se": estimate.se,
        "scale": estimate.scale,
        "df": estimate.df,
        "method": estimate.method,
        "effective_customers": estimate.effective_customers,
        "effective_agents": estimate.effective_agents,
        "agents": m.known_agents,
        "design_effect": _design_effect(estimate),
        "reason": m.reason,
        "notes": "; ".join(m.notes),
        "broken": m.broken,
    }


def _design_effect(estimate: Estimate) -> float | None:
    """How many times the variance is that of as many independent cases; of shares only."""
    value, se = estimate.value, estimate.se
    if estimate.scale != "logit" or not value or not se or not 0.0 < value < 1.0:
        return None
    return se**2 * value * (1.0 - value) * estimate.cases
