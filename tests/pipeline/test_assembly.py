"""The run folder takes its place whole, or not at all."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from cxaudit.pipeline.assembly import Target, built_aside, restore


@pytest.fixture
def target(tmp_path: Path) -> Target:
    target = Target(tmp_path / "reports", "acme", "2026Q3")
    target.folder.mkdir(parents=True)
    (target.folder / "report.html").write_text("old")
    return target


def names(target: Target) -> list[str]:
    return sorted(path.name for path in target.folder.parent.iterdir())


def test_the_new_folder_replaces_the_old_one_and_leaves_nothing_beside(target: Target) -> None:
    (target.folder / "only in the old one.txt").write_text("")
    with built_aside(target) as folder:
        (folder / "report.html").write_text("new")
        assert (target.folder / "report.html").read_text() == "old"
    assert [path.name for path in target.folder.iterdir()] == ["report.html"]
    assert (target.folder / "report.html").read_text() == "new"
    assert names(target) == ["2026Q3"]


def test_a_failure_while_building_leaves_the_old_folder(target: Target) -> None:
    with pytest.raises(ZeroDivisionError), built_aside(target) as folder:
        (folder / "report.html").write_text("half")
        raise ZeroDivisionError
    assert (target.folder / "report.html").read_text() == "old"
    assert names(target) == ["2026Q3"]


def test_what_a_killed_run_left_is_put_right(target: Target) -> None:
    target.beside("building").mkdir()
    os.rename(target.folder, target.beside("replaced"))
    restore(target)
    assert (target.folder / "report.html").read_text() == "old"
    with built_aside(target) as folder:
        (folder / "report.html").write_text("new")
    assert names(target) == ["2026Q3"]


def test_an_old_folder_that_was_replaced_before_the_kill_is_dropped(target: Target) -> None:
    target.beside("replaced").mkdir()
    restore(target)
    assert names(target) == ["2026Q3"]
    assert (target.folder / "report.html").read_text() == "old"
