"""Run charts: limits worked by hand, both rules, too few points."""

from __future__ import annotations

import numpy as np
import pytest

from cxaudit.statistics.run_rules import BEYOND, ONE_SIDE, share_chart, value_chart


def test_limits_of_values_by_hand() -> None:
    """Neighbours lie 1 apart: three standard deviations are 3 / 1.128."""
    chart = value_chart(np.array([1.0, 2.0] * 4))
    assert chart.centre == 1.5
    assert chart.upper == pytest.approx([1.5 + 3 / 1.128] * 8)
    assert chart.lower == pytest.approx([1.5 - 3 / 1.128] * 8)
    assert chart.signals == [""] * 8


def test_a_point_beyond_the_limits_is_a_signal() -> None:
    chart = value_chart(np.array([1.0, 2.0] * 6 + [9.0]))
    assert chart.signals[-1] == BEYOND
    assert BEYOND not in chart.signals[:-1]


def test_the_eighth_on_one_side_is_a_signal_and_those_after_it() -> None:
    """Nine low, nine high, with enough wobble that none is beyond the limits."""
    wobble = np.array([0.0, 1.0] * 9)[:18]
    values = np.array([0.0] * 9 + [1.2] * 9) + wobble
    chart = value_chart(values)
    assert chart.signals == ([""] * 7 + [ONE_SIDE] * 2) * 2


def test_a_point_on_the_centre_ends_a_run() -> None:
    values = np.array([1.0, 3.0, 1.0, 1.5, 2.0, 1.5, 1.0, 1.5, 1.0, 6.5])
    assert value_chart(values).centre == 2.0
    assert ONE_SIDE not in value_chart(values).signals


def test_limits_of_shares_follow_the_cases() -> None:
    """0.5 of 100 and of 400 in turn, as calm as chance at most: 3 x 0.05 and 3 x 0.025."""
    shares, cases = np.full(8, 0.5), np.array([100.0, 400.0] * 4)
    shares[0], shares[1] = 0.52, 0.495
    chart = share_chart(shares, cases)
    assert chart.centre == pytest.approx(0.5)
    assert chart.upper[:2] == pytest.approx([0.65, 0.575])
    assert chart.lower[:2] == pytest.approx([0.35, 0.425])


def test_months_that_scatter_more_than_chance_widen_the_limits() -> None:
    """With 10,000 cases chance alone is 0.5 points; the months differ by ten."""
    shares = np.array([0.45, 0.55] * 6)
    chart = share_chart(shares, np.full(12, 10_000.0))
    sigma = 0.1 / 1.128
    assert chart.upper[0] == pytest.approx(0.5 + 3 * sigma)
    assert chart.signals == [""] * 12, "on a plain p-chart every month would be a signal"


def test_limits_stay_within_0_and_1() -> None:
    chart = share_chart(np.array([0.9, 1.0] * 4), np.full(8, 10.0))
    assert chart.upper.max() == 1.0
    assert share_chart(np.zeros(8), np.full(8, 50.0)).signals == [""] * 8


def test_fewer_than_eight_points_have_no_limits() -> None:
    for chart in (value_chart(np.arange(7.0)), share_chart(np.full(7, 0.4), np.full(7, 9.0))):
        assert np.isnan(chart.lower).all()
        assert np.isnan(chart.upper).all()
        assert chart.signals == [""] * 7


def test_false_signals_are_rare() -> None:
    """Twelve months of chance alone: a signal in fewer than one of eight charts."""
    rng = np.random.default_rng(8)
    cases = np.full(12, 300.0)
    charts = [share_chart(rng.binomial(300, 0.8, 12) / 300, cases) for _ in range(400)]
    assert np.mean([any(chart.signals) for chart in charts]) < 0.125
