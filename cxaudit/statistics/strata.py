"""Direct standardisation: the figure a service would have with a fixed mix of strata."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from cxaudit.errors import Fault, Problem
from cxaudit.statistics.estimate import Cases
from cxaudit.statistics.influence import Codes, Numbers

STRATUM = "stratum"
NOWHERE = -1


@dataclass(frozen=True)
class Strata:
    """The stratum of each case, and the share of each stratum in a mix that is fixed beforehand.

    `place` has one entry per case: an index into `mix`, or -1 where the case is in no stratum.
    """

    place: Codes
    mix: Numbers

    def __post_init__(self) -> None:
        where = "statistics.Strata"
        if not (np.all(np.isfinite(self.mix)) and np.all(self.mix >= 0.0) and np.any(self.mix)):
            raise Fault(Problem(where, "a mix with a negative share, or without any"))
        if self.place.size and not NOWHERE <= self.place.min() <= self.place.max() < self.mix.size:
            raise Fault(Problem(where, "a stratum that the mix does not have"))


@dataclass(frozen=True)
class Mixed:
    """The strata that a base has cases in: their shares (adding up to 1) and each case's place."""

    portions: Numbers
    place: Codes
    notes: tuple[str, ...] = ()

    def members(self) -> Iterator[tuple[float, Codes]]:
        """The share of each stratum and the positions of its cases, in their order."""
        order = np.argsort(self.place, kind="stable")
        sizes = np.bincount(self.place, minlength=self.portions.size)
        yield from zip(self.portions.tolist(), np.split(order, np.cumsum(sizes)[:-1]), strict=True)


def placed(cases: Cases, strata: Strata | None) -> tuple[Cases, int, tuple[str, ...]]:
    """The cases that have a stratum of the mix, kept in a column; how many have none; a note on it.

    Without strata the cases are returned as they are.
    """
    if strata is None:
        return cases, 0, ()
    if strata.place.size != len(cases):
        sizes = f"{strata.place.size} and {len(cases)}"
        raise Fault(Problem("statistics.Strata", "not one stratum per case", sizes))
    inside = (strata.place != NOWHERE) & (strata.mix[strata.place] > 0.0)
    outside = int(np.sum(~inside))
    with_place = replace(cases, columns={**cases.columns, STRATUM: strata.place}).only(inside)
    return with_place, outside, (f"cases in no stratum left out: {outside}",) if outside else ()


def mixed(base: Cases, strata: Strata | None) -> Mixed:
    """How the cases of `base` (not empty, from `placed`) spread over the strata.

    Strata without cases are left out, the mix renormalised, and a note says how much of it is gone.
    Without strata: one stratum with all cases.
    """
    if strata is None:
        return Mixed(np.ones(1), np.zeros(len(base), dtype=np.int64))
    used, place = np.unique(base.columns[STRATUM], return_inverse=True)
    shares, whole = strata.mix[used], float(np.sum(strata.mix))
    there = float(np.sum(shares))
    empty = int(np.sum(strata.mix > 0.0)) - used.size
    notes: tuple[str, ...] = ()
    if empty:
        portion = 100.0 * (1.0 - there / whole)
        notes = (f"strata without cases left out: {empty} ({portion:.1f} % of the mix)",)
    return Mixed(shares / there, place, notes)


def ratio_of_sums(base: Cases, top: Numbers, bottom: Numbers, mix: Mixed) -> tuple[float, Numbers]:
    """The mix of the strata's ratios of weighted sums (top / bottom), and each case's influence.

    Strata whose `bottom` adds up to nothing must not be among them.
    """
    weights = base.weights()
    if weights is not None:
        top, bottom = weights * top, weights * bottom
    if mix.portions.size == 1:
        total = float(np.sum(bottom))
        value = float(np.sum(top)) / total
        return value, (top - value * bottom) / total
    totals = np.bincount(mix.place, weights=bottom)
    ratios = np.bincount(mix.place, weights=top) / totals
    steps = mix.portions / totals
    influence = steps[mix.place] * (top - ratios[mix.place] * bottom)
    return float(np.sum(mix.portions * ratios)), influence
