"""Open seconds between instants: clock changes, holidays, several schedules, and the way back."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from ibis import _

from cxaudit.contracts.canonical import canonical_tables
from cxaudit.facts.business_calendar import business_calendar, clocks
from cxaudit.facts.business_time import Under
from cxaudit.facts.opening_hours import WeeklyHours, day_seconds
from cxaudit.facts.tables import CheckedTables
from cxaudit.readers.layouts.zendesk.zones import ZONES
from tests.workspace import text_table, workspace

HOUR = 3600
JULY_7 = date(2026, 7, 7)
TICKETS = """
ticket_id | created_at       | channel | group_id
1         | 2026-01-05 00:00 | email   | -
2         | 2026-07-06 10:00 | email   | -
"""
OFFICE = """
schedule_id | time_zone     | opens_minute | closes_minute | is_default
office      | Europe/London | 1980         | 2460          | true
office      | Europe/London | 3420         | 3900          | true
"""

Open = Callable[..., CheckedTables]


@pytest.fixture
def opened(tmp_path: Path) -> Open:
    """The tables of a client with these schedules."""

    def make(schedules: str, holidays: list[dict[str, Any]] | None = None, **more: str) -> Any:
        tables: dict[str, Any] = {"tickets": TICKETS, "schedules": schedules, **more}
        if holidays:
            tables["schedule_holidays"] = holidays
        return CheckedTables(workspace(tmp_path, tables))

    return make


def spans(tables: CheckedTables, text: str) -> pa.Table:
    """Rows of a text with the instants `start` and `end`, and whatever else it has."""
    rows = text_table(text)
    columns: dict[str, pa.Array] = {}
    for name in rows[0]:
        cells = [row[name] for row in rows]
        if name in ("start", "end"):
            instants = [c and datetime.fromisoformat(c).replace(tzinfo=UTC) for c in cells]
            columns[name] = pa.array(instants, pa.timestamp("us", "UTC"))
        else:
            columns[name] = pa.array(cells, pa.string())
    number = pa.array(range(len(rows)), pa.int64())
    return tables.engine.table(pa.table({"number": number, **columns}))


def open_seconds(tables: CheckedTables, text: str, under: Under | None = None) -> list[int | None]:
    """The open seconds between start and end of each row."""
    clock = tables.business_time
    rows = clock.with_open_seconds(
        spans(tables, text), under or Under(), began="start", ended="end"
    )
    found = tables.engine.fetch(rows.mutate(spent=_.ended - _.began).order_by("number"))
    return found["spent"].to_pylist()


@pytest.mark.reference
def test_ten_thousand_intervals_agree_with_two_independent_references(
    tmp_path: Path, reference_data: Path
) -> None:
    folder = reference_data / "conformance"
    export = folder / "zendesk_export"
    schedules = [
        {
            "schedule_id": row["id"],
            "time_zone": ZONES[row["time_zone"]],
            "opens_minute": int(row["start_time"]),
            "closes_minute": int(row["end_time"]),
        }
        for row in _read(export / "schedule_data.csv")
        if row["_fivetran_deleted"] == "false"
    ]
    holidays = [
        {"schedule_id": row["schedule_id"], "date": day}
        for row in _read(export / "schedule_holiday_data.csv")
        if row["_fivetran_deleted"] == "false"
        for day in _days(row["start_date"], row["end_date"])
    ]
    intervals = _read(folder / "business_minutes.csv")
    first = min(row["start_utc"] for row in intervals)
    tickets = [{"ticket_id": "1", "created_at": first}]
    given = {"tickets": tickets, "schedules": schedules, "schedule_holidays": holidays}
    tables = CheckedTables(workspace(tmp_path, given, as_of="2026-07-01T00:00:00Z"))
    text = "schedule_id | start | end\n" + "\n".join(
        f"{row['schedule_id']} | {row['start_utc']} | {row['end_utc']}" for row in intervals
    )
    found = open_seconds(tables, text, Under(schedule="schedule_id"))
    agree = sum(
        seconds is not None and abs(seconds / 60 - float(row["business_minutes"])) <= 0.01
        for seconds, row in zip(found, intervals, strict=True)
    )
    assert (agree, len(intervals)) == (10_000, 10_000)


def _read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def _days(first: str, last: str) -> list[date]:
    start, end = date.fromisoformat(first[:10]), date.fromisoformat(last[:10])
    return [start + timedelta(days=n) for n in range((end - start).days + 1)]


def test_nights_and_weekends_do_not_count(opened: Open) -> None:
    # Monday and Tuesday 9 to 17 in London, in winter: UTC.
    text = """
    start            | end
    2026-01-05 10:00 | 2026-01-05 12:00
    2026-01-05 16:00 | 2026-01-06 10:00
    2026-01-06 18:00 | 2026-01-12 08:00
    2026-01-05 10:00 | 2026-01-12 10:00
    2026-01-05 12:00 | 2026-01-05 10:00
    2026-01-05 12:00 | -
    """
    expected = [2 * HOUR, 2 * HOUR, 0, 16 * HOUR, -2 * HOUR, None]
    assert open_seconds(opened(OFFICE), text) == expected


def test_clock_changes_move_the_hours_and_change_the_length_of_a_day(opened: Open) -> None:
    schedules = """
    schedule_id | time_zone     | opens_minute | closes_minute
    always      | Europe/Berlin | 0            | 10080
    night       | Europe/Berlin | 60           | 240
    skipped     | Europe/Berlin | 150          | 240
    """
    # Sunday 29 March 2026 has 23 hours in Berlin, from 23:00 UTC; 25 October 25, from 22:00 UTC.
    text = """
    schedule_id | start            | end
    always      | 2026-03-28 23:00 | 2026-03-29 22:00
    night       | 2026-03-28 23:00 | 2026-03-29 22:00
    skipped     | 2026-03-28 23:00 | 2026-03-29 22:00
    night       | 2026-10-24 22:00 | 2026-10-25 23:00
    night       | 2026-11-01 00:00 | 2026-11-01 01:00
    """
    found = open_seconds(opened(schedules), text, Under(schedule="schedule_id"))
    # 1 to 4 o'clock is two hours and four; 02:30 is skipped, and means 03:30.
    assert found == [23 * HOUR, 2 * HOUR, HOUR // 2, 4 * HOUR, HOUR]


def test_a_holiday_closes_the_whole_local_day(opened: Open) -> None:
    schedules = """
    schedule_id | time_zone        | opens_minute | closes_minute
    always      | Australia/Sydney | 0            | 10080
    """
    tables = opened(schedules, [{"schedule_id": "always", "date": date(2026, 1, 26)}])
    # 26 January in Sydney is from 13:00 UTC on the 25th to 13:00 UTC on the 26th.
    text = """
    start            | end
    2026-01-25 12:00 | 2026-01-25 14:00
    2026-01-26 12:00 | 2026-01-26 14:00
    2026-01-25 12:00 | 2026-01-26 14:00
    """
    assert open_seconds(tables, text) == [HOUR, HOUR, 2 * HOUR]


def test_hours_that_overlap_count_once_and_hours_that_changed_while_they_held(
    opened: Open,
) -> None:
    schedules = """
    schedule_id | time_zone | opens_minute | closes_minute | valid_from       | valid_until
    desk        | UTC       | 1980         | 2460          | -                | 2026-07-01 00:00
    desk        | UTC       | 2400         | 2520          | -                | 2026-07-01 00:00
    desk        | UTC       | 1980         | 2100          | 2026-07-01 00:00 | -
    """
    # Mondays: 9 to 17 and 16 to 18 until June, 9 to 11 from July.
    text = """
    start            | end
    2026-06-29 00:00 | 2026-06-30 00:00
    2026-07-06 00:00 | 2026-07-07 00:00
    """
    assert open_seconds(opened(schedules), text) == [9 * HOUR, 2 * HOUR]


def test_a_ticket_whose_schedule_changes_keeps_the_time_it_has_run(opened: Open) -> None:
    schedules = OFFICE + "always      | UTC           | 0            | 10080         | false\n"
    under = """
    ticket_id | schedule_id | from_at
    2         | office      | 2026-07-06 10:00
    2         | always      | 2026-07-07 12:00
    2         | office      | 2026-07-08 00:00
    2         | unknown     | 2026-07-09 00:00
    """
    tables = opened(schedules, ticket_schedules=under)
    # London in July: 9 to 17 is 8 to 16 UTC. Monday from 15: 1 hour; Tuesday 8 to 12: 4; then all.
    text = """
    ticket_id | start            | end
    2         | 2026-07-06 15:00 | 2026-07-07 18:00
    2         | 2026-07-07 18:00 | 2026-07-13 09:00
    1         | 2026-07-06 15:00 | 2026-07-07 18:00
    none      | 2026-07-06 15:00 | 2026-07-07 18:00
    2         | 2026-07-06 07:00 | 2026-07-06 09:00
    """
    found = open_seconds(tables, text, Under(ticket="ticket_id"))
    assert found == [11 * HOUR, 7 * HOUR, 9 * HOUR, 9 * HOUR, HOUR]


def test_a_schedule_holds_for_its_group_before_its_channel_before_the_default(
    opened: Open,
) -> None:
    schedules = """
    schedule_id | time_zone | opens_minute | closes_minute | channel | group_id | is_default
    a           | UTC       | 1440         | 1500          | -       | -        | false
    b           | UTC       | 1440         | 1560          | -       | -        | true
    b           | UTC       | 1560         | 1620          | email   | -        | true
    c           | UTC       | 1440         | 1680          | phone   | -        | false
    d           | UTC       | 1440         | 1740          | -       | night    | false
    """
    text = """
    schedule_id | channel | group_id | start            | end
    -           | chat    | day      | 2026-01-05 00:00 | 2026-01-06 00:00
    -           | email   | -        | 2026-01-05 00:00 | 2026-01-06 00:00
    -           | phone   | day      | 2026-01-05 00:00 | 2026-01-06 00:00
    -           | phone   | night    | 2026-01-05 00:00 | 2026-01-06 00:00
    a           | phone   | night    | 2026-01-05 00:00 | 2026-01-06 00:00
    c           | email   | -        | 2026-01-05 00:00 | 2026-01-06 00:00
    """
    under = Under(schedule="schedule_id", channel="channel", group="group_id")
    found = open_seconds(opened(schedules), text, under)
    assert found == [2 * HOUR, 3 * HOUR, 4 * HOUR, 5 * HOUR, HOUR, 4 * HOUR]


def test_a_time_to_come_is_found_and_one_up_at_closing_is_due_at_closing(opened: Open) -> None:
    schedules = OFFICE + "always      | UTC           | 0            | 10080         | false\n"
    under = "ticket_id | schedule_id | from_at\n2 | always | 2026-01-06 12:00"
    under += "\n2 | office | 2026-01-01 00:00"
    tables = opened(schedules, ticket_schedules=under)
    text = """
    ticket_id | start
    1         | 2026-01-05 15:00
    1         | 2026-01-05 16:00
    1         | 2026-01-05 20:00
    2         | 2026-01-05 16:00
    """
    clock = tables.business_time
    rows = clock.with_open_seconds(spans(tables, text), Under(ticket="ticket_id"), began="start")
    rows = clock.with_second_at(
        rows, Under(ticket="ticket_id"), soon=_.began + HOUR, later=_.began + 7 * HOUR
    )
    found = tables.engine.fetch(rows.order_by("number"))
    instants = [
        [f"{datetime.fromtimestamp(second, UTC):%d %H:%M}" for second in found[name].to_pylist()]
        for name in ("soon", "later")
    ]
    assert instants[0] == ["05 16:00", "05 17:00", "06 10:00", "05 17:00"]
    # Ticket 2: Monday 1 hour, Tuesday 9 to 12 three, then the clock runs without a stop.
    assert instants[1] == ["06 14:00", "06 15:00", "06 16:00", "06 15:00"]


def test_the_opening_instant_is_open_and_the_closing_instant_is_not(opened: Open) -> None:
    tables = opened(OFFICE)
    text = "start\n" + "\n".join(
        f"2026-01-05 {at}" for at in ("08:59:59", "09:00", "16:59", "17:00")
    )
    rows = tables.business_time.with_is_open(spans(tables, text), Under(), "is_staffed", "start")
    found = tables.engine.fetch(rows.order_by("number"))
    assert found["is_staffed"].to_pylist() == [False, True, True, False]
    assert found.column_names == ["number", "start", "is_staffed"]


def test_without_a_usable_schedule_or_far_from_the_data_there_is_no_business_time(
    opened: Open,
) -> None:
    text = "start | end\n2026-01-05 10:00 | 2026-01-05 12:00"
    nowhere = OFFICE.replace("Europe/London", "Europe/Nowhere")
    assert open_seconds(opened(nowhere), text) == [None]
    text = "start | end\n2026-01-05 10:00 | 2036-01-05 12:00"
    assert open_seconds(opened(OFFICE), text) == [None]


@pytest.mark.parametrize(
    ("hours", "expected"),
    [
        ([(0, 10080)], 24.0),
        ([(1440 * day + 480, 1440 * day + 1080) for day in range(1, 6)], 10.0),
        ([(1440 * day + 540, 1440 * day + 1020) for day in range(1, 5)] + [(8640, 8880)], 7.2),
    ],
    ids=["always", "ten hours on weekdays", "four days of eight hours and one of four"],
)
def test_a_business_day_is_the_open_time_of_a_week_by_its_open_weekdays(
    hours: list[tuple[int, int]], expected: float
) -> None:
    week = [WeeklyHours("UTC", opens, closes) for opens, closes in hours]
    assert day_seconds(week) == pytest.approx(expected * HOUR)


def test_the_business_calendar_is_every_open_interval_in_real_time(opened: Open) -> None:
    schedules = OFFICE + "night | Asia/Kolkata | 1320 | 1560 | false\n"
    found = business_calendar(opened(schedules, [{"schedule_id": "office", "date": JULY_7}]))
    rows = [
        (row["schedule_id"], f"{row['opens_at']:%m-%d %H:%M}", f"{row['closes_at']:%m-%d %H:%M}")
        for row in found.to_pylist()
        if row["opens_at"] >= datetime(2026, 7, 5, tzinfo=UTC)
    ]
    office = [row for row in rows if row[0] == "office"]
    assert office[0] == ("office", "07-06 08:00", "07-06 16:00"), "9 to 17 in London, in summer"
    assert office[1][1] == "07-13 08:00", "Tuesday 7 July is a holiday"
    night = [row for row in rows if row[0] == "night"]
    assert night[0] == ("night", "07-05 16:30", "07-05 20:30"), "over midnight in one piece"
    assert ("office", "10-26 09:00", "10-26 17:00") in office, "in winter, the day after the change"
    assert found.schema.equals(canonical_tables()["business_calendar"].arrow_schema())


def test_each_channel_has_its_clocks(opened: Open) -> None:
    tables = opened(OFFICE)
    found = clocks(tables).to_dict("records")
    assert found == [
        {
            "channel": "email",
            "promised clock": "calendar",
            "scored clock": "calendar",
            "clock beside": "business",
            "business day (h)": 8.0,
        }
    ]
