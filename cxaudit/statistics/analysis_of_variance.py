"""One-way analysis of variance of values in groups of unequal size, and the quantiles of its F
ratio.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from cxaudit.statistics.influence import Codes, Numbers
from cxaudit.statistics.intervals import f_quantiles


@dataclass(frozen=True)
class GroupSums:
    """Sums of squares between and within groups, and what each group and each case contributes."""

    sizes: Numbers
    means: Numbers
    distances: Numbers  # group mean minus overall mean
    residuals: Numbers  # per case: value minus group mean
    place: Codes  # per case: index of its group
    between: float
    within: float

    @classmethod
    def of(cls, values: Numbers, groups: Codes) -> GroupSums:
        """The sums of squares of `values` in `groups` (codes), at least one case."""
        distinct, place = np.unique(groups, return_inverse=True)
        sizes = np.bincount(place, minlength=distinct.size).astype(np.float64)
        means = np.bincount(place, weights=values) / sizes
        distances = means - float(np.sum(values)) / values.size
        residuals = values - means[place]
        between = float(np.sum(sizes * distances**2))
        return cls(sizes, means, distances, residuals, place, between, float(np.sum(residuals**2)))

    @property
    def is_constant(self) -> bool:
        """Whether the values do not differ at all, rounding errors apart."""
        size = float(np.sum(self.sizes * self.means**2))
        return self.between + self.within <= 1e-24 * max(1.0, size)

    def f_influence(self) -> Numbers:
        """The influence of each case on ln F; sums to zero."""
        groups, place = self.sizes.size, self.place
        df_within = float(place.size - groups)
        distance, size, residual = self.distances[place], self.sizes[place], self.residuals
        return (
            (distance**2 + 2.0 * distance * residual) / self.between
            - 1.0 / (size * groups)
            - residual**2 / self.within
            + (1.0 - 1.0 / size) / df_within
        )


@dataclass(frozen=True)
class StretchedF:
    """The quantiles of an F ratio whose spread may be larger than normal theory says."""

    variance: float  # of ln F: max(observed between groups, normal theory)
    lower: float  # 2.5 % quantile
    upper: float  # 97.5 % quantile

    @property
    def span(self) -> float:
        """The distance between the limits on the scale of ln F."""
        return math.log(self.upper / self.lower)


def stretched_f(df_between: float, df_within: float, observed: float) -> StretchedF:
    """The quantiles of F, stretched on ln F where groups vary more than normally.

    `observed` is the variance of ln F by the influences summed to groups.
    """
    normal = 2.0 / df_between + 2.0 / df_within
    variance = max(observed, normal)
    stretch = math.sqrt(variance / normal)
    lower, upper = f_quantiles(df_between, df_within)
    return StretchedF(variance, lower**stretch, upper**stretch)
