"""Wilson's limits with z, with t, and where there is nothing to count."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxaudit.statistics.intervals import (
    effective_cases,
    expit,
    f_quantiles,
    log_limits,
    logit,
    logit_limits,
    t_quantile,
    wilson,
)


def test_wilson_42_of_50():
    assert wilson(42 / 50, 50) == pytest.approx((0.7148578393696499, 0.9166257932196658))


def test_wilson_0_of_30_starts_at_exactly_0():
    low, high = wilson(0.0, 30)
    assert low == 0.0
    assert high == pytest.approx(0.1135133931739688)


def test_wilson_with_t_0_of_60_and_11_degrees_of_freedom():
    assert t_quantile(11) == pytest.approx(2.200985160)
    assert wilson(0.0, 60, 11) == pytest.approx((0.0, 0.0747072), abs=5e-8)


def test_wilson_all_of_60_mirrors_none_of_60():
    low, high = wilson(1.0, 60, 11)
    assert (1 - low, high) == (pytest.approx(0.0747072, abs=5e-8), 1.0)


def test_wilson_without_cases_says_nothing():
    assert wilson(0.0, 0.0) == (0.0, 1.0)


def test_effective_cases_are_at_most_the_cases_there_are():
    assert effective_cases(0.5, 0.25 / 200, 100) == 100
    assert effective_cases(0.5, 0.25 / 40, 100) == pytest.approx(40)


def test_variance_of_zero_is_not_taken_for_infinite_precision():
    assert effective_cases(0.5, 0.0, 8) == 8


def test_t_with_infinite_degrees_of_freedom_is_normal():
    assert t_quantile(math.inf) == pytest.approx(1.959963984540054)


def test_f_quantiles():
    low, high = f_quantiles(2, 5)
    assert high == pytest.approx(8.433620739432778)
    assert low == pytest.approx(1 / 39.29822777, rel=1e-6)  # 1 / F(.975; 5, 2)


def test_log_limits_are_symmetric_as_factors():
    low, high = log_limits(6.0, 0.15, 11)
    assert low * high == pytest.approx(36)
    assert high == pytest.approx(6 * math.exp(2.200985160 * 0.15))


def test_logit_limits_stay_inside_0_to_1_however_large_the_error():
    assert logit_limits(0.99, 50.0, 1) == (pytest.approx(0.0), pytest.approx(1.0))


@given(share=st.floats(0, 1), n=st.floats(0.5, 1e6), df=st.floats(1, 1e4))
def test_wilson_contains_the_share_and_stays_inside_0_to_1(share, n, df):
    low, high = wilson(share, n, df)
    assert 0 <= low <= share + 1e-12
    assert share - 1e-12 <= high <= 1


@given(st.floats(1e-9, 1 - 1e-9))
def test_expit_undoes_logit(share):
    assert expit(logit(share)) == pytest.approx(share)
