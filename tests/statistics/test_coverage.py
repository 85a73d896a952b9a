"""The intervals contain the truth about as often as they say, where cases are clustered."""

from __future__ import annotations

import numpy as np
import pytest

from cxaudit.statistics import (
    Cases,
    rate_change,
    share,
    survival_quantile,
    variance_share,
    week_spread,
)

SERVICES = 300
AGENTS, SIZE = 20, 600


def services():
    """Services with agents and customers of different quality, drawn anew for each."""
    for seed in range(SERVICES):
        rng = np.random.default_rng(seed)
        agent = rng.integers(0, AGENTS, SIZE)
        customer = rng.integers(0, SIZE // 2, SIZE)
        mood = rng.normal(size=AGENTS)[agent] * 0.5 + rng.normal(size=SIZE // 2)[customer] * 0.8
        yield rng, agent, customer, mood


def contained(intervals: list[tuple[float, float]], truth: float) -> float:
    return float(np.mean([low <= truth <= high for low, high in intervals]))


@pytest.fixture(scope="module")
def share_truth() -> float:
    rng = np.random.default_rng(10**6)
    mood = rng.normal(size=2_000_000) * np.hypot(0.5, 0.8)
    return float(np.mean(1 / (1 + np.exp(-1.2 - mood))))


def test_share_of_clustered_answers_is_covered_and_a_row_interval_is_not(share_truth):
    clustered, by_row = [], []
    for rng, agent, customer, mood in services():
        hit = (rng.random(SIZE) < 1 / (1 + np.exp(-1.2 - mood))).astype(float)
        row = np.arange(SIZE)
        estimate = share(Cases(customer, agent, row, {"hit": hit}))
        alone = share(Cases(row, row, row, {"hit": hit}))
        clustered.append((estimate.low, estimate.high))
        by_row.append((alone.low, alone.high))
    assert 0.93 <= contained(clustered, share_truth) <= 0.99
    assert contained(by_row, share_truth) < 0.85, "clusters matter in this service"


def test_median_of_censored_waits_is_covered():
    intervals = []
    for rng, agent, customer, mood in services():
        wait = np.exp(9 + mood + rng.normal(size=SIZE))
        follow_up = rng.uniform(2e3, 8e4, SIZE)
        columns = {
            "seconds": np.floor(np.minimum(wait, follow_up)),
            "event": (wait <= follow_up).astype(float),
        }
        estimate = survival_quantile(Cases(customer, agent, np.arange(SIZE), columns), 0.5)
        intervals.append((estimate.low, estimate.high))
    assert 0.92 <= contained(intervals, np.exp(9)) <= 0.99


def test_swing_between_weeks_is_covered():
    intervals = []
    for seed in range(SERVICES):
        rng = np.random.default_rng(seed)
        week = rng.integers(0, 13, 1500)
        chance = 0.8 + 0.04 * rng.normal(size=13)[week] + 0.003 * week
        row = np.arange(1500)
        columns = {"value": (rng.random(1500) < chance).astype(float), "week": week}
        estimate = week_spread(Cases(row, None, row, columns), 20)
        intervals.append((estimate.low, estimate.high))
    assert 0.92 <= contained(intervals, 0.04) <= 0.99


def test_change_of_a_rate_with_returning_customers_is_covered():
    intervals = []
    for seed in range(SERVICES):
        rng = np.random.default_rng(seed)
        needs = rng.gamma(0.7, 1 / 0.7, 800)
        weight = np.where(np.arange(91) % 7 >= 5, 0.3, 1.0)
        periods = []
        for first_day, factor in ((0, 1.0), (91, 0.9)):
            customer = np.repeat(np.arange(800), rng.poisson(needs * factor))
            day = rng.choice(91, size=customer.size, p=weight / weight.sum()) + first_day
            row = np.arange(customer.size) + first_day * 10**5
            periods.append(Cases(customer, None, row, {"block": day.astype(float)}))
        estimate = rate_change(periods[1], periods[0], 91, 91)
        intervals.append((estimate.low, estimate.high))
    assert 0.92 <= contained(intervals, -0.1) <= 0.99


def test_variance_between_very_unequal_agents_is_covered():
    """Sizes by rank to the power -2: the closed form alone misses the truth in one of eight."""
    sizes = 1.0 / np.arange(3, 63) ** 2
    intervals = []
    for seed in range(SERVICES):
        rng = np.random.default_rng(seed)
        agent = rng.choice(60, 2000, p=sizes / sizes.sum())
        value = rng.normal(size=60)[agent] * 0.3 + rng.normal(size=2000)
        row = np.arange(2000)
        estimate = variance_share(Cases(row, agent, row, {"value": value}), 10)
        intervals.append((estimate.low, estimate.high))
    assert 0.92 <= contained(intervals, 0.09 / 1.09) <= 0.985


def test_survey_with_known_response_weights_is_covered_and_without_them_is_not():
    """Content customers answer twice as readily; weights set it right."""
    weighted, raw = [], []
    for rng, agent, customer, _ in services():
        calm = rng.random(SIZE) < 0.5
        answered = rng.random(SIZE) < np.where(calm, 0.8, 0.4)
        hit = (rng.random(SIZE) < np.where(calm, 0.9, 0.6)).astype(float)
        columns = {"hit": hit, "weight": 1.0 / np.where(calm, 0.8, 0.4)}
        answers = Cases(customer, agent, np.arange(SIZE), columns).only(answered)
        estimate, plain = share(answers), share(answers.unweighted())
        weighted.append((estimate.low, estimate.high))
        raw.append((plain.low, plain.high))
    assert 0.92 <= contained(weighted, 0.75) <= 0.985
    assert contained(raw, 0.75) < 0.8
