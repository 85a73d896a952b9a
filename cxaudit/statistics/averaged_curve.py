"""The survival curve of a fixed mix of strata: the strata's curves averaged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from cxaudit.statistics.estimate import Cases
from cxaudit.statistics.influence import Codes, Numbers
from cxaudit.statistics.life_table import TOLERANCE, LifeTable
from cxaudit.statistics.strata import Mixed


class Curve(Protocol):
    """What is read from a survival curve, of one life table or of several averaged."""

    @property
    def longest(self) -> float: ...
    @property
    def is_open_at_the_end(self) -> bool: ...
    def survival_at(self, seconds: float) -> float: ...
    def first_at_or_below(self, level: float) -> float | None: ...
    def survival_influence(self, seconds: float) -> Numbers: ...
    def restricted_mean(self, limit: float) -> tuple[float, Numbers]: ...


@dataclass(frozen=True)
class AveragedCurve:
    """The average of several life tables with fixed shares.

    A stratum whose follow-up ends before the others' with cases still open has its curve carried
    forward.
    """

    strata: tuple[tuple[float, Codes, LifeTable], ...]  # share, positions of its cases, its table
    cases: int
    times: Numbers  # distinct, ascending, of all strata
    survival: Numbers  # the average after each time

    @classmethod
    def of(cls, strata: tuple[tuple[float, Codes, LifeTable], ...], cases: int) -> AveragedCurve:
        """The average of these (share, positions of the cases, life table), shares adding up to
        1.
        """
        every = np.concatenate([table.times for _, _, table in strata])
        drops = [
            portion * (np.concatenate([[1.0], table.survival[:-1]]) - table.survival)
            for portion, _, table in strata
        ]
        times, place = np.unique(every, return_inverse=True)
        fallen = np.cumsum(np.bincount(place, weights=np.concatenate(drops)))
        return cls(strata, cases, times, np.asarray(1.0 - fallen, dtype=np.float64))

    @property
    def longest(self) -> float:
        """The time up to which every stratum was followed, or had its last case end."""
        ends = [table.longest for _, _, table in self.strata if table.is_open_at_the_end]
        return min(ends, default=float(self.times[-1]))

    @property
    def is_open_at_the_end(self) -> bool:
        """Whether cases of some stratum were still open after its longest follow-up."""
        return any(table.is_open_at_the_end for _, _, table in self.strata)

    def survival_at(self, seconds: float) -> float:
        """The share still open after `seconds`."""
        last = int(np.searchsorted(self.times, seconds, side="right")) - 1
        return 1.0 if last < 0 else float(self.survival[last])

    def first_at_or_below(self, level: float) -> float | None:
        """The first time at which the survival is at most `level`; None when it never is."""
        reached = np.flatnonzero(self.survival <= level + TOLERANCE)
        return float(self.times[reached[0]]) if reached.size else None

    def survival_influence(self, seconds: float) -> Numbers:
        """The influence of each case on the survival after `seconds`."""
        influence = np.zeros(self.cases)
        for portion, members, table in self.strata:
            influence[members] = portion * table.survival_influence(seconds)
        return influence

    def restricted_mean(self, limit: float) -> tuple[float, Numbers]:
        """The mean time counted up to `limit`, and the influence of each case on it, in seconds."""
        mean, influence = 0.0, np.zeros(self.cases)
        for portion, members, table in self.strata:
            own, psi = table.restricted_mean(limit)
            mean += portion * own
            influence[members] = portion * psi
        return mean, influence


def curve_of(base: Cases, mix: Mixed) -> Curve:
    """The survival curve of `base` (not empty): its life table, or the average of its strata's."""
    seconds, event, weights = base.numbers("seconds"), base.numbers("event"), base.weights()
    if mix.portions.size == 1:
        return LifeTable.of(seconds, event, weights)
    strata = tuple(
        (
            portion,
            members,
            LifeTable.of(
                seconds[members], event[members], None if weights is None else weights[members]
            ),
        )
        for portion, members in mix.members()
    )
    return AveragedCurve.of(strata, len(base))
