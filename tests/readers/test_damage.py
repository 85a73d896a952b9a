"""Faults that fuzzing found, each by name: a file is refused in our words, or its rows are told."""

from __future__ import annotations

import datetime
import io
import json
import zipfile
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from cxaudit.errors import EngagementError, UnreadableData

from .conftest import Delivery

ROW = {"id": "1", "customer": "a", "created": "2026-07-01"}
CSV = "id,customer,created\n1,a,2026-07-01\n"


def parquet(**columns: Any) -> bytes:
    """A Parquet file of the columns."""
    file = io.BytesIO()
    pq.write_table(pa.table(columns), file)
    return file.getvalue()


def test_utf_16_without_its_mark_is_refused(client: Delivery) -> None:
    client.deliver("tickets.csv", CSV)
    with pytest.raises(UnreadableData, match="not written in the encoding declared"):
        client.tickets(encoding="utf-16")


@pytest.mark.parametrize("encoding", ["rot13", "hex", "undefined"])
def test_what_encodes_no_text_is_no_encoding(client: Delivery, encoding: str) -> None:
    client.deliver("tickets.csv", CSV)
    with pytest.raises(EngagementError, match="is no text encoding"):
        client.tickets(encoding=encoding)


@pytest.mark.parametrize("place", ["cell", "name"])
def test_half_a_sign_in_json_costs_the_record_and_is_counted(client: Delivery, place: str) -> None:
    half = "cut off: \ud83d"
    broken = {**ROW, "customer": half} if place == "cell" else {**ROW, half: "x"}
    lines = [json.dumps(record) for record in (ROW, broken)]
    client.deliver("tickets.jsonl", "\n".join(lines))
    client.tickets(path="tickets.jsonl")
    assert client.ledger() == client.ledger() | {"received": 2, "loaded": 1}
    assert client.findings() == {"load-undecodable-tickets": 1}


def test_lists_within_lists_without_an_end_are_refused_or_counted(client: Delivery) -> None:
    deep = "[" * 100_000
    client.deliver("tickets.json", deep)
    with pytest.raises(UnreadableData, match="nested too deeply"):
        client.tickets(path="tickets.json")
    client.deliver("tickets.jsonl", f"{json.dumps(ROW)}\n{deep}\n")
    client.tickets(path="tickets.jsonl")
    assert client.findings() == {"load-broken-tickets": 1}


def test_records_without_a_key_are_rows(client: Delivery) -> None:
    client.deliver("1.jsonl", "{}\n{}\n")
    client.deliver("2.jsonl", json.dumps(ROW))
    client.tickets(path=["1.jsonl", "2.jsonl"])
    assert client.ledger()["received"] == 3


@pytest.mark.parametrize("dates", ["%Q", "%d.%m.%Y %", "%Y %Y"])
def test_a_date_format_with_a_code_that_means_nothing_is_refused(
    client: Delivery, dates: str
) -> None:
    client.deliver("tickets.csv", CSV)
    with pytest.raises(EngagementError, match="is no date format"):
        client.tickets(dates=dates)


def test_a_date_format_that_leaves_the_day_open_is_refused(client: Delivery) -> None:
    client.deliver("tickets.csv", CSV)
    with pytest.raises(UnreadableData, match="does not say which day"):
        client.tickets(dates="%U %Y")


def test_the_latest_row_by_dates_that_do_not_decide_is_refused(client: Delivery) -> None:
    client.deliver("tickets.csv", "id,customer,created,at\n1,a,2026-07-01,1/2/2026\n")
    columns = {"created_at": {"from": "created", "dates": "iso"}}
    with pytest.raises(UnreadableData, match="latest, by 'at': dates = 'auto' cannot tell"):
        client.tickets(columns=columns, dates="auto", latest={"per": "id", "by": "at"})


def test_a_reader_that_is_no_word_is_refused(client: Delivery) -> None:
    with pytest.raises(EngagementError, match="no reader is named"):
        client.run({"table": "tickets", "path": "x.csv", "reader": {"name": "mapped"}})


def test_every_kind_of_parquet_column_is_read(client: Delivery) -> None:
    at = datetime.datetime(2026, 7, 1, 10)
    columns = {
        "id": pa.array([2**64 - 1], pa.uint64()),
        "customer": pa.array([b"zo\xc3\xab"]),
        "created": pa.array([at], pa.timestamp("ns")),
        "state": pa.array([[("a", 1)]], pa.map_(pa.string(), pa.int64())),
        "topic": pa.array([{"x": [1, None]}]),
        "group": pa.array([datetime.time(9, 30)]),
    }
    client.deliver("tickets.parquet", parquet(**columns))
    more = {"subcategory": "state", "category": "topic", "group_id": "group"}
    client.tickets(path="tickets.parquet", columns=more)
    (row,) = client.rows()
    assert row["ticket_id"] == str(2**64 - 1)
    assert row["customer_id"] == "zoë"
    assert row["created_at"] == at.replace(tzinfo=datetime.UTC)
    assert (row["subcategory"], row["category"]) == ('[["a", 1]]', '{"x": [1, null]}')
    assert row["group_id"] == "09:30:00"


def test_bytes_of_parquet_that_are_no_text_cost_the_row(client: Delivery) -> None:
    columns = {"id": ["1", "2"], "customer": [b"a", b"\xff"], "created": ["2026-07-01"] * 2}
    client.deliver("tickets.parquet", parquet(**columns))
    client.tickets(path="tickets.parquet")
    assert client.ledger()["excluded"] == {"unreadable": 1}


