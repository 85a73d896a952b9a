"""Does every engine give the same audit, and in what time?

    python benchmarks/engines.py [--tickets 1000000] [--share 0.1] [--folder F]

Simulates a service with that many tickets (and about five and a half times as many messages) for
DuckDB, and with a share of it for DuckDB, PostgreSQL and Spark, each in a process of its own:
facts, then all estimates with their intervals, slices, periods and months. Writes the table of
docs/engines.md.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

from benchmarks.scale import make
from benchmarks.simulated_workspace import simulated_run
from tests.servers import URL_VARIABLE, postgres_server

ROOT = Path(__file__).resolve().parents[1]

SETTINGS: dict[str, dict[str, Any]] = {
    "duckdb": {},
    "postgres": {"url_variable": URL_VARIABLE},
    "spark": {"master": "local[2]", "memory": "6GB"},
}
REFERENCE = "duckdb"
DOCUMENT = ROOT / "docs" / "engines.md"
START, END = "<!-- measured: start -->", "<!-- measured: end -->"
PLACE = ["indicator", "slice", "value of slice", "period"]
COMPARED = {"estimates": ["estimate"], "intervals": ["low", "high"]}


def steps(folder: Path, kind: str) -> dict[str, float]:
    """Seconds of opening the engine, of the facts and of the estimates."""
    from cxaudit.engine import EngineSettings
    from cxaudit.facts import make_facts
    from cxaudit.measure import measure

    run = simulated_run(folder)
    chosen = EngineSettings(kind=kind, **SETTINGS[kind])
    run = replace(run, engagement=run.engagement.model_copy(update={"engine": chosen}))
    seconds = {}
    for name, step in (
        ("open", run.engine),
        ("facts", lambda: make_facts(run)),
        ("measure", lambda: measure(run)),
    ):
        started = time.perf_counter()
        step()
        seconds[name] = time.perf_counter() - started
    return seconds


def apart(folder: Path, kind: str) -> dict[str, float]:
    """The same in a process of its own."""
    command = [sys.executable, __file__, "--step", kind, "--folder", str(folder)]
    done = subprocess.run(command, env=os.environ, check=True, capture_output=True, text=True)
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def audited(source: Path, folder: Path, kind: str) -> dict[str, Any]:
    """One engine's row of the table: what it took, and where its estimates are."""
    if not (folder / "workspace" / "3_score" / "measures.parquet").exists():
        shutil.rmtree(folder, ignore_errors=True)
        made_here = shutil.ignore_patterns("facts", "tables", "3_score", "scratch")
        shutil.copytree(source, folder, ignore=made_here)
        seconds = apart(folder, kind)
        (folder / "seconds.json").write_text(json.dumps(seconds), encoding="utf-8")
    load = json.loads((folder / "workspace/1_load/load.json").read_text(encoding="utf-8"))
    rows = {name: load["tables"][name]["loaded"] for name in ("tickets", "messages")}
    seconds = json.loads((folder / "seconds.json").read_text(encoding="utf-8"))
    return {"engine": kind, "folder": folder, **rows, **seconds}


def compared(row: dict[str, Any], reference: dict[str, Any]) -> dict[str, Any]:
    """How many estimates there are, and the largest relative difference of each kind."""
    import numpy as np
    import pandas as pd

    ours, theirs = (
        pd.read_parquet(entry["folder"] / "workspace/3_score/measures.parquet").set_index(PLACE)
        for entry in (row, reference)
    )
    assert ours.index.equals(theirs.index), "other indicators, parts or periods"
    largest: dict[str, Any] = {"number": int(theirs["estimate"].notna().sum())}
    for kind, columns in COMPARED.items():
        one, two = (frame[columns].to_numpy(float) for frame in (ours, theirs))
        assert (np.isnan(one) == np.isnan(two)).all(), f"{kind} that only one engine has"
        with np.errstate(invalid="ignore"):
            apart = np.abs(one - two) / np.maximum(np.abs(two), 1e-300)
        largest[kind] = float(np.nanmax(np.where(one == two, 0.0, apart)))
    return largest


def as_markdown(rows: list[dict[str, Any]]) -> str:
    """The table: one row per engine and size."""
    lines = [
        "| engine | tickets | messages | open s | facts s | estimates s | estimates compared "
        "| largest relative difference | of the intervals |",
        "|---|--:|--:|--:|--:|--:|--:|--:|--:|",
    ]
    for row in rows:
        cells = [row["engine"], f"{row['tickets']:,}", f"{row['messages']:,}"]
        cells += [f"{row[name]:.1f}" for name in ("open", "facts", "measure")]
        if "number" in row:
            cells += [f"{row['number']:,}", f"{row['estimates']:.1g}", f"{row['intervals']:.1g}"]
        else:
            cells += ["", "", ""]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def measured_rows(given: argparse.Namespace, folder: Path) -> list[dict[str, Any]]:
    """DuckDB on the whole; every engine on a share, compared with DuckDB there."""
    rows = []
    for name, tickets in (("whole", given.tickets), ("share", round(given.tickets * given.share))):
        source = folder / name
        if not (source / "workspace").exists():
            make(source, tickets)
        reference = audited(source, folder / f"{name}-{REFERENCE}", REFERENCE)
        rows.append(reference)
        for kind in SETTINGS if name == "share" else ():
            if kind != REFERENCE:
                row = audited(source, folder / f"{name}-{kind}", kind)
                rows.append({**row, **compared(row, reference)})
    return rows


def main() -> None:
    """Run every engine and write the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tickets", type=int, default=1_000_000)
    parser.add_argument("--share", type=float, default=0.1)
    parser.add_argument("--folder", type=Path, default=None)
    parser.add_argument("--step", choices=list(SETTINGS))
    given = parser.parse_args()
    if given.step:
        print(json.dumps(steps(given.folder, given.step)))
        return
    with ExitStack() as held:
        temporary = tempfile.TemporaryDirectory(prefix="engines-")
        folder = given.folder or Path(held.enter_context(temporary))
        if URL_VARIABLE not in os.environ:
            os.environ[URL_VARIABLE] = held.enter_context(postgres_server())
        table = as_markdown(measured_rows(given, folder))
    before, _, rest = DOCUMENT.read_text(encoding="utf-8").partition(START)
    after = rest.partition(END)[2]
    DOCUMENT.write_text(f"{before}{START}\n{table}\n{END}{after}", encoding="utf-8")
    print(table)


if __name__ == "__main__":
    main()
