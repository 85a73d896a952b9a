"""Parquet → columns of few types: text, whole numbers, doubles, booleans, dates and times."""

from __future__ import annotations

import io
import json
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet

from cxaudit.readers.cells import as_text, mask_of
from cxaudit.readers.files import DataFile, content
from cxaudit.readers.nested import LIST_SEPARATOR
from cxaudit.readers.rows import FileRows, unique_names, unreadable
from cxaudit.readers.text_stream import MARK, UNDECODABLE

TEXT = pa.large_string()
PER_SECOND = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}
EARLIEST_SECOND, LATEST_SECOND = -62_135_596_800, 253_402_300_799
DAY = 86_400
DAMAGE = (pa.ArrowException, OSError, MemoryError)


def headers(file: DataFile) -> list[str]:
    """The names of a Parquet file's columns. Raises UnreadableData."""
    return list(_opened(file).schema_arrow.names)


def read(file: DataFile, wanted: set[str]) -> FileRows:
    """The wanted columns of every row. Raises UnreadableData."""
    opened = _opened(file)
    names = opened.schema_arrow.names
    if not names:
        raise unreadable(file.name, "has no column", "Ask for the export again.")
    try:
        table = opened.read(columns=[name for name in names if name in wanted] or names[:1])
    except DAMAGE:
        raise _damaged(file) from None
    columns = [plain(column) for column in table.columns]
    numbers = np.arange(1, table.num_rows + 1)
    rows = pa.table(columns, names=unique_names(table.column_names))
    result = FileRows(file.name, rows, numbers, names)
    marked = np.zeros(rows.num_rows, dtype=bool)
    for column in columns:
        if pa.types.is_large_string(column.type):
            marked |= mask_of(pc.match_substring(column, UNDECODABLE))
    if marked.any():
        result.drop_where("undecodable", marked, "utf-8")
    return result


def _opened(file: DataFile) -> pa.parquet.ParquetFile:
    try:
        return pa.parquet.ParquetFile(io.BytesIO(content(file)))
    except DAMAGE:
        raise _damaged(file) from None


def _damaged(file: DataFile) -> Exception:
    return unreadable(file.name, "is a damaged Parquet file", "Ask for the export again.")


def plain(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Dictionaries decoded, lists joined, values within values as JSON, other kinds as text."""
    kind = column.type
    if pa.types.is_dictionary(kind):
        return plain(column.cast(kind.value_type))
    if pa.types.is_timestamp(kind):
        return _times(column)
    if _is_text(kind):
        return _text(column)
    if pa.types.is_list(kind) or pa.types.is_large_list(kind):
        return _joined(column)
    if pa.types.is_floating(kind):
        return column.cast(pa.float64())
    if pa.types.is_integer(kind) and kind != pa.uint64():
        return column.cast(pa.int64())
    if pa.types.is_date(kind):
        return _days(column.cast(pa.date32()))
    if pa.types.is_boolean(kind):
        return column
    if pa.types.is_decimal(kind) or pa.types.is_null(kind) or kind == pa.uint64():
        return column.cast(TEXT)
    return _written(column)


def _is_text(kind: pa.DataType) -> bool:
    return (
        pa.types.is_string(kind)
        or pa.types.is_large_string(kind)
        or pa.types.is_string_view(kind)
        or pa.types.is_binary(kind)
        or pa.types.is_large_binary(kind)
        or pa.types.is_binary_view(kind)
        or pa.types.is_fixed_size_binary(kind)
    )


def _text(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Text, what does not decode marked; a writer may have declared to be text what is none."""
    try:
        text = column.cast(TEXT)
        text.validate(full=True)
    except pa.ArrowInvalid:
        held = column.cast(pa.large_binary()).to_pylist()
        cells = [None if cell is None else cell.decode("utf-8", MARK) for cell in held]
        return pa.chunked_array([pa.array(cells, TEXT)])
    return text


def _times(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Times to the microsecond; where some lie beyond the years 1 to 9999, all as text.

    Those beyond are numbers then, which no time is written as.
    """
    unit = PER_SECOND[column.type.unit]
    numbers = column.cast(pa.int64())
    is_time = pc.and_(
        pc.greater_equal(numbers, max(EARLIEST_SECOND * unit, -(2**63))),
        pc.less_equal(numbers, min(LATEST_SECOND * unit, 2**63 - 1)),
    )
    near = pc.if_else(is_time, column, pa.scalar(None, column.type))
    kind = pa.timestamp("us", column.type.tz)
    times = pc.cast(near, options=pc.CastOptions(kind, allow_time_truncate=True))
    if times.null_count == column.null_count:
        return times
    return pc.coalesce(as_text(times), numbers.cast(TEXT))


def _days(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Dates; where some lie beyond the years 1 to 9999, all as text, and those as numbers."""
    numbers = column.cast(pa.int32())
    is_day = pc.and_(
        pc.greater_equal(numbers, EARLIEST_SECOND // DAY),
        pc.less_equal(numbers, LATEST_SECOND // DAY),
    )
    near = pc.if_else(is_day, column, pa.scalar(None, pa.date32()))
    if near.null_count == column.null_count:
        return near
    return pc.coalesce(near.cast(TEXT), numbers.cast(TEXT))


def _joined(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """The words of each list in one text; a word that is missing is an empty one."""
    inner = column.type.value_type
    if pa.types.is_nested(inner):
        return _written(column)
    made = []
    for cells in column.chunks:
        flat = plain(pa.chunked_array([pc.list_flatten(cells)], inner))
        words = pc.fill_null(as_text(flat), "").combine_chunks()
        counts = np.asarray(pc.fill_null(pc.list_value_length(cells), 0))
        offsets = pa.array(np.concatenate([[0], np.cumsum(counts)]), pa.int32())
        lists = pa.ListArray.from_arrays(offsets, words, mask=pc.is_null(cells))
        made.append(pc.binary_join(lists, pa.scalar(LIST_SEPARATOR, TEXT)))
    return pa.chunked_array(made, TEXT)


def _written(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Values within values as JSON, anything else in its own words."""
    is_nested = pa.types.is_nested(column.type)
    cells = [_words(cell, is_nested) if cell.is_valid else None for cell in column]
    return pa.chunked_array([pa.array(cells, TEXT)])


def _words(cell: pa.Scalar, is_nested: bool) -> str:
    """What a cell says; the mark of what is no text where it holds what no calendar has."""
    try:
        value = cell.as_py()
    except (OverflowError, ValueError, pa.ArrowException):
        return UNDECODABLE
    return _json(value) if is_nested else str(value)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)
