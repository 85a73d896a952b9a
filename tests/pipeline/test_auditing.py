"""A whole run in real kernels: order, reuse, placement, failure, gates, two runs at once."""

from __future__ import annotations

import json
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest

from cxaudit.errors import AuditStopped, EngagementError, Fault, UnreadableData
from cxaudit.pipeline.lock import locked
from cxaudit.pipeline.stages import STAGE_NAMES

CRASH = "1 / 0"
STOP = "from cxaudit.errors import AuditStopped\nraise AuditStopped('tickets: 40 % fail')"


def manifest(folder: Path) -> dict[str, Any]:
    return json.loads((folder / "manifest.json").read_text(encoding="utf-8"))


def contents(folder: Path) -> dict[str, bytes]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def test_five_stages_run_in_order_and_fill_a_run_folder(tmp_path, monkeypatch, service) -> None:
    five = type(service)(tmp_path / "five", STAGE_NAMES)
    outcome = five.audit().make()
    assert five.ran == list(STAGE_NAMES)
    assert outcome.audit["overall"] is None
    assert set(contents(five.report)) == {
        "report.html",
        "audit.json",
        "manifest.json",
        "validation.json",
        "junit.xml",
        "contracts.sarif",
        "summary.md",
        *(f"notebooks/{name}.ipynb" for name in STAGE_NAMES),
    }
    five.audit().check()
    assert five.ran == [], "a check reuses what the run has validated"


def test_an_unchanged_run_reuses_all_and_leaves_the_report_as_it_is(service) -> None:
    service.audit().make()
    before = contents(service.report)
    assert (service.folder / "mix-2026Q3.json").is_file(), "a first audit keeps its mix"
    service.audit().make()
    assert service.ran == []
    assert contents(service.report) == before, "not even the manifest is written anew"


def test_a_new_file_that_a_source_names_runs_every_stage(service) -> None:
    service.audit().make()
    service.export("b.csv", "id,created\n")
    service.audit().make()
    assert service.ran == ["1_load", "5_report"]
    assert "inputs changed" in service.said.getvalue(), "the line says why it runs"


def test_a_changed_notebook_runs_itself_and_what_follows_it(service) -> None:
    service.audit().make()
    notebook = service.notebooks / "5_report.ipynb"
    notebook.write_text(notebook.read_text().replace("done", "finished"))
    service.audit().make()
    assert service.ran == ["5_report"]
    assert "notebook changed" in service.said.getvalue(), "the line says why it runs"


def test_results_that_someone_touched_are_made_again(service) -> None:
    audit = service.audit()
    audit.make()
    (audit.run.workspace / "5_report" / "report.html").write_text("touched")
    service.audit().make()
    assert service.ran == ["5_report"]
    assert (service.report / "report.html").read_text() == "<p>the report</p>"


def test_a_run_folder_that_someone_touched_is_put_in_place_again(service) -> None:
    service.audit().make()
    (service.report / "audit.json").unlink()
    service.audit().make()
    assert service.ran == [], "the stages are as they were"
    assert (service.report / "audit.json").is_file()


def test_a_fresh_run_gives_the_same_bytes_but_for_the_manifest(service) -> None:
    service.audit().make()
    first = contents(service.report)
    service.audit(fresh=True).make()
    second = contents(service.report)
    assert service.ran == ["1_load", "5_report"], "fresh reuses nothing"
    del first["manifest.json"], second["manifest.json"]
    assert second == first


def test_the_manifest_tells_inputs_versions_notebooks_and_outputs(service) -> None:
    service.audit().make()
    told = manifest(service.report)
    assert told["inputs"] == [{"path": "exports/a.csv", "sha256": "x", "rows": 2}]
    assert told["versions"]["python"] == ".".join(map(str, sys.version_info[:3]))
    assert told["as_of"] == "2026-10-01T00:00:00+00:00"
    assert set(told["notebooks"]) == {"1_load", "5_report"}
    for hashes in told["notebooks"].values():
        assert hashes["source_sha256"] != hashes["executed_sha256"]
    assert set(told["outputs"]) == set(contents(service.report)) - {"manifest.json"}
    assert told["started_at"] <= told["finished_at"]


