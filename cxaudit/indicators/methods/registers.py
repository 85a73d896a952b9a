"""Adapters of registers: improvement actions, and the catalogue of contact reasons."""

from __future__ import annotations

import numpy as np

from cxaudit import statistics
from cxaudit.indicators.declaration import WHOLE, Situation
from cxaudit.indicators.methods.notes import (
    DAY,
    LATER_TIME,
    Legs,
    counted,
    noted,
    tells_of_later_time,
)
from cxaudit.statistics import Cases, Estimate

MONTHS_OF_A_QUARTER = 3


def by_share_of_actions(legs: Legs, situation: Situation) -> Estimate:
    """The share of actions done by the date first promised, with what other counts would say."""
    actions = legs[WHOLE]
    share = statistics.exact_share(actions)
    if share.value is None:
        return share
    base = actions.only((actions.numbers("due") == 1) & np.isfinite(actions.numbers("hit")))
    moved = int(np.nansum(base.numbers("is_moved")))
    if moved:
        by_moved = float(np.nanmean(base.numbers("hit_moved")))
        share = noted(share, f"{moved:,} due dates were moved; by the moved dates {by_moved:.0%}")
    weight = base.numbers("impact_weight")
    known = np.isfinite(weight)
    if known.any():
        hit = base.numbers("hit")
        weighted = float(np.sum(weight[known] * hit[known]) / np.sum(weight[known]))
        share = noted(share, f"weighted by impact {weighted:.0%}")
    return share


def by_share_of_past_actions(legs: Legs, situation: Situation) -> Estimate:
    """The share of hits among the actions closed in the quarters before the period."""
    actions, quarters = legs[WHOLE], situation.parameters["lookback_quarters"]
    months = situation.period.previous().months(MONTHS_OF_A_QUARTER * quarters)
    first, last = months[0].start_at.timestamp(), situation.period.start_at.timestamp()
    closed = actions.numbers("closed_at")
    actions = actions.only((closed >= first) & (closed < last))
    found = statistics.exact_share(actions)
    improved = actions.numbers("has_improved")
    by_change = int(np.sum((improved == 1) & (actions.numbers("is_proven") == 0)))
    if by_change:
        found = noted(found, f"{by_change:,} by the change of their target alone")
    unseen = int(np.sum(np.isnan(improved)))
    if unseen:
        found = noted(found, f"{unseen:,} by verification alone: no later audit of their target")
    return found


def by_census_of_documented(legs: Legs, situation: Situation) -> Estimate:
    """The share of contacts with a documented reason; none where a catch-all holds too many.

    What is documented is known as of now alone: no figure for an earlier period.
    """
    cases = legs[WHOLE]
    if tells_of_later_time(situation):
        return Estimate.nothing("identity", len(cases), notes=[LATER_TIME])
    filled = cases.numbers("has_category") == 1
    share = float(filled.mean()) if len(cases) else 0.0
    found = counted(statistics.census(cases), filled_category_share=share)
    others = float(cases.numbers("is_catch_all")[filled].mean()) if filled.any() else 0.0
    most = situation.parameters["max_other_share"]
    if others <= most:
        return found
    note = f"{others:.0%} of the reasons given are a word for no reason; at most {most:.0%} may be"
    nothing = Estimate.nothing("identity", found.cases, found.missing, notes=[note])
    return counted(nothing, filled_category_share=share)


def by_share_of_reasons(legs: Legs, situation: Situation) -> Estimate:
    """The share of contacts with such a reason, and how many that is per 1,000 customers."""
    cases = legs[WHOLE]
    found = statistics.share(cases, strata=situation.strata.get(WHOLE))
    filled = float(cases.numbers("has_category").mean()) if len(cases) else 0.0
    found = counted(found, filled_category_share=filled)
    customers = mean_active(cases)
    if not customers or found.value is None:
        return found
    rate = 1000.0 * float(np.nansum(cases.numbers("hit"))) / customers
    return noted(found, f"{rate:,.0f} such cases per 1,000 active customers")


def mean_active(cases: Cases) -> float | None:
    """The mean number of active customers over the days of the cases; None where not known."""
    active = cases.numbers("active_customers")
    known = np.isfinite(active)
    if not known.any():
        return None
    _, first = np.unique(cases.numbers("created_at")[known] // DAY, return_index=True)
    return float(active[known][first].mean()) or None
