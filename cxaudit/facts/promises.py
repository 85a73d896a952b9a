"""The fact table of promises: what was promised to a customer until when, and when it was kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis
from ibis import _

from cxaudit.facts.declaration import FactTable
from cxaudit.facts.population import instant

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from cxaudit.facts.tables import CheckedTables


def promises(tables: CheckedTables, contacts: ir.Table) -> ir.Table:
    """Promises made by as-of; kept after it is not kept yet.

    One made in a call belongs to the call's ticket, and to that ticket's customer.
    """
    rows = _with_ticket(tables, tables.in_scope("commitments"))
    customers = contacts.select(of_ticket="ticket_id", of_customer="customer_id")
    rows = rows.left_join(customers, rows.ticket_id == customers.of_ticket)
    as_of = instant(tables.run.engagement.as_of)
    return rows.select(
        "commitment_id",
        "ticket_id",
        "agent_id",
        "kind",
        "source",
        "made_at",
        "due_at",
        customer_id=_.customer_id.fill_null(_.of_customer),
        fulfilled_at=ibis.ifelse(_.fulfilled_at <= as_of, _.fulfilled_at, None),
    )


def first_promises(tables: CheckedTables) -> ir.Table:
    """When something was first promised for an instant, by ticket: ticket_id, promised_at."""
    made = tables.read("commitments").filter(
        _.made_at <= instant(tables.run.engagement.as_of), _.due_at.notnull()
    )
    made = _with_ticket(tables, made).filter(_.ticket_id.notnull())
    return made.group_by("ticket_id").agg(promised_at=_.made_at.min())


def _with_ticket(tables: CheckedTables, rows: ir.Table) -> ir.Table:
    calls = tables.read("calls").select(of_call="call_id", call_ticket_id="ticket_id")
    joined = rows.left_join(calls, rows.call_id == calls.of_call)
    return joined.mutate(ticket_id=_.ticket_id.fill_null(_.call_ticket_id)).drop(
        "of_call", "call_ticket_id"
    )


PROMISES = FactTable(
    name="promises",
    make=promises,
    key=("commitment_id",),
    needs=("commitments",),
    agents={"agent": "agent_id"},
)
