"""Influence columns and what follows from them: two-way variances, degrees of freedom, covariances.

An influence column says how much each case moved an estimate: estimate - truth is about its sum.
Cases of one customer, and cases of one agent, move together, so the column is summed by customer
and by agent before it is squared: V = V_customer + V_agent - V_row, never below either one-way
variance. Where agents do not differ by more than chance makes them, V_customer alone.

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

# So many agents (effective) show whether they differ, and so far their part may be above what it is
# by chance before it counts: by normal theory 95 % limits then cover 94 to 97 %, whatever the
# variance between agents (tests/statistics/test_influence.py); with fewer agents they may miss.
ENOUGH_AGENTS = 5.0
ABOUT_CHANCE = 1.15

# Codes are dense enough for one array over their range when it is at most so many times their
# number.
DENSE = 8
# Sums of so many clusters, of one column, are taken together: half a megabyte.
BLOCK = 65_536


@dataclass(frozen=True)
class Influence:
    """How far each case of the base moved one estimate, on the estimate's scale; sums to zero.

    All arrays have one entry per case. `agent` is None where the indicator has no agent dimension.
    `weight` is what a case counts in the size of its clusters; None: every case counts 1.
    """

    customer: Codes
    agent: Codes | None
    row: Codes
    value: Numbers
    weight: Numbers | None = None

    def scaled(self, factor: float) -> Influence:
        """The same column times `factor`: a change of scale, or of the variance it stands for."""
        return replace(self, value=self.value * factor)


@dataclass(frozen=True)
class TwoWay:
    """The variance of one estimate with its parts, degrees of freedom and effective clusters."""

    variance: float  # of these parts: see `variance_of_parts`
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
    sizes: Numbers  # cases, or the sum of their weights

    def times(self, factor: float | Numbers) -> _Sums:
        return replace(self, sums=self.sums * factor)

    @property
    def square(self) -> float:
        return float(np.sum(self.sums * self.sums))

    @property
    def effective(self) -> float:
        """Clusters of equal size that are worth as much: (sum n)^2 / sum n^2."""
        return kish(self.sizes)


def two_way(column: Influence) -> TwoWay:
    """The variance of the estimate behind `column`, clustered by customer and by agent.

    The customer part carries G / (G - 1), the agent part is corrected for leverage (each sum
    divided by one minus the agent's share of the cases, or of their weights); see
    `variance_of_parts`. Raises ValueError for an empty column.
    """
    if column.value.size == 0:
        raise ValueError("an influence column without cases has no variance")
    customers, agents = _by_customer(column), _by_agent(column)
    row = _by(column.row, column).square
    agent = None if agents is None else agents.square
    clusters = (customers.effective, None if agents is None else agents.effective)
    by_chance = row * chance_factor(column)
    variance, df = variance_of_parts(customers.square, agent, row, by_chance, *clusters)
    return TwoWay(variance, customers.square, agent, row, df, *clusters)


def variance_of_parts(
    customer: float,
    agent: float | None,
    row: float,
    by_chance: float,
    customers: float,
    agents: float | None,
) -> tuple[float, float]:
    """The variance made of its parts, and its degrees of freedom (effective clusters less one).

    Customer + agent - row, not below either part, with the degrees of freedom of the fewer
    clusters. But where agents are enough to show it and their part is about what it would be
    `by_chance` (rows independent of each other), the customers' (or rows') variance alone with the
    customers' degrees of freedom: few agents tell little about a variance that they do not make.
    """
    clusters = customers if agents is None else min(customers, agents)
    if agent is None or agents is None:
        variance = customer
    elif agents_do_not_differ(agent, by_chance, agents):
        variance, clusters = max(customer, row), customers
    else:
        variance = max(customer + agent - row, customer, agent)
    return variance, max(1.0, clusters - 1.0)


def agents_do_not_differ(agent: float, by_chance: float, agents: float) -> bool:
    """Whether the agent part is about what it is by chance, with agents enough to show it."""
    return agents >= ENOUGH_AGENTS and by_chance > 0.0 and agent <= ABOUT_CHANCE * by_chance


def chance_factor(column: Influence) -> float:
    """How many times the rows' variance the agent part is where agents do not differ.

    Each agent's sum has (1 - h) of its rows' variance, h its share, and is divided by 1 - h. It is
    0 without agents.
    """
    agents = _shares(column)
    return 0.0 if agents is None else float(np.sum(agents / (1.0 - agents)))


def contrast(columns: Sequence[Influence], coefficients: Sequence[float]) -> tuple[float, float]:
    """The variance of a sum of coefficient x estimate, and its degrees of freedom."""
    steps = np.array(coefficients, dtype=np.float64)
    stretched = steps * np.sqrt([chance_factor(column) for column in columns])
    customer, agent, row = covariance(columns)
    agents = [effective_clusters(c.agent, c.weight) for c in columns if c.agent is not None]
    return variance_of_parts(
        quadratic(customer, steps),
        quadratic(agent, steps),
        quadratic(row, steps),
        quadratic(row, stretched),
        min(effective_clusters(c.customer, c.weight) for c in columns),
        min(agents, default=None),
    )


def quadratic(form: Numbers, steps: Numbers) -> float:
    """steps' form steps."""
    return float(np.sum(steps[:, None] * form * steps[None, :]))


