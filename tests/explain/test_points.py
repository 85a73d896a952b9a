"""Score points backwards, and past the ends of the scale."""

from __future__ import annotations

import pytest

from cxaudit.explain.points import points_of, unbounded, value_at
from cxaudit.scorecards import open_scorecard

ENTRIES = {entry["id"]: entry for entry in open_scorecard()["indicators"]}
SCALES = {
    "rising": points_of(ENTRIES["qua_csat"]),
    "falling": points_of(ENTRIES["acc_reopen_14d"]),
    "logarithm": points_of(ENTRIES["spd_first_response"], "email"),
}


@pytest.mark.parametrize("name", SCALES)
@pytest.mark.parametrize("points", [0.0, 20.0, 50.0, 61.0, 75.0, 99.0, 100.0])
def test_the_value_behind_points_is_worth_them(name, points) -> None:
    scale = SCALES[name]
    value = value_at(scale, points)
    assert scale(value) == pytest.approx(points)
    assert unbounded(scale, value) == pytest.approx(points)


@pytest.mark.parametrize("name", SCALES)
def test_no_value_is_worth_more_than_100_or_less_than_0(name) -> None:
    assert value_at(SCALES[name], 100.1) is None
    assert value_at(SCALES[name], -0.1) is None


def test_past_the_ends_the_slope_goes_on() -> None:
    """Satisfaction: 50 points in 21 below typical, 25 in 5 above target."""
    assert unbounded(SCALES["rising"], 0.6 - 0.21) == pytest.approx(-50.0)
    assert unbounded(SCALES["rising"], 0.95 + 0.05) == pytest.approx(125.0)
    assert unbounded(SCALES["falling"], 0.12 + 0.06) == pytest.approx(-50.0)


def test_a_channel_has_anchors_of_its_own() -> None:
    entry = ENTRIES["spd_first_response"]
    assert points_of(entry, "chat")(60.0) != points_of(entry, "email")(60.0)
    assert points_of(entry) is None
    assert points_of(entry, "pigeon") is None
