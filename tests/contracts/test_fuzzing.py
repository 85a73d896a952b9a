"""Whatever a contract says it opens or is refused; whatever a table holds, every row is told."""

from __future__ import annotations

import copy
import tempfile
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import yaml
from hypothesis import given
from hypothesis import strategies as st

from cxaudit.contracts.canonical import Column, canonical_tables
from cxaudit.contracts.checks import Loaded, check
from cxaudit.contracts.compilation import compile_rules
from cxaudit.contracts.document import open_contracts
from cxaudit.contracts.outcome import decide
from cxaudit.contracts.quarantine import Folders, part
from cxaudit.contracts.rules import Rule
from cxaudit.contracts.validate import with_nulls
from cxaudit.engine import open_engine
from cxaudit.errors import CxauditError
from cxaudit.resources import resource
from tests.fuzzing import cells, enormous, fuzzed, fuzzed_slowly, mangled, no_hang

# Contracts that name no other: each opens by itself.
SHIPPED = ("agents", "customers", "improvement_actions", "staffing_intervals", "kb_articles")

anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | enormous | st.dates(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(cells, inner, max_size=3),
    max_leaves=5,
)


@cache
def shipped(name: str) -> bytes:
    """The text of a contract of the workbook."""
    return (resource("data_contracts") / f"{name}.odcs.yaml").read_bytes()


def opened(content: bytes) -> None:
    """Opens a contract and makes rules of it, or is told in our words why that cannot be."""
    with tempfile.TemporaryDirectory() as folder, no_hang():
        (Path(folder) / "table.odcs.yaml").write_bytes(content)
        try:
            compile_rules(open_contracts(Path(folder)))
        except CxauditError as refused:
            assert str(refused), "a refusal without a word"


def places(node: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The ways to every part of a document."""
    found = [path] if path else []
    if isinstance(node, (dict, list)):
        steps = node.items() if isinstance(node, dict) else enumerate(node)
        for step, inner in steps:
            found += places(inner, (*path, step))
    return found


@fuzzed
@given(st.sampled_from(SHIPPED), st.data())
def test_contracts_whose_text_is_spoilt(name: str, data: st.DataObject) -> None:
    opened(data.draw(mangled(shipped(name))))


@fuzzed
@given(st.sampled_from(SHIPPED), st.data())
def test_contracts_that_say_something_else(name: str, data: st.DataObject) -> None:
    document = yaml.load(shipped(name), Loader=yaml.CSafeLoader)
    for _ in range(data.draw(st.integers(1, 3))):
        changed = copy.deepcopy(document)
        way = data.draw(st.sampled_from(places(changed)))
        at = changed
        for step in way[:-1]:
            at = at[step]
        match data.draw(st.sampled_from(("other", "lost", "renamed", "twice"))):
            case "other":
                at[way[-1]] = data.draw(anything)
            case "lost":
                del at[way[-1]]
            case "renamed" if isinstance(at, dict):
                at[data.draw(cells)] = at.pop(way[-1])
            case "twice" if isinstance(at, list):
                at.append(at[way[-1]])
        document = changed
    opened(yaml.safe_dump(document, allow_unicode=data.draw(st.booleans())).encode())


@fuzzed
@given(st.one_of(st.binary(max_size=200), anything.map(lambda made: yaml.dump(made).encode())))
def test_contracts_that_are_none(content: bytes) -> None:
    opened(content)


PLACES = ("checked", "quarantine")
RULED = ("agents", "trainings", "schedule_holidays")
instants = st.datetimes(datetime(1, 1, 1), datetime(9999, 12, 31)).map(
    lambda at: at.replace(tzinfo=UTC)
)


@cache
def rules() -> tuple[Rule, ...]:
    """The rules of the workbook for a few tables with relations among them."""
    compiled = compile_rules(open_contracts())
    return tuple(rule for rule in compiled if rule.table in RULED)


def values(column: Column) -> st.SearchStrategy[Any]:
    """Cells of a column's type, missing, hostile or what its rules ask for."""
    match column.type:
        case "instant":
            made: st.SearchStrategy[Any] = instants
        case "date":
            made = st.dates(date(1, 1, 1))
        case "integer":
            made = st.integers(-(2**63), 2**63 - 1) | st.integers(0, 9)
        case "decimal":
            made = st.floats() | st.floats(0, 9)
        case "boolean":
            made = st.booleans()
        case "list":
            made = st.lists(st.none() | cells, max_size=3)
        case _:
            made = enormous | st.sampled_from(("a", "b", *column.enum))
    return st.none() | made


@st.composite
def tables(draw: st.DrawFn) -> dict[str, pa.Table]:
    """Some of the tables, in their types, with a few rows each."""
    made = {}
    for name in draw(st.sets(st.sampled_from(RULED), min_size=1, max_size=2)):
        declared = canonical_tables()[name]
        count = draw(st.integers(0, 6))
        columns = {
            column.name: draw(st.lists(values(column), min_size=count, max_size=count))
            for column in declared.columns.values()
        }
        made[name] = pa.table(columns, schema=declared.arrow_schema())
    return made


@fuzzed_slowly
@given(tables(), st.data())
def test_every_row_is_kept_or_quarantined(made: dict[str, pa.Table], data: st.DataObject) -> None:
    with tempfile.TemporaryDirectory() as where, no_hang():
        folder = Path(where)
        engine = open_engine(folder)
        for name, table in made.items():
            pq.write_table(table, folder / f"{name}.parquet")
        supplied = {
            name: frozenset(data.draw(st.sets(st.sampled_from(table.column_names))))
            | set(canonical_tables()[name].key)
            for name, table in made.items()
        }
        loaded = Loaded(
            {name: with_nulls(engine.read(folder / f"{name}.parquet")) for name in made},
            supplied,
            {name: table.num_rows for name, table in made.items()},
        )
        checks = check(rules(), loaded, engine)
        crashed = [entry.message for entry in checks if entry.state == "could not run"]
        assert not crashed, crashed
        outcome = decide(rules(), checks, loaded.rows, ())
        folders = Folders(folder, folder / "checked", folder / "quarantine")
        parted = part(rules(), checks, loaded, outcome.unusable, folders, engine)
        for name, table in made.items():
            if name in outcome.unusable:
                continue
            rows = parted[name]
            assert rows.kept + rows.quarantined == table.num_rows, f"{name}: rows are lost"
            kept, aside = (written(folder / place / f"{name}.parquet") for place in PLACES)
            assert (kept, aside) == (rows.kept, rows.quarantined), f"{name}: not as written"


def written(path: Path) -> int:
    """The number of rows of a file; 0 where there is none."""
    return pq.read_metadata(path).num_rows if path.exists() else 0
