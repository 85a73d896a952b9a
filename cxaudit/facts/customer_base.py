"""The fact table of the customer base: who could have asked, and every contact that was made."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis
from ibis import _

from cxaudit.facts.declaration import FactTable

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from cxaudit.facts.tables import CheckedTables


def customer_base(tables: CheckedTables, contacts: ir.Table) -> ir.Table:
    """Customers with the time they were active in, and contacts with when they were made."""
    customers = tables.in_scope("customers").filter(_.duplicate_of.isnull())
    never = ibis.null(customers.active_from.type())
    asked = contacts.select(
        "customer_id",
        id=_.ticket_id,
        is_contact=True,
        created_at=_.created_at,
        active_from=never,
        active_to=never,
    )
    there = customers.select(
        "customer_id",
        "active_from",
        "active_to",
        id=_.customer_id,
        is_contact=False,
        created_at=never,
    )
    there = there.select(*asked.columns)
    return ibis.union(there, asked.cast(there.schema()))


CUSTOMER_BASE = FactTable(
    name="customer_base", make=customer_base, key=("id", "is_contact"), needs=("customers",)
)
