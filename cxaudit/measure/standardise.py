"""The strata in which two periods are compared like with like: channel × category × priority.

A stratum needs cases in both periods; smaller ones are put together, first without the priority,
then without the category.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from cxaudit.measure.cases import STRATA, IndicatorCases
from cxaudit.measure.mix import Cell
from cxaudit.statistics import Strata

FEWEST_IN_A_STRATUM = 20
# Cases without a counterpart cannot be adjusted for: more of them, and what is left is another
# service. House judgement.
MOST_UNADJUSTED = 0.2


@dataclass(frozen=True)
class Standard:
    """The strata of each period's cases by leg; `unadjusted` is the share of the mix, or of a
    period's cases where that is more, that is in none of them.
    """

    strata: tuple[dict[str, Strata], ...]
    unadjusted: float


def standard(
    periods: Sequence[IndicatorCases], cells: Mapping[Cell, float] | None
) -> Standard | None:
    """Strata that all of the periods have cases enough for, with one mix.

    The mix is the share of the `cells`; without them that of the last period given, the baseline.
    None where no stratum has cases enough.
    """
    labels = [sorted({label for p in periods for label in p.labels[by]}) for by in STRATA]
    sizes = [len(names) + 1 for names in labels]
    keys = [{leg: _keys(period, leg, labels, sizes) for leg in period.legs} for period in periods]
    counts = [np.concatenate(list(of_legs.values())) for of_legs in keys]
    stratum_of = _strata(counts, sizes)
    if not stratum_of:
        return None
    number = {stratum: place for place, stratum in enumerate(sorted(set(stratum_of.values())))}
    places = {key: number[stratum] for key, stratum in stratum_of.items()}
    mix = np.zeros(len(number))
    lost = 0.0
    for levels, share in _shares(cells, counts[-1], labels, sizes):
        found = next((number[level] for level in levels if level in number), None)
        if found is None:
            lost += share
        else:
            mix[found] += share
    if not mix.any():
        return None
    strata = tuple(
        {leg: Strata(_placed(found, places), mix) for leg, found in of_legs.items()}
        for of_legs in keys
    )
    left_out = max(_left_out(of_legs, mix) for of_legs in strata)
    return Standard(strata, max(lost / (lost + float(mix.sum())), left_out))


def _shares(
    cells: Mapping[Cell, float] | None,
    baseline: np.ndarray,
    labels: list[list[str]],
    sizes: list[int],
) -> Iterator[tuple[list[tuple[int, int]], float]]:
    """The share of each cell of the mix, with the strata it may belong to, the finest first."""
    if cells:
        for cell, share in cells.items():
            yield _levels(cell, labels, sizes), share
        return
    distinct, sums = np.unique(baseline, return_counts=True)
    for key, cases in zip(distinct.tolist(), sums.tolist(), strict=True):
        levels = [(0, key), (1, key // sizes[2]), (2, key // (sizes[1] * sizes[2]))]
        yield levels, cases / baseline.size


def _levels(cell: Cell, labels: list[list[str]], sizes: list[int]) -> list[tuple[int, int]]:
    """The strata a cell of the mix may belong to: less those with a name that no case has."""
    levels, key = [], 0
    for coarseness, (part, names, size) in enumerate(zip(cell, labels, sizes, strict=True)):
        if part is not None and part not in names:
            break
        key = key * size + (0 if part is None else names.index(part) + 1)
        levels.append((2 - coarseness, key))
    return levels[::-1]


def _left_out(legs: Mapping[str, Strata], mix: np.ndarray) -> float:
    """The share of the cases that are in no stratum, or in one the mix does not have."""
    places = np.concatenate([strata.place for strata in legs.values()])
    if not places.size:
        return 0.0
    return float(np.mean((places < 0) | (mix[places] <= 0.0)))


def _keys(
    period: IndicatorCases, leg: str, labels: list[list[str]], sizes: list[int]
) -> np.ndarray:
    """One number per case for its channel, category and priority; unknown is 0 in each."""
    key = np.zeros(len(period.legs[leg]), dtype=np.int64)
    for by, names, size in zip(STRATA, labels, sizes, strict=True):
        place = {name: number + 1 for number, name in enumerate(names)}
        to_place = np.array([*(place[name] for name in period.labels[by]), 0], dtype=np.int64)
        # The code of an unknown part is -1: the last entry.
        key = key * size + to_place[period.parts[leg][by]]
    return key


def _strata(counts: Sequence[np.ndarray], sizes: list[int]) -> dict[int, tuple[int, int]]:
    """The stratum (coarseness, number) of each cell that finds one with cases enough."""
    found: dict[int, tuple[int, int]] = {}
    cells = [dict(zip(*np.unique(keys, return_counts=True), strict=True)) for keys in counts]
    waiting = {int(key) for cell in cells for key in cell}
    for coarseness, divisor in enumerate((1, sizes[2], sizes[1] * sizes[2])):
        totals: dict[int, list[int]] = {}
        for key in waiting:
            sums = totals.setdefault(key // divisor, [0] * len(cells))
            for place, cell in enumerate(cells):
                sums[place] += int(cell.get(key, 0))
        for key in sorted(waiting):
            if min(totals[key // divisor]) >= FEWEST_IN_A_STRATUM:
                found[key] = (coarseness, key // divisor)
        waiting -= set(found)
    return found


def _placed(keys: np.ndarray, places: Mapping[int, int]) -> np.ndarray:
    distinct, inverse = np.unique(keys, return_inverse=True)
    return np.array([places.get(int(key), -1) for key in distinct], dtype=np.int64)[inverse]
