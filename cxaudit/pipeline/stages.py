"""The stages of an audit, in order: each is one notebook and one folder of the workspace."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from cxaudit.errors import EngagementError, Problem, nearest
from cxaudit.resources import resource


@dataclass(frozen=True)
class Stage:
    """One step of the audit: its name, and the notebook that does it."""

    name: str
    notebook: Path


STAGE_NAMES = ("1_load", "2_validate", "3_score", "4_explain", "5_report")
CHECKING = 2
"""How many of the stages a check of the contracts needs."""


def audit_stages() -> tuple[Stage, ...]:
    """The five stages in the order they run."""
    return tuple(Stage(name, find_notebook(name)) for name in STAGE_NAMES)


def find_notebook(name: str) -> Path:
    """The path of a notebook of the workbook; raises `EngagementError` naming the nearest."""
    folder = resource("notebooks")
    path = folder / f"{name}.ipynb"
    if not path.is_file():
        names = [found.stem for found in folder.glob("*.ipynb")]
        raise EngagementError(
            Problem("notebook", f"there is no '{name}'", "", nearest(name, names))
        )
    return path
