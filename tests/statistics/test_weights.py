"""Weights: what a case counts in estimates, in clusters and in the effective number of cases."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cxaudit.errors import Fault
from cxaudit.statistics import (
    Cases,
    cumulative_incidence,
    mean,
    mean_of_legs,
    quantile,
    ratio,
    share,
    survival_mean,
    survival_quantile,
    two_way,
    variance_share,
)
from cxaudit.statistics.intervals import wilson
from cxaudit.statistics.life_table import LifeTable, incidence

WEIGHTED = {
    "share": share,
    "mean": mean,
    "mean on a scale": lambda cases: mean(cases, bounds=(0.0, 1.0)),
    "ratio": ratio,
    "ratio of items": lambda cases: ratio(cases, bounded=True),
    "survival quantile": lambda cases: survival_quantile(cases, 0.5),
    "restricted mean": lambda cases: survival_mean(cases, 4.5),
    "incidence": lambda cases: cumulative_incidence(cases, 4.0),
    "incidence with competing events": lambda cases: cumulative_incidence(competing(cases), 4.0),
}


def competing(cases: Cases) -> Cases:
    event = cases.columns["event"] * (1.0 + (cases.row % 3 == 1))
    return replace(cases, columns={**cases.columns, "event": event})


def weighted(cases: Cases, weight) -> Cases:
    return replace(cases, columns={**cases.columns, "weight": np.asarray(weight, dtype=float)})


def drawn(seed: int, size: int = 40) -> Cases:
    rng = np.random.default_rng(seed)
    columns = {
        "hit": (rng.random(size) < 0.6).astype(float),
        "value": rng.integers(0, 3, size) / 2,
        "num": rng.integers(0, 5, size).astype(float),
        "den": np.full(size, 5.0),
        "seconds": rng.integers(1, 9, size).astype(float),
        "event": (rng.random(size) < 0.8).astype(float),
    }
    customer, agent = rng.integers(0, size // 2, size), rng.integers(0, 5, size)
    return Cases(customer, agent, np.arange(size), columns)


def figures(estimate) -> list[float]:
    found = (estimate.value, estimate.low, estimate.high, estimate.se, estimate.df)
    return [math.nan if number is None else number for number in found]


def test_weighted_share_worked_by_hand(make):
    """Weights 2, 1, 1 (mean 4/3): share 3/4; agents 0 (weight 2) and 1 (weight 2)."""
    cases = make(hit=[1, 1, 0], weight=[2, 1, 1], agent=[0, 1, 1])
    estimate = share(cases)
    assert estimate.value == 0.75
    natural = estimate.influence.scaled(0.75 * 0.25)
    # w (y - p) / sum w: 2 x .25 / 4, 1 x .25 / 4, 1 x -.75 / 4
    np.testing.assert_allclose(natural.value, [0.125, 0.0625, -0.1875])
    # agent sums .125 and -.125, each with half of the weight: (.125 / .5)^2 twice
    assert two_way(natural).agent == pytest.approx(2 * 0.25**2)
    assert estimate.effective_agents == pytest.approx(2.0)
    assert estimate.effective_customers == pytest.approx(4**2 / (4 + 1 + 1))


def test_effective_cases_are_not_more_than_the_weights_are_worth(make):
    """At n of n: Wilson's limit with Kish's (2 + 1 + 1)^2 / (4 + 1 + 1) = 8/3 cases and df 5/3."""
    estimate = share(make(hit=[1, 1, 1], weight=[2, 1, 1]))
    same = share(make(hit=[1, 1, 1]))
    assert estimate.low < same.low
    assert estimate.low == pytest.approx(wilson(1.0, 8 / 3, 5 / 3)[0])


def test_weighted_life_table_worked_by_hand():
    """Weights 2, 1, 1 at 1 (event), 2 (event), 3 (open): S = 1/2, 1/4, 1/4."""
    table = LifeTable.of(
        np.array([1.0, 2.0, 3.0]), np.array([1.0, 1.0, 0.0]), np.array([2.0, 1.0, 1.0])
    )
    np.testing.assert_allclose(table.survival, [0.5, 0.25, 0.25])
    # psi(2) = -w S [a - H]: a = 1/2, 1; H(1) = 2/(4 x 2), H(2) = H(1) + 1/(2 x 1)
    expected = [-2 * 0.25 * (0.5 - 0.25), -0.25 * (1 - 0.75), 0.25 * 0.75]
    np.testing.assert_allclose(table.survival_influence(2.0), expected)
    mean_time, psi = table.restricted_mean(3.0)
    assert mean_time == pytest.approx(1 + 0.5 + 0.25)
    assert abs(psi.sum()) < 1e-15


@pytest.mark.parametrize("what", ["survival", "mean", "incidence"])
def test_weighted_influence_is_the_change_that_a_case_makes(what):
    """Against a finite difference in each weight."""
    cases = competing(drawn(3, 25))
    seconds, event = cases.columns["seconds"], cases.columns["event"]
    weight = np.random.default_rng(1).uniform(0.5, 3.0, 25)

    def figure(weights):
        table = LifeTable.of(seconds, event > 0, weights)
        if what == "survival":
            return table.survival_at(5.0), table.survival_influence(5.0)
        if what == "mean":
            return table.restricted_mean(5.5)
        return incidence(table, event == 1, 5.0)

    _, influence = figure(weight)
    step = 1e-6
    for case in range(25):
        more = weight.copy()
        more[case] += step
        less = weight.copy()
        less[case] -= step
        slope = (figure(more)[0] - figure(less)[0]) / (2 * step) * weight[case]
        assert influence[case] == pytest.approx(slope, abs=1e-8)


@pytest.mark.parametrize("name", WEIGHTED)
@given(seed=st.integers(0, 10**6), weight=st.floats(0.01, 100.0))
@settings(max_examples=15, deadline=None)
def test_equal_weights_are_no_weights(name, seed, weight):
    cases = drawn(seed)
    plain = WEIGHTED[name](cases)
    with_weights = WEIGHTED[name](weighted(cases, [weight] * len(cases)))
    np.testing.assert_allclose(figures(with_weights), figures(plain), rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("name", WEIGHTED)
@given(seed=st.integers(0, 10**6), factor=st.floats(0.01, 100.0))
@settings(max_examples=15, deadline=None)
def test_scaling_the_weights_changes_nothing(name, seed, factor):
    cases = drawn(seed)
    weight = np.random.default_rng(seed).uniform(0.5, 3.0, len(cases))
    one = WEIGHTED[name](weighted(cases, weight))
    other = WEIGHTED[name](weighted(cases, weight * factor))
    np.testing.assert_allclose(figures(other), figures(one), rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("name", WEIGHTED)
def test_a_weight_of_two_is_two_cases_in_the_estimate(name):
    cases = drawn(8)
    twice = np.arange(len(cases)) % 4 == 0
    every = np.concatenate([np.arange(len(cases)), np.flatnonzero(twice)])
    doubled = WEIGHTED[name](cases.only(every))
    by_weight = WEIGHTED[name](weighted(cases, 1.0 + twice))
    assert by_weight.value == pytest.approx(doubled.value)
    assert by_weight.effective_agents == pytest.approx(doubled.effective_agents)


@pytest.mark.parametrize("name", WEIGHTED)
def test_weighted_influence_sums_to_zero(name):
    cases = drawn(5)
    estimate = WEIGHTED[name](weighted(cases, np.linspace(0.5, 4.0, len(cases))))
    assert abs(estimate.influence.value.sum()) < 1e-12


def test_an_unknown_weight_is_one(make):
    some = share(make(hit=[1, 1, 0, 0], weight=[3, np.nan, 1, np.nan]))
    assert some.value == pytest.approx(4 / 6)


@pytest.mark.parametrize("weight", [0.0, -1.0, np.inf])
def test_a_weight_that_is_not_positive_is_refused(make, weight):
    with pytest.raises(Fault, match="weight that is not a positive number"):
        share(make(hit=[1, 0], weight=[1.0, weight]))


def test_weighted_quantile_takes_the_weights_along(make):
    estimate = quantile(make(value=[1.0, 2.0, 3.0], weight=[1.0, 1.0, 5.0]), 0.5)
    assert estimate.value == 3.0


def test_legs_keep_their_weights(make):
    legs = [share(make(hit=[1, 0, 1, 0], weight=[9, 1, 1, 1])), share(make(hit=[1, 0, 1, 1]))]
    estimate = mean_of_legs(legs)
    assert estimate.value == pytest.approx((10 / 12 + 3 / 4) / 2)
    assert estimate.influence.weight.size == 8


def test_the_variance_between_agents_takes_no_weights():
    cases = drawn(2, 200)
    plain = variance_share(cases, 10)
    assert figures(variance_share(weighted(cases, np.linspace(1, 9, 200)), 10)) == figures(plain)
