"""What a definition of the scorecard asks for, where a fact has to know it beforehand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cxaudit.scorecards import open_scorecard

if TYPE_CHECKING:
    from cxaudit.run import Run


def parameter(run: Run, indicator: str, name: str) -> Any:
    """A parameter of an indicator, the engagement's overrides applied."""
    entries = open_scorecard(overrides=run.engagement.overrides)["indicators"]
    return next(entry for entry in entries if entry["id"] == indicator)["parameters"][name]
