"""How long open seconds take: a million intervals on six schedules, alike on every engine.

    python -m benchmarks.business_time [--intervals 1000000] [--engines duckdb postgres spark]

Schedules of several intervals a day in six zones, with holidays and changes of the clock; intervals
of up to thirty days, drawn. Prints seconds and the sum of all open seconds, which has to be the
same on every engine.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import pyarrow as pa

from benchmarks.engines import SETTINGS
from benchmarks.simulated_workspace import checked_workspace
from tests.servers import URL_VARIABLE, postgres_server

ZONES = (
    "America/New_York",
    "Europe/London",
    "Australia/Sydney",
    "Asia/Kolkata",
    "Asia/Jerusalem",
    "UTC",
)
FIRST, LAST = datetime(2025, 1, 1, tzinfo=UTC), datetime(2026, 9, 1, tzinfo=UTC)
LONGEST = 30 * 86_400


def tables() -> dict[str, pa.Table]:
    """A ticket that says when the data begin, the schedules and their closed days."""
    rows = [
        {
            "schedule_id": zone,
            "time_zone": zone,
            "opens_minute": day * 1440 + opens,
            "closes_minute": day * 1440 + closes,
            "is_default": zone == "UTC",
        }
        for zone in ZONES
        for day in range(7)
        for opens, closes in ((480, 720), (780, 1080))
        if day not in (0, 6) or zone == "UTC"
    ]
    closed = [
        {"schedule_id": zone, "date": date(2025, 12, day)} for zone in ZONES for day in (25, 26)
    ]
    ticket = {
        "ticket_id": "1",
        "customer_id": "c",
        "channel": "email",
        "created_at": FIRST,
        "created_by": "customer",
    }
    return {
        "tickets": pa.Table.from_pylist([ticket]),
        "schedules": pa.Table.from_pylist(rows),
        "schedule_holidays": pa.Table.from_pylist(closed),
    }


def intervals(count: int) -> pa.Table:
    """So many drawn intervals: schedule_id, began, ended."""
    chance = np.random.default_rng(2026)
    began = chance.integers(int(FIRST.timestamp()), int(LAST.timestamp()), count)
    ended = began + chance.integers(0, LONGEST, count)
    names = np.array(ZONES)[chance.integers(0, len(ZONES), count)]
    instant = pa.timestamp("us", "UTC")
    return pa.table(
        {
            "schedule_id": names.tolist(),
            "began": pa.array(began * 1_000_000, pa.int64()).cast(instant),
            "ended": pa.array(ended * 1_000_000, pa.int64()).cast(instant),
        }
    )


def measured(folder: Path, kind: str, rows: pa.Table) -> tuple[float, int]:
    """Seconds from the schedules to the sum of all open seconds, and that sum."""
    from cxaudit.engine import EngineSettings
    from cxaudit.facts.business_time import Under
    from cxaudit.facts.tables import CheckedTables

    run = checked_workspace(folder, tables())
    chosen = EngineSettings(kind=kind, **SETTINGS[kind])
    run = replace(run, engagement=run.engagement.model_copy(update={"engine": chosen}))
    checked = CheckedTables(run)
    drawn = checked.engine.cached(checked.engine.table(rows))
    started = time.perf_counter()
    clock, under = checked.business_time, Under(schedule="schedule_id")
    timed = clock.with_open_seconds(drawn, under, start_open="began", end_open="ended")
    total = timed.agg(open_seconds=(timed.end_open - timed.start_open).sum().cast("int64"))
    found = checked.engine.fetch(total)["open_seconds"][0].as_py()
    return time.perf_counter() - started, found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--intervals", type=int, default=1_000_000)
    parser.add_argument("--engines", nargs="+", default=["duckdb"], choices=list(SETTINGS))
    asked = parser.parse_args()
    rows = intervals(asked.intervals)
    with ExitStack() as stack:
        if "postgres" in asked.engines:
            os.environ[URL_VARIABLE] = stack.enter_context(postgres_server())
        print("| engine | intervals | seconds | open seconds in all |\n|---|---|---|---|")
        for kind in asked.engines:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            seconds, total = measured(folder, kind, rows)
            print(f"| {kind} | {rows.num_rows:,} | {seconds:.1f} | {total:,} |", flush=True)


if __name__ == "__main__":
    main()
