"""What a score would be under other choices: each of them, and thousands of them together."""

from __future__ import annotations

import math
import time
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from cxaudit.measure.cases import Slice
from cxaudit.measure.desk import Alternative
from cxaudit.score.draws import grades_of
from cxaudit.score.overall import overall
from cxaudit.score.principles import Contribution, Score, Term, grade, principle
from cxaudit.score.scenarios import (
    AGGREGATION,
    ANCHORS,
    IMPORTANCE,
    LEFT_OUT,
    NORMALISER,
    WEIGHTS,
    WITHDRAWN,
    Piece,
    Subject,
    as_scored,
    draw,
    options_of,
)
from cxaudit.score.sensitivity import aggregated, evaluated, sensitivity
from cxaudit.score.subjects import NON_RESPONSE, other_figures, subjects
from cxaudit.score.utility import utility
from cxaudit.score.withdrawn import Withdrawn
from tests.score.making import entry, estimate, part

POINTS = utility({"floor": 0.0, "typical": 0.6, "target": 0.8, "world": 1.0}, "linear")


def piece(id: str, value: float, weight: float = 1.0, **more: Any) -> Piece:
    return Piece(id, weight, (Term(estimate(value), 1.0, POINTS, id),), **more)


def subject(*pieces: Piece) -> Subject:
    """A principle of these indicators."""
    kept = [p for p in pieces if not p.is_withdrawn]
    points = sum(p.weight * POINTS(p.terms[0].estimate.value or 0.0) for p in kept)
    score = points / sum(p.weight for p in kept)
    return Subject("speed", score, grade(score), {"speed": pieces})


def with_option(of: Subject, **places: int) -> float:
    """The score with these options, all else as scored."""
    scenarios = as_scored(of, 1)
    for name, place in places.items():
        scenarios[name.replace("_", " ")][:] = place
    return float(evaluated(of, scenarios)[0][0])


TWO = subject(piece("a", 0.6), piece("b", 0.8, 3.0))  # 50 and 75 points, weights 1 and 3


def test_with_nothing_varied_the_score_is_the_score() -> None:
    assert with_option(TWO) == pytest.approx(TWO.score) == pytest.approx((50 + 3 * 75) / 4)


def test_the_three_aggregations_by_hand() -> None:
    """Mean 68.75; 50^¼ 75^¾; less the variance ¼ 18.75² + ¾ 6.25² over the mean."""
    points, weights = np.array([[50.0] * 3, [75.0] * 3]), np.array([[1.0] * 3, [3.0] * 3])
    variance = 0.25 * 18.75**2 + 0.75 * 6.25**2
    assert aggregated(points, weights, np.arange(3)) == pytest.approx(
        [68.75, 50**0.25 * 75**0.75, 68.75 - variance / 68.75]
    )


def test_straight_from_floor_to_world_class() -> None:
    assert with_option(TWO, normaliser=1) == pytest.approx((60 + 3 * 80) / 4)


def test_leaving_one_out() -> None:
    names = options_of(TWO)[LEFT_OUT]
    assert names == ("none", "a", "b")
    scenarios = as_scored(TWO, 2)
    scenarios[LEFT_OUT][:] = (1, 2)
    assert evaluated(TWO, scenarios)[0] == pytest.approx([75, 50])


def test_anchors_are_moved_by_a_share_of_their_span_and_stay_in_order() -> None:
    scenarios = as_scored(TWO, 2)
    scenarios[ANCHORS][0, :, :] = 0.1  # all up by a tenth: 0.1, 0.7, 0.9, 1.1
    scenarios[ANCHORS][1, :, 1:3] = (0.1, -0.1)  # typical and target meet at 0.7
    up = (50 * 0.5 / 0.6 + 3 * 62.5) / 4
    met = (50 * 0.6 / 0.7 + 3 * (75 + 25 * 0.1 / 0.3)) / 4
    assert evaluated(TWO, scenarios)[0] == pytest.approx([up, met])


def test_a_withdrawn_indicator_comes_back_at_its_last_value() -> None:
    of = subject(piece("a", 0.6), piece("gone", 0.2, is_withdrawn=True))
    assert of.score == 50
    assert with_option(of, withdrawn=1) == pytest.approx((50 + 50 / 3) / 2)
    assert LEFT_OUT not in options_of(of), "one indicator alone cannot be left out"


def test_another_setting_gives_another_value() -> None:
    others = {"window": {"14": (0.5,), "30": (0.3,)}}
    of = subject(piece("a", 0.6, others=others), piece("b", 0.6))
    assert options_of(of)["window"] == ("as scored", "14", "30")
    assert with_option(of, window=2) == pytest.approx((25 + 50) / 2)


def test_weights_are_drawn_around_the_nominal_ones() -> None:
    """Weights ¼ and ¾: Dirichlet draws of concentration 100 and 30, mixed half and half."""
    factors = draw(TWO, 20_000, np.random.default_rng(1))[WEIGHTS]
    weights = factors[:, :2] * [0.25, 0.75]
    assert weights.sum(axis=1) == pytest.approx(np.ones(20_000))
    assert weights.mean(axis=0) == pytest.approx([0.25, 0.75], abs=0.005)
    variance = 0.25 * 0.75 * (1 / 101 + 1 / 31) / 2
    assert weights[:, 0].std() == pytest.approx(math.sqrt(variance), rel=0.03)


