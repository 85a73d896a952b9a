"""One audit on its way: the engagement, the period, and the folders its stages write."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from cxaudit.engagement import Engagement, open_engagement, seen_from
from cxaudit.engine.settings import problems_of
from cxaudit.errors import EngagementError, Problem
from cxaudit.periods import Period, parse_period

if TYPE_CHECKING:
    from cxaudit.engine import Engine


def cache_folder() -> Path:
    """The folder for intermediate results: CXAUDIT_CACHE, else the user's cache folder."""
    if given := os.environ.get("CXAUDIT_CACHE"):
        return Path(given).expanduser().resolve()
    home = os.environ.get("XDG_CACHE_HOME")
    return (Path(home) if home else Path.home() / ".cache").resolve() / "cxaudit"


@dataclass(frozen=True)
class Run:
    """What every stage is given: settings, period, and where to read and write."""

    engagement: Engagement
    period: Period
    workspace: Path

    def folder(self, stage: str) -> Path:
        """The folder of one stage in the workspace, made if need be."""
        folder = self.workspace / stage
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def engine(self) -> Engine:
        """The engine of this run, opened at the first call."""
        return self._engine

    @cached_property
    def _engine(self) -> Engine:
        from cxaudit.engine import open_engine

        return open_engine(self.folder("scratch"), self.engagement.engine)


def open_run(
    engagement: str | Path, period: str = "", workspace: str | Path = "", as_of: str = ""
) -> Run:
    """The run of an engagement and a period.

    An empty period or as-of takes the engagement's own; an empty workspace is a folder of the
    cache. Raises `EngagementError` where one of them cannot be made out.
    """
    settings = open_engagement(engagement)
    if missing := [*problems_of(settings.engine), *settings.privacy.problems()]:
        raise EngagementError(missing)
    if as_of:
        settings = seen_from(settings, as_of)
    label = period or settings.client.period
    if not label:
        raise EngagementError(
            Problem(
                "period",
                "is not given",
                "",
                "Name it with --period 2026Q3, or as client.period in the engagement.",
            )
        )
    span = parse_period(label, settings.client.time_zone)
    folder = Path(workspace) if workspace else cache_folder() / settings.client.id / span.label
    return Run(settings, span, folder.resolve())
