"""The interval of a score made of several indicators.

MOVER combines the indicators' own limits; when one of them reaches an end of its scale, the hull
with the delta method's limits is taken. Closed form: no draws, no seed.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from cxaudit.errors import Fault, Problem
from cxaudit.statistics.estimate import Estimate
from cxaudit.statistics.influence import Influence, Numbers, covariance
from cxaudit.statistics.intervals import exp, expit, logit, t_quantile

Utility = Callable[[float], float]
STEP = 1e-5  # on the scale of the estimate; a central difference averages the two slopes at a kink
NEAR_AN_END = 1e-9


@dataclass(frozen=True)
class _Indicator:
    """One indicator's score with its limits and its reach: how far t standard errors move the
    score.
    """

    score: float
    at_low: float
    at_high: float
    reach: float

    @property
    def rises(self) -> bool:
        return self.at_high >= self.at_low

    @property
    def touches_an_end(self) -> bool:
        ends = (self.at_low, self.at_high)
        return any(end <= NEAR_AN_END or end >= 100.0 - NEAR_AN_END for end in ends)


def composite(
    estimates: Sequence[Estimate],
    coefficients: Sequence[float],
    utilities: Sequence[Utility],
    ends: tuple[float, float] = (0.0, 100.0),
) -> tuple[float, float, bool]:
    """The limits of sum of coefficient x utility(estimate), and whether the score is at the end of
    its scale.

    Each utility takes an estimate's natural value, infinity included (an open limit), and returns 0
    to 100. A survival quantile that was never reached counts as infinite. Coefficients may be
    negative (a difference of two scores: give `ends` = (-100, 100)); an entry with coefficient 0 is
    left out. Estimates without influence are taken as uncorrelated with the rest. The third value
    is true when the intervals of at least two indicators reach a score of 0 or 100. Raises Fault
    without any estimate, for arguments of different length, and for an estimate that has no value.
    """
    if not len(estimates) == len(coefficients) == len(utilities):
        sizes = f"{len(estimates)}, {len(coefficients)} and {len(utilities)}"
        raise Fault(Problem("statistics.composite", "arguments of different length", sizes))
    used = [entry for entry in zip(estimates, coefficients, utilities, strict=True) if entry[1]]
    if not used:
        raise Fault(Problem("statistics.composite", "no estimate with a coefficient"))
    kept = [estimate for estimate, _, _ in used]
    weights = np.array([coefficient for _, coefficient, _ in used], dtype=np.float64)
    df = min((e.df for e in kept if e.df is not None), default=math.inf)
    indicators = [_indicator(e, utility, t_quantile(df)) for e, _, utility in used]
    forms = _correlations([estimate.influence for estimate in kept])
    point = math.fsum(w * i.score for w, i in zip(weights, indicators, strict=True))
    worst, best = _steps_to_limits(indicators, weights)
    low, high = point - _length(worst, forms), point + _length(best, forms)
    touching = sum(indicator.touches_an_end for indicator in indicators)
    if touching:
        half = _length(weights * np.array([i.reach for i in indicators]), forms)
        low, high = min(low, point - half), max(high, point + half)
    return max(ends[0], low), min(ends[1], high), touching >= 2


def _indicator(estimate: Estimate, utility: Utility, t: float) -> _Indicator:
    value = estimate.value
    if value is None and estimate.not_reached:
        value = math.inf
    if value is None:
        raise Fault(Problem("statistics.composite", "an estimate without a value has no score"))
    at_low = utility(-math.inf if estimate.low is None else estimate.low)
    at_high = utility(math.inf if estimate.high is None else estimate.high)
    half_range = 0.5 * (at_high - at_low)
    if estimate.influence is None or estimate.se is None or math.isinf(value):
        reach = half_range
    elif estimate.scale == "log F":  # no slope where the share is truncated at 0: the secant
        reach = half_range * (2.0 * t * estimate.se / estimate.span if estimate.span else 1.0)
    else:
        reach = t * estimate.se * _slope(estimate, value, utility)
    return _Indicator(utility(value), at_low, at_high, reach)


def _slope(estimate: Estimate, value: float, utility: Utility) -> float:
    """The change of the score per unit of the estimate's scale; at a kink the mean of its sides."""
    after, before = (utility(_moved(estimate, value, step)) for step in (STEP, -STEP))
    return (after - before) / (2.0 * STEP)


def _moved(estimate: Estimate, value: float, step: float) -> float:
    if estimate.scale == "logit":
        return expit(logit(value) + step)
    if estimate.scale == "log":
        return (value + estimate.offset) * exp(step) - estimate.offset
    return value + step


def _steps_to_limits(indicators: Sequence[_Indicator], weights: Numbers) -> tuple[Numbers, Numbers]:
    """How far each indicator takes the sum down to its worse limit and up to its better one, signed
    by side.
    """
    worst, best = [], []
    for indicator, weight in zip(indicators, weights, strict=True):
        sign = 1.0 if (weight > 0.0) == indicator.rises else -1.0
        bad, good = (
            (indicator.at_low, indicator.at_high)
            if sign > 0.0
            else (indicator.at_high, indicator.at_low)
        )
        worst.append(sign * weight * (indicator.score - bad))
        best.append(sign * weight * (good - indicator.score))
    return np.array(worst), np.array(best)


def _correlations(columns: Sequence[Influence | None]) -> list[Numbers]:
    """The correlation matrix of the whole covariance, and its customer and agent parts as floors.

    The variance of a contrast is the largest of its three forms. The whole has ones on its
    diagonal; the floors have what their part is of each indicator's variance. An indicator without
    influence (or without any variance) is on its own: 1 on each diagonal.
    """
    present = np.array([k for k, column in enumerate(columns) if column is not None], dtype=int)
    customer, agent, row = covariance([c for c in columns if c is not None])
    whole = customer + agent - row
    own = np.diag(whole)
    variance = np.maximum(np.maximum(own, np.diag(customer)), np.diag(agent))
    there = variance > 0.0
    error = np.sqrt(np.where(there, variance, 1.0))
    root = np.sqrt(np.where(own > 0.0, own, error**2))
    correlation = np.clip(whole / root[:, None] / root[None, :], -1.0, 1.0)
    np.fill_diagonal(correlation, 1.0)
    forms = []
    floors = [part / error[:, None] / error[None, :] for part in (customer, agent)]
    for part in (correlation, *floors):
        form = np.eye(len(columns))
        form[np.ix_(present[there], present[there])] = part[np.ix_(there, there)]
        forms.append(form)
    return forms


def _length(steps: Numbers, forms: Sequence[Numbers]) -> float:
    """The length of a combination of steps under the largest of the correlation forms."""
    squares = [float(np.sum(steps[:, None] * form * steps[None, :])) for form in forms]
    return math.sqrt(max(0.0, *squares))
