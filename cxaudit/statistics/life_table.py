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
    is_event: Numbers  # per case: its weight if the event ended it, else 0
    weight: Numbers | None = None  # per case; None: every case counts 1

    @classmethod
    def of(cls, seconds: Numbers, is_event: np.ndarray, weight: Numbers | None = None) -> LifeTable:
        """The life table of cases with these `seconds`; `is_event`: the event ended them."""
        times, place = np.unique(seconds, return_inverse=True)
        ended = np.asarray(is_event, dtype=np.float64)
        if weight is not None:
            ended = ended * weight
        events = np.asarray(np.bincount(place, weights=ended), dtype=np.float64)
        counts = np.bincount(place, weights=weight).astype(np.float64)
        if weight is not None:
            # Where all of a time's cases end, rounding must not leave a rest of one.
            alive = np.bincount(place[ended == 0.0], minlength=times.size)
            events = np.where(alive == 0, counts, events)
        at_risk = np.cumsum(counts[::-1])[::-1]
        survival = np.asarray(np.cumprod(1.0 - events / at_risk), dtype=np.float64)
        return cls(times, at_risk, events, survival, place, ended, weight)

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

    @property
    def is_open_at_the_end(self) -> bool:
        """Whether some cases were still open after the longest follow-up."""
        return bool(self.survival[-1] > 0.0)

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
        return -float(self.survival[last]) * (ended - self._weighted(hazard))

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
        return mean, -(ended - self._weighted(hazard[place]))

    def _weighted(self, numbers: Numbers) -> Numbers:
        return numbers if self.weight is None else self.weight * numbers


def incidence(table: LifeTable, is_cause: np.ndarray, seconds: float) -> tuple[float, Numbers]:
    """Aalen-Johansen's cumulative incidence of one cause by `seconds`, and the influence of each
    case.

    `table` counts the events of all causes; `is_cause` is true for cases that ended by this one.
    Without other causes the result is one minus Kaplan-Meier's survival.
    """
    last = table.last_at(seconds)
    if last < 0:
        return 0.0, np.zeros(table.place.size)
    cause = np.asarray(is_cause, dtype=np.float64) * table.is_event
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
    rest = survivors[place] - at_risk[place]
    return total, own - ended + (rest if table.weight is None else table.weight * rest)


def _inverse(numbers: Numbers) -> Numbers:
    return np.divide(1.0, numbers, out=np.zeros_like(numbers), where=numbers > 0.0)
