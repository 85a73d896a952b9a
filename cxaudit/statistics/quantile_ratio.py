"""How predictable a wait is: how much longer the slow tenth waits than the middle."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from cxaudit.statistics.estimate import Cases, Estimate, clustering
from cxaudit.statistics.influence import Numbers, joined, two_way
from cxaudit.statistics.intervals import log_limits
from cxaudit.statistics.survival import CurveQuantile, curve_quantile, followed


def quantile_ratio(
    strata: Sequence[tuple[float, Cases]], lower: float = 0.5, upper: float = 0.9
) -> Estimate:
    """The sum over strata of share x (quantile `upper` / quantile `lower`), both by Kaplan-Meier.

    `strata`: (share, cases with `seconds` and `event`); shares are renormalised over the strata
    that enter. Where the upper quantile is not reached the longest follow-up stands in: the result
    is to be read as "at least" (`not_reached`, no upper limit). A stratum that never reaches the
    lower quantile is left out and counted in a note. Influence by the chain rule, on the log scale.
    """
    measured: list[tuple[float, Cases, CurveQuantile, CurveQuantile]] = []
    notes: tuple[str, ...] = ()
    missing, without_lower, count = 0, 0, 0
    for portion, cases in strata:
        base, left_out, found_notes = followed(cases)
        missing += left_out
        notes = tuple(dict.fromkeys((*notes, *found_notes)))
        if len(base) == 0:
            continue
        middle = curve_quantile(base, lower)
        if middle.value is None:
            without_lower += 1
            continue
        count += len(base)
        measured.append((portion, base, middle, curve_quantile(base, upper)))
    if without_lower:
        notes += (f"strata that never reach the quantile {lower:g} left out: {without_lower}",)
    total = math.fsum(portion for portion, *_ in measured)
    if not measured or total <= 0.0:
        return Estimate.nothing("log", count, missing, notes=notes, groups=0)
    value, columns = 0.0, []
    for portion, base, middle, tail in measured:
        ratio = _seconds(tail) / _seconds(middle)
        value += portion / total * ratio
        change = _log_change(tail, len(base)) - _log_change(middle, len(base))
        columns.append(base.influence(portion / total * ratio * change))
    not_reached = sum(tail.value is None for *_, tail in measured)
    if not_reached:
        notes += (f"strata whose quantile {upper:g} is the longest follow-up: {not_reached}",)
    influence = joined(columns).scaled(1.0 / value)
    spread = two_way(influence)
    se = math.sqrt(spread.variance)
    low, high = log_limits(value, se, spread.df)
    return Estimate(
        value,
        max(1.0, low),
        None if not_reached else high,
        se,
        "log",
        spread.df,
        influence if se > 0.0 else None,
        cases=count,
        missing=missing,
        method=f"log, {clustering(spread)}",
        effective_customers=spread.effective_customers,
        effective_agents=spread.effective_agents,
        not_reached=not_reached > 0,
        notes=notes,
        groups=len(measured),
    )


def _seconds(found: CurveQuantile) -> float:
    return found.longest if found.value is None else found.value


def _log_change(found: CurveQuantile, size: int) -> Numbers:
    """The influence on ln quantile; zero where a stand-in or equal durations leave none."""
    return np.zeros(size) if found.influence is None else found.influence.value
