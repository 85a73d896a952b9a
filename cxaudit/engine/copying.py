"""Rows into PostgreSQL and out of it, by COPY: Arrow batches through CSV, nothing lost.

An empty field is null and a quoted empty one is the empty text, on both ways; numbers are written
in the shortest form that reads back as the same double.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv

if TYPE_CHECKING:
    from psycopg import Connection, sql

BLOCK = 32 << 20
# PostgreSQL's texts cannot hold the character zero; this one stands in its place.
NO_CHARACTER = "\N{REPLACEMENT CHARACTER}"


def copy_in(
    connection: Connection, target: sql.Composable, batches: Iterator[pa.RecordBatch]
) -> None:
    """Append batches to a table."""
    from psycopg import sql

    options = csv.WriteOptions(include_header=False, quoting_style="all_valid")
    statement = sql.SQL("COPY {} FROM STDIN (FORMAT csv)").format(target)
    with connection.cursor().copy(statement) as copy:
        for batch in batches:
            text = io.BytesIO()
            csv.write_csv(_plain(batch), text, options)
            copy.write(text.getvalue())


def copy_out(
    connection: Connection, query: sql.Composable, schema: pa.Schema
) -> Iterator[pa.RecordBatch]:
    """The rows of a query as batches of the schema, in the order the query gives them.

    A column of lists has to be selected as the text of a JSON array.
    """
    from psycopg import sql

    kinds = {field.name: _csv_type(field.type) for field in schema}
    statement = sql.SQL("COPY ({}) TO STDOUT (FORMAT csv)").format(query)
    with connection.cursor().copy(statement) as copy:
        stream = _Stream(iter(copy))
        if stream.is_empty():
            return
        reader = csv.open_csv(
            pa.PythonFile(io.BufferedReader(stream, BLOCK), mode="r"),
            csv.ReadOptions(column_names=list(kinds), block_size=BLOCK),
            csv.ParseOptions(newlines_in_values=True, ignore_empty_lines=False),
            csv.ConvertOptions(
                column_types=kinds,
                null_values=[""],
                true_values=["t"],
                false_values=["f"],
                strings_can_be_null=True,
                quoted_strings_can_be_null=False,
            ),
        )
        for batch in reader:
            columns = [
                _typed(column, field.type) for column, field in zip(batch, schema, strict=True)
            ]
            yield pa.record_batch(columns, schema=schema)


def _plain(batch: pa.RecordBatch) -> pa.RecordBatch:
    """The batch in types that CSV has: lists as PostgreSQL writes them."""
    columns = []
    for column in batch.columns:
        if pa.types.is_list(column.type):
            column = pa.array([_list_text(cell) for cell in column.to_pylist()], pa.string())
        elif pa.types.is_string(column.type):
            column = pc.replace_substring(column, "\x00", NO_CHARACTER)
        columns.append(column)
    return pa.record_batch(columns, names=batch.schema.names)


def _list_text(cell: list[str | None] | None) -> str | None:
    if cell is None:
        return None
    quoted = [
        "NULL" if text is None else '"' + text.replace("\\", r"\\").replace('"', r"\"") + '"'
        for text in cell
    ]
    return "{" + ",".join(quoted).replace("\x00", NO_CHARACTER) + "}"


def _csv_type(kind: pa.DataType) -> pa.DataType:
    return pa.string() if pa.types.is_list(kind) or pa.types.is_null(kind) else kind


def _typed(column: pa.Array, kind: pa.DataType) -> pa.Array:
    if pa.types.is_list(kind):
        cells = [None if text is None else json.loads(text) for text in column.to_pylist()]
        return pa.array(cells, kind)
    return pa.nulls(len(column), kind) if pa.types.is_null(kind) else column


class _Stream(io.RawIOBase):
    """What a COPY sends, a row at a time, as a file to be read once."""

    def __init__(self, pieces: Iterator[Any]):
        self._pieces = pieces
        self._left = memoryview(b"")

    def is_empty(self) -> bool:
        """Whether nothing is left to read."""
        while not self._left:
            piece = next(self._pieces, None)
            if piece is None:
                return True
            self._left = memoryview(piece)
        return False

    def readable(self) -> bool:
        """True: it is for reading."""
        return True

    def readinto(self, buffer: Any) -> int:
        """The number of bytes put into the buffer, which is filled; less at the end."""
        filled = 0
        while filled < len(buffer) and not self.is_empty():
            count = min(len(buffer) - filled, len(self._left))
            buffer[filled : filled + count] = self._left[:count]
            self._left = self._left[count:]
            filled += count
        return filled
