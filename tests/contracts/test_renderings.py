"""One rule, two renderings: the engine's failing rows are those of Great Expectations' verdict.

Every count here is worked out by hand on the six visits below.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from cxaudit.contracts.checks import COULD_NOT_RUN, Check, Loaded, check
from cxaudit.contracts.rules import Rule
from cxaudit.contracts.sql import Query, prepare
from cxaudit.engine import Engine, open_engine

INSTANT = pa.timestamp("us", "UTC")
ROWS = 6


def instants(*texts: str | None) -> pa.Array:
    return pa.array([t and datetime.fromisoformat(f"{t}+00:00") for t in texts], INSTANT)


VISITS = pa.table(
    {
        "visit_id": pa.array(["a", "b", "b", None, "d", "e"]),
        "site": pa.array(["1", "1", "1", None, None, None]),
        "starts_at": instants(
            "2020-01-01T00:00:00",
            None,
            "1970-01-01T00:00:00",
            "2020-01-01T01:00:00",
            "2020-01-02T00:00:00.750000",
            "2020-01-01T00:00:01",
        ),
        "ends_at": instants(
            "2019-01-01T00:00:00",
            "2020-01-01T00:00:00",
            None,
            "2020-01-01T02:00:00",
            "2020-01-01T00:00:00",
            "2021-01-01T00:00:00",
        ),
        "pages": pa.array([1, 2, None, 4, 5, 6], pa.int64()),
        "spent": pa.array([1.0, None, 3.0, 4.0, 5.0, 6.0]),
        "is_new": pa.array([True, False, None, True, None, False]),
        "word": pa.array(["new", "foo", None, "new", "new", "öld"]),
    }
)
SITES = pa.table({"site_id": pa.array(["1", "9", None])})
EMPTY = VISITS.slice(0, 0)


@pytest.fixture(scope="module")
def engine() -> Engine:
    return open_engine()


@pytest.fixture(scope="module")
def loaded(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Loaded:
    return load(engine, tmp_path_factory.mktemp("loaded"), {"visits": VISITS, "sites": SITES})


def load(engine: Engine, folder: Path, tables: Mapping[str, pa.Table]) -> Loaded:
    for name, table in tables.items():
        pq.write_table(table, folder / f"{name}.parquet")
    return Loaded(
        tables={name: engine.read(folder / f"{name}.parquet") for name in tables},
        supplied={name: frozenset(table.column_names) for name, table in tables.items()},
        rows={name: table.num_rows for name, table in tables.items()},
    )


def rule(kind: str, *columns: str, **arguments: Any) -> Rule:
    return Rule(
        id=f"visits.{kind}",
        table="visits",
        kind=kind,
        severity="error",
        description="A visit is as it should be",
        contract="visits.odcs.yaml",
        column=columns[0] if columns else None,
        columns=columns,
        arguments=arguments,
    )


def query_rule(kind: str, sql: str, **arguments: Any) -> Rule:
    query = Query(prepare(sql, None))
    return rule(kind, *query.columns, query=query, **arguments)


def outcome(tried: Rule, loaded: Loaded, engine: Engine) -> Check:
    (found,) = check([tried], loaded, engine)
    assert found.state != COULD_NOT_RUN, f"{tried.kind}: {found.message}"
    return found


ROW_RULES = [
    (rule("required", "visit_id"), 1),
    (rule("required", "pages"), 1),
    (rule("unique", "visit_id", columns=("visit_id",)), 2),
    (rule("unique", "visit_id", "site", columns=("visit_id", "site")), 2),
    (rule("unique", "site", "word", columns=("site", "word")), 2),
    (rule("enum", "word", values=("new", "foo")), 1),
    (rule("range", "starts_at", minimum="1990-01-01T00:00:00Z"), 1),
    (rule("range", "starts_at", maximum="2020-01-01T01:00:00Z"), 1),
    (rule("range", "starts_at", strict_maximum="2020-01-01T01:00:00Z"), 2),
    (rule("range", "pages", strict_minimum=2, maximum=5), 3),
    (rule("range", "spent", minimum=3, strict_maximum=6), 2),
    (rule("length", "word", minimum=4), 5),
    (rule("length", "word", maximum=3), 0),
    (rule("pattern", "word", pattern="^[a-z]+$"), 1),
    (rule("pattern", "word", pattern="o"), 4),
    (rule("pattern", "word", pattern=r"^\p{L}+$"), 0),
    (rule("exists", "site", table="sites", columns=("site_id",)), 0),
    (rule("exists", "visit_id", table="sites", columns=("site_id",)), 5),
]


@pytest.mark.parametrize(("tried", "failed"), ROW_RULES, ids=lambda v: getattr(v, "kind", None))
def test_row_rules_fail_the_rows_they_should(
    tried: Rule, failed: int, loaded: Loaded, engine: Engine
) -> None:
    found = outcome(tried, loaded, engine)
    assert found.failed_rows == failed
    assert found.state == ("failed" if failed else "passed")


CONDITIONS = [
    ("ends_at < starts_at", 2),
    ("NOT (ends_at < starts_at)", 2),
    ("pages <> 2", 4),
    ("pages = 2 OR spent = 3", 2),
    ("NOT (pages IN (2, 4))", 3),
    ("pages NOT IN (2, 4)", 3),
    ("is_new", 2),
    ("NOT is_new", 2),
    ("is_new = FALSE", 2),
    ("is_new OR pages = 5", 3),
    ("is_new AND pages > 1", 1),
    ("spent IS NULL AND pages IS NOT NULL", 1),
    ("NOT (spent IS NULL)", 5),
    ("word IN ('new') OR spent > 5", 4),
    ("COALESCE(spent, 0) < 2", 2),
    ("NULLIF(pages, 5) IS NULL", 2),
    ("EXTRACT(EPOCH FROM starts_at) % 3600 = 0", 4),
    ("EXTRACT(EPOCH FROM ends_at) - EXTRACT(EPOCH FROM starts_at) > 60", 2),
    ("starts_at < TIMESTAMP '1990-01-01'", 1),
    ("starts_at >= TIMESTAMP '2020-01-01 02:00:00+01:00'", 2),
    ("LOWER(word) = 'foo'", 1),
    ("LENGTH(word) <> 3", 0),
    ("pages BETWEEN 2 AND 4", 2),
    ("pages NOT BETWEEN 2 AND 4", 3),
    ("pages / 2 > 2", 2),
    ("pages * 2 + 1 - spent > 5", 2),
    ("CASE WHEN pages > 3 THEN 1 ELSE 0 END = 1", 3),
    ("-pages < -4", 2),
    ("pages % 2 = 0", 3),
]


@pytest.mark.parametrize(("condition", "failed"), CONDITIONS)
def test_conditions_mean_what_sql_means(
    condition: str, failed: int, loaded: Loaded, engine: Engine
) -> None:
    tried = query_rule("condition", f"SELECT COUNT(*) FROM {{object}} WHERE {condition}")
    assert outcome(tried, loaded, engine).failed_rows == failed


VALUES = [
    ("SELECT COUNT(*) FROM {object}", 6.0, 0),
    ("SELECT COUNT(*) AS n FROM ${table} WHERE pages > 100", 0.0, 0),
    ("SELECT COUNT(word) FROM {object}", 5.0, 0),
    ("SELECT COUNT(DISTINCT word) FROM {object}", 3.0, 0),
    ("SELECT COUNT(*) FILTER (WHERE NOT is_new) FROM {object}", 2.0, 0),
    ("SELECT SUM(pages) FROM {object}", 18.0, 0),
    ("SELECT MAX(spent) - MIN(pages) FROM {object}", 5.0, 0),
    ("SELECT AVG(spent) FROM {object} WHERE pages > 1", 5.0, 0),
    ("SELECT 1.0 * COUNT(DISTINCT starts_at) / COUNT(*) FROM {object}", 5 / 6, 0),
    ("SELECT AVG(CASE WHEN pages > 3 THEN 1.0 ELSE 0.0 END) FROM {object}", 0.5, 3),
    (
        "SELECT 100.0 * AVG(CASE WHEN word IS NULL THEN 1.0 ELSE 0.0 END) FROM {object} "
        "WHERE spent IS NOT NULL",
        20.0,
        1,
    ),
]


@pytest.mark.parametrize(("sql", "value", "failed"), VALUES)
def test_queries_find_the_value_they_should(
    sql: str, value: float, failed: int, loaded: Loaded, engine: Engine
) -> None:
    found = outcome(query_rule("value", sql, operator="mustBe", bound=-1), loaded, engine)
    assert found.value == pytest.approx(value, rel=1e-11)
    assert found.state == "failed"
    assert found.failed_rows == failed


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT AVG(spent) FROM {object} WHERE pages > 100",
        "SELECT 1.0 * COUNT(*) / COUNT(*) FILTER (WHERE pages > 100) FROM {object}",
    ],
)
def test_a_query_without_a_value_is_neither_passed_nor_failed(
    sql: str, loaded: Loaded, engine: Engine
) -> None:
    found = outcome(query_rule("value", sql, operator="mustBe", bound=1), loaded, engine)
    assert (found.state, found.message) == ("not applicable", "no rows to judge")


BOUNDS = [
    ("mustBe", 6, True),
    ("mustNotBe", 6, False),
    ("mustBeGreaterThan", 6, False),
    ("mustBeGreaterOrEqualTo", 6, True),
    ("mustBeLessThan", 6, False),
    ("mustBeLessOrEqualTo", 6, True),
    ("mustBeBetween", [5, 6], True),
    ("mustNotBeBetween", [5, 6], False),
]


@pytest.mark.parametrize(("operator", "bound", "passes"), BOUNDS)
def test_operators_of_the_standard(
    operator: str, bound: Any, passes: bool, loaded: Loaded, engine: Engine
) -> None:
    tried = query_rule("value", "SELECT COUNT(*) FROM {object}", operator=operator, bound=bound)
    assert outcome(tried, loaded, engine).state == ("passed" if passes else "failed")


@pytest.mark.parametrize(("at_least", "passes"), [(0.4, True), (0.41, False)])
def test_a_relation_holds_from_its_share_on(
    at_least: float, passes: bool, loaded: Loaded, engine: Engine
) -> None:
    """Of the five words two are not among the sites of the visits: share 0.6; here 2 of 5 are."""
    words = pa.table({"word": pa.array(["foo", "öld"])})
    visits = Loaded(
        {**loaded.tables, "words": engine.table(words)},
        {**loaded.supplied, "words": frozenset({"word"})},
        {**loaded.rows, "words": 2},
    )
    tried = rule("relation", "word", table="words", columns=("word",), at_least=at_least)
    found = outcome(tried, visits, engine)
    assert (found.rows, found.failed_rows, found.share) == (5, 3, 0.6)
    assert found.state == ("passed" if passes else "failed")


def test_a_missing_column_fails_the_table(loaded: Loaded, engine: Engine) -> None:
    found = outcome(rule("columns", columns=("visit_id", "country")), loaded, engine)
    assert (found.state, found.message) == ("failed", "not supplied: country")
    assert outcome(rule("columns", columns=("visit_id",)), loaded, engine).state == "passed"


def test_rules_of_columns_or_tables_not_supplied_do_not_apply(
    loaded: Loaded, engine: Engine
) -> None:
    tried = [
        rule("required", "country"),
        rule("exists", "site", table="countries", columns=("id",)),
    ]
    found = check(tried, loaded, engine)
    assert [entry.state for entry in found] == ["not applicable", "not applicable"]
    assert found[0].message == "country not supplied"


def test_no_row_rule_applies_to_a_table_without_rows(engine: Engine, tmp_path: Path) -> None:
    empty = load(engine, tmp_path, {"visits": EMPTY})
    tried = [tried for tried, _ in ROW_RULES if tried.kind != "exists"]
    assert {entry.state for entry in check(tried, empty, engine)} == {"not applicable"}


def test_a_declared_rule_is_listed_and_not_checked(loaded: Loaded, engine: Engine) -> None:
    assert outcome(rule("declared"), loaded, engine).state == "declared, not checked"


def test_a_rule_that_cannot_run_is_neither_passed_nor_failed(
    loaded: Loaded, engine: Engine
) -> None:
    """A pattern with a look-ahead is one for Python, not for the engine; others still run."""
    tried = [rule("pattern", "word", pattern="^(?=n)"), rule("required", "visit_id")]
    found = check(tried, loaded, engine)
    assert [entry.state for entry in found] == ["could not run", "failed"]
    assert "word" not in found[0].message, f"the message may quote a cell: {found[0].message}"


@pytest.mark.parametrize(
    ("sql", "why"),
    [
        ("SELECT COUNT(*) FROM {object}; DROP TABLE visits", "rules read and never write"),
        ("INSERT INTO {object} VALUES (1)", "rules read and never write"),
        ("SELECT COUNT(*) FROM read_csv('/etc/hostname')", "from its own table alone"),
        ("SELECT COUNT(*) FROM {object} JOIN sites ON TRUE", "from its own table alone"),
        ("SELECT COUNT(*) FROM {object} WHERE a IN (SELECT 1)", "supported:"),
        ("SELECT MAX(read_text('/etc/hostname')) FROM {object}", "supported:"),
        ("SELECT COUNT(*) OVER () FROM {object}", "supported:"),
        ("SELECT COUNT(*) FROM {object} GROUP BY a", "GROUP clause"),
        ("SELECT COUNT(*) FROM {object} WHERE a IS TRUE", "supported:"),
        ("SELECT COUNT(*) FROM {object} WHERE a BETWEEN SYMMETRIC 2 AND 1", "supported:"),
        ("SELECT COUNT(*) FROM {object} WHERE a = NULL", "supported:"),
        ("SELECT COUNT(*), 1 FROM {object}", "exactly one value"),
        ("SELECT COUNT(*) FROM {object} WHERE COUNT(*) > 1", "aggregates inside WHERE"),
        ("SELECT COUNT(*) FROM {object} WHERE at < TIMESTAMP 'soon'", "isoformat"),
    ],
)
def test_sql_that_cannot_be_rendered_is_refused(sql: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        _ = Query(prepare(sql, None)).columns
