"""What earlier audits of the client, kept beside the engagement, say has changed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from cxaudit.errors import EngagementError
from cxaudit.periods import parse_period
from cxaudit.scorecards import open_scorecard

if TYPE_CHECKING:
    from cxaudit.run import Run

REPORTS = "reports"
CHANGES = pa.schema(
    [
        ("changed_indicator", pa.string()),
        ("changed_from", pa.int64()),
        ("changed_until", pa.int64()),
        ("has_improved", pa.bool_()),
    ]
)


def kept_audits(run: Run) -> list[Path]:
    """The files `audit.json` of earlier periods, in the folder of reports beside the engagement's.

    An audit of the period being audited, or of a later one, is no witness of what came before.
    """
    folder = run.engagement.folder.parent / REPORTS / run.engagement.client.id
    return [path for path in sorted(folder.glob("*/audit.json")) if _is_earlier(run, path)]


def kept_changes(run: Run) -> pa.Table:
    """Whether an indicator improved after a span of time: one row per indicator and kept audit.

    changed_from, changed_until: the period before the audited one, in seconds since 1970.
    has_improved: its mix-adjusted change is in the scorecard's direction, its interval excludes 0.
    """
    entries = open_scorecard(overrides=run.engagement.overrides)["indicators"]
    directions = {entry["id"]: entry["direction"] for entry in entries}
    rows = [row for path in kept_audits(run) for row in _changes(run, path, directions)]
    return pa.Table.from_pylist(rows, schema=CHANGES)


def _changes(run: Run, path: Path, directions: dict[str, str]) -> Iterator[dict[str, Any]]:
    audit = _opened(path)
    before = parse_period(audit["period"]["previous"], run.period.time_zone)
    for change in audit["changes"]:
        known = change.get("low") is not None and change.get("high") is not None
        if change["slice"] or not known or change["indicator"] not in directions:
            continue
        is_higher = directions[change["indicator"]] == "higher"
        yield {
            "changed_indicator": change["indicator"],
            "changed_from": int(before.start_at.timestamp()),
            "changed_until": int(before.end_at.timestamp()),
            "has_improved": change["low"] > 0 if is_higher else change["high"] < 0,
        }


def _is_earlier(run: Run, path: Path) -> bool:
    try:
        label = _opened(path)["period"]["label"]
        return parse_period(label, run.period.time_zone).end_on <= run.period.first_on
    except (OSError, ValueError, KeyError, TypeError, EngagementError):
        return False  # whatever it is, it is no audit that can be read


def _opened(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))
