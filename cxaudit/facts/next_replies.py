"""The fact table of next replies: how long customers wait once the conversation runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis
from ibis import _

from cxaudit.facts.actors import role
from cxaudit.facts.business_time import Under
from cxaudit.facts.declaration import FactTable
from cxaudit.facts.population import instant
from cxaudit.facts.promised_times import held_by, promised
from cxaudit.facts.resolution import into_done, status_changes

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from cxaudit.facts.tables import CheckedTables

CUSTOMER, AGENT, SOLVE = range(3)
OF_CASE = ("ticket_id", "customer_id", "channel", "group_id", "replier_id", "is_solved")


def next_replies(tables: CheckedTables, contacts: ir.Table) -> ir.Table:
    """Customers' public messages after the first reply by a person, of several in a row the first.

    `replied_at` is the next public message of a person of the service; `needs_none`: the case was
    solved without one. `open_seconds` is the business time until the reply, or until as-of; `due`
    until when it was promised, in seconds since 1970.
    """
    replier = _.replied_by.fill_null(_.assignee_id)
    answered = contacts.filter(_.first_response_at.notnull()).mutate(replier_id=replier)
    answered = tables.engine.cached(answered.select("row", "first_response_at", *OF_CASE))
    place = ibis.window(group_by="row", order_by=["at", "is_solve", "id"])
    story = _story(tables, answered.select("row", "ticket_id", "first_response_at"))
    turns = story.mutate(before=_.kind.lag().over(place)).filter(
        _.before.isnull() | (_.kind != _.before)
    )
    turns = turns.mutate(
        next=_.kind.lead().over(place),
        next_at=_.at.lead().over(place),
        second_next=_.kind.lead(2).over(place),
        second_at=_.at.lead(2).over(place),
    )
    waits = turns.filter(_.kind == CUSTOMER, _.before.notnull())
    replied_at = ibis.cases(
        (_.next == AGENT, _.next_at),
        # Who replies in the click after the solve has replied.
        ((_.next == SOLVE) & (_.second_next == AGENT), _.second_at),
        else_=None,
    )
    waits = waits.select(
        "row",
        message_id=_.id,
        wrote_at=_.at,
        replied_at=replied_at,
        was_solved=(_.next == SOLVE).fill_null(False),
    )
    waits = waits.join(answered.select("row", *OF_CASE), "row")
    waits = waits.mutate(needs_none=_.replied_at.isnull() & (_.was_solved | _.is_solved))
    until = waits.replied_at.fill_null(instant(tables.run.engagement.as_of))
    waits = tables.business_time.with_open_seconds(
        waits,
        Under(ticket="ticket_id", channel="channel", group="group_id"),
        wrote_open="wrote_at",
        until_open=until,
    )
    waits = tables.engine.cached(waits.mutate(open_seconds=_.until_open - _.wrote_open))
    held = held_by(tables, contacts)
    due = promised(tables, waits, held, "next_response", "message_id", "wrote_at")
    waits = waits.left_join(due.select("message_id", "due"), "message_id")
    waits = waits.drop("message_id_right")
    return waits.drop(
        "wrote_open", "until_open", "business_day_seconds", "was_solved", "is_solved", "group_id"
    )


def _story(tables: CheckedTables, answered: ir.Table) -> ir.Table:
    """Public messages of customers and agents, and solves, from the first reply on.

    A message in the second of a solve comes before it.
    """
    actors = tables.actors
    author = role(actors, _.author_id, _.author_type, _.at)
    written = tables.in_scope("messages").filter(_.is_public, ~_.is_auto.fill_null(False))
    written = written.mutate(
        kind=ibis.cases((author == "customer", CUSTOMER), (author == "agent", AGENT), else_=None)
    ).filter(_.kind.notnull())
    written = written.select("ticket_id", "at", "kind", id="message_id", is_solve=0)
    events = tables.in_scope("ticket_events")
    changes = status_changes(events, actors, told=tables.tells_status_before).filter(into_done())
    solved = changes.select(
        "ticket_id", "at", kind=ibis.literal(SOLVE), id="event_id", is_solve=1
    ).cast({"kind": written.kind.type()})
    story = ibis.union(written, solved).join(answered, "ticket_id")
    return story.filter(_.at >= _.first_response_at).select("row", "at", "kind", "id", "is_solve")


NEXT_REPLIES = FactTable(
    name="next_replies",
    make=next_replies,
    key=("message_id",),
    needs=("messages",),
    agents={"replier": "replier_id"},
)
