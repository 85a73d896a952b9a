"""How much a share swings from week to week, beyond chance and beyond a trend."""

from __future__ import annotations

import math

import numpy as np

from cxaudit.statistics.analysis_of_variance import GroupSums, stretched_f
from cxaudit.statistics.estimate import Cases, Estimate
from cxaudit.statistics.influence import Codes, Numbers, effective_clusters


def week_spread(cases: Cases, min_per_week: int) -> Estimate:
    """The standard deviation of the weekly share around a straight line, sampling noise taken off;
    share points.

    Columns: `value` (1, 0 or NaN), `week` (int, consecutive weeks have consecutive numbers). A week
    with fewer than `min_per_week` answers is put together with the week after it (the last one with
    the week before) into a fortnight; what is still under the minimum is left out and counted in a
    note. `groups` is the number of weeks (or fortnights) that entered.

    One-way analysis of variance of the detrended values, weeks - 2 degrees of freedom between:
    square root of max(0, (MSB - MSW) / n0), n0 being the answers per week that the detrended MSB
    contains. Limits: F, scaled as for the variance share with weeks in the place of agents; where
    even the upper one is 0, that of weeks which differ as much as chance makes them. No influence:
    weeks are blocks of their own, shared with no other indicator.
    """
    known, missing = cases.known("value", "week")
    if len(known) == 0:
        return Estimate.nothing("log F", 0, missing, groups=0)
    group, notes = _blocks(known.numbers("week").astype(np.int64), min_per_week)
    base = known.only(group >= 0)
    group = group[group >= 0]
    weeks = int(np.unique(group).size)
    count = len(base)
    if weeks < 4:
        reason = "fewer than four weeks: no spread beside a trend"
        return Estimate.nothing("log F", count, missing, notes=(*notes, reason), groups=weeks)
    values, week = base.numbers("value"), base.numbers("week")
    sizes = np.bincount(group).astype(np.float64)
    centre = (np.bincount(group, weights=week) / sizes)[group]
    slope, residuals = _detrended(values, centre)
    notes += (f"trend taken off: {100 * slope:+.3f} points per week",)
    sums = GroupSums.of(residuals, group)
    if GroupSums.of(values, group).is_constant:
        reason = "all answers are equal: there is no swing to see"
        return Estimate.nothing("log F", count, missing, notes=(*notes, reason), groups=weeks)
    df_between, df_within = float(weeks - 2), float(count - weeks)
    within = sums.within / df_within
    ratio = (sums.between / df_between) / within if within > 0.0 else math.inf
    average = _answers_per_week(sizes, centre, group) / df_between
    effective = effective_clusters(group)
    if not 0.0 < ratio < math.inf:
        reason = "no variance within weeks" if within <= 0.0 else "no variance between weeks"
        return Estimate.nothing("log F", count, missing, notes=(*notes, reason), groups=weeks)
    by_week = np.bincount(sums.place, weights=sums.f_influence())
    observed = weeks / df_between * float(np.sum(by_week**2))
    quantiles = stretched_f(df_between, df_within, observed)

    def swing(true_ratio: float) -> float:
        return math.sqrt(max(0.0, (true_ratio - 1.0) * within / average))

    return Estimate(
        swing(ratio),
        swing(ratio / quantiles.upper),
        swing(ratio / quantiles.lower) or swing(1.0 / quantiles.lower),
        math.sqrt(quantiles.variance),
        "log F",
        max(1.0, effective - 2.0),
        None,
        cases=count,
        missing=missing,
        method="F scaled, weeks",
        effective_customers=effective_clusters(base.customer),
        effective_agents=None if base.agent is None else effective_clusters(base.agent),
        notes=notes,
        groups=weeks,
        span=quantiles.span,
    )


def _blocks(week: Codes, minimum: int) -> tuple[Codes, tuple[str, ...]]:
    """The block (0, 1, ...) of each answer, -1 where it is left out; notes on both."""
    weeks, place, sizes = np.unique(week, return_inverse=True, return_counts=True)
    members: list[list[int]] = []
    waiting: int | None = None  # a week under the minimum, waiting for the next
    for index in range(weeks.size):
        if waiting is not None and weeks[index] == weeks[waiting] + 1:
            members.append([waiting, index])
            waiting = None
            continue
        if waiting is not None:
            members.append([waiting])
        waiting = index if sizes[index] < minimum else None
        if waiting is None:
            members.append([index])
    if waiting is not None:
        alone = bool(members) and len(members[-1]) == 1
        if alone and weeks[members[-1][0]] + 1 == weeks[waiting]:
            members[-1].append(waiting)
        else:
            members.append([waiting])
    block = np.full(weeks.size, -1, dtype=np.int64)
    kept = [group for group in members if sum(sizes[index] for index in group) >= minimum]
    for number, group in enumerate(kept):
        block[group] = number
    fortnights = sum(len(group) == 2 for group in kept)
    left_out = int(np.sum(block < 0))
    notes: tuple[str, ...] = ()
    if fortnights:
        notes += (f"fortnights in place of weeks under {minimum} answers: {fortnights}",)
    if left_out:
        answers = int(np.sum(sizes[block < 0]))
        notes += (f"weeks under {minimum} answers left out: {left_out} ({answers} answers)",)
    return block[place], notes


def _detrended(values: Numbers, week: Numbers) -> tuple[float, Numbers]:
    """The slope of a least-squares line through values against weeks, and what is left of the
    values.
    """
    centred = week - float(np.sum(week)) / week.size
    level = float(np.sum(values)) / values.size
    slope = float(np.sum(centred * (values - level))) / float(np.sum(centred**2))
    return slope, values - level - slope * centred


def _answers_per_week(sizes: Numbers, centre: Numbers, group: Codes) -> float:
    """What the detrended sum of squares between weeks holds of the variance between weeks.

    N - trace((X'DX)^-1 X'D^2X) with D the sizes and X the line: N - sum n^2 / N without a line.
    """
    week = np.bincount(group, weights=centre) / sizes
    total = float(np.sum(sizes))
    week = week - float(np.sum(sizes * week)) / total
    by_level = float(np.sum(sizes**2)) / total
    by_slope = float(np.sum(sizes**2 * week**2)) / float(np.sum(sizes * week**2))
    return total - by_level - by_slope
