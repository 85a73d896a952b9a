"""The scoring step: judges every measurement, scores the principles, writes `audit.json`."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from cxaudit.audit import Audit
from cxaudit.facts.tables import CheckedTables
from cxaudit.indicators import INDICATORS
from cxaudit.measure import Measured
from cxaudit.measure.desk import PREVIOUS, YEAR_BEFORE
from cxaudit.measure.nonresponse import nonresponse
from cxaudit.measure.standardise import MOST_UNADJUSTED
from cxaudit.score.differences import differences_frame, principle_differences
from cxaudit.score.draws import DRAWS, STEPS_OF_PROBABILITY, seed_of
from cxaudit.score.maturity import maturity
from cxaudit.score.overall import Overall, overall
from cxaudit.score.principles import Contribution
from cxaudit.score.rows import context_rows, indicator_rows
from cxaudit.score.score_rows import overall_row, override_rows, principle_row
from cxaudit.score.scored import Scored, scored
from cxaudit.score.sensitivity import SCENARIOS, sensitivity
from cxaudit.score.subjects import other_figures, subjects
from cxaudit.score.suppression import suppressed
from cxaudit.score.withdrawn import Withdrawn, findings_of, withdrawn
from cxaudit.scorecards import HOUSE, open_scorecard

if TYPE_CHECKING:
    from cxaudit.run import Run


def score(run: Run, measured: Measured) -> Audit:
    """The audit without its explanation.

    Writes `3_score/audit.json`, and `principle_differences.parquet` beside it: how principles moved
    against the period before and the same one a year before.
    """
    scorecard = open_scorecard(overrides=run.engagement.overrides)
    entries = {entry["id"]: entry for entry in scorecard["indicators"]}
    folder = run.folder("2_validate")
    validation = json.loads((folder / "validation.json").read_text(encoding="utf-8"))
    population = json.loads((folder / "population.json").read_text(encoding="utf-8"))
    mix = measured.reference.channel
    labels = {
        "": run.period.label,
        PREVIOUS: run.period.previous().label,
        YEAR_BEFORE: run.period.year_before().label,
    }
    periods = {
        name: scored(label, measured, scorecard, mix, validation["degraded"])
        for name, label in labels.items()
    }
    now = periods[""]
    _write_differences(run, measured, periods)
    whole, why_no_overall = overall(now.scores)
    gone = withdrawn(
        now.contributions,
        [
            (labels[name], _without(_broken(measured, run.period.label), periods[name]))
            for name in (PREVIOUS, YEAR_BEFORE)
        ],
        entries,
        now.why_not(),
    )
    silent = nonresponse(run, measured, entries)
    principle_of = {id: entry["principle"] for id, entry in entries.items()}
    status, reasons = _status(run, validation)
    audit = Audit(
        {
            "client": {"id": run.engagement.client.id, "name": run.engagement.client.name},
            "period": {
                "label": run.period.label,
                "start": _utc(run.period.start_at),
                "end": _utc(run.period.end_at),
                "time_zone": run.period.time_zone,
                "previous": labels[PREVIOUS],
                "year_before": labels[YEAR_BEFORE],
            },
            "as_of": _utc(run.engagement.as_of),
            "status": status,
            "status_reasons": reasons,
            "scorecard": HOUSE,
            "overrides": override_rows(run.engagement.overrides),
            "reference_mix": {"id": measured.reference.id, "mix": dict(mix)},
            "definition_versions": dict.fromkeys(sorted(INDICATORS), scorecard["version"]),
            "tables": population["tables"],
            "notes": population["notes"],
            "contracts": {**validation["counts"], "failed": _failed(validation)},
            "indicators": indicator_rows(
                now.judged,
                now.contributions,
                scorecard,
                measured.mix,
                suppressed(j.measurement for j in now.judged),
            ),
            "context": context_rows(measured, run.period.label),
            "principles": [
                principle_row(s, periods[PREVIOUS].scores, periods[YEAR_BEFORE].scores, _seed(run))
                for s in now.scores
            ],
            "overall": overall_row(whole, now.scores, _seed(run)) if whole else None,
            "overall_reason": why_no_overall,
            "maturity": maturity(
                CheckedTables(run), now.scores, periods[PREVIOUS].scores, principle_of
            ),
            "sensitivity": _sensitivity(run, now, whole, gone, measured, silent),
            "nonresponse": silent,
            "method": {
                "confidence": 0.95,
                "draws": DRAWS,
                "step_of_probability": 1 / STEPS_OF_PROBABILITY,
                "scenarios": 2 * SCENARIOS,
                "seed": "made of the client's id, the period and what is drawn",
            },
            "changes": [],
            "findings": [
                *_findings(validation),
                *findings_of(gone, now.scores, entries, run.period.label),
            ],
        }
    )
    audit.save(run.folder("3_score") / "audit.json")
    return audit


def _seed(run: Run) -> tuple[str, str]:
    return run.engagement.client.id, run.period.label


def _without(indicators: frozenset[str], then: Scored) -> dict[str, Contribution]:
    """A period's contributions less those of some indicators."""
    return {id: part for id, part in then.contributions.items() if id not in indicators}


def _broken(measured: Measured, period: str) -> frozenset[str]:
    """The indicators whose figure of a period compares with none."""
    found = (m.indicator for m in measured.measurements if m.period == period and m.broken)
    return frozenset(found)


def _write_differences(run: Run, measured: Measured, periods: Mapping[str, Scored]) -> None:
    """The differences of principles and of the overall against each earlier period."""
    rows = []
    for name in (PREVIOUS, YEAR_BEFORE):
        adjusted = {
            (c.indicator, c.part.value): (c.now, c.before)
            for c in measured.comparisons
            if c.reference == name and c.kind == "adjusted"
            if (c.unadjusted or 0.0) <= MOST_UNADJUSTED
        }
        then = periods[name]
        broken = _broken(measured, then.period)
        rows += principle_differences(
            periods[""].scores, then.scores, name, then.period, adjusted, broken
        )
    path = run.folder("3_score") / "principle_differences.parquet"
    differences_frame(rows).to_parquet(path, index=False)


def _sensitivity(
    run: Run,
    now: Scored,
    whole: Overall | None,
    gone: Sequence[Withdrawn],
    measured: Measured,
    silent: Sequence[Mapping[str, Any]],
) -> list[dict[str, Any]]:
    others = other_figures(measured.alternatives, silent)
    return [
        sensitivity(subject, seed_of(*_seed(run), subject.id, "sensitivity"))
        for subject in subjects(now.scores, whole, gone, others)
    ]


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
