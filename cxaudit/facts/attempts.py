"""The fact table of attempts: every time a customer tried to reach the service, in hours or not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis
from ibis import _

from cxaudit.facts.business_time import Under
from cxaudit.facts.calls import live_channels
from cxaudit.facts.declaration import FactTable

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from cxaudit.facts.tables import CheckedTables


def attempts(tables: CheckedTables, contacts: ir.Table) -> ir.Table:
    """Calls offered, and tickets that customers created on channels without calls.

    A call and the ticket written for it are one attempt. `in_hours` says whether the channel's
    schedule was open, null where it has none.
    """
    calls = tables.in_scope("calls")
    has_call = calls.filter(_.ticket_id.notnull()).select(named=_.ticket_id).distinct()
    written = contacts.filter(_.created_by == "customer", _.channel.notin(live_channels(tables)))
    written = written.left_join(has_call, written.ticket_id == has_call.named)
    parts = ("customer_id", "channel", "category", "language")
    tickets = written.filter(_.named.isnull()).select(
        *parts, attempt_id=_.ticket_id, is_call=False, at=_.created_at
    )
    calls = calls.select(*parts, attempt_id=_.call_id, is_call=True, at=_.offered_at)
    every = ibis.union(tickets, calls.cast(tickets.schema()))
    return tables.business_time.with_is_open(every, Under(channel="channel"), "in_hours", "at")


ATTEMPTS = FactTable(
    name="attempts", make=attempts, key=("attempt_id", "is_call"), needs=("tickets", "calls")
)
