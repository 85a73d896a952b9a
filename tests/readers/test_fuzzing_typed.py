"""Files whose cells have types, Parquet and Excel, with every type and every damage."""

from __future__ import annotations

import datetime
import decimal
import io
import re
import zipfile
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from cxaudit.contracts.canonical import canonical_tables
from tests.fuzzing import any_text, cells, enormous, fuzzed, loaded, mangled

HEADERS = ("a", "b", "c", "d")
TABLES = ("tickets", "surveys", "schedule_holidays", "channel_catalogue")
NAMES = {name: tuple(canonical_tables()[name].columns) for name in TABLES}

times = st.datetimes(datetime.datetime(1700, 1, 1), datetime.datetime(2261, 1, 1))
far = times | st.integers(-(2**63), 2**63 - 1)
SIMPLE: list[tuple[pa.DataType, st.SearchStrategy[Any]]] = [
    (pa.string(), enormous),
    (pa.large_string(), cells),
    (pa.binary(), st.binary(max_size=9)),
    (pa.binary(4), st.binary(min_size=4, max_size=4)),
    (pa.bool_(), st.booleans()),
    (pa.int8(), st.integers(-128, 127)),
    (pa.uint64(), st.integers(0, 2**64 - 1)),
    (pa.int64(), st.integers(-(2**63), 2**63 - 1)),
    (pa.float16(), st.floats(width=16)),
    (pa.float32(), st.floats(width=32)),
    (pa.float64(), st.floats()),
    (pa.decimal128(38, 10), st.decimals(-(10**20), 10**20, places=10)),
    (pa.decimal256(50, 0), st.integers(-(10**49), 10**49).map(decimal.Decimal)),
    (pa.date32(), st.dates()),
    (pa.date64(), st.dates()),
    (pa.time32("s"), st.times().map(lambda at: at.replace(microsecond=0))),
    (pa.time64("us"), st.times()),
    (pa.timestamp("s"), times),
    (pa.timestamp("ns"), times),
    (pa.timestamp("us", "America/New_York"), far),
    (pa.timestamp("ms", "+05:30"), far),
    (pa.duration("ns"), st.timedeltas(datetime.timedelta(-9999), datetime.timedelta(9999))),
    (pa.null(), st.none()),
]


@st.composite
def columns(draw: st.DrawFn, rows: int) -> pa.Array:
    """A column of so many cells: of a simple type, or of values within values."""
    kind, values = draw(st.sampled_from(SIMPLE))
    match draw(st.sampled_from(("plain", "plain", "dictionary", "list", "struct", "map"))):
        case "list":
            kind, values = pa.list_(kind), st.lists(st.none() | values, max_size=3)
        case "struct":
            kind, values = pa.struct([("x", kind)]), st.fixed_dictionaries({"x": values})
        case "map":
            kind, values = pa.map_(pa.string(), kind), st.dictionaries(cells, values, max_size=2)
            values = values.map(lambda made: list(made.items()))
        case "dictionary" if pa.types.is_string(kind):
            kind = pa.dictionary(pa.int32(), kind)
    made = draw(st.lists(st.none() | values, min_size=rows, max_size=rows))
    is_coded = pa.types.is_dictionary(kind)
    return pa.array(made, kind.value_type).dictionary_encode() if is_coded else pa.array(made, kind)


@st.composite
def parquet(draw: st.DrawFn) -> tuple[int, bytes]:
    """The number of rows of a Parquet file, and the file."""
    rows = draw(st.integers(0, 5))
    table = pa.table({name: draw(columns(rows)) for name in HEADERS})
    file = io.BytesIO()
    codec = draw(st.sampled_from(("none", "snappy", "gzip", "zstd")))
    pq.write_table(table, file, compression=codec, row_group_size=draw(st.integers(1, 5)))
    return rows, file.getvalue()


