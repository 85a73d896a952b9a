"""The interval of a score: by hand, at kinks, at the ends of the scale, for differences."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from cxaudit.errors import Fault
from cxaudit.statistics import Cases, Estimate, Influence, composite, share
from cxaudit.statistics.composite import limits_of_sum
from cxaudit.statistics.intervals import log_limits, logit, logit_limits, t_quantile

DF = 11.0


def piecewise(floor: float, typical: float, target: float, world: float, log: bool = False):
    """The score of a value by four anchors."""
    anchors = [(floor, 0.0), (typical, 50.0), (target, 75.0), (world, 100.0)]
    scale = (lambda x: math.log(x) if x > 0 else -math.inf) if log else (lambda x: x)
    points = sorted((scale(x), score) for x, score in anchors)

    def score(value: float) -> float:
        return float(np.interp(scale(value), [x for x, _ in points], [y for _, y in points]))

    return score


CSAT = piecewise(0.60, 0.81, 0.90, 0.95)
HOURS = piecewise(24, 12, 4, 1, log=True)


def columns(errors: list[float], correlation: float = 0.0) -> list[Influence]:
    """Two influence columns over four customers with these standard errors and correlation."""
    apart = np.array([[1, -1, 0, 0], [0, 0, 1, -1]]) / math.sqrt(2)
    mixed = [apart[0], correlation * apart[0] + math.sqrt(1 - correlation**2) * apart[1]]
    one_way = math.sqrt(3 / 4)  # undoes G / (G - 1) with four customers
    customer = np.arange(4)
    return [
        Influence(customer, None, customer, error * one_way * direction)
        for error, direction in zip(errors, mixed, strict=True)
    ]


def csat(value: float, se: float, influence: Influence | None) -> Estimate:
    low, high = logit_limits(value, se, DF)
    return Estimate(value, low, high, se, "logit", DF, influence, cases=100)


def hours(value: float, se: float, influence: Influence | None) -> Estimate:
    low, high = log_limits(value, se, DF)
    return Estimate(value, low, high, se, "log", DF, influence, cases=100)


def worked(correlation: float = -0.3) -> list[Estimate]:
    first, second = columns([0.20, 0.15], correlation)
    return [csat(0.85, 0.20, first), hours(6.0, 0.15, second)]


def test_two_indicators_by_hand_away_from_the_ends():
    estimates = worked()
    assert CSAT(0.85) == pytest.approx(61.1111111)
    assert HOURS(6.0) == pytest.approx(65.7732438)
    found = composite(estimates, [0.5, 0.5], [CSAT, HOURS])
    assert found == (pytest.approx(53.1281136), pytest.approx(72.0154881), False)


def test_hull_with_the_delta_limits_when_an_interval_reaches_an_end():
    # The same slopes and steps, but a score that ends where the first interval ends.
    estimates = worked()
    top = CSAT(estimates[0].high)

    def shifted(value: float) -> float:
        return CSAT(value) + (100.0 - top)

    low, high, at_end = composite(estimates, [0.5, 0.5], [shifted, HOURS])
    up = (100.0 - top) / 2
    assert low - up == pytest.approx(53.1281136)
    assert high - up == pytest.approx(73.0569708), "the upper limit is the delta method's"
    assert not at_end, "one indicator at an end is not two"


def test_two_indicators_at_an_end_are_said():
    first, second = columns([0.5, 0.5])
    estimates = [csat(0.94, 0.5, first), hours(1.2, 0.5, second)]
    low, high, at_end = composite(estimates, [0.5, 0.5], [CSAT, HOURS])
    assert at_end
    assert (low < 80, high) == (True, 100.0)


def test_one_indicator_keeps_its_own_limits():
    estimate = worked()[0]
    low, high, _ = composite([estimate], [1.0], [CSAT])
    assert (low, high) == (pytest.approx(44.0218293), pytest.approx(74.4342867))


def test_at_a_kink_the_slope_is_the_mean_of_both_sides():
    first, _ = columns([0.20, 0.15])
    at_floor = csat(0.60, 0.20, first)
    low, high, _ = composite([at_floor], [1.0], [CSAT], ends=(-100, 100))
    slope = 0.5 * (0 + 50 / 0.21) * 0.60 * 0.40
    assert low == pytest.approx(-t_quantile(DF) * 0.20 * slope, rel=1e-5), (
        "the delta side of the hull"
    )
    assert high == pytest.approx(CSAT(at_floor.high))


def test_positive_correlation_of_indicators_widens_the_score():
    rises = piecewise(0.60, 0.81, 0.90, 0.95)
    widths = []
    for correlation in (-0.9, 0.0, 0.9):
        first, second = columns([0.2, 0.2], correlation)
        pair = [csat(0.85, 0.2, first), csat(0.85, 0.2, second)]
        low, high, _ = composite(pair, [0.5, 0.5], [rises, rises])
        widths.append(high - low)
    assert widths[0] < 0.5 * widths[1] < widths[1] < widths[2]


def test_shared_noise_cancels_in_a_difference():
    column, _ = columns([0.2, 0.2])
    same = Estimate(0.5, 0.1, 0.9, 0.2, "identity", DF, column, cases=99)
    low, high, _ = composite([same, same], [1.0, -1.0], [lambda x: 100 * x] * 2, ends=(-100, 100))
    assert (low, high) == (pytest.approx(0, abs=1e-5), pytest.approx(0, abs=1e-5))


def test_estimates_without_influence_are_uncorrelated():
    alone = [replace(estimate, influence=None) for estimate in worked()]
    found = composite(alone, [0.5, 0.5], [CSAT, HOURS])[:2]
    assert found == pytest.approx(composite(worked(0.0), [0.5, 0.5], [CSAT, HOURS])[:2])


def test_quantile_never_reached_scores_zero_at_its_open_end():
    open_end = Estimate(None, 5.0, None, None, "log", 9.0, None, cases=99, not_reached=True)
    low, high, _ = composite([open_end], [1.0], [HOURS])
    assert low == 0.0
    assert high == pytest.approx(HOURS(5.0))


def test_relative_change_moves_on_the_log_of_one_plus_its_value():
    column, _ = columns([0.02, 0.02])
    change = Estimate(-0.05, -0.09, -0.01, 0.02, "log", DF, column, cases=99, offset=1.0)
    at_end = piecewise(-0.01, -0.04, -0.08, -0.25)
    low, high, _ = composite([change], [1.0], [at_end], ends=(-100, 200))
    slope = -25 / 0.04 * 0.95
    half = abs(slope) * 0.02 * t_quantile(DF)
    assert high == pytest.approx(at_end(-0.05) + half, rel=1e-6)


def test_open_lower_limit_of_a_share_does_not_occur_but_of_a_mean_does():
    alone = Estimate(0.7, None, None, None, "identity", 1.0, None, cases=2)
    assert composite([alone], [1.0], [CSAT])[:2] == (0.0, 100.0)


def test_indicator_with_coefficient_zero_does_not_count():
    nothing = Estimate.nothing("logit")
    found = composite([*worked(), nothing], [0.5, 0.5, 0.0], [CSAT, HOURS, CSAT])
    assert found == composite(worked(), [0.5, 0.5], [CSAT, HOURS])


def test_wrong_calls_are_refused():
    with pytest.raises(Fault, match="different length"):
        composite(worked(), [1.0], [CSAT, HOURS])
    with pytest.raises(Fault, match="no estimate"):
        composite([], [], [])
    with pytest.raises(Fault, match="without a value"):
        composite([Estimate.nothing("logit")], [1.0], [CSAT])


def test_score_does_not_depend_on_the_order_of_its_indicators():
    estimates = worked()
    one = composite(estimates, [0.4, 0.6], [CSAT, HOURS])
    other = composite(estimates[::-1], [0.6, 0.4], [HOURS, CSAT])
    assert one == pytest.approx(other, rel=1e-12)


def test_logit_of_the_worked_example():
    assert logit(0.85) == pytest.approx(1.7346010553881064)


# --- degrees of freedom of the sum -----------------------------------------------------------


def two_periods() -> list[Estimate]:
    """Shares of two periods: the same 12 agents, 50 to 94 hits of 100, and tickets of strangers."""
    agent = np.repeat(np.arange(12), 100)
    hit = (np.tile(np.arange(100), 12) < 50 + 4 * agent).astype(float)
    rows = np.arange(1200)
    return [share(Cases(r, agent, r, {"hit": hit})) for r in (rows, rows + 1200)]


def test_one_estimate_alone_keeps_its_limits():
    one = two_periods()[0]
    low, high, _ = limits_of_sum([one], [1.0], [float])
    assert (low, high) == (pytest.approx(one.low), pytest.approx(one.high))


def test_a_difference_in_which_agents_cancel_takes_the_customers_degrees_of_freedom():
    periods = two_periods()
    assert all(estimate.df < 12 for estimate in periods), "the agents differ"
    low, high, _ = limits_of_sum(periods, [1.0, -1.0], [float, float])
    bare = [replace(e, effective_customers=None, effective_agents=None) for e in periods]
    wide = limits_of_sum(bare, [1.0, -1.0], [float, float])
    t_ratio = t_quantile(1199) / t_quantile(11)
    assert high - low == pytest.approx(t_ratio * (wide[1] - wide[0]), rel=1e-6)


def test_a_sum_in_which_agents_count_keeps_the_agents_degrees_of_freedom():
    periods = two_periods()
    low, high, _ = limits_of_sum(periods, [0.5, 0.5], [float, float])
    bare = [replace(e, effective_customers=None, effective_agents=None) for e in periods]
    wide = limits_of_sum(bare, [0.5, 0.5], [float, float])
    assert (low, high) == (pytest.approx(wide[0]), pytest.approx(wide[1]))
