"""The simulated time: local days, the spans they belong to, and the weeks of answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from cxaudit.simulate.service import AS_OF, HISTORY_FROM, QUARTERS, TIME_ZONE

Ints = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Days:
    """Local days from the start of the history to the day of as-of.

    `starts` has one instant more than there are days (seconds since 1970, UTC); `span` is the
    index of the day's span, `weekday` 0 = Monday, `week` a number for span and ISO week.
    """

    starts: Ints
    span: Ints
    weekday: Ints
    week: Ints
    span_starts: Ints
    as_of: int

    def span_of(self, at: Ints) -> Ints:
        """The span each instant falls into."""
        found: Ints = np.searchsorted(self.span_starts, at, side="right") - 1
        return found

    def day_of(self, at: Ints) -> Ints:
        """The local day each instant falls into."""
        found: Ints = np.searchsorted(self.starts, at, side="right") - 1
        return found


@cache
def simulated_days() -> Days:
    """The days the simulator knows, from two months before the first quarter to as-of."""
    as_of = datetime.fromisoformat(AS_OF.replace("Z", "+00:00"))
    first = date.fromisoformat(HISTORY_FROM)
    last = as_of.astimezone(ZoneInfo(TIME_ZONE)).date()
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    boundaries = [first, *(_first_day(quarter) for quarter in QUARTERS), _end(QUARTERS[-1])]
    starts = np.array([midnight(day) for day in [*days, last + timedelta(days=1)]], np.int64)
    span_starts = np.array([midnight(day) for day in boundaries], np.int64)
    span = np.searchsorted(span_starts, starts[:-1], side="right") - 1
    iso = np.array([day.isocalendar()[0] * 100 + day.isocalendar()[1] for day in days])
    week = np.unique(span * 1_000_000 + iso, return_inverse=True)[1]
    weekday = np.array([day.weekday() for day in days])
    return Days(starts, span, weekday, week, span_starts, int(as_of.timestamp()))


def midnight(day: date) -> int:
    """The instant a local day begins, in seconds since 1970."""
    return int(datetime.combine(day, time(), ZoneInfo(TIME_ZONE)).astimezone(UTC).timestamp())


def _first_day(quarter: str) -> date:
    return date(int(quarter[:4]), 3 * int(quarter[5]) - 2, 1)


def _end(quarter: str) -> date:
    year, number = int(quarter[:4]), int(quarter[5])
    return date(year + number // 4, 3 * (number % 4) + 1, 1)
