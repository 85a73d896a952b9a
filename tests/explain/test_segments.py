"""Parts of the service: families, small cells, no ranking, nobody named."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from cxaudit.explain.segments import COLUMNS, segment_rows, segments

from .making import BEFORE, ENTRIES, NOW, figure

CSAT = "qua_csat"
TEAMS = {"amber": 0.86, "blue": 0.84, "coral": 0.85, "denim": 0.85, "ebony": 0.86, "fern": 0.62}


def table(rows: list[dict[str, Any]]) -> pd.DataFrame:
    ids = {row["indicator"] for row in rows}
    return segments(pd.DataFrame(rows), NOW, ENTRIES, ids)


def teams(id: str = CSAT, **more: Any) -> list[dict[str, Any]]:
    """Six teams of 400 cases and 20 agents, 'fern' far below, and their whole."""
    parts = [figure(id, v, by="team", part=name, **more) for name, v in TEAMS.items()]
    return [figure(id, 0.81, cases=2400), *parts]


def of(rows: pd.DataFrame, name: str) -> pd.Series:
    return rows[rows["name"] == name].iloc[0]


def test_the_team_that_differs_is_flagged() -> None:
    found = table(teams())
    assert list(found.loc[found["flag"] != "", "name"]) == ["fern"]
    row = of(found, "fern")
    assert row["flag"] == "worse"
    assert row["adjusted_p"] <= 0.10
    assert row["probability"] >= 0.8
    assert row["estimate"] < row["funnel_low"]
    assert 0.62 < row["shrunken"] < 0.81


def test_parts_stand_in_the_order_of_their_names() -> None:
    """Whatever the figures, and in whatever order they come: there is no ranking."""
    rows = teams()
    found = table([rows[0], *reversed(rows[1:])])
    assert list(found["name"]) == sorted(TEAMS)
    assert list(found.columns) == COLUMNS
    assert not any("rank" in name for name in found.columns)
    pd.testing.assert_frame_equal(found, table(rows))


def test_all_team_cells_of_the_audit_are_one_family() -> None:
    """The same team, one test of six or one of 6 x 40."""
    alone = of(table(teams()), "fern")
    calm = [
        row
        for id in list(ENTRIES)[:39]
        if id != CSAT
        for row in (figure(id, 0.85, by="team", part=name) for name in TEAMS)
    ]
    among = table([*teams(), *calm])
    among = among[among["indicator"] == CSAT]
    tests = len(calm) + 6
    assert alone["adjusted_p"] == pytest.approx(6 * alone["p"])
    assert of(among, "fern")["adjusted_p"] == pytest.approx(tests * alone["p"])


def test_channels_are_a_family_of_their_own() -> None:
    channels = [figure(CSAT, v, by="channel", part=name) for name, v in TEAMS.items()]
    found = table([*teams(), *channels])
    both = found[found["name"] == "fern"]
    assert both["adjusted_p"].nunique() == 1
    assert list(both["by"]) == ["channel", "team"]


@pytest.mark.parametrize(
    ("small", "reason"),
    [({"cases": 9}, "fewer than 10 cases"), ({"agents": 2}, "fewer than 3 agents")],
)
def test_a_small_cell_shows_no_figure(small, reason) -> None:
    rows = teams()
    rows[1] |= small
    found = of(table(rows), "amber")
    assert found["suppressed"] == reason
    said = ("indicator", "by", "name", "suppressed", "flag")
    assert found[[name for name in COLUMNS if name not in said]].isna().all()
    assert found["flag"] == ""


def test_a_small_cell_is_not_among_the_others() -> None:
    """What is shown of the rest could otherwise give it away."""
    rows = teams()
    rows[1] |= {"agents": 2, "estimate": 0.2}
    found = table(rows)
    rows[1] |= {"estimate": 0.9}
    pd.testing.assert_frame_equal(found, table(rows))


def test_a_category_that_one_person_serves_is_not_shown_either() -> None:
    rows = [figure(CSAT, v, by="category", part=name, agents=1) for name, v in TEAMS.items()]
    assert (table(rows)["suppressed"] == "fewer than 3 agents").all()


def test_channels_with_anchors_of_their_own_are_not_held_against_each_other() -> None:
    rows = [
        figure("spd_first_response", 3600.0 * hours, by="channel", part=name, scale="log", se=0.1)
        for name, hours in (("chat", 0.02), ("email", 6.0), ("social", 3.0))
    ]
    found = table(rows)
    assert found["shrunken"].isna().all()
    assert (found["flag"] == "").all()
    assert found["low"].notna().all(), "its own limits"


def test_only_the_audited_period_and_what_is_assessed() -> None:
    rows = [*teams(), figure(CSAT, 0.1, BEFORE, by="team", part="past"), *teams("qua_iqs")]
    found = segments(pd.DataFrame(rows), NOW, ENTRIES, {CSAT})
    assert "past" not in set(found["name"])
    assert set(found["indicator"]) == {CSAT}


def test_rows_of_the_audit_have_no_figure_where_there_is_none() -> None:
    rows = teams()
    rows[1] |= {"cases": 9}
    found = {row["name"]: row for row in segment_rows(table(rows))}
    assert found["amber"]["suppressed"] == "fewer than 10 cases"
    assert (found["amber"]["cases"], found["amber"]["estimate"], found["amber"]["flag"]) == (
        None,
    ) * 3
    assert (found["fern"]["cases"], found["fern"]["flag"]) == (400, "worse")
    assert found["fern"]["suppressed"] is None


def test_without_parts_there_is_an_empty_table() -> None:
    found = table([figure(CSAT, 0.8)])
    assert list(found.columns) == COLUMNS
    assert segment_rows(found) == []
