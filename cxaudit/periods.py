"""Periods of an audit: 2026Q3, 2026-07, 2026, 2023..2024, 2026-07-01..2026-09-30."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from cxaudit.errors import EngagementError, Problem

DAYS_OF_A_MONTH = 365.25 / 12
# Any three months have so many days.
DAYS_OF_A_QUARTER = range(89, 93)

GRAMMAR = "2026Q3, 2026-07, 2026, 2023..2024 or 2026-07-01..2026-09-30"


@dataclass(frozen=True)
class Period:
    """A half-open span of local days in the client's zone, with its instants in UTC."""

    label: str
    first_on: date
    end_on: date
    time_zone: str

    @property
    def start_at(self) -> datetime:
        """The first instant of the period, in UTC."""
        return _midnight(self.first_on, self.time_zone)

    @property
    def end_at(self) -> datetime:
        """The first instant after the period, in UTC."""
        return _midnight(self.end_on, self.time_zone)

    @property
    def days(self) -> int:
        """How many local days the period has."""
        return (self.end_on - self.first_on).days

    def previous(self) -> Period:
        """The period of the same kind right before this one."""
        months = _whole_months(self.first_on, self.end_on)
        if months:
            first_on = _add_months(self.first_on, -months)
        else:
            first_on = self.first_on - timedelta(days=self.days)
        return Period(_label(first_on, self.first_on), first_on, self.first_on, self.time_zone)

    def year_before(self) -> Period:
        """The same days a year earlier: the 29th of February becomes the 28th."""
        first_on, end_on = _a_year_earlier(self.first_on), _a_year_earlier(self.end_on)
        if self.end_on.day > 1:  # the day after the last one, which a leap year may shift
            end_on = _a_year_earlier(self.end_on - timedelta(days=1)) + timedelta(days=1)
        return Period(_label(first_on, end_on), first_on, end_on, self.time_zone)

    def months(self, count: int) -> list[Period]:
        """The last `count` whole months up to the end of the period, the earliest first."""
        end_on = self.end_on.replace(day=1)
        starts = [_add_months(end_on, -number) for number in range(count, -1, -1)]
        return [
            Period(f"{first_on:%Y-%m}", first_on, next_on, self.time_zone)
            for first_on, next_on in zip(starts, starts[1:], strict=False)
        ]

    def quarters(self) -> list[Period]:
        """The spans of three months back from the end of the period, as many as fit, at least one.

        A year has four, a month the one that ends with it; the earliest first.
        """
        if self.days in DAYS_OF_A_QUARTER:
            return [self]
        months = _whole_months(self.first_on, self.end_on) or round(self.days / DAYS_OF_A_MONTH)
        ends = [_add_months(self.end_on, -3 * n) for n in range(max(1, months // 3) + 1)][::-1]
        return [
            Period(_label(first_on, end_on), first_on, end_on, self.time_zone)
            for first_on, end_on in zip(ends, ends[1:], strict=False)
        ]

    def midnights(self) -> list[float]:
        """The local midnights of the previous period and this one, in seconds since 1970 UTC."""
        return self._days(self.previous().first_on, 1)

    def mondays(self) -> list[float]:
        """The local midnights at which weeks begin, from the first of the period's days on."""
        return self._days(self.first_on - timedelta(days=self.first_on.weekday()), 7)

    def _days(self, first_on: date, step: int) -> list[float]:
        count = range(0, (self.end_on - first_on).days, step)
        days = (first_on + timedelta(days=number) for number in count)
        return [_midnight(day, self.time_zone).timestamp() for day in days]


def parse_period(text: str, time_zone: str) -> Period:
    """The period a text names; raises `EngagementError` where it is not in the grammar."""
    label = text.strip().upper()
    first, dots, last = label.partition("..")
    spans = [_span(part) for part in ([first, last] if dots else [first])]
    known = [span for span in spans if span]
    if len(known) < len(spans) or known[0][0] >= known[-1][1]:
        raise EngagementError(
            Problem("period", "is not a period", f"'{text}'", f"Write it as {GRAMMAR}.")
        )
    return Period(label, known[0][0], known[-1][1], time_zone)


def _span(text: str) -> tuple[date, date] | None:
    try:
        if match := re.fullmatch(r"(\d{4})Q([1-4])", text):
            first_on = date(int(match[1]), 3 * int(match[2]) - 2, 1)
            return first_on, _add_months(first_on, 3)
        if match := re.fullmatch(r"(\d{4})-(\d{2})", text):
            first_on = date(int(match[1]), int(match[2]), 1)
            return first_on, _add_months(first_on, 1)
        if match := re.fullmatch(r"(\d{4})", text):
            return date(int(match[1]), 1, 1), date(int(match[1]) + 1, 1, 1)
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
            day = date.fromisoformat(text)
            return day, day + timedelta(days=1)
    except ValueError:
        return None
    return None


def _add_months(day: date, months: int) -> date:
    count = day.year * 12 + day.month - 1 + months
    year, month = count // 12, count % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def _a_year_earlier(day: date) -> date:
    is_leap_day = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year - 1, day=28 if is_leap_day else day.day)


def _whole_months(first_on: date, end_on: date) -> int:
    if first_on.day != 1 or end_on.day != 1:
        return 0
    return (end_on.year - first_on.year) * 12 + end_on.month - first_on.month


def _label(first_on: date, end_on: date) -> str:
    months = _whole_months(first_on, end_on)
    if months == 3 and first_on.month % 3 == 1:
        return f"{first_on.year}Q{first_on.month // 3 + 1}"
    if months == 1:
        return f"{first_on:%Y-%m}"
    if months == 12 and first_on.month == 1:
        return str(first_on.year)
    if months and months % 12 == 0 and first_on.month == 1:
        return f"{first_on.year}..{end_on.year - 1}"
    return f"{first_on}..{end_on - timedelta(days=1)}"


def _midnight(day: date, time_zone: str) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(time_zone)).astimezone(UTC)
