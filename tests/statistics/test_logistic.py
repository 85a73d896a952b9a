"""Logistic regression on factors, against fits worked by hand and the equations it solves."""

from __future__ import annotations

import math

import numpy as np
import pytest

from cxaudit.errors import Fault
from cxaudit.statistics.logistic import Logistic, logistic

# Two factors of two and three levels; counts of trials and successes of their six patterns.
TRIALS = np.array([40.0, 60.0, 30.0, 50.0, 20.0, 80.0])
SUCCESSES = np.array([10.0, 30.0, 12.0, 35.0, 4.0, 20.0])
ONE = np.array([0, 0, 0, 1, 1, 1])
OTHER = np.array([0, 1, 2, 0, 1, 2])


def chances(fit: Logistic, *factors: np.ndarray) -> np.ndarray:
    return 1.0 / (1.0 + np.exp(-fit.log_odds(factors)))


def test_one_factor_gives_the_shares_of_its_levels() -> None:
    """10 of 40 and 45 of 60: odds of 1/3 and 3, nine times as much."""
    fit = logistic(np.array([40.0, 60.0]), np.array([10.0, 45.0]), [np.array([0, 1])])
    assert fit.converged
    assert fit.intercept == pytest.approx(math.log(3.0)), "the second level is the more frequent"
    assert fit.effects[0] == pytest.approx([-math.log(9.0), 0.0])


def test_at_the_maximum_every_level_has_as_many_successes_as_expected() -> None:
    fit = logistic(TRIALS, SUCCESSES, [ONE, OTHER])
    rest = SUCCESSES - TRIALS * chances(fit, ONE, OTHER)
    assert np.bincount(ONE, weights=rest) == pytest.approx(0.0, abs=1e-9)
    assert np.bincount(OTHER, weights=rest) == pytest.approx(0.0, abs=1e-9)


def test_the_order_and_the_splitting_of_patterns_change_no_bit() -> None:
    whole = logistic(TRIALS, SUCCESSES, [ONE, OTHER])
    order = np.array([5, 2, 0, 4, 1, 3])
    turned = logistic(TRIALS[order], SUCCESSES[order], [ONE[order], OTHER[order]])
    halves = logistic(
        np.tile(TRIALS / 2, 2), np.tile(SUCCESSES / 2, 2), [np.tile(ONE, 2), np.tile(OTHER, 2)]
    )
    for other in (turned, halves):
        assert other.intercept == whole.intercept
        for effects, expected in zip(other.effects, whole.effects, strict=True):
            assert np.array_equal(effects, expected)


def test_twice_the_data_is_the_same_fit() -> None:
    once, twice = (logistic(k * TRIALS, k * SUCCESSES, [ONE, OTHER]) for k in (1, 2))
    assert chances(twice, ONE, OTHER) == pytest.approx(chances(once, ONE, OTHER), abs=1e-10)


def test_what_other_factors_determine_adds_nothing() -> None:
    """The second factor is the first under other names: one of the two is left out."""
    alone = logistic(TRIALS, SUCCESSES, [OTHER])
    doubled = logistic(TRIALS, SUCCESSES, [OTHER, 2 - OTHER])
    assert doubled.aliased == 2
    assert chances(doubled, OTHER, 2 - OTHER) == pytest.approx(chances(alone, OTHER))


def test_a_level_without_successes_has_no_chance_and_leaves_the_others_alone() -> None:
    """Its effect runs off to infinity; the fit ends, says so, and the rest is 30 of 60."""
    fit = logistic(np.array([50.0, 60.0, 40.0]), np.array([0.0, 30.0, 30.0]), [np.array([0, 1, 2])])
    found = chances(fit, np.array([0, 1, 2]))
    assert fit.converged
    assert fit.separated == 1
    assert found == pytest.approx([0.0, 0.5, 0.75], abs=1e-9)


@pytest.mark.parametrize("successes", [0.0, 40.0])
def test_without_both_outcomes_there_is_nothing_to_compare(successes: float) -> None:
    with pytest.raises(Fault, match="both successes and failures"):
        logistic(np.array([40.0]), np.array([successes]), [np.array([0])])
