"""What only a whole table shows is found alike on every engine, Great Expectations on Spark too."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa

from cxaudit.engine import EngineSettings, open_engine
from tests.contracts.test_plausibility import AGAINST, DAY, MISSING, answers, judged, tickets


def test_another_engine_finds_what_duckdb_finds(tmp_path: Path, other: EngineSettings) -> None:
    """Cells missing in every column, twins on one date and on another, and times before 1970."""
    spoilt = [answers(AGAINST, on=n, **{name: None}) for n, name in enumerate(MISSING)]
    old = tickets([(0, 1), (30, 61), (30, 62), (30, 61)], -30_000 * DAY)
    delivered = {
        "surveys": pa.concat_tables(spoilt),
        "tickets": pa.concat_tables([old, tickets([(40, 62), (40, 62)], 0)]),
    }
    for table, rows in delivered.items():
        expected = judged(table, rows, open_engine())
        assert {found.state for found in expected.values()} == {"failed"}, expected
        assert judged(table, rows, open_engine(tmp_path / "scratch", other)) == expected
