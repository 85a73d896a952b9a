"""The share of cases with an event within a window, where not every case was followed that long."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from cxaudit.errors import Fault, Problem
from cxaudit.statistics.estimate import Cases, Estimate
from cxaudit.statistics.life_table import LifeTable, incidence
from cxaudit.statistics.shares import share_estimate
from cxaudit.statistics.strata import Strata, mixed, placed
from cxaudit.statistics.survival import followed


def cumulative_incidence(
    cases: Cases, window_seconds: float, complement: bool = False, strata: Strata | None = None
) -> Estimate:
    """The share of cases with the event within `window_seconds` (with `complement`: without it).

    Columns: `seconds`, `event`: 0 still open then (censored), 1 the event, 2 a competing event,
    after which it can no longer happen (Aalen-Johansen; Kaplan-Meier when there is none); `weight`
    if it is there. With `strata`: the mix of the strata's incidences. Limits: Wilson with effective
    n and t; at 0 and 1 the effective n is the number of cases followed to the end of the window or
    to their event.
    """
    cases, outside, placing = placed(cases, strata)
    base, missing, notes = followed(cases)
    missing, notes = missing + outside, placing + notes
    if len(base) == 0:
        return Estimate.nothing("logit", 0, missing, notes=notes)
    event, seconds = base.numbers("event"), base.numbers("seconds")
    if not np.all(np.isin(event, (0.0, 1.0, 2.0))):
        raise Fault(Problem("statistics.cumulative_incidence", "'event' other than 0, 1 or 2"))
    mix, weights = mixed(base, strata), base.weights()
    value, influence = 0.0, np.zeros(len(base))
    open_ends: list[float] = []
    for portion, members in mix.members():
        weight = None if weights is None else weights[members]
        table = LifeTable.of(seconds[members], event[members] > 0.0, weight)
        reached, psi = incidence(table, event[members] == 1.0, window_seconds)
        value += portion * reached
        influence[members] = portion * psi
        if table.longest < window_seconds and table.is_open_at_the_end:
            open_ends.append(table.longest)
    notes += mix.notes
    if open_ends:
        notes += ("no case was followed for the whole window: a lower bound of the incidence",)
    if complement:
        value, influence = 1.0 - value, -influence
    whole = base.only((seconds >= window_seconds) | (event > 0.0)).effective_size()
    natural = base.influence(influence)
    estimate = share_estimate(value, natural, base.effective_size(), whole, notes)
    longest = min(open_ends, default=float(np.max(seconds)))
    return replace(estimate, missing=missing, longest_seconds=longest)
