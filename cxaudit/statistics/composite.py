"""The interval of a score made of several indicators, or of another sum of functions of estimates.

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
from cxaudit.statistics.influence import (
    Numbers,
    agents_do_not_differ,
    chance_factor,
    covariance,
    quadratic,
)
from cxaudit.statistics.intervals import exp, expit, logit, t_quantile
from cxaudit.statistics.shares import smallest

Utility = Callable[[float], float]
STEP = 1e-5  # on the scale of the estimate; a central difference averages the two slopes at a kink
NEAR_AN_END = 1e-9
SCORES = (0.0, 100.0)


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

    def touches(self, ends: tuple[float, float]) -> bool:
        """Whether a limit lies at one of these ends of its scale."""
        return any(
            limit <= ends[0] + NEAR_AN_END or limit >= ends[1] - NEAR_AN_END
            for limit in (self.at_low, self.at_high)
        )


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
    low, high, touching = limits_of_sum(estimates, coefficients, utilities, SCORES)
    return max(ends[0], low), min(ends[1], high), touching >= 2


def limits_of_sum(
    estimates: Sequence[Estimate],
    coefficients: Sequence[float],
    functions: Sequence[Utility],
    clipped: tuple[float, float] | None = None,
) -> tuple[float, float, int]:
    """The limits of sum of coefficient x function(estimate), and how many intervals reach an end of
    `clipped`.

    MOVER. With `clipped`, the values at which the functions are cut off, the hull with the delta
    method's limits is taken when some interval reaches one of them. For the rest see `composite`.
    """
    if not len(estimates) == len(coefficients) == len(functions):
        sizes = f"{len(estimates)}, {len(coefficients)} and {len(functions)}"
        raise Fault(Problem("statistics.composite", "arguments of different length", sizes))
    used = [entry for entry in zip(estimates, coefficients, functions, strict=True) if entry[1]]
    if not used:
        raise Fault(Problem("statistics.composite", "no estimate with a coefficient"))
    weights = np.array([coefficient for _, coefficient, _ in used], dtype=np.float64)
    indicators = [_indicator(e, function) for e, _, function in used]
    forms = _Forms.of([estimate for estimate, _, _ in used])
    point = math.fsum(w * i.score for w, i in zip(weights, indicators, strict=True))
    worst, best = _steps_to_limits(indicators, weights)
    low, high = point - forms.length(worst), point + forms.length(best)
    touching = 0 if clipped is None else sum(i.touches(clipped) for i in indicators)
    if touching:
        half = forms.length(weights * np.array([i.reach for i in indicators]))
        low, high = min(low, point - half), max(high, point + half)
    return low, high, touching


def _indicator(estimate: Estimate, utility: Utility) -> _Indicator:
    value = estimate.value
    if value is None and estimate.not_reached:
        value = math.inf
    if value is None:
        raise Fault(Problem("statistics.composite", "an estimate without a value has no score"))
    at_low = utility(-math.inf if estimate.low is None else estimate.low)
    at_high = utility(math.inf if estimate.high is None else estimate.high)
    half_range = 0.5 * (at_high - at_low)
    t = _t(estimate.df)
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


@dataclass(frozen=True)
class _Forms:
    """The parts of the covariance of several estimates, in units of their standard errors.

    An estimate without influence is on its own: 1 on each diagonal.
    """

    estimates: Sequence[Estimate]
    correlation: Numbers  # of the whole covariance
    customer: Numbers
    agent: Numbers
    row: Numbers
    by_chance: Numbers  # the agent part where agents do not differ

    @classmethod
    def of(cls, estimates: Sequence[Estimate]) -> _Forms:
        """The forms of these estimates, in their order."""
        columns = {k: e.influence for k, e in enumerate(estimates) if e.influence and e.se}
        errors = np.array([estimates[k].se for k in columns], dtype=np.float64)
        customer, agent, row = (
            part / errors[:, None] / errors[None, :] for part in covariance(list(columns.values()))
        )
        whole = customer + agent - row
        own = np.diag(whole)
        root = np.sqrt(np.where(own > 0.0, own, 1.0))
        correlation = np.clip(whole / root[:, None] / root[None, :], -1.0, 1.0)
        np.fill_diagonal(correlation, 1.0)
        factor = np.sqrt([chance_factor(column) for column in columns.values()])
        by_chance = factor[:, None] * row * factor[None, :]
        places = np.array(list(columns), dtype=int)
        forms = []
        for part in (correlation, customer, agent, row, by_chance):
            form = np.eye(len(estimates))
            form[np.ix_(places, places)] = part
            forms.append(form)
        return cls(estimates, *forms)

    def length(self, steps: Numbers) -> float:
        """The length of a combination of steps: the root of its variance.

        A step goes as far as the t quantile of its own estimate; the sum has degrees of freedom of
        its own (what agents do to two periods may cancel), which all steps are brought to.
        """
        by_t = [e for e in self.estimates if _is_by_t(e)]
        customers = smallest([e.effective_customers for e in by_t])
        agents = smallest([e.effective_agents for e in by_t])
        forms = [self.correlation, self.customer, self.agent]
        df = smallest([e.df for e in by_t])
        if agents is not None and customers is not None:
            parts = (quadratic(self.agent, steps), quadratic(self.by_chance, steps))
            if agents_do_not_differ(*parts, agents):
                forms, df = [self.customer, self.row], max(1.0, customers - 1.0)
            else:
                df = max(1.0, min(customers, agents) - 1.0)
        stretch = [_t(df) / _t(e.df) if _is_by_t(e) else 1.0 for e in self.estimates]
        return math.sqrt(max(0.0, *(quadratic(form, steps * stretch) for form in forms)))


def _is_by_t(estimate: Estimate) -> bool:
    """Whether its limits are so many t quantiles from it, with clusters it may share."""
    return estimate.influence is not None and estimate.scale != "log F"


def _t(df: float | None) -> float:
    return t_quantile(math.inf if df is None else df)
