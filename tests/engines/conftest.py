"""Every engine in turn, opened with what suits small tables."""

from __future__ import annotations

from pathlib import Path

import pytest

from cxaudit.engine import Engine, EngineSettings, open_engine

# Compiling code for a query takes Spark longer than running it over a thousand rows.
SMALL = {
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    "spark.sql.shuffle.partitions": "2",
    "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
}
OTHERS = [
    pytest.param("postgres", marks=pytest.mark.postgres),
    pytest.param("spark", marks=pytest.mark.spark),
]


def settings_of(kind: str, request: pytest.FixtureRequest) -> EngineSettings:
    """The settings of an engine of a kind, its server started where it needs one."""
    if kind == "spark":
        return EngineSettings(kind=kind, master="local[2]", memory="2GB", options=SMALL)
    if kind == "postgres":
        return EngineSettings(kind=kind, url_variable=request.getfixturevalue("postgres_variable"))
    return EngineSettings()


@pytest.fixture(scope="module", params=OTHERS)
def other(request: pytest.FixtureRequest) -> EngineSettings:
    """The settings of each engine that is not the default."""
    return settings_of(request.param, request)


@pytest.fixture(scope="module", params=["duckdb", *OTHERS])
def engine(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Engine:
    """Each engine, opened."""
    scratch: Path = tmp_path_factory.mktemp("scratch")
    return open_engine(scratch, settings_of(request.param, request))
