"""When a weekly schedule in its own time zone is open, in real time and to the second."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np

WEEK = timedelta(days=7)
MINUTES_OF_A_DAY = 1440
# Instants are looked up by the stretch of this many seconds they lie in.
CELL = 6 * 3600

Spans = list[tuple[int, int]]


@dataclass(frozen=True)
class WeeklyHours:
    """One open interval of a week: minutes from Sunday 00:00 local time, and while it holds."""

    time_zone: str
    opens_minute: int
    closes_minute: int
    valid_from: datetime | None = None
    valid_until: datetime | None = None


@dataclass(frozen=True)
class Pieces:
    """A span of time cut where a schedule opens or closes and at each cell: arrays alike in length.

    `starts` and `ends` are seconds since 1970, `open_before` the open seconds before the start.
    """

    starts: np.ndarray
    ends: np.ndarray
    is_open: np.ndarray
    open_before: np.ndarray


def pieces(
    hours: Sequence[WeeklyHours], holidays: Iterable[date], first: datetime, last: datetime
) -> Pieces:
    """The pieces from the first instant to the last; hours that overlap count once.

    A local time that the clock skips is the instant an hour later by the wall, one that it shows
    twice is the first of the two. A holiday closes the whole local day.
    """
    opened = [span for h in hours for span in _open_spans(h, first, last)]
    closed = [
        (_instant(day, 0, zone), _instant(day, MINUTES_OF_A_DAY, zone))
        for zone in {h.time_zone for h in hours}
        for day in holidays
    ]
    low, high = int(first.timestamp()), int(last.timestamp())
    cells = range(low - low % CELL, high, CELL)
    edges = np.unique(np.array([low, high, *cells, *_edges(opened), *_edges(closed)], np.int64))
    edges = edges[(edges >= low) & (edges <= high)]
    is_open = (_covered(edges, opened) & ~_covered(edges, closed))[:-1]
    open_seconds = np.where(is_open, np.diff(edges), 0)
    return Pieces(edges[:-1], edges[1:], is_open, np.cumsum(open_seconds) - open_seconds)


def day_seconds(hours: Sequence[WeeklyHours]) -> float:
    """The open seconds of a business day: those of a week without holidays by its open weekdays.

    Of hours that changed, the newest count.
    """
    newest = max((h.valid_from for h in hours if h.valid_from), default=None)
    minutes: set[int] = set()
    for h in hours:
        if newest and h.valid_until and h.valid_until <= newest and h.valid_from != newest:
            continue
        minutes.update(range(h.opens_minute, h.closes_minute))
    weekdays = {minute // MINUTES_OF_A_DAY for minute in minutes}
    return 60.0 * len(minutes) / len(weekdays)


def _open_spans(hours: WeeklyHours, first: datetime, last: datetime) -> Spans:
    begins = max(hours.valid_from or first, first)
    ends = min(hours.valid_until or last, last)
    sunday = (begins - WEEK).date()
    sunday -= timedelta(days=sunday.isoweekday() % 7)
    low, high = int(begins.timestamp()), int(ends.timestamp())
    spans = []
    while sunday <= (ends + WEEK).date():
        opens = max(_instant(sunday, hours.opens_minute, hours.time_zone), low)
        closes = min(_instant(sunday, hours.closes_minute, hours.time_zone), high)
        if opens < closes:
            spans.append((opens, closes))
        sunday += WEEK
    return spans


def _instant(day: date, minutes: int, time_zone: str) -> int:
    """Seconds since 1970 of a local time: so many minutes by the wall clock after midnight."""
    wall = datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(minutes=minutes)
    return int(wall.replace(tzinfo=ZoneInfo(time_zone)).timestamp())


def _edges(spans: Spans) -> list[int]:
    return [instant for span in spans for instant in span]


def _covered(edges: np.ndarray, spans: Spans) -> np.ndarray:
    """Whether some span holds at each edge: more have begun than ended."""
    begun = np.sort(np.array([a for a, _ in spans], np.int64))
    ended = np.sort(np.array([b for _, b in spans], np.int64))
    return np.searchsorted(begun, edges, "right") > np.searchsorted(ended, edges, "right")
