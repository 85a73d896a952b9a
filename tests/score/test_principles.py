"""Scores of principles and the overall: coverage, precision, channels, grades."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from cxaudit.measure.cases import Slice
from cxaudit.score.evidence import weighted_median
from cxaudit.score.indicators import judge
from cxaudit.score.principles import Score, contribution_of_channels, grade, principle
from cxaudit.score.rows import indicator_rows
from tests.score.making import ENTRIES, entry, estimate, measurement, part


def scored(entries: list[Any], parts: list[Any]) -> Score:
    return principle("speed", "Speed", entries, parts)


def test_a_score_is_the_mean_by_weight_and_coverage_the_share_of_the_weight() -> None:
    found = scored(
        [entry(2), entry(1), entry(1), entry(4, "descriptive")], [part(0.8, 2), part(0.5, 1)]
    )
    assert found.score == pytest.approx((2 * 80 + 50) / 3)
    assert found.coverage == 3 / 4, "what is not scored by the scorecard is no part of it"
    assert found.state == "assessed"
    assert found.coverage_low == pytest.approx(70 * 3 / 4), "with the rest at 0"
    assert found.coverage_high == pytest.approx(70 * 3 / 4 + 25), "with the rest at 100"
    assert found.low is not None
    assert found.high is not None
    assert found.low < 70 < found.high


@pytest.mark.parametrize(
    ("measured", "state"),
    [(0.49, "not assessed"), (0.5, "indicative"), (0.99, "indicative"), (1.0, "assessed")],
)
def test_a_quarter_of_the_weight_is_indicative_and_half_is_assessed(
    measured: float, state: str
) -> None:
    half = measured / 2
    found = scored([entry(half), entry(half), entry(2 - measured)], [part(0.6, half)] * 2)
    assert found.state == state, f"{measured} of 2 measured"
    assert (found.score is None) is (state == "not assessed")


def test_one_indicator_alone_is_indicative() -> None:
    found = scored([entry(1)], [part(0.6)])
    assert (found.state, found.reason) == ("indicative", "one indicator only; two needed")


def test_without_a_core_indicator_it_is_indicative() -> None:
    found = scored([entry(1), entry(1)], [part(0.6, is_core=False), part(0.7, is_core=False)])
    assert (found.state, found.reason) == ("indicative", "no core indicator could be measured")


@pytest.mark.parametrize(
    ("half_width", "state"),
    [(11.9, "assessed"), (12.1, "indicative"), (19.9, "indicative"), (20.1, "not assessed")],
)
def test_precision_decides_as_well(half_width: float, state: str) -> None:
    # Two equal uncorrelated halves: the half-width of the mean is that of each over √2.
    each = half_width / 100 * 2**0.5
    found = scored([entry(1), entry(1)], [part(0.5, half_width=each)] * 2)
    assert found.state == state
    if state == "not assessed":
        assert found.score is None
        assert "too little data" in found.reason


def test_a_weight_of_zero_is_out_of_the_score_and_of_the_coverage() -> None:
    found = scored([entry(1), entry(1), entry(0)], [part(0.6), part(0.6), part(0.0, weight=0)])
    assert (found.score, found.coverage) == (pytest.approx(60), 1.0)


def test_nothing_measured_is_not_assessed() -> None:
    found = scored([entry(2.5), entry(1)], [])
    assert (found.state, found.score, found.coverage) == ("not assessed", None, 0.0)
    assert found.reason == "0 of 3.5 of the weight could be measured"


def channels(**waits: tuple[float, int]) -> list[Any]:
    """The first response by channel: seconds and cases."""
    return [
        judge(
            measurement(
                "spd_first_response",
                estimate(seconds, 1.0, scale="log", cases=cases, low=seconds, high=seconds),
                Slice("channel", name),
            ),
            ENTRIES["spd_first_response"],
        )
        for name, (seconds, cases) in waits.items()
    ]


def test_channels_are_averaged_with_the_reference_mix() -> None:
    """E-mail at its target is worth 75, chat at its floor 0."""
    found = channels(email=(14400, 500), chat=(180, 500))
    both = contribution_of_channels(found, {"email": 0.6, "chat": 0.2, "phone": 0.2})
    assert both is not None
    assert both.utility == pytest.approx(0.75 * 75), "the mix of the scored channels is 3 : 1"
    assert sum(term.share for term in both.terms) == pytest.approx(1)
    assert both.channels == ("email", "chat")


def test_a_channel_below_the_minimum_is_left_out_of_the_mix() -> None:
    found = channels(email=(14400, 500), chat=(180, 99))
    alone = contribution_of_channels(found, {"email": 0.6, "chat": 0.4})
    assert alone is not None
    assert alone.utility == pytest.approx(75)
    assert alone.channels == ("email",)


def test_an_indicator_by_channel_is_as_sure_as_most_of_its_cases() -> None:
    found = channels(email=(14400, 500), chat=(180, 500))
    found[1] = replace(found[1], state="indicative")
    both = contribution_of_channels(found, {"email": 0.6, "chat": 0.4})
    assert both is not None

    def state(email: float, chat: float) -> str:
        rows = indicator_rows(
            found,
            {"spd_first_response": both},
            {"indicators": [ENTRIES["spd_first_response"]]},
            {"email": email, "chat": chat, "phone": 0.5},
            {},
        )
        return f"{rows[0]['state']} {rows[0]['reason']} {rows[0]['notes'][0]}"

    left_out = "not scored: phone (50% of the cases)"
    assert state(0.3, 0.2) == f"assessed  {left_out}"
    assert state(0.2, 0.3) == f"indicative most of its cases are on indicative channels {left_out}"


def test_without_a_scored_channel_of_the_mix_there_is_no_score() -> None:
    found = channels(email=(14400, 500))
    assert contribution_of_channels(found, {"phone": 1.0}) is None
    assert contribution_of_channels([], {"email": 1.0}) is None


@pytest.mark.parametrize(
    ("points", "letter"),
    [(100, "A"), (85, "A"), (84.99, "B"), (75, "B"), (74.99, "C"), (60, "C"), (59.99, "D")]
    + [(45, "D"), (44.99, "E"), (0, "E")],
)
def test_grades_begin_at_their_bounds(points: float, letter: str) -> None:
    assert grade(points) == letter


def test_evidence_of_a_principle_is_the_median_by_weight_and_the_worse_of_two() -> None:
    assert weighted_median([("A", 1), ("C", 1)]) == "C"
    assert weighted_median([("A", 2), ("C", 1)]) == "A"
    assert weighted_median([("C", 1), ("A", 1), ("B", 1)]) == "B"
    assert weighted_median([("D", 1)]) == "D"
    assert scored([entry(1)] * 3, [part(0.5, evidence=e) for e in "ABD"]).evidence == "B"


@pytest.mark.parametrize(
    ("values", "printed"),
    [((0.995, 0.995), ">="), ((0.005, 0.005), "<="), ((0.995, 0.005), ""), ((0.995, 0.5), "")],
)
def test_a_score_at_the_end_of_its_indicators_scales_is_printed_as_a_bound(
    values: tuple[float, float], printed: str
) -> None:
    """With two indicators at the upper end the service may be better than the score can say."""
    found = scored([entry(1), entry(1)], [part(value) for value in values])
    assert found.bound == printed
    assert found.at_scale_end is (values != (0.995, 0.5)), "one at an end is not enough"
