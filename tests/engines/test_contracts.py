"""The contracts' verdicts are the same whichever engine counts, Great Expectations on Spark too."""

from __future__ import annotations

import random
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from cxaudit.contracts.canonical import canonical_tables
from cxaudit.contracts.checks import Check, Loaded, check
from cxaudit.contracts.compilation import compile_rules
from cxaudit.contracts.document import open_contracts
from cxaudit.contracts.rules import ROW_KINDS
from cxaudit.engine import Engine, EngineSettings, open_engine
from tests.contracts.test_agreement import ROWS, drawn

# Tables that between them have a rule of every kind.
TABLES = ("agents", "customers", "messages", "surveys", "tickets")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Random rows that break every kind of rule."""
    folder, draw = tmp_path_factory.mktemp("drawn"), random.Random(3)
    for name in TABLES:
        pq.write_table(drawn(canonical_tables()[name], draw), folder / f"{name}.parquet")
    return folder


def checks(engine: Engine, folder: Path) -> list[Check]:
    tables = {name: engine.read(folder / f"{name}.parquet") for name in TABLES}
    supplied = {name: frozenset(table.columns) for name, table in tables.items()}
    loaded = Loaded(tables, supplied, dict.fromkeys(TABLES, ROWS))
    return check(compile_rules(open_contracts()), loaded, engine)


@pytest.fixture(scope="module")
def expected(folder: Path) -> list[Check]:
    return checks(open_engine(), folder)


def test_the_rules_of_these_tables_are_of_every_kind(expected: list[Check]) -> None:
    failed = {entry.kind for entry in expected if entry.state == "failed"}
    assert failed >= set(ROW_KINDS) - {"length"} | {"relation", "value"}


def test_every_check_of_another_engine_is_that_of_duckdb(
    folder: Path, expected: list[Check], other: EngineSettings, tmp_path: Path
) -> None:
    found = checks(open_engine(tmp_path, other), folder)
    differing = [
        (ours, theirs) for ours, theirs in zip(expected, found, strict=True) if ours != theirs
    ]
    assert not differing, differing[:5]
