"""Figures are rounded to what their interval supports, in the unit a person would use."""

import pytest

from cxaudit.report import numbers

HOUR, DAY = 3600, 86400


def plain(figure):
    return str(figure).replace(numbers.SPACE, " ")


@pytest.mark.parametrize(
    ("unit", "estimate", "low", "high", "text"),
    [
        ("share", 0.8412, 0.81, 0.87, "84 % (81 to 87 %)"),
        ("share", 0.0314, 0.027, 0.036, "3.1 % (2.7 to 3.6 %)"),
        ("share", 0.0031, 0.0, 0.03, "0.3 % (0.0 to 3.0 %)"),
        ("share", 0.0, 0.0, 0.061, "0 % (0 to 6 %)"),
        ("share", 1.0, 0.94, 1.0, "100 % (94 to 100 %)"),
        ("share", 0.998, 0.95, 1.0, "99.8 % (95.0 to 100.0 %)"),
        ("seconds", 46, 40, 52, "46 seconds (40 to 52 seconds)"),
        ("seconds", 34 * 60, 30 * 60, 39 * 60, "34 minutes (30 to 39 minutes)"),
        ("seconds", 9.4 * HOUR, 9.1 * HOUR, 9.7 * HOUR, "9.4 hours (9.1 to 9.7 hours)"),
        ("seconds", 9.4 * HOUR, 7.5 * HOUR, 12 * HOUR, "9 hours (8 to 12 hours)"),
        ("seconds", 2.94 * DAY, 2.6 * DAY, 3.25 * DAY, "2.9 days (2.6 to 3.2 days)"),
        ("seconds", 9.4 * HOUR, 9.1 * HOUR, None, "9.4 hours (9.1 hours or more)"),
        ("share_points", 0.012, 0.0, 0.03, "1 point (0 to 3 points)"),
        ("relative_change", -0.042, -0.081, -0.001, "−4 % (−8 to 0 %)"),
        ("ratio", 3.14, 2.8, 3.4, "3.1 times (2.8 to 3.4 times)"),
        ("ratio", 3.14, None, None, "3.1 times"),
    ],
)
def test_figure_is_rounded_to_its_interval(unit, estimate, low, high, text):
    assert plain(numbers.figure(unit, estimate, low, high)) == text


def test_a_time_never_reached_is_more_than_the_follow_up_and_not_rounded_up():
    reached = numbers.figure("seconds", None, 96.9 * DAY, None, not_reached=True)
    assert plain(reached) == "more than 96 days"


def test_an_indicator_without_a_single_value_says_so():
    assert plain(numbers.figure("seconds", None)) == "no single value"


@pytest.mark.parametrize(
    ("unit", "value", "text"),
    [
        ("seconds", 60, "60 s"),
        ("seconds", 120, "2 min"),
        ("seconds", 3600, "1 h"),
        ("seconds", 129600, "36 h"),
        ("seconds", 259200, "3 days"),
        ("share", 0.034, "3.4 %"),
        ("share", 0.81, "81 %"),
        ("ratio", 3.5, "3.5×"),
        ("relative_change", 0.1, "+10 %"),
        ("share_points", 0.015, "1.5 pts"),
    ],
)
def test_anchor_labels_are_short_and_exact(unit, value, text):
    assert numbers.short(unit, value).replace(numbers.SPACE, " ") == text


@pytest.mark.parametrize(
    ("unit", "difference", "current", "text"),
    [
        ("share", 0.027, 0.87, "+2.7 points"),
        ("share", -0.0333, 0.86, "−3.3 points"),
        ("share", 0.0, 0.5, "0.0 points"),
        ("seconds", 0.5 * DAY, 2.9 * DAY, "+0.5 days"),
        ("seconds", None, 5.0, "–"),
    ],
)
def test_a_change_is_signed_and_in_the_unit_of_its_value(unit, difference, current, text):
    assert numbers.change(unit, difference, current).replace(numbers.SPACE, " ") == text


def test_a_plain_share_names_its_base_and_is_never_0_per_cent_of_something():
    assert numbers.percent(1, 1000).replace(numbers.SPACE, " ") == "under 1 % of 1,000"
    assert numbers.percent(999, 1000).replace(numbers.SPACE, " ") == "over 99 % of 1,000"
    assert numbers.percent(0, 1000).replace(numbers.SPACE, " ") == "0 % of 1,000"
    assert numbers.percent(0, 0) == "–"
