"""How far principles moved: only over what both periods have, and as surely as it is known."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from cxaudit import statistics
from cxaudit.score.differences import PrincipleDifference, differences_frame, principle_differences
from cxaudit.score.principles import Contribution, Score, Term, principle
from cxaudit.statistics import Cases, Estimate
from tests.score.making import POINTS, entry, estimate, part


def of(*parts: Contribution, id: str = "speed") -> Score:
    return principle(id, id.capitalize(), [entry(1)] * max(1, len(parts)), parts)


def difference(now: Score, before: Score, **more: object) -> PrincipleDifference:
    return principle_differences([now], [before], "previous", "2026Q2", **more)[0]


def indicator(found: Estimate, id: str = "a", weight: float = 1.0) -> Contribution:
    assert found.value is not None
    return Contribution(id, weight, True, POINTS(found.value), "B", (Term(found, 1.0, POINTS, id),))


def test_the_difference_is_that_of_the_scores_where_both_have_the_same_indicators() -> None:
    """60 and 80 of weight 1 and 2, then 55 and 65: -5/3 and -15 × 2/3; 1 point each way."""
    now = of(part(0.55, 1, id="a"), part(0.65, 2, id="b"))
    before = of(part(0.60, 1, id="a"), part(0.80, 2, id="b"))
    found = difference(now, before)
    assert found.difference == pytest.approx((-5 - 2 * 15) / 3)
    apart = math.sqrt(2 * ((1 / 3) ** 2 + (2 / 3) ** 2)) * 1.0  # uncorrelated, ± 1 point each
    assert found.low == pytest.approx(found.difference - apart, abs=1e-9)
    assert found.high == pytest.approx(found.difference + apart, abs=1e-9)
    assert (found.indicators, found.of_indicators, found.note) == (2, 2, "")
    assert found.p is not None and found.p < 1e-6


def test_only_what_was_measured_in_both_is_compared() -> None:
    now = of(part(0.9, id="new"), part(0.6, id="same"))
    before = of(part(0.6, id="same"), part(0.2, id="gone"))
    found = difference(now, before)
    assert found.difference == pytest.approx(0.0), "the same indicator has not moved"
    assert (found.indicators, found.of_indicators) == (1, 2)
    assert found.note == "1 of its indicators not measured in 2026Q2"


def test_weights_and_mix_are_those_of_the_audited_period() -> None:
    """A channel of one period only is left out, and the mix of now holds for both."""

    def by_channel(**shares: tuple[float, float]) -> Contribution:
        terms = tuple(
            Term(estimate(value), share, POINTS, "a", name)
            for name, (value, share) in shares.items()
        )
        points = sum(t.share * POINTS(t.estimate.value or 0.0) for t in terms)
        return Contribution("a", 1, True, points, "B", terms)

    now = of(by_channel(email=(0.6, 0.4), chat=(0.8, 0.4), phone=(0.1, 0.2)), part(0.5, id="b"))
    before = of(by_channel(chat=(0.7, 0.9), email=(0.6, 0.1)), part(0.5, id="b"))
    found = difference(now, before)
    assert found.difference == pytest.approx((0.5 * 0 + 0.5 * 10) / 2)


def test_shared_customers_and_agents_make_a_difference_surer() -> None:
    """The same agents work in both periods: what they have in common is no difference."""
    random = np.random.default_rng(2)
    agent = np.arange(6000) % 30
    skill = (0.6 + 0.12 * random.standard_normal(30))[agent]

    def share(first: int) -> Estimate:
        hit = random.random(6000) < skill
        numbers = np.arange(first, first + 6000)
        return statistics.share(Cases(numbers, agent, numbers, {"hit": hit.astype(float)}))

    now, before = share(0), share(6000)
    assert now.low and now.high
    found = difference(
        of(indicator(now), indicator(now, "b")), of(indicator(before), indicator(before, "b"))
    )
    assert found.low is not None and found.high is not None and found.se is not None
    single = POINTS(now.high) - POINTS(now.low)
    assert found.high - found.low < 0.6 * math.sqrt(2) * single
    assert found.df == pytest.approx(29)
    assert found.detectable == pytest.approx((2.0452 + 0.8542) * found.se, rel=1e-3)


def test_the_p_value_is_below_five_per_cent_where_the_interval_leaves_zero_out() -> None:
    for shift in (0.005, 0.0141, 0.0142, 0.03):
        now = of(part(0.6 + shift, id="a"), part(0.6 + shift, id="b"))
        found = difference(now, of(part(0.6, id="a"), part(0.6, id="b")))
        assert found.low is not None and found.p is not None
        assert (found.low > 0) == (found.p < 0.05), shift


def test_figures_of_one_mix_stand_for_the_scored_ones() -> None:
    """Scored 50 and 60; with one mix of cases in both periods 55 and 60."""
    now = of(indicator(estimate(0.5)), indicator(estimate(0.5), "b"))
    before = of(indicator(estimate(0.6)), indicator(estimate(0.6), "b"))
    alike = {("a", ""): (estimate(0.55), estimate(0.6))}
    found = difference(now, before, adjusted=alike)
    assert found.difference == pytest.approx((-5 - 10) / 2)
    assert found.adjusted == 1
    never = {("a", ""): (replace(estimate(0.5), value=None), estimate(0.6))}
    assert difference(now, before, adjusted=never).difference == pytest.approx(-10)


def test_the_gates_hold_in_both_periods() -> None:
    wide = of(part(0.5, half_width=0.4, id="a"), part(0.5, half_width=0.4, id="b"))
    sure = of(part(0.5, id="a"), part(0.5, id="b"))
    assert wide.state == "not assessed"
    found = difference(sure, wide)
    assert found.difference is None
    assert found.note.startswith("not assessed in 2026Q2: too little data: the score is known")
    assert difference(wide, sure).note.startswith("not assessed: too little data")


def test_nothing_in_common_has_no_difference() -> None:
    now, before = of(part(0.5, id="a"), part(0.5, id="b")), of(part(0.5, id="c"), part(0.5, id="d"))
    assert difference(now, before).note == "no indicator was measured in both periods"


def test_an_earlier_figure_of_another_series_is_no_part_of_the_difference() -> None:
    now, before = of(part(0.5, id="a"), part(0.5, id="b")), of(part(0.5, id="a"), part(0.9, id="b"))
    found = difference(now, before, broken=frozenset("b"))
    assert found.difference == pytest.approx(0)
    assert found.note == "1 of its indicators of another series in 2026Q2"
    none = difference(now, before, broken=frozenset("ab"))
    assert none.note == "no indicator was measured in both periods, of one series"


def test_the_overall_moves_as_the_mean_of_the_principles() -> None:
    def period(*points: float) -> list[Score]:
        return [
            of(part(p / 100, id=f"a{k}"), part(p / 100, id=f"b{k}"), id=f"p{k}")
            for k, p in enumerate(points)
        ]

    before, now = period(*[60.0] * 8), period(*[61.0] * 6, 68.0, 60.0)
    rows = principle_differences(now, before, "previous", "2026Q2")
    assert rows[-1].principle == "overall"
    assert rows[-1].difference == pytest.approx((6 * 1 + 8) / 8)
    assert rows[-1].indicators == 16
    heavy = [replace(score, weight=5.0 if score.id == "p6" else 1.0) for score in now]
    moved = principle_differences(heavy, before, "previous", "2026Q2")[-1].difference
    assert moved == pytest.approx((6 * 1 + 5 * 8) / 12), "p6 has weight 5"
    few = principle_differences(now[:6], before[:6], "previous", "2026Q2")
    assert few[-1].difference is None
    assert few[-1].note == "6 principles are assessed in both periods; 7 needed"
    frame = differences_frame(rows)
    assert list(frame["principle"]) == [f"p{k}" for k in range(8)] + ["overall"]
    assert set(frame["reference"]) == {"previous"}


def test_a_census_that_differs_differs_for_sure() -> None:
    now = of(part(0.6, half_width=0.0, id="a"), part(0.6, half_width=0.0, id="b"))
    before = of(part(0.7, half_width=0.0, id="a"), part(0.7, half_width=0.0, id="b"))
    found = difference(now, before)
    assert (found.p, found.detectable) == (0.0, 0.0)
    assert difference(now, now).p == 1.0
