"""The overall score as the report says it, with what stands beside it, or why there is none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cxaudit.report import grades, numbers
from cxaudit.report.axis import Dot
from cxaudit.report.robustness import NOT_ROBUST, Subject


@dataclass(frozen=True)
class Overall:
    """The overall: its line of the scorecard and the means that compensate less."""

    row: Mapping[str, Any]
    score: str
    interval: str
    grade: str
    chances: str
    geometric: str
    minimum: str
    weakest: str
    dot: Dot
    robust: Subject | None
    made_of: str

    @property
    def beside(self) -> str:
        """The means beside it, in words."""
        said = f"geometric mean {self.geometric}, lowest principle {self.minimum} ({self.weakest})"
        return f"{said}; the lowest holds the grade down" if self.row["is_capped"] else said


def overall(
    audit: Mapping[str, Any], names: Mapping[str, str], robust: Subject | None = None
) -> Overall | None:
    """The overall of an audit; None where none may be stated."""
    row = audit["overall"]
    if row is None:
        return None
    weights = {p["id"]: p["weight"] for p in audit["principles"]}
    heavier = [f"{names[id].lower()} {weight:g}" for id, weight in weights.items() if weight != 1]
    shown = grades.bounded(row["score"], row["bound"])
    ends = numbers.score_interval(row["low"], row["high"])
    return Overall(
        row=row,
        score=shown,
        interval=ends,
        grade=row["grades"] or row["grade"],
        chances=grades.chances(row["grade_probability"]),
        geometric=numbers.score(row["geometric"]),
        minimum=numbers.score(row["minimum"]),
        weakest=names.get(row["weakest"], row["weakest"]).lower(),
        made_of=f"Mean of the assessed principles, {', '.join(heavier)}, the others 1."
        if heavier
        else "Plain mean of the assessed principles.",
        dot=Dot(
            label=f"Overall: {shown} of 100, 95 % interval {ends}",
            at=row["score"],
            low=row["low"],
            high=row["high"],
            least=row["coverage_low"],
            most=row["coverage_high"],
        ),
        robust=robust,
    )


def overall_words(audit: Mapping[str, Any], found: Overall | None) -> str:
    """The overall score in a sentence, or why none is stated."""
    if found is None:
        reason = str(audit.get("overall_reason") or "too little was assessed").rstrip(".")
        return f"No overall score is stated: {reason[:1].lower()}{reason[1:]}."
    doubt = ""
    if found.robust and not found.robust.is_robust:
        doubt = f" ({NOT_ROBUST}: it holds in {found.robust.same} scenarios)"
    return (
        f"Overall {found.score} of 100 ({found.interval}), grade {found.grade}{doubt}; "
        f"{found.beside}."
    )
