"""Quantiles and means of durations where curves end early, tie, or never come down far enough."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cxaudit.statistics import (
    Cases,
    cumulative_incidence,
    quantile,
    survival_mean,
    survival_quantile,
)
from cxaudit.statistics.survival import log_density


def test_quantile_never_reached_is_more_than_the_longest_follow_up(make):
    estimate = survival_quantile(make(seconds=[5, 9, 9, 9, 9, 9], event=[1, 0, 0, 0, 0, 0]), 0.9)
    assert (estimate.value, estimate.high, estimate.influence) == (None, None, None)
    assert estimate.not_reached
    assert (estimate.low, estimate.longest_seconds) == (9, 9)


def test_quantile_never_reached_but_nearly_has_woodruffs_lower_limit(make):
    seconds = [*range(1, 90), *[100] * 11]
    estimate = survival_quantile(make(seconds=seconds, event=[1] * 89 + [0] * 11), 0.9)
    assert estimate.not_reached
    assert 75 < estimate.low < 89, "the curve's own band comes down to 0.1 before the last time"


def test_upper_limit_is_open_when_the_band_never_comes_down(make):
    seconds = [*range(1, 56), *[100] * 45]
    estimate = survival_quantile(make(seconds=seconds, event=[1] * 55 + [0] * 45), 0.5)
    assert (estimate.value, estimate.high) == (50, None)
    assert estimate.low < 50
    assert estimate.se > 0, "the slope is taken from the lower side alone"


def test_density_is_taken_from_the_lower_side_where_there_is_no_upper_limit():
    band = (0.25, 0.75)
    assert log_density(0.5, band, 2, 4, 8) == pytest.approx(0.5 / math.log(4))
    assert log_density(0.5, band, 2, 4, None) == pytest.approx(0.25 / math.log(2))
    assert log_density(0.5, band, 4, 4, None) == math.inf


def test_median_of_zero_seconds_counts_as_one_second(make):
    estimate = survival_quantile(make(seconds=[0] * 30 + [5] * 10, event=[1] * 40), 0.5)
    assert (estimate.value, estimate.low) == (1.0, 1.0)
    assert estimate.influence is None or np.all(np.isfinite(estimate.influence.value))


def test_equal_durations_have_no_density_and_so_no_influence(make):
    estimate = survival_quantile(make(seconds=[60] * 40, event=[1] * 40), 0.5)
    assert (estimate.value, estimate.low, estimate.high) == (60, 60, 60)
    assert estimate.influence is None


def test_negative_and_unknown_durations_are_left_out_and_counted(make):
    cases = make(seconds=[-5, np.nan, 4, 6], event=[1, 1, 1, np.nan])
    estimate = survival_quantile(cases, 0.5)
    assert (estimate.cases, estimate.missing) == (1, 3)
    assert estimate.notes[0] == "negative durations left out: 1"


def test_nothing_to_follow_has_no_value(make):
    for estimate in (
        survival_quantile(make(seconds=[], event=[]), 0.5),
        survival_mean(make(seconds=[], event=[]), 10),
        cumulative_incidence(make(seconds=[], event=[]), 10),
    ):
        assert (estimate.value, estimate.low, estimate.cases) == (None, None, 0)
        assert not estimate.not_reached


def test_restricted_mean_says_that_the_curve_is_carried_forward(make):
    estimate = survival_mean(make(seconds=[10, 20, 20], event=[1, 0, 0]), 100)
    assert estimate.value == pytest.approx(10 + 90 * 2 / 3)
    assert any("carried forward" in note for note in estimate.notes)


def test_restricted_mean_without_any_event_has_width_and_no_influence(make):
    estimate = survival_mean(make(seconds=[100] * 20, event=[0] * 20), 100)
    assert (estimate.value, estimate.high, estimate.influence) == (100, 100, None)
    assert estimate.low < 90


def test_uncensored_quantile_is_the_smallest_value_that_reaches_the_share(make):
    estimate = quantile(make(value=[0.1, 0.2, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8]), 0.5)
    assert estimate.value == pytest.approx(0.3)
    assert estimate.low < 0.3 < estimate.high


@settings(deadline=None, max_examples=40)
@given(
    st.lists(
        st.tuples(st.integers(0, 40), st.integers(0, 1), st.integers(0, 5), st.integers(0, 3)),
        min_size=2,
        max_size=40,
    ),
    st.sampled_from([0.5, 0.9]),
)
def test_whatever_the_times_limits_enclose_the_value_and_influences_sum_to_zero(rows, q):
    seconds, event, customer, agent = np.array(rows).T
    cases = Cases(customer, agent, np.arange(len(rows)), {"seconds": seconds, "event": event})
    for estimate in (
        survival_quantile(cases, q),
        survival_mean(cases, 20),
        cumulative_incidence(cases, 20),
    ):
        if estimate.value is not None:
            assert estimate.low <= estimate.value * (1 + 1e-12)
            assert estimate.high is None or estimate.high >= estimate.value * (1 - 1e-12)
        if estimate.influence is not None:
            values = estimate.influence.value
            assert abs(values.sum()) <= 1e-9 * max(1e-9, np.abs(values).max()) * values.size
