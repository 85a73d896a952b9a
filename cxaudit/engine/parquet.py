"""Batches of rows → one Parquet file."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

ROW_GROUP = 122_880


def write_batches(batches: Iterable[pa.RecordBatch], schema: pa.Schema, path: Path) -> None:
    """Write batches to a file in the types of the schema, whatever the size they come in."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with pq.ParquetWriter(path, schema, compression="snappy") as writer:
        waiting: list[pa.Table] = []
        rows = 0
        for batch in batches:
            waiting.append(pa.Table.from_batches([batch]).cast(schema))
            rows += batch.num_rows
            if rows >= ROW_GROUP:
                table = pa.concat_tables(waiting)
                whole = rows - rows % ROW_GROUP
                writer.write_table(table.slice(0, whole), row_group_size=ROW_GROUP)
                waiting, rows = [table.slice(whole)], rows - whole
        writer.write_table(pa.concat_tables([schema.empty_table(), *waiting]))
