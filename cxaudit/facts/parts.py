"""The parts of the service a case belongs to: of its ticket, its agent or its customer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis
from ibis import _

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from cxaudit.facts.declaration import FactTable
    from cxaudit.facts.tables import CheckedTables

OF_THE_AGENT = ("team", "site")
OF_THE_CUSTOMER = ("segment", "language")
PARTS = ("channel", *OF_THE_AGENT, "category", "priority", *OF_THE_CUSTOMER)


def with_parts(
    tables: CheckedTables, fact: FactTable, rows: ir.Table, contacts: ir.Table
) -> ir.Table:
    """The rows with every part column and `row`, the code of their ticket, null where none.

    What the rows say themselves goes first, then their ticket, agent and customer.
    """
    if "ticket_id" in rows.columns:
        rows = _of_ticket(rows, contacts)
    if agent := next(iter(fact.agents.values()), None):
        agents = tables.read("agents").select("agent_id", team=_.team_id, site=_.site)
        rows = _filled(rows, agents, agent, "agent_id", OF_THE_AGENT)
    if fact.customer in rows.columns:
        customers = tables.read("customers").select("customer_id", *OF_THE_CUSTOMER)
        rows = _filled(rows, customers, fact.customer, "customer_id", OF_THE_CUSTOMER)
    nothing = {name: ibis.null("string") for name in PARTS if name not in rows.columns}
    if "row" not in rows.columns:
        rows = rows.mutate(row=ibis.null("int64"))
    return rows.mutate(**nothing)


def _of_ticket(rows: ir.Table, contacts: ir.Table) -> ir.Table:
    if "row" in rows.columns:
        return _filled(rows, contacts, "ticket_id", "ticket_id", PARTS)
    return _filled(rows, contacts, "ticket_id", "ticket_id", (*PARTS, "row"))


def _filled(
    rows: ir.Table, source: ir.Table, by: str, key: str, names: tuple[str, ...]
) -> ir.Table:
    """The rows with `names` from the source's row with the same id, where they say nothing."""
    found = source.select(
        found_key=source[key], **{f"found_{name}": source[name] for name in names}
    )
    joined = rows.left_join(found, rows[by] == found.found_key)
    filled = {
        name: joined[name].fill_null(joined[f"found_{name}"])
        if name in rows.columns
        else joined[f"found_{name}"]
        for name in names
    }
    return joined.mutate(**filled).drop("found_key", *(f"found_{name}" for name in names))
