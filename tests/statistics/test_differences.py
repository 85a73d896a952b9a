"""Differences between two periods: scales, shared clusters, missing influences, power."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from scipy.special import stdtrit

from cxaudit.statistics import (
    Cases,
    Estimate,
    mean,
    ratio,
    share,
    survival_quantile,
    variance_share,
)
from cxaudit.statistics.differences import Difference, difference
from cxaudit.statistics.intervals import t_quantile


def part(cases: Cases, rows: slice) -> Cases:
    mask = np.zeros(len(cases), dtype=bool)
    mask[rows] = True
    return cases.only(mask)


def test_the_hand_worked_share_difference(eight: Cases) -> None:
    """Rows 5-8 against rows 1-4: 2/4 - 3/4; each half's agents carry leverage of their own."""
    found = difference(share(part(eight, slice(4, 8))), share(part(eight, slice(0, 4))))
    assert found.value == pytest.approx(-0.25)
    # Influences: before .0625 -.1875 .0625 .0625, now -.125 .125 .125 -.125.
    # Customers 0, 1, 2 before (x sqrt(3/2)): -.125, .0625, .0625; 2, 3, 4 now: -.125, .125, 0.
    # They share customer 2 only; agents 0 and 1 before, 1 and 2 now, halves of their period each.
    customer = 1.5 * (0.125**2 + 0.0625**2 + 0.0625**2 + 0.125**2 + 0.125**2 + 2 * 0.0625 * 0.125)
    # Agent sums over 1 - leverage: before 0: .1875 / .25, 1: -.1875 / .75; now 1, 2: 0 / .5.
    agent = (0.1875 / 0.25) ** 2 + (0.1875 / 0.75) ** 2
    row = 3 * 0.0625**2 + 0.1875**2 + 4 * 0.125**2
    two_way = customer + agent - row
    assert found.se == pytest.approx(math.sqrt(max(two_way, customer, agent)))
    assert found.scale == "natural"


def service(seed: int = 3) -> tuple[Cases, Cases]:
    """Two quarters of one service: twelve agents and returning customers, later a little better."""
    rng = np.random.default_rng(seed)
    mood, temper = rng.normal(size=12) * 0.6, rng.normal(size=300) * 0.8
    quarters = []
    for quarter in (0, 1):
        agent, customer = rng.integers(0, 12, 800), rng.integers(0, 300, 800)
        effect = mood[agent] + temper[customer]
        hit = rng.random(800) < 1 / (1 + np.exp(-1.0 - 0.1 * quarter - effect))
        seconds = np.round(np.exp(8.0 - 0.1 * quarter + effect + rng.normal(size=800)))
        columns = {"hit": hit, "value": seconds, "num": hit, "den": np.ones(800)}
        columns |= {"seconds": seconds, "event": np.ones(800)}
        row = np.arange(800) + 800 * quarter
        quarters.append(Cases(customer, agent, row, {k: v * 1.0 for k, v in columns.items()}))
    return quarters[1], quarters[0]


def strangers(cases: Cases) -> Cases:
    assert cases.agent is not None
    return replace(cases, customer=cases.customer + 10_000, agent=cases.agent + 10_000)


@pytest.mark.parametrize(
    "statistic",
    [share, mean, lambda cases: survival_quantile(cases, 0.5)],
    ids=["share", "mean", "median"],
)
def test_what_the_periods_share_makes_the_interval_narrower(statistic) -> None:
    now, before = service()
    together = difference(statistic(now), statistic(before))
    apart = difference(statistic(now), statistic(strangers(before)))
    assert together.value == apart.value
    assert together.se is not None and apart.se is not None
    assert together.se < 0.8 * apart.se, "the same customers and agents cancel"


@pytest.mark.parametrize(
    "statistic", [share, lambda cases: survival_quantile(cases, 0.5)], ids=["share", "median"]
)
def test_strangers_add_their_variances(statistic) -> None:
    now, before = service()
    a, b = statistic(now), statistic(strangers(before))
    found = difference(a, b)
    scale = [e.value * (1 - e.value) if e.scale == "logit" else 1.0 for e in (a, b)]
    expected = math.hypot(a.se * scale[0], b.se * scale[1])
    assert found.se == pytest.approx(expected, rel=0.02)


def test_a_time_is_told_as_a_relative_change() -> None:
    now, before = service()
    a, b = (survival_quantile(cases, 0.5) for cases in (now, before))
    found = difference(a, b)
    assert found.scale == "relative"
    assert found.value == pytest.approx(a.value / b.value - 1.0)
    t = t_quantile(found.df)
    assert found.high == pytest.approx((1 + found.value) * math.exp(t * found.se) - 1)
    assert found.low == pytest.approx((1 + found.value) * math.exp(-t * found.se) - 1)


def test_the_same_quarter_twice_is_no_difference() -> None:
    now, _ = service()
    found = difference(share(now), share(now))
    assert (found.value, found.low, found.high, found.p) == (0.0, found.low, found.high, 1.0)


def test_p_and_limits_agree() -> None:
    """The interval touches zero exactly where p is 0.05, with and without influence."""
    now, before = service()
    a, b = share(now), share(before)
    for bare in (False, True):
        e = [replace(x, influence=None) if bare else x for x in (a, b)]
        found = difference(*e)
        assert (found.p < 0.05) == (found.low > 0 or found.high < 0)
        shift = found.low if found.value > 0 else found.high
        moved = replace(
            e[0], value=e[0].value - shift, low=e[0].low - shift, high=e[0].high - shift
        )
        if bare:
            assert difference(moved, e[1]).p == pytest.approx(0.05, abs=1e-9)


