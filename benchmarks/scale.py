"""How long, and in how much memory, does it measure and score a million tickets and more?

    python benchmarks/scale.py [--tickets 1000000] [--copies 1 10] [--limited 1GB] [--folder F]

Simulates a service with that many tickets over five quarters (and about five and a half times as
many messages), copies it under new ids for larger ones, and runs each step in a process of its
own, each again with the engine's memory limited. Beside it, in the same run: one hand-written
aggregate over the same columns in the embedded engine, and the same in plain pandas. Writes its
part of docs/scale.md; benchmarks/validation.py writes the other. Ten million tickets take 15 GB of
disk, and as much again while their facts are made.
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
from pathlib import Path
from typing import Any

from benchmarks.simulated_workspace import (
    checked_workspace,
    peak_gb,
    simulated_run,
    write_results,
)

DOCUMENT = Path(__file__).resolve().parents[1] / "docs" / "scale.md"

# The simulated history is five quarters and a bit: so many tickets for one of a quarter.
TICKETS_PER_QUARTERLY = 5.7
PLAIN = """
select count(*), count(distinct customer_id), avg(epoch(first_response_at) - epoch(created_at)),
  quantile_cont(epoch(first_response_at) - epoch(created_at), [0.5, 0.9]),
  avg((first_response_at <= created_at + interval 1 day)::int), avg((status = 'closed')::int),
  channel, priority
from read_parquet('{tickets}') group by channel, priority
"""
MESSAGES = """
select author_type, is_public, count(*), count(distinct ticket_id),
  min(epoch("at")), max(epoch("at"))
