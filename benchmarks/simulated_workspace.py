"""A workspace with the simulated service's tables, as if loaded and checked by the contracts."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyarrow as pa

    from cxaudit.run import Run

KINDS = ("error", "warning", "info")


def peak_gb() -> float:
    """The most memory this process has held so far; what its parent held is none of it."""
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    (line,) = (line for line in status.splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1]) / 1024**2


def simulated_run(folder: Path) -> Run:
    """The run of the simulated service in a folder; its workspace need not exist yet."""
    from cxaudit.engagement import Actors, Client, Engagement
    from cxaudit.periods import parse_period
    from cxaudit.run import Run
    from cxaudit.simulate import AS_OF, PERIOD, TIME_ZONE
    from cxaudit.simulate.changes import BOT

    as_of = datetime.fromisoformat(AS_OF.replace("Z", "+00:00"))
    engagement = Engagement(
        client=Client(id="simulated", name="simulated", time_zone=TIME_ZONE, as_of=as_of),
        path=folder / "engagement.toml",
        sources=(),
        actors=Actors(bot_ids=(BOT,)),
    )
    return Run(engagement, parse_period(PERIOD, TIME_ZONE), folder / "workspace")


def checked_workspace(folder: Path, tables: Mapping[str, pa.Table]) -> Run:
    """The run of a folder whose stages 'load' and 'validate' have left these tables."""
    import pyarrow.parquet as pq

    run = simulated_run(folder)
    checked = run.folder("2_validate") / "checked"
    checked.mkdir(parents=True, exist_ok=True)
    loaded = {}
    for name, table in tables.items():
        pq.write_table(_complete(name, table), checked / f"{name}.parquet")
        rows = {"received": table.num_rows, "excluded": {}, "loaded": table.num_rows}
        loaded[name] = {**rows, "supplied": table.column_names}
    write_results(run, loaded)
    return run


def write_results(run: Run, loaded: Mapping[str, Any]) -> None:
    """What the first two stages say of these tables: received in full, and nothing wrong."""
    load = {"tables": loaded, "inputs": [], "findings": []}
    (run.folder("1_load") / "load.json").write_text(json.dumps(load), encoding="utf-8")
    validation = {
        "as_of": f"{run.engagement.as_of:%Y-%m-%dT%H:%M:%SZ}",
        "passed": True,
        "stop": False,
        "counts": {kind: {"passed": 0, "failed": 0, "could_not_run": 0} for kind in KINDS},
        "checks": [],
        "unusable": [],
        "degraded": {},
        "quarantined": {},
    }
    text = json.dumps(validation)
    (run.folder("2_validate") / "validation.json").write_text(text, encoding="utf-8")


def _complete(name: str, table: Any) -> Any:
    """The table with every canonical column, empty where the simulation has none."""
    import pyarrow as pa

    from cxaudit.contracts.canonical import canonical_tables

    schema = canonical_tables()[name].arrow_schema()
    columns = [
        table[f.name] if f.name in table.column_names else pa.nulls(table.num_rows, f.type)
        for f in schema
    ]
    return pa.table(columns, schema=schema)
