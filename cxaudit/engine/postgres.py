"""PostgreSQL: tables are copied there, live as long as the connection, and leave nothing behind."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cxaudit.engine.connection import connect
from cxaudit.engine.copying import copy_in, copy_out
from cxaudit.engine.interface import Engine, as_table, kept_schema, ordered
from cxaudit.engine.parquet import write_batches
from cxaudit.engine.settings import EngineSettings

if TYPE_CHECKING:
    import ibis.expr.types as ir
    import pyarrow as pa
    from psycopg import sql

# Sorts and hashed subqueries of an audit are few and large; the server's 4 MB are for many users.
WORK_MEMORY = "256MB"


class PostgresEngine(Engine):
    """Temporary tables of one connection; texts compare by their bytes, as on the other engines."""

    def __init__(self, settings: EngineSettings):
        import ibis

        from cxaudit.engine.dialects import Postgres

        assert settings.url_variable is not None  # the settings refuse it otherwise
        self._server = connect(settings.url_variable, "engine.url_variable")
        self._connection = ibis.postgres.from_connection(self._server)
        self._connection.compiler = Postgres()
        memory = settings.memory_limit or WORK_MEMORY
        self._server.execute("SELECT set_config('work_mem', %s, false)", (memory,))
        self._read: dict[tuple[Path, int, int], ir.Table] = {}
        self._tables = 0

    def read(self, path: Path) -> ir.Table:
        import pyarrow.parquet as pq

        status = path.stat()
        key = (path, status.st_mtime_ns, status.st_size)
        if key not in self._read:
            file = pq.ParquetFile(path)
            self._read[key] = self._filled(file.schema_arrow, file.iter_batches())
        return self._read[key]

    def table(self, arrow: pa.Table) -> ir.Table:
        return self._filled(arrow.schema, iter(arrow.to_batches()))

    def cached(self, expression: ir.Table) -> ir.Table:
        from psycopg import sql

        table, name = self._made(kept_schema(expression.schema()))
        query = sql.SQL(self._connection.compile(expression))
        self._server.execute(sql.SQL("INSERT INTO {} {}").format(name, query))
        self._server.execute(sql.SQL("ANALYZE {}").format(name))
        return table

    def write(self, expression: ir.Table, path: Path, order_by: Sequence[str] = ()) -> None:
        schema = expression.schema().to_pyarrow()
        write_batches(self._batches(ordered(expression, order_by)), schema, path)

    def fetch(self, expression: ir.Expr) -> pa.Table:
        import pyarrow as pa

        table = as_table(expression)
        return pa.Table.from_batches(self._batches(table), table.schema().to_pyarrow())

    def _batches(self, expression: ir.Table) -> Iterator[pa.RecordBatch]:
        from psycopg import sql

        schema = expression.schema()
        columns = [
            sql.SQL("array_to_json({0})::text" if kind.is_array() else "{0}").format(
                sql.Identifier(name)
            )
            for name, kind in schema.items()
        ]
        query = sql.SQL("SELECT {} FROM ({}) AS result").format(
            sql.SQL(", ").join(columns), sql.SQL(self._connection.compile(expression))
        )
        return copy_out(self._server, query, schema.to_pyarrow())

    def _filled(self, schema: pa.Schema, batches: Iterator[pa.RecordBatch]) -> ir.Table:
        import ibis
        from psycopg import sql

        table, name = self._made(ibis.Schema.from_pyarrow(schema))
        copy_in(self._server, name, batches)
        self._server.execute(sql.SQL("ANALYZE {}").format(name))
        return table

    def _made(self, schema: Any) -> tuple[ir.Table, sql.Identifier]:
        """A new temporary table without rows, as an expression and by its name."""
        import ibis.expr.operations as ops
        from psycopg import sql

        self._tables += 1
        name = f"cxaudit_{self._tables}"
        kinds = self._connection.compiler.type_mapper
        columns = [
            sql.SQL("{} {}").format(
                sql.Identifier(column),
                sql.SQL('text COLLATE "C"' if kind.is_string() else kinds.to_string(kind)),
            )
            for column, kind in schema.items()
        ]
        statement = sql.SQL("CREATE TEMPORARY TABLE {} ({})").format(
            sql.Identifier(name), sql.SQL(", ").join(columns)
        )
        self._server.execute(statement)
        table = ops.DatabaseTable(name=name, schema=schema, source=self._connection).to_expr()
        return table, sql.Identifier(name)
