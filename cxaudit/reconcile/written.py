"""A reconciliation as files: a row per ticket and metric that differs, and the whole in figures."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from cxaudit.reconcile.comparison import still_waiting_median
from cxaudit.reconcile.rules import UNEXPLAINED

if TYPE_CHECKING:
    from cxaudit.reconcile.comparison import Compared, Reconciliation

ROWS = "reconciliation.csv"
DOCUMENT = "reconciliation.json"
COLUMNS = ("ticket_id", "metric", "theirs", "ours", "difference", "cause")


def write(found: Reconciliation, folder: Path) -> dict[str, Any]:
    """The document, once it and the rows that differ are in the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    rows = differences(found)
    rows.to_csv(folder / ROWS, index=False, float_format="%.4f", lineterminator="\n")
    document = document_of(found)
    text = json.dumps(document, indent=1, ensure_ascii=False, allow_nan=False)
    (folder / DOCUMENT).write_text(text + "\n", encoding="utf-8")
    return document


def differences(found: Reconciliation) -> pd.DataFrame:
    """A row per ticket and metric that differs: those without an explanation first.

    Minutes, counts, and 1 and 0 for yes and no; the difference is theirs less ours.
    """
    parts = []
    for compared in found.compared:
        for name in compared.definition.metrics:
            differs = compared.causes[name].notna()
            part = pd.DataFrame(
                {
                    "ticket_id": compared.theirs.index[differs],
                    "metric": name,
                    "theirs": compared.theirs[name][differs].to_numpy(),
                    "ours": compared.ours[name][differs].to_numpy(),
                    "cause": compared.causes[name][differs].to_numpy(),
                }
            )
            parts.append(part)
    rows = pd.concat(parts, ignore_index=True)
    rows["difference"] = rows["theirs"] - rows["ours"]
    order = (rows["cause"] != UNEXPLAINED).sort_values(kind="stable").index
    return rows.loc[order, list(COLUMNS)]


def document_of(found: Reconciliation) -> dict[str, Any]:
    """The reconciliation in figures, as JSON has them."""
    run = found.run
    reasons = found.tickets["reason"].value_counts().sort_index()
    return {
        "tool": found.tool.name,
        "source": found.tool.source,
        "client": run.engagement.client.id,
        "period": run.period.label,
        "as_of": run.engagement.as_of.isoformat(),
        "tickets": len(found.tickets),
        "outside_period": found.outside,
        "without_own_id": found.repeated,
        "scope": {str(reason): int(n) for reason, n in reasons.items()},
        "metrics": [
            _metric(found, compared, name)
            for compared in found.compared
            for name in compared.definition.metrics
        ],
    }


def headline(unit: str, figures: pd.Series) -> float | None:
    """What a dashboard shows: the median of minutes, the sum of counts, the share of yes."""
    known = figures.dropna()
    if known.empty:
        return None
    statistic: Mapping[str, Any] = {"minutes": known.median, "count": known.sum}
    return float(statistic.get(unit, known.mean)())


def _metric(found: Reconciliation, compared: Compared, name: str) -> dict[str, Any]:
    definition, causes = compared.definition, compared.causes[name]
    theirs, ours = compared.theirs[name], compared.ours[name]
    unit = definition.metrics[name]
    is_unexplained = causes == UNEXPLAINED
    counted = causes[~is_unexplained].value_counts()
    ordered = sorted(counted.items(), key=lambda entry: (-entry[1], entry[0]))
    told: dict[str, Any] = {"figure": headline(unit, ours), "tickets": int(ours.notna().sum())}
    if name in definition.waiting:
        told["with_those_still_waiting"] = still_waiting_median(found, ours)
    return {
        "metric": name,
        "definition": definition.name,
        "unit": unit,
        "decision": definition.decision,
        "alike": int(causes.isna().sum()),
        "differ": int(causes.notna().sum()),
        "unexplained": int(is_unexplained.sum()),
        "causes": {str(cause): int(n) for cause, n in ordered},
        "theirs": {"figure": headline(unit, theirs), "tickets": int(theirs.notna().sum())},
        "ours": told,
        "steps": list(_steps(compared, name)),
    }


def _steps(compared: Compared, name: str) -> Iterator[dict[str, Any]]:
    """The rules that change the metric, one after the other, and its figure after each."""
    before = compared.theirs[name]
    for rule, figures in compared.steps:
        after = figures[name]
        if not after.equals(before):
            figure = headline(compared.definition.metrics[name], after)
            yield {"rule": rule.cause, "figure": figure, "tickets": int(after.notna().sum())}
        before = after
