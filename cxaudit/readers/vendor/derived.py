"""Columns that follow from others, where the settings of a mapped source cannot say so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from cxaudit.readers.cells import decimals, mask_of, replaced
from cxaudit.readers.instants import instants
from cxaudit.readers.layouts.declaration import Shaped, Tables
from cxaudit.sources import VendorSource

TEXT = pa.large_string()
NOTHING = pa.scalar(None, TEXT)


def fetched(
    keys: pa.ChunkedArray, table: pa.Table, key: str, value: str | pa.ChunkedArray
) -> pa.ChunkedArray:
    """The value beside each key in another table; of several, the first in sorted order."""
    values = table[value] if isinstance(value, str) else value
    pairs = pa.table({"key": table[key], "value": values}).filter(pc.is_valid(table[key]))
    pairs = pairs.sort_by([("key", "ascending"), ("value", "ascending")])
    return pc.take(pairs["value"], pc.index_in(keys, value_set=pairs["key"], skip_nulls=True))


def not_deleted(name: str, source: VendorSource, tables: Tables) -> Shaped:
    """A table's rows that were not deleted; as `derive`, the name given by `partial`."""
    return still_there(tables.rows[name])


def current(rows: pa.Table) -> Shaped:
    """Of a connector's history of versions, those that hold now."""
    gone = pc.equal(pc.utf8_lower(rows["_fivetran_active"]), "false")
    return only(rows, pc.invert(pc.fill_null(gone, False)))


def with_columns(rows: pa.Table, **columns: pa.ChunkedArray) -> pa.Table:
    """The rows with columns added; AUTHOR_TYPE=... becomes 'AUTHOR TYPE'."""
    for name, values in columns.items():
        rows = rows.append_column(name.replace("_", " "), values.cast(TEXT))
    return rows


def is_any(column: pa.ChunkedArray, words: Sequence[str]) -> pa.ChunkedArray:
    """True where a cell is one of the words; an empty cell is none."""
    return pc.is_in(column, value_set=pa.array(words, TEXT))


def is_true(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """True where a cell says so."""
    return is_any(pc.utf8_lower(column), ("true", "1", "yes"))


def same(one: pa.ChunkedArray, other: pa.ChunkedArray) -> pa.ChunkedArray:
    """True where two cells are there and equal."""
    return pc.fill_null(pc.equal(one, other), False)


def first_true(
    *cases: tuple[pa.ChunkedArray, str | pa.ChunkedArray], otherwise: str | pa.ChunkedArray
) -> pa.ChunkedArray:
    """The value beside the first condition that holds."""
    result = otherwise if not isinstance(otherwise, str) else pa.scalar(otherwise, TEXT)
    for condition, value in reversed(cases):
        result = pc.if_else(condition, value, result)
    return result.cast(TEXT)


def worded(column: pa.ChunkedArray, words: Mapping[str, str]) -> pa.ChunkedArray:
    """The cells with their words replaced; others stay as they are."""
    return replaced(column, dict(words), None)[0]


def prefixed(word: str, column: pa.ChunkedArray) -> pa.ChunkedArray:
    """'ticket-17': an id that is no other table's."""
    return pc.binary_join_element_wise(pa.scalar(word, TEXT), column, pa.scalar("-", TEXT))


def joined_ids(*columns: pa.ChunkedArray) -> pa.ChunkedArray:
    """Ids that together are one: '17-status-0003'."""
    return pc.binary_join_element_wise(*(c.cast(TEXT) for c in columns), pa.scalar("-", TEXT))


def only(rows: pa.Table, condition: pa.ChunkedArray) -> Shaped:
    """The rows for which a condition holds; the others are none of the table."""
    kept = rows.filter(pc.fill_null(condition, False))
    return Shaped(kept, rows.num_rows - kept.num_rows)


def still_there(rows: pa.Table, header: str = "_fivetran_deleted") -> Shaped:
    """The rows that were not deleted at the vendor."""
    return only(rows, pc.invert(is_true(rows[header])))


def with_previous(
    rows: pa.Table, keys: Sequence[str], order: Sequence[str], value: str
) -> pa.Table:
    """The rows in order, with FROM, the value of the row before of the same keys, and NUMBER.

    Rows equal in keys, order and value are one change: they share FROM and NUMBER.
    """
    names = [*keys, *order, value]
    cells = pa.table({name: _sortable(rows[name]) for name in dict.fromkeys(names)})
    index = pc.sort_indices(cells, sort_keys=[(name, "ascending") for name in dict.fromkeys(names)])
    rows, cells = rows.take(index), cells.take(index)
    is_first = ~_as_before(cells, keys)
    is_change = ~_as_before(cells, list(dict.fromkeys(names)))
    count = np.cumsum(is_change)
    starts = np.maximum.accumulate(np.where(is_first, count, 0))
    number = count - starts + 1
    # the row at which each change of the table begins, and the change before it
    begins = np.flatnonzero(is_change)
    before = begins[np.maximum(count - 2, 0)]
    previous = rows[value].take(pa.array(before))
    previous = pc.if_else(pa.array(number > 1), previous, NOTHING)
    written = pc.utf8_lpad(pa.array(number).cast(pa.string()), 4, "0")
    return with_columns(rows, FROM=previous, NUMBER=pa.chunked_array([written]))


def changed_only(rows: pa.Table, value: str) -> Shaped:
    """Of rows with FROM, those whose value differs from it."""
    stays = pc.or_(same(rows[value], rows["FROM"]), pc.is_null(rows[value]))
    return only(rows, pc.invert(stays))


def status_moves(rows: pa.Table, ticket: str, order: Sequence[str]) -> Shaped:
    """Of rows that each say TO which status they leave a ticket, those that change it.

    A ticket begins open. FROM is the status before.
    """
    moves = with_previous(rows, (ticket,), order, "TO")
    begun = pc.fill_null(moves["FROM"], "open")
    return changed_only(moves.set_column(moves.column_names.index("FROM"), "FROM", begun), "TO")


def _sortable(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Numbers or instants where every cell is one: 9 before 10, 10:00:00Z before 10:00:00.5Z."""
    numbers = decimals(column)
    if not numbers.unreadable.any():
        return numbers.values
    # times without an offset are all of one zone, so that any serves to order them
    times = instants(column, "iso", "UTC")
    return column if times.unreadable.any() else times.values


def _as_before(cells: pa.Table, names: Sequence[str]) -> np.ndarray:
    """A mask of the rows whose cells are those of the row before."""
    if cells.num_rows == 0:
        return np.zeros(0, dtype=bool)
    equal = np.ones(cells.num_rows - 1, dtype=bool)
    for name in names:
        here, before = cells[name].slice(1), cells[name].slice(0, cells.num_rows - 1)
        both_null = pc.and_(pc.is_null(here), pc.is_null(before))
        equal &= mask_of(pc.equal(here, before)) | mask_of(both_null)
    return np.concatenate([[False], equal])
