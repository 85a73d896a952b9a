"""Delivered columns → canonical columns, by their settings and types."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from cxaudit.contracts.canonical import Column
from cxaudit.errors import Problem, UnreadableData
from cxaudit.readers.cells import (
    FALSE_WORDS,
    LIST_SEPARATOR,
    TRUE_WORDS,
    Cells,
    as_text,
    booleans,
    decimals,
    emptied,
    integers,
    lists,
    mask_of,
    replaced,
    without,
    words_of,
)
from cxaudit.readers.delivered import positions
from cxaudit.readers.findings import Finding
from cxaudit.readers.instants import Undecided, days, instants
from cxaudit.readers.mapping import plain_header
from cxaudit.readers.reshape import joined, meets
from cxaudit.sources import CellSettings, ColumnSettings, MappedSource

DEFAULTS: dict[str, Any] = {
    "missing": (),
    "dates": "iso",
    "time_zone": None,
    "decimal": ".",
    "thousands": None,
    "true_words": TRUE_WORDS,
    "false_words": FALSE_WORDS,
    "separator": LIST_SEPARATOR,
}
LONGEST_SPAN = 100 * 365.25 * 86_400
KINDS = {
    "instant": "a time",
    "date": "a date",
    "integer": "a whole number",
    "decimal": "a number",
    "boolean": "true or false",
}


class Columns:
    """Makes a source's canonical columns, and collects the findings about their cells."""

    def __init__(self, source: MappedSource, files: list[str]):
        self.source = source
        self.files = files
        self.findings: list[Finding] = []

    def _setting(self, settings: CellSettings | None, name: str) -> Any:
        """A column's own setting, else its source's, else the default."""
        for given in (settings, self.source):
            value = getattr(given, name, None)
            if value is not None:
                return value
        return DEFAULTS[name]

    def _marks(self, settings: CellSettings | None) -> tuple[str, str | None]:
        """The decimal and the thousands mark; the decimal mark gives way where both are one."""
        decimal, thousands = (self._setting(settings, name) for name in ("decimal", "thousands"))
        if decimal == thousands:
            decimal = "," if thousands == "." else "."
        return decimal, thousands

    def text(
        self, rows: pa.Table, header: str, settings: CellSettings | None = None
    ) -> pa.ChunkedArray:
        """A delivered column as text, missing-value markers made null."""
        column = as_text(rows[plain_header(header)])
        return without(column, self._setting(settings, "missing"))

    def comparable(
        self, rows: pa.Table, header: str, kind: Literal["instant", "number", "text"]
    ) -> pa.ChunkedArray:
        """A delivered column in a form that sorts; times without a zone compare as written."""
        if kind == "text":
            return self.text(rows, header)
        if kind == "number":
            return decimals(self.text(rows, header), *self._marks(None)).values
        zone = self._setting(None, "time_zone") or "UTC"
        try:
            found = instants(self._typed(rows, header, None), self._setting(None, "dates"), zone)
        except Undecided as undecided:
            where = f"source '{self.source.name}', latest, by '{header}'"
            raise self._undecided(where, str(undecided)) from None
        return found.values

    def make(
        self, rows: pa.Table, column: Column, settings: ColumnSettings
    ) -> tuple[pa.ChunkedArray, np.ndarray]:
        """The canonical column, and a mask of rows it makes unreadable. Raises UnreadableData."""
        raw = self._raw(rows, column, settings)
        cells = self._read(rows, raw, column, settings)
        if settings.plus_seconds:
            cells = self._later(rows, cells, column, settings)
        if settings.where:
            cells = emptied(cells, ~meets(rows, [settings.where], self.text))
        obligatory = column.required == "table" and not column.nullable
        nothing = np.zeros(rows.num_rows, dtype=bool)
        if not cells.unreadable.any():
            return cells.values, nothing
        fatal = obligatory and "unknown" not in column.enum
        if column.enum:
            how = "unknown" if "unknown" in column.enum else "empty"
            self._note("unmapped", rows, column, cells.unreadable, "unreadable" if fatal else how)
        else:
            kind = "unreadable-row" if fatal else "unreadable-cell"
            self._note(kind, rows, column, cells.unreadable, KINDS[column.type])
        return cells.values, cells.unreadable if fatal else nothing

    def _note(self, kind: str, rows: pa.Table, column: Column, mask: np.ndarray, how: str) -> None:
        if mask.any():
            where = positions(self.files, rows, mask)
            self.findings.append(Finding(kind, "", int(mask.sum()), column.name, how, where))

    def _typed(self, rows: pa.Table, header: str, settings: CellSettings | None) -> pa.ChunkedArray:
        """A delivered column in its own type, missing-value markers made null."""
        column = rows[plain_header(header)]
        if pa.types.is_large_string(column.type):
            return self.text(rows, header, settings)
        markers = self._setting(settings, "missing")
        if markers:
            kept = pc.is_valid(without(as_text(column), markers))
            column = pc.if_else(kept, column, pa.scalar(None, column.type))
        return column

    def _raw(self, rows: pa.Table, column: Column, settings: ColumnSettings) -> pa.ChunkedArray:
        """The column's cells before their type is given to them, value map applied."""
        if settings.constant is not None:
            return _repeated(settings.constant, rows.num_rows)
        if settings.date is not None:
            raw = self._date_and_time(rows, settings)
        elif len(settings.headers or ()) == 1 and not _changes_words(settings):
            return self._typed(rows, (settings.headers or ("",))[0], settings)
        else:
            parts = [self.text(rows, header, settings) for header in settings.headers or ()]
            raw = joined(parts, settings.join)
        if settings.equals is not None:
            same = pc.equal(raw, self.text(rows, settings.equals, settings))
            other = raw if settings.otherwise is None else settings.otherwise or None
            other = other if other is not None else pa.scalar(None, pa.large_string())
            decided = pc.if_else(pc.fill_null(same, False), settings.then, other)
            raw = pc.if_else(pc.is_valid(raw), decided, pa.scalar(None, pa.large_string()))
        elif settings.values is not None:
            raw, other_words = replaced(raw, settings.values, settings.otherwise)
            self._note("otherwise", rows, column, other_words, settings.otherwise or "empty")
        if settings.when_empty is not None:
            raw = pc.fill_null(raw, settings.when_empty)
        return raw.cast(pa.large_string())

    def _date_and_time(self, rows: pa.Table, settings: ColumnSettings) -> pa.ChunkedArray:
        date = rows[plain_header(settings.date or "")]
        if pa.types.is_timestamp(date.type) or pa.types.is_date(date.type):
            day = pc.strftime(date, "%Y-%m-%d").cast(pa.large_string())
        else:
            day = self.text(rows, settings.date or "", settings)
        return joined([day, self.text(rows, settings.time or "", settings)], " ")

    def _read(
        self, rows: pa.Table, raw: pa.ChunkedArray, column: Column, settings: ColumnSettings
    ) -> Cells:
        """The cells in the column's type."""
        match column.type:
            case "instant":
                return self._instants(rows, raw, column, settings)
            case "date":
                with_format = self._setting(settings, "dates")
                try:
                    return days(raw, with_format)
                except Undecided as undecided:
                    raise self._undecided(self._place(column), str(undecided)) from None
            case "integer" | "decimal":
                read = integers if column.type == "integer" else decimals
                return read(raw, *self._marks(settings))
            case "boolean":
                words = (self._setting(settings, f"{word}_words") for word in ("true", "false"))
                return booleans(raw, *words)
            case "list":
                return lists(raw, self._setting(settings, "separator"))
        if column.enum:
            return words_of(raw, column.enum)
        return Cells(as_text(raw), np.zeros(rows.num_rows, dtype=bool))

    def _instants(
        self, rows: pa.Table, raw: pa.ChunkedArray, column: Column, settings: ColumnSettings
    ) -> Cells:
        zone = self._setting(settings, "time_zone")
        try:
            found = instants(raw, self._setting(settings, "dates"), zone)
        except Undecided as undecided:
            raise self._undecided(self._place(column), str(undecided)) from None
        if found.naive.any():
            what = f"{int(found.naive.sum()):,} time(s) carry no offset and no zone is declared"
            do = 'Set time_zone in the source, for example "Europe/Rome" or "UTC".'
            raise UnreadableData(Problem(self._place(column), what, do=do))
        self._note("ambiguous-time", rows, column, found.ambiguous, zone or "")
        self._note("nonexistent-time", rows, column, found.nonexistent, zone or "")
        return Cells(found.values, found.unreadable)

    def _later(
        self, rows: pa.Table, cells: Cells, column: Column, settings: ColumnSettings
    ) -> Cells:
        """Instants so many seconds later; a negative number of seconds is none, and counted.

        A span of more than a hundred years is unreadable.
        """
        instants, unreadable = cells.values, cells.unreadable
        for header in settings.plus_seconds:
            seconds = decimals(self.text(rows, header, settings), *self._marks(settings))
            negative = mask_of(pc.less(seconds.values, 0.0))
            self._note("negative-span", rows, column, negative, header)
            too_long = pc.greater(seconds.values, LONGEST_SPAN)
            known = pc.if_else(too_long, pa.scalar(None, pa.float64()), seconds.values)
            span = pc.round(pc.multiply(pc.max_element_wise(known, 0.0, skip_nulls=False), 1e6))
            instants = pc.add(instants, span.cast(pa.int64()).cast(pa.duration("us")))
            unreadable = unreadable | seconds.unreadable | mask_of(too_long)
        return Cells(instants, unreadable)

    def _undecided(self, where: str, why: str) -> UnreadableData:
        do = 'Set dates to the format, for example "%d/%m/%Y %H:%M".'
        return UnreadableData(Problem(where, f"dates = {why}", do=do))

    def _place(self, column: Column) -> str:
        return f"source '{self.source.name}', column {column.name}"


def _changes_words(settings: ColumnSettings) -> bool:
    """True if the cells' text itself is compared, replaced or filled."""
    changes = (settings.values, settings.equals, settings.when_empty)
    return any(change is not None for change in changes)


def _repeated(word: str, count: int) -> pa.ChunkedArray:
    cells = pa.array([word], pa.large_string()).take(pa.array(np.zeros(count, dtype=np.int64)))
    return pa.chunked_array([cells])
