"""Adapters of rates of cases per day, and their change."""

from __future__ import annotations

import numpy as np

from cxaudit import statistics
from cxaudit.indicators.declaration import WHOLE, Situation
from cxaudit.indicators.methods.notes import DAY, Legs
from cxaudit.statistics import Cases, Estimate


def by_rate_change_of_top(legs: Legs, situation: Situation) -> Estimate:
    """The change in the daily rate of the categories that were largest in the period before."""
    cases, period = legs[WHOLE], situation.period
    earlier = period.previous()
    start, end = int(period.start_at.timestamp()), int(period.end_at.timestamp())
    created = cases.numbers("created_at")
    is_now = created >= start
    before = cases.only(~is_now)
    first_at = int(earlier.start_at.timestamp())
    if not len(before) or created.min() > first_at + 0.05 * (start - first_at):
        note = f"the data do not cover {earlier.label} from its start"
        return Estimate.nothing("log", int(is_now.sum()), notes=[note])
    category = cases.columns["category"].astype(int)
    counts = np.bincount(category[~is_now])
    top = np.argsort(-counts, kind="stable")[: situation.parameters["top"]]
    top = top[counts[top] > 0]  # a reason that is new in this period was none of the largest
    days = np.searchsorted(period.midnights(), created, side="right")
    blocked = Cases(cases.customer, cases.agent, cases.row, {"block": days})
    is_top = np.isin(category, top)
    fewest = min(int((is_now & is_top).sum()), int((~is_now & is_top).sum()))
    if fewest < situation.minimum["cases"]:
        return Estimate.nothing("log", fewest, notes=["too few in one of the two periods"])
    return statistics.rate_change(
        blocked.only(is_now & is_top),
        blocked.only(~is_now & is_top),
        (min(end, situation.as_of) - start) / DAY,
        (start - first_at) / DAY,
    )
