"""Groups held against the others: planted differences are found, chance is not."""

from __future__ import annotations

import numpy as np
import pytest

from cxaudit.explain.points import points_of
from cxaudit.explain.standing import Groups, flags, standing
from cxaudit.statistics.multiplicity import benjamini_hochberg

from .making import ENTRIES

CSAT = points_of(ENTRIES["qua_csat"])
TIMES = points_of(ENTRIES["spd_resolution_rmst"])


def shares(hits: np.ndarray, cases: np.ndarray) -> Groups:
    value = hits / cases
    inner = (value > 0.0) & (value < 1.0)
    se = np.where(inner, 1.0 / np.sqrt(cases * np.where(inner, value * (1 - value), 1.0)), np.nan)
    return Groups(value, cases.astype(float), se, cases - 1.0, "logit")


def drawn(rng: np.random.Generator, gap: float = 0.0, teams: int = 20, cases: int = 400) -> Groups:
    """Teams with a share of 0.85, the first `gap` below."""
    truth = np.full(teams, 0.85)
    truth[0] -= gap
    return shares(rng.binomial(cases, truth), np.full(teams, cases))


def flagged(families: list[Groups]) -> np.ndarray:
    found = [standing(groups, CSAT) for groups in families]
    adjusted = benjamini_hochberg(np.concatenate([each.p for each in found]))
    better, worse = (np.concatenate([getattr(e, n) for e in found]) for n in ("better", "worse"))
    return flags(adjusted, better, worse).reshape(len(families), -1)


def test_nothing_planted_nothing_flagged() -> None:
    rng = np.random.default_rng(11)
    audits = [flagged([drawn(rng) for _ in range(10)]) for _ in range(15)]
    assert sum((found != "").sum() for found in audits) <= 3


def test_a_planted_team_is_flagged_and_no_other() -> None:
    """Fifteen points below: 8 standard errors."""
    rng = np.random.default_rng(12)
    for _ in range(5):
        found = flagged([drawn(rng, gap=0.15), *(drawn(rng) for _ in range(9))])
        assert found[0, 0] == "worse"
        assert (found != "").sum() <= 2


def test_a_difference_that_does_not_matter_is_no_flag() -> None:
    """One point of 40,000 cases: sure, and worth two and a half score points."""
    cases = np.full(6, 40_000)
    hits = (cases * np.array([0.79, 0.80, 0.80, 0.80, 0.80, 0.80])).astype(int)
    found = standing(shares(hits, cases), CSAT)
    assert found.p[0] < 1e-4
    assert flags(found.p, found.better, found.worse)[0] == ""
    hits[0] = 0.76 * 40_000
    found = standing(shares(hits, cases), CSAT)
    assert flags(found.p, found.better, found.worse)[0] == "worse"


def test_faster_is_better() -> None:
    hours = np.array([10.0, 50.0, 52.0, 48.0, 51.0, 49.0])
    cases = np.full(6, 300.0)
    groups = Groups(hours * 3600, cases, np.full(6, 0.08), np.full(6, 40.0), "log")
    found = standing(groups, TIMES)
    assert flags(found.p, found.better, found.worse)[0] == "better"
    assert found.worse[0] < 1e-6


def test_small_groups_are_drawn_to_the_others_and_large_ones_keep_their_figure() -> None:
    cases = np.array([20, 2000, 2000, 2000, 2000])
    found = standing(shares((cases * [0.60, 0.60, 0.80, 0.85, 0.90]).astype(int), cases), CSAT)
    assert found.shrunken[0] > 0.63
    assert found.shrunken[1] == pytest.approx(0.60, abs=0.01)
    assert found.funnel_high[0] - found.funnel_low[0] > found.funnel_high[1] - found.funnel_low[1]
    assert (found.low < found.shrunken).all()
    assert (found.shrunken < found.high).all()


def test_none_of_many_has_a_place() -> None:
    """0 of 300 beside five teams at one half: no standard error of its own, and worse."""
    found = standing(shares(np.array([0, 150, 149, 151, 150, 150]), np.full(6, 300)), CSAT)
    assert found.p[0] < 1e-4
    assert 0.0 < found.shrunken[0] < 0.05


def test_a_group_with_few_agents_borrows_its_variance_from_the_others() -> None:
    """Five agents who happen to agree: 20 standard errors by their own, 2.6 by all teams'."""
    rng = np.random.default_rng(13)
    groups = shares(np.array([320] + [340] * 14), np.full(15, 400))
    se = groups.se * np.sqrt(rng.chisquare(4, 15) / 4)
    se[0] = groups.se[0] / 8
    lucky = Groups(groups.estimate, groups.cases, se, np.full(15, 4.0), "logit")
    assert standing(lucky, CSAT).p[0] > 1e-4
    certain = Groups(groups.estimate, groups.cases, se, np.full(15, 4000.0), "logit")
    assert standing(certain, CSAT).p[0] < 1e-6, "unless it rests on many agents"


def test_alone_nobody_stands_anywhere() -> None:
    found = standing(shares(np.array([80]), np.array([100])), CSAT)
    assert np.isnan(found.p).all()
    assert np.isnan(found.shrunken).all()


def test_without_a_scale_nothing_is_known_to_matter() -> None:
    cases = np.full(5, 1000)
    found = standing(shares(np.array([400, 800, 810, 790, 805]), cases), None)
    assert found.p[0] < 1e-6
    assert (flags(found.p, found.better, found.worse) == "").all()


def test_names_and_order_do_not_matter() -> None:
    rng = np.random.default_rng(14)
    groups = drawn(rng, gap=0.1)
    turn = rng.permutation(20)
    columns = (groups.estimate, groups.cases, groups.se, groups.df)
    turned = standing(Groups(*(column[turn] for column in columns), "logit"), CSAT)
    straight = standing(groups, CSAT)
    for name in vars(straight):
        assert getattr(turned, name) == pytest.approx(getattr(straight, name)[turn], rel=1e-9), name


def test_twice_the_cases_make_a_difference_surer() -> None:
    """Every customer and agent doubled under a new id: the figures stay, and are surer."""
    groups = drawn(np.random.default_rng(15), gap=0.05)
    doubled = Groups(
        groups.estimate, 2 * groups.cases, groups.se / np.sqrt(2), 2 * groups.df + 1, "logit"
    )
    once, twice = standing(groups, CSAT), standing(doubled, CSAT)
    assert twice.p[0] < once.p[0]
    assert twice.worse[0] > once.worse[0]
