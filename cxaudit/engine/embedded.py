"""DuckDB inside this process: the engine unless another is chosen."""

from __future__ import annotations

import itertools
import weakref
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
        self._names = itertools.count()
        self._unused: list[str] = []
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
        self._drop_unused()
        name = f"cached_{next(self._names)}"
        table = self._connection.create_table(name, expression, temp=True)
        # Once no expression rests on it any more, it goes with the next call.
        weakref.finalize(table.op(), self._unused.append, name)
        return table

    def _drop_unused(self) -> None:
        while self._unused:
            self._connection.drop_table(self._unused.pop(), force=True)

    def write(self, expression: ir.Table, path: Path, order_by: Sequence[str] = ()) -> None:
        self._drop_unused()
        path.parent.mkdir(parents=True, exist_ok=True)
        # DuckDB makes small whole numbers of another type than the expression declares.
        view = self._connection.create_view(
            f"written_{next(self._names)}", ordered(expression, order_by)
        )
        numbers = {n: kind for n, kind in expression.schema().items() if kind.is_numeric()}
        self._connection.to_parquet(view.cast(numbers), str(path))
        self._connection.drop_view(view.get_name())

    def fetch(self, expression: ir.Expr) -> pa.Table:
        return self._connection.to_pyarrow(as_table(expression))
