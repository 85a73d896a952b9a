"""Means, and ratios of two sums."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from cxaudit.errors import Fault, Problem
from cxaudit.statistics.estimate import Cases, Estimate, clustering
from cxaudit.statistics.influence import Influence, two_way
from cxaudit.statistics.intervals import identity_limits, log_limits, logit_limits
from cxaudit.statistics.shares import share_estimate


def mean(cases: Cases, bounds: tuple[float, float] | None = None) -> Estimate:
    """The mean of the column `value`; NaN is left out and counted in `missing`.

    With `bounds` = (0, 1) (a scale that ends there) interval and influence are on the logit scale,
    and a mean without variance (all values equal) takes Wilson's limits with n cases; otherwise
    they are on the value's own scale, and one customer alone gives no limits.
    """
    base, missing = cases.known("value")
    count = len(base)
    if bounds not in (None, (0.0, 1.0)):
        raise Fault(Problem("statistics.mean", "bounds other than (0, 1)", str(bounds)))
    scale = "identity" if bounds is None else "logit"
    if count == 0:
        return Estimate.nothing(scale, 0, missing)
    values = base.numbers("value")
    value = float(np.sum(values)) / count
    natural = base.influence((values - value) / count)
    if bounds is None:
        return replace(_on_own_scale(value, natural), missing=missing)
    if np.min(values) < 0.0 or np.max(values) > 1.0:
        raise Fault(Problem("statistics.mean", "a value outside the scale from 0 to 1"))
    estimate = share_estimate(value, natural, count, count)
    if estimate.se:
        low, high = logit_limits(value, estimate.se, estimate.df or 1.0)
        method = f"logit, {clustering(two_way(natural))}"
        estimate = replace(estimate, low=low, high=high, method=method)
    return replace(estimate, missing=missing)


def ratio(cases: Cases, bounded: bool = False) -> Estimate:
    """The ratio of the sums of the columns `num` and `den`; a case with either unknown is left out.

    `bounded`: num never exceeds den by construction (a share of items); limits are then Wilson's
    and the scale is logit, otherwise log. A ratio of 0 on the log scale has no upper limit.
    """
    base, missing = cases.known("num", "den")
    numerator, denominator = base.numbers("num"), base.numbers("den")
    total = float(np.sum(denominator))
    scale = "logit" if bounded else "log"
    if total <= 0.0:
        return Estimate.nothing(scale, 0, missing, notes=("the denominator is zero",))
    value = float(np.sum(numerator)) / total
    natural = base.influence((numerator - value * denominator) / total)
    if bounded:
        if not 0.0 <= value <= 1.0:
            raise Fault(Problem("statistics.ratio", "a share of items outside 0 to 1"))
        return replace(share_estimate(value, natural, total, len(base)), missing=missing)
    return replace(log_estimate(value, natural, value), missing=missing)


def log_estimate(
    value: float, column: Influence, slope: float, notes: Sequence[str] = ()
) -> Estimate:
    """An estimate with limits on the log scale; `column` / `slope` is its influence on that scale.

    A value of 0 has no influence on the log scale and no upper limit.
    """
    spread = two_way(column)
    if value > 0.0 and slope > 0.0:
        se: float | None = math.sqrt(spread.variance) / slope
        low, high = log_limits(value, se or 0.0, spread.df)
        influence: Influence | None = column.scaled(1.0 / slope)
        upper: float | None = high
    else:
        se, low, upper, influence = None, value, None, None
    return Estimate(
        value,
        low,
        upper,
        se,
        "log",
        spread.df,
        influence,
        cases=column.value.size,
        method=f"log, {clustering(spread)}",
        effective_customers=spread.effective_customers,
        effective_agents=spread.effective_agents,
        notes=tuple(notes),
    )


def _on_own_scale(value: float, natural: Influence) -> Estimate:
    spread = two_way(natural)
    alone = np.unique(natural.customer).size < 2
    se = None if alone else math.sqrt(spread.variance)
    low, high = (None, None) if se is None else identity_limits(value, se, spread.df)
    return Estimate(
        value,
        low,
        high,
        se,
        "identity",
        spread.df,
        None if alone else natural,
        cases=natural.value.size,
        method=f"own scale, {clustering(spread)}",
        effective_customers=spread.effective_customers,
        effective_agents=spread.effective_agents,
    )
