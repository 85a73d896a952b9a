"""Who was invited to the surveys of a period: counts by question and cases, and by agent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from ibis import _

from cxaudit.facts.answers import invitations
from cxaudit.facts.population import instant
from cxaudit.facts.tables import CheckedTables
from cxaudit.indicators import Fact, Indicator
from cxaudit.statistics.funnel import funnel_limits
from cxaudit.statistics.shrinkage import robust

if TYPE_CHECKING:
    import ibis.expr.types as ir
    import pyarrow as pa

    from cxaudit.run import Run
    from cxaudit.statistics.influence import Numbers

# Fewer expected invitations and non-invitations, and the normal limits do not hold.
LEAST_VARIANCE = 5.0


@dataclass(frozen=True)
class Invited:
    """Invitations sent in the period, and how many of them were answered with a value by as-of."""

    invited: int
    answered: int


@dataclass(frozen=True)
class Coverage:
    """Solved cases of the period, those among them invited, and agents who differ beyond chance.

    `agents` counts those with enough cases for the test, `outside` those beyond its limits: their
    share invited, given the channels of their cases, is not that of the others.
    """

    solved: int
    invited: int
    agents: int
    outside: int


def invited_of(
    run: Run, indicators: Mapping[str, Indicator], parameters: Mapping[str, Mapping[str, Any]]
) -> dict[tuple[str, str], Invited]:
    """The invitations of each indicator's kind of case, by indicator and leg."""
    tables = CheckedTables(run)
    sent = invitations(tables, _contacts(run), run.period)
    as_of = int(run.engagement.as_of.timestamp())
    seen_at = min(int(run.period.end_at.timestamp()), as_of)
    counts: dict[str, ir.Value] = {}
    keys = {}
    for id, indicator in indicators.items():
        fact = Fact(sent, as_of, seen_at, indicator.anchor)
        for leg, cases in indicator.cases(fact, parameters[id]).items():
            keys[id, leg] = f"{id}/{leg}"
            belongs = cases.where.fill_null(False)
            counts[f"{id}/{leg}/invited"] = belongs.sum()
            counts[f"{id}/{leg}/answered"] = (belongs & sent.value.notnull()).sum()
    row = run.engine().fetch(sent.agg(**counts)).to_pylist()[0]
    return {
        key: Invited(int(row[f"{name}/invited"] or 0), int(row[f"{name}/answered"] or 0))
        for key, name in keys.items()
    }


def coverage(run: Run, questions: list[str]) -> dict[str, Coverage]:
    """How many of the cases solved in the period were invited to each question, and by whom."""
    tables = CheckedTables(run)
    contacts = _contacts(run)
    solved = contacts.filter(
        contacts.first_solved_at >= instant(run.period.start_at),
        contacts.first_solved_at < instant(run.period.end_at),
    )
    surveys = tables.in_scope("surveys").filter(_.ticket_id.notnull())
    asked = surveys.group_by(asked_id=surveys.ticket_id).agg(
        **{question: (surveys.question_key == question).any() for question in questions}
    )
    joined = solved.left_join(asked, solved.ticket_id == asked.asked_id)
    counted = joined.group_by("solver", "channel").agg(
        solved=joined.count(),
        **{f"of {q}": joined[q].fill_null(False).cast("int64").sum() for q in questions},
    )
    table = run.engine().fetch(counted.order_by("solver", "channel"))
    return {question: _coverage(table, question) for question in questions}


def _coverage(table: pa.Table, question: str) -> Coverage:
    solved = table["solved"].to_numpy().astype(np.float64)
    invited = table[f"of {question}"].to_numpy().astype(np.float64)
    agent = table["solver"].to_numpy()
    channel = table["channel"].to_pandas().fillna("").to_numpy()
    agents, outside = selective(agent, channel, solved, invited)
    return Coverage(int(np.sum(solved)), int(np.sum(invited)), agents, outside)


def selective(
    agent: np.ndarray, channel: np.ndarray, solved: Numbers, invited: Numbers
) -> tuple[int, int]:
    """How many agents were compared, and how many of them invite unlike their channels do.

    One entry per agent and channel: cases solved and cases invited. Agents without an id have
    negative codes and are not compared. The limits hold 99.8 % of agents who differ no more than
    agents do: chance, and the spread of most agents, are allowed for.
    """
    _, place = np.unique(channel, return_inverse=True)
    rate = np.bincount(place, weights=invited) / np.bincount(place, weights=solved)
    expected, variance = solved * rate[place], solved * (rate * (1.0 - rate))[place]
    known = agent >= 0
    _, who = np.unique(agent[known], return_inverse=True)
    excess, spread, cases = (
        np.bincount(who, weights=numbers[known])
        for numbers in (invited - expected, variance, solved)
    )
    compared = spread >= LEAST_VARIANCE
    if np.sum(compared) < 2:
        return int(np.sum(compared)), 0
    differences = (excess / cases)[compared]
    variances = (spread / cases**2)[compared]
    low, high = funnel_limits(robust(differences, variances), variances)
    outside = (differences < low) | (differences > high)
    return int(np.sum(compared)), int(np.sum(outside))


def _contacts(run: Run) -> ir.Table:
    return run.engine().read(run.folder("2_validate") / "facts" / "contacts.parquet")
