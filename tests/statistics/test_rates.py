"""The change of a rate between two periods."""

from __future__ import annotations

import math

import numpy as np
import pytest

from cxaudit.errors import Fault
from cxaudit.statistics import Cases, rate_change, two_way


def period(per_day: list[int], first_day: int = 0, first_customer: int = 0) -> Cases:
    """So many cases on each day, every one of another customer."""
    day = np.repeat(np.arange(len(per_day)), per_day) + first_day
    row = np.arange(day.size)
    return Cases(row + first_customer, None, row + first_customer, {"block": day.astype(float)})


def test_change_is_per_exposure():
    now, before = period([10] * 28, 28, 1000), period([10] * 28)
    assert rate_change(now, before, 28, 28).value == 0.0
    assert rate_change(now, before, 40, 20).value == pytest.approx(-0.5)


def test_counts_of_a_steady_service_have_the_error_of_their_number():
    # No day differs from its weekday's mean, no customer comes twice: 1/n now and 1/n before.
    estimate = rate_change(period([10] * 28, 28, 1000), period([10] * 28), 28, 28)
    assert estimate.se == pytest.approx(math.sqrt(2 / 280), rel=0.01)
    assert estimate.low == pytest.approx(1 / (1 + estimate.high) - 1)


def test_rhythm_of_the_week_is_no_noise():
    even = rate_change(period([10] * 28, 28, 1000), period([10] * 28), 28, 28)
    week = [14, 14, 14, 14, 12, 1, 1]
    rhythm = rate_change(period(week * 4, 28, 1000), period(week * 4), 28, 28)
    assert rhythm.se == pytest.approx(even.se, rel=0.01)


def test_days_that_burst_widen_the_interval():
    bursts = [30 if day == 10 else 9 for day in range(28)]
    even = rate_change(period([10] * 28, 28, 1000), period([10] * 28), 28, 28)
    burst = rate_change(period(bursts, 28, 1000), period(bursts), 28, 28)
    assert burst.se > 1.2 * even.se


def test_customers_of_both_periods_cancel():
    apart = rate_change(period([10] * 28, 28, 1000), period([10] * 28), 28, 28)
    same = rate_change(period([10] * 28, 28), period([10] * 28), 28, 28)
    assert same.se < 0.1 * apart.se


def test_influence_carries_the_whole_variance_and_has_no_agents():
    bursts = [30 if day == 10 else 9 for day in range(28)]
    estimate = rate_change(period(bursts, 28, 1000), period(bursts), 28, 28)
    assert estimate.influence.agent is None
    assert two_way(estimate.influence).variance == pytest.approx(estimate.se**2)
    assert abs(estimate.influence.value.sum()) < 1e-12


def test_period_without_cases_has_no_change():
    for now, before in ((period([]), period([5])), (period([5]), period([]))):
        estimate = rate_change(now, before, 1, 1)
        assert estimate.value is None
        assert "no cases" in estimate.notes[0]


def test_number_of_cases_before_is_told():
    estimate = rate_change(period([10] * 3, 3), period([7] * 3), 3, 3)
    assert (estimate.cases, estimate.notes) == (30, ("cases in the period before: 21",))


def test_case_without_a_day_is_refused():
    cases = period([2, 2])
    cases.columns["block"][0] = np.nan
    with pytest.raises(Fault, match="without a day"):
        rate_change(cases, period([2, 2]), 2, 2)
