"""Which hours each schedule is open in real time, and which clocks the channels have."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from cxaudit.contracts.canonical import canonical_tables
from cxaudit.facts.opening_hours import Pieces, pieces
from cxaudit.facts.schedules import ANY, holidays, hours_of, schedule_rows

if TYPE_CHECKING:
    from cxaudit.facts.tables import CheckedTables

TABLE = "business_calendar"
HOUR = 3600.0


def business_calendar(tables: CheckedTables) -> pa.Table:
    """The canonical table: one row per open interval of a schedule, adjoining ones together.

    Each schedule as it is where no channel or group has hours of its own; from a month before the
    data to two years after as-of.
    """
    first, last = tables.business_time.covers
    closed = holidays(tables)
    found: dict[str, list[Any]] = {"schedule_id": [], "opens_at": [], "closes_at": []}
    for schedule_id, rows in groupby(schedule_rows(tables), key=lambda row: row["schedule_id"]):
        every = list(rows)
        for_all = [row for row in every if row["channel"] is None and row["group_id"] is None]
        hours = tuple(hours_of(row) for row in for_all or every)
        opens, closes = _joined(pieces(hours, sorted(closed[schedule_id]), first, last))
        found["schedule_id"] += [schedule_id] * len(opens)
        found["opens_at"] += opens.tolist()
        found["closes_at"] += closes.tolist()
    schema = canonical_tables()[TABLE].arrow_schema()
    seconds = {name: pa.array(found[name], pa.int64()) for name in ("opens_at", "closes_at")}
    instants = {
        name: pc.cast(pc.multiply(column, 1_000_000), schema.field(name).type)
        for name, column in seconds.items()
    }
    ids = pa.array(found["schedule_id"], schema.field("schedule_id").type)
    return pa.table({"schedule_id": ids, **instants}, schema=schema)


def _joined(found: Pieces) -> tuple[np.ndarray, np.ndarray]:
    """When it opens and closes, pieces that adjoin as one."""
    starts, ends = found.starts[found.is_open], found.ends[found.is_open]
    apart = starts[1:] != ends[:-1]
    is_first, is_last = np.append(True, apart), np.append(apart, True)
    return starts[is_first[: starts.size]], ends[is_last[: ends.size]]


def clocks(tables: CheckedTables) -> pd.DataFrame:
    """Which clocks each channel has: what its promises run on, what is scored, what stands beside.

    `business day (h)`: the open hours of a business day, missing where no schedule is known.
    """
    promised = {str(name): str(clock) for name, clock in tables.run.engagement.channels.items()}
    lookup = tables.business_time.calendars.lookup.to_pylist()
    hours = {
        row["channel"]: row["day_seconds"] / HOUR
        for row in lookup
        if row["schedule_id"] == ANY and row["group_id"] == ANY
    }
    rows = []
    for channel in sorted({*promised, *tables.values("tickets.channel")}):
        day = hours.get(channel, hours.get(ANY))
        rows.append(
            {
                "channel": channel,
                "promised clock": promised.get(channel, "calendar"),
                "scored clock": "calendar",
                "clock beside": "business" if day else "none: no opening hours",
                "business day (h)": day,
            }
        )
    columns = ["channel", "promised clock", "scored clock", "clock beside", "business day (h)"]
    return pd.DataFrame(rows, columns=columns)
