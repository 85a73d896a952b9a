"""Delivered files → the first rows of each table in them, and how they are written."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet

from cxaudit.errors import UnreadableData
from cxaudit.proposal.documents import closed, is_lines, lists_of_records, parsed
from cxaudit.proposal.traits import LONGEST_CELL, Traits, traits
from cxaudit.proposal.writing import MOST_ABOVE, encoding_of, text_of, title_rows, writing_of
from cxaudit.readers import delimited, records, workbook
from cxaudit.readers.cells import as_text
from cxaudit.readers.files import (
    GZIP,
    PARQUET,
    ZIP,
    DataFile,
    content,
    damage_reported,
    data_files,
    format_of,
)
from cxaudit.readers.rows import unique_names, unreadable
from cxaudit.readers.typed import plain
from cxaudit.sources import FileSettings

Format = Literal["csv", "tsv", "json", "excel", "parquet"]
HEAD_BYTES = 32 << 20
# Of the head, blocks of rows from its beginning to its end: exports are sorted, and what was
# recorded first differs from what was recorded last.
ROWS, BLOCK = 10_000, 500
LOOKED_AT_FOR_WRITING = 1 << 20
MOST_COLUMNS = 1_000
LARGEST_WORKBOOK = 200 << 20


@dataclass
class Sample:
    """The first rows of one table as delivered: `head` all that were read, `cells` those of them
    that were looked at, as text.

    `written` are settings of an entry that say how the file is written, as `FileSettings` names
    them; `has_header` is false where the columns are only numbered.
    """

    path: Path
    name: str
    columns: list[Traits]
    cells: pa.Table = field(repr=False)
    head: pa.Table = field(repr=False)
    is_whole: bool
    written: dict[str, str | int] = field(default_factory=dict)
    has_header: bool = True
    remarks: list[str] = field(default_factory=list)

    @property
    def rows(self) -> int:
        """The number of rows looked at."""
        return int(self.cells.num_rows)

    def column(self, header: str) -> Traits:
        """What the cells of a header are."""
        return next(traits for traits in self.columns if traits.header == header)

    def whole(self, header: str) -> pa.ChunkedArray:
        """The cells of a header in every row that was read, as text."""
        return _text(self.head.column(self.cells.column_names.index(header)))


def samples(path: Path) -> list[Sample]:
    """A sample of every table in a file: members of an archive, sheets of a workbook.

    Raises UnreadableData for a file that is empty, damaged or none of the known formats.
    """
    name = path.as_posix()
    settings = FileSettings(path=(name,), format=_sniffed(path))
    files = data_files(path, name, settings)
    found = []
    for file in files:
        with damage_reported(file.name):
            found += _samples_of(file)
    for sample in found:
        if settings.format:
            sample.written["format"] = settings.format
        if len(files) > 1:
            sample.remarks.append("one of several files in an archive: unpack it, and name each")
    return found


def _sniffed(path: Path) -> Format | None:
    """The format by a file's first bytes, where its name does not tell it."""
    if format_of(path.name) is not None:
        return None
    with path.open("rb") as raw:
        start = raw.read(4096)
    if start[:2] == GZIP or not start.strip():
        return "csv"
    if start[:4] == ZIP:
        return "excel"
    if start[:4] == PARQUET:
        return "parquet"
    if start.lstrip(b"\xef\xbb\xbf \r\n\t")[:1] in (b"{", b"["):
        return "json"
    return "tsv" if start.count(b"\t") > start.count(b",") else "csv"


def _samples_of(file: DataFile) -> list[Sample]:
    if file.format == "parquet":
        return [_of_parquet(file)]
    if file.format == "excel":
        return _of_workbook(file)
    with file.opener() as raw:
        head = raw.read(HEAD_BYTES)
        is_whole = not raw.read(1)
    if not head.strip():
        raise unreadable(file.name, "is empty", "Ask for the export again.")
    encoding, remark = encoding_of(file.name, head, is_whole)
    text = text_of(head, encoding, is_whole)
    of_text = _of_json if file.format in ("json", "jsonl") else _of_delimited
    sample = of_text(file, text, is_whole)
    sample.written |= {"encoding": encoding} if encoding != "utf-8" else {}
    sample.remarks += [remark] if remark else []
    return [sample]


def _of_delimited(file: DataFile, text: str, is_whole: bool) -> Sample:
    usual = "\t" if file.format == "tsv" else ","
    writing = writing_of(text_of_lines(text))
    settings = FileSettings(
        path=(file.name,),
        skip_lines=writing.skip_lines,
        skip_after_header=writing.skip_after_header,
    )
    body = text.encode("utf-8", "replace")
    if not writing.has_header:
        # the reader takes the first line for a header: a line of numbers stands in for it
        mark = writing.delimiter
        width = len(delimited.headers(file.name, lambda: io.BytesIO(body), settings, mark))
        line = writing.delimiter.join(f"column {number + 1}" for number in range(width)) + "\n"
        body = line.encode() + body
    rows = delimited.read(file.name, lambda: io.BytesIO(body), settings, writing.delimiter, None)
    written: dict[str, str | int] = {}
    if writing.delimiter != usual:
        written["delimiter"] = writing.delimiter
    for setting in ("skip_lines", "skip_after_header"):
        if getattr(writing, setting):
            written[setting] = getattr(writing, setting)
    sample = _sample(file, rows.table, is_whole, written)
    sample.has_header = writing.has_header
    return sample


