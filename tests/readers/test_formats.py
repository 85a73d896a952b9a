"""The same rows in every format give the same table."""

from __future__ import annotations

import datetime
import gzip
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from cxaudit.errors import EngagementError, UnreadableData
from cxaudit.load import input_paths

from .conftest import TICKET_COLUMNS, Delivery

ROWS = [
    {"id": 1, "customer": "a", "created": "2026-07-01T10:00:00Z", "cost": 1.5, "spam": True},
    {"id": 2, "customer": None, "created": "2026-07-02T10:00:00Z", "cost": None, "spam": False},
]
COLUMNS = {**TICKET_COLUMNS, "cost": "cost", "is_spam": "spam"}


def as_csv(rows: list[dict[str, Any]], mark: str = ",") -> str:
    def cell(value: Any) -> str:
        return "" if value is None else str(value)

    lines = [mark.join(rows[0]), *(mark.join(cell(v) for v in row.values()) for row in rows)]
    return "\n".join(lines) + "\n"


def as_workbook(rows: list[dict[str, Any]], sheet: str = "Sheet") -> bytes:
    book = openpyxl.Workbook()
    book.active.title = sheet
    for row in [list(rows[0]), *(list(row.values()) for row in rows)]:
        book.active.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def as_parquet(table: pa.Table) -> bytes:
    buffer = io.BytesIO()
    pq.write_table(table, buffer)
    return buffer.getvalue()


