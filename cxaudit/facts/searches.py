"""The fact table of searches: visits of people to the help centre that searched."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis
from ibis import _

from cxaudit.facts.declaration import FactTable

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from cxaudit.facts.tables import CheckedTables

# No person searches so often in one visit; used where programs are not marked.
MOST_SEARCHES = 50


def searches(tables: CheckedTables, contacts: ir.Table) -> ir.Table:
    """Visits with `found`, the searches that returned something; null is unknown and counted.

    Marked programs are left out; where the client marks none, visits with more searches than a
    person makes have `found` null.
    """
    visits = tables.in_scope("kb_sessions").filter(~_.is_automated.fill_null(False))
    made = _.n_searches
    if not tables.supplies("kb_sessions.is_automated"):
        made = ibis.ifelse(_.n_searches <= MOST_SEARCHES, _.n_searches, None)
    searched = visits.filter((_.n_searches > 0).fill_null(True))
    return searched.select(
        "session_id",
        "customer_id",
        "started_at",
        n_searches=made,
        found=ibis.ifelse(_.n_zero_result > made, 0, made - _.n_zero_result),
    )


SEARCHES = FactTable(name="searches", make=searches, key=("session_id",), needs=("kb_sessions",))
