"""Effects of conditions taken off: sums of squares, variance between agents, gaps of groups."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cxaudit.statistics import Cases, gap, two_way, variance_share
from cxaudit.statistics.mixed_model import Levels, MixedModel, swept

AGENTS = 30


def answers(seed: int, spread: float, shift: float, size: int = 3000) -> Cases:
    """Answers of agents who differ by `spread`; a channel moves them by `shift`.

    Agents 0 to 14 have nine in ten of their answers by chat, the others one in ten.
    """
    rng = np.random.default_rng(seed)
    agent = rng.integers(0, AGENTS, size)
    chat = (rng.random(size) < np.where(agent < 15, 0.9, 0.1)).astype(float)
    value = rng.normal(size=AGENTS)[agent] * spread + shift * chat + rng.normal(size=size)
    columns = {"value": value, "channel": chat, "mode": rng.integers(0, 3, size).astype(float)}
    return Cases(np.arange(size), agent, np.arange(size), columns)


def design(levels: Levels) -> np.ndarray:
    table = np.zeros((levels.places[0].size, levels.number))
    table[:, 0] = 1.0
    for place in levels.places:
        table[np.arange(place.size), place] = 1.0
    return table


@given(seed=st.integers(0, 10**6), ratio=st.sampled_from([0.0, 0.2, 3.0]))
@settings(max_examples=20, deadline=None)
def test_sums_of_squares_are_those_of_generalised_least_squares(seed, ratio):
    rng = np.random.default_rng(seed)
    group, one, two = (rng.integers(0, n, 60) for n in (6, 3, 4))
    levels = Levels.of([one, two, one])  # a condition named twice adds nothing
    value = rng.normal(size=60) + 0.5 * one
    value -= value.mean()
    model = MixedModel.of(value, group, 6, levels)
    z, x = np.eye(6)[group], design(levels)
    inverse = np.linalg.inv(np.eye(60) + ratio * z @ z.T)
    middle = np.linalg.pinv(x.T @ inverse @ x)
    expected = value @ (inverse - inverse @ x @ middle @ x.T @ inverse) @ value
    found = model.solved(ratio)
    assert found.residual == pytest.approx(expected)
    assert found.rank == np.linalg.matrix_rank(x)
    free = np.eye(60) - x @ np.linalg.pinv(x)
    alone = model.solved(0.0)
    assert model.cases_per_group(alone) == pytest.approx(np.trace(z.T @ free @ z))


def test_groups_as_fixed_effects_leave_what_is_within_them():
    rng = np.random.default_rng(4)
    group, one = rng.integers(0, 5, 80), rng.integers(0, 3, 80)
    value = rng.normal(size=80)
    levels = Levels.of([one])
    whole = np.hstack([design(levels), np.eye(5)[group]])
    fitted = whole @ np.linalg.lstsq(whole, value, rcond=None)[0]
    found = MixedModel.of(value, group, 5, levels).solved(np.inf)
    assert found.residual == pytest.approx(np.sum((value - fitted) ** 2))
    assert found.rank + 5 == np.linalg.matrix_rank(whole)


def test_sums_without_some_cases_are_those_of_the_others():
    cases = answers(1, 0.3, 0.5, 200)
    levels = Levels.of([cases.columns["channel"]])
    value, some = cases.columns["value"], cases.agent < 4
    part = MixedModel.of(value[some], cases.agent[some], AGENTS, levels.only(some))
    rest = MixedModel.of(value[~some], cases.agent[~some], AGENTS, levels.only(~some))
    left = MixedModel.of(value, cases.agent, AGENTS, levels).without(part)
    np.testing.assert_allclose(left.counts, rest.counts)
    np.testing.assert_allclose(left.solved(0.3).coefficients, rest.solved(0.3).coefficients)


def test_sweeping_gives_the_inverse_and_skips_what_is_told_already():
    matrix = np.array([[4.0, 2.0, 2.0], [2.0, 3.0, 3.0], [2.0, 3.0, 3.0]])
    inverse, rank = swept(matrix, np.diag(matrix))
    assert rank == 2
    np.testing.assert_allclose(inverse[:2, :2], np.linalg.inv(matrix[:2, :2]))
    np.testing.assert_array_equal(inverse[2], 0.0)


# --- agents ----------------------------------------------------------------------------------


def test_a_condition_that_moves_nothing_leaves_the_variance_share():
    cases = answers(2, 0.3, 0.0)
    plain, without = variance_share(cases, 10), variance_share(cases, 10, ["mode"])
    assert without.value == pytest.approx(plain.value, abs=0.01)
    assert (without.low, without.high) == (
        pytest.approx(plain.low, abs=0.01),
        pytest.approx(plain.high, abs=0.01),
    )


def test_what_the_channel_does_is_not_put_on_its_agents():
    """True share of agents within a channel: .09 / 1.09; the channel alone would make it .25."""
    cases = answers(3, 0.3, 1.5)
    plain, without = variance_share(cases, 10), variance_share(cases, 10, ["channel", "mode"])
    assert plain.value > 0.2
    assert without.low < 0.09 / 1.09 < without.high
    assert f"without taking off channel, mode: {100 * plain.value:.1f} %" in without.notes


def test_agents_who_are_their_channel_cannot_be_told_from_it():
    cases = answers(3, 0.3, 1.0)
    columns = {**cases.columns, "desk": cases.agent.astype(float)}
    estimate = variance_share(Cases(cases.customer, cases.agent, cases.row, columns), 10, ["desk"])
    assert estimate.value is None
    assert "cannot be told apart" in estimate.notes[-1]


def test_influence_of_the_adjusted_share_sums_to_zero():
    estimate = variance_share(answers(5, 0.4, 1.0), 10, ["channel"])
    assert abs(estimate.influence.value.sum()) < 1e-9
    assert two_way(estimate.influence).variance == pytest.approx(estimate.se**2)


@given(seed=st.integers(0, 10**6))
@settings(max_examples=10, deadline=None)
def test_limits_of_the_variance_share_hold_the_estimate(seed):
    """Agents of very different sizes: Wald's limits need not be around the closed form."""
    rng = np.random.default_rng(seed)
    agent = np.minimum(rng.geometric(0.15, 600), 25)
    value = rng.normal(size=26)[agent] * 0.4 + rng.normal(size=600)
    estimate = variance_share(Cases(np.arange(600), agent, np.arange(600), {"value": value}), 5)
    assert 0.0 <= estimate.low <= estimate.value <= estimate.high < 1.0


