"""Distributions of waiting times, exact: mixtures of a fixed delay plus a log-normal time."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from math import erf, sqrt

import numpy as np

from cxaudit.simulate.service import Floats

STEPS_PER_UNIT, LIMIT = 2000, 9


@cache
def _table() -> Floats:
    points = np.arange(-LIMIT * STEPS_PER_UNIT, LIMIT * STEPS_PER_UNIT + 2) / STEPS_PER_UNIT
    return np.array([0.5 * (1 + erf(x / sqrt(2))) for x in points])


def normal(x: Floats | float) -> Floats:
    """The standard normal distribution function, exact to 1e-7."""
    values = _table()
    place = (np.clip(x, -LIMIT, LIMIT) + LIMIT) * STEPS_PER_UNIT
    below = np.asarray(place).astype(np.int64)
    found: Floats = values[below] + (place - below) * (values[below + 1] - values[below])
    return found


@cache
def normal_nodes(count: int) -> tuple[Floats, Floats]:
    """Nodes and weights that integrate over a standard normal variable."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(count)
    return nodes, weights / weights.sum()


@dataclass(frozen=True, eq=False)
class Waits:
    """A mixture: with chance `weight`, `point` plus a log-normal time of parameters mu, sigma.

    Weights may add up to less than one: the rest never ends.
    """

    weight: Floats
    point: Floats
    mu: Floats
    sigma: Floats

    @staticmethod
    def log_normal(median: float, sigma: float, point: float = 0.0) -> Waits:
        """One log-normal time after a fixed delay."""
        return Waits(np.ones(1), np.full(1, point), np.full(1, np.log(median)), np.full(1, sigma))

    @staticmethod
    def mixed(parts: list[tuple[float, Waits]]) -> Waits:
        """The mixture of several, each with its chance."""
        return Waits(
            np.concatenate([share * part.weight for share, part in parts]),
            np.concatenate([part.point for _, part in parts]),
            np.concatenate([part.mu for _, part in parts]),
            np.concatenate([part.sigma for _, part in parts]),
        )

    def thinned(self, share: float) -> Waits:
        """The same, ending only with this chance."""
        return Waits(share * self.weight, self.point, self.mu, self.sigma)

    def followed_by(self, median: float, sigma: float, nodes: int = 24) -> Waits:
        """This wait and then an independent log-normal time."""
        z, share = normal_nodes(nodes)
        point = self.point[:, None] + np.exp(self.mu[:, None] + self.sigma[:, None] * z)
        weight = self.weight[:, None] * share
        size = weight.size
        return Waits(
            weight.ravel(), point.ravel(), np.full(size, np.log(median)), np.full(size, sigma)
        )

    def cdf(self, x: float | Floats) -> Floats:
        """The chance to have ended by x, for each x."""
        after, z = self._standardised(x)
        total: Floats = np.where(after > 0, normal(z), 0.0) @ self.weight
        return total

    def area(self, x: float | Floats) -> Floats:
        """The integral of the cdf from 0 to x, for each x; 0 for negative ones."""
        total: Floats = self.areas(x) @ self.weight
        return total

    def areas(self, x: float | Floats) -> Floats:
        """The integrals of the parts' cdfs from 0 to each x: one row per x, unweighted."""
        after, z = self._standardised(x)
        late = np.exp(self.mu + self.sigma**2 / 2) * normal(z - self.sigma)
        parts: Floats = np.where(after > 0, after * normal(z) - late, 0.0)
        return parts

    def _standardised(self, x: float | Floats) -> tuple[Floats, Floats]:
        after = np.atleast_1d(np.asarray(x, dtype=np.float64))[:, None] - self.point
        return after, (np.log(np.where(after > 0, after, 1.0)) - self.mu) / self.sigma

    def quantile(self, q: float) -> float:
        """The time by which a share q of all has ended; infinite where it never is."""
        if float(self.weight.sum()) <= q:
            return float("inf")
        low, high = 1e-3, 1e9
        for _ in range(60):
            middle = sqrt(low * high)
            low, high = (low, middle) if self.cdf(middle)[0] >= q else (middle, high)
        return high
