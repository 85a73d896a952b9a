"""JSON and JSON Lines → text columns; nested objects become dotted names."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable, Collection, Iterator
from typing import Any, BinaryIO

import numpy as np
import pyarrow as pa

from cxaudit.readers.nested import Nested, flat
from cxaudit.readers.rows import FileRows, unique_names, unreadable
from cxaudit.readers.text_stream import UNDECODABLE, Utf8Stream, mark_of_other_encoding
from cxaudit.sources import FileSettings

NO_TEXT = re.compile(f"[\ud800-\udfff{UNDECODABLE}]")
# numbers stay as they are written
DECODER = json.JSONDecoder(parse_float=str, parse_int=str, parse_constant=lambda _: None)
BLANKS = re.compile(r"[ \t\n\r]*")

Opener = Callable[[], BinaryIO]


def read(
    name: str,
    opener: Opener,
    settings: FileSettings,
    lines: bool,
    wanted: Collection[str] = (),
) -> FileRows:
    """Every record as a row of text cells, numbers written as delivered; broken ones left out.

    Of the parents of records within records, only the cells wanted are kept.
    """
    with opener() as raw:
        announced = mark_of_other_encoding(raw.read(4), settings.encoding)
    if announced:
        raise unreadable(name, f"is written in {announced}", f'Set encoding = "{announced}".')
    with opener() as raw:
        stream = Utf8Stream(raw, settings.encoding, skip_lines=settings.skip_lines)
        text = io.TextIOWrapper(io.BufferedReader(stream), encoding="utf-8", newline="\n")
        broken: dict[str, list[int]] = {"broken": [], "undecodable": []}
        inner = Nested(settings.records or "", wanted)
        if lines:
            records = _from_lines(text, broken, inner)
        else:
            records = _from_document(name, text.read(), settings, inner)
        columns, numbers = _columns(records, broken)
    # records without a list inside make no rows of that list
    empty = not numbers and not any(broken.values()) and not inner.levels
    if empty and lines:
        raise unreadable(name, "is empty", "Ask for the export again.")
    if broken["broken"] and not numbers:
        raise unreadable(name, "holds no JSON record", "Set the right format.")
    if numbers and not columns:
        # records without a single key are rows all the same
        columns = {unique_names([""])[0]: [None] * len(numbers)}
    # a record of JSON Lines is a line; there is no header, so numbers start at 1
    table = pa.table({key: pa.array(cells, pa.large_string()) for key, cells in columns.items()})
    # where no record is inside, nothing is known of the table but that it has no rows
    headers = [*columns, *sorted(inner.passed_over - columns.keys() if numbers else ())]
    result = FileRows(name, table, np.array(numbers, dtype=np.int64), headers)
    result.drop("broken", np.array(broken["broken"], dtype=np.int64), "a JSON object")
    undecodable = np.array(broken["undecodable"], dtype=np.int64)
    result.drop("undecodable", undecodable, settings.encoding)
    return result


def _parsed(text: str) -> list[Any]:
    """The documents of a text: one, or objects that stand one after another.

    Amazon's Firehose writes records without so much as a line break between them.
    """
    found: list[Any] = []
    at = _after_blanks(text, 0)
    while not found or at < len(text):
        try:
            document, end = DECODER.raw_decode(text, at)
        except RecursionError:
            raise ValueError("lists within lists without an end") from None
        if found and not (isinstance(found[0], dict) and isinstance(document, dict)):
            raise json.JSONDecodeError("Extra data", text, at)
        found.append(document)
        at = _after_blanks(text, end)
    return found


def _whole(documents: list[Any]) -> Any:
    """The one document there is, or the list of several."""
    return documents if len(documents) > 1 else documents[0]


def _after_blanks(text: str, at: int) -> int:
    blanks = BLANKS.match(text, at)
    return blanks.end() if blanks else at


def _from_lines(
    text: Iterator[str], broken: dict[str, list[int]], inner: Nested
) -> Iterator[tuple[int, Any]]:
    for number, line in enumerate(text, start=1):
        if UNDECODABLE in line:
            broken["undecodable"].append(number)
        elif line.strip():
            try:
                found = _parsed(line)
            except ValueError:
                broken["broken"].append(number)
                continue
            for record in inner.records(_whole(found)) if inner.levels else found:
                yield number, record


def _from_document(
    name: str, text: str, settings: FileSettings, inner: Nested
) -> Iterator[tuple[int, Any]]:
    if not text.strip():
        raise unreadable(name, "is empty", "Ask for the export again.")
    try:
        documents = _parsed(text)
    except ValueError as error:
        line = getattr(error, "lineno", 0)
        what = f"is not JSON: it goes wrong in line {line}" if line else "is nested too deeply"
        raise unreadable(name, what, 'JSON Lines is format = "jsonl".') from None
    found = _whole(documents)
    if inner.levels:
        yield from enumerate(inner.records(found), start=1)
        return
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
        try:
            cells = dict(flat(record))
        except RecursionError:
            broken["broken"].append(number)
            continue
        if _is_undecodable(cells):
            broken["undecodable"].append(number)
            continue
        for key in cells.keys() - columns.keys():
            columns[key] = [None] * len(numbers)
        for key, column in columns.items():
            column.append(cells.get(key))
        numbers.append(number)
    return dict(sorted(columns.items())), numbers


def _is_undecodable(cells: dict[str, str | None]) -> bool:
    """Whether a name or a cell holds what is no text: bytes of another encoding, or half a sign.

    Half a sign, as JSON may write it (\\ud83d), is what cutting a text in two leaves of an emoji.
    """
    text = "\n".join([*cells, *(cell for cell in cells.values() if cell is not None)])
    return not text.isascii() and NO_TEXT.search(text) is not None