def test_one_assumption_that_decides_alone_has_all_of_the_variance() -> None:
    """Two equal indicators on the line: only the non-response matters, and it is all of it."""
    at_the_end = utility({"floor": 0.0, "typical": 0.01, "target": 0.02, "world": 0.03}, "linear")
    others = {NON_RESPONSE: {"worse": (0.0,)}}
    steep = Piece("a", 1.0, (Term(estimate(0.9), 1.0, at_the_end, "a"),), others)
    found = sensitivity(Subject("speed", 100.0, "A", {"speed": (steep,)}), seed=3)
    shares = {row["name"]: row["variance_share"] for row in found["assumptions"]}
    assert shares.pop(NON_RESPONSE) == pytest.approx(1.0, abs=0.02)
    assert max(shares.values()) < 0.1
    assert found["same_grade"] == pytest.approx(0.5, abs=0.03)
    assert not found["is_robust"]
    assert found["largest_mover"] == {
        "assumption": NON_RESPONSE,
        "option": "worse",
        "change": -100.0,
    }


def test_a_grade_that_holds_whatever_is_assumed_is_robust() -> None:
    found = sensitivity(subject(piece("a", 0.05), piece("b", 0.05)), seed=3)
    assert (found["grade"], found["same_grade"], found["is_robust"]) == ("E", 1.0, True)
    assert 0 <= found["low"] <= found["score"] <= found["high"] < 45
    assert found["scenarios"] >= 2_000


def ten(points: dict[str, float]) -> list[Score]:
    return [
        principle(
            id,
            id.capitalize(),
            [entry(1), entry(1)],
            [part(p / 100, half_width=0.001, id=f"{id}_{k}") for k in "ab"],
        )
        for id, p in points.items()
    ]


NAMES = ("empathy", "speed", "accuracy", "transparency", "accessibility", "consistency")
NAMES += ("personalization", "proactivity", "quality", "continuous_improvement")


def test_the_overall_is_varied_across_its_principles() -> None:
    scores = ten(dict.fromkeys(NAMES, 60.0) | {"speed": 90.0, "accuracy": 30.0})
    whole, _ = overall(scores)
    assert whole is not None
    of = subjects(scores, whole, [], {})[-1]
    assert of.id == "overall"
    mean, factors = 60.0, [60.0] * 8 + [90.0, 30.0]
    assert with_option(of) == pytest.approx(mean) == pytest.approx(whole.score)
    assert with_option(of, aggregation=1) == pytest.approx(math.prod(factors) ** 0.1)
    reliability, responsiveness, usual = 32 / 3, 22 / 3, (32 + 22 + 19 + 16) / 9
    moved = 30 * (responsiveness - reliability) / (89 + usual)
    assert with_option(of, importance_of_principles=1) == pytest.approx(60 + moved)
    heavy = [replace(score, weight=3.0 if score.id == "speed" else 1.0) for score in scores]
    whole, _ = overall(heavy)
    weighted = subjects(heavy, whole, [], {})[-1]
    assert with_option(weighted) == pytest.approx((480 + 3 * 90 + 30) / 12), "as scored"
    assert with_option(weighted, importance_of_principles=1) == pytest.approx(mean), "all equal"
    scenarios = as_scored(of, 1)
    assert of.grade == "C", "and the weakest principle caps it there"
    assert evaluated(of, scenarios)[1] == grades_of(np.array([60.0])) == 2


def test_other_figures_are_those_of_the_measuring_step() -> None:
    """The scorecard's own option is no other; of two questions the mean is taken."""
    channels = tuple(
        Term(estimate(value), 0.5, POINTS, "wait", name)
        for name, value in (("chat", 0.5), ("email", 0.7))
    )
    wait = Contribution("wait", 1.0, True, 50.0, "B", channels)
    asked = part(0.6, id="asked")
    score = principle("speed", "Speed", [entry(1), entry(1)], [wait, asked])
    alternatives = [
        Alternative("asked", "window", "7", estimate(0.6)),
        Alternative("asked", "window", "30", estimate(0.4)),
        Alternative("wait", "clock", "business", estimate(0.9), Slice("channel", "email")),
    ]
    silent = [
        {"indicator": "asked", "sensitivity": [{"ratio": 2, "value": v}, {"ratio": 1, "value": v}]}
        for v in (0.3, 0.5)
    ]
    gone = Withdrawn(part(0.1, id="gone"), "speed", "2026Q2", "not supplied")
    of = subjects([score], None, [gone], other_figures(alternatives, silent))[0]
    assert [p.id for p in of.pieces] == ["wait", "asked", "gone"]
    assert of.pieces[0].others == {"clock": {"business": (0.5, 0.9)}}, "of e-mail alone"
    assert of.pieces[1].others["window"] == {"30": (0.4,)}
    assert list(of.pieces[1].others[NON_RESPONSE].values()) == [(pytest.approx(0.4),)]
    assert options_of(of)[WITHDRAWN] == ("left out", "at the last value")


def test_a_scorecard_of_seventy_indicators_takes_less_than_two_seconds() -> None:
    scores = [
        principle(
            name,
            name,
            [entry(1)] * 7,
            [part(0.4 + 0.05 * k, id=f"{name}_{k}", half_width=0.001) for k in range(7)],
        )
        for name in NAMES
    ]
    whole, _ = overall(scores)
    started = time.perf_counter()
    found = [sensitivity(s, seed=1) for s in subjects(scores, whole, [], {})]
    took = time.perf_counter() - started
    assert len(found) == 11
    assert took < 2.0, f"{took:.1f} s for {sum(row['scenarios'] for row in found):,} scenarios"


def test_the_same_seed_gives_the_same_and_every_option_is_drawn() -> None:
    assert sensitivity(TWO, 5) == sensitivity(TWO, 5)
    drawn = draw(TWO, 500, np.random.default_rng(0))
    for name in (NORMALISER, LEFT_OUT):
        assert set(drawn[name]) == set(range(len(options_of(TWO)[name])))
    assert not {IMPORTANCE, AGGREGATION} & set(drawn), "they are between principles"
