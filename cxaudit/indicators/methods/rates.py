"""Adapters of rates of cases per day or customer, and their change."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from cxaudit import statistics
from cxaudit.indicators.declaration import WHOLE, Situation
from cxaudit.indicators.methods.notes import DAY, INDICATIVE, Legs, noted
from cxaudit.indicators.methods.registers import mean_active
from cxaudit.statistics import Cases, Estimate

DAYS_OF_A_WEEK = 7
# Of cases whose reason has no counterpart: more, and the list of reasons is not the same.
MOST_CHANGED = 0.1


def by_contact_rate(legs: Legs, situation: Situation) -> Estimate:
    """The sum of `num` over the sum of `den`, each leg giving one of them."""
    every = [legs[name] for name in sorted(legs)]
    columns = {name: np.concatenate([c.numbers(name) for c in every]) for name in ("num", "den")}
    customers = np.concatenate([cases.customer for cases in every])
    rows = np.concatenate([cases.row for cases in every])
    found = statistics.ratio(Cases(customers, None, rows, columns))
    return replace(found, cases=int(np.sum(columns["den"])))


def by_mean_count(legs: Legs, situation: Situation) -> Estimate:
    """The mean of counts of something per case."""
    return statistics.mean(legs[WHOLE])


def by_rate_change_of_top(legs: Legs, situation: Situation) -> Estimate:
    """The change in the rate of the reasons that were most frequent in the period before.

    Which they are is read from every other week of it, how frequent they were from the weeks
    between, and the other way round: what is picked because it happened to be frequent would
    shrink by itself. Per active customer where their number is known on the days, else per day.
    """
    cases, period = legs[WHOLE], situation.period
    earlier = period.previous()
    start, end = int(period.start_at.timestamp()), int(period.end_at.timestamp())
    created = cases.numbers("created_at")
    is_now = created >= start
    first_at = int(earlier.start_at.timestamp())
    if is_now.all() or created.min() > first_at + 0.05 * (start - first_at):
        note = f"the data do not cover {earlier.label} from its start"
        return Estimate.nothing("log", int(is_now.sum()), notes=[note])
    days = np.searchsorted(period.midnights(), created, side="right")
    portion = _portions(cases, days, is_now, earlier.days, situation.parameters["top"])
    counted = Cases(cases.customer, cases.agent, cases.row, {"block": days, "portion": portion})
    now, before = is_now & (portion > 0), ~is_now & (portion > 0)
    fewest = min(int(now.sum()), int(before.sum()))
    if fewest < situation.minimum["cases"]:
        return Estimate.nothing("log", fewest, notes=["too few in one of the two periods"])
    spans = [(min(end, situation.as_of) - start) / DAY, (start - first_at) / DAY]
    customers = [mean_active(cases.only(is_now)), mean_active(cases.only(~is_now))]
    if customers[0] and customers[1]:
        spans = [spans[0] * customers[0], spans[1] * customers[1]]
    change = statistics.rate_change(counted.only(now), counted.only(before), *spans)
    changed = _share_of_changed(cases.columns["category"].astype(int), is_now)
    if changed <= MOST_CHANGED:
        return change
    note = f"{changed:.0%} of the cases have a reason that only one of the two periods knows"
    return noted(change, INDICATIVE + note)


def _portions(
    cases: Cases, days: np.ndarray, is_now: np.ndarray, length: int, top: int
) -> np.ndarray:
    """How much of each case counts: of the cases before 0 or 1, of those now the part of the days.

    `days` counts from 1, the first day of the period before, which has `length` days.
    """
    category = cases.columns["category"].astype(int)
    # Under two weeks there is nothing to take turns.
    weeks = (np.arange(length) // DAYS_OF_A_WEEK) % 2 if length >= 2 * DAYS_OF_A_WEEK else None
    if weeks is None:
        return np.isin(category, _most_frequent(category[~is_now], top)).astype(np.float64)
    turn = np.where(is_now, -1, weeks[np.minimum(days, length) - 1])
    portion = np.zeros(len(cases))
    for half in (0, 1):
        is_top = np.isin(category, _most_frequent(category[turn == 1 - half], top))
        portion[is_top & (turn == half)] = 1.0
        portion[is_top & is_now] += float(np.mean(weeks == half))
    return portion


def _most_frequent(category: np.ndarray, top: int) -> np.ndarray:
    """The most frequent codes; of equals the first in the order of the reasons' names."""
    counts = np.bincount(category, minlength=1)
    codes = np.argsort(-counts, kind="stable")[:top]
    return codes[counts[codes] > 0]


def _share_of_changed(category: np.ndarray, is_now: np.ndarray) -> float:
    """The larger share of cases, now or before, whose reason the other period does not know."""
    now, before = category[is_now], category[~is_now]
    new, gone = ~np.isin(now, before), ~np.isin(before, now)
    return max(float(np.mean(new)) if now.size else 0.0, float(np.mean(gone)))
