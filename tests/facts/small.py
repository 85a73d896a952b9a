"""Small tables of text as expressions of an engine, and their rows."""

from __future__ import annotations

from typing import Any

import ibis.expr.types as ir

from cxaudit.engagement import Actors
from cxaudit.engine import open_engine
from tests.workspace import DEFAULTS, text_table, typed

ENGINE = open_engine()
NOBODY_NAMED = Actors()


def table(name: str, text: str) -> ir.Table:
    """A canonical table with the rows of a text, other columns as `tests.workspace` fills them."""
    rows = [{**DEFAULTS.get(name, {}), **row} for row in text_table(text)]
    return ENGINE.table(typed(name, rows))


def rows(expression: ir.Table, key: str = "ticket_id") -> dict[str, dict[str, Any]]:
    """The rows of an expression by a key that each has once; instants as 'MM-DD HH:MM:SS'."""
    found = ENGINE.fetch(expression).to_pylist()
    by_key = {row[key]: {name: _plain(cell) for name, cell in row.items()} for row in found}
    assert len(by_key) == len(found), f"a {key} comes twice"
    return by_key


def _plain(cell: Any) -> Any:
    return f"{cell:%m-%d %H:%M:%S}" if hasattr(cell, "strftime") else cell