def test_without_influence_the_own_limits_are_combined(make) -> None:
    """No hit in 60 now, 6 of 60 before: distances to the limits in square, as if independent."""
    now = share(make(hit=[0.0] * 60))
    before = share(make(hit=[1.0] * 6 + [0.0] * 54))
    found = difference(now, before)
    assert found.value == pytest.approx(-0.1)
    assert found.low == pytest.approx(-0.1 - (before.high - before.value))
    assert found.high == pytest.approx(-0.1 + math.hypot(now.high, before.value - before.low))
    assert found.method.startswith("own limits")
    assert found.detectable > 0.05


def test_an_intraclass_correlation_combines_its_own_limits() -> None:
    now, before = (variance_share(cases, 10) for cases in service())
    found = difference(now, before)
    assert found.method.startswith("own limits")
    assert found.low < found.value < found.high


def test_a_census_has_no_error() -> None:
    now, before = (
        Estimate(value, value, value, None, "logit", None, None, cases=40, method="census")
        for value in (0.9, 0.7)
    )
    found = difference(now, before)
    assert (found.low, found.high, found.p) == (found.value, found.value, 0.0)
    assert found.method == "census"
    assert difference(now, now).p == 1.0


def test_a_quantile_not_reached_gives_the_limit_that_is_known() -> None:
    reached = Estimate(100.0, 80.0, 120.0, 0.1, "log", 20.0, None, cases=100)
    never = Estimate(None, 240.0, None, None, "log", 20.0, None, cases=100, not_reached=True)
    longer, shorter = difference(never, reached), difference(reached, never)
    assert (longer.value, longer.low, longer.high) == (None, pytest.approx(1.0), None)
    assert (shorter.value, shorter.low, shorter.high) == (None, None, pytest.approx(-0.5))
    assert difference(never, never).low is None


def test_no_figure_no_difference() -> None:
    nothing = Estimate.nothing("logit")
    some = Estimate(0.5, 0.4, 0.6, 0.2, "logit", 20.0, None, cases=100)
    expected = Difference(
        None, None, None, None, None, None, "natural", None, "no figure in one of the periods"
    )
    assert difference(nothing, some) == expected


def test_an_open_limit_stays_open() -> None:
    now = Estimate(100.0, 80.0, None, None, "log", 20.0, None, cases=100)
    before = Estimate(100.0, 80.0, 120.0, None, "log", 20.0, None, cases=100)
    found = difference(now, before)
    assert (found.value, found.high, found.p) == (0.0, None, 1.0)
    assert found.low == pytest.approx(math.exp(-math.hypot(math.log(1.25), math.log(1.2))) - 1)


def test_a_ratio_of_zero_is_told_on_its_own_scale(make) -> None:
    zero = ratio(make(num=[0.0] * 10, den=[1.0] * 10))
    some = ratio(make(num=[1.0, 0.0] * 5, den=[1.0] * 10))
    found = difference(zero, some)
    assert (found.scale, found.value) == ("natural", pytest.approx(-0.5))


def test_a_relative_change_is_told_in_points() -> None:
    """A change of +20 % after one of -10 %: 30 points more, not a third more."""
    now, before = (
        Estimate(value, None, None, 0.05, "log", 30.0, None, cases=9, offset=1.0)
        for value in (0.2, -0.1)
    )
    assert difference(now, before).value == pytest.approx(0.3)


def test_four_in_five_see_the_detectable_difference() -> None:
    """By t: a true difference of so many standard errors is significant 80 % of the time."""
    found = difference(*(share(cases) for cases in service()))
    quantiles = stdtrit(found.df, 0.975) + stdtrit(found.df, 0.8)
    assert found.detectable == pytest.approx(quantiles * found.se, rel=1e-6)


def test_no_shared_customer_can_make_a_difference_certain() -> None:
    """Every customer alike in both quarters: the customers' part cancels, the floor remains."""
    hit = np.array([1.0, 0.0] * 40)
    now, before = (
        share(Cases(np.arange(80), np.arange(80) % 8, np.arange(80) + 80 * k, {"hit": hit}))
        for k in (0, 1)
    )
    found = difference(now, before)
    assert found.value == 0.0
    assert found.se > 0.0, "a difference is never certain"
    assert found.p == 1.0


def test_a_planted_difference_is_covered() -> None:
    """The later quarter is 0.1 better on the logit, spread 1.0: 400 services of twelve agents."""
    steps = np.linspace(-8.0, 8.0, 4001)
    density = np.exp(-(steps**2) / 2) / math.sqrt(2 * math.pi)
    truth = [np.trapezoid(density / (1 + np.exp(-start - steps)), steps) for start in (1.1, 1.0)]
    found = [difference(*(share(cases) for cases in service(seed))) for seed in range(400)]
    values = np.array([each.value for each in found])
    planted = truth[0] - truth[1]
    assert values.mean() == pytest.approx(planted, abs=4 * values.std() / 20)
    covered = [each.low <= planted <= each.high for each in found]
    assert 0.94 <= np.mean(covered) <= 0.995
    assert np.mean([each.se for each in found]) < 1.25 * values.std(), "and not by being wide"


def test_the_order_of_cases_does_not_matter() -> None:
    now, before = service()
    turned = [part(cases, slice(None)).only(np.arange(len(cases))[::-1]) for cases in (now, before)]
    a, b = difference(share(now), share(before)), difference(*(share(c) for c in turned))
    assert a.se == pytest.approx(b.se, rel=1e-12)
    assert a.value == b.value
