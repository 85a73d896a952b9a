"""Where tables live and aggregates are computed: the only place that names an engine.

Embedded DuckDB unless the engagement chooses Spark or PostgreSQL. What leaves it is an Ibis
table, an Arrow table or the data frame that contracts are judged on, so that facts and contracts
are written once for all of them.
"""

from __future__ import annotations

import sys
from pathlib import Path

from cxaudit.engine.interface import Engine
from cxaudit.engine.settings import EngineSettings, problems_of

__all__ = ["Engine", "EngineSettings", "open_engine", "problems_of"]

DEEPEST = 10_000


def open_engine(scratch: Path | None = None, settings: EngineSettings | None = None) -> Engine:
    """The engine of the settings, opened; default: DuckDB in memory.

    What does not fit in memory goes to `scratch`. Raises `EngagementError` where its driver, Java
    or the server is missing.
    """
    settings = settings or EngineSettings()
    # SQL is written and read by recursion: an expression of many steps goes deeper than usual.
    sys.setrecursionlimit(max(DEEPEST, sys.getrecursionlimit()))
    match settings.kind:
        case "spark":
            from cxaudit.engine.spark import SparkEngine

            return SparkEngine(settings, scratch)
        case "postgres":
            from cxaudit.engine.postgres import PostgresEngine

            return PostgresEngine(settings)
    from cxaudit.engine.embedded import DuckEngine

    return DuckEngine(settings, scratch)
