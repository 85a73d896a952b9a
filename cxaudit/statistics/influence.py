"""Influence columns and what follows from them: two-way variances, degrees of freedom, covariances.

An influence column says how much each case moved an estimate: estimate - truth is about its sum.
Cases of one customer, and cases of one agent, move together, so the column is summed by customer
and by agent before it is squared: V = V_customer + V_agent - V_row, never below either one-way
variance.

No product here goes through a linear algebra library: those change their order of summation with
the number of threads, and the last digits with it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]
Codes = npt.NDArray[np.integer]

# An agent with (nearly) all cases has leverage 1, and 1 / (1 - leverage) no value.
LARGEST_LEVERAGE = 0.999

# Codes are dense enough for one array over their range when it is at most so many times their
# number.
DENSE = 8


@dataclass(frozen=True)
class Influence:
    """How far each case of the base moved one estimate, on the estimate's scale; sums to zero.

    All arrays have one entry per case. `agent` is None where the indicator has no agent dimension.
    """

    customer: Codes
    agent: Codes | None
    row: Codes
    value: Numbers

    def scaled(self, factor: float) -> Influence:
        """The same column times `factor`: a change of scale, or of the variance it stands for."""
        return replace(self, value=self.value * factor)


@dataclass(frozen=True)
class TwoWay:
    """The variance of one estimate with its parts, degrees of freedom and effective clusters."""

    variance: float  # max(customer + agent - row, customer, agent)
    customer: float
    agent: float | None  # None: one-way on customers
    row: float
    df: float
    effective_customers: float
    effective_agents: float | None


@dataclass(frozen=True)
class _Sums:
    """The sum of a column in each cluster that has a case, ordered by code."""

    codes: Codes
    sums: Numbers
    counts: Numbers

    def times(self, factor: float | Numbers) -> _Sums:
        return replace(self, sums=self.sums * factor)

    @property
    def square(self) -> float:
        return float(np.sum(self.sums * self.sums))

    @property
    def effective(self) -> float:
        """Clusters of equal size that are worth as much: (sum n)^2 / sum n^2."""
        return float(np.sum(self.counts)) ** 2 / float(np.sum(self.counts**2))


def two_way(column: Influence) -> TwoWay:
    """The variance of the estimate behind `column`, clustered by customer and by agent.

    The customer part carries G / (G - 1), the agent part is corrected for leverage (each sum
    divided by one minus the agent's share of the cases). Degrees of freedom: the fewest effective
    clusters less one, at least 1. Raises ValueError for an empty column.
    """
    if column.value.size == 0:
        raise ValueError("an influence column without cases has no variance")
    customers = _by_customer(column)
    agents = _by_agent(column)
    row = _by(column.row, column.value).square
    customer_variance = customers.square
    clusters = customers.effective
    if agents is None:
        variance = customer_variance
        agent_variance = None
    else:
        agent_variance = agents.square
        variance = max(customer_variance + agent_variance - row, customer_variance, agent_variance)
        clusters = min(clusters, agents.effective)
    return TwoWay(
        variance=variance,
        customer=customer_variance,
        agent=agent_variance,
        row=row,
        df=max(1.0, clusters - 1.0),
        effective_customers=customers.effective,
        effective_agents=None if agents is None else agents.effective,
    )


def covariance(columns: Sequence[Influence]) -> tuple[Numbers, Numbers, Numbers]:
    """The customer, agent and row parts of the covariance of K estimates, each K x K.

    Covariance = customer + agent - row. A column without agents has zeros in the agent and row
    parts, so that its (co)variances are those of customers alone. The variance of a contrast q is
    the largest of q'(customer + agent - row)q, q'(customer)q and q'(agent)q.
    """
    customers = [_by_customer(column) for column in columns]
    agents = [_by_agent(column) for column in columns]
    rows = [None if c.agent is None else _by(c.row, c.value) for c in columns]
    return _products(customers), _products(agents), _products(rows)


def joined(columns: Sequence[Influence]) -> Influence:
    """The columns one after the other; without agents when one of them has none."""
    agents = [column.agent for column in columns if column.agent is not None]
    return Influence(
        np.concatenate([column.customer for column in columns]),
        np.concatenate(agents) if len(agents) == len(columns) else None,
        np.concatenate([column.row for column in columns]),
        np.concatenate([column.value for column in columns]),
    )


def effective_clusters(codes: Codes) -> float:
    """How many clusters of equal size `codes` (one entry per case) are worth; 0 without cases."""
    if codes.size == 0:
        return 0.0
    return _by(codes, np.zeros(codes.size)).effective


def _by(codes: Codes, values: Numbers) -> _Sums:
    distinct, place = _compact(codes)
    counts = np.bincount(place, minlength=distinct.size)
    sums = np.asarray(np.bincount(place, weights=values), dtype=np.float64)
    there = counts > 0
    return _Sums(distinct[there], sums[there], counts[there].astype(np.float64))


def _compact(codes: Codes) -> tuple[Codes, Codes]:
    """Ascending codes, among them all of `codes`, and the place of each entry there.

    Codes that are dense already are only shifted: sorting them is what takes the time.
    """
    low, high = int(codes.min()), int(codes.max())
    if high - low < DENSE * codes.size:
        return np.arange(low, high + 1), codes - low
    return np.unique(codes, return_inverse=True)


def _by_customer(column: Influence) -> _Sums:
    sums = _by(column.customer, column.value)
    clusters = sums.codes.size
    # One customer alone: its sum is zero and tells nothing about how customers vary.
    return sums.times(np.sqrt(clusters / (clusters - 1)) if clusters > 1 else 0.0)


def _by_agent(column: Influence) -> _Sums | None:
    if column.agent is None:
        return None
    sums = _by(column.agent, column.value)
    leverage = np.minimum(sums.counts / np.sum(sums.counts), LARGEST_LEVERAGE)
    return sums.times(1.0 / (1.0 - leverage))


def _products(columns: Sequence[_Sums | None]) -> Numbers:
    """Sums of products over shared clusters. One dense vector at a time: clusters x columns is
    never built.
    """
    size = len(columns)
    products = np.zeros((size, size))
    present = [sums.codes for sums in columns if sums is not None]
    if not present:
        return products
    universe, place = _compact(np.concatenate(present))
    ends = np.cumsum([codes.size for codes in present])[:-1]
    parts = iter(np.split(place, ends))
    places = [None if sums is None else next(parts) for sums in columns]
    scratch = np.zeros(universe.size)
    for k, column in enumerate(columns):
        if column is None:
            continue
        scratch[places[k]] = column.sums
        for other in range(k + 1):
            sums = columns[other]
            if sums is not None:
                products[k, other] = np.sum(scratch[places[other]] * sums.sums)
                products[other, k] = products[k, other]
        scratch[places[k]] = 0.0
    return products
