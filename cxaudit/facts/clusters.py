"""Integer codes of tickets, customers and agents, which carry the dependence between cases.

Codes follow the order of the ids, so the same ids get the same codes whatever the order of the
rows. Somebody unknown is a cluster of its own: the negative of the ticket's code, less one. Agents
and the kinds of blocks have numbers apart, so that no day is taken for an agent.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis
from ibis import _

from cxaudit.contracts.canonical import canonical_tables
from cxaudit.errors import Fault
from cxaudit.facts.actors import is_known

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from cxaudit.facts.declaration import FactTable
    from cxaudit.facts.tables import CheckedTables

# Each kind of block has its own numbers, apart from the agents' and from each other's.
BLOCKS = ("day", "event", "article", "set", "session", "action")
APART = 10**12


def customers(tables: CheckedTables) -> ir.Table:
    """Every customer that any table names, with a code."""
    named = [tables.read("tickets").customer_id]
    named += [tables.read(table).customer_id for table in _with_column(tables, "customer_id")]
    if tables.has("social_mentions"):
        named.append(tables.read("social_mentions").author_id)
    return tables.engine.cached(codes(named))


def agents(tables: CheckedTables, contacts: ir.Table) -> ir.Table:
    """Every agent that a contact or any table names, with a code."""
    named = [contacts.replied_by, contacts.solver_id, contacts.assignee_id]
    named += [tables.read(table).agent_id for table in _with_column(tables, "agent_id")]
    return tables.engine.cached(codes(named))


def _with_column(tables: CheckedTables, column: str) -> list[str]:
    return [
        name
        for name, table in sorted(canonical_tables().items())
        if column in table.columns and tables.has(name)
    ]


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


def with_codes(
    table: ir.Table, fact: FactTable, customers: ir.Table, agents: ir.Table, past: int
) -> ir.Table:
    """The rows of a fact table with the codes of row, customer, agents and blocks.

    A row without a ticket in scope gets a row code from `past` on: rows that agree in the first
    column of the key, the questions of one invitation for example, share one.
    """
    table = _numbered(table, fact.key)
    table = table.mutate(row=_.row.fill_null(_.own + past).cast("int64")).drop("own")
    if fact.customer in table.columns:
        table = coded(table, customers, customer=fact.customer)
    else:
        table = table.mutate(customer=-1 - _.row)
    table = coded(table, agents, **fact.agents)
    for name, column in fact.blocks.items():
        if name not in BLOCKS:
            raise Fault(f"fact table: '{name}' is no kind of block. Known: {', '.join(BLOCKS)}.")
        first = APART * (1 + BLOCKS.index(name))
        code = ibis.dense_rank().over(order_by=table[column]) + first
        table = table.mutate(**{name: code.cast("int64")})
    return table


def _numbered(table: ir.Table, key: tuple[str, ...]) -> ir.Table:
    """The rows with `own`, the place of their key's first column among all there are, and `place`.

    Rows of one ticket have an order too: sums are the same digits on any engine. Numbering takes
    one core and every column it is given: it is given the key alone.
    """
    names = {f"key_{number}": name for number, name in enumerate(key)}
    keys = table.select(**names).distinct()
    keys = keys.mutate(
        own=ibis.dense_rank().over(order_by=keys.key_0),
        place=ibis.row_number().over(order_by=[keys[name] for name in names]),
    )
    same = [
        condition
        for number, name in names.items()
        for condition in _alike(table[name], keys[number])
    ]
    return table.left_join(keys, same).drop(*names)


def _alike(left: ir.Value, right: ir.Value) -> list[ir.BooleanValue]:
    """What holds of equal values, null equal to null, in comparisons that any engine hashes."""
    nothing = ibis.literal("" if left.type().is_string() else 0).cast(left.type())
    return [left.isnull() == right.isnull(), left.fill_null(nothing) == right.fill_null(nothing)]
