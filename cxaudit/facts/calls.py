"""The fact table of calls: calls and chats offered to the service, and how long each one waited."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis
from ibis import _

from cxaudit.facts.business_time import Under
from cxaudit.facts.declaration import FactTable
from cxaudit.facts.population import instant

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from cxaudit.facts.tables import CheckedTables

KEPT: tuple[str, ...] = ("call_id", "customer_id", "channel", "queue", "category", "language")
KEPT += ("offered_at", "waited_from", "in_hours", "answered_at", "ended_at", "hold_s", "wrap_s")

LIVE = ("phone", "chat")


def calls(tables: CheckedTables, contacts: ir.Table) -> ir.Table:
    """Calls and chats offered by as-of, with when each began to wait and whether that was in hours.

    Neither team nor ticket is here: who hangs up has none, so a team's calls would all be answered.
    """
    return waits(tables).select(*KEPT)


def waits(tables: CheckedTables) -> ir.Table:
    """The calls in scope with `waited_from`: when it entered the queue, else when it was offered.

    Where the client tells queue from menu, one that was answered without a queue waited from that
    moment, 0 seconds, and one that entered none and was not answered waited for nobody: null.
    `in_hours`: whether the schedule was open then, true where nothing is known of the hours.
    What happened after as-of has not happened yet.
    """
    as_of = instant(tables.run.engagement.as_of)
    happened = {
        name: ibis.ifelse(_[name] <= as_of, _[name], None)
        for name in ("queued_at", "answered_at", "ended_at")
    }
    rows = tables.in_scope("calls").mutate(**happened)
    if tables.supplies("calls.queued_at"):
        rows = rows.mutate(waited_from=_.queued_at.fill_null(_.answered_at))
    else:
        rows = rows.mutate(waited_from=_.offered_at)
    at = rows.waited_from.fill_null(rows.offered_at)
    rows = tables.business_time.with_is_open(rows, Under(channel="channel"), "in_hours", at)
    return rows.mutate(in_hours=_.in_hours.fill_null(True))


def live_channels(tables: CheckedTables) -> list[str]:
    """The channels whose contacts are in the calls, and so are not counted again from tickets.

    A call-back by another channel does not make that one live.
    """
    return sorted(tables.values("calls.channel") & set(LIVE))


CALLS = FactTable(name="calls", make=calls, key=("call_id",), needs=("calls",))
