"""Spread between agents, from week to week, of waits, and between channels."""

from __future__ import annotations

import math

import numpy as np
import pytest

from cxaudit.statistics import Cases, gap, quantile_ratio, variance_share, week_spread
from cxaudit.statistics.shrinkage import paule_mandel

# --- agents -----------------------------------------------------------------------------------


def test_agents_with_few_answers_are_left_out_and_counted(make):
    agent = [0] * 12 + [1] * 12 + [2] * 3
    estimate = variance_share(make(value=np.arange(27) % 5, agent=agent), 10)
    assert (estimate.cases, estimate.groups) == (24, 2)
    assert estimate.notes == ("agents under 10 answers left out: 1 (3 answers)",)


def test_without_agents_there_is_no_variance_share(make):
    estimate = variance_share(make(value=[1, 2, 3], agent=None), 2)
    assert estimate.value is None
    assert "agents are not known" in estimate.notes[0]


def test_one_agent_has_nobody_to_be_compared_with(make):
    estimate = variance_share(make(value=[1, 2, 3], agent=[4, 4, 4]), 2)
    assert (estimate.value, estimate.groups) == (None, 1)


def test_equal_answers_have_no_variance_to_share_out(make):
    estimate = variance_share(make(value=[0.1] * 6, agent=[1, 1, 1, 2, 2, 2]), 2)
    assert estimate.value is None


def test_agents_without_difference_get_zero_with_an_upper_limit(make):
    value = [0, 1, 2, 3] * 10
    estimate = variance_share(make(value=value, agent=np.repeat(np.arange(10), 4)), 4)
    assert (estimate.value, estimate.low) == (0.0, 0.0)
    assert estimate.high > 0


def test_agents_more_alike_than_chance_do_not_get_an_interval_of_no_width(make):
    value = [0, 0, 0, 0, 1, 1, 1, 1] * 12  # every agent half and half: F is near 0
    rng = np.random.default_rng(1)
    value = [v + 0.01 * e for v, e in zip(value, rng.normal(size=96), strict=True)]
    estimate = variance_share(make(value=value, agent=np.repeat(np.arange(12), 8)), 4)
    assert (estimate.value, estimate.low) == (0.0, 0.0)
    assert 0.02 < estimate.high < 0.5


def test_agents_that_explain_everything_get_one(make):
    estimate = variance_share(make(value=[1, 1, 2, 2, 3, 3], agent=[1, 1, 2, 2, 3, 3]), 2)
    assert (estimate.value, estimate.influence) == (1.0, None)


def test_variance_share_is_that_of_textbook_variance_components():
    rng = np.random.default_rng(2)
    agent = np.repeat(np.arange(30), 40)
    value = rng.normal(size=30)[agent] + 2 * rng.normal(size=1200)
    cases = Cases(np.arange(1200), agent, np.arange(1200), {"value": value})
    by_agent = value.reshape(30, 40)
    within = by_agent.var(axis=1, ddof=1).mean()
    between = by_agent.mean(axis=1).var(ddof=1) - within / 40
    estimate = variance_share(cases, 10)
    assert estimate.value == pytest.approx(between / (between + within))
    assert estimate.low < 1 / 5 < estimate.high, "the true share, 1 / (1 + 4)"


# --- weeks ------------------------------------------------------------------------------------


def weekly(make, hits: list[int], size: int = 40, **known):
    """Answers by week: so many hits among `size` each week."""
    value = [1.0 if i < hit else 0.0 for hit in hits for i in range(size)]
    return make(value=value, week=np.repeat(np.arange(len(hits)), size), **known)


