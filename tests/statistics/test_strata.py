"""The directly standardised figure: a fixed mix of strata."""

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
    Strata,
    cumulative_incidence,
    mean,
    ratio,
    share,
    survival_mean,
    survival_quantile,
)

STANDARDISED = {
    "share": lambda cases, strata: share(cases, strata=strata),
    "mean": lambda cases, strata: mean(cases, strata=strata),
    "mean on a scale": lambda cases, strata: mean(cases, (0.0, 1.0), strata),
    "ratio": lambda cases, strata: ratio(cases, strata=strata),
    "ratio of items": lambda cases, strata: ratio(cases, True, strata),
    "survival quantile": lambda cases, strata: survival_quantile(cases, 0.5, strata),
    "restricted mean": lambda cases, strata: survival_mean(cases, 4.5, strata),
    "incidence": lambda cases, strata: cumulative_incidence(cases, 4.0, strata=strata),
}


def drawn(seed: int, size: int = 60) -> Cases:
    rng = np.random.default_rng(seed)
    columns = {
        "hit": (rng.random(size) < 0.6).astype(float),
        "value": rng.integers(0, 3, size) / 2,
        "num": rng.integers(0, 5, size).astype(float),
        "den": np.full(size, 5.0),
        "seconds": rng.integers(1, 9, size).astype(float),
        "event": (rng.random(size) < 0.9).astype(float),
        "weight": rng.uniform(0.5, 2.0, size),
    }
    return Cases(rng.integers(0, 30, size), rng.integers(0, 6, size), np.arange(size), columns)


def figures(estimate) -> list[float]:
    found = (estimate.value, estimate.low, estimate.high, estimate.se, estimate.df)
    return [math.nan if number is None else number for number in found]


def halves(eight: Cases, *mix: float) -> Strata:
    return Strata(eight.columns["stratum"].astype(int), np.array(mix))


@pytest.mark.parametrize("name", STANDARDISED)
@given(seed=st.integers(0, 10**6), portion=st.floats(0.01, 5.0))
@settings(max_examples=15, deadline=None)
def test_one_stratum_is_no_strata(name, seed, portion):
    cases = drawn(seed)
    one = STANDARDISED[name](cases, Strata(np.zeros(60, dtype=int), np.array([portion])))
    np.testing.assert_allclose(figures(one), figures(STANDARDISED[name](cases, None)), rtol=1e-9)


@pytest.mark.parametrize("name", STANDARDISED)
def test_influence_of_a_standardised_figure_sums_to_zero(name):
    cases = drawn(4)
    strata = Strata(np.arange(60) % 3, np.array([0.2, 0.5, 0.3]))
    assert abs(STANDARDISED[name](cases, strata).influence.value.sum()) < 1e-12


@pytest.mark.parametrize("name", ["share", "mean", "restricted mean", "incidence"])
def test_own_mix_gives_the_figure_of_the_whole_where_nothing_is_censored(name):
    """The mix of the cases themselves, by weight: standardising changes nothing."""
    cases = drawn(9)
    columns = {**cases.columns, "event": np.ones(60)}
    cases = replace(cases, columns=columns)
    place = np.arange(60) % 4
    own = np.bincount(place, weights=columns["weight"])
    by_strata = STANDARDISED[name](cases, Strata(place, own))
    assert by_strata.value == pytest.approx(STANDARDISED[name](cases, None).value)


def test_averaged_curve_worked_by_hand(eight):
    """Rows 1-4: S = 3/4 at 1, 1/2 at 2, 0 at 3. Rows 5-8: 3/4 at 4, 3/8 at 6 (5 and 8 open).

    Mix .5/.5: after 3 it is 1/2, so that the median is 3. RMST(4): rows 1-4 1 + .75 + .5 = 2.25,
    rows 5-8 4.
    """
    strata = halves(eight, 0.5, 0.5)
    assert survival_quantile(eight, 0.5, strata).value == 3.0
    assert survival_mean(eight, 4.0, strata).value == pytest.approx(0.5 * 2.25 + 0.5 * 4.0)
    assert cumulative_incidence(eight, 4.0, strata=strata).value == pytest.approx(0.5 + 0.5 / 4)