def zipped(**files: bytes | str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in files.items():
            archive.writestr(name.replace("_", "."), content)
    return buffer.getvalue()


FILES: dict[str, bytes | str] = {
    "tickets.csv": as_csv(ROWS),
    "tickets.tsv": as_csv(ROWS, "\t"),
    "tickets.json": json.dumps(ROWS),
    "tickets.jsonl": "\n".join(json.dumps(row) for row in ROWS),
    "tickets.xlsx": as_workbook(ROWS),
    "tickets.parquet": as_parquet(pa.Table.from_pylist(ROWS)),
    "tickets.csv.gz": gzip.compress(as_csv(ROWS).encode()),
    "tickets.jsonl.gz": gzip.compress("\n".join(json.dumps(row) for row in ROWS).encode()),
    "tickets.zip": zipped(tickets_csv=as_csv(ROWS)),
    "both.zip": zipped(a_csv=as_csv(ROWS[:1]), b_tsv=as_csv(ROWS[1:], "\t")),
}


@pytest.mark.parametrize("name", list(FILES))
def test_every_format_gives_the_same_bytes(client: Delivery, tmp_path: Path, name: str) -> None:
    client.deliver("tickets.csv", FILES["tickets.csv"])
    client.tickets(columns=COLUMNS)
    expected = client.file("tickets").read_bytes()
    client.deliver(name, FILES[name])
    client.tickets(columns=COLUMNS, path=name)
    assert client.cells("cost") == [1.5, None]
    assert client.cells("is_spam") == [True, False]
    assert client.file("tickets").read_bytes() == expected, f"{name} gives other rows than CSV"
    assert client.result["inputs"][0]["rows"] == 2


def test_a_folder_a_glob_and_a_list_are_read_in_order(client: Delivery) -> None:
    client.deliver("in/b.csv", as_csv(ROWS[1:]))
    client.deliver("in/a.csv", as_csv(ROWS[:1]))
    client.deliver("in/notes.docx", "not read")
    client.tickets(path="in")
    assert client.ledger()["loaded"] == 2
    assert [entry["path"] for entry in client.result["inputs"]] == ["in/a.csv", "in/b.csv"]
    assert client.findings() == {"load-ignored-files-tickets": 1}
    expected = client.file("tickets").read_bytes()
    for path in ("in/*.csv", ["in/b.csv", "in/a.csv"], "**/?.csv"):
        client.tickets(path=path)
        assert client.file("tickets").read_bytes() == expected
    run = client.run({"table": "tickets", "path": "in/*.csv", "columns": TICKET_COLUMNS})
    assert [path.name for path in input_paths(run)] == ["a.csv", "b.csv"]


def test_an_empty_glob_is_a_missing_file(client: Delivery) -> None:
    with pytest.raises(UnreadableData, match=r"exports/\*.csv: is not there"):
        client.tickets(path="exports/*.csv")


def test_one_file_feeds_several_tables_and_is_listed_once(client: Delivery) -> None:
    client.deliver("tickets.csv", as_csv(ROWS))
    source = {"path": "tickets.csv", "time_zone": "UTC"}
    customers = {"customer_id": "customer", "created_at": "created"}
    client.load(
        {"table": "tickets", "columns": TICKET_COLUMNS, **source},
        {"table": "customers", "columns": customers, **source},
    )
    assert client.ledger("tickets")["loaded"] == client.ledger("customers")["loaded"] == 2
    (entry,) = client.result["inputs"]
    assert (entry["rows"], entry["source"]) == (2, "tickets, customers")


def test_several_sources_feed_one_table(client: Delivery) -> None:
    client.deliver("a.csv", as_csv(ROWS[:1]))
    client.deliver("b.jsonl", json.dumps(ROWS[1]))
    source = {"table": "tickets", "columns": TICKET_COLUMNS}
    client.load({**source, "path": "a.csv"}, {**source, "path": "b.jsonl", "name": "new desk"})
    assert client.ledger() | {"supplied": []} == {
        "received": 2,
        "excluded": {},
        "loaded": 2,
        "supplied": [],
    }


def test_a_column_missing_in_one_of_several_files_is_a_finding(client: Delivery) -> None:
    client.deliver("in/a.csv", as_csv(ROWS))
    client.deliver("in/b.csv", "id,customer,created\n3,c,2026-07-03T10:00:00Z\n")
    client.tickets(path="in", columns={"cost": "cost"})
    assert client.cells("cost") == [1.5, None, None]
    assert client.findings() == {"load-header-missing-in-file-tickets": 1}


def test_json_is_found_inside_a_document_and_flattened(client: Delivery) -> None:
    tickets = [
        {
            "id": 7,
            "requester": {"id": 12345678901234567890, "name": "x"},
            "created": "2026-07-01T10:00:00Z",
            "articles": ["k1", "k2"],
        }
    ]
    client.deliver("tickets.json", json.dumps({"page": {"tickets": tickets}}))
    columns = {"customer_id": "requester.id", "kb_article_ids": "articles"}
    client.tickets(path="tickets.json", records="page.tickets", columns=columns)
    assert client.cells("customer_id") == ["12345678901234567890"]
    assert client.cells("kb_article_ids") == [["k1", "k2"]]
    with pytest.raises(UnreadableData, match="holds no list of records at its top"):
        client.tickets(path="tickets.json", columns=columns)


def test_broken_lines_of_json_are_counted_and_the_rest_is_read(client: Delivery) -> None:
    good = json.dumps(ROWS[0]).encode()
    client.deliver("tickets.jsonl", b"\n".join([good, b"{broken", b"[1]", b'{"id": "\xff"}', b""]))
    client.tickets(path="tickets.jsonl")
    assert client.ledger()["excluded"] == {"unreadable": 3}
    assert client.findings() == {"load-broken-tickets": 2, "load-undecodable-tickets": 1}


def test_documents_that_are_not_json_are_refused(client: Delivery) -> None:
    client.deliver("tickets.json", '[{"id": 1},\n oops]')
    with pytest.raises(UnreadableData, match="is not JSON: it goes wrong in line 2"):
        client.tickets(path="tickets.json")
    client.deliver("tickets.jsonl", "id,customer\n1,a\n")
    with pytest.raises(UnreadableData, match="holds no JSON record"):
        client.tickets(path="tickets.jsonl")
    client.deliver("empty.json", " ")
    with pytest.raises(UnreadableData, match="is empty"):
        client.tickets(path="empty.json")


def test_excel_times_are_local_and_need_a_zone(client: Delivery) -> None:
    rows = [{"id": 1.0, "customer": 4711, "created": datetime.datetime(2026, 7, 1, 10)}]
    client.deliver("tickets.xlsx", as_workbook(rows, "Tickets"))
    with pytest.raises(UnreadableData, match="no zone is declared"):
        client.tickets(path="tickets.xlsx", time_zone=None)
    client.tickets(path="tickets.xlsx", time_zone="Europe/Rome", sheet="Tickets")
    assert (client.cells("ticket_id"), client.cells("customer_id")) == (["1"], ["4711"])
    assert client.cells("created_at")[0].isoformat() == "2026-07-01T08:00:00+00:00"
    with pytest.raises(UnreadableData, match="no sheet 'Ticket'. Did you mean 'Tickets'?"):
        client.tickets(path="tickets.xlsx", sheet="Ticket")


def test_excel_formulas_are_never_evaluated(client: Delivery) -> None:
    rows = [{"id": 1, "customer": "=1+1", "created": "2026-07-01T10:00:00Z"}]
    client.deliver("tickets.xlsx", as_workbook(rows))
    client.tickets(path="tickets.xlsx")
    assert client.cells("customer_id") == [None]
    assert client.findings() == {"load-formula-without-value-tickets": 1}


def test_parquet_keeps_its_types(client: Delivery) -> None:
    instant = pa.array([1_782_900_000_000], pa.timestamp("ms", "America/New_York"))
    columns = {
        "id": pa.array([12.0]),
        "customer": pa.array(["a"]).dictionary_encode(),
        "created": instant,
        "cost": pa.array(["2.50"]).cast(pa.decimal128(9, 2)),
        "kb": pa.array([["k1", "k2"]]),
    }
    client.deliver("tickets.parquet", as_parquet(pa.table(columns)))
    client.tickets(
        path="tickets.parquet", columns={"cost": "cost", "kb_article_ids": "kb"}, time_zone=None
    )
    row = client.rows()[0]
    assert (row["ticket_id"], row["customer_id"], row["cost"]) == ("12", "a", 2.5)
    assert row["created_at"].isoformat() == "2026-07-01T10:00:00+00:00"
    assert row["kb_article_ids"] == ["k1", "k2"]


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("tickets.xlsx", b"id,customer\n1,a\n", "is not an Excel workbook"),
        ("tickets.parquet", b"id,customer\n1,a\n", "is not a Parquet file"),
        ("tickets.csv", FILES["tickets.parquet"], "is a Parquet file"),
        ("tickets.csv", FILES["tickets.xlsx"], "is an Excel workbook"),
        ("tickets.csv.gz", b"id,customer\n1,a\n", "is not compressed with gzip"),
        ("tickets.csv.gz", gzip.compress(b"id,created\n" * 99)[:-9], "does not unpack to its end"),
        ("tickets.zip", b"id,customer\n1,a\n", "is not a zip archive"),
        ("tickets.zip", zipped(), "is not a zip archive"),
        ("tickets.dat", b"id,customer\n1,a\n", "has a format its name does not tell"),
    ],
    # The bytes of a workbook differ from one making to the next; test names may not.
    ids=lambda value: value if isinstance(value, str) else "bytes",
)
def test_files_that_are_not_what_they_are_said_to_be(
    client: Delivery, name: str, content: bytes, expected: str
) -> None:
    client.deliver(name, content)
    with pytest.raises(UnreadableData, match=expected):
        client.tickets(path=name)


def test_a_declared_format_overrules_the_name(client: Delivery) -> None:
    client.deliver("tickets.dat", as_csv(ROWS))
    client.tickets(path="tickets.dat", format="csv")
    assert client.ledger()["loaded"] == 2


def test_mistakes_in_settings_win_over_missing_files_and_both_are_listed(
    client: Delivery,
) -> None:
    client.deliver("tickets.csv", as_csv(ROWS))
    good = {"table": "tickets", "columns": TICKET_COLUMNS}
    with pytest.raises(EngagementError) as caught:
        client.load(
            {**good, "path": "tickets.csv", "columns": {"ticket_id": "number"}},
            {**good, "path": "absent.csv", "name": "other"},
        )
    assert "no header 'number'" in str(caught.value)
    assert "absent.csv: is not there" in str(caught.value)