def _of_json(file: DataFile, text: str, is_whole: bool) -> Sample:
    written: dict[str, str | int] = {}
    lines = file.format == "jsonl" or is_lines(text)
    if lines:
        written |= {} if file.format == "jsonl" else {"format": "jsonl"}
    else:
        text = text if is_whole else closed(text)
        written |= _records(file, text)
    settings = FileSettings(
        path=(file.name,), records=str(written["records"]) if "records" in written else None
    )
    body = text.encode("utf-8", "replace")
    rows = records.read(file.name, lambda: io.BytesIO(body), settings, lines)
    return _sample(file, rows.table, is_whole, written)


def _records(file: DataFile, text: str) -> dict[str, str | int]:
    """Where the records are, as a setting. Raises UnreadableData where there are none."""
    document = parsed(text)
    found = lists_of_records(document)
    if not found and isinstance(document, dict):
        what = "holds one record and no list of records"
        raise unreadable(file.name, what, "Ask for the export of all records as a list.")
    if not found:
        raise unreadable(file.name, "holds no JSON record", "Set the right format.")
    longest = max(sorted(found), key=lambda path: found[path])
    return {"records": longest} if longest else {}


def _of_workbook(file: DataFile) -> list[Sample]:
    if file.path.stat().st_size > LARGEST_WORKBOOK:
        raise unreadable(file.name, "is too large to look into", "Save it as CSV.")
    stored = content(file)
    found = []
    for sheet in workbook.sheets(file.name, stored):
        try:
            above = title_rows(workbook.filled(file.name, stored, sheet, MOST_ABOVE + 1))
            settings = FileSettings(path=(file.name,), sheet=sheet, skip_lines=above)
            rows = workbook.read(file.name, stored, settings, at_most=ROWS)
        except UnreadableData:
            # an empty sheet, or a chart, beside full ones is nothing to report
            continue
        written: dict[str, str | int] = {"sheet": sheet}
        written |= {"skip_lines": above} if above else {}
        found.append(_sample(file, rows.table, rows.table.num_rows < ROWS, written))
    if not found:
        raise unreadable(file.name, "has no sheet with a header", "Ask for the export again.")
    if len(found) == 1:
        found[0].written.pop("sheet")
    return found


def _of_parquet(file: DataFile) -> Sample:
    with file.opener() as raw:
        try:
            opened = pa.parquet.ParquetFile(raw)
            batch = next(opened.iter_batches(batch_size=ROWS), None)
            total = opened.metadata.num_rows
        except (pa.ArrowInvalid, OSError):
            raise unreadable(file.name, "is a damaged Parquet file") from None
    empty = opened.schema_arrow.empty_table()
    table = pa.Table.from_batches([batch]) if batch is not None else empty
    return _sample(file, table, total <= ROWS, {})


def text_of_lines(text: str) -> str:
    """As much of a text as tells how it is written, to the end of a line."""
    if len(text) <= LOOKED_AT_FOR_WRITING:
        return text
    end = text.rfind("\n", 0, LOOKED_AT_FOR_WRITING)
    return text[: end + 1 if end > 0 else LOOKED_AT_FOR_WRITING]


def _spread(table: pa.Table) -> pa.Table:
    """At most so many rows, in blocks spread over the table."""
    if table.num_rows <= ROWS:
        return table
    blocks = ROWS // BLOCK
    starts = [n * (table.num_rows - BLOCK) // (blocks - 1) for n in range(blocks)]
    return pa.concat_tables([table.slice(start, BLOCK) for start in starts])


def _sample(
    file: DataFile, table: pa.Table, is_whole: bool, written: dict[str, str | int]
) -> Sample:
    is_whole = is_whole and table.num_rows <= ROWS
    head, table = table, _spread(table)
    names = unique_names([_printable(name) for name in table.column_names])
    cells = pa.table(
        [_text(column) for column in table.columns[:MOST_COLUMNS]], names=names[:MOST_COLUMNS]
    )
    columns = [traits(name, cells[name].to_pylist()) for name in cells.column_names]
    sample = Sample(file.path, file.name, columns, cells, head, is_whole, written)
    if len(names) > MOST_COLUMNS:
        sample.remarks.append(f"only the first {MOST_COLUMNS:,} columns were looked at")
    if not table.num_rows:
        sample.remarks.append("it has a header and no row: only the headers could be looked at")
    return sample


def _printable(name: str) -> str:
    """A header as it can be written anywhere; JSON allows letters that no file can hold."""
    return name.encode("utf-8", "replace").decode("utf-8")


def _text(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Cells as text, long ones cut; cells that are no text, such as pictures, are none."""
    nothing = pa.chunked_array([pa.nulls(len(column), pa.large_string())])
    kind = column.type
    if (pa.types.is_nested(kind) and not pa.types.is_list(kind)) or pa.types.is_binary(kind):
        return nothing
    try:
        return pc.utf8_slice_codeunits(as_text(plain(column)), 0, LONGEST_CELL)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        return nothing
