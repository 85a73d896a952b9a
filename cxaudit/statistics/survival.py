"""Quantiles and restricted means of durations, where some cases are still open (censored)."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from cxaudit.statistics.averaged_curve import curve_of
from cxaudit.statistics.estimate import Cases, Estimate, clustering
from cxaudit.statistics.influence import Influence, TwoWay, two_way
from cxaudit.statistics.intervals import expit, log_limits, logit, t_quantile, wilson
from cxaudit.statistics.strata import Mixed, Strata, mixed, placed

# Logarithms of durations: less than a second counts as one second.
SHORTEST_SECONDS = 1.0

CARRIED_FORWARD = "in some strata no case was followed that long: their curves are carried forward"


@dataclass(frozen=True)
class CurveQuantile:
    """A quantile of a survival curve with Woodruff's limits and its influence on the log scale."""

    value: float | None  # None: never reached
    low: float | None
    high: float | None  # None: not reached
    longest: float
    influence: Influence | None  # None: not reached, or too many equal durations for a density
    spread: TwoWay  # of the survival at the quantile (at the longest follow-up when not reached)


def survival_quantile(cases: Cases, quantile: float, strata: Strata | None = None) -> Estimate:
    """The time by which the share `quantile` of cases has had the event, by Kaplan-Meier.

    Columns: `seconds`, `event` (1: the event ended them, 0: still open then), `weight` if it is
    there. With `strata`: the quantile of the strata's averaged curve. Limits are Woodruff's (where
    the curve's own band crosses); `high` is None when the band never comes down so far. A
    quantile that is never reached has no value: it is more than the longest follow-up, or than
    Woodruff's lower limit where that is shorter (`low`), and `not_reached` is true.
    """
    cases, outside, placing = placed(cases, strata)
    base, missing, notes = followed(cases)
    missing, notes = missing + outside, placing + notes
    if len(base) == 0:
        return Estimate.nothing("log", 0, missing, notes=notes)
    mix = mixed(base, strata)
    found = curve_quantile(base, quantile, mix)
    notes += mix.notes
    if found.value is not None and found.value > found.longest:
        notes += (CARRIED_FORWARD,)
    se = None
    if found.influence is not None:
        se = math.sqrt(two_way(found.influence).variance)
    elif found.value is not None:
        notes += ("too many equal durations for a standard error",)
    return Estimate(
        found.value,
        found.low,
        found.high,
        se,
        "log",
        found.spread.df,
        found.influence,
        cases=len(base),
        missing=missing,
        method=f"Woodruff, {clustering(found.spread)}",
        effective_customers=found.spread.effective_customers,
        effective_agents=found.spread.effective_agents,
        not_reached=found.value is None,
        notes=notes,
        longest_seconds=found.longest,
    )


def quantile(cases: Cases, q: float) -> Estimate:
    """The quantile `q` of the positive column `value`: the smallest value at or below which a share
    q lies.

    NaN is left out and counted. Limits and influence as in `survival_quantile`, with nothing
    censored.
    """
    base, missing = cases.known("value")
    if len(base) == 0:
        return Estimate.nothing("log", 0, missing)
    values = base.numbers("value")
    unit = float(np.min(values))
    if unit <= 0.0:
        note = "values of zero or less have no quantile on the log scale"
        return Estimate.nothing("log", len(base), missing, notes=(note,))
    columns = {**base.columns, "seconds": values / unit, "event": np.ones(len(base))}
    found = survival_quantile(replace(base, columns=columns), q)
    return replace(
        found,
        value=None if found.value is None else found.value * unit,
        low=None if found.low is None else found.low * unit,
        high=None if found.high is None else found.high * unit,
        longest_seconds=None,
        missing=missing,
    )


