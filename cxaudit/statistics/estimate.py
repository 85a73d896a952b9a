"""What a statistic is given, and what it gives back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from cxaudit.errors import Fault, Problem, nearest
from cxaudit.statistics.influence import (
    Codes,
    Influence,
    Numbers,
    TwoWay,
    effective_clusters,
    kish,
)

WEIGHT = "weight"


@dataclass(frozen=True)
class Cases:
    """The cases of one indicator, one entry per case in every array.

    Codes are integers shared by all indicators of an audit; a case whose customer or agent is
    unknown has a code of its own. `columns` holds what the statistic asks for by name (NaN:
    unknown). A column `weight` (positive; NaN: 1) says how many cases each one stands for.
    """

    customer: Codes
    agent: Codes | None  # None: the indicator has no agent dimension
    row: Codes  # the ticket
    columns: dict[str, np.ndarray] = field(default_factory=dict)

    def __post_init__(self) -> None:
        sizes = {"customer": self.customer.size, "row": self.row.size}
        if self.agent is not None:
            sizes["agent"] = self.agent.size
        sizes.update({name: column.size for name, column in self.columns.items()})
        if len(set(sizes.values())) > 1:
            raise Fault(Problem("statistics.Cases", "arrays of different lengths", str(sizes)))

    def __len__(self) -> int:
        return int(self.customer.size)

    def numbers(self, name: str) -> Numbers:
        """The column `name` as floating-point numbers. Raises Fault when it is not there."""
        if name not in self.columns:
            raise Fault(
                Problem(
                    "statistics",
                    f"the statistic asks for a column '{name}' that the cases do not have",
                    ", ".join(sorted(self.columns)) or "no columns",
                    nearest(name, self.columns),
                )
            )
        return np.asarray(self.columns[name], dtype=np.float64)

    def only(self, mask: np.ndarray) -> Cases:
        """The cases where `mask` is true."""
        return Cases(
            self.customer[mask],
            None if self.agent is None else self.agent[mask],
            self.row[mask],
            {name: column[mask] for name, column in self.columns.items()},
        )

    def known(self, *names: str) -> tuple[Cases, int]:
        """The cases where all the columns `names` are known, and how many are left out."""
        mask = np.ones(len(self), dtype=bool)
        for name in names:
            mask &= np.isfinite(self.numbers(name))
        return self.only(mask), int(np.sum(~mask))

    def weights(self) -> Numbers | None:
        """The weights with mean 1; None when every case counts 1. Raises Fault for one of 0 or
        less.
        """
        if WEIGHT not in self.columns:
            return None
        weights = self.numbers(WEIGHT)
        weights = np.where(np.isnan(weights), 1.0, weights)
        if not np.all((weights > 0.0) & np.isfinite(weights)):
            where = f"statistics: column '{WEIGHT}'"
            raise Fault(Problem(where, "a weight that is not a positive number"))
        return weights / np.mean(weights) if weights.size else weights

    def unweighted(self) -> Cases:
        """The same cases, each counting 1."""
        columns = {name: column for name, column in self.columns.items() if name != WEIGHT}
        return replace(self, columns=columns)

    def effective_size(self) -> float:
        """The number of cases; with weights, how many of equal weight they are worth (Kish)."""
        weights = self.weights()
        return float(len(self)) if weights is None or not len(self) else kish(weights)

    def influence(self, value: Numbers) -> Influence:
        """`value` (one entry per case) as an influence column of these cases."""
        return Influence(self.customer, self.agent, self.row, value, self.weights())

    def degrees_of_freedom(self) -> float:
        """The fewest effective clusters of a dimension, less one, at least 1."""
        dimensions = [self.customer] if self.agent is None else [self.customer, self.agent]
        weight = self.weights()
        return max(1.0, min(effective_clusters(codes, weight) for codes in dimensions) - 1.0)


@dataclass(frozen=True)
class Estimate:
    """One estimate with its own interval; `value`, `low` and `high` on the natural scale."""

    value: float | None
    low: float | None
    high: float | None
    se: float | None  # on `scale`
    scale: str  # 'logit' | 'log' | 'identity' | 'log F'
    df: float | None
    influence: (
        Influence | None
    )  # on `scale`; None (0/n, n/n, not reached, jackknifed): no correlation in composites
    cases: int
    missing: int = 0
    not_yet_due: int = 0
    method: str = ""
    effective_customers: float | None = None
    effective_agents: float | None = None
    # A survival quantile the curve never reaches has no value; a sum of ratios with such a quantile
    # has one, to be read as "at least".
    not_reached: bool = False
    notes: tuple[str, ...] = ()
    longest_seconds: float | None = None  # survival quantiles: the longest follow-up in the base
    groups: int | None = None  # agents, weeks, channels, strata or legs that entered the estimate
    span: float | None = None  # 'log F': the distance between the limits on the scale
    # What a minimum may ask beside cases: {"days": 63, "events": 12}.
    counts: Mapping[str, float] = field(default_factory=dict)
    offset: float = 0.0  # 'log': the logarithm is of value + offset (1 for a relative change)

    @classmethod
    def nothing(
        cls,
        scale: str,
        cases: int = 0,
        missing: int = 0,
        not_yet_due: int = 0,
        notes: Sequence[str] = (),
        groups: int | None = None,
    ) -> Estimate:
        """The estimate that could not be made: no value, no interval, the counts and the reason."""
        return cls(
            None,
            None,
            None,
            None,
            scale,
            None,
            None,
            cases,
            missing,
            not_yet_due,
            notes=tuple(notes),
            groups=groups,
        )


def clustering(spread: TwoWay) -> str:
    """How the variance was clustered, in words, for the method of an estimate."""
    return "customers only" if spread.agent is None else "two-way"
