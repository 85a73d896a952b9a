"""Shares: of cases that hit, and the plain mean of several such shares."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from cxaudit.errors import Fault, Problem
from cxaudit.statistics.estimate import Cases, Estimate, clustering
from cxaudit.statistics.influence import Influence, Numbers, joined, kish, two_way
from cxaudit.statistics.intervals import effective_cases, wilson
from cxaudit.statistics.life_table import TOLERANCE
from cxaudit.statistics.strata import Strata, mixed, placed, ratio_of_sums


def share(cases: Cases, design_effect: float = 1.0, strata: Strata | None = None) -> Estimate:
    """The share of cases that hit, among those whose deadline has passed.

    Columns: `hit` 1, 0 or NaN (not known); `due` 1, 0 or NaN, all 1 when the column is absent;
    `weight` if it is there. With `strata`: the mix of the strata's shares. The deadline rule, for
    everything that should have happened by a time:

    - due = 1, hit = 1 or 0: a case of the base. "Not happened by the deadline" is hit = 0, a miss.
    - due = 1, hit unknown: left out, counted in `missing`.
    - due = 0: the deadline is still to come. Left out whether it has happened or not (counting only
    early
      hits would flatter), counted in `not_yet_due`.
    - due unknown: not a case. Counted in `missing` when hit is unknown too.

    Limits: Wilson with effective n and t. At 0/n and n/n the clusters tell nothing about the
    variance: no influence, and n / `design_effect` in place of the effective n.
    """
    cases, outside, notes = placed(cases, strata)
    base, hits, missing, not_yet_due = due_cases(cases)
    if len(base) == 0:
        return Estimate.nothing("logit", 0, missing + outside, not_yet_due, notes)
    mix = mixed(base, strata)
    value, influence = ratio_of_sums(base, hits, np.ones(len(base)), mix)
    effective = base.effective_size()
    estimate = share_estimate(
        value, base.influence(influence), effective, effective / design_effect, notes + mix.notes
    )
    return replace(estimate, missing=missing + outside, not_yet_due=not_yet_due)


def due_cases(cases: Cases) -> tuple[Cases, Numbers, int, int]:
    """The cases of the base by the deadline rule with their hits, how many are unknown, and how
    many are not yet due.
    """
    hit = cases.numbers("hit")
    due = cases.numbers("due") if "due" in cases.columns else np.ones(len(cases))
    for name, column in (("hit", hit), ("due", due)):
        if not np.all(np.isnan(column) | (column == 0.0) | (column == 1.0)):
            raise Fault(Problem("statistics.share", f"'{name}' has values other than 0, 1 and NaN"))
    unknown = np.isnan(hit)
    in_base = (due == 1.0) & ~unknown
    missing, not_yet_due = int(np.sum(unknown & (due != 0.0))), int(np.sum(due == 0.0))
    return cases.only(in_base), hit[in_base], missing, not_yet_due


def share_estimate(
    value: float,
    natural: Influence,
    most_effective: float,
    effective_at_bound: float,
    notes: Sequence[str] = (),
) -> Estimate:
    """A share with Wilson's limits, from its influence on the natural scale.

    `most_effective` caps the effective number of cases; `effective_at_bound` stands in for it at 0
    and 1 (rounding errors apart), where the estimate has no influence on the logit scale.
    """
    value = 0.0 if value < TOLERANCE else 1.0 if value > 1.0 - TOLERANCE else value
    spread = two_way(natural)
    inner = 0.0 < value < 1.0
    if inner:
        n_effective = effective_cases(value, spread.variance, most_effective)
        slope = value * (1.0 - value)
        influence, se = natural.scaled(1.0 / slope), float(np.sqrt(spread.variance)) / slope
    else:
        n_effective, influence, se = effective_at_bound, None, None
    low, high = wilson(value, n_effective, spread.df)
    return Estimate(
        value,
        low,
        high,
        se,
        "logit",
        spread.df,
        influence,
        cases=natural.value.size,
        method=f"Wilson, {clustering(spread)}",
        effective_customers=spread.effective_customers,
        effective_agents=spread.effective_agents,
        notes=tuple(notes),
    )


def mean_of_legs(legs: Sequence[Estimate]) -> Estimate:
    """The plain mean of shares (for example response and resolution promises), with one interval.

    Legs without a value are left out. A ticket may be in several legs; its influences add up. When
    a leg is at 0/n or n/n its influence is unknown: the limits are then the means of the legs'
    limits (as if the legs moved together, which is the wider choice) and the result has no
    influence.
    """
    used = [leg for leg in legs if leg.value is not None]
    missing = sum(leg.missing for leg in legs)
    not_yet_due = sum(leg.not_yet_due for leg in legs)
    if not used:
        return Estimate.nothing("logit", 0, missing, not_yet_due, groups=0)
    count = sum(leg.cases for leg in used)
    value = _mean([leg.value for leg in used])
    notes = tuple(dict.fromkeys(note for leg in used for note in leg.notes))
    natural = [
        leg.influence.scaled(leg.value * (1.0 - leg.value) / len(used))
        for leg in used
        if leg.influence is not None and leg.value is not None
    ]
    if len(used) == 1:
        estimate = used[0]
    elif len(natural) == len(used):
        column = joined(natural)
        effective = count if column.weight is None else kish(column.weight)
        estimate = share_estimate(value, column, effective, effective, notes)
    else:
        estimate = Estimate(
            value,
            _mean([leg.low for leg in used]),
            _mean([leg.high for leg in used]),
            None,
            "logit",
            smallest([leg.df for leg in used]),
            None,
            cases=count,
            method="mean of the legs' limits",
            effective_customers=smallest([leg.effective_customers for leg in used]),
            effective_agents=smallest([leg.effective_agents for leg in used]),
            notes=notes,
        )
    return replace(
        estimate, cases=count, missing=missing, not_yet_due=not_yet_due, groups=len(used)
    )


def _mean(numbers: Sequence[float | None]) -> float:
    known = [number for number in numbers if number is not None]
    return sum(known) / len(known)


def smallest(numbers: Sequence[float | None]) -> float | None:
    """The smallest of the numbers that are known; None without any."""
    return min((number for number in numbers if number is not None), default=None)
