"""The life table: how many cases are still open after each number of seconds, and the curves that
follow.

A case has its `seconds` and whether the event ended them (else it was still open then: censored).
All influences are exact infinitesimal jackknives: what one case's weight changes, at the present
weights.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cxaudit.statistics.influence import Codes, Numbers

# A survival of exactly 1 - q may come out a rounding error above it.
TOLERANCE = 1e-12


@dataclass(frozen=True)
class LifeTable:
    """Kaplan-Meier's life table over the distinct times, and each case's place in it."""

    times: Numbers  # distinct, ascending; events and censorings
    at_risk: Numbers  # cases with at least that many seconds
    events: Numbers
    survival: Numbers  # after each time
    place: Codes  # per case: the index of its time
    is_event: Numbers  # per case: 1 or 0

    @classmethod
    def of(cls, seconds: Numbers, is_event: np.ndarray) -> LifeTable:
        """The life table of cases with these `seconds`; `is_event`: the event ended them."""
        times, place = np.unique(seconds, return_inverse=True)
        ended = np.asarray(is_event, dtype=np.float64)
        events = np.asarray(np.bincount(place, weights=ended), dtype=np.float64)
        counts = np.bincount(place).astype(np.float64)
        at_risk = np.cumsum(counts[::-1])[::-1]
        survival = np.asarray(np.cumprod(1.0 - events / at_risk), dtype=np.float64)
        return cls(times, at_risk, events, survival, place, ended)

    @property
    def event_term(self) -> Numbers:
        """a = 1 / (at risk - events), 0 where everyone at risk had the event."""
        return _inverse(self.at_risk - self.events)

    @property
    def hazard_term(self) -> Numbers:
        """b = events / (at risk x (at risk - events)), 0 where everyone at risk had the event."""
        return self.events / self.at_risk * self.event_term

    @property
    def longest(self) -> float:
        """The longest follow-up, in seconds."""
        return float(self.times[-1])

    def last_at(self, seconds: float) -> int:
        """The index of the last time not after `seconds`; -1 when there is none."""
        return int(np.searchsorted(self.times, seconds, side="right")) - 1

    def survival_at(self, seconds: float) -> float:
        """The share still open after `seconds`; carried forward beyond the longest follow-up."""
        last = self.last_at(seconds)
        return 1.0 if last < 0 else float(self.survival[last])

    def first_at_or_below(self, level: float) -> float | None:
        """The first time at which the survival is at most `level`; None when it never is."""
        reached = np.flatnonzero(self.survival <= level + TOLERANCE)
        return float(self.times[reached[0]]) if reached.size else None

    def survival_influence(self, seconds: float) -> Numbers:
        """The influence of each case on the survival after `seconds`; squares add up to Greenwood's
        variance.
        """
        last = self.last_at(seconds)
        if last < 0:
            return np.zeros(self.place.size)
        hazard = np.cumsum(self.hazard_term)[np.minimum(self.place, last)]
        ended = self.is_event * (self.place <= last) * self.event_term[self.place]
        return -float(self.survival[last]) * (ended - hazard)

    def restricted_mean(self, limit: float) -> tuple[float, Numbers]:
        """The mean time counted up to `limit`, and the influence of each case on it, in seconds."""
        last = self.last_at(limit)
        starts = np.concatenate([[0.0], self.times[: last + 1]])
        ends = np.concatenate([self.times[: last + 1], [limit]])
        heights = np.concatenate([[1.0], self.survival[: last + 1]])
        areas = heights * (ends - starts)
        mean = float(np.sum(areas))
        if last < 0:
            return mean, np.zeros(self.place.size)
        area_after = np.cumsum(areas[::-1])[::-1][1:]  # from each time up to the limit
        hazard = np.cumsum(area_after * self.hazard_term[: last + 1])
        within = self.place <= last
        place = np.minimum(self.place, last)
        ended = self.is_event * within * area_after[place] * self.event_term[place]
        return mean, -(ended - hazard[place])


def incidence(table: LifeTable, is_cause: np.ndarray, seconds: float) -> tuple[float, Numbers]:
    """Aalen-Johansen's cumulative incidence of one cause by `seconds`, and the influence of each
    case.

    `table` counts the events of all causes; `is_cause` is true for cases that ended by this one.
    Without other causes the result is one minus Kaplan-Meier's survival.
    """
    last = table.last_at(seconds)
    if last < 0:
        return 0.0, np.zeros(table.place.size)
    cause = np.asarray(is_cause, dtype=np.float64)
    before = np.concatenate([[1.0], table.survival[:-1]])
    rate = np.bincount(table.place, weights=cause, minlength=table.times.size) / table.at_risk
    steps = (before * rate)[: last + 1]
    reached = np.cumsum(steps)
    total = float(reached[-1])
    # What is still to come after each time: a case that ends then takes its part of it along.
    to_come = total - reached
    to_come[-1] = 0.0
    at_risk = np.cumsum(steps / table.at_risk[: last + 1])
    survivors = np.cumsum(table.hazard_term[: last + 1] * to_come)
    place = np.minimum(table.place, last)
    within = table.place <= last
    own = cause * within * before[place] / table.at_risk[place]
    ended = table.is_event * within * table.event_term[place] * to_come[place]
    return total, own - at_risk[place] - ended + survivors[place]


def _inverse(numbers: Numbers) -> Numbers:
    return np.divide(1.0, numbers, out=np.zeros_like(numbers), where=numbers > 0.0)
