"""The share of variance that lies between agents (intraclass correlation): the luck of the draw."""

from __future__ import annotations

import math

import numpy as np

from cxaudit.statistics.analysis_of_variance import GroupSums, scaled_f
from cxaudit.statistics.estimate import Cases, Estimate
from cxaudit.statistics.influence import two_way

AGENT_UNKNOWN = "agents are not known: the variance between them cannot be told"


def variance_share(cases: Cases, min_per_agent: int) -> Estimate:
    """The share of the variance of `value` that is due to the agent, by one-way analysis of
    variance.

    Agents with fewer than `min_per_agent` answers (2 at least) are left out and counted in a note.
    Truncated at 0. The interval works on ln F with the agent dimension alone, floored by normal
    theory; where even its upper end is 0, it is that of agents who differ as much as chance makes
    them. The influence is scaled so that its two-way variance is that of the interval. `groups` is
    the number of agents that entered.
    """
    known, missing = cases.known("value")
    if known.agent is None:
        return Estimate.nothing("log F", len(known), missing, notes=(AGENT_UNKNOWN,), groups=0)
    _, place, sizes = np.unique(known.agent, return_inverse=True, return_counts=True)
    enough = sizes[place] >= max(2, min_per_agent)
    base = known.only(enough)
    count = len(base)
    agents = int(np.sum(sizes >= max(2, min_per_agent)))
    few, answers = sizes.size - agents, len(known) - count
    notes: tuple[str, ...] = ()
    if few:
        notes = (f"agents under {min_per_agent} answers left out: {few} ({answers} answers)",)
    if agents < 2:
        return Estimate.nothing(
            "log F", count, missing, notes=(*notes, "fewer than two agents"), groups=agents
        )
    assert base.agent is not None  # taken from `known`, whose agents are known
    sums = GroupSums.of(base.numbers("value"), base.agent)
    if sums.is_constant:
        reason = "all answers are equal: there is no variance to share out"
        return Estimate.nothing("log F", count, missing, notes=(*notes, reason), groups=agents)
    df_between, df_within = float(agents - 1), float(count - agents)
    average = (count - float(np.sum(sums.sizes**2)) / count) / df_between
    tiny = 1e-12 * (sums.between + sums.within)
    if sums.between <= tiny or sums.within <= tiny:
        return _without_spread(base, missing, 0.0 if sums.between <= tiny else 1.0, notes, agents)
    ratio = (sums.between / df_between) / (sums.within / df_within)
    column = base.influence(sums.f_influence(df_within))
    by_agent = np.bincount(sums.place, weights=column.value)
    interval = scaled_f(
        ratio, df_between, df_within, agents / df_between * float(np.sum(by_agent**2))
    )
    spread = two_way(column)
    return Estimate(
        _share(ratio, average),
        _share(interval.low, average),
        _share(interval.high, average) or _share(interval.high / ratio, average),
        math.sqrt(interval.variance),
        "log F",
        spread.df,
        column.scaled(math.sqrt(interval.variance / spread.variance)),
        cases=count,
        missing=missing,
        method="F scaled",
        effective_customers=spread.effective_customers,
        effective_agents=spread.effective_agents,
        notes=notes,
        groups=agents,
        span=interval.span,
    )


def _share(ratio: float, average: float) -> float:
    """The intraclass correlation that goes with an F ratio, truncated at 0."""
    return max(0.0, (ratio - 1.0) / (ratio + average - 1.0))


def _without_spread(
    base: Cases, missing: int, value: float, notes: tuple[str, ...], agents: int
) -> Estimate:
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
        missing=missing,
        method="F scaled",
        notes=(*notes, "no variance within agents" if value else "no variance between agents"),
        groups=agents,
    )
