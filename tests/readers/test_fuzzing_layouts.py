"""Whatever a vendor's export holds, it is read or refused in our words, and no row is lost."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxaudit.readers.layouts import layouts
from cxaudit.readers.layouts.declaration import Delivered, Layout
from tests.fuzzing import cells, enormous, fuzzed, loaded, mangled

LAYOUTS = layouts()
# Words that vendors' exports are full of, so that the rules on them are met and not only passed by.
likely = st.sampled_from(
    ("1", "2", "3", "", "open", "closed", "solved", "status", "agent", "admin", "end-user", "user")
    + (
        "2026-07-01T10:00:00Z",
        "2026-07-01 10:00:00",
        "1782900000",
        "true",
        "false",
        "email",
        "null",
    )
)
cell = st.one_of(likely, likely, cells)
nested = st.recursive(
    st.one_of(cell, enormous, st.none(), st.booleans(), st.integers(), st.floats()),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(likely, inner, max_size=2),
    max_leaves=4,
)


@st.composite
def delimited(draw: st.DrawFn, table: Delivered) -> bytes:
    """A table as CSV, its first header always there, below it the rows it says to skip."""
    more = st.sets(st.sampled_from(table.headers))
    headers = list(dict.fromkeys([table.headers[0], *sorted(draw(more))]))
    rows = draw(st.lists(st.tuples(*[cell] * len(headers)), max_size=5))
    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\n")
    skipped = [headers] * int(table.written.get("skip_after_header", 0))
    writer.writerows([headers, *skipped, *rows])
    return text.getvalue().encode()


@st.composite
def document(draw: st.DrawFn, table: Delivered) -> bytes:
    """A table as JSON, its records where the layout looks for them."""
    names = st.sampled_from([header.rpartition(".")[2] or header for header in table.headers])
    records: Any = draw(st.lists(st.dictionaries(names, nested, max_size=8) | nested, max_size=4))
    for step in reversed(table.records.replace("[]", "").split(".")):
        key = step.split("|")[0]
        records = {key: records} if key else records
        if draw(st.booleans()) and "." in table.records:
            records = [records]
    return json.dumps(records, ensure_ascii=True).encode()


@st.composite
def exports(draw: st.DrawFn, layout: Layout) -> dict[str, bytes]:
    """The files of an export, most of its tables among them."""
    files = {}
    for name, table in layout.tables.items():
        if draw(st.integers(0, 3)) == 0:
            continue
        stem = draw(st.sampled_from((name, *table.files)))
        if table.records:
            files[f"export/{stem}.json"] = draw(document(table))
        else:
            files[f"export/{stem}.csv"] = draw(delimited(table))
    return files


@pytest.mark.parametrize("vendor", sorted(LAYOUTS))
@fuzzed
@given(data=st.data())
def test_an_export(vendor: str, data: st.DataObject) -> None:
    files = data.draw(exports(LAYOUTS[vendor]))
    source: dict[str, Any] = {"reader": vendor, "path": "export"}
    if data.draw(st.booleans()):
        source["time_zone"] = "Europe/Rome"
    if LAYOUTS[vendor].asks and data.draw(st.booleans()):
        source["questions"] = {data.draw(likely): {"key": "csat", "scale": [1, 5]}}
    if files and data.draw(st.integers(0, 3)) == 0:
        name = data.draw(st.sampled_from(sorted(files)))
        files[name] = data.draw(mangled(files[name]))
    loaded(files, source)
