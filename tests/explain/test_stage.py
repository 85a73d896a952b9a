"""What the explaining step makes of a small service whose truth is known."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from cxaudit.audit import open_audit
from cxaudit.explain import Explained, explain
from cxaudit.facts import make_facts
from cxaudit.measure import measure
from cxaudit.score import score
from tests.workspace import workspace

Quarter = dict[str, tuple[int, int]]
SECOND, THIRD = datetime(2026, 4, 2, tzinfo=UTC), datetime(2026, 7, 2, tzinfo=UTC)
# Cases and those solved by the front line, in the second and the third quarter.
QUARTERS: dict[datetime, Quarter] = {
    SECOND: {"phone": (600, 540), "chat": (300, 255), "email": (100, 70)},
    THIRD: {"phone": (300, 276), "chat": (300, 261), "email": (400, 292)},
}
# Only the mix moves: each channel does what it did.
MIX_ONLY: dict[datetime, Quarter] = {
    SECOND: {"phone": (600, 540), "chat": (200, 160), "email": (200, 120)},
    THIRD: {"phone": (200, 180), "chat": (200, 160), "email": (600, 360)},
}
SHARE = "qua_frontline_resolution"


def service(quarters: dict[datetime, Quarter]) -> dict[str, list[dict[str, Any]]]:
    """Tickets of twenty agents in two teams, and of three where 'tiny' has two agents.

    Only e-mail is asked for satisfaction in the second quarter, e-mail and chat in the third. The
    phone takes five days to solve; some e-mails have been open for four at as-of.
    """
    tickets: list[dict[str, Any]] = []
    surveys: list[dict[str, Any]] = []
    for start, channels in quarters.items():
        for channel, (cases, alone) in channels.items():
            for number in range(cases):
                id = f"{start:%m}{channel}{number}"
                at = start + timedelta(minutes=number)
                solved_at = at + timedelta(days=5 if channel == "phone" else 1, hours=number % 7)
                agent = number % 22
                team = "tiny" if agent >= 20 else "north" if agent % 2 else "south"
                tickets.append(
                    {
                        "ticket_id": id,
                        "customer_id": f"c{id}",
                        "channel": channel,
                        "created_at": at,
                        "status": "solved",
                        "solved_at": solved_at,
                        "first_solved_at": solved_at,
                        "escalated": number >= alone,
                        "assignee_id": f"g{agent}",
                        "group_id": team,
                    }
                )
                if channel == "email" or (channel == "chat" and start == THIRD):
                    surveys.append(
                        {
                            "invite_id": f"i{id}",
                            "question_key": "csat",
                            "ticket_id": id,
                            "customer_id": f"c{id}",
                            "agent_id": f"g{agent}",
                            "sent_at": solved_at,
                            "responded_at": solved_at,
                            "value": 5.0 if number % 5 else 1.0,
                        }
                    )
    young = datetime(2026, 9, 29, tzinfo=UTC)
    tickets += [
        {"ticket_id": f"open{n}", "customer_id": f"o{n}", "created_at": young, "status": "open"}
        for n in range(60)
    ]
    return {"tickets": tickets, "surveys": surveys}


def explained_service(folder: Path, tables: dict[str, list[dict[str, Any]]]) -> Explained:
    run = workspace(folder, tables)
    make_facts(run)
    score(run, measure(run))
    found = explain(run)
    saved = open_audit(run.folder("4_explain") / "audit.json").data
    for name in ("changes", "verdicts", "segments"):
        assert len(saved[name]) == len(found.audit.data[name]) > 0, f"{name}: saved as well"
        frame = pd.read_parquet(run.folder("4_explain") / f"{name}.parquet")
        assert len(frame) == len(getattr(found, name))
    return found


@pytest.fixture(scope="module")
def explained(tmp_path_factory: pytest.TempPathFactory) -> Explained:
    """The explained audit of a service whose channels all rose while its whole fell."""
    return explained_service(tmp_path_factory.mktemp("explain"), service(QUARTERS))


@pytest.fixture(scope="module")
def mix_only(tmp_path_factory: pytest.TempPathFactory) -> Explained:
    """The explained audit of a service in which only the mix moved."""
    return explained_service(tmp_path_factory.mktemp("mix"), service(MIX_ONLY))


def change(explained: Explained, id: str, **part: str) -> dict[str, Any]:
    rows = explained.audit.data["changes"]
    return next(r for r in rows if r["indicator"] == id and r["slice"] == part)


def test_a_share_is_split_by_channel_into_mix_and_rate(explained: Explained) -> None:
    found = change(explained, SHARE)
    assert (found["previous"], found["current"]) == pytest.approx((0.865, 0.829))
    assert found["change"] == pytest.approx(-0.036)
    assert found["mix"] == pytest.approx(-0.0585)
    assert found["rate"] == pytest.approx(0.0225)
    assert found["from_period"] == "2026Q2"
    assert {p["channel"]: (p["previous_cases"], p["cases"]) for p in found["parts"]} == {
        "phone": (600, 300),
        "chat": (300, 300),
        "email": (100, 400),
    }


def test_the_whole_fell_and_the_service_did_not(explained: Explained) -> None:
    """On the mix of the audited quarter, its sixty open e-mails with it: 2, 2 and 3 points up."""
    found = change(explained, SHARE)
    expected = (300 * 0.02 + 300 * 0.02 + 460 * 0.03) / 1060
    assert found["adjusted"] == pytest.approx(expected)
    assert found["low"] < expected < found["high"]
    assert found["verdict"] != "worsened"
    assert found["note"] == ""


def test_only_the_mix_changes_and_nothing_else_does(mix_only: Explained) -> None:
    """Crude 12 points down, all of it mix; with the mix held fixed exactly nothing."""
    found = change(mix_only, SHARE)
    assert found["change"] == pytest.approx(-0.12)
    assert found["mix"] == pytest.approx(-0.12)
    assert found["rate"] == pytest.approx(0.0, abs=1e-12)
    assert found["adjusted"] == pytest.approx(0.0, abs=1e-12)
    assert found["verdict"] == "no demonstrable change"
    assert found["detectable"] > 0.0


def test_a_channel_s_own_change_has_no_split(explained: Explained) -> None:
    found = change(explained, SHARE, channel="phone")
    assert found["change"] == pytest.approx(0.02)
    assert (found["mix"], found["rate"], found["parts"]) == (None, None, [])


def test_a_change_from_too_few_cases_is_not_told(explained: Explained) -> None:
    """E-mail had 100 cases in the quarter before; its figure needs 150 to be shown at all."""
    told = [r["slice"] for r in explained.audit.data["changes"] if r["indicator"] == SHARE]
    assert {"channel": "email"} not in told, "a change from a figure that would not be shown"
    assert {"channel": "phone"} in told


def test_what_the_channels_do_not_add_up_to_has_no_split(explained: Explained) -> None:
    """With censored cases the curve of all is no mean of the channels' curves."""
    found = change(explained, "spd_resolution_rmst")
    assert change(explained, "spd_resolution_rmst", channel="phone"), "measured by channel"
    assert (found["mix"], found["rate"], found["parts"]) == (None, None, [])
    assert found["change"] == pytest.approx(found["current"] - found["previous"])
    assert found["scale"] == "relative"