from read_parquet('{messages}') group by all
"""


def make(folder: Path, tickets: int) -> None:
    """A checked workspace with about so many tickets."""
    from cxaudit.contracts.canonical import canonical_tables
    from cxaudit.simulate import simulate_tables
    from cxaudit.simulate.service import Service
    from cxaudit.simulate.tables import TABLES

    service = Service(tickets_per_quarter=round(tickets / TICKETS_PER_QUARTERLY))
    known = canonical_tables()
    tables = simulate_tables(2026, [name for name in TABLES if name in known], service=service)
    checked_workspace(folder, tables)


def copy(source: Path, folder: Path, times: int) -> None:
    """The workspace with every row `times` times, each copy under ids of its own."""
    import duckdb

    run = simulated_run(folder)
    target = run.folder("2_validate") / "checked"
    target.mkdir(parents=True, exist_ok=True)
    loaded = json.loads((source / "workspace/1_load/load.json").read_text(encoding="utf-8"))
    connection = duckdb.connect()
    connection.execute("set preserve_insertion_order = false")
    for path in sorted((source / "workspace/2_validate/checked").glob("*.parquet")):
        text = _copied(connection, path, times)
        connection.execute(f"copy ({text}) to '{target / path.name}' (format parquet)")
        entry = loaded["tables"][path.stem]
        rows = connection.execute(f"select count(*) from '{target / path.name}'").fetchone()
        entry["received"] = entry["loaded"] = rows[0] if rows else 0
    write_results(run, loaded["tables"])


# Copies share what belongs to the house: teams, channels, opening hours, reasons.
SHARED = (
    "channel_catalogue",
    "groups",
    "improvement_actions",
    "kb_articles",
    "process_catalogue",
    "schedule_holidays",
    "schedules",
    "sla_targets",
    "staffing_intervals",
)
SHARED_IDS = ("schedule_id", "group_id", "team_id", "target_id", "article_id")


def _copied(connection: Any, path: Path, times: int) -> str:
    if path.stem in SHARED:
        return f"select * from '{path}'"
    described = connection.execute(f"describe select * from '{path}'").fetchall()
    own = [
        f"case when copy = 0 then {name} else {name} || '~' || copy end as {name}"
        for name, kind, *_ in described
        if name.endswith("_id") and kind == "VARCHAR" and name not in SHARED_IDS
    ]
    replaced = f"replace ({', '.join(own)})" if own else ""
    return f"select * exclude (copy) {replaced} from '{path}', range({times}) as copies(copy)"


def steps(folder: Path) -> dict[str, Any]:
    """Seconds and processor seconds of each step, and the peak memory of this process in GB."""
    seconds, processor = {}, {}
    started, clock = time.perf_counter(), time.process_time()

    def done(step: str) -> None:
        nonlocal started, clock
        seconds[step] = time.perf_counter() - started
        processor[step] = time.process_time() - clock
        started, clock = time.perf_counter(), time.process_time()

    from cxaudit.facts import make_facts
    from cxaudit.measure import measure
    from cxaudit.score import score

    run = simulated_run(folder)
    done("imports")
    if not (run.folder("2_validate") / "facts" / "contacts.parquet").exists():
        make_facts(run)
        done("facts")
    else:
        measured = measure(run)
        done("measure")
        score(run, measured)
        done("score")
    return {"seconds": seconds, "processor": processor, "peak_gb": peak_gb()}


def aggregate(folder: Path) -> dict[str, Any]:
    """Seconds of one hand-written aggregate of tickets and of messages in the engine."""
    import duckdb

    checked = folder / "workspace/2_validate/checked"
    connection = duckdb.connect()
    started = time.perf_counter()
    for text in (PLAIN, MESSAGES):
        paths = {name: checked / f"{name}.parquet" for name in ("tickets", "messages")}
        connection.execute(text.format(**paths)).fetchall()
    return {"seconds": {"aggregate": time.perf_counter() - started}}


def pandas(folder: Path) -> dict[str, Any]:
    """Seconds and peak memory of the same aggregate in plain pandas."""
    import pandas as pd

    started = time.perf_counter()
    checked = folder / "workspace/2_validate/checked"
    columns = ["ticket_id", "customer_id", "channel", "priority", "status", "created_at"]
    tickets = pd.read_parquet(checked / "tickets.parquet", columns=[*columns, "first_response_at"])
    wait = (tickets["first_response_at"] - tickets["created_at"]).dt.total_seconds()
    tickets = tickets.assign(wait=wait, quick=wait <= 86_400, closed=tickets["status"] == "closed")
    grouped = tickets.groupby(["channel", "priority"], observed=True, dropna=False)
    grouped.agg({"customer_id": "nunique", "wait": "mean", "quick": "mean", "closed": "mean"})
    grouped["wait"].quantile([0.5, 0.9])
    names = ["ticket_id", "author_type", "is_public", "at"]
    messages = pd.read_parquet(checked / "messages.parquet", columns=names)
    by = messages.groupby(["author_type", "is_public"], dropna=False)
    by.agg({"ticket_id": ["size", "nunique"], "at": ["min", "max"]})
    return {"seconds": {"pandas": time.perf_counter() - started}, "peak_gb": peak_gb()}


def apart(step: str, folder: Path, limit: str = "") -> dict[str, Any]:
    """What a step says of itself, run in a process of its own."""
    setting = {"CXAUDIT_MEMORY_LIMIT": limit} if limit else {}
    command = [sys.executable, __file__, "--step", step, "--folder", str(folder)]
    done = subprocess.run(
        command, env={**os.environ, **setting}, check=True, capture_output=True, text=True
    )
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def main() -> None:
    """Run what is asked for and write the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tickets", type=int, default=1_000_000)
    parser.add_argument("--copies", type=int, nargs="+", default=[1, 10])
    parser.add_argument("--limited", default="1GB")
    parser.add_argument("--folder", type=Path, default=None)
    parser.add_argument("--step", choices=("steps", "aggregate", "pandas"))
    given = parser.parse_args()
    if given.step:
        made = {"steps": steps, "aggregate": aggregate, "pandas": pandas}[given.step]
        print(json.dumps(made(given.folder)))
        return
    folder = given.folder or Path(tempfile.mkdtemp(prefix="scale-"))
    try:
        rows = measured_rows(given, folder)
    finally:
        if given.folder is None:
            shutil.rmtree(folder, ignore_errors=True)
    write_part("steps", as_markdown(rows))


