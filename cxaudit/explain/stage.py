"""The explaining step: what changed, where, and by month, and whether that is more than chance."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from cxaudit.audit import Audit, open_audit
from cxaudit.explain.changes import Comparing, breaks_of, change_rows, tests_of
from cxaudit.explain.months import chart_rows, charts
from cxaudit.explain.segments import segment_rows, segments
from cxaudit.explain.verdicts import PREVIOUS, YEAR_BEFORE, principle_verdicts
from cxaudit.scorecards import open_scorecard

if TYPE_CHECKING:
    from cxaudit.run import Run

CHANGE_COLUMNS = ("indicator", "channel", "previous", "current", "change", "mix", "rate")
TEST_COLUMNS = ("adjusted", "low", "high", "p", "adjusted_p", "detectable", "verdict")


@dataclass(frozen=True)
class Explained:
    """The audit with its changes, and small tables of them.

    changes: one row per indicator (and channel); columns ending in `_last_year` are the same
    against the same period a year before. mix_and_rate: the channels' parts in a change.
    segments: every part of the service. charts: every month. verdicts: one row per principle.
    """

    audit: Audit
    changes: pd.DataFrame
    mix_and_rate: pd.DataFrame
    segments: pd.DataFrame
    charts: pd.DataFrame
    verdicts: pd.DataFrame


def explain(run: Run) -> Explained:
    """The audit with what changed, where, and whether that is more than chance.

    Reads what the measuring and scoring steps wrote; writes `4_explain/audit.json` and the tables
    beside it.
    """
    folder = run.folder("3_score")
    audit = open_audit(folder / "audit.json")
    measures = pd.read_parquet(folder / "measures.parquet")
    scorecard = open_scorecard(overrides=run.engagement.overrides)
    entries = {entry["id"]: entry for entry in scorecard["indicators"]}
    references = {
        PREVIOUS: run.period.previous().label,
        YEAR_BEFORE: run.period.year_before().label,
    }
    tests = tests_of(pd.read_parquet(folder / "differences.parquet"))
    assessed = {
        (row["id"], *_only(row["slice"]))
        for row in audit.data["indicators"]
        if row["estimate"] is not None and row["state"] != "not assessed"
    }
    ids = {id for id, _, _ in assessed}
    comparing = Comparing(run.period.label, references, entries, tests, breaks_of(measures))
    changes = change_rows(comparing, measures, assessed)
    verdicts = principle_verdicts(
        [principle["id"] for principle in scorecard["principles"]],
        pd.read_parquet(folder / "principle_differences.parquet"),
        references,
    )
    parts = segments(measures, run.period.label, entries, ids)
    months = charts(measures, ids)
    explained = Audit(
        {
            **audit.data,
            "changes": changes,
            "verdicts": verdicts,
            "segments": segment_rows(parts),
            "charts": chart_rows(months),
        }
    )
    target = run.folder("4_explain")
    explained.save(target / "audit.json")
    found = Explained(
        explained, _changes(changes), _mix_and_rate(changes), parts, months, _verdicts(verdicts)
    )
    for name in ("changes", "mix_and_rate", "segments", "charts", "verdicts"):
        getattr(found, name).to_parquet(target / f"{name}.parquet", index=False)
    return found


def _only(part: dict[str, str]) -> tuple[str, str]:
    return next(iter(part.items())) if part else ("", "")


def _changes(rows: list[dict[str, Any]]) -> pd.DataFrame:
    last_year = [f"{name}_last_year" for name in ("previous", *TEST_COLUMNS)]
    flat = [
        {
            **row,
            "channel": row["slice"].get("channel", ""),
            **{f"{name}_last_year": value for name, value in (row["year_before"] or {}).items()},
        }
        for row in rows
    ]
    return pd.DataFrame(flat, columns=[*CHANGE_COLUMNS, *TEST_COLUMNS, "scale", "note", *last_year])


def _mix_and_rate(rows: list[dict[str, Any]]) -> pd.DataFrame:
    parts = [{"indicator": row["indicator"], **part} for row in rows for part in row["parts"]]
    names = ("channel", "previous_cases", "cases", "previous", "current", "mix", "rate")
    return pd.DataFrame(parts, columns=["indicator", *names])


def _verdicts(rows: list[dict[str, Any]]) -> pd.DataFrame:
    flat = [
        {
            **{name: value for name, value in row.items() if name != "year_before"},
            **{f"{name}_last_year": value for name, value in row["year_before"].items()},
        }
        for row in rows
    ]
    return pd.DataFrame(flat)
