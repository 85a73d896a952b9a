"""Whatever a file holds, it is read or refused in our words, and no row of it is lost."""

from __future__ import annotations

import csv
import gzip
import io
import json
import zipfile
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fuzzing import cells, enormous, fuzzed, loaded, mangled

from .conftest import TICKET_COLUMNS

HEADERS = ("id", "customer", "created", "state", "tags", "cost", "reopens", "complaint")
COLUMNS = {
    **TICKET_COLUMNS,
    "status": "state",
    "kb_article_ids": "tags",
    "cost": "cost",
    "reopen_count": "reopens",
    "is_complaint": "complaint",
}
ROWS = st.lists(st.tuples(*[cells] * len(HEADERS)), max_size=6)
LARGE_ROWS = st.lists(st.tuples(*[enormous] * len(HEADERS)), max_size=4)
ENCODINGS = ("utf-8", "utf-16", "utf-16-le", "cp1252", "latin-1", "shift_jis", "gb18030", "utf-7")


def source(path: str, **given: Any) -> dict[str, Any]:
    """A source of tickets, its times in a zone with summer time."""
    whole = {"table": "tickets", "path": path, "time_zone": "Europe/Rome", "columns": COLUMNS}
    return {**whole, **given}


def written(rows: Sequence[Sequence[str]], delimiter: str = ",", end: str = "\n") -> str:
    """Rows as delimited text, every cell in quotes."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter, quoting=csv.QUOTE_ALL, lineterminator=end)
    writer.writerows([HEADERS, *rows])
    return text.getvalue()


def received(ledger: dict[str, dict[str, Any]] | None) -> int | None:
    """The number of tickets received; None where the file was refused."""
    return None if ledger is None else ledger["tickets"]["received"]


@fuzzed
@given(LARGE_ROWS, st.sampled_from((",", ";", "\t", "|")), st.sampled_from(("\n", "\r\n")))
def test_delimited_text(rows: list[tuple[str, ...]], delimiter: str, end: str) -> None:
    """Cells in quotes may hold anything but undecodable bytes: every row arrives."""
    content = written(rows, delimiter, end).encode()
    ledger = loaded({"tickets.csv": content}, source("tickets.csv", delimiter=delimiter))
    assert received(ledger) in (len(rows), None)
    in_rows = source("tickets.csv", delimiter=delimiter, dates="iso")
    assert received(ledger) == received(loaded({"tickets.csv": content}, in_rows))


@fuzzed
@given(ROWS, st.data())
def test_delimited_text_spoilt(rows: list[tuple[str, ...]], data: st.DataObject) -> None:
    encoding = data.draw(st.sampled_from(ENCODINGS))
    declared = data.draw(st.sampled_from(ENCODINGS))
    content = data.draw(mangled(written(rows).encode(encoding, "replace")))
    name = data.draw(st.sampled_from(("tickets.csv", "tickets.tsv", "tickets.csv.gz")))
    loaded({name: content}, source(name, encoding=declared))


@fuzzed
@given(ROWS, st.data())
def test_delimited_text_cut_off(rows: list[tuple[str, ...]], data: st.DataObject) -> None:
    """The rows before the place where a file was cut off are all there."""
    end = "\x1e\x1d"  # in no cell, and no line's end where it is cut in two
    text = written(rows, end=end)
    cut = data.draw(st.integers(0, len(text)))
    kept = text[:cut]
    complete = max(kept.count(end) - 1, 0)
    content = kept.replace(end, "\n").encode()
    count = received(loaded({"tickets.csv": content}, source("tickets.csv")))
    assert count is None or complete <= count <= complete + 1


VALUES = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.integers(-(10**400), 10**400),
        st.floats(),
        enormous,
        st.sampled_from(("\ud800", "a\udfffb")),
    ),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(cells, inner, max_size=3),
    max_leaves=6,
)
RECORDS = st.lists(
    st.one_of(
        st.fixed_dictionaries({}, optional=dict.fromkeys(HEADERS, VALUES)),
        st.dictionaries(st.sampled_from(HEADERS), enormous),
        VALUES,
    ),
    max_size=6,
)


@fuzzed
@given(RECORDS, st.booleans())
def test_json(records: list[Any], is_ascii: bool) -> None:
    content = json.dumps({"a": {"list": records}}, ensure_ascii=is_ascii)
    ledger = loaded(
        {"tickets.json": content.encode("utf-8", "surrogatepass")},
        source("tickets.json", records="a.list"),
    )
    assert received(ledger) in (len(records), None)


@fuzzed
@given(RECORDS, st.booleans())
def test_json_lines(records: list[Any], is_ascii: bool) -> None:
    lines = [json.dumps(record, ensure_ascii=is_ascii) for record in records]
    content = "".join(f"{line}\n" for line in lines).encode("utf-8", "surrogatepass")
    ledger = loaded({"tickets.jsonl": content}, source("tickets.jsonl"))
    assert received(ledger) in (len(records), None)


@fuzzed
@given(RECORDS, st.data())
def test_json_spoilt(records: list[Any], data: st.DataObject) -> None:
    is_lines = data.draw(st.booleans())
    text = "\n".join(map(json.dumps, records)) if is_lines else json.dumps(records)
    name = "tickets.jsonl" if is_lines else "tickets.json"
    encoding = data.draw(st.sampled_from(ENCODINGS))
    declared = data.draw(st.sampled_from(ENCODINGS))
    content = data.draw(mangled(text.encode(encoding, "replace")))
    loaded({name: content}, source(name, encoding=declared))


@fuzzed
@given(st.integers(1, 200_000), st.sampled_from(("[", '{"a":', '[{"a":')), st.booleans())
def test_json_nested_deeply(depth: int, opening: str, is_lines: bool) -> None:
    closing = "".join({"[": "]", "{": "}"}.get(sign, "") for sign in reversed(opening))
    deep = opening * depth + "1" + closing * depth
    content = f'{{"id": "1"}}\n{deep}\n' if is_lines else f'[{{"id": {deep}}}]'
    name = "tickets.jsonl" if is_lines else "tickets.json"
    loaded({name: content.encode()}, source(name))


@fuzzed
@given(ROWS, st.data())
def test_compressed(rows: list[tuple[str, ...]], data: st.DataObject) -> None:
    plain = written(rows).encode()
    whole = {"tickets.csv.gz": gzip.compress(plain, mtime=0), "tickets.zip": zipped(plain, data)}
    name = data.draw(st.sampled_from(sorted(whole)))
    assert received(loaded({name: whole[name]}, source(name, format="csv"))) in (len(rows), None)
    loaded({name: data.draw(mangled(whole[name]))}, source(name, format="csv"))


def zipped(content: bytes, data: st.DataObject) -> bytes:
    """An archive with the file in it, beside a folder and what a Mac adds."""
    file = io.BytesIO()
    kind = data.draw(st.sampled_from((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_LZMA)))
    with zipfile.ZipFile(file, "w", kind) as archive:
        archive.mkdir("exports")
        archive.writestr(zipfile.ZipInfo("exports/tickets.csv"), content, kind)
        if data.draw(st.booleans()):
            archive.writestr("__MACOSX/._tickets.csv", b"\x00\x05\x16\x07")
    return file.getvalue()


@pytest.mark.parametrize("format", ["csv", "tsv", "json", "jsonl", "excel", "parquet", None])
@fuzzed
@given(st.binary(max_size=300))
def test_any_bytes_as_any_format(format: str | None, content: bytes) -> None:
    loaded({"tickets.csv": content}, source("tickets.csv", format=format))
