"""Excel workbooks → columns; formulas are never evaluated, their stored values are read."""

from __future__ import annotations

import datetime
import io
import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import pyarrow as pa

from cxaudit.errors import CxauditError, nearest
from cxaudit.readers.cells import LARGEST_WHOLE
from cxaudit.readers.rows import FileRows, unique_names, unreadable
from cxaudit.sources import FileSettings

FORMULA = re.compile(rb"<f[ >/]")


def sheets(name: str, content: bytes) -> list[str]:
    """The names of a workbook's sheets, in order. Raises UnreadableData."""
    return list(_book(name, content, values=True).sheetnames)


def filled(name: str, content: bytes, sheet: str, at_most: int) -> list[int]:
    """How many cells hold something in each of the first lines of a sheet."""
    settings = FileSettings(path=(name,), sheet=sheet)
    rows = _cells(name, content, settings, values=True, at_most=at_most)
    return [sum(cell is not None for cell in row) for row in rows]


def read(name: str, content: bytes, settings: FileSettings, at_most: int | None = None) -> FileRows:
    """The rows of one sheet below its header; numbers and times keep their type.

    at_most: only this many lines of the sheet are read, and formulas without a value not counted.
    """
    rows = _cells(name, content, settings, values=True, at_most=at_most)
    rows = rows[settings.skip_lines :]
    filled = next((i for i, row in enumerate(rows) if any(cell is not None for cell in row)), None)
    if filled is None:
        raise unreadable(name, "has an empty sheet, without a header", "Set sheet.")
    header, first = rows[filled], filled + 1 + settings.skip_after_header
    # a row of formulas whose values are not stored is a row all the same
    formulas = _formulas(name, content, settings) if at_most is None else []
    body = [
        (settings.skip_lines + number + 1, row)
        for number, row in enumerate(rows)
        if number >= first
        and any(cell is not None for cell in (*row, *(formulas[number] if formulas else ())))
    ]
    used = [i for i, cell in enumerate(header) if cell is not None]
    names = unique_names([str(header[i]) for i in used])
    columns = [_column([row[i] if i < len(row) else None for _, row in body]) for i in used]
    numbers = np.array([number for number, _ in body], dtype=np.int64)
    result = FileRows(name, pa.table(columns, names=names), numbers, names)
    missing = sum(
        isinstance(cell, str) and cell.startswith("=") and (i >= len(row) or row[i] is None)
        for row, written in zip(rows, formulas, strict=False)
        for i, cell in enumerate(written)
    )
    result.notes += [("formula-without-value", "")] * missing
    return result


def _book(name: str, content: bytes, values: bool) -> Any:
    import openpyxl

    with _damage_reported(name):
        return openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=values)


@contextmanager
def _damage_reported(name: str) -> Iterator[None]:
    """Whatever openpyxl stumbles over, and it names no kind of error for that, is the file's."""
    try:
        yield
    except CxauditError:
        raise
    except Exception:  # openpyxl names no kind of error for a damaged workbook
        raise unreadable(
            name,
            "is not an Excel workbook (.xlsx), or a damaged one",
            "Save it as .xlsx, or set the right format.",
        ) from None


def _cells(
    name: str, content: bytes, settings: FileSettings, values: bool, at_most: int | None = None
) -> list[tuple]:
    book = _book(name, content, values)
    if settings.sheet is not None and settings.sheet not in book.sheetnames:
        raise unreadable(
            name, f"has no sheet '{settings.sheet}'", nearest(settings.sheet, book.sheetnames)
        )
    with _damage_reported(name):
        sheet = book[settings.sheet] if settings.sheet else book.worksheets[0]
        # the stored dimension of some exports is wrong: one cell
        sheet.reset_dimensions()
        return list(sheet.iter_rows(values_only=True, max_row=at_most))


def _formulas(name: str, content: bytes, settings: FileSettings) -> list[tuple]:
    """The rows with formulas as they are written; a second pass, and none where there are none."""
    with _damage_reported(name), zipfile.ZipFile(io.BytesIO(content)) as archive:
        sheets = [member for member in archive.namelist() if "worksheets/" in member]
        if not any(FORMULA.search(archive.read(member)) for member in sheets):
            return []
    return _cells(name, content, settings, values=False)[settings.skip_lines :]


def _column(cells: list[Any]) -> pa.Array:
    """Typed if all cells are numbers, all times or all booleans; else text."""
    kinds = {type(cell) for cell in cells if cell is not None}
    if kinds == {datetime.datetime}:
        return pa.array(cells, pa.timestamp("us"))
    if kinds and kinds <= {int, float}:
        whole = all(
            cell is None or (abs(cell) <= LARGEST_WHOLE and float(cell).is_integer())
            for cell in cells
        )
        return pa.array([None if c is None else int(c) if whole else float(c) for c in cells])
    return pa.array([_text(cell) for cell in cells], pa.large_string())


def _text(cell: Any) -> str | None:
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, (datetime.datetime, datetime.date, datetime.time)):
        return cell.isoformat()
    return None if cell is None else str(cell)
