"""Small cells are not shown, nor can they be worked out from those that are."""

from __future__ import annotations

import json

import pytest

from cxaudit.measure import Measurement
from cxaudit.measure.cases import Slice
from cxaudit.score.indicators import judge
from cxaudit.score.rows import indicator_rows
from cxaudit.score.suppression import suppressed
from tests.score.making import ENTRIES, estimate, measurement

ID = "qua_frontline_resolution"
FEW = "fewer than 10 cases"
BESIDE = "not shown, so that a smaller part cannot be worked out"


def cells(by: str, whole: int, agents: int | None = None, **cases: int) -> list[Measurement]:
    """The whole and its parts by name, with so many cases each."""
    parts = [(Slice(), whole), *((Slice(by, name), n) for name, n in cases.items())]
    return [
        measurement(ID, estimate(0.75, cases=n), part, known_agents=agents) for part, n in parts
    ]


def hidden(measurements: list[Measurement]) -> dict[str, str]:
    return {part.value: why for (_, _, part), why in suppressed(measurements).items()}


def test_a_part_of_few_cases_is_hidden_and_with_it_the_next() -> None:
    """1,000 less 700 less 291 is 9: with chat shown, in_app could be worked out."""
    found = hidden(cells("channel", 1000, email=700, chat=291, in_app=9))
    assert found == {"in_app": FEW, "chat": BESIDE}


def test_parts_that_hide_one_another_are_enough() -> None:
    found = hidden(cells("channel", 1000, email=985, chat=9, in_app=6))
    assert found == {"chat": FEW, "in_app": FEW}, "together 15 cases, and which is which is open"


def test_cases_of_no_known_part_hide_a_small_one() -> None:
    assert hidden(cells("category", 1000, billing=700, returns=9)) == {"returns": FEW}


def test_ten_cases_are_shown() -> None:
    assert hidden(cells("channel", 1000, email=990, chat=10)) == {}


@pytest.mark.parametrize("by", ["team", "site"])
def test_a_team_of_two_is_hidden_whatever_its_cases(by: str) -> None:
    whole, large, small = cells(by, 900, agents=20, north=600, south=300)
    few = Measurement(small.indicator, small.part, small.period, small.estimate, known_agents=2)
    found = hidden([whole, large, few])
    assert found == {"south": "fewer than 3 agents", "north": BESIDE}, "900 - 600 would tell it"


def test_a_team_is_as_small_for_figures_that_know_no_agents() -> None:
    teams = cells("team", 900, agents=2, north=600, east=200, south=100)
    other = [
        measurement("per_profile_360", estimate(0.8, cases=500), Slice("team", name))
        for name in ("north", "unseen")
    ]
    found = suppressed([*teams, *other])
    assert found["per_profile_360", "2026Q3", Slice("team", "north")] == "fewer than 3 agents"
    assert ("per_profile_360", "2026Q3", Slice("team", "unseen")) not in found, "nobody is known"


def test_no_number_of_a_hidden_part_is_in_the_audit() -> None:
    every = cells("channel", 1017, email=1000, chat=8, in_app=9)
    judged = [judge(m, ENTRIES[ID]) for m in every]
    rows = indicator_rows(judged, {}, {"indicators": [ENTRIES[ID]]}, {}, suppressed(every))
    chat = next(row for row in rows if row["slice"] == {"channel": "chat"})
    assert (chat["state"], chat["reason"]) == ("not assessed", FEW)
    numbers = {k: v for k, v in chat.items() if isinstance(v, (int, float)) and k != "core"}
    assert set(numbers) - {"weight", "coverage_weight", "not_reached"} == set(), json.dumps(numbers)


def test_a_small_channel_is_not_in_the_count_of_an_indicator_by_channel() -> None:
    id = "spd_first_response"
    every = [
        measurement(id, estimate(14_400.0, cases=n, scale="log"), Slice("channel", name))
        for name, n in (("email", 700), ("chat", 7))
    ]
    judged = [judge(m, ENTRIES[id]) for m in every]
    rows = indicator_rows(judged, {}, {"indicators": [ENTRIES[id]]}, {}, suppressed(every))
    assert rows[0]["cases"] == 700
    assert f"chat: {FEW}" in rows[0]["reason"], "and no reason tells how few"
