"""The fact table of first contacts: everybody who waits for a first answer, whatever the way in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis
from ibis import _

from cxaudit.facts.calls import live_channels, waits
from cxaudit.facts.declaration import FactTable

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from cxaudit.facts.tables import CheckedTables

# From tickets the phone cannot be timed: the ticket is written once somebody has answered.
NOT_FROM_TICKETS = ("phone",)


def first_contacts(tables: CheckedTables, contacts: ir.Table) -> ir.Table:
    """Tickets, and in place of those by phone (and by a channel with calls) the calls that waited.

    `created_at` is when the wait began, `first_response_at` when a person answered, `ended_at`
    when somebody hung up; `due_at` is the promised time of a ticket's first response. `in_hours` is
    about calls: a ticket waits at any hour.
    """
    not_timed = [*NOT_FROM_TICKETS, *live_channels(tables)]
    nothing = ibis.null(contacts.created_at.type())
    tickets = contacts.filter(_.channel.notin(not_timed)).select(
        "ticket_id",
        "customer_id",
        "channel",
        "created_at",
        "first_response_at",
        contact_id=_.ticket_id,
        is_call=False,
        in_hours=True,
        responder_id=_.replied_by.fill_null(_.assignee_id),
        ended_at=nothing,
        due_at=_.sla_first_response_due_at,
    )
    calls = waits(tables).filter(_.waited_from.notnull())
    calls = calls.select(
        "ticket_id",
        "customer_id",
        "channel",
        "in_hours",
        created_at=_.waited_from,
        first_response_at=_.answered_at,
        contact_id=_.call_id,
        is_call=True,
        responder_id=_.agent_id,
        ended_at=_.ended_at,
        due_at=nothing,
    )
    return ibis.union(tickets, calls.cast(tickets.schema()))


FIRST_CONTACTS = FactTable(
    name="first_contacts",
    make=first_contacts,
    key=("contact_id", "is_call"),
    needs=("tickets", "calls"),
    agents={"replier": "responder_id"},
)
