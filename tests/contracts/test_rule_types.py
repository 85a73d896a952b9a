"""Every type of rule that a contract can hold finds the rows it should, in both renderings.

A check whose renderings differ is "could not run", so each count here is that of both. All are
worked by hand on the six visits below.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
import yaml

from cxaudit.contracts.checks import COULD_NOT_RUN, Check, Loaded, check
from cxaudit.contracts.compilation import compile_rules
from cxaudit.contracts.document import open_contracts
from cxaudit.contracts.rules import Rule
from cxaudit.engine import Engine, open_engine
from cxaudit.errors import EngagementError

AS_OF = datetime(2026, 7, 10, tzinfo=UTC)


def day(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text).replace(tzinfo=UTC)


VISITS = pa.table(
    {
        "visit_id": pa.array(["a", "b", "c", "d", "e", "f"]),
        "pages": pa.array([5, 10, 12, None, -5, 0], pa.int64()),
        "spent": pa.array([0.1, 0.3, 0.25, None, 1e300, -0.2]),
        "word": pa.array(["x@example.com", "nobody", None, "N/A", "", "x@example.com"]),
        "day": pa.array(["2026-02-28", "2026-02-29", "2026-2-1", None, "20260201", "2024-02-29"]),
        "at": pa.array(
            [
                day("2026-07-01"),
                day("2026-07-01T12:00"),
                day("2026-07-02"),
                None,
                day("2026-07-06"),
                day("2026-07-07T06:00"),
            ],
            pa.timestamp("us", "UTC"),
        ),
        "on": pa.array([date(2026, 7, 1), None, date(2026, 7, 9), None, None, None]),
        "site": pa.array(["s1", "s1", "s2", "s2", None, "s1"]),
        "room": pa.array(["r1", "r2", "r1", "r2", "r1", "r1"]),
        "tags": pa.array([["a"], [], ["a", "b", "c"], None, ["a"], ["a"]], pa.list_(pa.string())),
    }
)
SITES = pa.table({"site_id": pa.array(["s1", "s2", "s1"]), "room": pa.array(["r1", "r1", None])})
TYPES = {
    "visit_id": "string",
    "pages": "integer",
    "spent": "number",
    "word": "string",
    "day": "string",
    "at": "timestamp",
    "on": "date",
    "site": "string",
    "room": "string",
    "tags": "array",
}


def contract(levels: list[dict[str, Any]] | None = None, **table: Any) -> dict[str, Any]:
    """A contract of visits; `table` holds rules of columns by name, and `rules` of the table."""
    key = {"primaryKey": True, "primaryKeyPosition": 1}
    columns = [
        {
            "name": name,
            "logicalType": logical,
            **(key if name == "visit_id" else {}),
            **table.get(name, {}),
        }
        for name, logical in TYPES.items()
    ]
    sites = [
        {"name": "site_id", "logicalType": "string", "primaryKey": True, "primaryKeyPosition": 1},
        {"name": "room", "logicalType": "string"},
    ]
    document = {
        "apiVersion": "v3.2.0",
        "kind": "DataContract",
        "id": "visits",
        "version": "1.0.0",
        "schema": [
            {"name": "visits", "id": "visits", "properties": columns, **table.get("rules", {})},
            {"name": "sites", "id": "sites", "properties": sites},
        ],
    }
    return document | ({"slaProperties": levels} if levels else {})


def compiled(document: dict[str, Any], folder: Path) -> list[Rule]:
    (folder / "visits.odcs.yaml").write_text(yaml.safe_dump(document), encoding="utf-8")
    return list(compile_rules(open_contracts(folder), AS_OF))


def judged(document: dict[str, Any], folder: Path, engine: Engine) -> dict[str, Check]:
    tables = {"visits": VISITS, "sites": SITES}
    loaded = Loaded(
        {name: engine.table(table) for name, table in tables.items()},
        {name: frozenset(table.column_names) for name, table in tables.items()},
        {name: table.num_rows for name, table in tables.items()},
    )
    checks = check(compiled(document, folder), loaded, engine)
    unsure = {entry.id: entry.message for entry in checks if entry.state == COULD_NOT_RUN}
    assert not unsure, unsure
    return {entry.id.removeprefix("visits."): entry for entry in checks if entry.table == "visits"}


def options(**given: Any) -> dict[str, Any]:
    return {"logicalTypeOptions": given}


def quality(identity: str, **given: Any) -> dict[str, Any]:
    return {"quality": [{"id": identity, **given}]}


def gx(implementation: Any, engine: str = "greatExpectations") -> dict[str, Any]:
    return quality("gx", type="custom", engine=engine, implementation=implementation)


FK = {
    "from": ["visits.site", "visits.room"],
    "to": ["sites.site_id", "schema/sites/properties/room"],
}
# What is declared; the rule it becomes; the rows that fail, or the value found where it is one.
DECLARED = [
    ({"pages": options(multipleOf=5)}, "pages.multiple", 1),
    ({"spent": options(multipleOf=0.1)}, "spent.multiple", 1),
    ({"pages": options(format="u8")}, "pages.range", 1),
    ({"word": options(format="email")}, "word.format", 3),
    ({"day": options(format="yyyy-MM-dd")}, "day.format", 3),
    ({"tags": options(minItems=1, maxItems=2)}, "tags.length", 2),
    (
        {
            "word": quality(
                "known", metric="missingValues", mustBe=0, arguments={"missingValues": ["", "N/A"]}
            )
        },
        "word.known",
        3,
    ),
    (
        {"word": quality("form", metric="invalidValues", mustBe=0, arguments={"pattern": "@"})},
        "word.form",
        3,
    ),
    (
        {
            "pages": quality(
                "valid", metric="invalidValues", mustBe=0, arguments={"validValues": [0, 5, 10]}
            )
        },
        "pages.valid",
        2,
    ),
    ({"word": quality("once", metric="duplicateValues", mustBe=0)}, "word.once", 2),
    (
        {
            "rules": quality(
                "pair",
                metric="duplicateValues",
                mustBe=0,
                arguments={"properties": ["site", "room"]},
            )
        },
        "pair",
        2,
    ),
    (
        {
            "word": quality(
                "like",
                type="sql",
                mustBe=0,
                query="SELECT COUNT(*) FROM visits WHERE {property} NOT LIKE '%@%'",
            )
        },
        "word.like",
        3,
    ),
    (
        {
            "word": quality(
                "upper",
                type="sql",
                mustBe=0,
                query="SELECT COUNT(*) FROM ${table} WHERE UPPER(${column}) ~ '^N'",
            )
        },
        "word.upper",
        2,
    ),
    (
        {
            "rules": quality(
                "near",
                type="sql",
                mustBe=0,
                query="SELECT COUNT(*) FROM {object} WHERE ABS(spent) < 0.22 AND ROUND(spent) = 0",
            )
        },
        "near",
        2,
    ),
    ({"site": {"relationships": [{"to": "sites.site_id"}]}}, "site.exists", 0),
    ({"rules": {"relationships": [FK]}}, "site_room.exists", 2),
    (
        {
            "rules": {
                "relationships": [{"from": "visits.room", "to": "schema/sites/properties/site_id"}]
            }
        },
        "room.exists",
        6,
    ),
    ({"word": gx({"type": "expect_column_values_to_not_be_null"})}, "word.gx", 1),
    (
        {
            "word": gx(
                "type: ExpectColumnValueLengthsToBeBetween\nkwargs: {minValue: 1, maxValue: 9}",
                "great-expectations",
            )
        },
        "word.gx",
        3,
    ),
]


@pytest.mark.parametrize(
    ("given", "identity", "failed"), DECLARED, ids=lambda v: v if isinstance(v, str) else ""
)
def test_rules_find_the_rows_they_should(
    given: dict[str, Any], identity: str, failed: int, tmp_path: Path
) -> None:
    found = judged(contract(**given), tmp_path, open_engine())[identity]
    assert (found.state, found.failed_rows) == ("failed" if failed else "passed", failed)


def level(name: str, value: Any, **given: Any) -> list[dict[str, Any]]:
    return [{"property": name, "value": value, "element": "visits.at", **given}]


# The newest visit is of 7 July, 06:00, the oldest of the 1st; none is of the 3rd to the 5th.
LEVELS = [
    (level("latency", 3, unit="d"), "at.latency", 2.75, "passed"),
    (level("freshness", 65, unit="h"), "at.freshness", 66.0, "failed"),
    (level("latency", "P2D"), "at.latency", 2.75, "failed"),
    (level("latency", 1, unit="months"), "at.latency", 2.75, "passed"),
    (level("retention", 9, unit="d"), "at.retention", 9.0, "passed"),
    (level("retention", 8, unit="d"), "at.retention", 9.0, "failed"),
    (level("frequency", 1, unit="d"), "at.frequency", 4.0, "failed"),
    (level("frequency", 4, unit="d"), "at.frequency", 4.0, "passed"),
    (level("frequency", 1, unit="w"), "at.frequency", 1.0, "passed"),
    (level("frequency", 1, unit="y"), "at.frequency", 0.0, "passed"),
    (level("latency", 1, unit="d", element="visits.on"), "on.latency", 1.0, "passed"),
]


@pytest.mark.parametrize(("levels", "identity", "value", "state"), LEVELS)
def test_service_levels_are_held_against_the_as_of_instant(
    levels: list[dict[str, Any]], identity: str, value: float, state: str, tmp_path: Path
) -> None:
    found = judged(contract(levels), tmp_path, open_engine())[identity]
    assert (found.state, found.value, found.severity) == (state, value, "warning")


THRESHOLDS = [
    ("mustBeLessThan", 2, "rows", 1.0, "passed", 0),
    ("mustBeLessThan", 1, "rows", 1.0, "failed", 2),
    ("mustBeLessOrEqualTo", 30, "percent", 33.3333333333, "failed", 2),
    ("mustBeBetween", [33, 34], "percent", 33.3333333333, "passed", 0),
]


@pytest.mark.parametrize(("operator", "bound", "unit", "value", "state", "failed"), THRESHOLDS)
def test_duplicates_are_values_that_occur_more_than_once(
    operator: str, bound: Any, unit: str, value: float, state: str, failed: int, tmp_path: Path
) -> None:
    """One address occurs twice: one value, and two rows of six."""
    rule = quality("copies", metric="duplicateValues", unit=unit, **{operator: bound})
    found = judged(contract(word=rule), tmp_path, open_engine())["word.copies"]
    assert found.value == pytest.approx(value, rel=1e-9)
    assert (found.state, found.failed_rows) == (state, failed)


def test_text_and_levels_that_are_not_about_rows_are_declared_and_not_checked(
    tmp_path: Path,
) -> None:
    rules = quality("seen", type="text", description="Somebody looked at it")
    levels = [{"property": "availability", "value": 99.9, "unit": "%"}]
    soda = quality("soda", type="custom", engine="soda", implementation="x")
    found = judged(contract(levels, rules=rules, word=soda), tmp_path, open_engine())
    declared = {name: found[name].state for name in ("seen", "availability", "word.soda")}
    assert set(declared.values()) == {"declared, not checked"}
    assert found["seen"].message == "Somebody looked at it"


def test_a_column_of_another_type_than_declared_fails_the_table(tmp_path: Path) -> None:
    found = judged(contract(pages={"logicalType": "string"}), tmp_path, open_engine())["types"]
    assert (found.state, found.message) == ("failed", "not of the type declared: pages")


def test_severity_and_dimension_are_carried(tmp_path: Path) -> None:
    rule = quality(
        "few", metric="rowCount", mustBeLessThan=3, severity="info", dimension="coverage"
    )
    found = judged(contract(rules=rule), tmp_path, open_engine())["few"]
    assert (found.state, found.severity, found.dimension) == ("failed", "info", "coverage")


REFUSED = [
    ({"word": options(pattern="(?=a)")}, "look-around"),
    ({"day": options(format="dd MMM yyyy")}, "not read: MMM"),
    ({"word": quality("q", metric="nullValues", mustBe="none")}, "mustBe is not a number"),
    ({"word": quality("q", metric="rowCount", mustBeBetween=[9, 1])}, "larger number first"),
    ({"word": quality("q", metric="invalidValues", mustBe=0)}, "needs validValues or a pattern"),
    ({"word": gx({"type": "unexpected_rows_expectation"})}, "names no expectation"),
    (
        {"word": gx({"type": "expect_column_max_to_be_between", "kwargs": {"row_condition": "x"}})},
        "would run code",
    ),
    (
        {
            "rules": {
                "relationships": [{"from": ["visits.site"], "to": ["sites.site_id", "sites.room"]}]
            }
        },
        "leads to no column",
    ),
]


@pytest.mark.parametrize(("given", "why"), REFUSED, ids=lambda v: v if isinstance(v, str) else "")
def test_rules_without_a_rendering_are_refused(
    given: dict[str, Any], why: str, tmp_path: Path
) -> None:
    with pytest.raises(EngagementError, match=why):
        compiled(contract(**given), tmp_path)


@pytest.mark.parametrize(
    ("levels", "why"),
    [
        (level("latency", 3, unit="m"), "minutes or months"),
        (level("latency", 3, unit="fortnights"), "is not read"),
        (level("latency", "soon"), "not a number or a duration"),
        (level("latency", 3, element="visits.until"), "not a column of a contract"),
        ([{"property": "latency", "value": 3}], "names no element"),
    ],
)
def test_service_levels_that_cannot_be_read_are_refused(
    levels: list[dict[str, Any]], why: str, tmp_path: Path
) -> None:
    with pytest.raises(EngagementError, match=why):
        compiled(contract(levels), tmp_path)


def every_rule() -> dict[str, Any]:
    """A contract with every rule above that can stand beside the others."""
    columns: dict[str, Any] = {}
    for number, (given, _, _) in enumerate(DECLARED):
        for name, rules in given.items():
            for word, value in rules.items():
                here = columns.setdefault(name, {})
                if word == "logicalTypeOptions":
                    here.setdefault(word, {}).update(value)
                else:
                    named = [
                        {**rule, "id": f"{rule['id']}_{number}"} if "id" in rule else rule
                        for rule in value
                    ]
                    here.setdefault(word, []).extend(named)
    levels = [
        found for given, *_ in (LEVELS[0], LEVELS[4], LEVELS[6], LEVELS[10]) for found in given
    ]
    return contract(levels, **columns)
