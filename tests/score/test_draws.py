"""How probable grades are: draws with the correlation and the tails of the intervals."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import norm, t

from cxaudit import statistics
from cxaudit.score.draws import drawn_utilities, printed_grades, probabilities, seed_of
from cxaudit.score.grade_probability import of_overall, of_principle
from cxaudit.score.principles import Term, principle
from cxaudit.score.utility import utility
from cxaudit.statistics import Cases
from tests.score.making import POINTS, entry, estimate, part

STRAIGHT = utility({"floor": 0.0, "typical": 0.5, "target": 0.75, "world": 1.0}, "linear")


def many(agents: int = 40, cases: int = 4000, seed: int = 1) -> Cases:
    """Cases of agents who differ, each of a customer of its own."""
    random = np.random.default_rng(seed)
    agent = np.arange(cases) % agents
    hit = random.random(cases) < (0.6 + 0.1 * random.standard_normal(agents))[agent]
    return Cases(np.arange(cases), agent, np.arange(cases), {"hit": hit.astype(float)})


def test_draws_have_the_spread_and_the_tails_of_the_interval() -> None:
    """A share with t of 39 degrees: 95 % of its draws lie within its limits on the logit scale."""
    share = statistics.share(many())
    assert share.value is not None and share.se is not None and share.df is not None
    drawn = drawn_utilities([Term(share, 1.0, STRAIGHT)], seed_of("a"), 40_000)[0]
    odds = math.log(share.value / (1 - share.value))
    reach = share.se * t.ppf([0.025, 0.975], share.df)
    low, high = (STRAIGHT(1 / (1 + math.exp(-(odds + r)))) for r in reach)
    assert np.mean(drawn < low) == pytest.approx(0.025, abs=0.004)
    assert np.mean(drawn > high) == pytest.approx(0.025, abs=0.004)


def test_estimates_of_the_same_cases_move_together() -> None:
    cases = many()
    failed = replace(cases, columns={"hit": 1.0 - cases.columns["hit"]})
    share, other = statistics.share(cases), statistics.share(failed)
    terms = [Term(e, 0.5, STRAIGHT) for e in (share, share, other)]
    drawn = drawn_utilities(terms, seed_of("a"), 4000)
    correlation = np.corrcoef(drawn)
    assert correlation[0, 1] > 0.97, "one figure twice is one figure"
    assert correlation[0, 2] < -0.97, "its complement moves against it"


def test_without_influence_the_limits_are_drawn_through_and_nothing_else_is_moved() -> None:
    """None of 60: the value is 0, the upper limit 0.075 is one point in 40 away."""
    none = estimate(0.0, low=0.0, high=0.075, se=None, df=math.inf)
    drawn = drawn_utilities([Term(none, 1.0, STRAIGHT)], seed_of("a"), 40_000)[0]
    assert drawn.min() == 0.0
    assert np.mean(drawn > STRAIGHT(0.075)) == pytest.approx(0.025, abs=0.004)


def test_a_census_is_certain() -> None:
    exact = estimate(0.7, 0.0, se=None, df=None)
    drawn = drawn_utilities([Term(exact, 1.0, STRAIGHT)], seed_of("a"), 100)
    assert set(drawn[0]) == {STRAIGHT(0.7)}


def test_a_wait_that_is_never_reached_stays_at_the_floor() -> None:
    wait = utility({"floor": 100.0, "typical": 50.0, "target": 20.0, "world": 10.0}, "log")
    never = replace(estimate(0.5, se=None), value=None, low=200.0, high=None, not_reached=True)
    assert set(drawn_utilities([Term(never, 1.0, wait)], 1, 100)[0]) == {0.0}


def test_the_agents_share_of_the_variance_is_drawn_from_its_f() -> None:
    """The limits of an intraclass correlation are F quantiles: 2.5 % of its draws lie above."""
    random = np.random.default_rng(4)
    agent = np.arange(4000) % 40
    value = random.standard_normal(4000) + 0.25 * random.standard_normal(40)[agent]
    cases = Cases(np.arange(4000), agent, np.arange(4000), {"value": value})
    share = statistics.variance_share(cases, 10)
    falls = utility({"floor": 0.5, "typical": 0.3, "target": 0.1, "world": 0.0}, "linear")
    term = Term(share, 1.0, falls, statistic="variance_share")
    drawn = drawn_utilities([term], seed_of("a"), 40_000)[0]
    assert share.low and share.high and share.value
    assert np.mean(drawn < falls(share.high)) == pytest.approx(0.025, abs=0.004)
    assert np.mean(drawn > falls(share.low)) == pytest.approx(0.025, abs=0.004)
    above = np.mean(drawn < falls(share.value))
    assert 0.4 < above < 0.6, "about as often above its value as below"


def test_the_probability_of_a_grade_is_that_of_the_normal_curve() -> None:
    """60 ± 5 points (95 %): C or better and D are as probable, and E is 2.5 % × …: none."""
    score = principle("speed", "Speed", [entry(1)], [part(0.60, half_width=0.05)])
    found = of_principle(score, 7)
    assert found == {"A": 0.0, "B": 0.0, "C": 0.5, "D": 0.5, "E": 0.0}
    higher = principle("speed", "Speed", [entry(1)], [part(0.63, half_width=0.05)])
    exact = norm.cdf(3 / (5 / 1.96))
    assert of_principle(higher, 7) == {"A": 0, "B": 0, "C": pytest.approx(exact, abs=0.03)} | {
        "D": pytest.approx(1 - exact, abs=0.03),
        "E": 0,
    }


def test_no_score_has_no_grade() -> None:
    assert of_principle(principle("speed", "Speed", [entry(1)], []), 1) is None


def test_probabilities_are_rounded_to_five_per_cent_and_add_up() -> None:
    places = np.repeat([0, 1, 2], [333, 333, 334])
    found = probabilities(places)
    assert sum(found.values()) == pytest.approx(1.0)
    assert all(math.isclose(p * 20, round(p * 20)) for p in found.values())
    assert sorted(found.values(), reverse=True)[:3] == [0.35, 0.35, 0.3]


@pytest.mark.parametrize(
    ("letter", "probability", "printed"),
    [
        ("B", {"A": 0.0, "B": 0.8, "C": 0.2}, "B"),
        ("B", {"A": 0.05, "B": 0.75, "C": 0.2}, "B/C"),
        ("C", {"A": 0.0, "B": 0.55, "C": 0.45}, "B/C"),
        ("A", {"A": 0.6, "B": 0.4, "C": 0.0}, "A/B"),
    ],
)
def test_a_grade_that_is_not_sure_is_printed_with_the_other_one(
    letter: str, probability: dict[str, float], printed: str
) -> None:
    assert printed_grades(letter, {"D": 0.0, "E": 0.0} | probability) == printed


def test_the_cap_of_the_weakest_principle_is_in_the_probabilities_of_the_overall() -> None:
    strong = [
        principle(f"p{k}", f"P{k}", [entry(1), entry(1)], [part(0.95, half_width=0.001)] * 2)
        for k in range(9)
    ]
    weak = principle("p9", "P9", [entry(1), entry(1)], [part(0.45, half_width=0.02)] * 2)
    found = of_overall([*strong, weak], 3)
    assert found["A"] == pytest.approx(0.5, abs=0.05), "the weak one is above 45 half the time"
    assert found["A"] + found["C"] == pytest.approx(1.0), "and caps at C the other half"


def test_the_same_audit_draws_the_same() -> None:
    terms = [Term(statistics.share(many()), 1.0, POINTS)]
    again = drawn_utilities(terms, seed_of("client", "2026Q3"))
    assert np.array_equal(drawn_utilities(terms, seed_of("client", "2026Q3")), again)
    assert not np.array_equal(drawn_utilities(terms, seed_of("client", "2026Q2")), again)
