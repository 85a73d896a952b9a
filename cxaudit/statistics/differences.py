"""The difference between two periods' estimates, with what their customers and agents share."""

from __future__ import annotations

import math
from dataclasses import dataclass

from scipy.special import ndtr, ndtri, stdtr, stdtrit

from cxaudit.statistics.estimate import Estimate
from cxaudit.statistics.influence import Influence, contrast
from cxaudit.statistics.intervals import exp, t_quantile

NATURAL, RELATIVE = "natural", "relative"
POWER = 0.8
SHARED = "t, shared customers and agents"
APART = "own limits combined, periods taken as independent"
CENSUS = "census"


@dataclass(frozen=True)
class Difference:
    """How far an estimate lies from an earlier one: now less before, or now / before - 1.

    `scale` says which: 'natural' (shares 0-1, the estimate's own unit) or 'relative' (times and
    ratios: -0.1 is 10 % less). `se` is on the natural scale, or on that of ln(now / before).
    `detectable` is the smallest true difference that four in five such comparisons would show; on
    the relative scale, the smallest increase. None where there is nothing to tell; a limit that is
    None is open.
    """

    value: float | None
    low: float | None
    high: float | None
    se: float | None
    df: float | None
    p: float | None
    scale: str
    detectable: float | None
    method: str


def difference(now: Estimate, before: Estimate) -> Difference:
    """The difference of two estimates of one indicator, with its 95 % limits and p value.

    Both come from one audit: a customer (and an agent) has the same code in both periods, and what
    he does to both cancels. The variance is that of the two influence columns together, clustered
    by customer and by agent, with the floor of each contrast and its own degrees of freedom. The
    test is two-sided by t and agrees with the limits.

    Without influence in one period (0 of n, n of n, an intraclass correlation) the two own
    intervals are combined as if the periods were independent (MOVER), which is the wider choice. A
    quantile not reached in one period gives the one limit that is known; not reached in both, or no
    figure in one: nothing.
    """
    scale = _scale(now, before)
    if now.value is None or before.value is None:
        return _without_value(now, before, scale)
    relative = scale == RELATIVE
    ends = [_on(scale, estimate) for estimate in (now, before)]
    point = ends[0][0] - ends[1][0]
    df = min((e.df for e in (now, before) if e.df is not None), default=math.inf)
    columns = [_influence(scale, estimate) for estimate in (now, before)]
    present = [column for column in columns if column is not None]
    error = 0.0
    if len(present) == 2:
        variance, df_together = contrast(present, (1.0, -1.0))
        error = math.sqrt(variance)
    if error > 0.0:
        df = df_together
        down = up = t_quantile(df) * error
        method = SHARED
    else:
        down, up = _own_limits(*ends)
        exact = down == up == 0.0
        method = CENSUS if exact else APART
    low, high = point - down, point + up
    if not relative and now.scale in ("logit", "log F"):
        low, high = max(-1.0, low), min(1.0, high)
    toward_zero = down if point > 0.0 else up
    t = t_quantile(df)
    se = error if error > 0.0 else (down + up) / 2.0 / t
    return Difference(
        value=_back(scale, point),
        low=_open(_back(scale, low)),
        high=_open(_back(scale, high)),
        se=_open(se),
        df=df,
        p=p_value(point, toward_zero / t, df),
        scale=scale,
        detectable=_open(_back(scale, (t + _power_quantile(df)) * se)),
        method=method,
    )


def p_value(value: float, se: float, df: float) -> float:
    """The two-sided p value by t; without any error 0, and 1 for a value of 0."""
    if se == 0.0:
        return 1.0 if value == 0.0 else 0.0
    ratio = -abs(value) / se
    return 2.0 * float(ndtr(ratio) if math.isinf(df) else stdtr(df, ratio))


def _scale(now: Estimate, before: Estimate) -> str:
    """Relative for positive values on the logarithm; a ratio of 0 has no logarithm."""
    values = [e.value for e in (now, before) if e.value is not None]
    logarithmic = all(e.scale == "log" and e.offset == 0.0 for e in (now, before))
    return RELATIVE if logarithmic and all(value > 0.0 for value in values) else NATURAL


def _on(scale: str, estimate: Estimate) -> tuple[float, float, float]:
    """Value and limits on the scale of the difference; an open limit is infinite."""
    value = estimate.value
    assert value is not None  # the caller has made sure of it
    low = -math.inf if estimate.low is None else estimate.low
    high = math.inf if estimate.high is None else estimate.high
    if scale == NATURAL:
        return value, low, high
    return math.log(value), math.log(low) if low > 0.0 else -math.inf, math.log(high)


def _influence(scale: str, estimate: Estimate) -> Influence | None:
    """The influence on the scale of the difference; None where it does not tell the variance."""
    value, column = estimate.value, estimate.influence
    if column is None or value is None or not estimate.se or estimate.scale == "log F":
        return None
    if scale == RELATIVE or estimate.scale == "identity":
        return column
    if estimate.scale == "logit":
        return column.scaled(value * (1.0 - value))
    return column.scaled(value + estimate.offset)


def _own_limits(
    now: tuple[float, float, float], before: tuple[float, float, float]
) -> tuple[float, float]:
    """How far the limits of the difference lie below and above it, from those of both figures."""
    return (
        math.hypot(now[0] - now[1], before[2] - before[0]),
        math.hypot(now[2] - now[0], before[0] - before[1]),
    )


def _without_value(now: Estimate, before: Estimate, scale: str) -> Difference:
    """What is known where a quantile was not reached: it is longer than its lower limit."""
    low = high = None
    method = "no figure in one of the periods"
    if now.not_reached or before.not_reached:
        method = "not reached: the limit that is known"
        if now.low and before.high and before.value is not None:
            low = now.low / before.high - 1.0
        elif now.high and before.low and now.value is not None:
            high = now.high / before.low - 1.0
    return Difference(None, low, high, None, None, None, scale, None, method)


def _power_quantile(df: float) -> float:
    return float(ndtri(POWER) if math.isinf(df) else stdtrit(df, POWER))


def _back(scale: str, value: float) -> float:
    return exp(value) - 1.0 if scale == RELATIVE else value


def _open(limit: float) -> float | None:
    return limit if math.isfinite(limit) else None
