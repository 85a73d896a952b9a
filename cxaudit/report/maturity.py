"""Maturity, an axis of its own: how firmly a result is anchored, beside how good it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cxaudit.report.words import capital, listed, number_word, words

LEVELS = {5: "Embed", 4: "Scale", 3: "Mobilize", 2: "Initiate", 1: "Investigate"}
BANDS = ("E", "D", "C", "B", "A")
FIRM, LOOSE = 4, 2
UNKNOWN = "not assessed"


@dataclass(frozen=True)
class Level:
    """The maturity of one principle."""

    id: str
    principle: str
    level: int | None
    name: str
    reason: str
    next: str
    grade: str
    gates: tuple[Mapping[str, Any], ...]
    checks: tuple[Mapping[str, Any], ...]

    @property
    def said(self) -> str:
        """The level as one says it."""
        return UNKNOWN if self.level is None else f"{self.level}, {self.name}"


@dataclass(frozen=True)
class Maturity:
    """The matrix of performance and maturity, and what each level rests on."""

    title: str
    notes: tuple[str, ...]
    rows: tuple[tuple[str, tuple[tuple[Level, ...], ...]], ...]
    levels: tuple[Level, ...]
    reason: str

    def of(self, id: str) -> Level | None:
        """The maturity of a principle."""
        return next((level for level in self.levels if level.id == id), None)

    @property
    def is_assessed(self) -> bool:
        """Whether any principle has a level."""
        return any(level.level is not None for level in self.levels)


def maturity(audit: Mapping[str, Any], names: Mapping[str, str]) -> Maturity | None:
    """The maturity of an audit; None where nothing was recorded about it."""
    grades = {row["id"]: row["grade"] or "" for row in audit["principles"]}
    levels = tuple(
        _level(row, names, grades.get(row["id"], "")) for row in audit.get("maturity") or ()
    )
    if not levels:
        return None
    rows: list[tuple[str, tuple[tuple[Level, ...], ...]]] = [
        (f"{number} {name}", _columns([level for level in levels if level.level == number]))
        for number, name in LEVELS.items()
    ]
    unknown = [level for level in levels if level.level is None]
    if unknown:
        rows.append((capital(UNKNOWN), _columns(unknown)))
    reasons = dict.fromkeys(level.reason for level in unknown if level.reason)
    return Maturity(_title(levels), _notes(levels), tuple(rows), levels, "; ".join(reasons))


def _level(row: Mapping[str, Any], names: Mapping[str, str], grade: str) -> Level:
    return Level(
        id=row["id"],
        principle=names.get(row["id"], row["id"]),
        level=row["level"],
        name=row["name"],
        reason=row["reason"],
        next=_plain(row["next"]),
        grade=grade,
        gates=tuple({**gate, "said": _gate(gate["gate"])} for gate in row["gates"]),
        checks=tuple(row["checks"]),
    )


def _columns(levels: Sequence[Level]) -> tuple[tuple[Level, ...], ...]:
    """The principles of one level, a column for each grade and one for those without."""
    return tuple(tuple(level for level in levels if level.grade == band) for band in (*BANDS, ""))


def _title(levels: Sequence[Level]) -> str:
    known = [level for level in levels if level.level is not None]
    if not known:
        return "How firmly results are anchored was not assessed"
    firm = sum((level.level or 0) >= FIRM for level in known)
    of = f"of {number_word(len(levels))} principles"
    verb = "is" if firm == 1 else "are"
    said = number_word(firm).capitalize()
    return f"{said} {of} {verb} firmly anchored (level 4 or 5)"


def _notes(levels: Sequence[Level]) -> tuple[str, ...]:
    """Where performance and maturity do not go together."""
    fragile = [
        level.principle.lower()
        for level in levels
        if level.level is not None and level.level <= LOOSE and level.grade in ("A", "B")
    ]
    structural = [
        level.principle.lower()
        for level in levels
        if level.level is not None and level.level >= FIRM and level.grade in ("D", "E")
    ]
    said = []
    if fragile:
        said.append(f"Good but not anchored, so it may not last: {listed(fragile)}.")
    if structural:
        said.append(
            f"Anchored and still poor, which points at the way of working itself: "
            f"{listed(structural)}."
        )
    return tuple(said)


def _gate(gate: str) -> str:
    return str(words()["gates"].get(gate, gate.replace("_", " ")))


def _plain(text: str) -> str:
    """What the next level waits for, its gates in words."""
    for gate, said in words()["gates"].items():
        text = text.replace(gate, said)
    return text
