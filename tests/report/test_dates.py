"""Periods and instants are said in words, on the client's clock."""

from datetime import date

import pytest

from cxaudit.report import dates


@pytest.mark.parametrize(
    ("label", "words"),
    [
        ("2026Q3", "July to September 2026"),
        ("2026-07", "July 2026"),
        ("2026", "2026"),
        ("2023..2024", "2023 to 2024"),
        ("2025-11..2026-01", "November 2025 to January 2026"),
        ("2026-07-02..2026-09-30", "2 July to 30 September 2026"),
        ("2025-12-30..2026-01-02", "30 December 2025 to 2 January 2026"),
        ("2026-07-02", "2 July 2026"),
        ("last spring", "last spring"),
    ],
)
def test_period_in_words(label, words):
    assert dates.label_words(label, "Europe/Berlin") == words


def test_instants_are_told_on_the_clients_clock():
    assert dates.instant_words("2026-10-02T22:30:00Z", "Europe/Berlin") == (
        "3 October 2026, 00:30 (Europe/Berlin)"
    )


def test_a_date_without_a_time_is_that_day_in_the_clients_zone():
    assert dates.local("2026-07-01", "Asia/Tokyo").date() == date(2026, 7, 1)