def test_a_channel_that_is_new_is_all_mix(explained: Explained) -> None:
    found = change(explained, "qua_csat")
    assert [p["channel"] for p in found["parts"]] == ["chat", "email"]
    new = found["parts"][0]
    assert (new["previous_cases"], new["previous"], new["cases"]) == (0, None, 300)
    assert new["rate"] == 0
    assert found["mix"] + found["rate"] == pytest.approx(found["change"], abs=1e-12)


def test_what_is_not_assessed_does_not_change(explained: Explained) -> None:
    changed = {r["indicator"] for r in explained.audit.data["changes"]}
    assert "spd_first_response" not in changed, "there is no reply in these data"
    states = {r["id"]: r["state"] for r in explained.audit.data["indicators"] if not r["slice"]}
    assert all(states[id] != "not assessed" for id in changed)


def test_every_principle_has_a_verdict_or_is_not_comparable(explained: Explained) -> None:
    verdicts = explained.verdicts
    assert len(verdicts) == 10
    without = verdicts[verdicts["difference"].isna()]
    assert set(without["verdict"]) == {"not comparable"}
    assert (without["note"] != "").all(), "and says why"
    assert set(verdicts["verdict_last_year"]) == {"not comparable"}, "no data reach so far back"


def test_teams_are_parts_and_not_changes(explained: Explained) -> None:
    assert all("team" not in r["slice"] for r in explained.audit.data["changes"])
    found = explained.segments
    teams = found[(found["by"] == "team") & (found["indicator"] == SHARE)]
    assert list(teams["name"]) == ["north", "south", "tiny"]


def test_a_team_of_two_shows_no_figure_anywhere(explained: Explained) -> None:
    """Nor may it be worked out from the others: one of them is hidden with it."""
    found = explained.segments
    tiny = found[(found["by"] == "team") & (found["name"] == "tiny")]
    assert len(tiny) > 3
    assert set(tiny["suppressed"]) == {"fewer than 3 agents"}
    assert tiny[["cases", "estimate", "shrunken"]].isna().all(axis=None)
    others = found[(found["by"] == "team") & (found["indicator"] == SHARE)]
    assert (others["suppressed"] != "").sum() == 2


def test_nothing_planted_no_team_flagged(mix_only: Explained) -> None:
    found = mix_only.segments
    teams = found[found["by"] == "team"]
    assert len(teams) > 10
    assert (teams["flag"] == "").all()


def test_parts_are_never_people(explained: Explained) -> None:
    kinds = {"channel", "team", "site", "category", "segment", "language"}
    assert set(explained.segments["by"]) <= kinds
    names = set(explained.segments["name"])
    assert not names & {f"g{number}" for number in range(22)}


def test_rows_in_another_order_are_explained_alike(
    explained: Explained, tmp_path_factory: pytest.TempPathFactory
) -> None:
    rng = np.random.default_rng(1)
    shuffled = {
        name: [rows[place] for place in rng.permutation(len(rows))]
        for name, rows in service(QUARTERS).items()
    }
    again = explained_service(tmp_path_factory.mktemp("again"), shuffled)
    for name in ("changes", "verdicts", "segments", "charts"):
        assert again.audit.data[name] == explained.audit.data[name], name