def test_a_time_beyond_every_calendar_is_unreadable(client: Delivery) -> None:
    far = pa.array([2**62, 1_782_900_000_000], pa.timestamp("ms", "UTC"))
    client.deliver("tickets.parquet", parquet(id=["1", "2"], customer=["a", "b"], created=far))
    client.tickets(path="tickets.parquet")
    assert client.cells("created_at") == [datetime.datetime(2026, 7, 1, 10, tzinfo=datetime.UTC)]
    assert client.ledger()["excluded"] == {"unreadable": 1}


def test_a_parquet_file_damaged_inside_is_refused(client: Delivery) -> None:
    file = io.BytesIO()
    table = pa.table({name: [cell] * 50 for name, cell in ROW.items()})
    pq.write_table(table, file, compression="gzip", use_dictionary=False)
    content = bytearray(file.getvalue())
    content[30:60] = b"\x00" * 30
    client.deliver("tickets.parquet", bytes(content))
    with pytest.raises(UnreadableData, match="damaged Parquet file"):
        client.tickets(path="tickets.parquet")


def test_an_archive_locked_or_damaged_inside_is_refused(client: Delivery) -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("tickets.csv", CSV)
    whole = file.getvalue()
    start, central = whole.index(b"PK\x03\x04"), whole.index(b"PK\x01\x02")
    locked, packed = bytearray(whole), bytearray(whole)
    locked[start + 6] = locked[central + 8] = 1
    packed[start + 8] = packed[central + 10] = 99
    for content in (locked, packed):
        client.deliver("tickets.zip", bytes(content))
        with pytest.raises(UnreadableData, match="does not unpack"):
            client.tickets(path="tickets.zip")


def test_lists_may_be_separated_by_a_backslash(client: Delivery) -> None:
    client.deliver("tickets.csv", "id,customer,created,kb\n1,a,2026-07-01,k1\\k2\n")
    client.tickets(columns={"kb_article_ids": {"from": "kb", "separator": "\\"}})
    assert client.cells("kb_article_ids") == [["k1", "k2"]]


def workbook(*rows: tuple[Any, ...]) -> bytes:
    """A workbook with these rows."""
    book, file = openpyxl.Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(file)
    return file.getvalue()


def test_a_workbook_damaged_inside_is_refused(client: Delivery) -> None:
    old = zipfile.ZipFile(io.BytesIO(workbook(tuple(ROW), tuple(ROW.values()))))
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, content[: len(content) // 2] if "sheet1" in name else content)
    client.deliver("tickets.xlsx", file.getvalue())
    with pytest.raises(UnreadableData, match="damaged"):
        client.tickets(path="tickets.xlsx")


def test_a_row_of_formulas_without_values_is_a_row(client: Delivery) -> None:
    formulas = ("=A1", "=B1", "=C1")
    client.deliver("tickets.xlsx", workbook(tuple(ROW), (None,) * 3, formulas, tuple(ROW.values())))
    client.tickets(path="tickets.xlsx")
    assert client.ledger() == client.ledger() | {"received": 2, "loaded": 2}
    assert client.findings("formula") == {"load-formula-without-value-tickets": 3}


def test_a_number_larger_than_a_computer_counts_is_read_as_a_double(client: Delivery) -> None:
    client.deliver("tickets.xlsx", workbook((*ROW, "cost"), (*ROW.values(), 1e300)))
    client.tickets(path="tickets.xlsx", columns={"cost": "cost"})
    assert client.cells("cost") == [1e300]


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"escape": ","}, "are to be different signs"),
        ({"quote": ";", "delimiter": ";"}, "are to be different signs"),
        ({"escape": '"'}, "leave it out where quotes are doubled"),
        ({"escape": "\0"}, "one ASCII sign"),
        ({"delimiter": "1"}, "one ASCII sign"),
        ({"decimal": "0"}, "a sign that no number begins with or is made of"),
        ({"thousands": "-"}, "a sign that no number begins with or is made of"),
        ({"decimal": ",", "thousands": ","}, "are to be different signs"),
    ],
)
def test_signs_that_tell_nothing_apart_are_refused(
    client: Delivery, settings: dict[str, str], words: str
) -> None:
    client.deliver("tickets.csv", CSV)
    with pytest.raises(EngagementError, match=words):
        client.tickets(**settings)


def test_a_point_between_thousands_is_no_decimal_point(client: Delivery) -> None:
    """1.5 is none of both, and once was 15; without a decimal mark of its own the comma is one."""
    text = (
        'id,customer,created,paid\n1,a,2026-07-01,1.234\n2,a,2026-07-01,1.5\n3,a,2026-07-01,"1,5"\n'
    )
    client.deliver("tickets.csv", text)
    client.tickets(columns={"cost": {"from": "paid", "thousands": "."}})
    assert client.cells("cost") == [1234.0, None, 1.5]


def test_a_span_of_centuries_is_unreadable(client: Delivery) -> None:
    client.deliver(
        "tickets.csv", "id,customer,created,wait\n1,a,2026-07-01,60\n2,a,2026-07-01,1e18\n"
    )
    later = {"from": "created", "plus_seconds": "wait"}
    client.tickets(columns={"first_response_at": later})
    first, second = client.cells("first_response_at")
    assert first == datetime.datetime(2026, 7, 1, 0, 1, tzinfo=datetime.UTC)
    assert second is None