def test_week_spread_by_hand_for_equal_weeks(make):
    hits, size = [30, 34, 26, 38, 24, 36], 40
    shares = np.array(hits) / size
    week = np.arange(6) - 2.5
    line = shares.mean() + week * np.sum(week * shares) / np.sum(week**2)
    between = size * np.sum((shares - line) ** 2) / 4  # six weeks less level and slope
    within = np.sum(shares * (1 - shares) * size) / (240 - 6)
    estimate = week_spread(weekly(make, hits), 20)
    # Equal weeks: the detrended mean square holds the variance between weeks `size` times.
    assert estimate.value == pytest.approx(math.sqrt((between - within) / size))
    assert estimate.low < estimate.value < estimate.high
    assert (estimate.groups, estimate.cases) == (6, 240)


def test_trend_is_no_instability(make):
    estimate = week_spread(weekly(make, [10, 14, 18, 22, 26, 30]), 20)
    assert estimate.value == 0.0
    assert "trend taken off: +10.000 points per week" in estimate.notes


def test_swing_without_trend_is_seen(make):
    assert week_spread(weekly(make, [20, 36, 20, 36, 20, 36, 20, 36]), 20).value > 0.15


def test_calm_weeks_have_zero_spread_and_an_upper_limit(make):
    estimate = week_spread(weekly(make, [32, 31, 33, 32, 31, 33, 32, 32]), 20)
    assert (estimate.value, estimate.low, estimate.influence) == (0.0, 0.0, None)
    assert estimate.high > 0


def test_short_weeks_become_fortnights_and_what_stays_short_is_left_out(make):
    sizes = [30, 30, 12, 15, 30, 30, 30, 3]
    week = np.repeat([0, 1, 2, 3, 4, 5, 6, 9], sizes)
    rng = np.random.default_rng(3)
    estimate = week_spread(make(value=rng.integers(0, 2, week.size), week=week), 20)
    assert estimate.groups == 6
    assert estimate.cases == sum(sizes) - 3
    assert estimate.notes[0] == "fortnights in place of weeks under 20 answers: 1"
    assert estimate.notes[1] == "weeks under 20 answers left out: 1 (3 answers)"


def test_last_week_if_short_joins_the_week_before(make):
    week = np.repeat([0, 1, 2, 3, 4, 5], [30, 30, 30, 30, 30, 8])
    value = np.arange(week.size) % 3 == 0
    estimate = week_spread(make(value=value, week=week), 20)
    assert (estimate.groups, estimate.cases) == (5, 158)


def test_too_few_weeks_have_no_spread(make):
    estimate = week_spread(weekly(make, [20, 30, 25]), 20)
    assert (estimate.value, estimate.groups) == (None, 3)


def test_satisfied_every_week_without_exception_has_nothing_to_measure(make):
    assert week_spread(weekly(make, [40] * 8), 20).value is None


def test_no_answers_no_spread(make):
    assert week_spread(make(value=[], week=[]), 20).value is None


# --- waits ------------------------------------------------------------------------------------


def waits(make, unit: float, censored: int = 0):
    """A hundred waits of 1 to 100 units, the longest of them still going on."""
    event = [1] * (100 - censored) + [0] * censored
    return make(seconds=unit * np.arange(1, 101), event=event)


def test_ratio_of_quantiles_does_not_depend_on_the_unit(make):
    slow, fast = (quantile_ratio([(1.0, waits(make, unit))]) for unit in (60, 3600))
    assert slow.value == fast.value == pytest.approx(90 / 50)
    assert slow.se == pytest.approx(fast.se)


def test_strata_are_averaged_with_their_shares_renormalised(make):
    even = make(seconds=[10] * 50 + [12] * 50, event=[1] * 100)
    estimate = quantile_ratio([(0.3, waits(make, 60)), (0.1, even)])
    assert estimate.value == pytest.approx(0.75 * 90 / 50 + 0.25 * 12 / 10)
    assert (estimate.groups, estimate.cases) == (2, 200)


def test_unreached_tail_is_the_longest_follow_up_and_said_to_be_at_least(make):
    estimate = quantile_ratio([(1.0, waits(make, 60, censored=20))])
    assert estimate.value == pytest.approx(100 / 50)
    assert estimate.not_reached
    assert estimate.high is None
    assert estimate.low < 2


