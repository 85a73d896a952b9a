"""Indicators measured before and not now: leaving a bad one out would raise a score."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cxaudit.score.principles import Contribution, Score

SEVERITY = "warning"


@dataclass(frozen=True)
class Withdrawn:
    """An indicator's part in a principle when it was last measured, and why it is not now."""

    part: Contribution
    principle: str
    period: str
    reason: str


def withdrawn(
    now: Mapping[str, Contribution],
    earlier: Sequence[tuple[str, Mapping[str, Contribution]]],
    entries: Mapping[str, Mapping[str, Any]],
    reasons: Mapping[str, str],
) -> list[Withdrawn]:
    """What some earlier period's score was made of and this one's is not, in its last value.

    `earlier`: label and contributions of each earlier period, the latest first. `reasons`: why an
    indicator has no figure now.
    """
    found: dict[str, Withdrawn] = {}
    for period, parts in earlier:
        for id, part in parts.items():
            if id not in now and id not in found and part.weight > 0:
                reason = reasons.get(id) or "not measured"
                found[id] = Withdrawn(part, entries[id]["principle"], period, reason)
    return [found[id] for id in entries if id in found]


def findings_of(
    found: Sequence[Withdrawn],
    scores: Sequence[Score],
    entries: Mapping[str, Mapping[str, Any]],
    period: str,
) -> list[dict[str, Any]]:
    """A finding per indicator: a limitation of scope, with what its last value would make."""
    by_id = {score.id: score for score in scores}
    return [
        {
            "id": f"withdrawn_{w.part.id}",
            "severity": SEVERITY,
            "title": f"{entries[w.part.id]['name']}: measured before, not now",
            "text": f"It was part of the score in {w.period} and is not in {period}: {w.reason}. "
            "This limits the scope of the audit." + _with_last_value(w, by_id[w.principle]),
            "principle": w.principle,
            "rows": None,
        }
        for w in found
    ]


def _with_last_value(found: Withdrawn, score: Score) -> str:
    if score.score is None:
        return ""
    weight = sum(part.weight for part in score.parts)
    points = score.score * weight + found.part.utility * found.part.weight
    with_it = points / (weight + found.part.weight)
    return (
        f" With its last value, {found.part.utility:.0f} points, {score.name} would score "
        f"{with_it:.0f} instead of {score.score:.0f}."
    )
