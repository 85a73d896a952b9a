"""Extracts of one canonical table → one Parquet file whose bytes depend on the rows alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from cxaudit.contracts.canonical import canonical_tables
from cxaudit.readers.extract import DUPLICATE, Extract, wide_schema

ROW_GROUP = 100_000


def write_table(name: str, parts: Sequence[Extract], path: Path) -> dict[str, Any]:
    """The table's entry of `load.json`; its rows are written sorted, exact duplicates once.

    received = loaded + the rows excluded, whatever the reason.
    """
    table = canonical_tables()[name]
    schema = wide_schema(table)
    supplied = {column for part in parts for column in part.rows.column_names}
    rows = pa.concat_tables([_cast(part.rows, schema) for part in parts]).combine_chunks()
    found = rows.num_rows
    rows = _once(rows, table.key)
    excluded = sum((part.excluded for part in parts), Counter({DUPLICATE: found - rows.num_rows}))
    _write(rows, table.arrow_schema(), path)
    return {
        "received": sum(part.received for part in parts),
        "excluded": {reason: count for reason, count in sorted(excluded.items()) if count},
        "loaded": rows.num_rows,
        "supplied": [column for column in table.columns if column in supplied],
    }


def _cast(rows: pa.Table, schema: pa.Schema) -> pa.Table:
    """Every canonical column in its type; those not supplied are null."""
    columns = [
        rows[field.name].cast(field.type)
        if field.name in rows.column_names
        else pa.nulls(rows.num_rows, field.type)
        for field in schema
    ]
    return pa.table(columns, schema=schema)


def _once(rows: pa.Table, key: tuple[str, ...]) -> pa.Table:
    """The rows in the order of their key, then of every other column; equal rows once."""
    if rows.num_rows == 0:
        return rows
    sortable = rows
    for number, field in enumerate(rows.schema):
        if pa.types.is_list(field.type):
            joined = pc.binary_join(rows.column(number), "\x1f").cast(pa.large_string())
            sortable = sortable.set_column(number, field.name, joined)
    filled = [n for n in rows.column_names if rows[n].null_count < rows.num_rows]
    names = [*key, *(name for name in filled if name not in key)]
    order = pc.sort_indices(sortable, sort_keys=[(name, "ascending") for name in names])
    rows = rows.take(order)
    repeated = np.ones(rows.num_rows - 1, dtype=bool)
    for name in names:
        if repeated.any():
            repeated &= _same_as_previous(sortable[name].take(order))
    first = np.concatenate([[True], ~repeated])
    return rows if first.all() else rows.filter(pa.array(first))


def _same_as_previous(column: pa.ChunkedArray) -> np.ndarray:
    """For each cell but the first: does it equal the one before, null equal to null?"""
    here, before = column.slice(1), column.slice(0, len(column) - 1)
    equal = pc.fill_null(pc.equal(here, before), False)
    both_null = pc.and_(pc.is_null(here), pc.is_null(before))
    return np.asarray(pc.or_(equal, both_null).to_numpy(), dtype=bool)


def _write(rows: pa.Table, schema: pa.Schema, path: Path) -> None:
    """Row groups of fixed size, so that equal rows give equal bytes however they arrived."""
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        for start in range(0, rows.num_rows, ROW_GROUP):
            # a group stays below the two gigabytes that 32-bit text offsets reach
            group = rows.slice(start, ROW_GROUP).combine_chunks().cast(schema)
            writer.write_table(group, row_group_size=ROW_GROUP)
