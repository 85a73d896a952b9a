"""Kaplan-Meier curves, their means and incidences: by hand, by oracle and by perturbation."""

from __future__ import annotations

import math

import numpy as np
import pytest
from lifelines import AalenJohansenFitter, KaplanMeierFitter
from lifelines.utils import restricted_mean_survival_time

from cxaudit.statistics import (
    cumulative_incidence,
    survival_quantile,
)
from cxaudit.statistics.life_table import LifeTable, incidence

TIMES = [1, 2, 2, 3, 5, 6, 6, 8, 10, 12]
EVENTS = [1, 1, 1, 0, 1, 1, 0, 1, 0, 1]


def random_times(seed: int, size: int = 60) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    return rng.integers(1, 25, size).astype(float), (rng.random(size) < 0.7).astype(float)


def test_median_and_curve_of_ten_times():
    table = LifeTable.of(np.array(TIMES, dtype=float), np.array(EVENTS))
    assert table.survival_at(5) == pytest.approx(0.5833333333333331)
    assert table.survival_at(8) == pytest.approx(0.31111111111111095)
    assert table.first_at_or_below(0.5) == 6.0


def test_median_is_not_the_median_of_closed_cases(make):
    estimate = survival_quantile(make(seconds=TIMES, event=EVENTS), 0.5)
    assert estimate.value == 6.0 != np.median(np.array(TIMES)[np.array(EVENTS) == 1])


def test_restricted_mean_and_its_standard_error(make):
    table = LifeTable.of(np.array(TIMES, dtype=float), np.array(EVENTS))
    mean, influence = table.restricted_mean(10)
    assert mean == pytest.approx(6.1388888888888875)
    assert math.sqrt(np.sum(influence**2)) == pytest.approx(1.0962900400221889)
    variance_of_the_times = 11.397376543209916  # of min(T, 10): a known trap
    assert np.sum(influence**2) != pytest.approx(variance_of_the_times, rel=0.5)


def test_survival_of_exactly_one_minus_q_counts_as_reached(make):
    # 0.9 x 8/9 x ... leaves 0.1 + a rounding error after nine of ten
    estimate = survival_quantile(make(seconds=range(1, 11), event=[1] * 10), 0.9)
    assert estimate.value == 9.0


def test_squares_of_survival_influence_add_up_to_greenwoods_variance():
    seconds, event = random_times(3)
    table = LifeTable.of(seconds, event)
    psi = table.survival_influence(11)
    last = table.last_at(11)
    greenwood = table.survival_at(11) ** 2 * np.sum(table.hazard_term[: last + 1])
    assert np.sum(psi**2) == pytest.approx(greenwood, rel=1e-12)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_curve_agrees_with_lifelines(seed):
    seconds, event = random_times(seed)
    table = LifeTable.of(seconds, event)
    fitted = KaplanMeierFitter().fit(seconds, event)
    for at in (0, 1, 7.5, 12, 24, 30):
        assert table.survival_at(at) == pytest.approx(float(fitted.predict(at)))
    mean, _ = table.restricted_mean(15)
    assert mean == pytest.approx(float(restricted_mean_survival_time(fitted, t=15)))


def weighted_survival(seconds, event, weights, at: float) -> float:
    """Kaplan-Meier's survival with a weight per case, written out plainly."""
    survival = 1.0
    for time in np.unique(seconds[event == 1]):
        if time <= at:
            survival *= (
                1 - weights[(seconds == time) & (event == 1)].sum() / weights[seconds >= time].sum()
            )
    return survival


def slopes(function, size: int, step: float = 1e-6) -> np.ndarray:
    """The derivative of `function(weights)` by each weight, at weights of one."""
    found = []
    for i in range(size):
        up, down = np.ones(size), np.ones(size)
        up[i] += step
        down[i] -= step
        found.append((function(up) - function(down)) / (2 * step))
    return np.array(found)


def test_survival_influence_is_the_change_by_each_cases_weight():
    seconds, event = random_times(5, 30)
    expected = slopes(lambda w: weighted_survival(seconds, event, w, 9), 30)
    found = LifeTable.of(seconds, event).survival_influence(9)
    np.testing.assert_allclose(found, expected, atol=1e-9)