def test_a_crash_keeps_the_notebook_and_leaves_the_report_untouched(service) -> None:
    service.audit().make()
    before = contents(service.report)
    service.break_stage("5_report", CRASH)
    with pytest.raises(Fault) as caught:
        service.audit().make()
    kept = service.reports / "acme" / ".failed" / "2026Q3"
    assert "5_report: crashed in cell [3]. Found: ZeroDivisionError" in str(caught.value)
    assert str(kept) in str(caught.value)
    assert (kept / "5_report.ipynb").is_file()
    assert contents(service.report) == before
    assert not list(service.report.parent.glob(".building*"))


def test_a_failure_is_forgotten_once_a_run_comes_through(service) -> None:
    good = (service.notebooks / "5_report.ipynb").read_text()
    service.break_stage("5_report", CRASH)
    with pytest.raises(Fault):
        service.audit().make()
    (service.notebooks / "5_report.ipynb").write_text(good)
    service.audit().make()
    assert service.ran == ["5_report"], "what had come through before the failure is reused"
    assert not (service.reports / "acme" / ".failed" / "2026Q3").exists()


def test_a_stop_comes_back_as_itself_with_results_for_continuous_integration(
    service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = tmp_path / "summary.md"
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(page))
    service.break_stage("5_report", STOP)
    with pytest.raises(AuditStopped, match="tickets: 40 % fail"):
        service.audit().make()
    kept = service.reports / "acme" / ".failed" / "2026Q3"
    assert "40 % fail" in page.read_text(encoding="utf-8")
    assert ET.parse(kept / "junit.xml").find(".//error") is not None
    assert not service.report.exists()


def test_unreadable_data_is_told_without_a_word_about_notebooks(service) -> None:
    service.break_stage("1_load", "from cxaudit.errors import *\nraise UnreadableData('no file')")
    with pytest.raises(UnreadableData) as caught:
        service.audit().make()
    assert caught.value.problems == ("no file",)


def test_unknown_parameters_are_refused_before_anything_runs(service) -> None:
    with pytest.raises(EngagementError, match="Did you mean 'period'"):
        service.audit(peroid="2026Q3").make()
    assert not service.report.exists()


def test_a_gate_that_fails_is_told_after_the_report_is_in_place(service) -> None:
    service.engage("[gates]\nprinciple_below = { speed = 70, empathy = 10 }\n")
    outcome = service.audit().make()
    assert outcome.failed_gates == {
        "principle_below.empathy": "empathy has no score to hold against 10: "
        "no surveys were supplied",
        "principle_below.speed": "speed scores 60.0, below 70",
    }
    assert (service.report / "report.html").is_file()
    assert len(ET.parse(service.report / "junit.xml").findall(".//failure")) == 2


def test_a_gate_on_a_principle_that_does_not_exist_is_refused(service) -> None:
    service.engage("[gates]\nprinciple_below = { sped = 70 }\n")
    with pytest.raises(EngagementError, match="Did you mean 'speed'"):
        service.audit().make()


@pytest.mark.parametrize("place", ["workspace", "target"])
def test_a_second_run_on_one_target_is_refused(service, place: str) -> None:
    audit = service.audit()
    folder, file = audit.run.workspace, ".lock"
    if place == "target":
        folder, file = audit.target.folder.parent, ".2026Q3.lock"
    with locked(folder, file), pytest.raises(EngagementError, match="another run is working"):
        audit.make()
    audit.make()


def test_a_lock_ends_with_the_process_that_held_it(service) -> None:
    folder = service.audit().run.workspace
    code = (
        "import os, sys; from pathlib import Path; from cxaudit.pipeline.lock import locked\n"
        "with locked(Path(sys.argv[1])): os._exit(9)"
    )
    ended = subprocess.run([sys.executable, "-c", code, str(folder)], timeout=60, check=False)
    assert ended.returncode == 9
    with locked(folder):
        pass
