"""A newcomer adds an indicator as CONTRIBUTING says, in a copy of the repository, and it works."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from .files import ROOT

ID = "spd_urgent_in_four_hours"
LONGEST = 60
COPIED = ("cxaudit", "data_contracts", "tests")


@pytest.fixture(scope="module")
def blocks() -> dict[str, str]:
    """The walk-through's function, scorecard entry and specification, by their kind."""
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    section = text.partition("### One, from nothing to its test")[2].partition("\n## A reader")[0]
    return dict(re.findall(r"```(\w+)\n(.*?)```", section, re.S))


def test_an_indicator_takes_under_sixty_lines(blocks: dict[str, str]) -> None:
    lines = sum(len(block.strip().splitlines()) for block in blocks.values())
    assert set(blocks) == {"python", "yaml", "markdown"}
    assert lines < LONGEST
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    assert f"{lines} lines;" in text, f"the walk-through has {lines} lines: say so"


def test_the_walk_through_works(blocks: dict[str, str], tmp_path: Path) -> None:
    for name in COPIED:
        without = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / name, tmp_path / name, ignore=without)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    indicators = tmp_path / "cxaudit" / "indicators"
    with (indicators / "speed.py").open("a", encoding="utf-8") as file:
        file.write("\n\n" + blocks["python"])
    scorecard = tmp_path / "cxaudit" / "scorecards" / "house-v1.yaml"
    text = scorecard.read_text(encoding="utf-8")
    assert "\nindicators:\n" in text
    text = text.replace("\nindicators:\n", f"\nindicators:\n{blocks['yaml']}", 1)
    scorecard.write_text(text, encoding="utf-8")
    page = indicators / "specifications" / f"{ID}.md"
    page.write_text(blocks["markdown"], encoding="utf-8")
    test = "tests/indicators/test_specifications.py"
    done = subprocess.run(
        [sys.executable, "-m", "pytest", test, "-q", "-p", "no:cacheprovider", "-k", ID],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "1 passed" in done.stdout, done.stdout[-3000:] + done.stderr[-1000:]
