"""JSON and JSON Lines → text columns; nested objects become dotted names."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO

import numpy as np
import pyarrow as pa

from cxaudit.readers.rows import FileRows, unreadable
from cxaudit.readers.text_stream import UNDECODABLE, Utf8Stream, mark_of_other_encoding
from cxaudit.sources import FileSettings

LIST_SEPARATOR = ";"

Opener = Callable[[], BinaryIO]


def read(name: str, opener: Opener, settings: FileSettings, lines: bool) -> FileRows:
    """Every record as a row of text cells, numbers written as delivered; broken ones left out."""
    with opener() as raw:
        announced = mark_of_other_encoding(raw.read(4), settings.encoding)
    if announced:
        raise unreadable(name, f"is written in {announced}", f'Set encoding = "{announced}".')
    with opener() as raw:
        stream = Utf8Stream(raw, settings.encoding, skip_lines=settings.skip_lines)
        text = io.TextIOWrapper(io.BufferedReader(stream), encoding="utf-8", newline="\n")
        broken: dict[str, list[int]] = {"broken": [], "undecodable": []}
        records = (
            _from_lines(text, broken) if lines else _from_document(name, text.read(), settings)
        )
        columns, numbers = _columns(records, broken)
    if not numbers and not any(broken.values()) and lines:
        raise unreadable(name, "is empty", "Ask for the export again.")
    if broken["broken"] and not numbers:
        raise unreadable(name, "holds no JSON record", "Set the right format.")
    # a record of JSON Lines is a line; there is no header, so numbers start at 1
    table = pa.table({key: pa.array(cells, pa.large_string()) for key, cells in columns.items()})
    result = FileRows(name, table, np.array(numbers, dtype=np.int64), list(columns))
    result.drop("broken", np.array(broken["broken"], dtype=np.int64), "a JSON object")
    undecodable = np.array(broken["undecodable"], dtype=np.int64)
    result.drop("undecodable", undecodable, settings.encoding)
    return result


def _parsed(text: str) -> Any:
    return json.loads(text, parse_float=str, parse_int=str, parse_constant=lambda _: None)


def _from_lines(text: Iterator[str], broken: dict[str, list[int]]) -> Iterator[tuple[int, Any]]:
    for number, line in enumerate(text, start=1):
        if UNDECODABLE in line:
            broken["undecodable"].append(number)
        elif line.strip():
            try:
                yield number, _parsed(line)
            except ValueError:
                broken["broken"].append(number)


def _from_document(name: str, text: str, settings: FileSettings) -> Iterator[tuple[int, Any]]:
    if not text.strip():
        raise unreadable(name, "is empty", "Ask for the export again.")
    try:
        found = _parsed(text)
    except ValueError as error:
        line = getattr(error, "lineno", 0)
        what = f"is not JSON: it goes wrong in line {line}"
        raise unreadable(name, what, 'JSON Lines is format = "jsonl".') from None
    for key in settings.records.split(".") if settings.records else ():
        found = found.get(key) if isinstance(found, dict) else None
    if not isinstance(found, list):
        where = f"at '{settings.records}'" if settings.records else "at its top"
        raise unreadable(
            name, f"holds no list of records {where}", 'Set records = "key.of.the.list".'
        )
    yield from enumerate(found, start=1)


def _columns(
    records: Iterator[tuple[int, Any]], broken: dict[str, list[int]]
) -> tuple[dict[str, list[str | None]], list[int]]:
    columns: dict[str, list[str | None]] = {}
    numbers: list[int] = []
    for number, record in records:
        if not isinstance(record, dict):
            broken["broken"].append(number)
            continue
        cells = dict(_flat(record))
        if any(cell is not None and UNDECODABLE in cell for cell in cells.values()):
            broken["undecodable"].append(number)
            continue
        for key in cells.keys() - columns.keys():
            columns[key] = [None] * len(numbers)
        for key, column in columns.items():
            column.append(cells.get(key))
        numbers.append(number)
    return dict(sorted(columns.items())), numbers


def _flat(record: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, str | None]]:
    for key, value in record.items():
        name = f"{prefix}{key}".strip()
        if isinstance(value, dict):
            yield from _flat(value, f"{name}.")
        elif isinstance(value, list):
            yield name, _list_text(value)
        elif isinstance(value, bool):
            yield name, "true" if value else "false"
        else:
            yield name, value


def _list_text(values: list[Any]) -> str:
    """Words of a list joined; a list of objects as JSON."""
    if any(isinstance(value, (dict, list)) for value in values):
        return json.dumps(values, ensure_ascii=False, sort_keys=True)
    words = ("" if value is None else str(value) for value in values)
    return LIST_SEPARATOR.join(words)
