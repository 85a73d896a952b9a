"""The difference of two incidences and the ratio of two shares, with their own limits combined."""

from __future__ import annotations

import math

import numpy as np
import pytest

from cxaudit.statistics import (
    Cases,
    cumulative_incidence,
    incidence_difference,
    mean_of_ratios,
    share,
    share_ratio,
)

DAY = 86400.0


def followed(events, customer=None) -> Cases:
    """Cases followed for 30 days; `events`: days to a contact, 0 where there was none."""
    days = np.array(events, dtype=float)
    columns = {"seconds": np.where(days > 0, days, 30.0) * DAY, "event": (days > 0).astype(float)}
    rows = np.arange(days.size)
    return Cases(rows if customer is None else np.asarray(customer), None, rows, columns)


def calls(hits, day, first: int = 0) -> Cases:
    """Calls by day, each of a customer of his own, numbered from `first`."""
    rows = np.arange(len(hits)) + first
    return Cases(rows, np.asarray(day), rows, {"hit": np.asarray(hits, dtype=float)})


# --- incidence before and after ------------------------------------------------------------------


def test_difference_worked_by_hand():
    """3 of 8 within 7 days after, 1 of 8 before; the customers' differences are 1, 1, 0, ... ."""
    after, before = followed([2, 3, 5, 9, 0, 0, 0, 0]), followed([0, 0, 6, 0, 0, 20, 0, 0])
    estimate = incidence_difference(after, before, 7 * DAY)
    assert estimate.value == pytest.approx(3 / 8 - 1 / 8)
    assert (estimate.scale, estimate.cases) == ("identity", 8)
    assert "cases before: 8" in estimate.notes
    # sums by customer: (difference - 1/4) / 8; two are 1, six are 0; times G / (G - 1)
    variance = 8 / 7 * (2 * (0.75 / 8) ** 2 + 6 * (0.25 / 8) ** 2)
    assert estimate.se == pytest.approx(math.sqrt(variance))


def test_difference_without_events_has_width_on_both_sides():
    estimate = incidence_difference(followed([0] * 40), followed([0] * 40), 7 * DAY)
    high = cumulative_incidence(followed([0] * 40), 7 * DAY).high
    assert estimate.value == 0.0
    assert (estimate.low, estimate.high) == (pytest.approx(-high), pytest.approx(high))
    assert estimate.influence is None


def test_difference_of_everybody_and_nobody_stays_within_one():
    estimate = incidence_difference(followed([1] * 40), followed([0] * 40), 7 * DAY)
    assert (estimate.value, estimate.high) == (1.0, 1.0)
    assert 0.7 < estimate.low < 1.0


def test_same_customers_before_and_after_make_the_difference_narrower():
    events = [2, 0, 3, 0, 4, 0, 0, 0] * 10
    paired = incidence_difference(followed(events), followed(events), 7 * DAY)
    others = np.arange(80) + 80
    apart = incidence_difference(followed(events), followed(events, others), 7 * DAY)
    assert paired.high - paired.low < 0.2 * (apart.high - apart.low)


def test_nobody_to_compare_with_has_no_difference():
    estimate = incidence_difference(followed([1, 2]), followed([]), 7 * DAY)
    assert (estimate.value, estimate.cases) == (None, 2)


# --- ratio of shares -------------------------------------------------------------------------


def test_ratio_worked_by_hand():
    """Peak 2 of 4, other 6 of 8; days 0 and 1 with (1 of 2, 1 of 2) and (2 of 4, 4 of 4)."""
    peak = calls([1, 0, 1, 0], [0, 0, 1, 1])
    other = calls([1, 1, 0, 0, 1, 1, 1, 1], [0, 0, 0, 0, 1, 1, 1, 1])
    estimate = share_ratio(peak, other)
    assert estimate.value == pytest.approx(0.5 / 0.75)
    assert (estimate.scale, estimate.cases) == ("log", 12)
    # influence on ln ratio by day: peak 0 and 0; other -(2 - 4 x .75) / 6 = 1/6 and -1/6
    by_day = np.bincount(np.concatenate([peak.agent, other.agent]), estimate.influence.value)
    np.testing.assert_allclose(by_day, [1 / 6, -1 / 6])
    assert estimate.low < estimate.value < estimate.high


def test_ratio_limits_are_those_of_both_shares_combined_when_days_are_apart():
    peak = calls([1, 0] * 20, np.arange(40) // 2)
    other = calls([1, 1, 1, 0] * 10, np.arange(40) // 2 + 100, 100)
    estimate, top, bottom = share_ratio(peak, other), share(peak), share(other)
    down = math.hypot(math.log(top.value / top.low), math.log(bottom.high / bottom.value))
    assert estimate.low == pytest.approx(estimate.value * math.exp(-down), rel=1e-6)


def test_ratio_with_nothing_answered_at_peak_is_zero_with_an_upper_limit():
    estimate = share_ratio(calls([0] * 30, np.arange(30)), calls([1, 0] * 30, np.arange(60)))
    assert (estimate.value, estimate.low, estimate.influence) == (0.0, 0.0, None)
    assert 0.0 < estimate.high < 1.0


def test_ratio_with_everything_answered_has_width():
    estimate = share_ratio(calls([1] * 30, np.arange(30)), calls([1] * 60, np.arange(60)))
    assert estimate.value == 1.0
    assert estimate.low < 1.0 < estimate.high


def test_ratio_to_nothing_has_no_value():
    estimate = share_ratio(calls([1, 1], [0, 1]), calls([0, 0], [0, 1]))
    assert estimate.value is None
    assert "nothing hits" in estimate.notes[-1]
    assert share_ratio(calls([], []), calls([1, 0], [0, 1])).value is None


def test_mean_of_ratios_uses_the_mix_and_says_what_is_left_out():
    half, most = calls([1, 0] * 20, np.arange(40)), calls([1, 1, 1, 0] * 10, np.arange(40))
    parts = [(0.4, half, most), (0.4, most, most), (0.2, calls([], []), most)]
    estimate = mean_of_ratios(parts)
    assert estimate.value == pytest.approx((0.5 / 0.75 + 1.0) / 2)
    assert estimate.groups == 2
    assert "parts without a ratio left out: 1 (20.0 % of the mix)" in estimate.notes
    assert estimate.low < estimate.value < estimate.high


def test_mean_of_one_ratio_is_that_ratio():
    half, most = calls([1, 0] * 20, np.arange(40)), calls([1, 1, 1, 0] * 10, np.arange(40))
    one, mean = share_ratio(half, most), mean_of_ratios([(0.3, half, most)])
    assert mean.value == pytest.approx(one.value)
    assert (mean.low, mean.high) == (pytest.approx(one.low), pytest.approx(one.high))
    assert mean.se == pytest.approx(one.se)


def test_mean_of_no_ratio_has_no_value():
    assert mean_of_ratios([(1.0, calls([], []), calls([], []))]).value is None
