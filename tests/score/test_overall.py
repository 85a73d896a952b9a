"""The overall score and what stands beside it."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from cxaudit.score.overall import geometric, overall
from cxaudit.score.principles import Score, principle
from tests.score.making import entry, part


def scored(
    score: float | None, id: str = "some", of_weight: float = 2.0, half_width: float = 0.001
) -> Score:
    """A principle with two indicators of weight 1, both worth the score; without one: none."""
    parts = [] if score is None else [part(score / 100, half_width=half_width)] * 2
    return principle(id, id.capitalize(), [entry(of_weight)], parts)


def ten(*scores: float | None) -> list[Score]:
    """Ten principles, p0 to p9: those with a score are assessed."""
    every = [*scores, *[None] * (10 - len(scores))]
    return [scored(score, f"p{place}") for place, score in enumerate(every)]


def test_an_overall_needs_seven_assessed_principles() -> None:
    none, why = overall(ten(*[60.0] * 6))
    assert none is None
    assert why == "6 of 10 principles are assessed; an overall needs 7"
    found, why = overall(ten(*[60.0] * 6, 67.0))
    assert found is not None
    assert (found.score, why) == (pytest.approx(61.0), "")
    assert found.low < 61 < found.high


def test_indicative_principles_do_not_enter_the_overall() -> None:
    principles = ten(*[60.0] * 7)
    principles[9] = principle("p9", "P9", [entry(1)], [part(1.0)])
    assert principles[9].state == "indicative"
    found, _ = overall(principles)
    assert found is not None
    assert found.score == pytest.approx(60)


@pytest.mark.parametrize(
    ("weakest", "others", "letter"),
    [(45.0, 95.0, "A"), (44.9, 95.0, "C"), (24.9, 95.0, "D"), (24.9, 30.0, "E")],
)
def test_one_weak_principle_caps_the_grade(weakest: float, others: float, letter: str) -> None:
    found, _ = overall(ten(weakest, *[others] * 9))
    assert found is not None
    assert found.grade == letter


def test_beside_the_mean_stand_the_geometric_mean_and_the_weakest() -> None:
    """72, 72 and eight of 50: the geometric mean is the tenth root of the product."""
    found, _ = overall(ten(72.0, 72.0, *[50.0] * 7, 36.0))
    assert found is not None
    assert found.score == pytest.approx((2 * 72 + 7 * 50 + 36) / 10)
    assert found.geometric == pytest.approx((72**2 * 50**7 * 36) ** 0.1)
    assert (found.minimum, found.weakest) == (pytest.approx(36), "p9")
    assert found.geometric < found.score, "imbalance costs"


def test_one_zero_does_not_make_the_geometric_mean_nothing() -> None:
    found = geometric([0.0, 100.0], [1.0, 1.0])
    assert found == pytest.approx(math.sqrt(1.0 * 100.0)), "a 0 counts as 1"


def test_the_band_of_the_overall_holds_whatever_was_not_measured() -> None:
    """Eight principles at 60 with all of their weight, one at 60 with half of it, one unknown."""
    principles = [*ten(*[60.0] * 8)[:8], scored(60.0, "p8", of_weight=4.0), scored(None, "p9")]
    found, _ = overall(principles)
    assert found is not None
    assert found.coverage == pytest.approx((8 + 0.5) / 10)
    assert found.coverage_low == pytest.approx((8 * 60 + 30) / 10), "the rest worth 0"
    assert found.coverage_high == pytest.approx((8 * 60 + 80 + 100) / 10), "the rest worth 100"


def test_a_grade_held_down_by_one_principle_says_so() -> None:
    capped, _ = overall(ten(40.0, *[95.0] * 9))
    free, _ = overall(ten(50.0, *[95.0] * 9))
    assert capped is not None
    assert free is not None
    assert (capped.grade, capped.is_capped, capped.weakest) == ("C", True, "p0")
    assert not free.is_capped


def test_the_overall_names_the_principles_it_is_made_of() -> None:
    principles = ten(*[60.0] * 8)
    principles[3] = replace(principles[3], state="indicative")
    found, _ = overall(principles)
    assert found is not None
    assert found.principles == ("p0", "p1", "p2", "p4", "p5", "p6", "p7")


def test_a_principle_may_weigh_more_than_the_others() -> None:
    """Seven assessed: 80 with weight 4, six of 60: (320 + 360) / 10, and the product likewise."""
    principles = ten(80.0, *[60.0] * 6)
    principles[0] = replace(principles[0], weight=4.0)
    found, _ = overall(principles)
    assert found is not None
    assert found.score == pytest.approx(68.0)
    assert found.geometric == pytest.approx((80**4 * 60**6) ** 0.1)
    assert found.low < 68 < found.high
    assert found.coverage == pytest.approx(10 / 13), "three of thirteen were not measured"
    assert found.coverage_high == pytest.approx((10 * 68 + 3 * 100) / 13)


def test_an_overall_needs_seven_tenths_of_the_weight() -> None:
    principles = ten(*[60.0] * 7)
    principles[9] = replace(principles[9], weight=2.0)
    found, why = overall(principles)
    assert found is None, "7 of 11"
    assert why == "the assessed principles have 64% of the weight; an overall needs 70%"
