"""Every type of rule finds the same rows on every engine, Great Expectations on Spark too."""

from __future__ import annotations

from pathlib import Path

from cxaudit.engine import EngineSettings, open_engine
from tests.contracts.test_rule_types import every_rule, judged


def test_another_engine_finds_what_duckdb_finds(tmp_path: Path, other: EngineSettings) -> None:
    expected = judged(every_rule(), tmp_path, open_engine())
    failed = [found.id for found in expected.values() if found.state == "failed"]
    assert len(failed) > 15, "agreement on nothing proves nothing"
    assert judged(every_rule(), tmp_path, open_engine(tmp_path / "scratch", other)) == expected
