"""Whom a case waited for, and how long: the time in each status, on both clocks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis
from ibis import _

from cxaudit.facts.business_time import Under, second
from cxaudit.facts.population import instant
from cxaudit.facts.resolution import status_changes

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from cxaudit.facts.tables import CheckedTables

# The customer waits for the service in three statuses, the service for the customer in one.
WAITS = {
    "requester_wait": ("new", "open", "on_hold"),
    "agent_wait": ("pending",),
    "hold": ("on_hold",),
}
UNTIL_TOLD = "open"


def with_status_waits(tables: CheckedTables, contacts: ir.Table) -> ir.Table:
    """The contacts with `requester_wait_seconds`, `agent_wait_seconds` and `hold_seconds`.

    Whole seconds from the creation to as-of, all spells of a status together; with `_open_` in the
    name in opening hours. Null where no change of status is recorded, or there are no hours. The
    contacts have `as_of_open`.
    """
    spells = _spells(tables, contacts)
    sums = {
        f"{name}_{clock}seconds": spells[f"spent_{clock}seconds"].sum(
            where=spells.status.isin(statuses)
        )
        for name, statuses in WAITS.items()
        for clock in ("", "open_")
    }
    whole = {name: total.fill_null(0).cast("int64") for name, total in sums.items()}
    waited = spells.group_by("ticket_id").agg(**whole, has_hours=spells.spent_open_seconds.count())
    in_hours = {
        name: ibis.ifelse(waited.has_hours > 0, waited[name], None)
        for name in whole
        if "_open_" in name
    }
    waited = waited.mutate(**in_hours).drop("has_hours")
    return contacts.left_join(waited, "ticket_id").drop("ticket_id_right")


def _spells(tables: CheckedTables, contacts: ir.Table) -> ir.Table:
    """Each spell in one status: ticket_id, status, spent_seconds, spent_open_seconds."""
    as_of = instant(tables.run.engagement.as_of)
    cases = contacts.select("ticket_id", "created_at", "channel", "group_id", "as_of_open")
    changes = status_changes(
        tables.read("ticket_events"), tables.actors, told=tables.tells_status_before
    ).filter(_.at <= as_of)
    changes = changes.select("ticket_id", "at", "event_id", "before", "after")
    changes = changes.join(cases.select("ticket_id", "created_at"), "ticket_id")
    place = ibis.window(group_by="ticket_id", order_by=["at", _.event_id.length(), "event_id"])
    changes = changes.mutate(number=ibis.row_number().over(place) + 1)
    # What is recorded before the creation held from the creation on.
    later = changes.select(
        "ticket_id", "number", at=ibis.greatest(_.at, _.created_at), status=_.after
    )
    first = changes.filter(_.number == 1).select(
        "ticket_id",
        number=ibis.literal(0, type="int64"),
        at=_.created_at,
        status=_.before.fill_null(UNTIL_TOLD),
    )
    story = ibis.union(first, later.cast(first.schema())).join(
        cases.drop("created_at"), "ticket_id"
    )
    under = Under(ticket="ticket_id", channel="channel", group="group_id")
    story = tables.business_time.with_open_seconds(story, under, run="at")
    onwards = ibis.window(group_by="ticket_id", order_by="number")
    ends, ends_open = _.at.lead().over(onwards), _.run.lead().over(onwards)
    return story.mutate(
        ends=second(ends.fill_null(as_of)),
        ends_open=ibis.ifelse(ends.isnull(), _.as_of_open, ends_open),
    ).select(
        "ticket_id",
        "status",
        spent_seconds=_.ends - second(_.at),
        spent_open_seconds=_.ends_open - _.run,
    )
