"""Files as the client delivered them → one table of untouched columns per source.

A delivered table has the file's own headers as column names, text in the cells (typed only where
the format itself is: Parquet, Excel), and two columns more: FILE and ROW say where a row stands.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet

from cxaudit.errors import Problem, UnreadableData
from cxaudit.readers import delimited, records, typed, workbook
from cxaudit.readers.cells import as_text
from cxaudit.readers.files import (
    DataFile,
    content,
    damage_reported,
    data_files,
    fingerprint,
    found_paths,
)
from cxaudit.readers.findings import SHOWN, Finding
from cxaudit.readers.rows import FileRows
from cxaudit.sources import FileSettings

FILE, ROW = "cxaudit file", "cxaudit row"


@dataclass
class Delivered:
    """All rows of a source's files, as delivered."""

    table: pa.Table
    files: list[str]
    headers: list[str]
    unreadable: int = 0
    # findings whose table is not known yet: whoever reads the rows names it
    findings: list[Finding] = field(default_factory=list)

    @property
    def received(self) -> int:
        """The number of rows in the files, readable or not."""
        return self.table.num_rows + self.unreadable


def positions(
    files: Sequence[str], rows: pa.Table, mask: np.ndarray
) -> tuple[tuple[str, tuple[int, ...]], ...]:
    """Where the first rows under a mask stand: (file, record numbers)."""
    hit = np.flatnonzero(mask)[:SHOWN]
    where = rows.select([FILE, ROW]).take(pa.array(hit))
    by_file: dict[str, list[int]] = {}
    for file, row in zip(where[FILE].to_pylist(), where[ROW].to_pylist(), strict=True):
        by_file.setdefault(files[file], []).append(row)
    return tuple((file, tuple(sorted(numbers))) for file, numbers in sorted(by_file.items()))


class Deliveries:
    """The files of an engagement: each is read once, however many sources name it."""

    def __init__(
        self,
        folder: Path,
        named: Mapping[str, Sequence[FileSettings]] | None = None,
        names: Mapping[Path, str] | None = None,
    ):
        self.folder = folder
        # what to call files that are not the client's own
        self._names = names or {}
        # the files of each mapped source, by the name a look-up may use
        self.named = dict(named or {})
        # path -> SHA-256, bytes, rows, the sources that read it
        self._inputs: dict[Path, tuple[str, int, int, list[str]]] = {}
        self._rows: dict[str, Counter[Path]] = {}
        self._uses: Counter[str] = Counter()
        self._wanted: dict[str, set[str]] = {}
        self._files: dict[str, list[DataFile]] = {}
        self._headers: dict[str, dict[str, list[str]]] = {}
        self._whole: dict[str, dict[str, FileRows]] = {}
        self._read: dict[str, Delivered] = {}
        self._ignored: dict[str, int] = {}

    def announce(self, settings: FileSettings, headers: Iterable[str]) -> None:
        """Say before reading that these columns will be asked for, once more."""
        self._uses[_key(settings)] += 1
        self.want(settings, headers)

    def want(self, settings: FileSettings, headers: Iterable[str]) -> None:
        """Say before reading that whoever asks will ask for these columns, too."""
        self._wanted.setdefault(_key(settings), set()).update(headers)

    def missing(self, settings: FileSettings) -> list[str]:
        """The paths that lead to no file."""
        return found_paths(self.folder, settings)[1]

    def headers(self, settings: FileSettings) -> dict[str, list[str]]:
        """The headers of every file of a source, by the file's name. Raises UnreadableData."""
        key = _key(settings)
        if key not in self._headers:
            paths, missing, ignored = found_paths(self.folder, settings)
            problems: list[Any] = [
                Problem(entry, "is not there", do="Check path; it starts at the engagement folder.")
                for entry in missing
            ]
            files: list[DataFile] = []
            headers: dict[str, list[str]] = {}
            for path in paths:
                try:
                    for file in data_files(path, self._relative(path), settings):
                        headers[file.name] = self._headers_of(key, file, settings)
                        files.append(file)
                except UnreadableData as error:
                    problems.extend(error.problems)
            if not problems and not files:
                problems.append(Problem(", ".join(settings.path), "holds no file to read"))
            if problems:
                raise UnreadableData(problems)
            self._files[key], self._headers[key] = files, headers
            self._ignored[key] = ignored
        return self._headers[key]

    def rows(self, settings: FileSettings, source: str) -> Delivered:
        """All rows of a source's files. Raises UnreadableData."""
        key = _key(settings)
        if key not in self._read:
            self.headers(settings)
            whole = self._whole.pop(key, {})
            parts = [
                whole[file.name] if file.name in whole else self._rows_of(key, file, settings)
                for file in self._files[key]
            ]
            self._rows[key] = Counter()
            for file, part in zip(self._files[key], parts, strict=True):
                self._rows[key][file.path] += part.received
            self._read[key] = _together(parts, self._wanted.get(key, set()), self._ignored[key])
        self._note_inputs(key, source)
        self._uses[key] -= 1
        return self._read[key] if self._uses[key] > 0 else self._read.pop(key)

    def _note_inputs(self, key: str, source: str) -> None:
        """List the files read for a source; one that several sources read names all of them."""
        for path, count in self._rows[key].items():
            if path not in self._inputs:
                digest, size = fingerprint(path)
                self._inputs[path] = (digest, size, count, [])
            sources = self._inputs[path][3]
            if source not in sources:
                sources.append(source)

    @property
    def inputs(self) -> list[dict[str, Any]]:
        """The files read, as `load.json` lists them."""
        entries = [
            {
                "path": self._relative(path),
                "sha256": digest,
                "bytes": size,
                "rows": count,
                "source": ", ".join(sources),
            }
            for path, (digest, size, count, sources) in self._inputs.items()
        ]
        return sorted(entries, key=lambda entry: str(entry["path"]))

    def _relative(self, path: Path) -> str:
        return self._names.get(path) or Path(os.path.relpath(path, self.folder)).as_posix()

    def _headers_of(self, key: str, file: DataFile, settings: FileSettings) -> list[str]:
        with damage_reported(file.name):
            if file.format in ("csv", "tsv"):
                mark = _delimiter(file, settings)
                return delimited.headers(file.name, file.opener, settings, mark)
            if file.format == "parquet":
                return typed.headers(file)
            # these formats tell their headers only when read whole; keep what was read
            rows = self._rows_of(key, file, settings)
        self._whole.setdefault(key, {})[file.name] = rows
        return rows.headers

    def _rows_of(self, key: str, file: DataFile, settings: FileSettings) -> FileRows:
        wanted = self._wanted.get(key, set())
        with damage_reported(file.name):
            if file.format in ("csv", "tsv"):
                mark = _delimiter(file, settings)
                return delimited.read(file.name, file.opener, settings, mark, wanted)
            if file.format == "excel":
                return workbook.read(file.name, content(file), settings)
            if file.format == "parquet":
                return typed.read(file, wanted)
            lines = file.format == "jsonl"
            return records.read(file.name, file.opener, settings, lines, wanted)


