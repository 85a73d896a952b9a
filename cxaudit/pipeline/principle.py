"""One principle in depth, as small tables for its notebook."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cxaudit.audit import open_audit
from cxaudit.errors import EngagementError, Problem, nearest
from cxaudit.scorecards import ANCHORS, open_scorecard

if TYPE_CHECKING:
    import pandas as pd

    from cxaudit.run import Run

FIGURES = ["state", "cases", "missing", "not_yet_due", "estimate", "low", "high", "unit"]
JUDGEMENT = ["utility", "utility_low", "utility_high", "bound", "evidence"]
VERDICT = ["state", "score", "bound", "low", "high", "grades", "coverage", "evidence", "reason"]
TESTED = ["adjusted", "low", "high", "detectable", "scale", "verdict", "note"]
PART = ["indicator", "by", "name", "cases", "estimate", "shrunken", "low", "high", "flag"]


@dataclass(frozen=True)
class Principle:
    """A principle's score and everything it is made of.

    verdict, sensitivity and maturity: one row, or none. indicators, definitions, anchors, reasons:
    one row per indicator. channels: as scored, parts: held against each other, one row per
    indicator and part. changes: one row per indicator, change: one per earlier period.
    """

    name: str
    verdict: pd.DataFrame
    indicators: pd.DataFrame
    definitions: pd.DataFrame
    anchors: pd.DataFrame
    reasons: pd.DataFrame
    channels: pd.DataFrame
    parts: pd.DataFrame
    changes: pd.DataFrame
    change: pd.DataFrame
    sensitivity: pd.DataFrame
    maturity: pd.DataFrame


def open_principle(run: Run, principle: str) -> Principle:
    """A principle of a finished audit, read from what the explaining stage wrote.

    Raises `EngagementError` for an unknown principle, with the nearest, and where no audit is
    there yet.
    """
    import pandas as pd

    path = run.folder("4_explain") / "audit.json"
    if not path.exists():
        raise EngagementError(
            Problem(
                "audit",
                "is not there yet",
                path.name,
                "Run the notebooks 1 to 4 first, or cxaudit run.",
            )
        )
    audit = open_audit(path).data
    scores = {entry["id"]: entry for entry in audit["principles"]}
    if principle not in scores:
        raise EngagementError(
            Problem(
                "parameter 'principle'", "is none", f"'{principle}'", nearest(principle, scores)
            )
        )
    rows = [row for row in audit["indicators"] if row["principle"] == principle]
    whole = [row for row in rows if not row["slice"]]
    defined = open_scorecard(overrides=run.engagement.overrides)["indicators"]
    entries = [entry for entry in defined if entry["principle"] == principle]
    ids = {entry["id"] for entry in entries}
    changes = [c for c in audit["changes"] if c["indicator"] in ids and not c["slice"]]
    unassessed = [row for row in whole if row["state"] != "assessed"]
    parts = [part for part in audit["segments"] if part["indicator"] in ids]
    tests = [test for test in audit["verdicts"] if test["principle"] == principle]
    return Principle(
        name=scores[principle]["name"],
        verdict=pd.DataFrame([scores[principle]], columns=VERDICT),
        indicators=pd.DataFrame(whole, columns=["id", "weight", *FIGURES, *JUDGEMENT]),
        definitions=pd.DataFrame(entries, columns=["id", "question", "caveat"]),
        anchors=pd.DataFrame([row for entry in entries for row in _anchor_rows(entry)]),
        reasons=pd.DataFrame(unassessed, columns=["id", "state", "reason"]),
        channels=_by_channel(rows),
        parts=pd.DataFrame(parts, columns=[*PART, "suppressed"]),
        changes=pd.DataFrame(changes, columns=["indicator", "previous", "current", *TESTED]),
        change=pd.DataFrame([row for test in tests for row in (test, test["year_before"])]),
        sensitivity=_of(audit["sensitivity"], principle),
        maturity=_of(audit["maturity"], principle),
    )


def _of(rows: list[dict[str, Any]], principle: str) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame([row for row in rows if row["id"] == principle])


def _by_channel(rows: list[dict[str, Any]]) -> pd.DataFrame:
    import pandas as pd

    parts = [{**row, **row["slice"]} for row in rows if "channel" in row["slice"]]
    return pd.DataFrame(parts, columns=["id", "channel", *FIGURES, "utility"])


def _anchor_rows(entry: dict[str, Any]) -> list[dict[str, Any]]:
    """The anchors of an indicator in stored units, with where each comes from."""
    by_channel = entry["anchors"].get("by_channel")
    if not by_channel:
        return [_anchor_row(entry["id"], "", entry["anchors"], entry["provenance"])]
    return [
        _anchor_row(entry["id"], channel, points, entry["provenance"]["by_channel"][channel])
        for channel, points in by_channel.items()
    ]


def _anchor_row(
    id: str, channel: str, points: dict[str, float], provenance: dict[str, str]
) -> dict[str, Any]:
    sources = ", ".join(str(provenance[name]) for name in ANCHORS)
    return {
        "id": id,
        "channel": channel,
        **{name: points[name] for name in ANCHORS},
        "from": sources,
    }
