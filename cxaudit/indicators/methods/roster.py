"""Adapters of the roster: which agents of a period are certified and trained."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cxaudit import statistics
from cxaudit.indicators.declaration import WHOLE, Situation
from cxaudit.indicators.methods.notes import DAY, Legs, counted, noted
from cxaudit.statistics import Cases, Estimate

if TYPE_CHECKING:
    from cxaudit.periods import Period


def by_census_of_certified(legs: Legs, situation: Situation) -> Estimate:
    """The share of agents active at the end of the period who are certified; nobody is sampled."""
    rows, period = legs[WHOLE], situation.period
    seen_at = min(period.end_at.timestamp(), situation.as_of)
    agents, place = _agents(rows)
    at, is_course = rows.numbers("happened_at"), rows.numbers("is_course") == 1
    since = period.end_at.timestamp() - situation.parameters["valid_days"] * DAY
    is_valid = is_course & (rows.numbers("certifies") == 1) & (at >= since) & (at < seen_at)
    hit = _any(is_valid, place, len(agents))
    if (worked := rows.numbers("is_day") == 1).any():
        is_recent = worked & (at >= period.start_at.timestamp()) & (at < seen_at)
        active = _any(is_recent, place, len(agents)).astype(np.float64)
    else:
        active = _employed(agents, seen_at)
    return _census(agents, hit, active)


def by_census_of_trained(legs: Legs, situation: Situation) -> Estimate:
    """The share of agents active most of a quarter who were trained in it; nobody is sampled.

    Of a longer period each of its quarters counts, of a shorter one the quarter that ends with it.
    """
    rows, quarters = legs[WHOLE], situation.period.quarters()
    agents, place = _agents(rows)
    each = [_trained(rows, agents, place, quarter, situation) for quarter in quarters]
    hit, active, taken = (np.concatenate(parts) for parts in zip(*each, strict=True))
    found = _census(_repeated(agents, len(quarters)), hit, active)
    known = np.isfinite(active) & (active != 0)
    found = counted(found, agents=np.unique(np.tile(agents.row, len(quarters))[known]).size)
    if quarters != [situation.period]:
        found = noted(found, f"over {', '.join(quarter.label for quarter in quarters)}")
    gain = np.tile(rows.numbers("score_post") - rows.numbers("score_pre"), len(quarters))[taken]
    tested = np.isfinite(gain)
    if not tested.any():
        return found
    return noted(found, f"mean gain of {tested.sum():,} tested courses {gain[tested].mean():+.1f}")


def _trained(
    rows: Cases, agents: Cases, place: np.ndarray, quarter: Period, situation: Situation
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Of each agent whether trained enough in a quarter and active in it; which rows are courses.

    Active is 1, 0 or, where that is not known, NaN.
    """
    start, end = quarter.start_at.timestamp(), min(quarter.end_at.timestamp(), situation.as_of)
    at = rows.numbers("happened_at")
    taken = (rows.numbers("is_course") == 1) & (at >= start) & (at < end)
    given = np.where(taken, np.nan_to_num(rows.numbers("hours")), 0.0)
    hours = np.bincount(place, weights=given, minlength=len(agents))
    practised = _any(taken & (rows.numbers("is_practice") == 1), place, len(agents))
    hit = (hours >= situation.parameters["min_hours"]) & practised
    least = situation.parameters["min_days"] * DAY
    if (worked := rows.numbers("is_day") == 1).any():
        inside = worked & (at >= start) & (at < end)
        active = (_span(at, inside, place, len(agents)) >= least - DAY).astype(np.float64)
    else:
        active = _spent(agents, start, end, least)
    return hit, active, taken


def _repeated(agents: Cases, times: int) -> Cases:
    """Each agent once per quarter."""
    return Cases(np.tile(agents.customer, times), None, np.tile(agents.row, times))


def _agents(rows: Cases) -> tuple[Cases, np.ndarray]:
    """One case per agent, and the place of each row's agent among them."""
    _, first, place = np.unique(rows.row, return_index=True, return_inverse=True)
    columns = {name: column[first] for name, column in rows.columns.items()}
    return Cases(rows.customer[first], None, rows.row[first], columns), place


def _census(agents: Cases, hit: np.ndarray, active: np.ndarray) -> Estimate:
    is_in = active != 0
    columns = {"hit": np.where(np.isnan(active), np.nan, hit.astype(np.float64))}
    cases = Cases(agents.customer, None, agents.row, columns).only(is_in)
    found = statistics.census(cases)
    return counted(found, agents=found.cases)


def _any(holds: np.ndarray, place: np.ndarray, count: int) -> np.ndarray:
    return np.bincount(place[holds], minlength=count) > 0


def _span(at: np.ndarray, inside: np.ndarray, place: np.ndarray, count: int) -> np.ndarray:
    """From each agent's first to the last of these instants, in seconds; 0 without any."""
    first, last = np.full(count, np.inf), np.full(count, -np.inf)
    np.minimum.at(first, place[inside], at[inside])
    np.maximum.at(last, place[inside], at[inside])
    return np.where(np.isfinite(first), last - first, 0.0)


def _employed(agents: Cases, at: float) -> np.ndarray:
    """1 where the agent was here at the instant, 0 where not, NaN where the start is unknown."""
    hired, left = agents.numbers("hired_at"), agents.numbers("left_at")
    here = (hired <= at) & ~(left <= at)
    return np.where(np.isnan(hired) & ~(left <= at), np.nan, here.astype(np.float64))


def _spent(agents: Cases, start: float, end: float, least: float) -> np.ndarray:
    """1 where the agent was here so long in the span, 0 where not, NaN where it is unknown."""
    hired, left = agents.numbers("hired_at"), agents.numbers("left_at")
    until = np.fmin(left, end)
    enough = until - np.maximum(hired, start) >= least
    never = until - start < least
    return np.where(np.isnan(hired) & ~never, np.nan, enough.astype(np.float64))
