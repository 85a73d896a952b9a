"""The SQL kept in docs/sql is the SQL of today's definitions."""

from __future__ import annotations

import pytest

from .golden_sql import DIALECTS, FOLDER, RUN, queries, written

QUERIES = queries()


@pytest.mark.parametrize(
    "dialect",
    [
        pytest.param(dialect, marks=pytest.mark.spark if dialect == "pyspark" else ())
        for dialect in DIALECTS
    ],
)
def test_the_sql_kept_is_that_of_the_definitions(dialect: str) -> None:
    kept = {path.stem: path.read_text("utf-8") for path in (FOLDER / dialect).glob("*.sql")}
    now = {name: written(expression, dialect) for name, expression in QUERIES.items()}
    other = sorted(name for name in {*kept, *now} if kept.get(name) != now.get(name))
    assert not other, f"the SQL of {', '.join(other)} is another now: look at it, then 'make sql'"


def test_the_engines_that_are_run_have_every_query() -> None:
    lacking = [
        f"{dialect}/{path.name}"
        for dialect in RUN
        for path in (FOLDER / dialect).glob("*.sql")
        if "cannot write this" in path.read_text("utf-8")
    ]
    assert not lacking
