"""Whom a case waited for, on both clocks."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from cxaudit.facts import make_facts
from tests.facts.small import ENGINE, rows
from tests.workspace import workspace

HOUR = 3600
NAMES = ("requester_wait", "agent_wait", "hold")
TICKETS = """
ticket_id | created_at       | status
back      | 2026-07-06 09:00 | -
open      | 2026-10-02 09:00 | -
early     | 2026-07-06 09:00 | -
silent    | 2026-07-06 09:00 | open
"""
EVENTS = """
event_id | ticket_id | at               | from_value | to_value
1        | back      | 2026-07-06 09:00 | -          | new
2        | back      | 2026-07-06 10:00 | new        | open
3        | back      | 2026-07-06 12:00 | open       | pending
4        | back      | 2026-07-06 16:00 | pending    | on_hold
5        | back      | 2026-07-07 10:00 | on_hold    | solved
6        | back      | 2026-07-08 10:00 | solved     | open
7        | back      | 2026-07-08 11:00 | open       | closed
8        | open      | 2026-10-02 10:00 | new        | pending
9        | open      | 2026-10-03 06:30 | pending    | open
10       | early     | 2026-07-06 08:00 | -          | open
11       | early     | 2026-07-06 09:30 | open       | solved
"""
# Every weekday from 9 to 17.
HOURS = "schedule_id | time_zone | opens_minute | closes_minute\n" + "\n".join(
    f"office | UTC | {day * 1440 + 540} | {day * 1440 + 1020}" for day in range(1, 6)
)


def waits(folder: Path, **tables: str) -> dict[str, dict[str, Any]]:
    """Of each ticket the waits in hours, calendar and business."""
    given = {"tickets": TICKETS, "ticket_events": EVENTS, **tables}
    facts = make_facts(workspace(folder, given))
    found = rows(ENGINE.table(pq.read_table(facts.folder / "contacts.parquet")))
    return {
        ticket: {
            clock: [_hours(row[f"{name}{clock}_seconds"]) for name in NAMES]
            for clock in ("", "_open")
        }
        for ticket, row in found.items()
    }


def _hours(seconds: int | None) -> float | None:
    return None if seconds is None else seconds / HOUR


def test_every_spell_of_a_status_counts_on_both_clocks(tmp_path: Path) -> None:
    found = waits(tmp_path, schedules=HOURS)
    # New 1 h, open 2 h, on hold 18 h, open again 1 h; of them on hold 1 h and 1 h in hours.
    assert found["back"][""] == [22, 4, 18]
    assert found["back"]["_open"] == [6, 4, 2]


def test_a_case_that_is_not_over_waits_until_as_of_and_not_beyond(tmp_path: Path) -> None:
    found = waits(tmp_path, schedules=HOURS)
    # New from Friday 9 to 10, pending until as-of, Saturday 6 o'clock; the change after it is none.
    assert found["open"][""] == [1, 20, 0]
    assert found["open"]["_open"] == [1, 7, 0]


def test_what_is_recorded_before_the_creation_holds_from_then_on(tmp_path: Path) -> None:
    assert waits(tmp_path)["early"][""] == [0.5, 0, 0]


def test_without_changes_of_status_or_opening_hours_nothing_is_known(tmp_path: Path) -> None:
    found = waits(tmp_path)
    assert found["silent"] == {"": [None] * 3, "_open": [None] * 3}
    assert found["back"]["_open"] == [None] * 3, "no schedule"
