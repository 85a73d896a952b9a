"""Periods and instants in words."""

from __future__ import annotations

import calendar
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from cxaudit.errors import EngagementError
from cxaudit.periods import parse_period


def period_words(first_on: date, end_on: date) -> str:
    """A half-open span of days as one says it: "July to September 2026"."""
    last_on = end_on - timedelta(days=1)
    if first_on.day == 1 and end_on.day == 1:
        whole_years = first_on.month == 1 and end_on.month == 1
        if whole_years and first_on.year == last_on.year:
            return str(first_on.year)
        if whole_years:
            return f"{first_on.year} to {last_on.year}"
        last = f"{calendar.month_name[last_on.month]} {last_on.year}"
        if (first_on.year, first_on.month) == (last_on.year, last_on.month):
            return last
        first = calendar.month_name[first_on.month]
        return f"{first}{'' if first_on.year == last_on.year else f' {first_on.year}'} to {last}"
    if first_on == last_on:
        return day_words(first_on)
    first = day_words(first_on)
    if first_on.year == last_on.year:
        first = first.removesuffix(f" {first_on.year}")
    return f"{first} to {day_words(last_on)}"


def label_words(label: str, time_zone: str) -> str:
    """A period's label in words, or the label itself where it is not in the grammar."""
    try:
        period = parse_period(label, time_zone)
    except EngagementError:
        return label
    return period_words(period.first_on, period.end_on)


def day_words(day: date) -> str:
    """A day as one says it: "3 October 2026"."""
    return f"{day.day} {calendar.month_name[day.month]} {day.year}"


def local(text: str, time_zone: str) -> datetime:
    """An ISO instant, or the midnight of an ISO date, on the client's clock."""
    zone = ZoneInfo(time_zone)
    instant = datetime.fromisoformat(text)
    return instant.replace(tzinfo=zone) if instant.tzinfo is None else instant.astimezone(zone)


def instant_words(text: str, time_zone: str) -> str:
    """An instant with its time of day and zone."""
    instant = local(text, time_zone)
    return f"{day_words(instant)}, {instant:%H:%M} ({time_zone})"
