"""Great Expectations is given a large table in groups of columns; the verdicts stay the same."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from cxaudit.contracts import packing
from cxaudit.contracts.checks import Loaded, check
from cxaudit.contracts.packing import packed
from cxaudit.contracts.rules import Rule
from cxaudit.contracts.sql import Query, prepare
from cxaudit.engine import open_engine

# Rows 1 and 3 share an id, which are neighbours only once they are sorted; one word is missing.
CALLS = pa.table(
    {
        "call_id": ["c", "a", "c", "b"],
        "queue": ["1", "2", "2", "1"],
        "word": ["short", None, "long", "longer"],
    }
)


def rule(kind: str, *columns: str, **arguments: object) -> Rule:
    return Rule(
        id=f"calls.{'_'.join(columns)}.{kind}",
        table="calls",
        kind=kind,
        severity="error",
        description="A call is as it should be",
        contract="calls.odcs.yaml",
        column=columns[0] if columns else None,
        columns=columns,
        arguments=arguments,
    )


QUERY = Query(prepare("SELECT COUNT(*) FROM {object} WHERE queue = '2' AND word IS NULL", None))
RULES = [
    rule("columns", columns=("call_id", "queue")),
    rule("required", "call_id"),
    rule("required", "word"),
    rule("condition", *QUERY.columns, query=QUERY),
    rule("unique", "call_id", columns=("call_id",)),
    rule("enum", "queue", values=("1",)),
    rule("length", "word", maximum=5),
    rule("unique", "queue", "word", columns=("queue", "word")),
]


def failed_rows(folder: Path) -> list[int]:
    engine = open_engine()
    pq.write_table(CALLS, folder / "calls.parquet")
    tables = {"calls": engine.read(folder / "calls.parquet")}
    loaded = Loaded(tables, {"calls": frozenset(CALLS.column_names)}, {"calls": CALLS.num_rows})
    checks = check(RULES, loaded, engine)
    assert {found.state for found in checks} <= {"passed", "failed"}, checks
    return [found.failed_rows for found in checks]


@pytest.mark.parametrize("cells", [1, 8, 1_000_000])
def test_every_group_of_columns_gives_the_same_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cells: int
) -> None:
    monkeypatch.setattr(packing, "COLUMN_CELLS", cells)
    monkeypatch.setattr(packing, "QUERY_CELLS", cells)
    assert failed_rows(tmp_path) == [0, 0, 1, 1, 2, 2, 1, 0]


def test_a_small_table_is_one_batch_but_for_its_structure() -> None:
    structure, rest = packed(RULES, rows=4)
    assert [found.kind for found in structure] == ["columns"]
    assert len(rest) == len(RULES) - 1


def test_a_group_of_a_large_table_reads_few_columns_and_no_rule_is_lost() -> None:
    groups = packed(RULES, rows=packing.COLUMN_CELLS)
    assert sorted(found.id for group in groups for found in group) == sorted(r.id for r in RULES)
    read = [{name for found in group for name in found.columns} for group in groups]
    widest = [columns for columns in read if len(columns) > 1]
    assert sorted(map(sorted, widest)) == [["queue", "word"], ["queue", "word"]], (
        "only a rule that compares two columns reads two"
    )
