"""The distributions that truths are derived from, against plain numbers."""

from __future__ import annotations

import math

import numpy as np
import pytest

from cxaudit.simulate.days import simulated_days
from cxaudit.simulate.journeys import same_agent_share, same_team_share
from cxaudit.simulate.service import Service
from cxaudit.simulate.waits import Waits, normal, normal_nodes


def test_normal_distribution_function_is_exact_to_seven_places() -> None:
    for x in (-8.5, -1.959964, -0.31, 0.0, 1.0, 2.5758, 20.0):
        assert float(normal(x)) == pytest.approx(0.5 * math.erfc(-x / math.sqrt(2)), abs=1e-7)


def test_log_normal_wait_after_a_fixed_delay() -> None:
    waits = Waits.log_normal(100.0, 0.5, point=40.0)
    assert float(waits.cdf(140.0)[0]) == pytest.approx(0.5, abs=1e-7)
    assert float(waits.cdf(40.0)[0]) == 0.0, "nothing ends before the delay is over"
    assert waits.quantile(0.5) == pytest.approx(140.0, rel=1e-6)
    assert waits.quantile(0.9) == pytest.approx(40 + 100 * math.exp(0.5 * 1.2815516), rel=1e-5)


def test_area_is_the_integral_of_the_distribution_function() -> None:
    waits = Waits.mixed([(0.7, Waits.log_normal(50.0, 1.0)), (0.3, Waits.log_normal(9.0, 0.4, 5))])
    x = np.linspace(0, 300, 300_001)
    step = x[1] - x[0]
    summed = float(np.sum(waits.cdf(x)) * step - 0.5 * step * waits.cdf(300.0)[0])
    assert float(waits.area(300.0)[0]) == pytest.approx(summed, rel=1e-6)
    assert float(waits.area(-3.0)[0]) == 0.0, "before the start nothing has ended"


def test_a_wait_that_some_never_end_has_no_high_quantile() -> None:
    waits = Waits.log_normal(10.0, 1.0).thinned(0.85)
    assert waits.quantile(0.5) == pytest.approx(10 * math.exp(0.2230), rel=2e-4)
    assert math.isinf(waits.quantile(0.9))


def test_two_waits_in_turn_add_their_means() -> None:
    both = Waits.log_normal(10.0, 0.5).followed_by(20.0, 0.8)
    mean = 5e4 - float(both.area(5e4)[0])
    expected = 10 * math.exp(0.125) + 20 * math.exp(0.32)
    assert mean == pytest.approx(expected, rel=1e-5)


def test_normal_nodes_integrate_moments() -> None:
    z, share = normal_nodes(12)
    assert share.sum() == pytest.approx(1.0)
    assert (share * z**2).sum() == pytest.approx(1.0)
    assert (share * z**4).sum() == pytest.approx(3.0)


def test_chance_of_the_same_agent_against_drawn_volumes() -> None:
    service = Service(agents=15)
    rng = np.random.default_rng(5)
    weight = np.exp(service.volume_spread * rng.standard_normal((200_000, 15)))
    drawn = np.sum(weight**2, axis=1) / np.sum(weight, axis=1) ** 2
    assert same_agent_share(service) == pytest.approx(drawn.mean(), rel=0.003)
    assert same_team_share(service) > same_agent_share(service)


def test_quarters_begin_at_local_midnight() -> None:
    starts = simulated_days().span_starts
    # 2026-06-30T22:00Z and 2025-12-31T23:00Z: summer and winter in Berlin.
    assert int(starts[5]) == 1782856800
    assert int(starts[3]) == 1767222000