def survival_mean(cases: Cases, tau_seconds: float, strata: Strata | None = None) -> Estimate:
    """The mean time counted up to `tau_seconds` (restricted mean), by Kaplan-Meier, limits on the
    log scale.

    Columns: `seconds`, `event`, `weight` if it is there. With `strata`: the mix of the strata's
    means. When the follow-up ends before tau with cases still open, the curve
    is carried forward and a note says so. Where the clusters tell nothing (nobody had the event
    within tau, or all at once), the limits are tau times Wilson's and there is no influence.
    """
    cases, outside, placing = placed(cases, strata)
    base, missing, notes = followed(cases)
    missing, notes = missing + outside, placing + notes
    if len(base) == 0:
        return Estimate.nothing("log", 0, missing, notes=notes)
    mix = mixed(base, strata)
    curve = curve_of(base, mix)
    mean, influence = curve.restricted_mean(tau_seconds)
    notes += mix.notes
    if curve.longest < tau_seconds and curve.is_open_at_the_end:
        days = curve.longest / 86400
        notes += (
            f"no case was followed longer than {days:.1f} days: the curve is carried forward",
        )
    spread = two_way(base.influence(influence))
    value = max(mean, SHORTEST_SECONDS)
    column: Influence | None = None
    se = None
    if spread.variance > 0.0:
        column = base.influence(influence / value)
        se = math.sqrt(spread.variance) / value
        low, high = log_limits(value, se, spread.df)
    else:
        low, high = wilson(mean / tau_seconds, base.effective_size(), spread.df)
        low, high = tau_seconds * low, tau_seconds * high
    return Estimate(
        value,
        max(low, SHORTEST_SECONDS),
        min(high, tau_seconds),
        se,
        "log",
        spread.df,
        column,
        cases=len(base),
        missing=missing,
        method=f"log, {clustering(spread)}" if se else "Wilson, no spread",
        effective_customers=spread.effective_customers,
        effective_agents=spread.effective_agents,
        notes=notes,
        longest_seconds=curve.longest,
    )


def followed(cases: Cases) -> tuple[Cases, int, tuple[str, ...]]:
    """The cases with a known, non-negative duration and a known end; how many are left out; notes
    on them.
    """
    known, missing = cases.known("seconds", "event")
    negative = known.numbers("seconds") < 0.0
    left_out = int(np.sum(negative))
    notes = (f"negative durations left out: {left_out}",) if left_out else ()
    return known.only(~negative), missing + left_out, notes


def curve_quantile(base: Cases, q: float, mix: Mixed | None = None) -> CurveQuantile:
    """The quantile `q` of the survival curve of `base` (not empty), in seconds, at least 1."""
    table = curve_of(base, mix or mixed(base, None))
    reached = table.first_at_or_below(1.0 - q)
    at = table.longest if reached is None else reached
    psi = base.influence(table.survival_influence(at))
    spread = two_way(psi)
    # Where the quantile is not reached, the curve ends at another height than 1 - q.
    height = 1.0 - q if reached is not None else table.survival_at(at)
    band = survival_band(q, spread, height)
    low = _at_least_a_second(table.first_at_or_below(band[1]))
    high = _at_least_a_second(table.first_at_or_below(band[0]))
    longest = max(table.longest, SHORTEST_SECONDS)
    if reached is None:
        low = longest if low is None else min(low, longest)
        return CurveQuantile(None, low, None, longest, None, spread)
    value = max(reached, SHORTEST_SECONDS)
    density = log_density(q, band, low, value, high)
    influence = psi.scaled(1.0 / density) if math.isfinite(density) else None
    return CurveQuantile(value, low, high, longest, influence, spread)


def survival_band(q: float, spread: TwoWay, survival: float) -> tuple[float, float]:
    """The 95 % band around a survival of 1 - q, from the variance of the curve where it is
    `survival`, on the logit scale.
    """
    slope = survival * (1.0 - survival)
    half = t_quantile(spread.df) * math.sqrt(spread.variance) / slope if slope > 0.0 else 0.0
    return expit(logit(1.0 - q) - half), expit(logit(1.0 - q) + half)


def log_density(
    q: float, band: tuple[float, float], low: float | None, value: float, high: float | None
) -> float:
    """The density of the log duration at its quantile: the slope between Woodruff's limits.

    One-sided when the upper limit is not reached; infinite when the limits coincide.
    """
    low = value if low is None else low
    drop, log_width = (
        (band[1] - (1.0 - q), math.log(value / low))
        if high is None
        else (band[1] - band[0], math.log(high / low))
    )
    return drop / log_width if log_width > 0.0 else math.inf


def _at_least_a_second(seconds: float | None) -> float | None:
    return None if seconds is None else max(seconds, SHORTEST_SECONDS)
