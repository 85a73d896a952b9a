"""The scoring step: judges every measurement, scores the principles, writes `audit.json`."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cxaudit.audit import Audit
from cxaudit.indicators import INDICATORS
from cxaudit.measure import Measured
from cxaudit.measure.cases import Slice
from cxaudit.score.indicators import Judged, judge
from cxaudit.score.mix import reference_mix
from cxaudit.score.principles import (
    Contribution,
    Score,
    contribution,
    contribution_of_channels,
    overall,
    principle,
)
from cxaudit.score.rows import context_rows, indicator_rows, principle_row
from cxaudit.scorecards import HOUSE, open_scorecard

if TYPE_CHECKING:
    from cxaudit.run import Run


@dataclass(frozen=True)
class Scored:
    """The judged measurements of one period and the scores of its principles."""

    period: str
    judged: list[Judged]
    contributions: dict[str, Contribution]
    scores: list[Score]


def score(run: Run, measured: Measured) -> Audit:
    """The audit without its explanation; writes `3_score/audit.json`.

    Raises `EngagementError` where the reference mix the engagement names cannot be read.
    """
    scorecard = open_scorecard(overrides=run.engagement.overrides)
    folder = run.folder("2_validate")
    validation = json.loads((folder / "validation.json").read_text(encoding="utf-8"))
    population = json.loads((folder / "population.json").read_text(encoding="utf-8"))
    mix = reference_mix(run, measured)
    now = scored(run.period.label, measured, scorecard, mix["mix"], validation["degraded"])
    before_label = run.period.previous().label
    before = scored(before_label, measured, scorecard, mix["mix"], validation["degraded"])
    whole, why_no_overall = overall(now.scores)
    status, reasons = _status(run, validation)
    audit = Audit(
        {
            "client": {"id": run.engagement.client.id, "name": run.engagement.client.name},
            "period": {
                "label": run.period.label,
                "start": _utc(run.period.start_at),
                "end": _utc(run.period.end_at),
                "time_zone": run.period.time_zone,
                "previous": before_label,
            },
            "as_of": _utc(run.engagement.as_of),
            "status": status,
            "status_reasons": reasons,
            "scorecard": HOUSE,
            "overrides": [o.model_dump(exclude_none=True) for o in run.engagement.overrides],
            "reference_mix": mix,
            "definition_versions": dict.fromkeys(sorted(INDICATORS), scorecard["version"]),
            "tables": population["tables"],
            "notes": population["notes"],
            "contracts": {**validation["counts"], "failed": _failed(validation)},
            "indicators": indicator_rows(now.judged, now.contributions, scorecard, measured.mix),
            "context": context_rows(measured, run.period.label),
            "principles": [principle_row(s, before.scores) for s in now.scores],
            "overall": whole,
            "overall_reason": why_no_overall,
            "changes": [],
            "findings": _findings(validation),
        }
    )
    audit.save(run.folder("3_score") / "audit.json")
    return audit


def scored(
    period: str,
    measured: Measured,
    scorecard: dict[str, Any],
    mix: dict[str, float],
    degraded: dict[str, str],
) -> Scored:
    """Everything measured in a period, judged, and the principles' scores made of it."""
    entries = {entry["id"]: entry for entry in scorecard["indicators"]}
    judged = [
        judge(m, entries[m.indicator], degraded.get(m.indicator, "A"))
        for m in measured.measurements
        if m.period == period and m.indicator in entries
    ]
    by_id: dict[str, list[Judged]] = defaultdict(list)
    for entry in judged:
        by_id[entry.measurement.indicator].append(entry)
    contributions = {}
    for id, found in by_id.items():
        part = _contribution(id, found, mix)
        if part is not None:
            contributions[id] = part
    scores = [
        principle(
            p["id"],
            p["name"],
            [e for e in scorecard["indicators"] if e["principle"] == p["id"]],
            [c for id, c in contributions.items() if entries[id]["principle"] == p["id"]],
        )
        for p in scorecard["principles"]
    ]
    return Scored(period, judged, contributions, scores)


def _contribution(id: str, found: list[Judged], mix: dict[str, float]) -> Contribution | None:
    if INDICATORS[id].per_channel:
        return contribution_of_channels([j for j in found if j.measurement.part.by], mix)
    whole = next((j for j in found if j.measurement.part == Slice()), None)
    return contribution(whole) if whole is not None and whole.counts else None


def _status(run: Run, validation: dict[str, Any]) -> tuple[str, list[str]]:
    sign_off = run.engagement.sign_off
    reasons = []
    if any(counts["failed"] for name, counts in validation["counts"].items() if name == "error"):
        reasons.append("data contracts failed")
    if not sign_off.reviewed_by:
        reasons.append("no reviewer has signed")
    elif sign_off.reviewed_by == sign_off.prepared_by:
        reasons.append("the reviewer is the preparer")
    return ("DRAFT" if reasons else "FINAL"), reasons


def _failed(validation: dict[str, Any]) -> list[dict[str, Any]]:
    keys = ("id", "table", "severity", "failed_rows", "rows", "message")
    failed = [c for c in validation["checks"] if c["state"] in ("failed", "could not run")]
    return [{key: check[key] for key in keys} for check in failed]


def _findings(validation: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {
            "id": check["id"],
            "severity": check["severity"],
            "title": f"{check['table']}: a rule of the data contract does not hold",
            "text": check["message"],
            "principle": None,
            "rows": check["failed_rows"],
        }
        for check in validation["checks"]
        if check["state"] == "failed"
    ]


def _utc(instant: Any) -> str:
    return f"{instant:%Y-%m-%dT%H:%M:%SZ}"
