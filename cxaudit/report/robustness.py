"""Whether other defensible choices would have given another grade."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cxaudit.report import numbers
from cxaudit.report.axis import Dot
from cxaudit.report.words import number_word, words

OVERALL = "overall"
NOT_ROBUST = "grade not robust"


@dataclass(frozen=True)
class Assumption:
    """One thing the scenarios vary, and its share of what they make of the score."""

    name: str
    tried: str
    share: str
    width: float


@dataclass(frozen=True)
class Subject:
    """One score under all scenarios."""

    id: str
    name: str
    score: str
    grade: str
    same: str
    band: str
    is_robust: bool
    dot: Dot
    mover: str
    assumptions: tuple[Assumption, ...]


@dataclass(frozen=True)
class Robustness:
    """The sensitivity page."""

    title: str
    scenarios: int
    subjects: tuple[Subject, ...]

    def of(self, id: str) -> Subject | None:
        """The subject of a principle, or of the overall."""
        return next((subject for subject in self.subjects if subject.id == id), None)


def robustness(
    audit: Mapping[str, Any], names: Mapping[str, str], indicators: Mapping[str, str]
) -> Robustness | None:
    """The scores under other assumptions; None where none was varied.

    names: of the principles; indicators: of the indicators, both by id.
    """
    rows = audit.get("sensitivity") or []
    if not rows:
        return None
    subjects = tuple(_subject(row, names, indicators) for row in rows)
    return Robustness(_title(subjects), rows[0]["scenarios"], subjects)


def _title(subjects: Sequence[Subject]) -> str:
    firm = sum(subject.is_robust for subject in subjects)
    many = len(subjects)
    if firm == many:
        return "Every grade holds under most other defensible choices"
    if not firm:
        return "No grade would survive most other defensible choices"
    verb = "holds" if firm == 1 else "hold"
    return (
        f"{number_word(firm).capitalize()} of {number_word(many)} grades {verb} under most other "
        f"defensible choices"
    )


def _subject(
    row: Mapping[str, Any], names: Mapping[str, str], indicators: Mapping[str, str]
) -> Subject:
    name = "Overall" if row["id"] == OVERALL else names.get(row["id"], row["id"])
    band = f"{numbers.score(row['low'])} to {numbers.score(row['high'])}"
    same = numbers.in_a_hundred(row["same_grade"])
    parts = sorted(row["assumptions"], key=lambda part: (-part["variance_share"], part["name"]))
    return Subject(
        id=row["id"],
        name=name,
        score=numbers.score(row["score"]),
        grade=row["grade"],
        same=same,
        band=band,
        is_robust=row["is_robust"],
        dot=Dot(
            label=f"{name}: {numbers.score(row['score'])}; in nine of ten scenarios {band}",
            at=row["score"],
            low=row["low"],
            high=row["high"],
        ),
        mover=_mover(row["largest_mover"], indicators),
        assumptions=tuple(_assumption(part) for part in parts),
    )


def _assumption(part: Mapping[str, Any]) -> Assumption:
    name, tried = words()["assumptions"].get(part["name"], (part["name"], ""))
    share = part["variance_share"]
    return Assumption(name, tried, numbers.in_a_hundred(share), round(100 * share, 1))


def _mover(mover: Mapping[str, Any] | None, indicators: Mapping[str, str]) -> str:
    if mover is None:
        return "–"
    name = words()["assumptions"].get(mover["assumption"], (mover["assumption"],))[0]
    option = indicators.get(mover["option"], mover["option"])
    moved = numbers.figure("score_change", mover["change"]).value
    return f"{name}: {option} ({moved})"
