"""One audit, three engines: the same facts to the last cell, the same estimates and intervals."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest

from cxaudit.contracts.validate import validate
from cxaudit.engine import EngineSettings
from cxaudit.facts import make_facts
from cxaudit.load import load
from cxaudit.measure import measure
from cxaudit.resources import resource
from cxaudit.run import Run, open_run
from cxaudit.simulate import simulate

TICKETS_PER_QUARTER = 400
# As relative differences: of what is counted or estimated, and of what says how sure that is.
EXACT, CLOSE = 1e-9, 1e-6
ESTIMATES = ("estimate", "cases", "missing", "not_yet_due", "agents")
UNCERTAINTY = ("low", "high", "se", "df")
PLACE = ["indicator", "slice", "value of slice", "period"]


@pytest.fixture(scope="module")
def on_duckdb(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """The small demo service, audited as far as the measuring step on DuckDB."""
    folder = tmp_path_factory.mktemp("service")
    simulate(folder / "data", tickets_per_quarter=TICKETS_PER_QUARTER)
    shutil.copy(resource("demo") / "engagement.toml", folder)
    run = open_run(folder, workspace=folder / "duckdb")
    load(run)
    validate(run)
    make_facts(run)
    measure(run)
    return run


@pytest.fixture(scope="module")
def on_another(on_duckdb: Run, other: EngineSettings) -> Run:
    """The same from the checked tables on, on another engine."""
    engagement = on_duckdb.engagement.model_copy(update={"engine": other})
    run = Run(engagement, on_duckdb.period, on_duckdb.workspace.with_name(other.kind))
    for stage in ("1_load", "2_validate"):
        made_here = shutil.ignore_patterns("facts", "tables", "population.json")
        shutil.copytree(on_duckdb.workspace / stage, run.workspace / stage, ignore=made_here)
    make_facts(run)
    measure(run)
    return run


def files(run: Run, folder: str) -> dict[str, Path]:
    return {path.name: path for path in sorted((run.workspace / folder).glob("*.parquet"))}


@pytest.mark.parametrize("folder", ["2_validate/tables", "2_validate/facts"])
def test_every_fact_is_the_same_to_the_last_cell(
    on_duckdb: Run, on_another: Run, folder: str
) -> None:
    ours, theirs = files(on_duckdb, folder), files(on_another, folder)
    assert set(ours) == set(theirs)
    differing = []
    for name, path in ours.items():
        one, two = pq.read_table(path), pq.read_table(theirs[name])
        if one.schema != two.schema:
            differing.append(f"{name}: other types")
        elif not one.equals(two):
            columns = [c for c in one.column_names if not one[c].equals(two[c])]
            differing.append(f"{name}: {', '.join(columns) or 'other rows'}")
    assert not differing, differing


def relative_differences(ours: pd.Series, theirs: pd.Series) -> pd.Series:
    """Zero where both are equal or missing, infinite where one is missing."""
    one, two = ours.to_numpy(float), theirs.to_numpy(float)
    same = (one == two) | (np.isnan(one) & np.isnan(two))
    apart = np.abs(one - two) / np.maximum(np.maximum(np.abs(one), np.abs(two)), 1e-300)
    return pd.Series(np.where(same, 0.0, np.where(np.isnan(apart), np.inf, apart)), ours.index)


def test_every_estimate_and_interval_is_the_same(on_duckdb: Run, on_another: Run) -> None:
    ours, theirs = (
        pd.read_parquet(run.workspace / "3_score" / "measures.parquet").set_index(PLACE)
        for run in (on_duckdb, on_another)
    )
    assert ours.index.equals(theirs.index)
    measured = set(ours[ours["estimate"].notna()].index.get_level_values("indicator"))
    assert len(measured) > 50, f"only {len(measured)} indicators could be measured here"
    for columns, bound in ((ESTIMATES, EXACT), (UNCERTAINTY, CLOSE)):
        for column in columns:
            apart = relative_differences(ours[column], theirs[column])
            beyond = apart[apart > bound]
            assert beyond.empty, f"{column}: {beyond.sort_values().tail(5).to_dict()}"
    for column in ("method", "reason", "notes"):
        pd.testing.assert_series_equal(ours[column], theirs[column])


def test_every_change_is_the_same(on_duckdb: Run, on_another: Run) -> None:
    ours, theirs = (
        pd.read_parquet(run.workspace / "3_score" / "differences.parquet")
        for run in (on_duckdb, on_another)
    )
    assert len(ours) > 100
    pd.testing.assert_frame_equal(ours, theirs, rtol=CLOSE, atol=0)


def test_the_ledger_of_the_population_is_the_same(on_duckdb: Run, on_another: Run) -> None:
    ours, theirs = (
        (run.workspace / "2_validate" / "population.json").read_text(encoding="utf-8")
        for run in (on_duckdb, on_another)
    )
    assert ours == theirs
