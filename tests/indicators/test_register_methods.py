"""How registers become estimates: weights, reviewers, agents, actions, frequent reasons."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from cxaudit.indicators import methods
from cxaudit.indicators.declaration import WHOLE, Situation
from cxaudit.periods import parse_period
from cxaudit.statistics import Cases
from tests.indicators.test_methods import NAN, at, cases, situation

DAY = 86_400


def items(**columns: list[Any]) -> Cases:
    """Items of reviews; one reviewer, a random sample and no weights where nothing is said."""
    size = len(columns["num"])
    usual = {"den": 1.0, "reviewer": 0, "is_stratified": 0.0, "weight": NAN}
    return cases(**{name: [value] * size for name, value in usual.items()} | columns)


def test_a_stratified_sample_without_weights_is_indicative() -> None:
    found = items(num=[1.0, 0.0, 1.0], review=[1, 2, 2], is_stratified=[0.0, 1.0, 1.0])
    estimate = methods.by_ratio_of_reviews({WHOLE: found}, situation())
    assert estimate.notes == ("indicative: 1 reviews of a stratified sample have no weight",)
    weighed = items(num=[1.0, 0.0], review=[1, 2], is_stratified=[0.0, 1.0], weight=[1.0, 3.0])
    assert methods.by_ratio_of_reviews({WHOLE: weighed}, situation()).notes == ()


def test_a_review_of_unknown_weight_stands_for_as_many_as_the_others() -> None:
    found = items(num=[1.0, 0.0, 1.0], review=[1, 2, 3], weight=[10.0, 30.0, NAN])
    estimate = methods.by_ratio_of_reviews({WHOLE: found}, situation())
    assert estimate.value == pytest.approx((10 + 20) / 60), "20 is the mean of 10 and 30"


def test_an_item_nobody_judged_makes_its_review_missing() -> None:
    found = items(num=[1.0, NAN, 1.0], review=[1, 1, 2])
    for adapter in (methods.by_share_of_reviews, methods.by_ratio_of_reviews):
        estimate = adapter({WHOLE: found}, situation())
        assert (estimate.cases, estimate.missing) == (1, 1)


def test_with_enough_items_the_period_stands_alone() -> None:
    now, before = at("2026-07-02"), at("2026-04-02")
    found = items(num=[1.0, 1.0, 0.0], review=[1, 2, 3], reviewed_at=[now, now, before])
    alone = methods.by_pooled_items({WHOLE: found}, situation(2))
    assert (alone.value, alone.cases, alone.notes) == (1.0, 2, ())
    pooled = methods.by_pooled_items({WHOLE: found}, situation(3))
    assert (pooled.value, pooled.cases) == (pytest.approx(2 / 3), 3)
    assert pooled.notes == ("pooled with 2026Q2: too few items apply in 2026Q3",)


def test_without_reviews_the_traces_are_the_figure() -> None:
    traces = cases(hit=[1.0, 1.0, 0.0, 1.0], is_scored=[1.0] * 4)
    legs = {"reviews": items(num=[], review=[]), "traces": traces}
    alone = methods.by_adherence(legs, situation())
    assert (alone.value, alone.counts["traces"]) == (0.75, 4)
    reviewed = {
        "reviews": items(num=[0.0], review=[1]),
        "traces": cases(hit=[1.0], is_scored=[0.0]),
    }
    beside = methods.by_adherence(reviewed, situation())
    assert beside.value == 0.0
    assert beside.notes == ("traces: 100.0% of 1 follow the process",)
    assert "traces" not in beside.counts


def test_alpha_is_the_agreement_beyond_chance() -> None:
    """By hand: four pairs, three agree; of the eight values five are 0 and three are 100."""
    first, second = [0.0, 0.0, 100.0, 100.0], [0.0, 0.0, 100.0, 0.0]
    pairs = cases(
        hit=[1.0, 1.0, 1.0, 0.0],
        first_points=first,
        second_points=second,
        set_size=[2.0] * 4,
        first_reviewer=[0] * 4,
        second_reviewer=[0] * 4,
    )
    labels = {"first_reviewer": ("ann",), "second_reviewer": ("bob",)}
    base = situation(points=10)
    asked = Situation(base.parameters, base.minimum, base.period, base.as_of, labels=labels)
    found = methods.by_agreement({WHOLE: pairs}, asked)
    assert found.counts["reviewers"] == 2
    # Observed 2 x 100² / 8 = 2500; expected 2 x (5 x 37.5² + 3 x 62.5²) / 7 = 5357.
    assert found.notes == ("Krippendorff's alpha 0.53",)


def test_a_word_for_no_reason_voids_the_documented_share() -> None:
    found = cases(hit=[1.0] * 10, has_category=[1.0] * 10, is_catch_all=[1.0] * 2 + [0.0] * 8)
    voided = methods.by_census_of_documented({WHOLE: found}, situation(max_other_share=0.15))
    assert voided.value is None
    assert voided.notes == (
        "20% of the reasons given are a word for no reason; at most 15% may be",
    )
    allowed = methods.by_census_of_documented({WHOLE: found}, situation(max_other_share=0.2))
    assert (allowed.value, allowed.low, allowed.high) == (1.0, 1.0, 1.0)
    assert allowed.counts["filled_category_share"] == 1.0


def test_moved_dates_and_impact_are_shown_beside() -> None:
    actions = cases(
        hit=[1.0, 0.0, 0.0, 1.0],
        due=[1.0] * 4,
        is_moved=[0.0, 1.0, 1.0, 0.0],
        hit_moved=[1.0, 1.0, NAN, 1.0],
        impact_weight=[3.0, 1.0, NAN, 1.0],
    )
    found = methods.by_share_of_actions({WHOLE: actions}, situation())
    assert (found.value, found.method) == (0.5, "exact")
    assert found.notes == (
        "2 due dates were moved; by the moved dates 100%",
        "weighted by impact 80%",
    )


def roster(**columns: list[Any]) -> Cases:
    """Rows of the roster: each agent has a number, `of`."""
    of = np.asarray(columns.pop("of"))
    found = cases(**columns)
    return Cases(found.customer, None, of, found.columns)


def test_agents_who_worked_on_both_ends_of_sixty_days_count_as_active() -> None:
    july, august, september = at("2026-07-01"), at("2026-08-01"), at("2026-09-01")
    rows = roster(
        of=[1, 1, 1, 2, 2, 3],
        is_course=[0.0] * 6,
        is_day=[0.0, 1.0, 1.0, 1.0, 1.0, 0.0],
        happened_at=[NAN, july, september, july, august, NAN],
        hired_at=[NAN] * 6,
        left_at=[NAN] * 6,
        hours=[NAN] * 6,
        is_practice=[0.0] * 6,
        score_pre=[NAN] * 6,
        score_post=[NAN] * 6,
    )
    found = methods.by_census_of_trained({WHOLE: rows}, situation(min_hours=12, min_days=60))
    assert (found.value, found.cases, found.counts["agents"]) == (0.0, 1, 1), "agent 1 alone"


def trained(period: str) -> tuple[Any, ...]:
    """Share, cases and agents trained: agent 1 with 12 hours in the third quarter, 2 with none."""
    rows = roster(
        of=[1, 1, 2],
        is_course=[0.0, 1.0, 0.0],
        is_day=[0.0] * 3,
        happened_at=[NAN, at("2026-08-10"), NAN],
        hired_at=[at("2025-01-01")] * 3,
        left_at=[NAN, NAN, at("2026-09-15")],
        hours=[NAN, 12.0, NAN],
        is_practice=[0.0, 1.0, 0.0],
        score_pre=[NAN] * 3,
        score_post=[NAN] * 3,
    )
    asked = situation(min_hours=12, min_days=60)
    asked = replace(asked, period=parse_period(period, "UTC"), as_of=int(at("2027-01-03")))
    found = methods.by_census_of_trained({WHOLE: rows}, asked)
    return found.value, found.cases, found.counts["agents"], found.notes


def test_training_is_counted_by_the_quarter_whatever_the_period() -> None:
    assert trained("2026Q3") == (1 / 2, 2, 2, ())
    share, cases, agents, notes = trained("2026")
    # Agent 1 in four quarters, agent 2 in three: gone in the last one.
    assert (share, cases, agents) == (1 / 7, 7, 2)
    assert notes == ("over 2026Q1, 2026Q2, 2026Q3, 2026Q4",)
    # The three months that end with the month; agent 2 was here for 76 days of the second.
    assert trained("2026-08") == (1 / 2, 2, 2, ("over 2026-06-01..2026-08-31",))
    assert trained("2026-10")[:3] == (1.0, 1, 1), "agent 2 left 46 days into it"


def test_what_is_documented_tells_nothing_of_an_earlier_period() -> None:
    found = cases(hit=[1.0, 0.0], has_category=[1.0, 1.0], is_catch_all=[0.0, 0.0])
    now = situation(max_other_share=0.2)
    assert methods.by_census_of_documented({WHOLE: found}, now).value == 0.5
    before = methods.by_census_of_documented({WHOLE: found}, replace(now, is_earlier=True))
    assert (before.value, before.notes) == (None, ("the register tells of a later time",))


@pytest.mark.parametrize("shocks", [0.0, 0.5])
def test_where_nothing_changed_no_change_is_expected(shocks: float) -> None:
    """Twenty reasons alike, so that which five were on top is chance; shocks by reason and day."""
    chance = np.random.default_rng(2026)
    changes, plain = np.transpose([_changes(chance, shocks) for _ in range(150)])
    mean, error = float(np.mean(changes)), float(np.std(changes)) / len(changes) ** 0.5
    assert abs(mean) < 3 * error + 0.005, f"{mean:+.3f} where nothing changed"
    assert np.mean(plain) < -0.08, "rank and level of the same cases: shrinks by itself"


def _changes(chance: np.random.Generator, shocks: float) -> tuple[float, float]:
    """The logarithms of the change as measured, and of the five largest as they were counted."""
    days, reasons = 91 + 92, 20
    rate = np.full((days, reasons), 100 / 91)
    if shocks:
        rate *= chance.gamma(1 / shocks, shocks, rate.shape)
    counts = chance.poisson(rate)
    day, reason = np.nonzero(counts)
    times = counts[day, reason]
    day, reason = np.repeat(day, times), np.repeat(reason, times)
    found = cases(
        category=reason.tolist(),
        created_at=(at("2026-04-01") + DAY * day).tolist(),
        active_customers=[NAN] * day.size,
    )
    measured = methods.by_rate_change_of_top({WHOLE: found}, situation(1, top=5)).value
    assert measured is not None
    before, now = counts[:91].sum(0), counts[91:].sum(0)
    top = np.argsort(-before)[:5]
    plain = now[top].sum() / 92 / (before[top].sum() / 91)
    return float(np.log1p(measured)), float(np.log(plain))


def test_twice_the_customers_with_as_many_cases_is_half_the_rate() -> None:
    before, now = at("2026-04-01"), at("2026-07-01")
    created = [before + DAY * n for n in range(91)] + [now + DAY * n for n in range(92)]
    found = cases(
        category=[0] * 183, created_at=created, active_customers=[1000.0] * 91 + [2000.0] * 92
    )
    change = methods.by_rate_change_of_top({WHOLE: found}, situation(1, top=1))
    assert change.value == pytest.approx(-0.5)


def test_another_list_of_reasons_is_no_comparison() -> None:
    before, now = at("2026-04-01"), at("2026-07-01")
    created = [before + DAY * n for n in range(91)] + [now + DAY * n for n in range(92)]
    found = cases(
        category=[0] * 91 + [0] * 60 + [1] * 32,
        created_at=created,
        active_customers=[NAN] * 183,
    )
    notes = methods.by_rate_change_of_top({WHOLE: found}, situation(1, top=1)).notes
    share = "indicative: 35% of the cases have a reason that only one of the two periods knows"
    assert share in notes
