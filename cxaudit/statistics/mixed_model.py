"""Sums of squares of a value by group, with the additive effects of other conditions taken off.

The model: value = effects of conditions (channel, category, survey mode: fixed) + group + rest. All
that is needed of the cases are sums and counts, small tables that can be added and subtracted. The
equations are solved by sweeping, not by a linear algebra library: the same digits everywhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np

from cxaudit.statistics.influence import Codes, Numbers

# A condition whose levels are told by those before it (within this share of its sum) adds nothing.
ALIASED = 1e-9


@dataclass(frozen=True)
class Levels:
    """Each condition's level per case, numbered through: the columns of a 0/1 design."""

    places: tuple[Codes, ...]  # per condition: the column of each case
    number: int  # of columns, the constant included

    @classmethod
    def of(cls, conditions: Sequence[np.ndarray]) -> Levels:
        """The levels of these columns of codes; column 0 is the constant."""
        places: list[Codes] = []
        number = 1
        for codes in conditions:
            distinct, place = np.unique(codes, return_inverse=True)
            places.append(place + number)
            number += distinct.size
        return cls(tuple(places), number)

    def only(self, mask: np.ndarray) -> Levels:
        """The levels of the cases where `mask` is true."""
        return Levels(tuple(place[mask] for place in self.places), self.number)

    def effect(self, coefficients: Numbers) -> Numbers:
        """The sum of the coefficients of each case's levels, the constant left out."""
        parts = [coefficients[place] for place in self.places]
        return np.sum(parts, axis=0) if parts else np.zeros(1)


@dataclass(frozen=True)
class Solution:
    """Least squares at one ratio of variances."""

    residual: float  # weighted sum of squares that is left
    rank: int
    coefficients: Numbers  # per column of the design; 0 where it is told by the columns before
    inverse: Numbers


@dataclass(frozen=True)
class MixedModel:
    """Sums and counts of a value by group and by level of the conditions."""

    sizes: Numbers  # cases per group
    sums: Numbers  # of the value, per group
    counts: Numbers  # group x column of the design
    products: Numbers  # column x column: cases that have both
    by_level: Numbers  # sum of the value, per column
    square: float  # sum of the squared values

    @classmethod
    def of(cls, values: Numbers, group: Codes, groups: int, levels: Levels) -> MixedModel:
        """The sums of `values` in groups 0, 1, ...; subtract their mean first."""
        size = levels.number
        places = [np.zeros(values.size, dtype=np.int64), *levels.places]
        counts, products, by_level = np.zeros(groups * size), np.zeros(size * size), np.zeros(size)
        for place in places:
            counts += np.bincount(group * size + place, minlength=groups * size)
            by_level += np.bincount(place, weights=values, minlength=size)
        for one, other in product(places, places):
            products += np.bincount(one * size + other, minlength=size * size)
        return cls(
            np.bincount(group, minlength=groups).astype(np.float64),
            np.bincount(group, weights=values, minlength=groups).astype(np.float64),
            counts.reshape(groups, size),
            products.reshape(size, size),
            by_level,
            float(np.sum(values**2)),
        )

    def without(self, part: MixedModel) -> MixedModel:
        """The sums of the cases that are not in `part`."""
        return MixedModel(
            self.sizes - part.sizes,
            self.sums - part.sums,
            self.counts - part.counts,
            self.products - part.products,
            self.by_level - part.by_level,
            self.square - part.square,
        )

    def solved(self, ratio: float) -> Solution:
        """The effects when the variance between groups is `ratio` times that within; infinite: the
        groups are fixed effects too.
        """
        there = np.where(self.sizes > 0.0, self.sizes, 1.0)
        shrink = 1.0 / there if np.isinf(ratio) else ratio / (1.0 + ratio * self.sizes)
        weighted = shrink[:, None] * self.counts
        matrix = self.products.copy()
        for column in range(matrix.shape[0]):
            matrix[column] -= np.sum(weighted * self.counts[:, column : column + 1], axis=0)
        right = self.by_level - np.sum(weighted * self.sums[:, None], axis=0)
        inverse, rank = swept(matrix, np.diag(self.products))
        coefficients = np.sum(inverse * right[None, :], axis=1)
        left = self.square - float(np.sum(shrink * self.sums**2))
        residual = left - float(np.sum(coefficients * right))
        return Solution(max(0.0, residual), rank, coefficients, inverse)

    def cases_per_group(self, without_groups: Solution) -> float:
        """How many times the sum of squares between groups holds the variance between them.

        trace(Z'MZ), M taking off the fixed effects of the solution at ratio 0; with the constant
        alone N - sum n^2 / N.
        """
        columns = self.counts.shape[1]
        shared = [
            np.sum(self.counts * self.counts[:, column : column + 1], axis=0)
            for column in range(columns)
        ]
        return float(np.sum(self.sizes)) - float(np.sum(without_groups.inverse * np.array(shared)))


def swept(matrix: Numbers, scale: Numbers) -> tuple[Numbers, int]:
    """A generalised inverse of a symmetric positive matrix, and its rank.

    A column whose rest is less than ALIASED of `scale` is skipped: its row and column are 0.
    """
    work = matrix.copy()
    used = np.zeros(scale.size, dtype=bool)
    for k in range(scale.size):
        pivot = work[k, k]
        if pivot <= ALIASED * scale[k]:
            continue
        used[k] = True
        row = work[k] / pivot
        work -= work[:, k : k + 1] * row[None, :]
        work[k], work[:, k], work[k, k] = row, row, -1.0 / pivot
    return np.where(used[:, None] & used[None, :], -work, 0.0), int(np.sum(used))
