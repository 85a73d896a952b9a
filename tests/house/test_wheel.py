"""Installed as a wheel, the workbook has everything a clone has to run an audit."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from hatchling.builders.wheel import WheelBuilder

from .files import ROOT


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the contents of the wheel."""
    folder = tmp_path_factory.mktemp("wheel")
    [wheel] = WheelBuilder(str(ROOT)).build(directory=str(folder), versions=["standard"])
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "site")
    return folder / "site"


@pytest.mark.parametrize(
    ("in_clone", "in_wheel"),
    [
        ("notebooks/*.ipynb", "cxaudit/notebooks"),
        ("data_contracts/*.odcs.yaml", "cxaudit/data_contracts"),
        ("demo/engagement.toml", "cxaudit/demo"),
        ("cxaudit/scorecards/*.yaml", "cxaudit/scorecards"),
        ("cxaudit/report/templates/*", "cxaudit/report/templates"),
        ("cxaudit/indicators/specifications/*.md", "cxaudit/indicators/specifications"),
        ("cxaudit/contracts/schemas/*.json", "cxaudit/contracts/schemas"),
    ],
)
def test_the_wheel_carries(installed: Path, in_clone: str, in_wheel: str) -> None:
    expected = {path.name for path in ROOT.glob(in_clone) if path.is_file()}
    assert expected, f"the clone has no {in_clone}"
    assert expected <= {path.name for path in (installed / in_wheel).iterdir()}


def test_the_wheel_finds_its_files_from_any_folder(installed: Path, tmp_path: Path) -> None:
    code = (
        "from cxaudit.resources import resource\n"
        "from cxaudit.contracts.canonical import canonical_tables\n"
        "print(resource('notebooks')); print(len(canonical_tables()))"
    )
    shown = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env={"PYTHONPATH": str(installed)},
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    assert shown[0].startswith(str(installed)), "it found the clone's files, not its own"
    assert int(shown[1]) == len(list((ROOT / "data_contracts").glob("*.odcs.yaml")))


def test_the_wheel_has_no_tests_and_nothing_a_run_made(installed: Path) -> None:
    top = {path.name for path in installed.iterdir()}
    assert {name for name in top if not name.endswith(".dist-info")} == {"cxaudit"}
    assert not list(installed.rglob("*.parquet"))
    made = {path.name for path in (installed / "cxaudit" / "demo").iterdir()} - {"engagement.toml"}
    assert not made, f"the demo's records are made where it runs: {made}"
