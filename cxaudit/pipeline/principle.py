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
JUDGEMENT = ["utility", "utility_low", "utility_high", "evidence"]


@dataclass(frozen=True)
class Principle:
    """A principle's score and everything it is made of.

    verdict: one row. indicators, definitions, anchors, reasons: one row per indicator. channels,
    teams: one row per indicator and part. changes: one row per indicator.
    """

    name: str
    verdict: pd.DataFrame
    indicators: pd.DataFrame
    definitions: pd.DataFrame
    anchors: pd.DataFrame
    reasons: pd.DataFrame
    channels: pd.DataFrame
    teams: pd.DataFrame
    changes: pd.DataFrame


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
    verdict = ["state", "score", "low", "high", "grade", "coverage", "evidence", "reason"]
    return Principle(
        name=scores[principle]["name"],
        verdict=pd.DataFrame([scores[principle]], columns=verdict),
        indicators=pd.DataFrame(whole, columns=["id", "weight", *FIGURES, *JUDGEMENT]),
        definitions=pd.DataFrame(entries, columns=["id", "question", "caveat"]),
        anchors=pd.DataFrame([row for entry in entries for row in _anchor_rows(entry)]),
        reasons=pd.DataFrame(unassessed, columns=["id", "state", "reason"]),
        channels=_parts(rows, "channel"),
        teams=_parts(rows, "team"),
        changes=pd.DataFrame(
            changes, columns=["indicator", "previous", "current", "change", "mix", "rate", "note"]
        ),
    )


def _parts(rows: list[dict[str, Any]], by: str) -> pd.DataFrame:
    import pandas as pd

    parts = [{**row, by: row["slice"][by]} for row in rows if by in row["slice"]]
    return pd.DataFrame(parts, columns=["id", by, *FIGURES, "utility"])


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
