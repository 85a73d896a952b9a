"""What a measurement is worth: minimums, evidence, state and reason."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from cxaudit.measure.cases import Slice
from cxaudit.score.indicators import judge
from tests.score.making import ENTRIES, estimate, measurement, share


def judged(id: str, found: Any, cap: str = "A", part: Slice | None = None, **more: Any) -> Any:
    return judge(measurement(id, found, part, **more), ENTRIES[id], cap)


def test_what_was_not_measured_says_why() -> None:
    found = judged("qua_csat", None, reason="no data of the kind: surveys")
    assert (found.state, found.reason) == ("not assessed", "no data of the kind: surveys")
    assert not found.counts


def test_below_the_minimum_of_cases_nothing_is_assessed() -> None:
    assert ENTRIES["qua_frontline_resolution"]["minimum"]["cases"] == 150
    short = judged("qua_frontline_resolution", share(120, 149))
    assert (short.state, short.reason) == (
        "not assessed",
        "too little data: 149 cases; 150 needed",
    )
    assert judged("qua_frontline_resolution", share(120, 150)).counts


def test_the_minimum_of_agents_counts_known_agents() -> None:
    few = judged("emp_felt_understood", share(60, 90, agents=9), known_agents=9)
    assert few.reason == "too little data: 9 agents; 10 needed"
    assert judged("emp_felt_understood", share(60, 90, agents=10), known_agents=10).counts
    none = judged("emp_felt_understood", share(60, 90), known_agents=0)
    assert (none.state, none.counts) == ("indicative", True), "none known: indicative"
    assert "no agent is known" in none.reason


def test_only_agents_with_enough_answers_count_where_each_needs_some() -> None:
    found = estimate(0.03, cases=500, groups=3)
    few = judged("con_agent_icc", found, known_agents=40)
    assert few.reason == "too little data: 3 agents; 20 needed", "40 known, 3 with 10 answers each"


@pytest.mark.parametrize(
    ("id", "name"), [("con_channel_gap", "channels"), ("con_week_stability", "weeks")]
)
def test_channels_and_weeks_have_their_minimum(id: str, name: str) -> None:
    needed = ENTRIES[id]["minimum"][name]
    few = judged(id, estimate(0.02, cases=500, groups=needed - 1), known_agents=20)
    assert few.reason == f"too little data: {needed - 1} {name}; {needed} needed"
    assert judged(id, estimate(0.02, 0.001, cases=500, groups=needed), known_agents=20).counts


def test_a_figure_that_could_not_be_made_gives_the_statistic_s_reason() -> None:
    found = replace(estimate(0.5), value=None, notes=("all answers are equal",))
    assert judged("qua_csat", found).reason == "all answers are equal"


def test_a_wait_that_is_never_reached_is_worth_nothing_and_is_assessed() -> None:
    never = estimate(1.0, scale="log", cases=500)
    never = replace(never, value=None, low=500_000.0, high=None, not_reached=True)
    found = judged("spd_first_response_p90", never, part=Slice("channel", "email"))
    assert (found.utility, found.utility_low, found.utility_high) == (0.0, 0.0, 0.0)
    assert found.counts


def test_a_channel_without_anchors_is_not_scored() -> None:
    found = judged("spd_first_response", estimate(100.0), part=Slice("channel", "self_service"))
    assert found.reason == "no anchors for the channel self_service"


def width(points: float) -> Any:
    """A contact share whose utility is known to so many points on either side."""
    # qua_frontline_resolution: 0.69 to 0.82 are 50 points
    return estimate(0.75, points / 50 * 0.13, cases=10_000)


@pytest.mark.parametrize(
    ("points", "letter", "state"),
    [
        (4.99, "A", "assessed"),
        (5.01, "B", "assessed"),
        (9.99, "B", "assessed"),
        (10.01, "C", "assessed"),
        (19.99, "C", "assessed"),
        (20.01, "D", "indicative"),
    ],
)
def test_evidence_follows_the_width_of_the_interval(points: float, letter: str, state: str) -> None:
    found = judged("qua_frontline_resolution", width(points))
    assert (found.evidence, found.state) == (letter, state)


def test_the_best_evidence_needs_four_times_the_minimum() -> None:
    assert judged("qua_frontline_resolution", replace(width(1), cases=599)).evidence == "B"
    assert judged("qua_frontline_resolution", replace(width(1), cases=600)).evidence == "A"


def test_answers_not_weighted_for_non_response_are_c_at_best() -> None:
    assert judged("qua_csat", share(8000, 10_000)).evidence == "C"


def test_a_failed_contract_rule_caps_the_evidence() -> None:
    assert judged("qua_frontline_resolution", width(1), cap="C").evidence == "C"
    capped = judged("qua_frontline_resolution", width(1), cap="D")
    assert (capped.evidence, capped.state) == ("D", "indicative")
    assert judged("qua_frontline_resolution", width(19), cap="B").evidence == "C", "never better"


def test_few_agents_make_a_result_indicative() -> None:
    found = judged("qua_frontline_resolution", replace(width(1), effective_agents=4.9))
    assert (found.state, found.reason) == ("indicative", "few agents: worth 4.9 equal ones")
    assert judged("qua_frontline_resolution", replace(width(1), effective_agents=5.0)).state == (
        "assessed"
    )


def test_the_spread_of_waits_needs_many_agents() -> None:
    waits = estimate(4.0, 0.1, cases=10_000, scale="log", high=4.1)
    few = judged("con_response_spread", replace(waits, effective_agents=29.0))
    assert (few.state, few.reason) == (
        "indicative",
        "agents worth 29 equal ones; a spread needs 30",
    )
    many = judged("con_response_spread", replace(waits, effective_agents=30.0))
    assert many.state == "assessed"
