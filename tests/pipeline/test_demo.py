"""The demo service from its files to its run folder, in real kernels, as a user runs it."""

from __future__ import annotations

import csv
import gzip
import json
import os
import random
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from cxaudit.errors import Fault
from cxaudit.pipeline.demo import prepare_demo
from cxaudit.pipeline.stages import STAGE_NAMES
from cxaudit.resources import PACKAGE, resource
from cxaudit.scorecards import open_scorecard
from cxaudit.simulate import simulate


class Demo:
    """A small demo service in a folder of its own, with a cache and reports of its own."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.data = folder / "demo" / "data"
        self.report = folder / "reports" / "demo" / "2026Q3"
        (folder / "demo").mkdir()
        shutil.copy(resource("demo") / "engagement.toml", folder / "demo")
        simulate(self.data, seed=1, tickets_per_quarter=1000)

    def run(self) -> subprocess.CompletedProcess[str]:
        """The audit, run as on a command line."""
        place = {"PYTHONPATH": str(PACKAGE.parent), "CXAUDIT_CACHE": str(self.folder / "cache")}
        return subprocess.run(
            [sys.executable, "-m", "cxaudit", "run", "demo"],
            cwd=self.folder,
            env=os.environ | place,
            capture_output=True,
            text=True,
            timeout=400,
            check=False,
        )


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    demo = Demo(tmp_path_factory.mktemp("workbook"))
    ended = demo.run()
    assert ended.returncode == 0, ended.stderr
    (demo.folder / "said.txt").write_text(ended.stdout, encoding="utf-8")
    return demo


def test_the_run_folder_holds_what_an_audit_leaves(demo: Demo) -> None:
    left = {path.relative_to(demo.report).as_posix() for path in demo.report.rglob("*")}
    files = {"report.html", "audit.json", "manifest.json", "validation.json"}
    assert files | {"junit.xml", "contracts.sarif", "summary.md"} <= left
    assert {f"notebooks/{name}.ipynb" for name in STAGE_NAMES} <= left
    assert {"tables/tickets.parquet", "tables/contacts.parquet"} <= left
    assert "quarantine/tickets.parquet" in left, "the planted duplicate is set aside"
    manifest = json.loads((demo.report / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["seeds"] == {"data": 1}
    assert all(entry["sha256"] and entry["rows"] for entry in manifest["inputs"])


def test_the_terminal_shows_ten_principles_the_gaps_and_the_way_to_the_report(demo: Demo) -> None:
    said = (demo.folder / "said.txt").read_text(encoding="utf-8")
    for principle in open_scorecard()["principles"]:
        assert f"\n{principle['name']} " in said
    assert "Not assessed:" in said
    assert f"Report: {Path('reports/demo/2026Q3/report.html')}" in said


def test_no_notebook_says_anything_on_its_error_stream(demo: Demo) -> None:
    for path in (demo.report / "notebooks").glob("*.ipynb"):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        streams = [
            o for cell in cells for o in cell.get("outputs", ()) if o.get("name") == "stderr"
        ]
        assert not streams, f"{path.name}: {streams[0]['text']}"


def test_nothing_changed_is_nothing_done(demo: Demo) -> None:
    ended = demo.run()
    assert ended.stderr.count("unchanged, reused") == len(STAGE_NAMES), ended.stderr


def test_shuffled_rows_and_a_split_file_give_the_same_audit_byte_for_byte(demo: Demo) -> None:
    before = (demo.report / "audit.json").read_bytes()
    reordered(demo.data / "helpdesk_tickets.csv.gz", demo.data / "helpdesk_tickets.csv.gz")
    reordered(
        demo.data / "surveys_2026.csv.gz",
        demo.data / "surveys_2026a.csv.gz",
        demo.data / "surveys_2026b.csv.gz",
    )
    ended = demo.run()
    assert ended.returncode == 0, ended.stderr
    assert "unchanged" not in ended.stderr
    assert (demo.report / "audit.json").read_bytes() == before


def test_a_period_without_data_ends_with_1_and_leaves_the_report(demo: Demo) -> None:
    before = (demo.report / "audit.json").read_bytes()
    settings = demo.folder / "demo" / "engagement.toml"
    settings.write_text(settings.read_text().replace('period = "2026Q3"', 'period = "2031Q3"'))
    ended = demo.run()
    assert ended.returncode == 1, ended.stderr
    assert "nothing to audit" in ended.stderr
    assert (demo.report / "audit.json").read_bytes() == before


def test_the_demo_is_not_made_where_other_files_are(tmp_path, monkeypatch) -> None:
    (tmp_path / "demo" / "data").mkdir(parents=True)
    shutil.copy(resource("demo") / "engagement.toml", tmp_path / "demo")
    (tmp_path / "demo" / "data" / "mine.csv").write_text("mine")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(Fault, match="not the demo's"):
        prepare_demo(fresh=True)
    assert (tmp_path / "demo" / "data" / "mine.csv").read_text() == "mine"


def reordered(source: Path, *targets: Path) -> None:
    """The rows of a file in another order, dealt out over one or more files with its header."""
    with gzip.open(source, "rt", encoding="utf-8-sig", newline="") as file:
        sample = file.readline()
        delimiter = max(",;\t", key=sample.count)
        file.seek(0)
        header, *rows = csv.reader(file, delimiter=delimiter)
    random.Random(7).shuffle(rows)
    source.unlink()
    for number, target in enumerate(targets):
        with gzip.open(target, "wt", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, delimiter=delimiter)
            writer.writerow(header)
            writer.writerows(rows[number :: len(targets)])
