"""CSV and TSV → text columns."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from typing import Any, BinaryIO

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

from cxaudit.errors import UnreadableData
from cxaudit.readers.rows import FileRows, unique_names, unreadable
from cxaudit.readers.text_stream import UNDECODABLE, Utf8Stream, mark_of_other_encoding
from cxaudit.sources import FileSettings

BLOCK = 1 << 24
LARGEST_BLOCK = 1 << 30
DELIMITERS = {",": "a comma", ";": "a semicolon", "\t": "a tab", "|": "a bar"}

Opener = Callable[[], BinaryIO]


def headers(name: str, opener: Opener, settings: FileSettings, delimiter: str) -> list[str]:
    """The file's headers in order, the second of one name written 'name#2'."""
    with opener() as raw:
        start = raw.read(4)
    announced = mark_of_other_encoding(start, settings.encoding)
    if announced:
        raise unreadable(
            name,
            f"starts with the mark of {announced}, not {settings.encoding}",
            f'Set encoding = "{announced}".',
        )
    with opener() as raw:
        text = io.TextIOWrapper(
            io.BufferedReader(_stream(raw, settings)), encoding="utf-8", newline=""
        )
        lines = csv.reader(
            _without_nul(text, name),
            delimiter=delimiter,
            quotechar=settings.quote,
            escapechar=settings.escape,
        )
        first = next((cells for cells in lines if cells), [])
    if not first:
        raise unreadable(name, "is empty: it has not even a header", "Ask for the export again.")
    if any(UNDECODABLE in cell for cell in first):
        raise unreadable(
            name, f"is not written in {settings.encoding}", 'Set encoding, e.g. "cp1252".'
        )
    return unique_names(first)


def _without_nul(lines: Iterable[str], name: str) -> Iterable[str]:
    for line in lines:
        if "\0" in line:
            raise unreadable(
                name,
                "holds zero bytes in its header: it is no text, or text in UTF-16",
                'Set encoding = "utf-16", or the right format.',
            )
        yield line


def _stream(raw: BinaryIO, settings: FileSettings) -> Utf8Stream:
    return Utf8Stream(raw, settings.encoding, settings.quote, settings.skip_lines)


def better_delimiter(header: str, expected: Iterable[str]) -> str | None:
    """The delimiter that would split a lone header into expected names, said in words."""
    names = set(expected)
    found = {
        mark: len(names & {cell.strip().strip('"') for cell in header.split(mark)})
        for mark in DELIMITERS
    }
    best = max(found, key=lambda mark: found[mark])
    written = "\\t" if best == "\t" else best
    return f'{DELIMITERS[best]}: set delimiter = "{written}"' if found[best] else None


def read(
    name: str, opener: Opener, settings: FileSettings, delimiter: str, wanted: set[str] | None
) -> FileRows:
    """The wanted columns of every row that could be read, as text, and the rows that could not."""
    names = headers(name, opener, settings, delimiter)
    kept = [i for i, header in enumerate(names) if wanted is None or header in wanted] or [0]
    table, ragged, stream = _parse(name, opener, settings, delimiter, len(names), kept)
    numbers = np.setdiff1d(
        np.arange(1, table.num_rows + len(ragged) + 1), np.array(ragged, dtype=np.int64)
    )
    # lines that were skipped are lines of the file, where a row is looked for
    numbers = numbers + settings.skip_lines
    table = table.rename_columns([names[i] for i in kept])
    skipped = 1 + settings.skip_after_header
    table, numbers = table.slice(skipped), numbers[skipped:]
    result = FileRows(name, table, numbers, names)
    result.drop("ragged", np.array(ragged, dtype=np.int64) + settings.skip_lines)
    if stream.quotes % 2 and not settings.escape and _holds_line_break(result.table):
        result.drop_where("open-quote", np.arange(len(numbers)) == len(numbers) - 1)
    if stream.marked:
        _drop_undecodable(result, settings.encoding)
    return result


def _parse(
    name: str,
    opener: Opener,
    settings: FileSettings,
    delimiter: str,
    width: int,
    kept: Sequence[int],
) -> tuple[pa.Table, list[int], Utf8Stream]:
    """The kept columns as text with the header as first row, and the numbers of ragged rows."""
    block = BLOCK
    while True:
        ragged: list[int] = []

        def note(row: Any, into: list[int] = ragged) -> str:
            into.append(row.number)
            return "skip"

        with opener() as raw:
            stream = _stream(raw, settings)
            try:
                table = pyarrow.csv.read_csv(
                    pa.PythonFile(io.BufferedReader(stream, 1 << 20), mode="r"),
                    # one thread, so that a ragged row knows its number
                    pyarrow.csv.ReadOptions(
                        autogenerate_column_names=True, use_threads=False, block_size=block
                    ),
                    pyarrow.csv.ParseOptions(
                        delimiter=delimiter,
                        quote_char=settings.quote,
                        escape_char=settings.escape or False,
                        newlines_in_values=True,
                        invalid_row_handler=note,
                    ),
                    pyarrow.csv.ConvertOptions(
                        column_types={f"f{i}": pa.large_string() for i in range(width)},
                        include_columns=[f"f{i}" for i in kept],
                        strings_can_be_null=False,
                        check_utf8=False,
                    ),
                )
            except pa.ArrowInvalid as error:
                if "straddling" in str(error) and block < LARGEST_BLOCK:
                    block *= 4
                    continue
                raise _refusal(name, str(error)) from None
        return table, ragged, stream


def _refusal(name: str, message: str) -> UnreadableData:
    if "straddling" in message:
        what = "has a row longer than a gigabyte: a quote may be opened and never closed"
        return unreadable(name, what, "Check quote and escape.")
    return unreadable(name, "cannot be read as delimited text", "Check format, delimiter, quote.")


def _holds_line_break(table: pa.Table) -> bool:
    """True if the last row has a cell of several lines."""
    last = table.slice(max(table.num_rows - 1, 0))
    return any("\n" in (cell or "") for column in last.columns for cell in column.to_pylist())


def _drop_undecodable(result: FileRows, encoding: str) -> None:
    marked = np.zeros(result.table.num_rows, dtype=bool)
    for column in result.table.columns:
        marked |= np.asarray(pc.match_substring(column, UNDECODABLE).to_numpy())
    if 2 * marked.sum() > len(marked):
        raise unreadable(
            result.name,
            f"is not written in {encoding}: {marked.sum():,} of {len(marked):,} rows do not decode",
            'Set encoding, e.g. "cp1252".',
        )
    if marked.any():
        result.drop_where("undecodable", marked, encoding)
    else:
        result.notes.append(("undecodable-unused", encoding))
