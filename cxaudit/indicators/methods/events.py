"""Adapters of service events and outreach: what came first, how soon, and what came of it."""

from __future__ import annotations

import numpy as np

from cxaudit import statistics
from cxaudit.indicators.declaration import WHOLE, Situation
from cxaudit.indicators.methods.notes import DAY, HOUR, Legs, counted, noted
from cxaudit.statistics import Cases, Estimate

MINUTE = 60


def by_incidence_in_hours(legs: Legs, situation: Situation) -> Estimate:
    """The share of cases that have their event within `window_hours`, with the number of events."""
    cases = legs[WHOLE]
    window = situation.parameters["window_hours"] * HOUR
    found = statistics.cumulative_incidence(cases, window, strata=situation.strata.get(WHOLE))
    return _of_events(found, cases)


def by_quantile_of_events(legs: Legs, situation: Situation) -> Estimate:
    """The time by which the share `quantile` has had its event, with the number of events."""
    cases, quantile = legs[WHOLE], situation.parameters["quantile"]
    found = statistics.survival_quantile(cases, quantile, situation.strata.get(WHOLE))
    unnoticed = cases.numbers("unnoticed_seconds")
    if len(cases):
        minutes = float(np.median(unnoticed)) / MINUTE
        found = noted(found, f"median from occurrence to detection {minutes:,.0f} minutes")
    return _of_events(found, cases)


def by_incidence_difference(legs: Legs, situation: Situation) -> Estimate:
    """How much more often something happens in `window_days` after than in the same time before."""
    window = situation.parameters["window_days"] * DAY
    return statistics.incidence_difference(legs["after"], legs["before"], window)


def _of_events(found: Estimate, cases: Cases) -> Estimate:
    """The estimate with the number of service events, where the cases are of such."""
    if cases.agent is None:
        return found
    return counted(found, events=np.unique(cases.agent).size)
