"""Weights for non-response, worked by hand and on services whose truth is known."""

from __future__ import annotations

import numpy as np
import pytest

from cxaudit.facts.response_model import Patterns, response_model


def patterns(cases: list[float], **codes: list[int]) -> Patterns:
    """Patterns with levels named after their codes."""
    return Patterns(
        np.array(cases),
        {name: np.array(found) for name, found in codes.items()},
        {name: tuple(f"level {n}" for n in range(max(found) + 1)) for name, found in codes.items()},
    )


def test_an_answer_weighs_the_cases_it_stands_for() -> None:
    """100 of 400 and 100 of 200: an answer stands for 4 cases or for 2, on average for 3."""
    found = patterns([400.0, 200.0], channel=[0, 1])
    model = response_model("csat", found, np.array([100.0, 100.0]))
    assert not model.reason
    assert model.weights(found) == pytest.approx([4 / 3, 2 / 3])


def test_the_largest_and_smallest_weights_are_trimmed() -> None:
    """Of 10,000 answers 50, under one per cent, stand for 100 cases each: they count as 2."""
    cases = patterns([20_000.0, 5_000.0], channel=[0, 1])
    model = response_model("csat", cases, np.array([9_950.0, 50.0]))
    assert model.high == pytest.approx(20_000 / 9_950)
    assert model.weights(cases) == pytest.approx([1.0, 1.0])


def test_too_few_answers_have_no_model() -> None:
    model = response_model("csat", patterns([500.0, 500.0], channel=[0, 1]), np.array([99.0, 100]))
    assert model.reason == "199 answers on solved cases; a response model needs 200"


def test_where_all_answer_there_is_nothing_to_weight() -> None:
    model = response_model("csat", patterns([300.0, 300.0], channel=[0, 1]), np.array([300.0, 290]))
    assert model.reason.startswith("nearly every solved case is answered about")


def test_nobody_speaks_for_a_kind_that_never_answers() -> None:
    """The weights are those without it, and it is said."""
    channels = patterns([400.0, 200.0, 1_000.0], channel=[0, 1, 2])
    model = response_model("csat", channels, np.array([100.0, 100.0, 0.0]))
    assert model.weights(channels)[:2] == pytest.approx([4 / 3, 2 / 3])
    assert np.isnan(model.weights(channels)[2])
    assert model.notes == (
        "nobody answered about 1,000 of 1,600 solved cases of some kinds"
        " (channel: level 2): the weights do not speak for them",
    )


def test_rare_levels_are_one_together() -> None:
    """15 of 60, 15 of 40: each under 20 answers, together 30 of 100."""
    levels = patterns([400.0, 60.0, 40.0, 500.0], channel=[0, 1, 2, 3])
    model = response_model("csat", levels, np.array([100.0, 15.0, 15.0, 100.0]))
    weights = model.weights(levels)
    assert weights[1] == weights[2]
    assert weights[1] / weights[0] == pytest.approx((100 / 30) / (400 / 100))


def test_a_rare_level_that_is_alone_joins_the_most_frequent() -> None:
    levels = patterns([400.0, 25.0, 600.0], channel=[0, 1, 2])
    weights = response_model("csat", levels, np.array([100.0, 5.0, 100.0])).weights(levels)
    assert weights[1] == weights[2]
    assert weights[2] / weights[0] == pytest.approx((625 / 105) / 4)


def test_weights_recover_what_the_silent_would_have_said() -> None:
    """Response and satisfaction depend on channel and wait; raw answers flatter by 7 points."""
    rng = np.random.default_rng(20_260_711)
    raw, weighted, truth = [], [], []
    for _ in range(40):
        channel, wait = rng.integers(0, 3, 20_000), rng.integers(0, 4, 20_000)
        satisfied = 1 / (1 + np.exp(-(1.6 - 0.5 * channel - 0.5 * wait)))
        responds = 1 / (1 + np.exp(-(0.4 - 0.6 * channel - 0.5 * wait)))
        happy, answers = rng.random(20_000) < satisfied, rng.random(20_000) < responds
        pattern = 4 * channel + wait
        found = patterns(
            np.bincount(pattern).astype(float).tolist(),
            channel=np.repeat([0, 1, 2], 4).tolist(),
            wait=np.tile([0, 1, 2, 3], 3).tolist(),
        )
        counted = np.bincount(pattern, weights=answers)
        weight = response_model("csat", found, counted).weights(found)[pattern[answers]]
        raw.append(happy[answers].mean())
        weighted.append(np.average(happy[answers], weights=weight))
        truth.append(satisfied.mean())
    error = np.mean(weighted) - np.mean(truth)
    assert np.mean(raw) - np.mean(truth) > 0.06, "without weights the angry are not heard"
    assert abs(error) < 4 * np.std(weighted) / np.sqrt(40), f"weights miss by {error:+.4f}"
