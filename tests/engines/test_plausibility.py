"""What only a whole table shows is found alike on every engine, Great Expectations on Spark too."""

from __future__ import annotations

from pathlib import Path

from cxaudit.engine import EngineSettings, open_engine
from tests.contracts.test_plausibility import AGAINST, answers, judged, tickets


def test_another_engine_finds_what_duckdb_finds(tmp_path: Path, other: EngineSettings) -> None:
    delivered = {"surveys": answers(AGAINST), "tickets": tickets([(30, 61), (40, 62), (30, 61)])}
    for table, rows in delivered.items():
        expected = judged(table, rows, open_engine())
        assert {found.state for found in expected.values()} == {"failed"}
        assert judged(table, rows, open_engine(tmp_path / "scratch", other)) == expected