def _key(settings: FileSettings) -> str:
    """What tells two ways of reading files apart; sources that agree share what is read."""
    return settings.model_dump_json(include=set(FileSettings.model_fields))


def _delimiter(file: DataFile, settings: FileSettings) -> str:
    return settings.delimiter or ("\t" if file.format == "tsv" else ",")


def _together(parts: list[FileRows], wanted: set[str], ignored: int) -> Delivered:
    """The rows of several files in one table, with the findings about them."""
    files = [part.name for part in parts]
    headers = list(dict.fromkeys(name for part in parts for name in part.headers))
    findings = [Finding("ignored-files", "", ignored)]
    tables = []
    for number, part in enumerate(parts):
        where = pa.array(np.full(part.table.num_rows, number, dtype=np.int32))
        table = part.table.append_column(FILE, where)
        tables.append(table.append_column(ROW, pa.array(part.numbers)))
        for kind, (numbers, how) in part.left_out.items():
            shown = ((part.name, tuple(int(n) for n in numbers[:SHOWN])),)
            findings.append(Finding(kind, "", len(numbers), how=how, positions=shown))
        findings += [Finding(kind, "", 1, how=how) for kind, how in part.notes]
        if part.received == 0:
            findings.append(Finding("no-rows", "", 1))
        absent = sorted((wanted & set(headers)) - set(part.headers))
        findings += [
            Finding("header-missing-in-file", "", part.received, how=name) for name in absent
        ]
    left_out = sum(part.unreadable for part in parts)
    return Delivered(_concatenated(tables), files, headers, left_out, findings)


def _concatenated(tables: list[pa.Table]) -> pa.Table:
    """Tables one below the other; a column delivered in two types becomes text."""
    types: dict[str, set[Any]] = {}
    for table in tables:
        for column in table.schema:
            types.setdefault(column.name, set()).add(column.type)
    mixed = {name for name, kinds in types.items() if len(kinds) > 1}
    alike = []
    for table in tables:
        for name in mixed & set(table.column_names):
            at = table.column_names.index(name)
            table = table.set_column(at, name, as_text(table[name]))
        alike.append(table)
    return pa.concat_tables(alike, promote_options="default")
