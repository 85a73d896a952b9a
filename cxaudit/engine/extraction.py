"""A table or a query of a PostgreSQL database → a Parquet file, in chunks and in a fixed order."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from cxaudit.engine.connection import connect
from cxaudit.errors import Problem, UnreadableData

if TYPE_CHECKING:
    import pyarrow as pa
    from psycopg import Connection, sql

NOT_THERE = "42P01"
# The class of SQLSTATE for what is wrong with a statement, which its author may be shown.
IN_THE_STATEMENT = "42"


@dataclass(frozen=True)
class Extraction:
    """What to take from the database whose URL the environment variable holds.

    where: what messages call it. Exactly one of relation (a table or view, with its schema where
    need be) and query is given.
    """

    url_variable: str
    where: str
    relation: str | None
    query: str | None

    def fingerprint(self) -> str:
        """A hash of all its rows, whatever their order; '' where there is no such relation.

        The server computes it: one row comes back. Raises as `write` does.
        """
        from psycopg import sql

        with self._opened() as connection:
            if not self._is_there(connection):
                return ""
            statement = sql.SQL(
                "SELECT count(*), coalesce(sum(hashtextextended(t::text, 0)::numeric), 0) "
                "FROM ({}) AS t"
            ).format(self._rows())
            counted = connection.execute(statement).fetchone()
        return hashlib.sha256(repr(counted).encode()).hexdigest()

    def write(self, path: Path) -> bool:
        """Write its rows to a Parquet file; False, and no file, where there is no such relation.

        Raises `EngagementError` where the database cannot be reached and `UnreadableData` where
        the query is refused or a value cannot be taken over.
        """
        from cxaudit.engine.copying import copy_out
        from cxaudit.engine.parquet import write_batches

        with self._opened() as connection:
            if not self._is_there(connection):
                return False
            query, schema = self._typed(connection)
            write_batches(copy_out(connection, query, schema), schema, path)
        return True

    @contextmanager
    def _opened(self) -> Iterator[Connection]:
        import psycopg
        import pyarrow as pa

        connection = connect(self.url_variable, self.where)
        try:
            connection.execute("SET default_transaction_read_only = on")
            yield connection
        except psycopg.Error as error:
            state = error.sqlstate or ""
            told = state.startswith(IN_THE_STATEMENT)
            said = str(error).splitlines()[0] if told else f"{type(error).__name__} ({state})"
            do = "Correct relation or query, or ask for the right to read."
            raise UnreadableData(Problem(self.where, "the database refuses it", said, do)) from None
        except pa.ArrowInvalid:
            what = "holds a value that cannot be read as the type of its column"
            do = "Cast the column to text in a query."
            raise UnreadableData(Problem(self.where, what, do=do)) from None
        finally:
            connection.close()

    def _is_there(self, connection: Connection) -> bool:
        if self.relation is None:
            return True
        quoted = ".".join('"' + part.replace('"', '""') + '"' for part in self.relation.split("."))
        found = connection.execute("SELECT to_regclass(%s)", (quoted,)).fetchone()
        return found is not None and found[0] is not None

    def _rows(self) -> sql.Composable:
        from psycopg import sql

        if self.relation is None:
            return sql.SQL(self.query.strip().rstrip(";"))  # type: ignore[union-attr]  # one of the two is given; it is the engagement's own SQL
        return sql.SQL("SELECT * FROM {}").format(sql.Identifier(*self.relation.split(".")))

    def _typed(self, connection: Connection) -> tuple[sql.Composable, pa.Schema]:
        """The query in types that are taken over as they are, everything else as text."""
        import pyarrow as pa
        from psycopg import sql

        inner = self._rows()
        probe = sql.SQL("SELECT * FROM ({}) AS t LIMIT 0").format(inner)
        columns, fields = [], []
        for column in connection.execute(probe).description or []:
            form, kind = _form(column.type_code)
            columns.append(sql.SQL(form).format(sql.Identifier(column.name)))
            fields.append(pa.field(column.name, kind))
        query = sql.SQL("SELECT {} FROM ({}) AS t ORDER BY {}").format(
            sql.SQL(", ").join(columns),
            inner,
            sql.SQL(", ").join(map(sql.Literal, range(1, len(columns) + 1))),
        )
        return query, pa.schema(fields)


def _form(oid: int) -> tuple[str, pa.DataType]:
    """How a column of a PostgreSQL type is selected, and the type it arrives in.

    Infinite dates and times, which nothing happened at, arrive as nothing.
    """
    import pyarrow as pa

    finite = "CASE WHEN isfinite({0}) THEN {0} END"
    forms = {
        "bool": ("{0}", pa.bool_()),
        "int2": ("{0}", pa.int64()),
        "int4": ("{0}", pa.int64()),
        "int8": ("{0}", pa.int64()),
        "float4": ("{0}::float8", pa.float64()),
        "float8": ("{0}", pa.float64()),
        "date": (finite, pa.date32()),
        "timestamp": (finite, pa.timestamp("us")),
        "timestamptz": (finite, pa.timestamp("us", "UTC")),
        "text[]": ("array_to_string({0}, ';')", pa.string()),
    }
    from psycopg import adapters

    known = adapters.types.get(oid)
    if known is None:
        return "{0}::text", pa.string()
    name = f"{known.name}[]" if oid == known.array_oid else known.name
    return forms.get(name, ("{0}::text", pa.string()))
