"""The grammar of periods, and the period before."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from cxaudit.errors import EngagementError
from cxaudit.periods import parse_period

FORMS = [
    # text, first day, first day after, the label of the period before
    ("2026Q3", date(2026, 7, 1), date(2026, 10, 1), "2026Q2"),
    ("2026Q1", date(2026, 1, 1), date(2026, 4, 1), "2025Q4"),
    ("2026-07", date(2026, 7, 1), date(2026, 8, 1), "2026-06"),
    ("2026-01", date(2026, 1, 1), date(2026, 2, 1), "2025-12"),
    ("2026", date(2026, 1, 1), date(2027, 1, 1), "2025"),
    ("2023..2024", date(2023, 1, 1), date(2025, 1, 1), "2021..2022"),
    ("2026-07-01..2026-09-30", date(2026, 7, 1), date(2026, 10, 1), "2026Q2"),
    ("2026-07-15..2026-07-21", date(2026, 7, 15), date(2026, 7, 22), "2026-07-08..2026-07-14"),
    ("2026-07-15", date(2026, 7, 15), date(2026, 7, 16), "2026-07-14..2026-07-14"),
    ("2026Q1..2026Q2", date(2026, 1, 1), date(2026, 7, 1), "2025-07-01..2025-12-31"),
    ("2026-02..2026-03", date(2026, 2, 1), date(2026, 4, 1), "2025-12-01..2026-01-31"),
    ("2024-02", date(2024, 2, 1), date(2024, 3, 1), "2024-01"),
]


@pytest.mark.parametrize(("text", "first_on", "end_on", "before"), FORMS)
def test_forms_of_a_period(text: str, first_on: date, end_on: date, before: str) -> None:
    period = parse_period(text, "UTC")
    assert (period.label, period.first_on, period.end_on) == (text, first_on, end_on)
    assert period.days == (end_on - first_on).days
    previous = period.previous()
    assert previous.label == before
    assert previous.end_on == first_on, "right before"
    again = parse_period(previous.label, "UTC")
    assert (again.first_on, again.end_on) == (previous.first_on, previous.end_on)


def test_a_quarter_may_be_written_small_and_with_blanks() -> None:
    assert parse_period(" 2026q3 ", "UTC") == parse_period("2026Q3", "UTC")


@pytest.mark.parametrize(
    "text",
    ["", "..", "2026Q5", "2026Q0", "Q3", "2026-13", "2026-00", "2026-7", "26Q3", "2026-02-30"]
    + ["2024..2023", "2026Q3..2026Q2", "2026Q3..", "..2026", "2026..2027..2028", "2026 Q3", "last"]
    + ["2026/07", "2026-07-01...2026-07-02", "0000", "9999", "2026W30"],
)
def test_what_is_no_period_is_refused(text: str) -> None:
    with pytest.raises(EngagementError, match="is not a period.*2026Q3, 2026-07, 2026"):
        parse_period(text, "UTC")


def test_a_period_begins_at_the_client_s_midnight() -> None:
    period = parse_period("2026Q3", "America/New_York")
    assert period.start_at == datetime(2026, 7, 1, 4, tzinfo=UTC)
    assert period.end_at == datetime(2026, 10, 1, 4, tzinfo=UTC)
    before = period.previous()
    assert before.end_at == period.start_at


def test_a_clock_change_inside_a_period_moves_one_end() -> None:
    period = parse_period("2026-10", "Europe/Berlin")
    hours = (period.end_at - period.start_at).total_seconds() / 3600
    assert hours == 31 * 24 + 1, "the night of 25 October has one hour more"


@pytest.mark.parametrize(
    ("day", "zone", "starts"),
    [
        # The clock goes from 00:00 to 01:00: the day begins at 01:00.
        ("2018-11-04", "America/Sao_Paulo", datetime(2018, 11, 4, 3, tzinfo=UTC)),
        # The clock goes from 01:00 back to 00:00: the first of two midnights begins the day.
        ("2026-11-01", "America/Havana", datetime(2026, 11, 1, 4, tzinfo=UTC)),
        # The clock goes from 24:00 back to 23:00: midnight comes an hour later.
        ("2018-02-18", "America/Sao_Paulo", datetime(2018, 2, 18, 3, tzinfo=UTC)),
    ],
)
def test_a_day_whose_midnight_is_skipped_or_comes_twice(
    day: str, zone: str, starts: datetime
) -> None:
    period = parse_period(day, zone)
    assert period.start_at == starts
    assert period.previous().end_at == starts, "no instant is lost, none belongs to two days"


@pytest.mark.parametrize(
    ("label", "days", "first_on"),
    [
        ("2026Q3", 92, "2025-07-01"),
        ("2025-02", 29, "2024-02-01"),
        ("2024-02-28..2024-02-28", 1, "2023-02-28"),
        ("2024-02-01..2024-02-29", 28, "2023-02-01"),
    ],
)
def test_a_year_before_has_the_same_days_but_for_the_leap_day(
    label: str, days: int, first_on: str
) -> None:
    before = parse_period(label, "UTC").year_before()
    assert (before.days, before.first_on.isoformat()) == (days, first_on)
