"""The deadline rule, shares at 0 and 1, and the mean of several shares."""

from __future__ import annotations

import numpy as np
import pytest

from cxaudit.errors import Fault
from cxaudit.statistics import mean, mean_of_legs, share

NAN = np.nan


def test_overdue_and_not_happened_is_a_miss(make):
    estimate = share(make(hit=[1, 0, 0, 1], due=[1, 1, 1, 1]))
    assert (estimate.value, estimate.cases) == (0.5, 4)


def test_not_yet_due_is_left_out_and_counted_whether_it_has_happened_or_not(make):
    estimate = share(make(hit=[1, 0, 1, 0, NAN], due=[1, 1, 0, 0, 0]))
    assert (estimate.value, estimate.cases) == (0.5, 2)
    assert (estimate.not_yet_due, estimate.missing) == (3, 0)


def test_unknown_is_left_out_and_counted_not_taken_for_a_miss(make):
    estimate = share(make(hit=[1, 0, NAN, NAN], due=[1, 1, 1, 1]))
    assert (estimate.value, estimate.cases, estimate.missing) == (0.5, 2, 2)


def test_without_deadline_a_row_is_no_case_and_missing_only_if_unknown(make):
    estimate = share(make(hit=[1, 0, 1, NAN], due=[1, 1, NAN, NAN]))
    assert (estimate.cases, estimate.missing, estimate.not_yet_due) == (2, 1, 0)


def test_all_missing_has_no_value_but_its_count(make):
    estimate = share(make(hit=[NAN, NAN, NAN], due=[1, 1, 1]))
    assert (estimate.value, estimate.low, estimate.high, estimate.se) == (None,) * 4
    assert (estimate.cases, estimate.missing) == (0, 3)


def test_all_not_yet_due_has_no_value_but_its_count(make):
    estimate = share(make(hit=[1, 1], due=[0, 0]))
    assert (estimate.value, estimate.cases, estimate.not_yet_due) == (None, 0, 2)


def test_no_rows_at_all(make):
    estimate = share(make(hit=[], due=[]))
    assert (estimate.value, estimate.cases) == (None, 0)


def test_all_due_when_there_is_no_deadline_column(make):
    assert share(make(hit=[1, 1, 0, 1])).value == 0.75


def test_none_of_n_has_an_upper_limit_and_no_influence(make):
    estimate = share(make(hit=[0] * 12, agent=np.arange(12) // 3))
    assert (estimate.value, estimate.low, estimate.influence, estimate.se) == (0, 0, None, None)
    assert estimate.df == pytest.approx(3)
    t_squared = 3.182446305284263**2
    assert estimate.high == pytest.approx(t_squared / (12 + t_squared))


def test_all_of_n_mirrors_none_of_n(make):
    none = share(make(hit=[0] * 12))
    everyone = share(make(hit=[1] * 12))
    assert everyone.high == 1.0
    assert everyone.low == pytest.approx(1 - none.high)


def test_design_effect_widens_the_limit_at_none_of_n(make):
    cases = make(hit=[0] * 60)
    assert share(cases, design_effect=2.0).high > 1.8 * share(cases).high


def test_a_column_that_is_not_there_is_named_with_the_nearest(make):
    with pytest.raises(Fault, match="'hit'.*hits.*Did you mean 'hits'"):
        share(make(hits=[1, 0]))


def test_a_value_that_is_no_hit_and_no_miss_is_refused(make):
    with pytest.raises(Fault, match="'hit' has values other than 0, 1"):
        share(make(hit=[1, 0.5]))


def test_arrays_of_different_length_are_refused(make):
    with pytest.raises(Fault, match="different lengths"):
        make(hit=[1, 0], due=[1, 0, 1])


# --- legs -------------------------------------------------------------------------------------


def leg(make, hits: int, count: int, **known):
    return share(make(hit=[1] * hits + [0] * (count - hits), **known))


def test_mean_of_legs_is_the_plain_mean_whatever_their_sizes(make):
    estimate = mean_of_legs([leg(make, 30, 40), leg(make, 50, 100)])
    assert estimate.value == pytest.approx((0.75 + 0.5) / 2)
    assert (estimate.cases, estimate.groups) == (140, 2)
    assert estimate.low < estimate.value < estimate.high


def test_two_legs_with_the_same_answers_are_worth_one(make):
    one = leg(make, 30, 40)
    both = mean_of_legs([one, one])
    assert both.se == pytest.approx(one.se)
    assert (both.low, both.high) == (pytest.approx(one.low), pytest.approx(one.high))


def test_influence_of_legs_sums_to_zero_and_carries_the_error(make):
    estimate = mean_of_legs([leg(make, 30, 40), leg(make, 50, 100)])
    assert abs(estimate.influence.value.sum()) < 1e-12
    assert estimate.influence.value.size == 140


def test_leg_at_n_of_n_gives_the_mean_of_limits_and_no_influence(make):
    legs = [leg(make, 30, 40), leg(make, 40, 40)]
    estimate = mean_of_legs(legs)
    assert estimate.influence is None
    assert estimate.low == pytest.approx((legs[0].low + legs[1].low) / 2)
    assert estimate.high == pytest.approx((legs[0].high + 1.0) / 2)


def test_leg_without_cases_is_left_out_but_its_counts_are_kept(make):
    nothing = share(make(hit=[NAN, 1], due=[1, 0]))
    estimate = mean_of_legs([leg(make, 30, 40), nothing])
    assert (estimate.value, estimate.groups) == (0.75, 1)
    assert (estimate.missing, estimate.not_yet_due) == (1, 1)


def test_no_leg_no_value():
    assert mean_of_legs([]).value is None


# --- means ------------------------------------------------------------------------------------


def test_mean_on_a_scale_from_0_to_1_has_limits_inside_it(make):
    estimate = mean(make(value=[1, 1, 1, 1, 1, 1, 1, 0.5, 1, 0]), bounds=(0.0, 1.0))
    assert estimate.value == pytest.approx(0.85)
    assert estimate.scale == "logit"
    assert 0 < estimate.low < 0.85 < estimate.high < 1


def test_mean_at_the_end_of_its_scale_has_width(make):
    estimate = mean(make(value=[1.0] * 20), bounds=(0.0, 1.0))
    assert (estimate.value, estimate.high, estimate.influence) == (1.0, 1.0, None)
    assert estimate.low < 0.9


def test_mean_of_equal_values_inside_the_scale_has_width(make):
    estimate = mean(make(value=[0.5] * 20), bounds=(0.0, 1.0))
    assert estimate.low < 0.4 and estimate.high > 0.6


def test_mean_leaves_out_and_counts_the_unknown(make):
    estimate = mean(make(value=[1, NAN, 0.5]), bounds=(0.0, 1.0))
    assert (estimate.value, estimate.cases, estimate.missing) == (0.75, 2, 1)


def test_mean_of_one_customer_has_no_limits(make):
    estimate = mean(make(value=[3.0, 5.0], customer=[7, 7], agent=None))
    assert (estimate.value, estimate.low, estimate.high) == (4.0, None, None)
