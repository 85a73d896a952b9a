"""The fact table of bot sessions: conversations with a bot, and how each was handed over."""

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


def bot_sessions(tables: CheckedTables, contacts: ir.Table) -> ir.Table:
    """Sessions started by as-of, with when a person was due and whether that was in staffed hours.

    `wanted_at` is when a person was asked for, else the end of the session: when the bot had
    failed is not recorded. `in_hours` is true where nothing is known of the hours.
    """
    as_of = instant(tables.run.engagement.as_of)
    happened = {
        name: ibis.ifelse(_[name] <= as_of, _[name], None)
        for name in ("ended_at", "handoff_requested_at", "human_joined_at")
    }
    rows = tables.in_scope("bot_sessions").drop("ticket_id").mutate(**happened)
    rows = rows.mutate(wanted_at=_.handoff_requested_at.fill_null(_.ended_at))
    at = rows.wanted_at.fill_null(rows.started_at)
    found = tables.business_time.with_is_open(rows, Under(), "in_hours", at)
    return found.mutate(in_hours=_.in_hours.fill_null(True))


BOT_SESSIONS = FactTable(
    name="bot_sessions", make=bot_sessions, key=("session_id",), needs=("bot_sessions",)
)
