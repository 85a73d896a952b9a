"""Tables that each break one rule on purpose, and the contract they break; for two judges."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pyarrow as pa

ROWS = 20
START = datetime(2026, 7, 1, tzinfo=UTC)
SCHEMA = pa.schema(
    [
        ("id", pa.string()),
        ("part", pa.string()),
        ("pages", pa.int64()),
        ("spent", pa.float64()),
        ("word", pa.string()),
        ("at", pa.timestamp("us", "UTC")),
        ("site", pa.string()),
        ("room", pa.string()),
    ]
)
TYPES = {
    "id": "string",
    "part": "string",
    "pages": "integer",
    "spent": "number",
    "word": "string",
    "at": "timestamp",
    "site": "string",
    "room": "string",
}
Cells = dict[str, dict[int, Any]]
# Table -> its columns' rules, the rules of the table, the cells that break them, by row.
BROKEN: dict[str, tuple[dict[str, dict[str, Any]], dict[str, Any], Cells]] = {}


def broken(name: str, column: str, cells: dict[int, Any], **rules: Any) -> None:
    """A table whose one column has these rules, and these cells."""
    BROKEN[name] = ({column: rules}, {}, {column: cells})


def options(**given: Any) -> dict[str, Any]:
    return {"logicalTypeOptions": given}


def quality(identity: str, **given: Any) -> dict[str, Any]:
    return {"quality": [{"id": identity, **given}]}


broken("required_one", "word", {3: None}, required=True)
broken("required_many", "pages", dict.fromkeys(range(0, 20, 2)), required=True)
broken("required_instant", "at", {0: None, 19: None}, required=True)
broken("required_all", "spent", dict.fromkeys(range(ROWS)), required=True)
broken("required_key", "id", {1: None, 2: None})
broken("unique_pair", "word", {1: "w0"}, unique=True)
broken("unique_triple", "pages", {1: 1, 2: 1, 7: 9}, unique=True)
broken("unique_nulls", "word", {1: None, 2: None, 3: "w4"}, unique=True)
broken("unique_key", "id", {5: "i4", 6: "i4"})
broken("enum_other", "word", {2: "fax"}, enum=[{"value": f"w{n}"} for n in range(ROWS)])
broken("enum_case", "site", {2: "S1", 3: "S1"}, enum=[{"value": "s1"}, {"value": "s2"}])
broken("enum_null", "site", {2: None, 3: "s3"}, enum=[{"value": "s1"}, {"value": "s2"}])
broken("enum_number", "pages", {2: 99}, enum=[{"value": n} for n in range(1, ROWS + 1)])
broken("range_low", "pages", {0: -5, 1: 0}, **options(minimum=1))
broken("range_high", "spent", {0: 1e9, 4: None}, **options(maximum=100))
broken("range_both", "pages", {0: -1, 1: 500, 2: 501}, **options(minimum=0, maximum=500))
broken("range_strict", "spent", {0: 0.0, 1: -1.0}, **options(exclusiveMinimum=0))
broken(
    "range_instant",
    "at",
    {0: datetime(1970, 1, 1, tzinfo=UTC)},
    **options(minimum="1990-01-01T00:00:00Z"),
)
broken("length_short", "word", {0: "", 1: "w"}, **options(minLength=2))
broken("length_long", "word", {0: "é" * 6, 1: "x" * 5}, **options(maxLength=5))
broken("pattern_whole", "word", {0: "W0", 1: "w-1", 2: None}, **options(pattern="^w[0-9]+$"))
broken("pattern_part", "site", {0: "x", 1: ""}, **options(pattern=r"s\d"))
broken("relation_site", "site", {0: "s9", 1: None}, relationships=[{"to": "sites.site_id"}])
broken(
    "relation_all",
    "site",
    dict.fromkeys(range(ROWS), "s9"),
    relationships=[{"to": "sites.site_id"}],
)
BROKEN["relation_pair"] = (
    {},
    {
        "relationships": [
            {
                "from": ["relation_pair.site", "relation_pair.room"],
                "to": ["sites.site_id", "sites.room"],
            }
        ]
    },
    {"room": {0: "r9", 1: None, 2: "r2"}},
)
BROKEN["key_of_two"] = (
    {
        "id": {"required": True},
        "part": {"required": True, "primaryKey": True, "primaryKeyPosition": 2},
    },
    {},
    {"id": {1: "i0"}, "part": {1: "p0"}},
)
BROKEN["sql_rows"] = (
    {},
    quality(
        "backwards", type="sql", query="SELECT COUNT(*) FROM {object} WHERE spent < pages", mustBe=0
    ),
    {"spent": {0: -1.0, 1: -1.0, 2: None}},
)
BROKEN["sql_share"] = (
    {},
    quality(
        "share",
        type="sql",
        query="SELECT AVG(CASE WHEN word IS NULL THEN 1.0 ELSE 0.0 END) FROM ${table}",
        mustBeLessThan=0.1,
    ),
    {"word": {0: None, 1: None}},
)
broken(
    "sql_column",
    "word",
    {0: "bad", 1: "bad", 2: None},
    **quality(
        "not_bad",
        type="sql",
        query="SELECT COUNT(*) FROM {object} WHERE {property} = 'bad'",
        mustBeLessOrEqualTo=1,
    ),
)
BROKEN["sql_between"] = (
    {},
    quality("sum", type="sql", query="SELECT SUM(pages) FROM {object}", mustBeBetween=[1, 200]),
    {"pages": {0: 500}},
)
broken(
    "library_nulls", "word", {0: None, 1: None}, **quality("nulls", metric="nullValues", mustBe=0)
)
broken(
    "library_nulls_percent",
    "word",
    {0: None, 1: None, 2: None},
    **quality("nulls", metric="nullValues", mustBeLessThan=15, unit="percent"),
)
broken(
    "library_missing",
    "word",
    {0: "", 1: "n/a", 2: None},
    **quality(
        "missing",
        metric="missingValues",
        arguments={"missingValues": ["", "n/a", None]},
        mustBeLessThan=3,
    ),
)
broken(
    "library_invalid",
    "site",
    {0: "s9", 1: None},
    **quality("valid", metric="invalidValues", arguments={"validValues": ["s1", "s2"]}, mustBe=0),
)
broken(
    "library_pattern",
    "word",
    {0: "W", 1: "x1"},
    **quality(
        "form", metric="invalidValues", arguments={"pattern": "^w[0-9]+$"}, mustBeLessOrEqualTo=1
    ),
)
broken(
    "library_duplicates",
    "word",
    {1: "w0", 2: "w0", 4: "w3"},
    **quality("copies", metric="duplicateValues", mustBeLessThan=2),
)
BROKEN["library_duplicates_joint"] = (
    {},
    quality(
        "copies", metric="duplicateValues", arguments={"properties": ["site", "word"]}, mustBe=0
    ),
    {"word": {2: "w0"}},
)
BROKEN["library_rows"] = ({}, quality("rows", metric="rowCount", mustBeBetween=[30, 40]), {})
BROKEN["library_rows_not"] = ({}, quality("rows", metric="rowCount", mustNotBe=ROWS), {})


def contract_of_broken() -> list[dict[str, Any]]:
    """The tables of the contract: those that are broken, and the one they point to."""
    declared = []
    for name, (columns, rules, _) in BROKEN.items():
        properties = []
        for column, logical in TYPES.items():
            key = {"primaryKey": True, "primaryKeyPosition": 1} if column == "id" else {}
            properties.append(
                {"name": column, "logicalType": logical, **key, **columns.get(column, {})}
            )
        declared.append({"name": name, "properties": properties, **rules})
    sites = [
        {"name": "site_id", "logicalType": "string", "primaryKey": True, "primaryKeyPosition": 1},
        {"name": "room", "logicalType": "string"},
    ]
    return [*declared, {"name": "sites", "properties": sites}]


def broken_tables() -> dict[str, pa.Table]:
    """Their rows: twenty that hold every rule, but for the cells that do not."""
    tables = {"sites": pa.table({"site_id": ["s1", "s2"], "room": ["r1", "r2"]})}
    for name, (_, _, cells) in BROKEN.items():
        rows = [sound(number) for number in range(ROWS)]
        for column, values in cells.items():
            for number, value in values.items():
                rows[number][column] = value
        tables[name] = pa.Table.from_pylist(rows, schema=SCHEMA)
    return tables


def sound(number: int) -> dict[str, Any]:
    """A row that breaks no rule."""
    return {
        "id": f"i{number}",
        "part": f"p{number}",
        "pages": number + 1,
        "spent": number + 1.5,
        "word": f"w{number}",
        "at": START + timedelta(minutes=number),
        "site": "s1" if number % 2 else "s2",
        "room": "r1" if number % 2 else "r2",
    }