def test_restricted_mean_influence_is_the_change_by_each_cases_weight():
    seconds, event = random_times(6, 30)
    grid = np.arange(0, 14)  # times are whole: the area is a sum over unit steps
    expected = slopes(
        lambda w: sum(weighted_survival(seconds, event, w, t) for t in grid), 30, 1e-5
    )
    _, found = LifeTable.of(seconds, event).restricted_mean(14)
    np.testing.assert_allclose(found, expected, atol=1e-8)


# --- competing events -------------------------------------------------------------------------


def weighted_incidence(seconds, event, weights, at: float) -> float:
    """Aalen-Johansen's incidence of event 1 with a weight per case, written out plainly."""
    survival, total = 1.0, 0.0
    for time in np.unique(seconds):
        if time > at:
            break
        at_risk = weights[seconds >= time].sum()
        total += survival * weights[(seconds == time) & (event == 1)].sum() / at_risk
        survival *= 1 - weights[(seconds == time) & (event > 0)].sum() / at_risk
    return total


def with_competing(seed: int, size: int = 40) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    return rng.integers(1, 20, size).astype(float), rng.integers(0, 3, size).astype(float)


@pytest.mark.parametrize("at", [4, 11, 25])
def test_incidence_influence_is_the_change_by_each_cases_weight(at):
    seconds, event = with_competing(7)
    value, found = incidence(LifeTable.of(seconds, event > 0), event == 1, at)
    assert value == pytest.approx(weighted_incidence(seconds, event, np.ones(40), at))
    expected = slopes(lambda w: weighted_incidence(seconds, event, w, at), 40)
    np.testing.assert_allclose(found, expected, atol=1e-9)
    assert abs(found.sum()) < 1e-12


def test_incidences_of_all_causes_and_survival_add_up_to_one():
    seconds, event = with_competing(8)
    table = LifeTable.of(seconds, event > 0)
    first, second = (incidence(table, event == cause, 10)[0] for cause in (1, 2))
    assert first + second + table.survival_at(10) == pytest.approx(1)


def test_incidence_agrees_with_lifelines_with_competing_events():
    rng = np.random.default_rng(4)
    seconds = rng.permutation(np.arange(1, 61)).astype(float)  # no ties: lifelines moves them
    event = rng.integers(0, 3, 60)
    fitted = AalenJohansenFitter(calculate_variance=False).fit(seconds, event, 1)
    value, _ = incidence(LifeTable.of(seconds, event > 0), event == 1, 30)
    assert value == pytest.approx(float(fitted.predict(30)))


def test_without_competing_events_incidence_is_one_minus_kaplan_meier():
    seconds, event = random_times(9)
    table = LifeTable.of(seconds, event)
    value, influence = incidence(table, event == 1, 10)
    assert value == pytest.approx(1 - table.survival_at(10))
    np.testing.assert_allclose(influence, -table.survival_influence(10), atol=1e-13)


def test_competing_event_is_not_taken_for_censoring(make):
    seconds, event = [1, 2, 3, 4], [1, 2, 1, 1]
    assert cumulative_incidence(make(seconds=seconds, event=event), 4).value == pytest.approx(0.75)


def test_complement_mirrors_value_and_limits(make):
    cases = make(seconds=TIMES, event=EVENTS)
    within, without = (cumulative_incidence(cases, 5, complement=c) for c in (False, True))
    assert without.value == pytest.approx(1 - within.value)
    assert without.low == pytest.approx(1 - within.high)
    np.testing.assert_allclose(without.influence.value, -within.influence.value)


def test_censored_before_the_window_ends_counts_for_as_long_as_it_was_followed(make):
    # 3 of 4 followed to the end, one event: not 1/4, because one was lost before it
    estimate = cumulative_incidence(make(seconds=[1, 5, 9, 9], event=[0, 1, 0, 0]), 7)
    assert estimate.value == pytest.approx(1 / 3)


def test_no_event_among_cases_followed_for_part_of_the_window_leaves_a_wide_limit(make):
    short = cumulative_incidence(make(seconds=[1] * 90 + [9] * 10, event=[0] * 100), 7)
    whole = cumulative_incidence(make(seconds=[9] * 100, event=[0] * 100), 7)
    assert (short.value, short.low, short.influence) == (0.0, 0.0, None)
    assert short.high > 5 * whole.high


def test_window_nobody_was_followed_through_is_said(make):
    estimate = cumulative_incidence(make(seconds=[1, 2, 3], event=[1, 0, 0]), 7)
    assert any("whole window" in note for note in estimate.notes)