def test_standardised_ratio_worked_by_hand(eight):
    """num / den: rows 1-4 14/18, rows 5-8 11/17."""
    estimate = ratio(eight, strata=halves(eight, 0.6, 0.4))
    assert estimate.value == pytest.approx(0.6 * 14 / 18 + 0.4 * 11 / 17)


def test_weights_and_strata_go_together(make):
    cases = make(hit=[1, 0, 1, 0], weight=[3, 1, 1, 1])
    estimate = share(cases, strata=Strata(np.array([0, 0, 1, 1]), np.array([0.2, 0.8])))
    assert estimate.value == pytest.approx(0.2 * 0.75 + 0.8 * 0.5)


def test_stratum_without_cases_is_left_out_and_said(eight):
    strata = Strata(eight.columns["stratum"].astype(int), np.array([0.3, 0.3, 0.4]))
    estimate = share(eight, strata=strata)
    assert estimate.value == pytest.approx(0.5 * 0.75 + 0.5 * 0.5)
    assert "strata without cases left out: 1 (40.0 % of the mix)" in estimate.notes


def test_case_in_no_stratum_is_left_out_and_counted(eight):
    place = eight.columns["stratum"].astype(int)
    place[0] = -1
    estimate = share(eight, strata=Strata(place, np.array([0.5, 0.5])))
    assert estimate.value == pytest.approx(0.5 * 2 / 3 + 0.5 * 0.5)
    assert (estimate.cases, estimate.missing) == (7, 1)
    assert "cases in no stratum left out: 1" in estimate.notes


def test_stratum_without_denominator_is_left_out(make):
    cases = make(num=[1, 2, 0], den=[2, 2, 0])
    estimate = ratio(cases, strata=Strata(np.array([0, 0, 1]), np.array([0.5, 0.5])))
    assert estimate.value == pytest.approx(0.75)
    assert "50.0 % of the mix" in estimate.notes[0]


def test_curve_that_ends_early_in_one_stratum_is_said(make):
    """Stratum 0 is open after 2; stratum 1 has its last event at 9."""
    cases = make(seconds=[1, 2, 5, 9], event=[1, 0, 1, 1])
    strata = Strata(np.array([0, 0, 1, 1]), np.array([0.5, 0.5]))
    estimate = survival_quantile(cases, 0.7, strata)
    assert estimate.value == 9.0
    assert "carried forward" in estimate.notes[0]
    assert survival_mean(cases, 9.0, strata).longest_seconds == 2.0


def test_no_case_in_any_stratum_has_no_value(make):
    estimate = share(make(hit=[1, 0]), strata=Strata(np.array([-1, -1]), np.array([1.0])))
    assert (estimate.value, estimate.cases, estimate.missing) == (None, 0, 2)


def test_all_of_n_in_every_stratum_has_no_influence(make):
    strata = Strata(np.array([0, 1, 0, 1]), np.array([0.3, 0.7]))
    estimate = share(make(hit=[1, 1, 1, 1]), strata=strata)
    assert (estimate.value, estimate.influence) == (1.0, None)
    assert estimate.low < 1.0


@pytest.mark.parametrize("mix", [[0.0, 0.0], [-0.1, 1.1], [np.nan, 1.0]])
def test_a_mix_that_is_none_is_refused(mix):
    with pytest.raises(Fault, match="mix with a negative share, or without any"):
        Strata(np.array([0, 1]), np.array(mix))


def test_a_stratum_that_the_mix_does_not_have_is_refused():
    with pytest.raises(Fault, match="stratum that the mix does not have"):
        Strata(np.array([0, 2]), np.array([0.5, 0.5]))


def test_strata_of_other_cases_are_refused(eight):
    with pytest.raises(Fault, match=r"not one stratum per case.*3 and 8"):
        share(eight, strata=Strata(np.array([0, 0, 0]), np.array([1.0])))
