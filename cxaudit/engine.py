"""Where tables live and aggregates are computed: the only module that names an engine.

Embedded DuckDB through Ibis. What leaves this module is an Ibis table or an Arrow table, so
that facts and contracts are written once for any engine.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import ibis.expr.types as ir
    import pyarrow as pa


class Engine:
    """An embedded database that reads and writes Parquet files and runs Ibis expressions."""

    def __init__(self, scratch: Path | None = None, memory_limit: str | None = None):
        """Open an in-memory database; what does not fit in memory spills to `scratch`.

        The memory limit is given as DuckDB reads it ("1GB"); default: the setting
        CXAUDIT_MEMORY_LIMIT, else the engine's own.
        """
        import ibis

        self._connection = ibis.duckdb.connect()
        settings = {"TimeZone": "UTC"}
        if scratch is not None:
            settings["temp_directory"] = str(scratch)
        limit = memory_limit or os.environ.get("CXAUDIT_MEMORY_LIMIT")
        if limit:
            settings["memory_limit"] = limit
        for name, value in settings.items():
            quoted = value.replace("'", "''")
            self._connection.raw_sql(f"SET {name} = '{quoted}'")

    def read(self, path: Path) -> ir.Table:
        """The table in a Parquet file, read when it is used."""
        return self._connection.read_parquet(str(path))

    def table(self, arrow: pa.Table) -> ir.Table:
        """An Arrow table as an Ibis table of this engine."""
        import ibis

        return ibis.memtable(arrow)

    def cached(self, expression: ir.Table) -> ir.Table:
        """The result of an expression, computed once and kept by the engine."""
        return self._connection.create_table(
            f"cached_{len(self._connection.list_tables())}", expression, temp=True
        )

    def write(self, expression: ir.Table, path: Path, order_by: Sequence[str] = ()) -> None:
        """Write an expression to a Parquet file, ordered by the columns named."""
        path.parent.mkdir(parents=True, exist_ok=True)
        ordered = expression.order_by(list(order_by)) if order_by else expression
        self._connection.to_parquet(ordered, str(path))

    def fetch(self, expression: ir.Expr) -> pa.Table:
        """The result of an expression as an Arrow table (of one row for a scalar)."""
        table = expression.as_table() if not hasattr(expression, "columns") else expression
        return self._connection.to_pyarrow(table)

    def sql(self, expression: ir.Expr) -> str:
        """The SQL this engine runs for an expression."""
        return str(self._connection.compile(expression, pretty=True))
