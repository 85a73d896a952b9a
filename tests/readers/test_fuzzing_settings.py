"""Whatever an engagement asks of whatever cells, it is done or refused in our words."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from cxaudit.contracts.canonical import canonical_tables
from tests.fuzzing import any_text, cells, fuzzed, loaded

HEADERS = ("a", "b", "c", "d", "e", "f")
ROWS = st.lists(st.tuples(*[cells] * len(HEADERS)), max_size=8)
TABLES = ("tickets", "messages", "surveys", "calls", "schedule_holidays", "channel_catalogue")
INPUTS = {name: canonical_tables()[name] for name in TABLES}

header = st.sampled_from((*HEADERS, *HEADERS, *HEADERS, "a#1", "a#2", "gone"))
headers = st.lists(header, min_size=1, max_size=3)
mark = st.sampled_from((",", ".", ";", "|", " ", "'", "\u00a0", "0", "\\", "[", "\x00"))
zone = st.sampled_from(("UTC", "Europe/Rome", "America/St_Johns", "Pacific/Apia", "Nowhere"))
dates = st.sampled_from(
    ("iso", "auto", "epoch_seconds", "epoch_milliseconds", "%d/%m/%Y", "%Y-%m-%dT%H:%M:%S%z", "%Q")
    + ("%", "%j %U %w", "x%d" * 40, "%c %p", "never")
)
words = st.lists(cells, max_size=3)
CELL_SETTINGS: dict[str, st.SearchStrategy[Any]] = {
    "missing": words,
    "dates": dates,
    "time_zone": zone,
    "decimal": mark,
    "thousands": mark,
    "true_words": words,
    "false_words": words,
    "separator": mark,
}
condition = st.fixed_dictionaries(
    {"column": header},
    optional={
        "in": words,
        "not_in": words,
        "empty": st.booleans(),
        "at_least": st.floats(),
        "below": st.floats(),
    },
)
DETAILS: dict[str, st.SearchStrategy[Any]] = {
    "values": st.dictionaries(cells, cells, max_size=3),
    "otherwise": cells,
    "when_empty": cells,
    "plus_seconds": headers,
    "where": condition,
    **CELL_SETTINGS,
}
origin = st.one_of(
    st.fixed_dictionaries({"from": header}),
    st.fixed_dictionaries({"from": headers, "join": any_text}),
    st.fixed_dictionaries({"constant": cells}),
    st.fixed_dictionaries({"date": header, "time": header}),
    st.fixed_dictionaries({"from": header, "equals": header, "then": cells}),
)
column = st.one_of(
    header,
    st.builds(
        lambda begun, more: {**begun, **more},
        origin,
        st.fixed_dictionaries({}, optional=DETAILS),
    ),
)
FILE_SETTINGS: dict[str, st.SearchStrategy[Any]] = {
    "encoding": st.sampled_from(
        ("utf-8", "utf-16", "rot13", "idna", "punycode", "hex", "undefined")
    ),
    "delimiter": st.sampled_from((",", ";", '"', "é", "\n", "\x00", " ", "a")),
    "quote": st.sampled_from(('"', "'", ",", "é", "\n", "\\")),
    "escape": st.sampled_from(("\\", '"', ",", "é", "\n", "b")),
    "skip_lines": st.integers(-1, 9),
    "skip_after_header": st.integers(-1, 9),
    "sheet": any_text,
    "records": any_text,
}
RESHAPING: dict[str, st.SearchStrategy[Any]] = {
    "filter": st.lists(condition, max_size=2),
    "latest": st.lists(
        st.fixed_dictionaries(
            {"per": headers, "by": header},
            optional={"as": st.sampled_from(("instant", "number", "text"))},
        ),
        max_size=2,
    ),
    "unpivot": st.fixed_dictionaries(
        {"columns": st.dictionaries(cells, header, min_size=1, max_size=3)},
        optional={"key": st.sampled_from(("key", "a")), "keep_empty": st.booleans()},
    ),
    "lookup": st.lists(
        st.fixed_dictionaries(
            {
                "path": st.sampled_from(("other.csv", "other.csv", "nowhere.csv")),
                "match": st.dictionaries(header, header, min_size=1, max_size=2),
                "take": st.dictionaries(
                    st.sampled_from(("new", "newer", "a", "key")), header, min_size=1, max_size=2
                ),
            }
        ),
        max_size=2,
    ),
}


def delimited(rows: Sequence[Sequence[str]], header: Sequence[str] = HEADERS) -> bytes:
    """Rows as CSV, every cell in quotes."""
    text = io.StringIO()
    csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows([header, *rows])
    return text.getvalue().encode()


@st.composite
def mappings(draw: st.DrawFn) -> dict[str, Any]:
    """A source of some table: some of its columns, each made some way of the headers."""
    table = draw(st.sampled_from(TABLES))
    names = st.sampled_from(tuple(INPUTS[table].columns))
    obligatory = dict.fromkeys(INPUTS[table].key, column)
    columns = st.fixed_dictionaries(obligatory).flatmap(
        lambda key: st.dictionaries(names, column, max_size=6).map(lambda more: {**more, **key})
    )
    return {
        "table": table,
        "path": "rows.csv",
        "columns": draw(columns),
        **draw(st.fixed_dictionaries({}, optional=CELL_SETTINGS)),
    }


def check(rows: Sequence[Sequence[str]], others: Sequence[Sequence[str]], source: Any) -> None:
    """Loads a file of so many rows, all of which the ledger has to tell."""
    ledger = loaded({"rows.csv": delimited(rows), "other.csv": delimited(others)}, source)
    if ledger is not None:
        unpivoted = len(source["unpivot"]["columns"]) if "unpivot" in source else 1
        received = ledger[source["table"]]["received"]
        assert received == len(rows) * unpivoted, f"{len(rows)} delivered, {received} received"


@fuzzed
@given(ROWS, mappings())
def test_columns(rows: list[tuple[str, ...]], source: dict[str, Any]) -> None:
    check(rows, [], source)


@fuzzed
@given(ROWS, ROWS, mappings(), st.fixed_dictionaries({}, optional=RESHAPING))
def test_reshaping(
    rows: list[tuple[str, ...]],
    others: list[tuple[str, ...]],
    source: dict[str, Any],
    reshaping: dict[str, Any],
) -> None:
    check(rows, others, {**source, **reshaping})


@fuzzed
@given(ROWS, mappings(), st.fixed_dictionaries({}, optional=FILE_SETTINGS))
def test_how_files_are_written(
    rows: list[tuple[str, ...]], source: dict[str, Any], written: dict[str, Any]
) -> None:
    loaded({"rows.csv": delimited(rows)}, {**source, **written})


@fuzzed
@given(ROWS, st.sampled_from(TABLES), st.data())
def test_any_column_as_it_is(rows: list[tuple[str, ...]], table: str, data: st.DataObject) -> None:
    """Every column of the table is filled, so that every type meets every cell."""
    names = INPUTS[table].columns
    columns = {name: data.draw(st.sampled_from(HEADERS)) for name in names}
    settings = data.draw(st.fixed_dictionaries({}, optional=CELL_SETTINGS))
    check(rows, [], {"table": table, "path": "rows.csv", "columns": columns, **settings})


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | cells | header,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(any_text, inner, max_size=3),
    max_leaves=4,
)


@fuzzed
@given(ROWS, mappings(), st.data())
def test_settings_that_are_none(
    rows: list[tuple[str, ...]], source: dict[str, Any], data: st.DataObject
) -> None:
    keys = (*source, *CELL_SETTINGS, *FILE_SETTINGS, *RESHAPING, "reader", "name", "required", "x")
    wrong = data.draw(st.dictionaries(st.sampled_from(keys), anything, min_size=1, max_size=2))
    loaded({"rows.csv": delimited(rows)}, {**source, **wrong})
