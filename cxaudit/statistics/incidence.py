"""The share of cases with an event within a window, where not every case was followed that long."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from cxaudit.errors import Fault, Problem
from cxaudit.statistics.estimate import Cases, Estimate
from cxaudit.statistics.life_table import TOLERANCE, LifeTable, incidence
from cxaudit.statistics.shares import share_estimate
from cxaudit.statistics.survival import followed


def cumulative_incidence(cases: Cases, window_seconds: float, complement: bool = False) -> Estimate:
    """The share of cases with the event within `window_seconds` (with `complement`: without it).

    Columns: `seconds`, `event`: 0 still open then (censored), 1 the event, 2 a competing event,
    after which it can no longer happen (Aalen-Johansen; Kaplan-Meier when there is none). Limits:
    Wilson with effective n and t; at 0 and 1 the effective n is the number of cases followed to the
    end of the window or to their event.
    """
    base, missing, notes = followed(cases)
    if len(base) == 0:
        return Estimate.nothing("logit", 0, missing, notes=notes)
    event, seconds = base.numbers("event"), base.numbers("seconds")
    if not np.all(np.isin(event, (0.0, 1.0, 2.0))):
        raise Fault(Problem("statistics.cumulative_incidence", "'event' other than 0, 1 or 2"))
    table = LifeTable.of(seconds, event > 0.0)
    value, influence = incidence(table, event == 1.0, window_seconds)
    if table.longest < window_seconds and table.survival[-1] > 0.0:
        notes += ("no case was followed for the whole window: a lower bound of the incidence",)
    value = 0.0 if value < TOLERANCE else 1.0 if value > 1.0 - TOLERANCE else value
    if complement:
        value, influence = 1.0 - value, -influence
    whole = int(np.sum((seconds >= window_seconds) | (event > 0.0)))
    estimate = share_estimate(value, base.influence(influence), len(base), whole, notes)
    return replace(estimate, missing=missing, longest_seconds=table.longest)
