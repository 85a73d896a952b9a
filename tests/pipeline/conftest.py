"""A small engagement and small stage notebooks, run by the real pipeline in real kernels."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest

from cxaudit.pipeline.assembly import Target
from cxaudit.pipeline.auditing import Audit
from cxaudit.pipeline.progress import Progress
from cxaudit.pipeline.stages import Stage
from cxaudit.run import open_run

ENGAGEMENT = """
[client]
id = "acme"
name = "Acme"
time_zone = "UTC"
as_of = 2026-10-01T00:00:00Z

[[source]]
table = "tickets"
path = "exports/*.csv"
columns = { ticket_id = "id", created_at = "created" }
"""

PARAMETERS = 'engagement: str = "demo"  # the engagement\nperiod: str = "2026Q3"  # the period'
PRINCIPLES = [
    {
        "id": "speed",
        "name": "Speed",
        "state": "assessed",
        "reason": "",
        "score": 60.0,
        "low": 55.0,
        "high": 65.0,
        "grade": "B",
        "coverage": 0.5,
        "evidence": "B",
    },
    {
        "id": "empathy",
        "name": "Empathy",
        "state": "not assessed",
        "reason": "no surveys were supplied",
        "score": None,
        "low": None,
        "high": None,
        "grade": None,
        "coverage": 0.0,
        "evidence": None,
    },
]
VALIDATION = {
    "stop": False,
    "checks": [
        {
            "id": "tickets.ticket_id.unique",
            "table": "tickets",
            "severity": "error",
            "state": "passed",
            "rows": 2,
            "failed_rows": 0,
            "message": "",
        },
        {
            "id": "tickets.status.enum",
            "table": "tickets",
            "severity": "warning",
            "state": "failed",
            "rows": 2,
            "failed_rows": 1,
            "message": "1 of 2 rows has a status that is not in the list",
        },
    ],
}
AUDIT = {
    "status": "DRAFT",
    "status_reasons": ["not reviewed"],
    "principles": PRINCIPLES,
    "indicators": [],
    "overall": None,
    "overall_reason": "one principle of ten has a score",
}
WRITES: dict[str, dict[str, Any]] = {
    "1_load": {"load.json": {"inputs": [{"path": "exports/a.csv", "sha256": "x", "rows": 2}]}},
    "2_validate": {"validation.json": VALIDATION},
    "3_score": {"audit.json": AUDIT, "mix.json": {"email": 1.0}},
    "4_explain": {"audit.json": AUDIT},
    "5_report": {"report.html": "<p>the report</p>"},
}
CELL = """import json, cxaudit
run = cxaudit.open_run(engagement, period)
written = json.loads({written!r})
for stage, files in written.items():
    for name, content in files.items():
        text = content if isinstance(content, str) else json.dumps(content)
        (run.folder(stage) / name).write_text(text)
print("done")"""


def write_notebook(path: Path, *cells: str, parameters: str = PARAMETERS) -> None:
    """A notebook with a parameters cell and the cells given."""
    tagged = nbformat.v4.new_code_cell(parameters, metadata={"tags": ["parameters"]})
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    notebook = nbformat.v4.new_notebook(
        cells=[tagged, *map(nbformat.v4.new_code_cell, cells)], metadata={"kernelspec": kernel}
    )
    for number, cell in enumerate(notebook.cells):
        cell["id"] = f"cell-{number}"
    nbformat.write(notebook, path)


class Service:
    """An engagement of a client, with stage notebooks that write what a run folder is made of.

    Two of the five stages by default, to start fewer kernels: the last writes for those left out.
    """

    def __init__(self, folder: Path, stages: tuple[str, ...] = ("1_load", "5_report")):
        self.folder = folder
        self.stages = stages
        self.notebooks = folder / "notebooks"
        self.reports = folder / "reports"
        self.said = io.StringIO()
        (folder / "exports").mkdir(parents=True)
        self.notebooks.mkdir()
        self.engage("")
        self.export("a.csv", "id,created\n1,2026-08-01T00:00:00Z\n")
        for stage in stages[:-1]:
            self.write_stage(stage, {stage: WRITES[stage]})
        left_out = {stage: files for stage, files in WRITES.items() if stage not in stages[:-1]}
        self.write_stage(stages[-1], left_out)

    def engage(self, more: str) -> None:
        """Write the engagement, with more settings at its end."""
        (self.folder / "engagement.toml").write_text(ENGAGEMENT + more, encoding="utf-8")

    def export(self, name: str, text: str) -> None:
        """Write a file of the client."""
        (self.folder / "exports" / name).write_text(text, encoding="utf-8")

    def write_stage(self, stage: str, content: dict[str, dict[str, Any]]) -> None:
        """Make a stage write these files, by folder of the workspace."""
        cell = CELL.format(written=json.dumps(content))
        write_notebook(self.notebooks / f"{stage}.ipynb", cell)

    def break_stage(self, stage: str, code: str) -> None:
        """Make a stage run this code alone."""
        write_notebook(self.notebooks / f"{stage}.ipynb", code)

    def audit(self, fresh: bool = False, **parameters: Any) -> Audit:
        """The audit of this service, its lines of progress going to `said`."""
        self.said = io.StringIO()
        run = open_run(self.folder, "2026Q3")
        return Audit(
            run=run,
            target=Target(self.reports, "acme", "2026Q3"),
            parameters={"engagement": str(self.folder), "period": "2026Q3"} | parameters,
            stages=tuple(Stage(n, self.notebooks / f"{n}.ipynb") for n in self.stages),
            progress=Progress(self.said),
            fresh=fresh,
        )

    @property
    def report(self) -> Path:
        """The run folder."""
        return self.reports / "acme" / "2026Q3"

    @property
    def ran(self) -> list[str]:
        """The stages that ran rather than being reused, as the progress lines tell."""
        lines = self.said.getvalue().splitlines()
        return [line.split()[0] for line in lines if "reused" not in line]


@pytest.fixture
def service(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Service:
    """A service in a folder of its own, with a cache of its own."""
    monkeypatch.setenv("CXAUDIT_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("GITHUB_STEP_SUMMARY", raising=False)
    return Service(tmp_path / "acme")


@pytest.fixture
def notebook(tmp_path: Path) -> Callable[..., Path]:
    """A maker of notebooks: cells in, path out."""

    def make(*cells: str, parameters: str = PARAMETERS) -> Path:
        path = tmp_path / "trial.ipynb"
        write_notebook(path, *cells, parameters=parameters)
        return path

    return make
