"""What non-response can do to a figure, and what is done about it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from cxaudit import statistics
from cxaudit.facts import make_facts
from cxaudit.measure import Measured, measure
from cxaudit.measure.invitations import selective
from cxaudit.measure.nonresponse import bounds, nonresponse, share_at
from cxaudit.scorecards import open_scorecard
from cxaudit.statistics import Cases, Estimate
from tests.facts.answering import Table, surveys, tickets
from tests.workspace import workspace

PERIOD = "2026Q3"
GOLDEN = {"nonresponse_p90_ratio2": (0.9, 2.0), "nonresponse_p80_ratio0.5": (0.8, 0.5)}
EXPECTED = {"nonresponse_p90_ratio2": 0.8181818182, "nonresponse_p80_ratio0.5": 0.8888888889}


def audited(folder: Path, answers: Table) -> tuple[Measured, dict[str, Any]]:
    """What is measured of the service, and the record of the response to 'csat'."""
    run = workspace(folder, {"tickets": tickets(), "surveys": answers})
    make_facts(run)
    measured = measure(run)
    entries = {entry["id"]: entry for entry in open_scorecard()["indicators"]}
    records = nonresponse(run, measured, entries)
    kept = json.loads((run.folder("3_score") / "nonresponse.json").read_text(encoding="utf-8"))
    assert kept == records, "the workspace keeps what the score is given"
    return measured, next(record for record in records if record["indicator"] == "qua_csat")


def csat(measured: Measured) -> Estimate:
    """The share of satisfied customers in the audited period."""
    found = measured.of("qua_csat", PERIOD)
    assert found is not None
    assert found.estimate is not None
    return found.estimate


@pytest.fixture(scope="module")
def weighted(tmp_path_factory: pytest.TempPathFactory) -> tuple[Measured, dict[str, Any]]:
    """The service with all its invitations."""
    return audited(tmp_path_factory.mktemp("weighted"), surveys())


@pytest.fixture(scope="module")
def unweighted(tmp_path_factory: pytest.TempPathFactory) -> tuple[Measured, dict[str, Any]]:
    """The same without the invitations that nobody answered."""
    return audited(tmp_path_factory.mktemp("unweighted"), surveys(silent=False))


@pytest.mark.parametrize("name", GOLDEN)
def test_golden_sensitivity_to_who_answers(name: str) -> None:
    assert share_at(*GOLDEN[name]) == pytest.approx(EXPECTED[name])


def test_golden_bounds() -> None:
    assert bounds(0.9, 0.15) == pytest.approx((0.135, 0.985))


@pytest.mark.reference
def test_the_golden_values_are_those_of_the_reference(reference_data: Path) -> None:
    text = (reference_data / "measurement" / "golden.json").read_text(encoding="utf-8")
    golden = {
        name: entry["expected"] for name, entry in json.loads(text).items() if name != "about"
    }
    for name, (share, ratio) in GOLDEN.items():
        assert share_at(share, ratio) == pytest.approx(golden[name])
    assert bounds(0.9, 0.15) == pytest.approx(golden["manski_p90_rr15"])


def test_the_figure_is_that_of_all_solved_cases(
    weighted: tuple[Measured, dict[str, Any]],
) -> None:
    """108 of 120 and 60 of 120 are happy; of the 900 cases a third is of the happier channel."""
    measured, record = weighted
    estimate = csat(measured)
    assert estimate.value == pytest.approx((300 * 0.9 + 600 * 0.5) / 900)
    assert estimate.counts["weighted"] == 240
    assert record["raw"] == pytest.approx(168 / 240)
    assert record["weighted"] == estimate.value


def test_the_record_says_how_far_silence_matters(
    weighted: tuple[Measured, dict[str, Any]],
) -> None:
    """740 were invited, 240 answered, 168 of them happy; 500 might have said anything."""
    record = weighted[1]
    assert (record["invited"], record["answered"]) == (740, 240)
    assert record["response_rate"] == pytest.approx(240 / 740)
    assert record["bounds"] == pytest.approx([168 / 740, 668 / 740])
    assert record["invitation_coverage"] == pytest.approx(740 / 900)
    assert [entry["ratio"] for entry in record["sensitivity"]] == [0.5, 1.0, 2.0]
    assert record["sensitivity"][1]["value"] == pytest.approx(record["weighted"])
    assert record["sensitivity"][2]["value"] == pytest.approx(
        (0.6333 / 2) / (0.6333 / 2 + 0.3667), 1e-3
    )


def test_weights_that_move_the_figure_by_more_than_its_error_are_said(
    weighted: tuple[Measured, dict[str, Any]],
) -> None:
    """From 0.70 to 0.63, with a standard error of three points."""
    assert weighted[1]["moved_more_than_se"] is True


def test_without_the_silent_the_figure_is_raw_and_said_to_be(
    unweighted: tuple[Measured, dict[str, Any]],
) -> None:
    measured, record = unweighted
    estimate = csat(measured)
    assert estimate.value == pytest.approx(168 / 240)
    assert "weighted" not in estimate.counts
    notes = [note for m in measured.measurements if m.indicator == "qua_csat" for note in m.notes]
    assert any("not weighted for non-response" in note for note in notes)
    assert record["weighted"] is None
    assert any(note.startswith("response rate not known") for note in record["notes"])


def test_without_the_silent_the_bounds_are_those_of_all_solved_cases(
    unweighted: tuple[Measured, dict[str, Any]],
) -> None:
    """168 of 900 are known to be happy, 72 not to be: at worst 0.19, at best 0.92."""
    record = unweighted[1]
    assert record["response_rate"] is None
    assert record["bounds"] == pytest.approx([168 / 900, 828 / 900])


def test_scaling_the_weights_changes_nothing() -> None:
    rng = np.random.default_rng(7)
    hit, weight = (rng.random(60) < 0.7).astype(float), rng.random(60) + 0.5
    codes = np.arange(60)
    once, scaled = (
        statistics.share(Cases(codes, codes % 9, codes, {"hit": hit, "weight": factor * weight}))
        for factor in (1.0, 40.0)
    )
    assert scaled.value == pytest.approx(once.value, rel=1e-12)
    assert (scaled.low, scaled.high) == pytest.approx((once.low, once.high), rel=1e-12)


def test_an_agent_who_chooses_whom_to_invite_is_outside_the_funnel() -> None:
    """Of 200 cases each the others invite 80 %, the last 60 %: 40 less than 160 or so."""
    solved, invited = np.full(20, 200.0), np.full(20, 160.0)
    invited[-1] = 120.0
    channel = np.array(["email"] * 20)
    assert selective(np.arange(20), channel, solved, invited) == (20, 1)


def test_inviting_as_the_channel_does_is_not_selective() -> None:
    """One agent works where 10 % are invited, the others where 90 % are."""
    channel = np.array(["email"] * 10 + ["phone"])
    solved, invited = np.full(11, 200.0), np.array([180.0] * 10 + [20.0])
    assert selective(np.arange(11), channel, solved, invited) == (11, 0)


def test_agents_who_all_differ_a_little_are_not_outside() -> None:
    """Between 70 % and 90 % of 2,000 cases each: more than chance, and how agents are here."""
    invited = 2_000 * np.linspace(0.7, 0.9, 20)
    solved, channel = np.full(20, 2_000.0), np.array(["email"] * 20)
    assert selective(np.arange(20), channel, solved, invited) == (20, 0)


def test_few_cases_and_unknown_agents_are_not_compared() -> None:
    solved, invited = np.array([200.0, 4.0, 200.0]), np.array([160.0, 0.0, 0.0])
    assert selective(np.array([1, 2, -5]), np.array(["chat"] * 3), solved, invited)[0] == 1
