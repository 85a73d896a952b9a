"""From the files of a run to its report."""

import json
from datetime import UTC, date, datetime

import jsonschema
import pytest

from cxaudit.audit import SCHEMA
from cxaudit.engagement import Client, Engagement, Override
from cxaudit.errors import EngagementError
from cxaudit.periods import Period
from cxaudit.report import render, render_html
from cxaudit.run import Run

FILES = {"audit": "4_explain", "validation": "2_validate", "load": "1_load"}


@pytest.fixture
def run(tmp_path):
    client = Client(
        id="harbour",
        name="Harbour",
        time_zone="Europe/Berlin",
        as_of=datetime(2026, 10, 3, tzinfo=UTC),
    )
    own = Override(indicator="qua_csat", weight=2.0, reason="agreed with the client in June")
    engagement = Engagement(
        client=client, path=tmp_path / "engagement.toml", sources=(), overrides=(own,)
    )
    period = Period("2026Q3", date(2026, 7, 1), date(2026, 10, 1), "Europe/Berlin")
    return Run(engagement, period, tmp_path / "workspace")


def save(run, saved):
    for name, stage in FILES.items():
        (run.folder(stage) / f"{name}.json").write_text(json.dumps(saved[name]), encoding="utf-8")


def test_a_run_gets_its_report_with_the_engagements_departures(run, saved):
    own = {"indicator": "qua_csat", "weight": 2.0, "reason": "agreed with the client in June"}
    saved["audit"]["overrides"] = [{**own, "house": {"weight": 1.0}}]
    save(run, saved)
    report = render(run)
    assert report.path == run.workspace / "5_report" / "report.html"
    assert "agreed with the client in June" in report.path.read_text("utf-8")


def test_every_stage_that_was_not_run_is_named(run):
    with pytest.raises(EngagementError) as caught:
        render(run)
    assert [problem.what for problem in caught.value.problems] == [
        f"{stage}/{name}.json is not there" for name, stage in FILES.items()
    ]


def test_the_same_results_give_the_same_bytes(saved, scorecard):
    first, second = (
        render_html(saved["audit"], saved["validation"], saved["load"], scorecard) for _ in range(2)
    )
    assert first == second


def test_an_indicator_that_no_scorecard_knows_is_still_shown(saved, scorecard):
    row = next(r for r in saved["audit"]["indicators"] if r["id"] == "qua_csat" and not r["slice"])
    saved["audit"]["indicators"].append({**row, "id": "own_rate", "name": "Own rate"})
    saved["audit"]["definition_versions"]["own_rate"] = "own"
    page = render_html(saved["audit"], saved["validation"], saved["load"], scorecard)
    assert "Own rate: 87\u00a0% of 1,934" in page


def test_the_invented_audit_has_the_shape_of_a_real_one(saved):
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    errors = jsonschema.Draft202012Validator(schema).iter_errors(saved["audit"])
    assert [f"{error.json_path}: {error.message[:90]}" for error in errors] == []


def test_where_all_was_supplied_the_first_screen_says_what_comes_later(saved, scorecard):
    for row in saved["audit"]["indicators"]:
        if row["state"] == "not assessed" and row["id"] in saved["audit"]["definition_versions"]:
            row["reason"] = "too little data: 12 cases; 80 needed"
    page = render_html(saved["audit"], saved["validation"], saved["load"], scorecard)
    said = page.replace("\u00a0", " ")
    assert (
        "Everything this edition measures was supplied; "
        "1 further indicator comes with a later edition." in said
    )
    assert "No survey asked" not in said


def test_the_scorecard_says_what_its_letters_mean(saved, scorecard):
    page = render_html(saved["audit"], saved["validation"], saved["load"], scorecard)
    assert "Grade, how good: A from 85, B from 75, C from 60, D from 45, E below." in page
    assert "Evidence A to D, how sure, not how good." in page
