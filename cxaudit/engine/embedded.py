"""DuckDB inside this process: the engine unless another is chosen."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from cxaudit.engine.interface import Engine, as_table, ordered
from cxaudit.engine.settings import EngineSettings

if TYPE_CHECKING:
    import ibis.expr.types as ir
    import pyarrow as pa


class DuckEngine(Engine):
    """An in-memory database; what does not fit in memory spills to a folder."""

    def __init__(self, settings: EngineSettings, scratch: Path | None = None):
        import ibis

        from cxaudit.engine.dialects import Duck

        self._connection = ibis.duckdb.connect()
        self._connection.compiler = Duck()
        set_to = {"TimeZone": "UTC"}
        if scratch is not None:
            set_to["temp_directory"] = str(scratch)
        if settings.memory_limit:
            set_to["memory_limit"] = settings.memory_limit
        for name, value in set_to.items():
            quoted = value.replace("'", "''")
            self._connection.raw_sql(f"SET {name} = '{quoted}'")

    def read(self, path: Path) -> ir.Table:
        return self._connection.read_parquet(str(path))

    def table(self, arrow: pa.Table) -> ir.Table:
        import ibis

        return ibis.memtable(arrow)

    def cached(self, expression: ir.Table) -> ir.Table:
        return self._connection.create_table(
            f"cached_{len(self._connection.list_tables())}", expression, temp=True
        )

    def write(self, expression: ir.Table, path: Path, order_by: Sequence[str] = ()) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._connection.to_parquet(ordered(expression, order_by), str(path))

    def fetch(self, expression: ir.Expr) -> pa.Table:
        return self._connection.to_pyarrow(as_table(expression))
