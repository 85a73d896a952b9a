"""How far apart groups (channels) are, beyond chance."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from cxaudit.statistics.estimate import Cases, Estimate
from cxaudit.statistics.influence import Numbers, effective_clusters, two_way
from cxaudit.statistics.intervals import identity_limits

LARGEST_NUMBER_OF_BLOCKS = 200
BISECTIONS = 80


@dataclass(frozen=True)
class Gap:
    """The mean distance of group shares from their mean, as observed and shrunk by what chance
    explains.
    """

    raw: float
    shrunk: float


def gap(cases: Cases, min_per_group: int) -> Estimate:
    """The mean distance of the groups' shares from the overall share, beyond chance; share points.

    Columns: `value` (1, 0 or NaN), `group` (int). Groups under `min_per_group` answers are left out
    and counted in a note. Each share is shrunk towards the mean by tau2 / (tau2 + se2), with se2
    from the two-way clustered influence in the group and tau2 by Paule and Mandel; the result is
    the mean of |shrunk share - mean|, weighted by the share of answers like the mean itself.
    `groups` is the number of groups that entered.

    Limits: jackknife, leaving out one agent at a time (customers in 200 blocks when there are no
    agents; more than 200 agents go in 200 blocks too), with the design effect of each group held.
    Two corrections, because the shrunk distance errs low as the raw one errs high. The variance is
    not below that of the raw distance: where shrinking ends at 0 the jackknife would see no
    variance at all. The upper limit is taken from midway between the two (in simulation, 95 %
    limits around the shrunk distance alone cover 85 to 93 % when groups differ by little).
    """
    known, missing = cases.known("value", "group")
    groups, place, sizes = np.unique(
        known.numbers("group"), return_inverse=True, return_counts=True
    )
    enough = sizes >= min_per_group
    few = int(np.sum(~enough))
    notes = (f"groups under {min_per_group} answers left out: {few}",) if few else ()
    base = known.only(enough[place])
    count, used = len(base), int(np.sum(enough))
    if used < 2:
        reason = "fewer than two groups to compare"
        return Estimate.nothing("identity", count, missing, notes=(*notes, reason), groups=used)
    values = base.numbers("value")
    _, place = np.unique(base.numbers("group"), return_inverse=True)
    effects = np.array(
        [_design_effect(base.only(place == g), values[place == g]) for g in range(used)]
    )
    blocks, unit = _blocks(base)
    size = int(blocks.max()) + 1
    cell = blocks * used + place
    answers = np.bincount(cell, minlength=size * used).reshape(size, used).astype(np.float64)
    hits = np.bincount(cell, weights=values, minlength=size * used).reshape(size, used)
    all_answers, all_hits = answers.sum(axis=0), hits.sum(axis=0)
    whole = _gap(all_hits, all_answers, effects)
    left_out = [_gap(all_hits - hits[b], all_answers - answers[b], effects) for b in range(size)]
    variance = max(
        math.fsum((one.shrunk - whole.shrunk) ** 2 for one in left_out),
        math.fsum((one.raw - whole.raw) ** 2 for one in left_out),
    )
    se = math.sqrt(variance)
    clusters = effective_clusters(blocks)
    df = max(1.0, clusters - 1.0)
    low, _ = identity_limits(whole.shrunk, se, df)
    _, high = identity_limits(0.5 * (whole.shrunk + whole.raw), se, df)
    return Estimate(
        whole.shrunk,
        max(0.0, low),
        min(1.0, high),
        se,
        "identity",
        df,
        None,
        cases=count,
        missing=missing,
        method=f"jackknife over {unit}",
        effective_customers=effective_clusters(base.customer),
        effective_agents=None if base.agent is None else effective_clusters(base.agent),
        notes=(*notes, f"before shrinking {100 * whole.raw:.1f} points"),
        groups=used,
    )


def _gap(hits: Numbers, answers: Numbers, effects: Numbers) -> Gap:
    """The distance among groups with these hits and answers; empty groups do not count."""
    there = answers > 0.0
    hits, answers, effects = hits[there], answers[there], effects[there]
    if answers.size < 2:
        return Gap(0.0, 0.0)
    shares, weights = hits / answers, answers / np.sum(answers)
    distance = np.abs(shares - np.sum(weights * shares))
    variances = effects * _plain_variance(hits, answers)
    between = paule_mandel(shares, variances)
    kept = between / (between + variances)
    return Gap(float(np.sum(weights * distance)), float(np.sum(weights * kept * distance)))


def paule_mandel(estimates: Numbers, variances: Numbers) -> float:
    """The variance between groups at which the weighted squares equal their expectation; 0 when
    they are less.
    """
    expected = estimates.size - 1.0

    def excess(between: float) -> float:
        weights = 1.0 / (variances + between)
        centre = np.sum(weights * estimates) / np.sum(weights)
        return float(np.sum(weights * (estimates - centre) ** 2)) - expected

    if excess(0.0) <= 0.0:
        return 0.0
    low, high = 0.0, float(np.sum((estimates - np.mean(estimates)) ** 2)) / expected
    while excess(high) > 0.0:
        high *= 2.0
    for _ in range(BISECTIONS):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if excess(middle) > 0.0 else (low, middle)
    return 0.5 * (low + high)


def _design_effect(cases: Cases, values: Numbers) -> float:
    """The clustered variance of a group's share over the variance its rows alone would give."""
    count = values.size
    share = float(np.sum(values)) / count
    plain = share * (1.0 - share) / count
    if plain <= 0.0:
        return 1.0
    return two_way(cases.influence((values - share) / count)).variance / plain


def _plain_variance(hits: Numbers, answers: Numbers) -> Numbers:
    """p (1 - p) / n, with one hit and one miss added where a group has none, so that it is never
    zero.
    """
    extreme = (hits <= 0.0) | (hits >= answers)
    share = np.where(extreme, (hits + 1.0) / (answers + 2.0), hits / answers)
    return share * (1.0 - share) / answers


def _blocks(base: Cases) -> tuple[np.ndarray, str]:
    """The block of each case (0, 1, ...), and what the blocks are made of."""
    codes, unit = (base.customer, "customers") if base.agent is None else (base.agent, "agents")
    _, rank = np.unique(codes, return_inverse=True)
    number = int(rank.max()) + 1
    if number > LARGEST_NUMBER_OF_BLOCKS:
        return rank % LARGEST_NUMBER_OF_BLOCKS, f"{LARGEST_NUMBER_OF_BLOCKS} blocks of {unit}"
    return rank, unit