def test_stratum_that_never_reaches_its_middle_is_left_out_and_counted(make):
    estimate = quantile_ratio([(0.5, waits(make, 60)), (0.5, waits(make, 60, censored=70))])
    assert (estimate.value, estimate.groups) == (pytest.approx(1.8), 1)
    assert estimate.notes == ("strata that never reach the quantile 0.5 left out: 1",)


def test_no_strata_no_ratio(make):
    assert quantile_ratio([]).value is None
    assert quantile_ratio([(1.0, make(seconds=[], event=[]))]).value is None


# --- channels ---------------------------------------------------------------------------------


def channels(shares: list[float], sizes: list[int], agents: int | None = 10) -> Cases:
    value = np.concatenate(
        [np.arange(n) < round(s * n) for s, n in zip(shares, sizes, strict=True)]
    )
    size = value.size
    row = np.arange(size)
    group = np.repeat(np.arange(len(sizes)), sizes)
    mixed = np.random.default_rng(1).permutation(size)
    agent = None if agents is None else mixed % agents
    return Cases(mixed, agent, row, {"value": value.astype(float), "group": group.astype(float)})


def test_paule_mandel_by_hand_with_equal_variances():
    # Equal weights: the mean square of the estimates less their common variance.
    estimates = np.array([0.6, 0.7, 0.8])
    assert paule_mandel(estimates, np.full(3, 0.004)).tau_squared == pytest.approx(0.01 - 0.004)
    assert paule_mandel(estimates, np.full(3, 0.02)).tau_squared == 0.0


def test_paule_mandel_solves_its_equation():
    estimates = np.array([0.86, 0.78, 0.91, 0.70, 0.83])
    variances = estimates * (1 - estimates) / np.array([200, 50, 250, 80, 400])
    between = paule_mandel(estimates, variances).tau_squared
    weights = 1 / (variances + between)
    centre = np.sum(weights * estimates) / np.sum(weights)
    assert np.sum(weights * (estimates - centre) ** 2) == pytest.approx(4)


def test_wide_gap_is_hardly_shrunk():
    estimate = gap(channels([0.9, 0.6], [1000, 1000]), 50)
    assert 0.145 < estimate.value < 0.15
    assert estimate.notes == ("before shrinking 15.0 points",)
    assert (estimate.method, estimate.influence) == ("jackknife over agents", None)


def test_gap_within_chance_is_zero_but_its_upper_limit_is_not():
    estimate = gap(channels([0.80, 0.81], [100, 100]), 50)
    assert (estimate.value, estimate.low) == (0.0, 0.0)
    assert estimate.high > 0.01


def test_channels_under_the_minimum_are_left_out_and_counted():
    estimate = gap(channels([0.9, 0.6, 0.1], [200, 200, 20]), 50)
    assert (estimate.groups, estimate.cases) == (2, 400)
    assert estimate.notes[0] == "groups under 50 answers left out: 1"


def test_one_channel_has_no_gap():
    estimate = gap(channels([0.9, 0.6], [200, 20]), 50)
    assert (estimate.value, estimate.groups) == (None, 1)


def test_without_agents_blocks_of_customers_are_left_out_in_turn():
    estimate = gap(channels([0.9, 0.6], [400, 400], agents=None), 50)
    assert estimate.method == "jackknife over 200 blocks of customers"
    plain = math.sqrt((0.9 * 0.1 + 0.6 * 0.4) / 400) / 2  # half the difference of two shares
    assert estimate.se == pytest.approx(plain, rel=0.3)


def test_channel_where_everyone_is_satisfied_has_an_error_too():
    estimate = gap(channels([1.0, 0.9], [60, 60]), 50)
    assert 0 < estimate.value < 0.05
    assert estimate.low < estimate.value < estimate.high
