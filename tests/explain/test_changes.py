"""Verdicts on indicators, from tables of figures and differences made by hand."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd
import pytest

from cxaudit.explain.changes import change_rows
from cxaudit.explain.verdicts import IMPROVED, NO_CHANGE, NOT_COMPARABLE, WORSENED

from .making import BEFORE, LAST_YEAR, comparing, difference_row, figure

CSAT, REOPEN, RMST = "qua_csat", "acc_reopen_14d", "spd_resolution_rmst"


def changed(
    *tests: dict[str, Any], figures: list[dict[str, Any]] | None = None, id: str = CSAT
) -> dict[str, Any]:
    """The row of one indicator as a whole; 0.8 now and 0.7 before unless figures are given."""
    rows = figures or [figure(id, 0.8), figure(id, 0.7, BEFORE), figure(id, 0.75, LAST_YEAR)]
    found = change_rows(comparing(*tests), pd.DataFrame(rows), [(id, "", "")])
    assert len(found) == 1
    return found[0]


def test_the_verdict_is_on_the_adjusted_change() -> None:
    """Crude 10 points up; with the mix held fixed nothing."""
    found = changed(difference_row(CSAT, 0.0), difference_row(CSAT, 0.10, kind="crude"))
    assert found["change"] == pytest.approx(0.1)
    assert (found["adjusted"], found["verdict"]) == (0.0, NO_CHANGE)
    assert found["detectable"] == 0.028
    assert found["note"] == ""


def test_without_an_adjusted_change_the_crude_one_is_tested_and_said() -> None:
    crude = difference_row(CSAT, 0.10, kind="crude", note="no form for a fixed mix")
    found = changed(crude, difference_row(CSAT, math.nan))
    assert (found["adjusted"], found["verdict"]) == (0.1, IMPROVED)
    assert found["note"] == "crude: not adjusted for the mix; no form for a fixed mix"


@pytest.mark.parametrize(
    ("id", "difference", "expected"),
    [
        (CSAT, 0.1, IMPROVED),
        (CSAT, -0.1, WORSENED),
        (REOPEN, 0.04, WORSENED),
        (REOPEN, -0.04, IMPROVED),
    ],
)
def test_better_is_what_the_scorecard_says_it_is(id, difference, expected) -> None:
    ends = {"now": 0.05, "before": 0.05 - difference} if id == REOPEN else {}
    assert changed(difference_row(id, difference, **ends), id=id)["verdict"] == expected


def test_a_relative_change_of_a_time_is_judged_in_points() -> None:
    day = 86400.0
    figures = [
        figure(RMST, days * day, period, scale="log")
        for days, period in ((3.0, "2026Q3"), (4.0, BEFORE))
    ]
    test = {"now": 3 * day, "before": 4 * day, "scale": "relative"}
    found = changed(difference_row(RMST, -0.25, **test), figures=figures, id=RMST)
    assert (found["scale"], found["verdict"]) == ("relative", IMPROVED)


def test_a_change_worth_under_three_points_is_none() -> None:
    """1 point of satisfaction around 0.70 is worth 2.4 score points, 1.5 points 3.6."""
    sure = {"low": 0.005, "high": 0.02, "p": 1e-6, "now": 0.70}
    assert changed(difference_row(CSAT, 0.010, before=0.690, **sure))["verdict"] == NO_CHANGE
    assert changed(difference_row(CSAT, 0.015, before=0.685, **sure))["verdict"] == IMPROVED


def test_below_the_floor_a_service_can_still_get_worse() -> None:
    """Both figures score 0; ten points of satisfaction are no trifle all the same."""
    found = changed(difference_row(CSAT, -0.10, now=0.4, before=0.5))
    assert found["verdict"] == WORSENED


def test_all_indicators_are_one_family() -> None:
    """p = .04 alone; beside nine indicators without a change: .4."""
    near = difference_row(CSAT, 0.0205, p=0.04, low=0.001, high=0.04, now=0.7, before=0.6795)
    others = [f"qua_iqs{number}" for number in range(9)]
    assert changed(near)["verdict"] == IMPROVED
    found = changed(near, *(difference_row(id, 0.0, p=0.9) for id in others))
    assert found["adjusted_p"] == pytest.approx(0.4)
    assert found["verdict"] == NO_CHANGE


def test_what_counts_everything_is_no_test() -> None:
    """Nine figures without chance in them, p = 0, do not make p = .08 beside another .9 sure."""
    near = difference_row(CSAT, 0.0205, p=0.08, low=0.001, high=0.04, now=0.7, before=0.6795)
    certain = [difference_row(f"c{n}", 0.1, p=0.0, method="census") for n in range(9)]
    found = changed(near, difference_row("other", 0.0, p=0.9), *certain)
    assert found["adjusted_p"] == pytest.approx(0.16)
    exact = difference_row(CSAT, 0.1, p=0.0, low=0.1, high=0.1, method="census")
    assert changed(exact)["verdict"] == IMPROVED


def test_the_same_quarter_last_year_stands_beside() -> None:
    found = changed(difference_row(CSAT, 0.1), difference_row(CSAT, -0.05, "year before"))
    assert found["verdict"] == IMPROVED
    year = found["year_before"]
    assert (year["period"], year["previous"]) == (LAST_YEAR, 0.75)
    assert (year["adjusted"], year["verdict"]) == (-0.05, WORSENED)


def test_without_last_year_there_is_nothing_beside() -> None:
    found = changed(
        difference_row(CSAT, 0.1), figures=[figure(CSAT, 0.8), figure(CSAT, 0.7, BEFORE)]
    )
    assert found["year_before"] is None


@pytest.mark.parametrize(
    ("before", "note"),
    [
        ([], "no figure in 2026Q2"),
        ([figure(CSAT, 0.7, BEFORE, cases=99)], "too few cases in 2026Q2"),
    ],
)
def test_a_figure_that_would_not_be_shown_is_no_comparison(before, note) -> None:
    found = changed(difference_row(CSAT, 0.1), figures=[figure(CSAT, 0.8), *before])
    assert (found["verdict"], found["note"]) == (NOT_COMPARABLE, note)
    assert (found["previous"], found["change"], found["adjusted"]) == (None, None, None)


def test_where_the_series_is_broken_the_note_says_how() -> None:
    said = "asked on another scale in 2026Q2"
    broken = comparing(breaks={(CSAT, BEFORE): said})
    rows = change_rows(broken, pd.DataFrame([figure(CSAT, 0.8)]), [(CSAT, "", "")])
    assert (rows[0]["verdict"], rows[0]["note"]) == (NOT_COMPARABLE, said)
    assert rows[0]["broken"] == said
    assert rows[0]["year_before"] is None, "no figure, and nothing known of it"


def test_a_break_since_a_year_ago_is_said_too() -> None:
    said = "reviewed by another version of the form in 2025Q3"
    broken = comparing(difference_row(CSAT, 0.1), breaks={(CSAT, LAST_YEAR): said})
    figures = pd.DataFrame([figure(CSAT, 0.8), figure(CSAT, 0.7, BEFORE)])
    (row,) = change_rows(broken, figures, [(CSAT, "", "")])
    assert row["verdict"] == IMPROVED
    a_year_ago = row["year_before"]
    assert (a_year_ago["verdict"], a_year_ago["note"]) == (NOT_COMPARABLE, said)
    assert a_year_ago["previous"] is None


def test_where_too_much_of_the_mix_is_new_nothing_is_comparable() -> None:
    assert changed(difference_row(CSAT, 0.1, unadjusted_mass=0.2))["verdict"] == IMPROVED
    found = changed(difference_row(CSAT, 0.1, unadjusted_mass=0.21))
    assert found["verdict"] == NOT_COMPARABLE
    assert "mix" in found["note"]


def test_a_channel_s_own_change_is_told_and_not_judged() -> None:
    """Its figure is a part of the whole's, which is tested."""
    rows = [figure(CSAT, 0.8, by="channel", part="chat")]
    rows.append(figure(CSAT, 0.7, BEFORE, by="channel", part="chat"))
    found = change_rows(
        comparing(difference_row(CSAT, 0.1)), pd.DataFrame(rows), [(CSAT, "channel", "chat")]
    )
    assert found[0]["slice"] == {"channel": "chat"}
    assert found[0]["change"] == pytest.approx(0.1)
    assert (found[0]["verdict"], found[0]["p"]) == (None, None)


def test_an_indicator_measured_by_channel_is_judged_by_channel() -> None:
    id, part = "spd_first_response", {"by": "channel", "part": "email"}
    rows = [
        figure(id, 3600.0 * hours, period, scale="log", **part)
        for hours, period in ((4, "2026Q3"), (8, BEFORE))
    ]
    of_email = {"slice": "channel", "value of slice": "email", "scale": "relative"}
    test = difference_row(id, -0.5, now=4 * 3600.0, before=8 * 3600.0, **of_email)
    found = change_rows(comparing(test), pd.DataFrame(rows), [(id, "channel", "email")])
    assert found[0]["verdict"] == IMPROVED


def test_teams_do_not_change_in_this_table() -> None:
    rows = [figure(CSAT, 0.8, by="team", part="north")]
    assert change_rows(comparing(), pd.DataFrame(rows), [(CSAT, "team", "north")]) == []
