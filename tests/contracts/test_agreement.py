"""The promise: every rule that ships counts the same rows in both renderings.

The tables are drawn at random to be broken in every way a column can be.
"""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from cxaudit.contracts.canonical import Column, Table, canonical_tables
from cxaudit.contracts.checks import Loaded, check
from cxaudit.contracts.compilation import compile_rules
from cxaudit.contracts.document import open_contracts
from cxaudit.contracts.rules import ROW_KINDS
from cxaudit.engine import open_engine

ROWS = 60
EPOCH = datetime(2026, 7, 1, tzinfo=UTC)
ODD_INSTANTS = (
    datetime(1970, 1, 1, tzinfo=UTC),
    datetime(1989, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC),
    datetime(1990, 1, 1, tzinfo=UTC),
    datetime(9999, 12, 31, tzinfo=UTC),
)


def cell(column: Column, draw: random.Random) -> Any:
    """A value of the column's type: missing, odd or plain."""
    if draw.random() < 0.15:
        return None
    match column.type:
        case "instant":
            if draw.random() < 0.1:
                return draw.choice(ODD_INSTANTS)
            seconds = draw.choice([0, 1, 3, 900, 1800, 4000.75, 90_000])
            return EPOCH + timedelta(seconds=seconds)
        case "date":
            return EPOCH.date() + timedelta(days=draw.randrange(3))
        case "integer":
            return draw.choice([-3, 0, 1, 2, 5, 9, 10_080])
        case "decimal":
            return draw.choice([-1.0, 0.0, 0.5, 1.0, 4.0, 5.0, 11.0])
        case "boolean":
            return draw.random() < 0.5
        case "list":
            return ["x", "y"][: draw.randrange(3)]
    if column.enum or draw.random() < 0.3:
        return draw.choice([*column.enum, "fax", "Other", "de", "é" * 7])
    return f"x{draw.randrange(2 * ROWS)}"


def drawn(table: Table, draw: random.Random) -> pa.Table:
    columns = table.columns.values()
    data = {column.name: [cell(column, draw) for _ in range(ROWS)] for column in columns}
    return pa.table(data, schema=table.arrow_schema())


@pytest.mark.parametrize("seed", [1, 2])
def test_both_renderings_of_every_shipped_rule_agree(seed: int, tmp_path: Path) -> None:
    draw, engine = random.Random(seed), open_engine()
    tables = {}
    for name, table in canonical_tables().items():
        pq.write_table(drawn(table, draw), tmp_path / f"{name}.parquet")
        tables[name] = engine.read(tmp_path / f"{name}.parquet")
    loaded = Loaded(
        tables=tables,
        supplied={name: frozenset(table.columns) for name, table in tables.items()},
        rows=dict.fromkeys(tables, ROWS),
    )
    checks = check(compile_rules(open_contracts()), loaded, engine)
    differing = {entry.id: entry.message for entry in checks if entry.state == "could not run"}
    assert not differing, f"the engine and Great Expectations count differently: {differing}"
    failed = {entry.kind for entry in checks if entry.state == "failed"}
    assert failed >= set(ROW_KINDS) - {"length"} | {"relation", "value"}, (
        f"only rules of kinds {failed} were broken: agreement on nothing proves nothing"
    )
