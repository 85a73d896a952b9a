"""Files as they come: whatever is in them, the head is read, and what cannot be is said."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.chart import BarChart

from cxaudit.errors import UnreadableData
from cxaudit.proposal.documents import closed
from cxaudit.proposal.sample import HEAD_BYTES, ROWS, Sample, samples

TICKETS = "id;opened;note\n1;01.02.2026;Grüße\n2;02.02.2026;Straße\n3;28.02.2026;Zürich\n"


def one(folder: Path, name: str, content: str | bytes) -> Sample:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    [sample] = samples(path)
    return sample


def headers(sample: Sample) -> list[str]:
    return [traits.header for traits in sample.columns]


@pytest.mark.parametrize(
    ("encoding", "written"),
    [("utf-8", None), ("utf-8-sig", None), ("cp1252", "cp1252"), ("utf-16", "utf-16")],
)
def test_encoding_and_delimiter_are_told(tmp_path: Path, encoding: str, written: str | None):
    sample = one(tmp_path, "t.csv", (TICKETS * 30).encode(encoding))
    assert headers(sample) == ["id", "opened", "note"]
    assert sample.written["delimiter"] == ";"
    assert sample.written.get("encoding") == written


def test_utf_16_without_its_mark_is_told(tmp_path: Path):
    sample = one(tmp_path, "t.csv", TICKETS.encode("utf-16-le"))
    assert sample.written["encoding"] == "utf-16-le"
    assert headers(sample) == ["id", "opened", "note"]


def test_lines_above_the_header_are_skipped(tmp_path: Path):
    text = "Ticket report\nmade for the board\n\nid,created,agent\n1,2026-01-01,a\n2,2026-01-02,b\n"
    sample = one(tmp_path, "t.csv", text)
    assert sample.written == {"skip_lines": 2}, "the reader passes over blank lines itself"
    assert headers(sample) == ["id", "created", "agent"] and sample.rows == 2


def test_a_title_padded_to_the_width_of_the_table_is_skipped(tmp_path: Path):
    """As a spreadsheet saves it: every line has as many commas."""
    text = (
        "Ticket report,,\nmade for the board,,\nid,created,agent\n1,2026-01-01,a\n2,2026-01-02,\n"
    )
    sample = one(tmp_path, "t.csv", text)
    assert sample.written == {"skip_lines": 2}
    assert headers(sample) == ["id", "created", "agent"]
    assert sample.rows == 2


@pytest.mark.parametrize("header", [",value", "id,"])
def test_a_header_with_one_name_of_two_is_no_title(tmp_path: Path, header: str):
    sample = one(tmp_path, "t.csv", f"{header}\n0,5\n1,6\n2,7\n")
    assert "skip_lines" not in sample.written
    assert sample.rows == 3


def test_a_header_that_names_few_of_the_columns_is_no_title(tmp_path: Path):
    rows = "".join(f"{n},2026-01-0{n},a,1,2,3,4,5\n" for n in range(1, 4))
    sample = one(tmp_path, "t.csv", f"id,created,agent,,,,,\n{rows}")
    assert "skip_lines" not in sample.written
    assert headers(sample)[:3] == ["id", "created", "agent"]


def test_a_chart_sheet_beside_a_table_is_passed_over(tmp_path: Path):
    book = openpyxl.Workbook()
    book.active.append(["id", "created", "agent"])
    book.active.append([1, "2026-01-01", "a"])
    book.create_chartsheet("Chart").add_chart(BarChart())
    file = io.BytesIO()
    book.save(file)
    sample = one(tmp_path, "t.xlsx", file.getvalue())
    assert headers(sample) == ["id", "created", "agent"]


def test_lines_above_the_header_of_a_sheet_are_skipped(tmp_path: Path):
    book = openpyxl.Workbook()
    for row in (["Ticket report"], [], ["id", "created", "agent"], [1, "2026-01-01", "a"]):
        book.active.append(row)
    file = io.BytesIO()
    book.save(file)
    sample = one(tmp_path, "t.xlsx", file.getvalue())
    assert sample.written == {"skip_lines": 2}
    assert headers(sample) == ["id", "created", "agent"]
    assert sample.rows == 1


def test_labels_and_import_ids_below_the_header_are_no_rows(tmp_path: Path):
    text = (
        "StartDate,Progress,Q1\n"
        "Start date,How far,How was it?\n"
        '"{""ImportId"":""startDate""}","{""ImportId"":""progress""}","{""ImportId"":""QID1""}"\n'
        "2026-07-18 08:28:09,100,2\n2026-07-18 09:28:09,80,4\n"
    )
    sample = one(tmp_path, "t.csv", text)
    assert sample.written == {"skip_after_header": 2}
    assert sample.rows == 2


def test_a_file_without_a_header_shows_no_cell_as_one(tmp_path: Path):
    text = "1001,ann@example.com,2026-01-01\n1002,bob@example.com,2026-01-02\n"
    sample = one(tmp_path, "t.csv", text)
    assert not sample.has_header
    assert headers(sample) == ["column 1", "column 2", "column 3"]
    assert sample.rows == 2, "the first line is a row"


def test_words_that_come_again_below_are_no_header(tmp_path: Path):
    sample = one(tmp_path, "t.csv", "open,email\nopen,chat\nclosed,email\nopen,email\n")
    assert not sample.has_header


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("t.csv", b"", "is empty"),
        ("t.csv", b"  \n\n", "is empty"),
        ("t.csv", bytes(range(256)) * 40, "is no text"),
        ("t.csv", b"\x89PNG\r\n\x1a\n" + b"\x00\x01\x02\x03" * 500, "is no text"),
        ("t.json", b'{"id": 1}', "no list of records"),
        ("t.json", b"[1, 2, 3]", "no JSON record"),
        ("t.json", b"{{{", "no JSON record"),
        ("t.xlsx", b"no workbook", "not an Excel workbook"),
        ("t.parquet", b"no parquet", "not a Parquet file"),
        ("t.csv.gz", b"no gzip", "not compressed"),
        ("t.zip", b"no zip", "not a zip archive"),
    ],
)
def test_what_cannot_be_read_is_said(tmp_path: Path, name: str, content: bytes, said: str):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(UnreadableData, match=said):
        samples(path)


def test_three_hundred_columns_and_very_wide_cells(tmp_path: Path):
    names = ",".join(f"c{number}" for number in range(300))
    row = ",".join(["x" * 20_000] + ["1"] * 299)
    sample = one(tmp_path, "t.csv", f"{names}\n{row}\n{row}\n")
    assert len(sample.columns) == 300
    assert max(map(len, sample.columns[0].words)) <= 2000, "a cell is cut, not kept whole"


def test_headers_twice_and_in_other_scripts(tmp_path: Path):
    sample = one(tmp_path, "t.csv", "チケット,статус,tag,tag,\n1,a,b,c,d\n2,a,b,c,d\n")
    assert headers(sample) == ["チケット", "статус", "tag", "tag#2", "column 5"]


def test_only_the_head_of_a_large_file_is_read(tmp_path: Path):
    path = tmp_path / "large.csv.gz"
    row = b"1234567,2026-01-01 00:00:00," + b"y" * 972 + b"\n"
    with gzip.open(path, "wb", compresslevel=1) as stream:
        stream.write(b"id,at,text\n")
        for _ in range(60):
            stream.write(row * 1000)
    [sample] = samples(path)
    assert not sample.is_whole
    assert sample.rows == ROWS and sample.head.num_rows * len(row) <= HEAD_BYTES


def test_rows_from_the_beginning_to_the_end_are_looked_at(tmp_path: Path):
    """Exports are sorted: a column may be empty in all the rows at the top."""
    rows = [f"{number},{'' if number < 20_000 else 'yes'}" for number in range(30_000)]
    sample = one(tmp_path, "t.csv", "\n".join(["id,is_solved", *rows]) + "\n")
    assert sample.rows == ROWS
    assert sample.column("is_solved").filled > 1000


def test_lists_in_json_are_found_and_nested_objects_named(tmp_path: Path):
    document = {"meta": {"page": 1}, "data": {"tickets": [{"id": 1, "via": {"channel": "chat"}}]}}
    sample = one(tmp_path, "t.json", json.dumps(document))
    assert sample.written == {"records": "data.tickets"}
    assert headers(sample) == ["id", "via.channel"]


def test_json_lines_are_told_whatever_the_name(tmp_path: Path):
    sample = one(tmp_path, "t.json", '{"id": 1}\n{"id": 2}\n')
    assert sample.written == {"format": "jsonl"}
    assert sample.rows == 2


def test_a_name_without_an_ending_is_no_obstacle(tmp_path: Path):
    assert one(tmp_path, "export", TICKETS).written["format"] == "csv"
    assert one(tmp_path, "records", '[{"id": 1}, {"id": 2}]').written["format"] == "json"


@given(st.lists(st.dictionaries(st.text(max_size=5), st.text(max_size=9)), min_size=2), st.data())
def test_a_document_cut_anywhere_is_closed_after_a_record(records: list[dict], data: st.DataObject):
    text = json.dumps({"page": 1, "tickets": records})
    first = text.index("[") + len(json.dumps(records[0])) + 1
    end = data.draw(st.integers(first, len(text)))
    found = json.loads(closed(text[:end]))["tickets"]
    assert found == records[: len(found)] and found, "what is left are whole records, in order"


def test_every_sheet_with_a_header_is_a_table(tmp_path: Path):
    book = openpyxl.Workbook()
    book.active.append(["id", "created"])
    book.active.append([1, "2026-01-01"])
    book.create_sheet("empty")
    book.create_sheet("Agents").append(["Agent ID", "Team"])
    stored = io.BytesIO()
    book.save(stored)
    path = tmp_path / "book.xlsx"
    path.write_bytes(stored.getvalue())
    assert [sample.written["sheet"] for sample in samples(path)] == ["Sheet", "Agents"]


def test_members_of_an_archive_are_tables_that_have_to_be_unpacked(tmp_path: Path):
    path = tmp_path / "all.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("tickets.csv", "id,created\n1,2026-01-01\n")
        archive.writestr("agents.csv", "agent,team\na,b\n")
    found = samples(path)
    assert len(found) == 2
    assert all("unpack" in sample.remarks[0] for sample in found)


def test_cells_of_parquet_that_are_no_text_are_passed_over(tmp_path: Path):
    path = tmp_path / "t.parquet"
    table = pa.table(
        {
            "id": [1, 2],
            "picture": [b"\xff\xfe", b"\x00"],
            "at": pa.array([0, 1], pa.timestamp("us", "UTC")),
            "part": [{"a": 1}, {"a": 2}],
        }
    )
    pq.write_table(table, path)
    [sample] = samples(path)
    kinds = {traits.header: traits.kind for traits in sample.columns}
    assert kinds == {"id": "integer", "picture": "empty", "at": "time", "part": "empty"}


def test_a_header_without_rows_is_a_sample_and_says_so(tmp_path: Path):
    sample = one(tmp_path, "t.csv", "ticket_id,created_at,status\n")
    assert sample.rows == 0 and "no row" in sample.remarks[0]
