"""Excel workbooks → columns; formulas are never evaluated, their stored values are read."""

from __future__ import annotations

import datetime
import io
import re
import zipfile
from typing import Any

import numpy as np
import pyarrow as pa

from cxaudit.errors import nearest
from cxaudit.readers.rows import FileRows, unique_names, unreadable
from cxaudit.sources import FileSettings

FORMULA = re.compile(rb"<f[ >/]")


def read(name: str, content: bytes, settings: FileSettings) -> FileRows:
    """The rows of one sheet below its header; numbers and times keep their type."""
    rows = _cells(name, content, settings, values=True)
    rows = rows[settings.skip_lines :]
    filled = next((i for i, row in enumerate(rows) if any(cell is not None for cell in row)), None)
    if filled is None:
        raise unreadable(name, "has an empty sheet, without a header", "Set sheet.")
    header, first = rows[filled], filled + 1 + settings.skip_after_header
    body = [(settings.skip_lines + first + i + 1, row) for i, row in enumerate(rows[first:])]
    body = [(number, row) for number, row in body if any(cell is not None for cell in row)]
    used = [i for i, cell in enumerate(header) if cell is not None]
    names = unique_names([str(header[i]) for i in used])
    columns = [_column([row[i] if i < len(row) else None for _, row in body]) for i in used]
    numbers = np.array([number for number, _ in body], dtype=np.int64)
    result = FileRows(name, pa.table(columns, names=names), numbers, names)
    result.notes += [("formula-without-value", "")] * _formulas_without_value(
        name, content, settings, rows
    )
    return result


def _cells(name: str, content: bytes, settings: FileSettings, values: bool) -> list[tuple]:
    import openpyxl
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=values)
    except (zipfile.BadZipFile, InvalidFileException, KeyError, OSError, ValueError):
        raise unreadable(
            name, "is not an Excel workbook (.xlsx)", "Save it as .xlsx, or set the right format."
        ) from None
    if settings.sheet is not None and settings.sheet not in book.sheetnames:
        raise unreadable(
            name, f"has no sheet '{settings.sheet}'", nearest(settings.sheet, book.sheetnames)
        )
    sheet = book[settings.sheet] if settings.sheet else book.worksheets[0]
    # the stored dimension of some exports is wrong: one cell
    sheet.reset_dimensions()
    return list(sheet.iter_rows(values_only=True))


def _formulas_without_value(
    name: str, content: bytes, settings: FileSettings, rows: list[tuple]
) -> int:
    """The number of formula cells that hold no stored value; a second pass only if there are."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        sheets = [member for member in archive.namelist() if "worksheets/" in member]
        if not any(FORMULA.search(archive.read(member)) for member in sheets):
            return 0
    written = _cells(name, content, settings, values=False)[settings.skip_lines :]
    return sum(
        isinstance(cell, str) and cell.startswith("=") and (i >= len(row) or row[i] is None)
        for row, formulas in zip(rows, written, strict=False)
        for i, cell in enumerate(formulas)
    )


def _column(cells: list[Any]) -> pa.Array:
    """Typed if all cells are numbers, all times or all booleans; else text."""
    kinds = {type(cell) for cell in cells if cell is not None}
    if kinds == {datetime.datetime}:
        return pa.array(cells, pa.timestamp("us"))
    if kinds and kinds <= {int, float}:
        whole = all(cell is None or float(cell).is_integer() for cell in cells)
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
