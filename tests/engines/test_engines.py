"""What an engine is given comes back as it was, and an expression means the same on each."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from ibis import _

from cxaudit.engine import Engine, open_engine

ROWS = pa.table(
    {
        "id": pa.array(["a", "B", "é", "", None]),
        "text": pa.array(["two\nlines", 'a "word", and', "", "NULL", None]),
        "at": pa.array(
            [
                datetime(2026, 7, 1, 12, 0, 0, 250_000, tzinfo=UTC),
                datetime(1969, 12, 31, 23, 59, 59, 500_000, tzinfo=UTC),
                datetime(2026, 3, 29, 1, 30, tzinfo=UTC),
                datetime(2100, 1, 1, tzinfo=UTC),
                None,
            ],
            pa.timestamp("us", "UTC"),
        ),
        "on": pa.array([date(2026, 7, 1), date(1970, 1, 1), None, date(2100, 2, 28), None]),
        "whole": pa.array([1, -7, 2**53 + 1, 0, None]),
        "part": pa.array([0.1 + 0.2, -2.5, 1e300, 5e-324, None]),
        "flag": pa.array([True, False, None, True, None]),
        "list": pa.array([["x", 'y "z"'], [], ["{,}", "\\"], [""], None], pa.list_(pa.string())),
    }
)


@pytest.fixture(scope="module")
def rows(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> ir.Table:
    path = tmp_path_factory.mktemp("rows") / "rows.parquet"
    pq.write_table(ROWS, path)
    return engine.read(path)


def column(engine: Engine, table: ir.Table, value: Any) -> list[Any]:
    """The values of an expression in the order of the ids' bytes, the unknown one last."""
    place = _.id.fill_null("\U0010ffff")
    return engine.fetch(table.order_by(place).select(value=value))["value"].to_pylist()


def test_what_goes_in_comes_out(engine: Engine, rows: ir.Table, tmp_path: Path) -> None:
    order = [3, 1, 0, 2, 4]
    expected = ROWS.take(order)
    for table in (rows, engine.table(ROWS), engine.cached(rows)):
        placed = table.mutate(place=_.id.fill_null("\U0010ffff"))
        found = engine.fetch(placed.order_by("place").drop("place"))
        assert found.to_pylist() == expected.to_pylist(), "as fetched, by the bytes of the ids"
        engine.write(placed, tmp_path / "out.parquet", order_by=["place"])
        written = pq.read_table(tmp_path / "out.parquet").drop_columns("place")
        assert written.to_pylist() == expected.to_pylist(), "as written"
        assert written.schema.types == ROWS.schema.types


def test_no_rows_keep_their_types(engine: Engine, rows: ir.Table, tmp_path: Path) -> None:
    nothing = rows.filter(_.whole == 12)
    assert engine.fetch(nothing).schema.types == ROWS.schema.types
    engine.write(nothing, tmp_path / "none.parquet", order_by=["id"])
    assert pq.read_table(tmp_path / "none.parquet").schema.types == ROWS.schema.types


def test_small_whole_numbers_are_written_as_declared(
    engine: Engine, rows: ir.Table, tmp_path: Path
) -> None:
    banded = rows.select("id", band=ibis.cases((_.whole < 0, 0), (_.whole > 0, 1), else_=None))
    engine.write(banded, tmp_path / "bands.parquet", order_by=["id"])
    written = pq.read_schema(tmp_path / "bands.parquet")
    assert written.field("band").type == banded.schema().to_pyarrow().field("band").type


def test_what_rests_on_a_kept_result_keeps_it(engine: Engine, rows: ir.Table) -> None:
    kept = engine.cached(rows.select("whole"))
    later = kept.filter(_.whole > 0).agg(sum=_.whole.sum())
    del kept
    engine.cached(rows.select("part"))
    assert engine.fetch(later).to_pylist() == [{"sum": 2**53 + 2}]


def test_a_result_that_nothing_rests_on_takes_no_memory() -> None:
    duck = open_engine()
    for number in range(3):
        duck.cached(duck.table(ROWS).select(number=ibis.literal(number)))
    kept = duck._connection.con.execute("SELECT count(*) FROM duckdb_tables()").fetchone()
    assert kept == (1,), "of three results in turn only the last is still there"


def test_a_file_written_anew_is_read_anew(engine: Engine, tmp_path: Path) -> None:
    for rows in (2, 3):
        pq.write_table(ROWS.slice(0, rows), tmp_path / "again.parquet")
        found = engine.fetch(engine.read(tmp_path / "again.parquet").count())
        assert found.column(0).to_pylist() == [rows]


def test_more_rows_than_one_batch_stay_in_order(engine: Engine, tmp_path: Path) -> None:
    number = 300_000
    table = engine.table(
        pa.table({"n": pa.array(range(number, 0, -1)), "text": ["x" * 20] * number})
    )
    engine.write(table, tmp_path / "many.parquet", order_by=["n"])
    assert pq.read_table(tmp_path / "many.parquet")["n"].to_pylist() == [*range(1, number + 1)]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (_.at.epoch_seconds().cast("int64"), [4102444800, -1, 1782907200, 1774747800, None]),
        (_.whole / 0, [None] * 5),
        (_.part / _.whole, [None, 2.5 / 7, 0.1 + 0.2, 1e300 / (2**53 + 1), None]),
        (_.whole // 2, [0, -4, 0, 2**52, None]),
        (ibis.ifelse(_.part.abs() < 9, _.part, None).cast("int64"), [0, -2, 0, None, None]),
        (_.flag.cast("float64"), [1.0, 0.0, 1.0, None, None]),
        (_.flag.cast("int64"), [1, 0, 1, None, None]),
        (_.at.notnull().isnull(), [False] * 5),
        (_.id.lower().strip().isin(["", "a", "b"]), [True, True, True, False, None]),
        (_.text.re_search('^.*"word".*$'), [False, True, False, False, None]),
        (_.text.length(), [4, 13, 9, 0, None]),
    ],
    ids=str,
)
def test_an_expression_means_the_same(
    engine: Engine, rows: ir.Table, value: Any, expected: list[Any]
) -> None:
    found = column(engine, rows, value)
    assert found == [pytest.approx(e, rel=1e-15) if isinstance(e, float) else e for e in expected]


def test_a_mean_of_numbers_with_a_point_is_not_rounded(engine: Engine, rows: ir.Table) -> None:
    share = 100.0 * ibis.ifelse(_.whole == 1, 1.0, 0.0).mean(
        where=_.whole.notnull() & (_.whole < 9)
    )
    found = engine.fetch(rows.agg(share=share))["share"].to_pylist()
    assert found == [pytest.approx(100 / 3, rel=1e-15)]
