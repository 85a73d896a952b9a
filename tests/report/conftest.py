"""The invented audits, and a browser to look at their reports with."""

import os
import runpy
import shutil
from pathlib import Path

import pytest

from cxaudit.scorecards import open_scorecard

HERE = Path(__file__).parent
AUDIT = runpy.run_path(str(HERE / "invented_audit.py"))
FILES = runpy.run_path(str(HERE / "invented_files.py"))


def invented():
    """What the stages before the report save, of a client that does not exist."""
    audit = AUDIT["invented_audit"]()
    validation = FILES["invented_validation"](audit["contracts"])
    return {"audit": audit, "validation": validation, "load": FILES["invented_load"]()}


def hostile_audit():
    """The same audit with a hostile string wherever a client's own text can stand."""
    saved = invented()
    hostile = AUDIT["HOSTILE"]
    audit, load = saved["audit"], saved["load"]
    audit["client"] = {"id": hostile, "name": hostile}
    audit["status_reasons"] = [hostile]
    audit["overall_reason"] = hostile
    audit["reference_mix"] = {"id": hostile, "mix": {hostile: 1.0}}
    audit["tables"][0]["excluded"] = {hostile: 33206}
    for row in audit["indicators"]:
        row["notes"] = [hostile]
        row["reason"] = row["reason"] and hostile
        if row["slice"].get("channel") == "chat":
            row["slice"] = {"channel": hostile}
    for row in audit["principles"]:
        row["reason"] = hostile
    audit["changes"][3]["parts"][0]["channel"] = hostile
    for row in [*audit["changes"], *audit["verdicts"]]:
        row["note"] = hostile
    for row in audit["segments"]:
        row["name"] = hostile if row["by"] == "channel" else row["name"]
        row["suppressed"] = row["suppressed"] and hostile
    for row in audit["maturity"]:
        row |= {"reason": hostile, "next": hostile}
        row["gates"] = [{**gate, "evidence_ref": hostile} for gate in row["gates"]]
    audit["charts"][1]["slice"] = {"channel": hostile}
    audit["overrides"] = [
        {"indicator": "qua_csat", "reason": hostile, "parameters": {"a": hostile}, "house": {}}
    ]
    audit["notes"][0]["rule"] = hostile
    audit["context"][0]["definition"] = hostile
    audit["findings"][0] |= {"title": hostile, "text": hostile}
    for check in saved["validation"]["checks"]:
        check["message"] = check["id"] = hostile
    saved["validation"]["quarantined"]["tickets"]["by_reason"] = {hostile: 12}
    load["inputs"][0] |= {"path": hostile, "source": hostile}
    load["findings"][0]["message"] = hostile
    return saved


def empty_audit():
    """Nothing could be assessed, nothing was received, and there is no earlier period."""
    saved = invented()
    audit = saved["audit"]
    audit["indicators"] = [
        AUDIT["_absent"](row["id"], row["principle"], "no data of the kind: tickets")
        for row in audit["indicators"]
        if not row["slice"]
    ]
    audit["principles"] = [
        AUDIT["_principle"](row["id"], "not assessed", None, None, None, None, None, 0.0)
        for row in audit["principles"]
    ]
    audit |= {
        "tables": [], "changes": [], "findings": [], "status_reasons": [],
        "notes": [], "context": [], "verdicts": [], "segments": [], "charts": [],
        "maturity": [], "sensitivity": [], "nonresponse": [],
        "reference_mix": {"id": "mix-2026Q3", "mix": {}},
        "overall_reason": "no principle is assessed",
    }  # fmt: skip
    nothing = {"passed": 0, "failed": 0, "could_not_run": 0}
    audit["contracts"] = {name: dict(nothing) for name in ("error", "warning", "info")}
    audit["contracts"]["failed"] = []
    saved["validation"] |= {"checks": [], "quarantined": {}, "counts": audit["contracts"]}
    saved["load"] = {"tables": {}, "inputs": [], "findings": []}
    return saved


@pytest.fixture(scope="session")
def scorecard():
    return open_scorecard("house-v1")


@pytest.fixture
def saved():
    """A fresh copy of the invented audit: audit, validation, load."""
    return invented()


@pytest.fixture(scope="session")
def browser():
    """A headless browser of the system; nothing is downloaded."""
    from playwright.sync_api import sync_playwright

    names = ("chromium", "chromium-browser", "google-chrome")
    path = os.environ.get("BROWSER_PATH") or next(filter(None, map(shutil.which, names)), None)
    if path is None:
        pytest.fail("no Chromium on this machine: 'make test' installs it (apt: chromium)")
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(
            executable_path=path,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        yield running
        running.close()


@pytest.fixture(scope="session")
def reports(tmp_path_factory, scorecard):
    """The three reports as files: invented, hostile, empty."""
    from cxaudit.report import render_html

    folder = tmp_path_factory.mktemp("reports")
    made = {}
    makers = {
        "invented": invented,
        "hostile": hostile_audit,
        "empty": empty_audit,
    }
    for name, make in makers.items():
        saved = make()
        page = render_html(saved["audit"], saved["validation"], saved["load"], scorecard)
        made[name] = folder / f"{name}.html"
        made[name].write_text(page, encoding="utf-8")
    return made
