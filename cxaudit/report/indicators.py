"""Each indicator as the report shows it: sentence, figure, base, dot and parts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cxaudit.report import axis, numbers
from cxaudit.report.axis import Dot, Tick
from cxaudit.report.dates import label_words
from cxaudit.report.grades import bounded
from cxaudit.report.numbers import Figure, count
from cxaudit.report.verdicts import Verdict, of_indicator
from cxaudit.report.words import capital, channel_name, sentence, words

SMALLEST_GROUP = 10  # a part of fewer cases is not printed
# Kinds of parts that are held against each other on a page of their own.
ELSEWHERE = ("team", "site", "category", "segment", "language")


@dataclass(frozen=True)
class Part:
    """One channel, team or other slice of an indicator."""

    kind: str
    name: str
    row: Mapping[str, Any]
    state: str
    reason: str
    figure: Figure
    cases: int | None
    base: str
    dot: Dot
    ticks: tuple[Tick, ...]
    sentence: str

    @property
    def suppressed(self) -> bool:
        """Whether so few cases stand behind it that printing it could point at someone."""
        return self.cases is not None and 0 < self.cases < SMALLEST_GROUP


@dataclass(frozen=True)
class Card:
    """One indicator of the audit."""

    id: str
    definition: Mapping[str, Any]
    row: Mapping[str, Any]
    figure: Figure
    base: str
    dot: Dot
    ticks: tuple[Tick, ...]
    previous: str
    parts: tuple[Part, ...]
    left_out: tuple[str, ...]
    said: str
    verdict: Verdict | None  # on its change since the period before
    year_before: Verdict | None
    poorest: Part | None  # channels, for an indicator that has no single value
    best: Part | None

    @property
    def name(self) -> str:
        """The indicator's name."""
        return str(self.definition["name"])

    @property
    def state(self) -> str:
        """Assessed, indicative or not assessed."""
        return str(self.row["state"])

    @property
    def measured(self) -> bool:
        """Whether there is anything to show on its axis or on that of one of its parts."""
        return self.row["state"] != "not assessed" and self.row.get("utility") is not None

    @property
    def asks(self) -> bool:
        """Whether its cases are answers to a survey."""
        return bool((self.definition.get("parameters") or {}).get("question_keys"))

    @property
    def weight(self) -> float:
        """Its weight in the principle."""
        return float(self.row.get("weight") or 0)

    @property
    def sentence(self) -> str:
        """What it found; of an indicator measured by channel, what its poorest channel shows."""
        return self.poorest.sentence if self.poorest else self.said

    @property
    def best_sentence(self) -> str:
        """What it found; of an indicator measured by channel, what its best channel shows."""
        return self.best.sentence if self.best else self.said

    def reference(self, name: str, best: bool = False) -> str:
        """An anchor as text: of the whole, or of the poorest (or best) channel."""
        part = self.best if best else self.poorest
        found = [tick.text for tick in (part.ticks if part else self.ticks) if tick.name == name]
        return found[0] if found else ""

    def by(self, kind: str) -> tuple[Part, ...]:
        """Its parts of one kind, by name: no ranking."""
        return tuple(sorted((p for p in self.parts if p.kind == kind), key=lambda p: p.name))

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of slice it has, channels first."""
        return tuple(
            sorted({p.kind for p in self.parts}, key=lambda kind: (kind != "channel", kind))
        )

    @property
    def caveat(self) -> str:
        """What to mind, without references into documents the reader does not have."""
        return re.sub(r",? ?\(?(model )?§[\d.]+\)?", "", str(self.definition.get("caveat") or ""))

    @property
    def score(self) -> str:
        """Its score with interval, in whole points."""
        at, low, high = (self.row.get(k) for k in ("utility", "utility_low", "utility_high"))
        if at is None:
            return "–"
        shown = bounded(at, self.row["bound"])
        if low is None or high is None or low == high:
            return shown
        return f"{shown} ({numbers.score_interval(*sorted((low, high)))})"


def cards(audit: Mapping[str, Any], scorecard: Mapping[str, Any]) -> dict[str, Card]:
    """The indicators this edition measures, by id, in the order of the audit."""
    definitions = {entry["id"]: entry for entry in scorecard["indicators"]}
    changes = {entry["indicator"]: entry for entry in audit["changes"] if not entry.get("slice")}
    parts: dict[str, list[Mapping[str, Any]]] = {}
    for row in audit["indicators"]:
        parts.setdefault(row["id"], [])
        if row["slice"] and not set(row["slice"]) & set(ELSEWHERE):
            parts[row["id"]].append(row)
    zone = audit["period"]["time_zone"]
    periods = [label_words(audit["period"][name], zone) for name in ("previous", "year_before")]
    return {
        row["id"]: _card(
            row, definitions.get(row["id"], row), parts[row["id"]], changes.get(row["id"]), periods
        )
        for row in audit["indicators"]
        if not row["slice"] and row["id"] in audit["definition_versions"]
    }


def _card(
    row: Mapping[str, Any],
    definition: Mapping[str, Any],
    slices: list[Mapping[str, Any]],
    change: Mapping[str, Any] | None,
    periods: list[str],
) -> Card:
    anchors = axis.anchors_of(definition)
    unit = str(row.get("unit") or definition.get("unit") or "")
    figure = _figure(row, unit)
    parts = tuple(_part(part, definition, unit) for part in slices)
    before = change.get("previous") if change else None
    a_year_ago = (change or {}).get("year_before")
    previous_at = (
        axis.place(before, anchors, definition.get("anchor_scale", "linear"))
        if anchors and before is not None
        else None
    )
    return Card(
        id=row["id"],
        definition=definition,
        row=row,
        figure=figure,
        base=base_of(row, unit),
        dot=_dot(row, f"{definition['name']}: {figure}", previous_at),
        ticks=axis.ticks(unit, anchors) if anchors else (),
        previous=""
        if before is None
        else numbers.figure(unit, before, row.get("low"), row.get("high")).value,
        parts=parts,
        left_out=_left_out(row),
        said=_said(row, definition, figure),
        verdict=of_indicator(change, unit, periods[0]),
        year_before=of_indicator(a_year_ago, unit, periods[1]),
        poorest=_extreme(row, parts, best=False),
        best=_extreme(row, parts, best=True),
    )


def _extreme(row: Mapping[str, Any], parts: tuple[Part, ...], best: bool) -> Part | None:
    """The channel with the poorest (or best) place, for an indicator without a single value."""
    if row.get("estimate") is not None or row.get("not_reached"):
        return None
    places = [
        (part.dot.at, part.name, part)
        for part in parts
        if part.kind == "channel" and part.dot.at is not None and not part.suppressed
    ]
    if not places:
        return None
    return (max if best else min)(places)[2]


def _part(row: Mapping[str, Any], definition: Mapping[str, Any], unit: str) -> Part:
    kind, raw = next(iter(row["slice"].items()))
    kind, raw = str(kind), str(raw)
    name = channel_name(raw) if kind == "channel" else raw
    figure = _figure(row, unit)
    anchors = axis.anchors_of(definition, raw if kind == "channel" else "")
    return Part(
        kind=kind,
        name=name,
        row=row,
        state=row["state"],
        reason=row.get("reason") or "",
        figure=figure,
        cases=row.get("cases"),
        base=base_of(row, unit),
        dot=_dot(row, f"{name}: {figure}", None),
        ticks=axis.ticks(unit, anchors) if anchors else (),
        sentence=_said(row, definition, figure, raw if kind == "channel" else ""),
    )


def _figure(row: Mapping[str, Any], unit: str) -> Figure:
    return numbers.figure(
        unit, row.get("estimate"), row.get("low"), row.get("high"), bool(row.get("not_reached"))
    )


def _said(
    row: Mapping[str, Any], definition: Mapping[str, Any], figure: Figure, channel: str = ""
) -> str:
    unreached = bool(row.get("not_reached"))
    if row.get("estimate") is None and not unreached:
        return str(definition["name"])
    unit = str(row.get("unit") or definition.get("unit") or "")
    value = numbers.said(figure, unit, row.get("estimate"))
    by_chance = row.get("low") is None or row["low"] <= 0
    return capital(
        sentence(definition, value, count(row.get("cases")), channel, unreached, by_chance)
    )


def base_of(row: Mapping[str, Any], unit: str) -> str:
    """The number of cases a figure rests on, in words."""
    cases = row.get("cases")
    if not cases:
        return ""
    return f"of {count(cases)}" if unit == "share" else numbers.counted(cases, "case", "cases")


def _dot(row: Mapping[str, Any], label: str, previous: float | None) -> Dot:
    at = row.get("utility") if row["state"] != "not assessed" else None
    if at is None:
        return Dot(f"{label}: {row['state']}", previous=previous)
    score = f"score {numbers.score(at)} of 100"
    return Dot(
        label=f"{label}, {score}, {row['state']}",
        at=at,
        low=row.get("utility_low"),
        high=row.get("utility_high"),
        previous=previous,
        hatched=row["state"] == "indicative",
    )


def _left_out(row: Mapping[str, Any]) -> tuple[str, ...]:
    due, missing = row.get("not_yet_due") or 0, row.get("missing") or 0
    said = []
    if due:
        said.append(f"{numbers.counted(due, 'case', 'cases')} not yet due at as-of")
    if missing:
        said.append(f"{numbers.counted(missing, 'case', 'cases')} without the value needed")
    return tuple(said)


def slice_words(kind: str) -> str:
    """A kind of slice as a heading: "By channel"."""
    return f"By {words()['slices'].get(kind, kind.replace('_', ' '))}"
