"""Writing the delivered files, the same bytes for the same tables."""

from __future__ import annotations

import gzip
import json
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from cxaudit.simulate.layouts import Layout

if TYPE_CHECKING:
    from collections.abc import Iterator


def delivered(table: pa.Table, layout: Layout) -> pa.Table:
    """The table with the source's headers and words; all cells are text but in Parquet."""
    columns = {}
    for name in table.column_names:
        column = table[name].combine_chunks()
        if words := layout.words.get(name):
            column = _reworded(column, words)
        if layout.format != "parquet":
            column = _text(column, layout)
        columns[layout.headers.get(name, name)] = column
    return pa.table(columns)


def write(table: pa.Table, layout: Layout, folder: Path) -> list[Path]:
    """Write a delivered table into a folder; returns the files."""
    if "{year}" not in layout.file:
        return [_write_one(table, layout, folder / layout.file)]
    year = pc.utf8_slice_codeunits(table["sent_at"], 0, 4)
    return [
        _write_one(
            table.filter(pc.equal(year, value)), layout, folder / layout.file.format(year=value)
        )
        for value in sorted(pc.unique(year).to_pylist())
    ]


def _write_one(table: pa.Table, layout: Layout, path: Path) -> Path:
    if layout.format == "parquet":
        pq.write_table(table, path, compression="snappy")
        return path
    with _opened(path) as stream:
        if layout.format == "jsonl":
            stream.write(_json_lines(table))
        elif layout.format == "json":
            stream.write(json.dumps(table.to_pylist(), indent=1, ensure_ascii=False).encode())
        else:
            options = pa_csv.WriteOptions(delimiter=layout.delimiter, quoting_style="needed")
            pa_csv.write_csv(table, stream, options)
    return path


@contextmanager
def _opened(path: Path) -> Iterator[BinaryIO | gzip.GzipFile]:
    """A stream to the file, packed where its name says so; without a time stamp inside."""
    with path.open("wb") as raw:
        if path.suffix != ".gz":
            yield raw
            return
        with gzip.GzipFile("", "wb", compresslevel=1, fileobj=raw, mtime=0) as packed:
            yield packed


def _reworded(column: pa.Array, words: dict[str, str]) -> pa.Array:
    coded = column.dictionary_encode()
    entries = [words.get(word, word) for word in coded.dictionary.to_pylist()]
    return pa.array(entries, pa.string()).take(coded.indices)


def _text(column: pa.Array, layout: Layout) -> pa.Array:
    type_ = column.type
    if pa.types.is_string(type_):
        return column
    if pa.types.is_boolean(type_):
        if layout.format in ("json", "jsonl"):
            return column
        return pc.if_else(column, "yes", "no")
    if pa.types.is_timestamp(type_):
        pattern = "%Y-%m-%dT%H:%M:%SZ" if layout.format == "jsonl" else "%Y-%m-%d %H:%M:%S"
        return pc.strftime(column.cast(pa.timestamp("s", "UTC")), pattern)
    if pa.types.is_list(type_):
        return pc.binary_join(column, "|")
    if layout.format in ("json", "jsonl"):
        return column
    text = column.cast(pa.string())
    if pa.types.is_floating(type_) and layout.decimal != ".":
        text = pc.replace_substring(text, ".", layout.decimal)
    return text


def _json_lines(table: pa.Table) -> bytes:
    """One JSON object per row; texts are encoded once per different text."""
    pieces: list[pa.Array | pa.Scalar] = []
    for number, name in enumerate(table.column_names):
        opening = "{" if number == 0 else ", "
        pieces.append(pa.scalar(f"{opening}{json.dumps(name)}: "))
        pieces.append(_json_cells(table[name].combine_chunks()))
    pieces.append(pa.scalar("}\n"))
    lines = pc.binary_join_element_wise(*pieces, "").cast(pa.large_string())
    start, end = np.frombuffer(lines.buffers()[1], np.int64)[
        [lines.offset, lines.offset + len(lines)]
    ]
    return lines.buffers()[2].slice(int(start), int(end - start)).to_pybytes()


def _json_cells(column: pa.Array) -> pa.Array:
    """Each cell as JSON; texts that need no escapes are only put into quotes."""
    if pa.types.is_string(column.type):
        if not pc.any(pc.match_substring_regex(column, r'["\\\x00-\x1f]')).as_py():
            quoted = pc.binary_join_element_wise(pa.scalar('"'), column, pa.scalar('"'), "")
            return pc.fill_null(quoted, "null")
        coded = column.dictionary_encode()
        entries = [json.dumps(value, ensure_ascii=False) for value in coded.dictionary.to_pylist()]
        return pc.fill_null(pa.array(entries, pa.string()).take(coded.indices), "null")
    return pc.fill_null(column.cast(pa.string()), "null")
