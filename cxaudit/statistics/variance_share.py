"""The share of variance that lies between agents (intraclass correlation): the luck of the draw."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.optimize import brentq

from cxaudit.statistics.analysis_of_variance import GroupSums, StretchedF, stretched_f
from cxaudit.statistics.estimate import Cases, Estimate
from cxaudit.statistics.influence import Codes, Numbers, two_way
from cxaudit.statistics.mixed_model import Levels, MixedModel, Solution

AGENT_UNKNOWN = "agents are not known: the variance between them cannot be told"
NO_AGENT_LEFT = "what agents do cannot be told apart from the conditions taken off"
NEARLY_ALL = 1.0 - 1e-6  # the largest share of variance that limits are searched up to


def variance_share(cases: Cases, min_per_agent: int, effects: Sequence[str] = ()) -> Estimate:
    """The share of the variance of `value` that is due to the agent.

    Agents with fewer than `min_per_agent` answers (2 at least) are left out and counted in a note.
    `effects` names columns of codes (channel, category, survey mode) whose additive effects are
    taken off: a mixed model by Henderson's third method, whose variance components are those of the
    one-way analysis of variance when there are none; the figure without them stands in a note.
    Truncated at 0.

    Limits: Wald's, the shares at which the weighted sum of squares between agents is within the
    quantiles of F, with agents of any sizes; stretched on ln F where agents vary more than
    normally. Where even the upper limit is 0, it is that of agents who differ as much as chance
    makes them. The influence is scaled so that its two-way variance is that of the interval.
    `groups` is the number of agents that entered.
    """
    known, missing = cases.unweighted().known("value")
    if known.agent is None:
        return Estimate.nothing("log F", len(known), missing, notes=(AGENT_UNKNOWN,), groups=0)
    _, place, sizes = np.unique(known.agent, return_inverse=True, return_counts=True)
    enough = sizes >= max(2, min_per_agent)
    base = known.only(enough[place])
    count, agents = len(base), int(np.sum(enough))
    few, answers = sizes.size - agents, len(known) - count
    notes: tuple[str, ...] = ()
    if few:
        notes = (f"agents under {min_per_agent} answers left out: {few} ({answers} answers)",)

    def nothing(reason: str) -> Estimate:
        return Estimate.nothing("log F", count, missing, notes=(*notes, reason), groups=agents)

    if agents < 2:
        return nothing("fewer than two agents")
    assert base.agent is not None  # taken from `known`, whose agents are known
    values = base.numbers("value")
    if GroupSums.of(values, base.agent).is_constant:
        return nothing("all answers are equal: there is no variance to share out")
    parts = _Components.of(values, base.agent, Levels.of([base.columns[name] for name in effects]))
    if effects:
        plain = variance_share(cases, min_per_agent)
        notes += (f"without taking off {', '.join(effects)}: {100 * (plain.value or 0.0):.1f} %",)
    if parts.df_between < 1.0 or parts.df_within < 1.0:
        return nothing(NO_AGENT_LEFT)
    tiny = 1e-12 * (parts.between + parts.within)
    if min(parts.between, parts.within) <= tiny:
        return replace(
            _without_spread(base, 0.0 if parts.between <= tiny else 1.0, notes),
            missing=missing,
            groups=agents,
        )
    adjusted, quantiles = parts.adjusted(values), parts.quantiles(values)
    column = base.influence(GroupSums.of(adjusted, base.agent).f_influence())
    spread = two_way(column)
    low, high = parts.limits(quantiles)
    return Estimate(
        parts.share,
        min(low, parts.share),
        max(high, parts.share),
        math.sqrt(quantiles.variance),
        "log F",
        spread.df,
        column.scaled(math.sqrt(quantiles.variance / spread.variance)),
        cases=count,
        missing=missing,
        method="F scaled",
        effective_customers=spread.effective_customers,
        effective_agents=spread.effective_agents,
        notes=notes,
        groups=agents,
        span=quantiles.span,
    )


@dataclass(frozen=True)
class _Components:
    """The sums of squares between and within agents, conditions taken off."""

    model: MixedModel
    levels: Levels
    place: Codes
    between: float
    within: float
    df_between: float
    df_within: float
    average: float  # cases per agent that the mean square between contains

    @classmethod
    def of(cls, values: Numbers, agent: Codes, levels: Levels) -> _Components:
        distinct, place = np.unique(agent, return_inverse=True)
        centred = values - float(np.sum(values)) / values.size
        model = MixedModel.of(centred, place, distinct.size, levels)
        alone, absorbed = model.solved(0.0), model.solved(math.inf)
        df_between = float(distinct.size + absorbed.rank - alone.rank)
        return cls(
            model,
            levels,
            place,
            alone.residual - absorbed.residual,
            absorbed.residual,
            df_between,
            float(values.size - distinct.size - absorbed.rank),
            model.cases_per_group(alone) / max(1.0, df_between),
        )

    @property
    def share(self) -> float:
        """The intraclass correlation, truncated at 0."""
        ratio = (self.between / self.df_between) / (self.within / self.df_within)
        return self.correlation(ratio)

    def correlation(self, ratio: float) -> float:
        """The intraclass correlation that goes with an F ratio, truncated at 0."""
        return max(0.0, (ratio - 1.0) / (ratio + self.average - 1.0))

    def pivot(self, share: float) -> float:
        """The F ratio between agents if `share` of the variance were theirs; 1 on average if so."""
        left = self.solution(share).residual - self.within
        return (left / self.df_between) / (self.within / self.df_within)

    def solution(self, share: float) -> Solution:
        """The effects if `share` of the variance were the agents'."""
        return self.model.solved(share / (1.0 - share))

    def limits(self, quantiles: StretchedF) -> tuple[float, float]:
        """The shares of variance at which the pivot is at its quantiles."""

        def root(target: float) -> float:
            if self.pivot(0.0) <= target:
                return 0.0
            if self.pivot(NEARLY_ALL) >= target:
                return 1.0
            return float(brentq(lambda share: self.pivot(share) - target, 0.0, NEARLY_ALL))

        high = root(quantiles.lower) or self.correlation(1.0 / quantiles.lower)
        return root(quantiles.upper), high

    def adjusted(self, values: Numbers) -> Numbers:
        """The values with the effects of the conditions taken off."""
        share = min(self.share, NEARLY_ALL)
        return values - self.levels.effect(self.solution(share).coefficients)

    def quantiles(self, values: Numbers) -> StretchedF:
        """The quantiles of F, stretched by how much agents vary with the weights of the pivot."""
        share = min(self.share, NEARLY_ALL)
        sums = GroupSums.of(self.adjusted(values), self.place)
        weights = sums.sizes / (1.0 + share / (1.0 - share) * sums.sizes)
        centre = float(np.sum(weights * sums.means)) / float(np.sum(weights))
        squares = weights * (sums.means - centre) ** 2
        agents = sums.sizes.size
        within = np.bincount(sums.place, weights=sums.residuals**2)
        by_agent = (
            squares / float(np.sum(squares))
            - 1.0 / agents
            - within / sums.within
            + (sums.sizes - 1.0) / (sums.place.size - agents)
        )
        observed = agents / (agents - 1.0) * float(np.sum(by_agent**2))
        return stretched_f(self.df_between, self.df_within, observed)


def _without_spread(base: Cases, value: float, notes: tuple[str, ...]) -> Estimate:
    """All variance within agents, or all between them: ln F is infinite, and the share not bounded
    by it.
    """
    return Estimate(
        value,
        0.0,
        1.0,
        None,
        "log F",
        base.degrees_of_freedom(),
        None,
        cases=len(base),
        method="F scaled",
        notes=(*notes, "no variance within agents" if value else "no variance between agents"),
    )
