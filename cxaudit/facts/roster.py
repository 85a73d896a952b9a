"""The fact table of the roster: who works here since when, and what each has learned."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis
from ibis import _

from cxaudit.facts.business_time import second
from cxaudit.facts.declaration import FactTable

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from cxaudit.facts.tables import CheckedTables

DAY = 86_400
AGENT, COURSE, WORKED = "agent", "course", "worked"


def roster(tables: CheckedTables, contacts: ir.Table) -> ir.Table:
    """One row per agent, one per course of an agent, and one per day on which an agent worked.

    Days (of UTC, with a first reply or a solve) are there only where nobody says when agents left.
    `at` is when a course was completed, or the first of these acts on the day.
    """
    agents = tables.read("agents").select("agent_id", "hired_at", "left_at")
    staff = agents.mutate(kind=ibis.literal(AGENT), at=ibis.null("int64"), **_no_course())
    taken = tables.in_scope("trainings").select(
        "agent_id",
        "hours",
        "score_pre",
        "score_post",
        "passed",
        "topic",
        "method",
        kind=ibis.literal(COURSE),
        at=second(_.completed_at),
    )
    rows = ibis.union(staff, _of_agents(agents, taken).select(*staff.columns))
    if tables.supplies("agents.left_at"):
        return rows
    replied = contacts.select(agent_id=_.replied_by, at=_.first_response_at)
    solved = contacts.select(agent_id=_.solver_id, at=_.first_solved_at)
    worked = ibis.union(replied, solved).filter(_["at"].notnull(), _.agent_id.notnull())
    worked = worked.mutate(at=second(_["at"]), day=second(_["at"]) // DAY)
    days = worked.group_by("agent_id", "day").agg(at=_["at"].min()).drop("day")
    days = days.mutate(kind=ibis.literal(WORKED), **_no_course())
    return ibis.union(rows, _of_agents(agents, days).select(*staff.columns))


def _of_agents(agents: ir.Table, rows: ir.Table) -> ir.Table:
    """The rows of agents that the roster has, with when they came and went."""
    return rows.join(agents, "agent_id")


def _no_course() -> dict[str, ir.Scalar]:
    texts = {name: ibis.literal("") for name in ("topic", "method")}
    numbers = {name: ibis.null("float64") for name in ("hours", "score_pre", "score_post")}
    return {**texts, **numbers, "passed": ibis.null("boolean")}


ROSTER = FactTable(
    name="roster",
    make=roster,
    key=("agent_id", "kind", "at", "topic", "method"),
    needs=("agents",),
    agents={"agent": "agent_id"},
)