# --- groups ----------------------------------------------------------------------------------


def shares(seed: int, by_mode: float, by_channel: float) -> Cases:
    """Answers of three channels, asked by e-mail or telephone in different parts."""
    rng = np.random.default_rng(seed)
    channel = rng.integers(0, 3, 6000)
    by_phone = rng.random(6000) < np.array([0.1, 0.5, 0.9])[channel]
    chance = 0.6 + by_mode * by_phone + by_channel * channel
    columns = {
        "value": (rng.random(6000) < chance).astype(float),
        "group": channel.astype(float),
        "mode": by_phone.astype(float),
    }
    return Cases(np.arange(6000), rng.integers(0, 40, 6000), np.arange(6000), columns)


def test_what_the_survey_mode_does_is_no_gap_between_channels():
    cases = shares(1, by_mode=0.25, by_channel=0.0)
    plain, without = gap(cases, 50), gap(cases, 50, ["mode"])
    assert plain.value > 0.05
    assert without.value < 0.015
    assert f"without taking off mode: {100 * plain.value:.1f} points" in without.notes


def test_gap_between_channels_stays_when_the_mode_is_taken_off():
    """Channels .6, .65, .7: the mean distance is .05 x 2 / 3."""
    estimate = gap(shares(2, by_mode=0.2, by_channel=0.05), 50, ["mode"])
    assert estimate.low < 0.05 * 2 / 3 < estimate.high


def test_mode_that_is_the_channel_stays_with_the_channel(make):
    """Nothing within a channel tells what its only mode does: nothing is taken off."""
    value = [1, 1, 1, 0] * 30 + [1, 0, 0, 0] * 30
    group = [0.0] * 120 + [1.0] * 120
    cases = make(value=value, group=group, mode=group, agent=np.arange(240) % 8)
    assert gap(cases, 50, ["mode"]).value == pytest.approx(gap(cases, 50).value)
