"""Traces: the changes of status of a solved ticket, beside those that its process allows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis
from ibis import _

from cxaudit.facts.population import instant
from cxaudit.facts.resolution import status_changes

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from cxaudit.facts.tables import CheckedTables


def traces(tables: CheckedTables, contacts: ir.Table) -> ir.Table:
    """Solved tickets with changes of status whose contact reason has a process flow.

    ticket_id, agent_id (who solved it), solved_at, `follows_process`: every change is one that the
    flow of its reason, or the one for all reasons, allows. An approved exception is allowed.
    """
    flows = tables.in_scope("process_flows").select("category", "from_value", "to_value")
    solved = contacts.filter(_.first_solved_at.notnull()).select(
        "ticket_id", "category", agent_id="solver_id", solved_at="first_solved_at"
    )
    for_all = flows.filter(_.category.isnull()).drop("category").mutate(is_for_all=True)
    own = flows.filter(_.category.notnull()).mutate(is_own=True)
    with_flow = own.select("category").distinct().mutate(has_own=True)
    solved = solved.left_join(with_flow, "category").drop("category_right")
    if not _has_rows(tables, for_all):
        solved = solved.filter(_.has_own)
    as_of = instant(tables.run.engagement.as_of)
    events = tables.in_scope("ticket_events").filter(_["at"] <= as_of)
    changes = status_changes(events, tables.actors).filter(
        _.before.notnull(), _.after.notnull(), _.before != _.after
    )
    changes = changes.join(solved, "ticket_id").select(
        "ticket_id", "category", from_value="before", to_value="after"
    )
    change = ["from_value", "to_value"]
    changes = changes.left_join(for_all, change).drop("from_value_right", "to_value_right")
    changes = changes.left_join(own, ["category", *change])
    is_allowed = ibis.coalesce(_.is_own, _.is_for_all, False)
    judged = changes.group_by("ticket_id").agg(follows_process=is_allowed.all())
    return solved.join(judged, "ticket_id").drop("has_own", "category")


def _has_rows(tables: CheckedTables, rows: ir.Table) -> bool:
    return bool(tables.engine.fetch(rows.agg(rows=_.count()))["rows"][0].as_py())
