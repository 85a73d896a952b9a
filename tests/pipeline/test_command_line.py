"""The command line: exit codes, readable errors, nothing slow before it is needed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import click
import pytest

from cxaudit import __main__ as command_line
from cxaudit.errors import EngagementError
from cxaudit.pipeline.definitions import definition_text, indicator_rows
from cxaudit.pipeline.doctor import Finding, examine
from cxaudit.resources import PACKAGE
from cxaudit.scorecards import open_scorecard

HEAVY = ("duckdb", "great_expectations", "ibis", "nbconvert", "pandas", "papermill", "pydantic")


def run(*arguments: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    """The program run as a user runs it."""
    return subprocess.run(
        [sys.executable, "-m", "cxaudit", *arguments],
        capture_output=True,
        text=True,
        timeout=120,
        cwd=cwd,
        env=os.environ | {"PYTHONPATH": str(PACKAGE.parent)},
        check=False,
    )


@pytest.mark.parametrize("module", ["cxaudit", "cxaudit.__main__"])
def test_nothing_heavy_is_imported_before_it_is_needed(module: str) -> None:
    code = f"import sys, {module}; print([m for m in {HEAVY!r} if m in sys.modules])"
    ended = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        timeout=60,
        cwd=PACKAGE.parent,
        check=True,
    )
    assert ended.stdout.strip() == "[]"


def test_every_command_says_what_it_does() -> None:
    ended = run("--help")
    assert ended.returncode == 0
    for name, command in command_line.commands.commands.items():
        assert command.help, f"{name} has no help"
        assert f"  {name}" in ended.stdout
        for parameter in command.params:
            told = getattr(parameter, "help", "") or parameter.param_type_name == "argument"
            assert told, f"{name}: {parameter.name} has no help"


def test_a_wrong_call_and_a_wrong_engagement_end_with_2(tmp_path: Path) -> None:
    assert run("rnu").returncode == 2
    nowhere = run("run", str(tmp_path))
    assert nowhere.returncode == 2
    assert nowhere.stderr.startswith("cxaudit: engagement: no engagement.toml there.")
    assert "Traceback" not in nowhere.stderr
    (tmp_path / "engagement.toml").write_text('[client]\nid = "a"\nnmae = "A"\n')
    wrong = run("run", str(tmp_path), "--period", "2026Q3")
    assert wrong.returncode == 2
    assert "Did you mean 'name'?" in wrong.stderr and "as_of: is missing" in wrong.stderr


def test_a_period_outside_the_grammar_ends_with_2(service) -> None:
    ended = run("run", str(service.folder), "--period", "Q3/2026")
    assert ended.returncode == 2
    assert "2026Q3, 2026-07, 2026" in ended.stderr


def test_a_missing_file_ends_with_3_and_leaves_no_report(service, tmp_path: Path) -> None:
    (service.folder / "exports" / "a.csv").unlink()
    ended = run("run", str(service.folder), "--period", "2026Q3", "--reports", str(tmp_path / "r"))
    assert ended.returncode == 3, ended.stderr
    assert "Traceback" not in ended.stderr and "exports/*.csv" in ended.stderr
    assert not (tmp_path / "r" / "acme" / "2026Q3").exists()


def test_check_prints_every_check_and_holds_the_contract_gate(service, tmp_path: Path) -> None:
    service.engage('[gates]\ncontract_severity = "error"\n')
    service.export("a.csv", "id,created\n1,2026-08-01T00:00:00Z\n1,2026-08-02T00:00:00Z\n")
    reports = str(tmp_path / "r")
    ended = run("check", str(service.folder), "--period", "2026Q3", "--reports", reports)
    assert ended.returncode == 1, ended.stderr
    assert "tickets.ticket_id.unique" in ended.stdout and " passed" in ended.stdout
    assert "Traceback" not in ended.stderr
    assert not (tmp_path / "r" / "acme" / "2026Q3").exists(), "a check makes no report"


def test_a_check_that_stops_nothing_ends_with_the_next_step(service, tmp_path: Path) -> None:
    path = service.folder / "engagement.toml"
    more = 'customer_id = "id", channel = { constant = "email" }'
    more += ', created_by = { constant = "customer" }'
    text = path.read_text(encoding="utf-8").replace('_id = "id"', f'_id = "id", {more}')
    path.write_text(text, encoding="utf-8")
    reports = str(tmp_path / "r")
    ended = run("check", str(service.folder), "--period", "2026Q3", "--reports", reports)
    assert ended.returncode == 0, ended.stderr
    last = ended.stdout.splitlines()[-1]
    assert last.startswith("Nothing found here stops the audit.")
    same = f"--period 2026Q3 --reports {reports}"
    assert last.endswith(f"Next: cxaudit run {service.folder} {same}"), (
        "the same audit, not another"
    )


def test_a_fault_of_ours_ends_with_4_not_with_the_1_of_a_gate(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    crash = click.Command("crash", callback=lambda: 1 / 0)
    monkeypatch.setitem(command_line.commands.commands, "crash", crash)
    monkeypatch.setattr(sys, "argv", ["cxaudit", "crash"])
    with pytest.raises(SystemExit) as ended:
        command_line.main()
    assert ended.value.code == 4
    assert "a fault of cxaudit itself" in capsys.readouterr().err


def test_list_has_every_indicator_with_its_state() -> None:
    rows = indicator_rows()
    assert [row[0] for row in rows] == [entry["id"] for entry in open_scorecard()["indicators"]]
    states = {row[0]: row[2] for row in rows}
    assert states["qua_csat"] == "scored"
    assert states["emp_no_blame"] == "refused"
    assert states["axs_abandonment"] == "scored"
    assert states["per_name_use"] == "not yet computed", "it needs words"


def test_every_indicator_can_be_defined() -> None:
    for entry in open_scorecard()["indicators"]:
        text = definition_text(entry["id"])
        for part in ("Question", "Value", "floor", "Minimum", "Requires", "Caveat"):
            assert part in text, f"{entry['id']}: no {part}"


def test_a_definition_tells_anchors_where_they_come_from_and_what_to_read_with() -> None:
    text = definition_text("qua_csat")
    assert "floor 60 % [S15]" in text
    assert "target 90 % [house judgement]" in text
    assert "S15: " in text, "the source is given in full"
    assert "imp_feedback_coverage" in text
    assert "surveys.scale_min" in text


def test_an_unknown_indicator_is_answered_with_the_nearest() -> None:
    with pytest.raises(EngagementError, match="Did you mean 'qua_csat'"):
        definition_text("qua_csatt")


def test_doctor_finds_this_machine_able_to_run_notebooks(tmp_path: Path) -> None:
    found = {finding.what: finding for finding in examine(tmp_path / "reports")}
    for what in ("python", "notebooks", "data_contracts", "reports folder", "kernel"):
        assert found[what].is_fine, str(found[what])
    assert not found["browser"].is_needed, "a missing browser does not stop an audit"


def test_doctor_names_a_folder_it_may_not_write(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    found = {finding.what: finding for finding in examine(tmp_path / "file")}
    assert not found["reports folder"].is_fine


def test_a_finding_is_one_line() -> None:
    assert str(Finding("kernel", False, "none")) == "FAIL  kernel               none"
    assert str(Finding("browser", False, "none", is_needed=False)).startswith("note")
