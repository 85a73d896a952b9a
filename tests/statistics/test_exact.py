"""Census figures, and the exact limits of a share of independent cases."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binom

from cxaudit.statistics import census, exact_share, index

NAN = np.nan


def test_census_is_the_share_without_error(make):
    estimate = census(make(hit=[1, 1, 0, 1, NAN, 0], due=[1, 1, 1, 1, 1, 0]))
    assert (estimate.value, estimate.low, estimate.high) == (0.75, 0.75, 0.75)
    assert (estimate.se, estimate.influence, estimate.method) == (None, None, "census")
    assert (estimate.cases, estimate.missing, estimate.not_yet_due) == (4, 1, 1)


def test_census_of_a_ratio(make):
    assert census(make(num=[1, 2], den=[2, 4])).value == 0.5


def test_census_of_nothing_has_no_value(make):
    estimate = census(make(hit=[NAN, 1], due=[1, 0]))
    assert (estimate.value, estimate.cases) == (None, 0)
    assert (estimate.missing, estimate.not_yet_due) == (1, 1)


def test_index_is_the_number_itself():
    estimate = index(0.62, 6)
    assert (estimate.value, estimate.low, estimate.high) == (0.62, 0.62, 0.62)
    assert (estimate.cases, estimate.scale) == (6, "identity")


def test_exact_limits_leave_a_fortieth_on_either_side(make):
    estimate = exact_share(make(hit=[1] * 7 + [0] * 3))
    assert estimate.value == pytest.approx(0.7)
    assert binom.sf(6, 10, estimate.low) == pytest.approx(0.025)
    assert binom.cdf(7, 10, estimate.high) == pytest.approx(0.025)


def test_exact_limits_at_none_and_all_of_n(make):
    none, everyone = exact_share(make(hit=[0] * 10)), exact_share(make(hit=[1] * 10))
    assert (none.low, everyone.high) == (0.0, 1.0)
    assert none.high == pytest.approx(1 - 0.025**0.1)
    assert everyone.low == pytest.approx(0.025**0.1)
    assert none.se is None and everyone.se is None


def test_exact_share_keeps_the_deadline_rule(make):
    estimate = exact_share(make(hit=[1, 0, NAN, 1], due=[1, 1, 1, 0]))
    assert (estimate.value, estimate.cases) == (0.5, 2)
    assert (estimate.missing, estimate.not_yet_due) == (1, 1)
    assert exact_share(make(hit=[NAN])).value is None