def covariance(columns: Sequence[Influence]) -> tuple[Numbers, Numbers, Numbers]:
    """The customer, agent and row parts of the covariance of K estimates, each K x K.

    Covariance = customer + agent - row. A column without agents has zeros in the agent and row
    parts, so that its (co)variances are those of customers alone. The variance of a contrast:
    `contrast`.
    """
    customers = [_by_customer(column) for column in columns]
    agents = [_by_agent(column) for column in columns]
    rows = [None if c.agent is None else _by(c.row, c) for c in columns]
    return _products(customers), _products(agents), _products(rows)


def joined(columns: Sequence[Influence]) -> Influence:
    """The columns one after the other; without agents when one of them has none."""
    agents = [column.agent for column in columns if column.agent is not None]
    weights = [np.ones(c.value.size) if c.weight is None else c.weight for c in columns]
    weighted = any(column.weight is not None for column in columns)
    return Influence(
        np.concatenate([column.customer for column in columns]),
        np.concatenate(agents) if len(agents) == len(columns) else None,
        np.concatenate([column.row for column in columns]),
        np.concatenate([column.value for column in columns]),
        np.concatenate(weights) if weighted else None,
    )


def kish(weights: Numbers) -> float:
    """How many equal weights these are worth: (sum w)^2 / sum w^2."""
    return float(np.sum(weights)) ** 2 / float(np.sum(weights**2))


def effective_clusters(codes: Codes, weight: Numbers | None = None) -> float:
    """How many clusters of equal size `codes` (one entry per case) are worth; 0 without cases."""
    if codes.size == 0:
        return 0.0
    sizes = np.bincount(_compact(codes)[1], weights=weight).astype(np.float64)
    return kish(sizes)


def _by(codes: Codes, column: Influence) -> _Sums:
    distinct, place = _compact(codes)
    counts = np.bincount(place, minlength=distinct.size)
    sizes = counts if column.weight is None else np.bincount(place, weights=column.weight)
    sums = np.asarray(np.bincount(place, weights=column.value), dtype=np.float64)
    there = counts > 0
    return _Sums(distinct[there], sums[there], sizes[there].astype(np.float64))


def _compact(codes: Codes) -> tuple[Codes, Codes]:
    """Ascending codes, among them all of `codes`, and the place of each entry there.

    Codes that are dense already are only shifted: sorting them is what takes the time.
    """
    low, high = int(codes.min()), int(codes.max())
    if high - low < DENSE * codes.size:
        return np.arange(low, high + 1), codes - low
    return np.unique(codes, return_inverse=True)


def _by_customer(column: Influence) -> _Sums:
    sums = _by(column.customer, column)
    clusters = sums.codes.size
    # One customer alone: its sum is zero and tells nothing about how customers vary.
    return sums.times(np.sqrt(clusters / (clusters - 1)) if clusters > 1 else 0.0)


def _by_agent(column: Influence) -> _Sums | None:
    shares = _shares(column)
    if column.agent is None or shares is None:
        return None
    return _by(column.agent, column).times(1.0 / (1.0 - shares))


def _shares(column: Influence) -> Numbers | None:
    """Each agent's share of the cases, ordered by code; less than 1."""
    if column.agent is None:
        return None
    sizes = _by(column.agent, column).sizes
    return np.minimum(sizes / np.sum(sizes), LARGEST_LEVERAGE)


def _products(columns: Sequence[_Sums | None]) -> Numbers:
    """Sums of products over shared clusters: a block of clusters at a time, one dense vector.

    Clusters x columns is never built. Blocks stay in the processor's cache, and no memory is asked
    for anew for every pair: of millions of clusters either costs more than the sums.
    """
    products = np.zeros((len(columns), len(columns)))
    held = {k: sums for k, sums in enumerate(columns) if sums is not None and sums.codes.size}
    if not held:
        return products
    places = _places([sums.codes for sums in held.values()])
    low, high = min(int(of[0]) for of in places), max(int(of[-1]) for of in places)
    blocks = -(-sum(of.size for of in places) // (len(places) * BLOCK))
    width = -(-(high + 1 - low) // blocks)
    edges = np.append(np.arange(low, high + 1, width), high + 1)
    cuts = [np.searchsorted(of, edges.astype(of.dtype)) for of in places]
    scratch, room = np.zeros(width), np.empty(width)
    for block, start in enumerate(edges[:-1]):
        here = []
        for (k, sums), of, cut in zip(held.items(), places, cuts, strict=True):
            inside = slice(cut[block], cut[block + 1])
            here.append((k, of[inside] - start, sums.sums[inside]))
        for number, (k, at, values) in enumerate(here):
            scratch[at] = values
            for other, other_at, other_values in here[: number + 1]:
                shared = room[: other_at.size]
                # every place is within: 'clip' only spares a copy made to check it
                scratch.take(other_at, out=shared, mode="clip")
                np.multiply(shared, other_values, out=shared)
                products[k, other] += np.sum(shared)
            scratch[at] = 0.0
    return products + np.tril(products, -1).T


def _places(codes: Sequence[Codes]) -> Sequence[Codes]:
    """The codes of several columns, ascending in each, as places that lie close together."""
    low, high = min(int(of[0]) for of in codes), max(int(of[-1]) for of in codes)
    sizes = [of.size for of in codes]
    if high - low < DENSE * sum(sizes):
        return codes
    place = np.unique(np.concatenate(codes), return_inverse=True)[1]
    return np.split(place, np.cumsum(sizes)[:-1])
