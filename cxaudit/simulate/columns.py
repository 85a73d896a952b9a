"""Arrow columns and tables from the numbers of a draw."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from cxaudit.contracts.canonical import canonical_tables
from cxaudit.simulate.cases import NEVER
from cxaudit.simulate.days import Ints

Mask = np.ndarray


def table_of(name: str, columns: dict[str, Any]) -> pa.Table:
    """A canonical table with these columns, in the contract's order and types."""
    schema = canonical_tables()[name].arrow_schema()
    unknown = columns.keys() - set(schema.names)
    if unknown:
        raise KeyError(f"table {name} has no columns {sorted(unknown)}")
    kept = [field for field in schema if field.name in columns]
    arrays = [_typed(columns[field.name], field.type) for field in kept]
    return pa.table(arrays, schema=pa.schema(kept))


def _typed(column: Any, type_: pa.DataType) -> pa.Array:
    if isinstance(column, pa.ChunkedArray):
        column = column.combine_chunks()
    array = column if isinstance(column, pa.Array) else pa.array(column)
    return array if array.type == type_ else array.cast(type_)


def numbered(prefix: str, numbers: Ints, width: int = 7) -> pa.Array:
    """Ids such as T0000012; null for negative numbers."""
    numbers = np.asarray(numbers)
    digits = pc.utf8_lpad(pa.array(np.abs(numbers)).cast(pa.string()), width, "0")
    ids = pc.binary_join_element_wise(pa.scalar(prefix), digits, "")
    return pc.if_else(pa.array(numbers >= 0), ids, pa.scalar(None, pa.string()))


def named(
    names: Sequence[str | None] | pa.Array, index: Ints, where: Mask | None = None
) -> pa.Array:
    """The names at these indices; null for negative ones and where `where` is false."""
    index = np.asarray(index)
    missing = index < 0 if where is None else (index < 0) | ~where
    known = names if isinstance(names, pa.Array) else pa.array(list(names), pa.string())
    return known.take(pa.array(index, mask=missing))


def instants(at: Ints, where: Mask | None = None) -> pa.Array:
    """Instants from seconds since 1970; null where NEVER, and where `where` is false."""
    at = np.asarray(at, dtype=np.int64)
    missing = at >= NEVER if where is None else (at >= NEVER) | ~where
    micro = np.where(missing, 0, at) * 1_000_000
    return pa.array(micro, mask=missing).cast(pa.timestamp("us", "UTC"))


def flags(values: Mask, where: Mask | None = None) -> pa.Array:
    """Booleans; null where `where` is false."""
    return pa.array(np.asarray(values, dtype=bool), mask=None if where is None else ~where)


def numbers(values: Any, where: Mask | None = None) -> pa.Array:
    """Numbers; null where `where` is false."""
    return pa.array(np.asarray(values), mask=None if where is None else ~where)


def lists(names: Sequence[str], members: Sequence[Sequence[int]]) -> pa.Array:
    """Lists of names by their indices."""
    return pa.array([[names[i] for i in some] for some in members], pa.list_(pa.string()))
