"""The calendars of a client: which hours hold for which schedule, channel and group."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import available_timezones

import pyarrow as pa

from cxaudit.facts.opening_hours import CELL, WeeklyHours, day_seconds, pieces

if TYPE_CHECKING:
    from cxaudit.facts.tables import CheckedTables

ANY = ""
Row = dict[str, Any]

LOOKUP = pa.schema(
    [
        ("schedule_id", pa.string()),
        ("channel", pa.string()),
        ("group_id", pa.string()),
        ("calendar", pa.int64()),
        ("day_seconds", pa.float64()),
    ]
)
PIECES = pa.schema(
    [
        ("calendar", pa.int64()),
        ("cell", pa.int64()),
        ("starts", pa.int64()),
        ("ends", pa.int64()),
        ("is_open", pa.bool_()),
        ("open_before", pa.int64()),
    ]
)


@dataclass(frozen=True)
class Calendars:
    """Hours in real time. A calendar is what one schedule says for one channel and group.

    `lookup`: the calendar of each schedule ('' where none is named), channel and group ('' for
    those that no schedule names). `pieces`: each calendar's pieces of time, by cell.
    """

    lookup: pa.Table
    pieces: pa.Table
    schedules: tuple[str, ...]
    channels: tuple[str, ...]
    groups: tuple[str, ...]


def calendars(tables: CheckedTables, first: datetime, last: datetime) -> Calendars:
    """Every calendar from the first instant to the last; none without schedules."""
    rows, closed = schedule_rows(tables), holidays(tables)
    channels, groups = _named(rows, "channel"), _named(rows, "group_id")
    lookup: list[Row] = []
    numbers: dict[tuple[str, tuple[WeeklyHours, ...]], int] = {}
    for channel in (ANY, *channels):
        for group in (ANY, *groups):
            for named, schedule_id, held in _schedules(rows, channel, group):
                hours = tuple(sorted((hours_of(row) for row in held), key=str))
                entry = {"schedule_id": named, "channel": channel, "group_id": group}
                number = numbers.setdefault((schedule_id, hours), len(numbers))
                lookup.append({**entry, "calendar": number, "day_seconds": day_seconds(hours)})
    found = [_table(n, hours, closed[s], first, last) for (s, hours), n in numbers.items()]
    return Calendars(
        lookup=pa.Table.from_pylist(lookup, schema=LOOKUP),
        pieces=pa.concat_tables([PIECES.empty_table(), *found]),
        schedules=_named(rows, "schedule_id"),
        channels=channels,
        groups=groups,
    )


def schedule_rows(tables: CheckedTables) -> list[Row]:
    """The weekly hours with a time zone that there is, those of one schedule together."""
    rows = [row for row in _rows(tables, "schedules") if row["time_zone"] in available_timezones()]
    return sorted(rows, key=lambda row: str(row["schedule_id"]))


def holidays(tables: CheckedTables) -> defaultdict[str, set[date]]:
    """The closed days of each schedule."""
    found: defaultdict[str, set[date]] = defaultdict(set)
    for row in _rows(tables, "schedule_holidays"):
        found[row["schedule_id"]].add(row["date"])
    return found


def _rows(tables: CheckedTables, name: str) -> list[Row]:
    table = tables.engine.fetch(tables.read(name))
    return sorted(table.to_pylist(), key=lambda row: str(sorted(row.items(), key=str)))


def _named(rows: list[Row], column: str) -> tuple[str, ...]:
    return tuple(sorted({row[column] for row in rows if row[column] is not None}))


def _schedules(rows: list[Row], channel: str, group: str) -> Iterator[tuple[str, str, list[Row]]]:
    """Each schedule's rows for a channel and group; '' names that of a case that names none.

    That is the schedule made for the group, else the channel, else the default one, else the
    first by id. A schedule a case is put under holds even if made for others.
    """
    by_schedule: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        by_schedule[row["schedule_id"]].append(row)
    choices = []
    for schedule_id, every in sorted(by_schedule.items()):
        held = [
            row
            for row in every
            if row["channel"] in (None, channel) and row["group_id"] in (None, group)
        ]
        yield schedule_id, schedule_id, held or every
        fits = (
            bool(held),
            any(row["group_id"] for row in held),
            any(row["channel"] for row in held),
            any(row["is_default"] for row in held),
        )
        choices.append((fits, schedule_id, held or every))
    if choices:
        _, schedule_id, held = max(choices, key=lambda choice: choice[0])
        yield ANY, schedule_id, held


def hours_of(row: Row) -> WeeklyHours:
    """The open interval that a row says."""
    return WeeklyHours(*(row[name] for name in WeeklyHours.__dataclass_fields__))


def _table(
    number: int,
    hours: Iterable[WeeklyHours],
    closed: set[date],
    first: datetime,
    last: datetime,
) -> pa.Table:
    found = pieces(tuple(hours), sorted(closed), first, last)
    columns = [
        [number] * len(found.starts),
        found.starts - found.starts % CELL,
        found.starts,
        found.ends,
        found.is_open,
        found.open_before,
    ]
    arrays = [pa.array(c, field.type) for c, field in zip(columns, PIECES, strict=True)]
    return pa.table(arrays, schema=PIECES)
