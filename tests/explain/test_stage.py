"""The crude changes that the explaining step writes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from cxaudit.audit import open_audit
from cxaudit.explain import Explained, explain
from cxaudit.facts import make_facts
from cxaudit.measure import measure
from cxaudit.score import score
from tests.workspace import workspace

# Cases and those solved by the front line, in the second and the third quarter.
QUARTERS = {
    datetime(2026, 4, 2, tzinfo=UTC): {"phone": (600, 540), "chat": (300, 255), "email": (100, 70)},
    datetime(2026, 7, 2, tzinfo=UTC): {
        "phone": (300, 276),
        "chat": (300, 261),
        "email": (400, 292),
    },
}


def service() -> dict[str, list[dict[str, Any]]]:
    """Each channel has more cases solved by the front line, their whole has less.

    Only e-mail is asked for satisfaction in the second quarter, e-mail and chat in the third. The
    phone takes five days to solve; some e-mails have been open for four at as-of.
    """
    tickets: list[dict[str, Any]] = []
    surveys: list[dict[str, Any]] = []
    for start, channels in QUARTERS.items():
        for channel, (cases, alone) in channels.items():
            for number in range(cases):
                id = f"{start:%m}{channel}{number}"
                at = start + timedelta(minutes=number)
                solved_at = at + timedelta(days=5 if channel == "phone" else 1, hours=number % 7)
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
                        "assignee_id": f"g{number % 20}",
                        "group_id": "north" if number % 2 else "south",
                    }
                )
                if channel == "email" or (channel == "chat" and start.month == 7):
                    surveys.append(
                        {
                            "invite_id": f"i{id}",
                            "question_key": "csat",
                            "ticket_id": id,
                            "customer_id": f"c{id}",
                            "agent_id": f"g{number % 20}",
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


@pytest.fixture(scope="module")
def explained(tmp_path_factory: pytest.TempPathFactory) -> Explained:
    """The explained audit of the service."""
    run = workspace(tmp_path_factory.mktemp("explain"), service())
    make_facts(run)
    score(run, measure(run))
    found = explain(run)
    assert open_audit(run.folder("4_explain") / "audit.json").data["changes"], "saved as well"
    return found


def change(explained: Explained, id: str, **part: str) -> dict[str, Any]:
    rows = explained.audit.data["changes"]
    return next(r for r in rows if r["indicator"] == id and r["slice"] == part)


def test_a_share_is_split_by_channel_into_mix_and_rate(explained: Explained) -> None:
    found = change(explained, "qua_frontline_resolution")
    assert (found["previous"], found["current"]) == pytest.approx((0.865, 0.829))
    assert found["change"] == pytest.approx(-0.036)
    assert found["mix"] == pytest.approx(-0.0585)
    assert found["rate"] == pytest.approx(0.0225)
    assert found["from_period"] == "2026Q2"
    assert found["note"].startswith("crude")
    assert {p["channel"]: (p["previous_cases"], p["cases"]) for p in found["parts"]} == {
        "phone": (600, 300),
        "chat": (300, 300),
        "email": (100, 400),
    }


def test_a_channel_s_own_change_has_no_split(explained: Explained) -> None:
    found = change(explained, "qua_frontline_resolution", channel="phone")
    assert found["change"] == pytest.approx(0.02)
    assert (found["mix"], found["rate"], found["parts"]) == (None, None, [])


def test_a_change_from_too_few_cases_is_not_told(explained: Explained) -> None:
    """E-mail had 100 cases in the quarter before; its figure needs 150 to be shown at all."""
    told = [
        row["slice"]
        for row in explained.audit.data["changes"]
        if row["indicator"] == "qua_frontline_resolution"
    ]
    assert {"channel": "email"} not in told, "a change from a figure that would not be shown"
    assert {"channel": "phone"} in told


def test_what_the_channels_do_not_add_up_to_has_no_split(explained: Explained) -> None:
    """With censored cases the curve of all is no mean of the channels' curves."""
    found = change(explained, "spd_resolution_rmst")
    assert change(explained, "spd_resolution_rmst", channel="phone"), "measured by channel"
    assert (found["mix"], found["rate"], found["parts"]) == (None, None, [])
    assert found["change"] == pytest.approx(found["current"] - found["previous"])


def test_a_channel_that_is_new_is_all_mix(explained: Explained) -> None:
    found = change(explained, "qua_csat")
    assert [p["channel"] for p in found["parts"]] == ["chat", "email"]
    new = found["parts"][0]
    assert (new["previous_cases"], new["previous"], new["cases"]) == (0, None, 300)
    assert new["rate"] == 0
    assert found["mix"] + found["rate"] == pytest.approx(found["change"], abs=1e-12)


def test_what_is_not_assessed_or_has_no_period_before_does_not_change(explained: Explained) -> None:
    changed = {r["indicator"] for r in explained.audit.data["changes"]}
    assert "spd_first_response" not in changed, "there is no reply in these data"
    states = {r["id"]: r["state"] for r in explained.audit.data["indicators"] if not r["slice"]}
    assert all(states[id] != "not assessed" for id in changed)


def test_teams_are_in_a_table_beside(explained: Explained) -> None:
    assert all("team" not in r["slice"] for r in explained.audit.data["changes"])
    found = explained.teams[explained.teams["indicator"] == "qua_frontline_resolution"]
    assert list(found["team"]) == ["north", "south"]
    whole = change(explained, "qua_frontline_resolution")
    assert found["cases"].sum() == 1000
    assert found["change"].mean() == pytest.approx(whole["change"], abs=0.02)
