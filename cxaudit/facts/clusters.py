"""Integer codes of tickets, customers and agents, which carry the dependence between cases.

Codes follow the order of the ids, so the same ids get the same codes whatever the order of the
rows. Somebody unknown is a cluster of its own: the negative of the ticket's code, less one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis
from ibis import _

from cxaudit.facts.actors import is_known

if TYPE_CHECKING:
    import ibis.expr.types as ir


def codes(ids: list[ir.StringColumn]) -> ir.Table:
    """Every known id of the columns once, with its code: id, code."""
    tables = [column.name("id").as_table() for column in ids]
    every = ibis.union(*tables, distinct=True) if len(tables) > 1 else tables[0].distinct()
    known = every.filter(is_known(_.id))
    return known.mutate(code=ibis.row_number().over(order_by=known.id)).cast({"code": "int64"})


def coded(table: ir.Table, codebook: ir.Table, **columns: str) -> ir.Table:
    """The table with a code for each id column: `coded(t, agents, solver="solver_id")`.

    The table has `row`, the code of its ticket.
    """
    for name, id_column in columns.items():
        entries = codebook.rename(**{f"{name}_key": "id", name: "code"})
        table = table.left_join(entries, table[id_column] == entries[f"{name}_key"])
        table = table.drop(f"{name}_key").mutate(**{name: _[name].fill_null(-1 - _.row)})
    return table
