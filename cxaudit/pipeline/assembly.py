"""The run folder, built aside from what the stages left and moved into place whole."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cxaudit.errors import CxauditError
from cxaudit.pipeline.junit import junit_xml
from cxaudit.pipeline.sarif import sarif_json
from cxaudit.pipeline.summary import summary_markdown
from cxaudit.run import Run

RESULTS = (
    ("5_report/report.html", "."),
    ("4_explain/audit.json", "."),
    ("2_validate/validation.json", "."),
    ("2_validate/tables/*.parquet", "tables"),
    ("2_validate/facts/*.parquet", "tables"),
    ("3_score/*.parquet", "tables"),
    ("4_explain/*.parquet", "tables"),
    ("2_validate/quarantine/*.parquet", "quarantine"),
    ("notebooks/*.ipynb", "notebooks"),
)
NOTEBOOKS = "notebooks"
SUMMARY = "summary.md"
FINDINGS = "contracts.sarif"


@dataclass(frozen=True)
class Target:
    """Where the run folder of a client and period goes, and what lies beside it."""

    reports: Path
    client: str
    period: str

    @property
    def folder(self) -> Path:
        """The run folder itself."""
        return self.reports / self.client / self.period

    @property
    def failed(self) -> Path:
        """Where a run that did not reach a report leaves its notebooks."""
        return self.reports / self.client / ".failed" / self.period

    def beside(self, prefix: str) -> Path:
        """A folder on the same disk as the run folder, under a name of passage."""
        return self.folder.with_name(f".{prefix}-{self.period}")


@contextmanager
def built_aside(target: Target) -> Iterator[Path]:
    """An empty folder to fill; at the end of the block it takes the place of the run folder.

    Where the block raises, the run folder stays as it was. Call it under the target's lock.
    """
    building, replaced = target.beside("building"), target.beside("replaced")
    restore(target)
    shutil.rmtree(building, ignore_errors=True)
    building.mkdir(parents=True)
    try:
        yield building
        if target.folder.exists():
            os.rename(target.folder, replaced)
        try:
            os.rename(building, target.folder)
        except OSError:
            restore(target)
            raise
    finally:
        shutil.rmtree(building, ignore_errors=True)
    shutil.rmtree(replaced, ignore_errors=True)


def restore(target: Target) -> None:
    """Nothing; puts back the run folder that a killed run had moved away but not yet replaced."""
    replaced = target.beside("replaced")
    if replaced.exists():
        if target.folder.exists():
            shutil.rmtree(replaced)
        else:
            os.rename(replaced, target.folder)


def collect(run: Run, folder: Path, gates: list[str], failed: dict[str, str]) -> None:
    """Nothing; fills a folder with everything of a run folder but its manifest."""
    for pattern, into in RESULTS:
        (folder / into).mkdir(exist_ok=True)
        for path in sorted(run.workspace.glob(pattern)):
            shutil.copy(path, folder / into / path.name)
    audit, validation = open_json(folder / "audit.json"), open_json(folder / "validation.json")
    (folder / "junit.xml").write_bytes(junit_xml(validation, audit, gates, failed))
    (folder / FINDINGS).write_bytes(sarif_json(validation))
    text = summary_markdown(title_of(run), validation, audit, failed)
    (folder / SUMMARY).write_text(text, encoding="utf-8")


def keep_failed(run: Run, target: Target, error: CxauditError) -> Path:
    """The folder where a failed run's notebooks were put, with the reason and contract results."""
    shutil.rmtree(target.failed, ignore_errors=True)
    target.failed.mkdir(parents=True)
    if (run.workspace / NOTEBOOKS).exists():
        shutil.copytree(run.workspace / NOTEBOOKS, target.failed, dirs_exist_ok=True)
    results = run.workspace / "2_validate" / "validation.json"
    validation = open_json(results) if results.exists() else None
    if validation:
        shutil.copy(results, target.failed)
    if (results.parent / "quarantine").exists():
        shutil.copytree(results.parent / "quarantine", target.failed / "quarantine")
    stopped = str(error)
    (target.failed / "junit.xml").write_bytes(junit_xml(validation, stopped=stopped))
    (target.failed / FINDINGS).write_bytes(sarif_json(validation, stopped))
    text = summary_markdown(title_of(run), validation, stopped=stopped)
    (target.failed / SUMMARY).write_text(text, encoding="utf-8")
    return target.failed


def title_of(run: Run) -> str:
    """The title of a run for people: client and period."""
    return f"{run.engagement.client.name}, {run.period.label}"


def open_json(path: Path) -> Any:
    """What a JSON file holds."""
    return json.loads(path.read_text(encoding="utf-8"))
