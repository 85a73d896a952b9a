"""The tables as they were loaded: what the client's own tool sees, scope and quarantine apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis

from cxaudit.facts.population import HAPPENED_AT, instant
from cxaudit.facts.tables import CheckedTables

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from cxaudit.run import Run


class LoadedTables(CheckedTables):
    """Canonical tables as the reader made them; one that was not supplied is empty."""

    def __init__(self, run: Run):
        super().__init__(run)
        self.folder = run.folder("1_load")

    def has(self, table: str) -> bool:
        """Whether a table was supplied and has rows."""
        return table in self.loaded and self.loaded[table]["loaded"] > 0

    def read(self, table: str) -> ir.Table:
        """A table as it was loaded; of tickets one row for each id, that of the first creation."""
        rows = super().read(table)
        if table != "tickets":
            return rows
        order = ["created_at", "channel", "status", "customer_id", "group_id"]
        place = ibis.row_number().over(group_by="ticket_id", order_by=order)
        told = rows.filter(rows.ticket_id.notnull()).mutate(place=place)
        return told.filter(told.place == 0).drop("place")


def happened(tables: CheckedTables, name: str) -> ir.Table:
    """The rows of a table until as-of."""
    rows = tables.read(name)
    return rows.filter(rows[HAPPENED_AT[name]] <= instant(tables.run.engagement.as_of))
