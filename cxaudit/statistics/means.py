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
from cxaudit.statistics.life_table import TOLERANCE
from cxaudit.statistics.shares import share_estimate
from cxaudit.statistics.strata import STRATUM, Strata, mixed, placed, ratio_of_sums


def mean(
    cases: Cases, bounds: tuple[float, float] | None = None, strata: Strata | None = None
) -> Estimate:
    """The mean of the column `value`; NaN is left out and counted in `missing`.

    A column `weight` is used if it is there; with `strata`: the mix of the strata's means. With
    `bounds` = (0, 1) (a scale that ends there) interval and influence are on the logit scale, and a
    mean without variance (all values equal) takes Wilson's limits with n cases; otherwise they are
    on the value's own scale, and one customer alone gives no limits.
    """
    if bounds not in (None, (0.0, 1.0)):
        raise Fault(Problem("statistics.mean", "bounds other than (0, 1)", str(bounds)))
    cases, outside, notes = placed(cases, strata)
    base, missing = cases.known("value")
    missing += outside
    scale = "identity" if bounds is None else "logit"
    if len(base) == 0:
        return Estimate.nothing(scale, 0, missing, notes=notes)
    values, mix = base.numbers("value"), mixed(base, strata)
    value, influence = ratio_of_sums(base, values, np.ones(len(base)), mix)
    natural, notes = base.influence(influence), notes + mix.notes
    if bounds is None:
        return replace(_on_own_scale(value, natural), missing=missing, notes=notes)
    if np.min(values) < 0.0 or np.max(values) > 1.0:
        raise Fault(Problem("statistics.mean", "a value outside the scale from 0 to 1"))
    effective = base.effective_size()
    estimate = share_estimate(value, natural, effective, effective, notes)
    if estimate.se:
        low, high = logit_limits(value, estimate.se, estimate.df or 1.0)
        method = f"logit, {clustering(two_way(natural))}"
        estimate = replace(estimate, low=low, high=high, method=method)
    return replace(estimate, missing=missing)


def ratio(cases: Cases, bounded: bool = False, strata: Strata | None = None) -> Estimate:
    """The ratio of the sums of the columns `num` and `den`; a case with either unknown is left out.

    A column `weight` is used if it is there; with `strata`: the mix of the strata's ratios, those
    without denominator left out. `bounded`: num never exceeds den by construction (a share of
    items); limits are then Wilson's and the scale is logit, otherwise log. A ratio of 0 on the log
    scale has no upper limit.
    """
    cases, outside, notes = placed(cases, strata)
    base, missing = cases.known("num", "den")
    missing += outside
    if strata is not None and len(base):
        place = base.columns[STRATUM]
        base = base.only(np.bincount(place, weights=base.numbers("den"))[place] > 0.0)
    numerator, denominator = base.numbers("num"), base.numbers("den")
    scale = "logit" if bounded else "log"
    if float(np.sum(denominator)) <= 0.0:
        notes += ("the denominator is zero",)
        return Estimate.nothing(scale, 0, missing, notes=notes)
    mix = mixed(base, strata)
    value, influence = ratio_of_sums(base, numerator, denominator, mix)
    natural, notes = base.influence(influence), notes + mix.notes
    if not bounded:
        return replace(log_estimate(value, natural, value, notes), missing=missing)
    if not -TOLERANCE <= value <= 1.0 + TOLERANCE:
        raise Fault(Problem("statistics.ratio", "a share of items outside 0 to 1"))
    items, weights = float(np.sum(denominator)), base.weights()
    if weights is not None:  # Kish: items of one weight that these are worth
        items = float(np.sum(weights * denominator)) ** 2 / float(np.sum(weights**2 * denominator))
    effective = base.effective_size()
    return replace(share_estimate(value, natural, items, effective, notes), missing=missing)


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
