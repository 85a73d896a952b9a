"""The audit that the scoring step writes."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from cxaudit.audit import Audit
from cxaudit.errors import EngagementError
from cxaudit.facts import make_facts
from cxaudit.measure import Measured, measure
from cxaudit.measure.mix import keep_mix, reference_mix
from cxaudit.run import Run
from cxaudit.score import score
from tests.score.making import ENTRIES
from tests.workspace import workspace

REASON = "agreed with the client in writing"


def tickets() -> list[dict[str, Any]]:
    """800 e-mails, 160 calls and 40 chats, answered after 4 hours; one in five was escalated."""
    start = datetime(2026, 7, 1, tzinfo=UTC)
    found = []
    for number in range(1000):
        at = start + timedelta(hours=number)
        channel = "email" if number < 800 else "phone" if number < 960 else "chat"
        found.append(
            {
                "ticket_id": f"t{number}",
                "customer_id": f"c{number}",
                "channel": channel,
                "created_at": at,
                "first_response_at": at + timedelta(hours=4),
                "status": "solved",
                "solved_at": at + timedelta(days=2),
                "first_solved_at": at + timedelta(days=2),
                "escalated": number % 5 == 0,
                "assignee_id": f"g{number % 19}",
            }
        )
    return found


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Run, Measured, Audit]:
    """A run with two departures from the scorecard, and its audit."""
    run = workspace(
        tmp_path_factory.mktemp("stage"),
        {"tickets": tickets()},
        degraded={"qua_frontline_resolution": "C"},
        overrides=[
            {"indicator": "qua_frontline_resolution", "reason": REASON, "weight": 3},
            {"indicator": "qua_resolution_30d", "reason": REASON, "anchors": {"world": 1.0}},
        ],
        sign_off={"prepared_by": "A", "reviewed_by": "B"},
    )
    make_facts(run)
    measured = measure(run)
    return run, measured, score(run, measured)


def whole(audit: Audit, id: str) -> dict[str, Any]:
    return next(r for r in audit.data["indicators"] if r["id"] == id and not r["slice"])


def test_departures_are_in_the_audit_with_their_reason(made: tuple[Run, Measured, Audit]) -> None:
    _, _, audit = made
    assert [o["indicator"] for o in audit.data["overrides"]] == [
        "qua_frontline_resolution",
        "qua_resolution_30d",
    ]
    assert {o["reason"] for o in audit.data["overrides"]} == {REASON}
    assert [o["house"] for o in audit.data["overrides"]] == [
        {"weight": ENTRIES["qua_frontline_resolution"]["weight"]},
        {"anchors": {"world": ENTRIES["qua_resolution_30d"]["anchors"]["world"]}},
    ], "what the house says stands beside it"
    assert whole(audit, "qua_frontline_resolution")["weight"] == 3
    assert whole(audit, "qua_resolution_30d")["utility"] == 100, "all solved, and 1 is world class"


def test_a_changed_weight_is_in_score_and_coverage(made: tuple[Run, Measured, Audit]) -> None:
    """Quality weighs 6, with 1 made 3 it weighs 8; measured are 3 and 0.5 of them."""
    quality = next(p for p in made[2].data["principles"] if p["id"] == "quality")
    assert quality["coverage"] == pytest.approx(3.5 / 8)
    frontline = whole(made[2], "qua_frontline_resolution")["utility"]
    assert quality["score"] == pytest.approx((3 * frontline + 0.5 * 100) / 3.5)


def test_a_failed_contract_rule_shows_in_the_evidence(made: tuple[Run, Measured, Audit]) -> None:
    assert whole(made[2], "qua_frontline_resolution")["evidence"] == "C"


def test_an_indicator_by_channel_has_no_single_figure_and_names_what_is_not_scored(
    made: tuple[Run, Measured, Audit],
) -> None:
    row = whole(made[2], "spd_first_response")
    assert (row["estimate"], row["state"]) == (None, "assessed")
    assert row["utility"] == pytest.approx(75), "e-mail alone, answered at its target of 4 hours"
    assert row["notes"] == ["not scored: chat (4% of the cases), phone (16% of the cases)"]
    chat = next(
        r
        for r in made[2].data["indicators"]
        if r["id"] == "spd_first_response" and r["slice"] == {"channel": "chat"}
    )
    assert chat["estimate"] == 4 * 3600, "shown"
    assert chat["reason"] == "too little data: 40 cases; 100 needed", "and not scored"


def test_what_cannot_be_measured_says_why(made: tuple[Run, Measured, Audit]) -> None:
    assert whole(made[2], "qua_csat")["reason"] == "no data of the kind: surveys"
    assert whole(made[2], "per_name_use")["reason"].startswith("not measured by this version")
    assert whole(made[2], "emp_no_blame")["reason"].startswith("refused: ")
    assert made[2].data["overall"] is None
    assert "needs 7" in made[2].data["overall_reason"]


def test_with_two_signatures_and_no_failed_rule_it_is_final(
    made: tuple[Run, Measured, Audit],
) -> None:
    assert (made[2].data["status"], made[2].data["status_reasons"]) == ("FINAL", [])


def test_the_audit_saved_is_rounded_and_holds_nothing_that_changes(
    made: tuple[Run, Measured, Audit],
) -> None:
    run, measured, _ = made
    path = run.folder("3_score") / "audit.json"
    before = path.read_bytes()
    score(run, measured)
    assert path.read_bytes() == before
    text = before.decode()
    assert "NaN" not in text
    floats = [v for row in json.loads(text)["indicators"] for v in row.values() if type(v) is float]
    assert floats
    assert all(v == float(f"{v:.12g}") for v in floats)


def test_an_earlier_score_is_marked_with_its_state(made: tuple[Run, Measured, Audit]) -> None:
    """The data begin with the audited period: no gate is passed before it."""
    quality = next(p for p in made[2].data["principles"] if p["id"] == "quality")
    assert quality["state"] == "indicative"
    for name in ("previous", "year_before"):
        assert (quality[name], quality[f"{name}_state"]) == (None, "not assessed")
    assert made[2].data["period"]["year_before"] == "2025Q3"


def test_a_principle_has_probable_grades_that_add_up(made: tuple[Run, Measured, Audit]) -> None:
    for principle in made[2].data["principles"]:
        if principle["score"] is None:
            assert (principle["grade_probability"], principle["grades"]) == (None, None)
        else:
            assert sum(principle["grade_probability"].values()) == pytest.approx(1)
            assert principle["grade"] in principle["grades"].split("/")


def test_the_differences_of_principles_are_written(made: tuple[Run, Measured, Audit]) -> None:
    run, _, audit = made
    found = pd.read_parquet(run.folder("3_score") / "principle_differences.parquet")
    ids = [p["id"] for p in audit.data["principles"]]
    assert list(found["principle"]) == [*ids, "overall"] * 2
    assert list(found["reference"]) == ["previous"] * 11 + ["year before"] * 11
    quality = found[(found["principle"] == "quality") & (found["reference"] == "previous")]
    assert quality["note"].item().startswith("not assessed in 2026Q2: 0 of 8 of the weight")
    assert quality["difference"].isna().all()


def test_every_score_has_its_scenarios(made: tuple[Run, Measured, Audit]) -> None:
    data = made[2].data
    scored = [p["id"] for p in data["principles"] if p["score"] is not None]
    assert [row["id"] for row in data["sensitivity"]] == scored
    assert all(row["scenarios"] == data["method"]["scenarios"] for row in data["sensitivity"])


def test_maturity_is_never_guessed(made: tuple[Run, Measured, Audit]) -> None:
    rows = made[2].data["maturity"]
    assert [row["id"] for row in rows] == [p["id"] for p in made[2].data["principles"]]
    assert {(row["state"], row["level"]) for row in rows} == {("not assessed", None)}


def test_a_first_audit_uses_its_own_mix_and_keeps_it(made: tuple[Run, Measured, Audit]) -> None:
    run, measured, audit = made
    own = {"email": 0.8, "phone": 0.16, "chat": 0.04}
    assert audit.data["reference_mix"] == {"id": "mix-2026Q3", "mix": pytest.approx(own)}
    kept = keep_mix(run)
    assert kept is not None
    assert json.loads(kept.read_text(encoding="utf-8"))["channel"] == pytest.approx(own)
    assert reference_mix(run, measured.reference).id == "mix-2026Q3", "the same audit once more"


def test_a_later_audit_uses_the_first_one_s_mix(
    made: tuple[Run, Measured, Audit], tmp_path: Path
) -> None:
    run = workspace(tmp_path, {})
    (tmp_path / "mix-2025Q1.json").write_text('{"email": 1}', encoding="utf-8")
    used = reference_mix(run, made[1].reference)
    assert (used.id, used.channel) == ("mix-2025Q1", {"email": 1.0})
    assert keep_mix(run) is None, "one is in use"


@pytest.mark.parametrize("text", ["", "[1]", '{"email": null}', '{"email": "much"}'])
def test_a_mix_that_cannot_be_read_is_a_fault_of_the_engagement(
    text: str, made: tuple[Run, Measured, Audit], tmp_path: Path
) -> None:
    run = workspace(tmp_path, {}, comparison={"reference_mix": "ours.json"})
    with pytest.raises(EngagementError, match="ours.json"):
        reference_mix(run, made[1].reference)
    (tmp_path / "ours.json").write_text(text, encoding="utf-8")
    with pytest.raises(EngagementError, match="ours.json"):
        reference_mix(run, made[1].reference)
