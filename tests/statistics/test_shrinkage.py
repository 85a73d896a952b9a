"""The variance between groups, shrunken figures, the others as a yardstick."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from cxaudit.statistics.funnel import funnel_limits
from cxaudit.statistics.moderation import moderated
from cxaudit.statistics.shrinkage import (
    CLIPPED_SQUARE,
    Between,
    cases_for_reliability,
    dersimonian_laird,
    others,
    paule_mandel,
    posterior,
    robust,
)


def golden(reference_data: Path, name: str) -> dict:
    text = (reference_data / "measurement" / "golden.json").read_text(encoding="utf-8")
    return json.loads(text)[name]["expected"]


@pytest.mark.reference
def test_the_golden_shrinkage(reference_data: Path) -> None:
    """The raw best, 0.91 of 25 cases, falls behind the team with 200."""
    expected = golden(reference_data, "eb_dl")
    values, cases = np.array(expected["y"]), np.array(expected["n"])
    variances = values * (1 - values) / cases
    between = dersimonian_laird(values, variances)
    found = posterior(values, variances, between)
    assert between.tau_squared[0] == pytest.approx(expected["tau2"])
    assert between.centre[0] == pytest.approx(expected["mu"])
    assert found.mean == pytest.approx(expected["shrunk"])
    assert found.weight == pytest.approx(expected["weight"])
    assert np.argmax(values) != np.argmax(found.mean)


@pytest.mark.reference
def test_golden_cases_for_reliability(reference_data: Path) -> None:
    for name, expected in golden(reference_data, "n_for_reliability").items():
        correlation, reliability = (float(part[3:]) for part in name.split("_"))
        found = cases_for_reliability(correlation, reliability)
        assert found == pytest.approx(expected), name


def test_paule_mandel_by_hand() -> None:
    """Two groups at 0 and 2 with variance 1: (1 + 1) / (1 + tau²) = 1."""
    found = paule_mandel(np.array([0.0, 2.0]), np.ones(2))
    assert found.tau_squared == pytest.approx([1.0])
    assert found.centre == pytest.approx([1.0])
    assert found.centre_variance == pytest.approx([1.0])


def test_groups_that_differ_less_than_chance_do_not_differ() -> None:
    found = paule_mandel(np.array([0.0, 0.1, 0.2]), np.ones(3))
    assert found.tau_squared == [0.0]
    known = posterior(np.array([0.0, 0.1, 0.2]), np.ones(3), found)
    assert known.mean == pytest.approx([0.1] * 3)
    assert known.sd == pytest.approx([np.sqrt(1 / 3)] * 3), "as sure as of their mean"


def test_the_yardstick_of_a_group_is_made_of_the_others() -> None:
    """However far the first lies off, it is held against the same mean and spread."""
    rng = np.random.default_rng(1)
    values, variances = rng.normal(size=12), np.full(12, 0.5)
    near, far = values.copy(), values.copy()
    near[0], far[0] = 1.0, 100.0
    assert others(near, variances).centre[0] == others(far, variances).centre[0]
    assert others(near, variances).tau_squared[0] == others(far, variances).tau_squared[0]


def test_one_far_group_hardly_moves_the_robust_spread() -> None:
    rng = np.random.default_rng(2)
    values, variances = rng.normal(scale=0.1, size=30), np.full(30, 0.01)
    values[0] = 2.0
    assert paule_mandel(values, variances).tau_squared[0] > 0.08
    assert robust(values, variances).tau_squared[0] < 0.01
    assert others(values, variances).tau_squared.max() < 0.01


def test_the_robust_spread_is_right_where_no_group_is_far() -> None:
    """Truth 0.04; mean over 400 draws of 40 groups."""
    rng = np.random.default_rng(3)
    draws = [rng.normal(scale=np.sqrt(0.05), size=40) for _ in range(400)]
    found = np.mean([others(values, np.full(40, 0.01)).tau_squared[0] for values in draws])
    assert found == pytest.approx(0.04, rel=0.05)


def test_the_clipped_square_is_that_of_the_normal() -> None:
    steps = np.linspace(-10, 10, 2_000_001)
    density = np.exp(-(steps**2) / 2) / np.sqrt(2 * np.pi)
    mean = np.trapezoid(np.minimum(np.abs(steps), 2.0) ** 2 * density, steps)
    assert mean == pytest.approx(CLIPPED_SQUARE, abs=1e-6)


def test_of_two_groups_each_is_held_against_the_other() -> None:
    found = others(np.array([1.0, 3.0]), np.array([0.5, 0.25]))
    assert found.centre == pytest.approx([3.0, 1.0])
    assert found.centre_variance == pytest.approx([0.25, 0.5])
    assert list(found.tau_squared) == [0.0, 0.0]
    assert np.isnan(others(np.array([1.0]), np.array([1.0])).centre).all()


def test_of_many_groups_one_moves_next_to_nothing() -> None:
    """201 groups are held against all of them, 200 each against the other 199."""
    values, variances = np.random.default_rng(7).normal(size=201), np.full(201, 0.5)
    values[0] = 50.0
    many, fewer = others(values, variances), others(values[:200], variances[:200])
    assert many.centre[:200] == pytest.approx(fewer.centre, abs=0.05)
    assert many.tau_squared[:200] == pytest.approx(fewer.tau_squared, rel=0.1)
    assert many.centre.shape == (201,)


def test_the_order_of_groups_does_not_matter() -> None:
    rng = np.random.default_rng(5)
    values, variances = rng.normal(size=9), rng.uniform(0.1, 1.0, 9)
    turn = rng.permutation(9)
    straight, turned = others(values, variances), others(values[turn], variances[turn])
    assert turned.centre == pytest.approx(straight.centre[turn], rel=1e-9)
    assert turned.tau_squared == pytest.approx(straight.tau_squared[turn], rel=1e-9)


def test_a_funnel_is_wide_for_small_groups_and_no_narrower_than_groups_differ() -> None:
    between = Between(np.array([1.0]), np.array([0.1]), np.array([0.09]))
    low, high = funnel_limits(between, np.array([0.16, 0.0]))
    assert high - 1.0 == pytest.approx([3.0902 * 0.5, 3.0902 * 0.3], rel=1e-4)
    assert 1.0 - low == pytest.approx(high - 1.0)


def test_variances_alike_but_for_chance_are_taken_as_one() -> None:
    """Thirty teams of ten agents each, the same variance: spread of the steadied ones nearly 0."""
    rng = np.random.default_rng(6)
    df = np.full(30, 9.0)
    found = [moderated(2.0 * rng.chisquare(df) / df, df) for _ in range(50)]
    assert np.mean([each.variance.mean() for each in found]) == pytest.approx(2.0, rel=0.03)
    assert np.median([np.ptp(each.variance) for each in found]) < 0.1
    assert np.median([each.df[0] for each in found]) == 270.0


def test_variances_that_differ_keep_what_is_their_own() -> None:
    df = np.full(6, 200.0)
    own = np.array([1.0, 1.0, 1.0, 9.0, 9.0, 9.0])
    found = moderated(own, df)
    assert found.variance == pytest.approx(own, rel=0.05)
    assert (found.df < 260.0).all()


def test_an_unknown_variance_takes_the_common_level() -> None:
    found = moderated(np.array([2.0, 2.0, 2.0, np.nan]), np.array([9.0, 9.0, 9.0, np.nan]))
    assert found.variance == pytest.approx([2.0] * 4)
    assert np.isnan(moderated(np.array([np.nan]), np.array([np.nan])).variance).all()
