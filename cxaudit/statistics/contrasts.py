"""One share against another of the same service: the difference of two incidences, the ratio of two
shares.

The limits combine the two figures' own limits (MOVER), so they hold at 0 of n and at n of n too.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from cxaudit.statistics.composite import limits_of_sum
from cxaudit.statistics.estimate import Cases, Estimate, clustering
from cxaudit.statistics.incidence import cumulative_incidence
from cxaudit.statistics.influence import joined, two_way
from cxaudit.statistics.intervals import exp
from cxaudit.statistics.shares import share, smallest


def incidence_difference(after: Cases, before: Cases, window_seconds: float) -> Estimate:
    """The cumulative incidence `after` something less that `before` it, among the same customers.

    Columns of both as in `cumulative_incidence`. Clustered over both, on the scale of share points
    (-1 to 1); where one of the two is 0 or 1 there is no influence. `cases` counts those after;
    those before are in a note.
    """
    first, second = (cumulative_incidence(cases, window_seconds) for cases in (after, before))
    notes: tuple[str, ...] = (f"cases before: {second.cases}",)
    if first.value is None or second.value is None:
        missing = first.missing + second.missing
        notes = (*_notes([first, second]), *notes)
        return Estimate.nothing("identity", first.cases, missing, notes=notes)
    low, high, _ = limits_of_sum((first, second), (1.0, -1.0), (float, float))
    slopes = [leg * (1.0 - leg) for leg in (first.value, second.value)]
    found = _contrast(
        first.value - second.value,
        (max(-1.0, low), min(1.0, high)),
        "identity",
        (first, second),
        (slopes[0], -slopes[1]),
    )
    return replace(found, cases=first.cases, notes=found.notes + notes)


def share_ratio(peak: Cases, other: Cases) -> Estimate:
    """The share of hits in `peak` over that in the `other` cases, on the log scale.

    Columns and deadline rule of both as in `share`. No value when nothing hits among the others; no
    influence where one of the shares is 0 or 1. `cases` counts both.
    """
    top, bottom = share(peak), share(other)
    if top.value is None or not bottom.value:
        unknown = top.value is None or bottom.value is None
        reason = "no cases to compare" if unknown else "nothing hits in the cases compared with"
        return _nothing((top, bottom), reason)
    if top.value > 0.0:
        low, high, _ = limits_of_sum((top, bottom), (1.0, -1.0), (math.log, math.log))
        limits = exp(low), exp(high)
    else:
        limits = 0.0, (top.high or 0.0) / (bottom.low or bottom.value)
    slopes = (1.0 - top.value, bottom.value - 1.0)
    return _contrast(top.value / bottom.value, limits, "log", (top, bottom), slopes)


def mean_of_ratios(parts: Sequence[tuple[float, Cases, Cases]]) -> Estimate:
    """The mean of the parts' ratios of shares, weighted with a fixed mix, on the log scale.

    `parts`: (share of the mix, peak cases, other cases), for example one per channel, each as in
    `share_ratio`. Parts without a ratio are left out, the mix renormalised, and a note says so.
    `groups` is the number of parts that entered.
    """
    ratios = [(portion, share_ratio(peak, other)) for portion, peak, other in parts]
    used = [(portion, r) for portion, r in ratios if r.value is not None and portion > 0.0]
    whole = math.fsum(portion for portion, _ in ratios)
    there = math.fsum(portion for portion, _ in used)
    notes: tuple[str, ...] = ()
    if len(used) < len(ratios):
        gone = 100.0 * (1.0 - there / whole) if whole > 0.0 else 100.0
        number = len(ratios) - len(used)
        notes = (f"parts without a ratio left out: {number} ({gone:.1f} % of the mix)",)
    if not used:
        return replace(_nothing([ratio for _, ratio in ratios], *notes), groups=0)
    legs, portions = [ratio for _, ratio in used], [portion / there for portion, _ in used]
    values = [portion * (leg.value or 0.0) for portion, leg in zip(portions, legs, strict=True)]
    value = math.fsum(values)
    low, high, _ = limits_of_sum(legs, portions, [float] * len(legs))
    slopes = [part / value if value else 0.0 for part in values]
    found = _contrast(value, (max(0.0, low), high), "log", legs, slopes)
    missing = sum(ratio.missing for _, ratio in ratios)
    return replace(found, missing=missing, notes=found.notes + notes, groups=len(legs))


def _contrast(
    value: float,
    limits: tuple[float, float],
    scale: str,
    legs: Sequence[Estimate],
    slopes: Sequence[float],
) -> Estimate:
    """The estimate with these limits; `slopes` take the legs' influences to its scale."""
    columns = [
        leg.influence.scaled(slope)
        for leg, slope in zip(legs, slopes, strict=True)
        if leg.influence is not None
    ]
    column = joined(columns) if len(columns) == len(legs) else None
    spread = None if column is None else two_way(column)
    return Estimate(
        value,
        *limits,
        None if spread is None else math.sqrt(spread.variance),
        scale,
        smallest([leg.df for leg in legs]),
        column,
        cases=sum(leg.cases for leg in legs),
        missing=sum(leg.missing for leg in legs),
        not_yet_due=sum(leg.not_yet_due for leg in legs),
        method="MOVER" if spread is None else f"MOVER, {clustering(spread)}",
        effective_customers=smallest([leg.effective_customers for leg in legs]),
        effective_agents=smallest([leg.effective_agents for leg in legs]),
        notes=_notes(legs),
    )


def _nothing(legs: Sequence[Estimate], *reasons: str) -> Estimate:
    return Estimate.nothing(
        "log",
        sum(leg.cases for leg in legs),
        sum(leg.missing for leg in legs),
        sum(leg.not_yet_due for leg in legs),
        (*_notes(legs), *reasons),
    )


def _notes(legs: Sequence[Estimate]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(note for leg in legs for note in leg.notes))