@st.composite
def sources(draw: st.DrawFn, path: str) -> dict[str, Any]:
    """A source with some columns of a table, of whatever type, from whatever header."""
    table = draw(st.sampled_from(TABLES))
    key = dict.fromkeys(canonical_tables()[table].key, st.sampled_from(HEADERS))
    more = st.dictionaries(st.sampled_from(NAMES[table]), st.sampled_from(HEADERS))
    made = {**draw(more), **draw(st.fixed_dictionaries(key))}
    settings = st.fixed_dictionaries(
        {},
        optional={
            "time_zone": st.just("Europe/Rome"),
            "missing": st.lists(cells, max_size=2),
            "dates": st.sampled_from(("iso", "auto", "epoch_seconds", "%d/%m/%Y")),
            "filter": st.just([{"column": "a", "not_in": ["x"]}]),
            "latest": st.sampled_from(
                [{"per": "a", "by": "b", "as": kind} for kind in ("instant", "number", "text")]
            ),
        },
    )
    return {"table": table, "path": path, "columns": made, **draw(settings)}


@fuzzed
@given(parquet(), sources("rows.parquet"))
def test_parquet(file: tuple[int, bytes], source: dict[str, Any]) -> None:
    rows, content = file
    ledger = loaded({"rows.parquet": content}, source, is_sound=True)
    assert ledger is None or ledger[source["table"]]["received"] == rows


@fuzzed
@given(parquet(), sources("rows.parquet"), st.data())
def test_parquet_spoilt(
    file: tuple[int, bytes], source: dict[str, Any], data: st.DataObject
) -> None:
    loaded({"rows.parquet": data.draw(mangled(file[1]))}, source)


@fuzzed
@given(parquet(), parquet(), sources("*.parquet"))
def test_files_of_one_table_with_other_types(
    one: tuple[int, bytes], two: tuple[int, bytes], source: dict[str, Any]
) -> None:
    ledger = loaded({"1.parquet": one[1], "2.parquet": two[1]}, source, is_sound=True)
    assert ledger is None or ledger[source["table"]]["received"] == one[0] + two[0]


EXCEL = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**18), 10**18),
    st.floats(allow_nan=False, allow_infinity=False),
    st.datetimes(datetime.datetime(1901, 1, 1), datetime.datetime(9998, 1, 1)),
    st.dates(datetime.date(1901, 1, 1), datetime.date(9998, 1, 1)),
    st.times(),
    st.timedeltas(datetime.timedelta(0), datetime.timedelta(9999)),
    cells,
    any_text,
    st.sampled_from(("=A1", "=1/0", "=SUM(", "#N/A", "x" * 32_767)),
)


@st.composite
def workbooks(draw: st.DrawFn) -> tuple[int, bytes]:
    """The number of rows of a sheet that hold something, and the workbook."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(HEADERS)
    filled = 0
    for row in draw(st.lists(st.tuples(*[EXCEL] * len(HEADERS)), max_size=5)):
        clean = [ILLEGAL_CHARACTERS_RE.sub("", c) if isinstance(c, str) else c for c in row]
        sheet.append([None if cell == "" else cell for cell in clean])
        filled += any(cell not in (None, "") for cell in clean)
    return filled, _timeless(book)


def _timeless(book: openpyxl.Workbook) -> bytes:
    """The workbook's file without the time at which it was made: one book, the same bytes."""
    file, written = io.BytesIO(), io.BytesIO()
    book.save(written)
    with zipfile.ZipFile(written) as old, zipfile.ZipFile(file, "w") as new:
        for name in old.namelist():
            content = re.sub(rb"(<dcterms:\w+[^>]*>)[^<]*", rb"\g<1>", old.read(name))
            new.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return file.getvalue()


@fuzzed
@given(workbooks(), sources("rows.xlsx"))
def test_excel(file: tuple[int, bytes], source: dict[str, Any]) -> None:
    rows, content = file
    ledger = loaded({"rows.xlsx": content}, source)
    assert ledger is None or ledger[source["table"]]["received"] == rows


@fuzzed
@given(workbooks(), sources("rows.xlsx"), st.data())
def test_excel_spoilt(file: tuple[int, bytes], source: dict[str, Any], data: st.DataObject) -> None:
    loaded({"rows.xlsx": data.draw(mangled(file[1]))}, source)