def write_part(name: str, text: str) -> None:
    """Write a part of docs/scale.md, between the marks with its name, and print it."""
    start, end = f"<!-- {name}: start -->", f"<!-- {name}: end -->"
    before, _, rest = DOCUMENT.read_text(encoding="utf-8").partition(start)
    after = rest.partition(end)[2]
    DOCUMENT.write_text(f"{before}{start}\n{text}\n{end}{after}", encoding="utf-8")
    print(text)


def measured_rows(given: argparse.Namespace, folder: Path) -> list[dict[str, Any]]:
    """Per size one row with the engine's own limit of memory, and one with a low limit.

    Facts are made again under the low limit for the smallest size alone.
    """
    rows: list[dict[str, Any]] = []
    first = folder / "1"
    if not (first / "workspace").exists():
        make(first, given.tickets)
    for times in given.copies:
        place = folder / str(times)
        if not (place / "workspace").exists():
            copy(first, place, times)
        sizes = _sizes(place)
        for limit in ("", given.limited):
            row: dict[str, Any] = {"limit": limit, **sizes}
            if not limit or times == min(given.copies):
                shutil.rmtree(place / "workspace/2_validate/facts", ignore_errors=True)
                row["facts"] = apart("steps", place, limit)
            row["own"] = apart("steps", place, limit)
            if not limit:
                row |= {name: apart(name, place) for name in ("aggregate", "pandas")}
            print(json.dumps(row), file=sys.stderr, flush=True)
            rows.append(row)
    return rows


def _sizes(place: Path) -> dict[str, int]:
    load = json.loads((place / "workspace/1_load/load.json").read_text(encoding="utf-8"))
    return {name: load["tables"][name]["loaded"] for name in ("tickets", "messages")}


def as_markdown(rows: list[dict[str, Any]]) -> str:
    """The table, one row per size and limit, and how the cost grows with the data."""
    lines = [
        "| tickets | messages | engine's memory | facts s (processor) | peak GB "
        "| measure s (processor) | score s (processor) | peak GB | aggregate s | pandas s (GB) "
        "| measure and score / aggregate |",
        "|--:|--:|---|--:|--:|--:|--:|--:|--:|--:|--:|",
    ]
    for row in rows:
        cells = [f"{row['tickets']:,}", f"{row['messages']:,}", row["limit"] or "its own limit"]
        facts = row.get("facts")
        cells += [_cost(facts, "facts"), f"{facts['peak_gb']:.1f}"] if facts else ["", ""]
        own = row["own"]
        cells += [_cost(own, "measure"), _cost(own, "score"), f"{own['peak_gb']:.1f}"]
        if "aggregate" in row:
            plain, frames = row["aggregate"]["seconds"]["aggregate"], row["pandas"]
            cells += [f"{plain:.2f}"]
            cells += [f"{frames['seconds']['pandas']:.1f} ({frames['peak_gb']:.1f})"]
            cells += [f"{_both(own, 'seconds') / plain:.0f}"]
        else:
            cells += ["", "", ""]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join([*lines, "", *_growth([row for row in rows if not row["limit"]])])


def _cost(found: dict[str, Any], step: str) -> str:
    return f"{found['seconds'][step]:.1f} ({found['processor'][step]:.1f})"


def _both(found: dict[str, Any], clock: str) -> float:
    return float(found[clock]["measure"] + found[clock]["score"])


def _growth(rows: list[dict[str, Any]]) -> list[str]:
    """How many times the smallest size's cost each larger size takes."""
    first = rows[0]
    return [
        f"With {row['tickets'] / first['tickets']:.1f} times the data measure and score take "
        f"{_both(row['own'], 'seconds') / _both(first['own'], 'seconds'):.1f} times as long, and "
        f"{_both(row['own'], 'processor') / _both(first['own'], 'processor'):.1f} times the "
        "processor seconds."
        for row in rows[1:]
    ]


if __name__ == "__main__":
    main()
