"""Where: every part of the service held against the others, by kind of part; nobody is ranked."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cxaudit.report import numbers
from cxaudit.report.indicators import Card
from cxaudit.report.numbers import Figure, count
from cxaudit.report.words import capital, channel_name, channel_phrase, listed, number_word, words

KINDS = ("channel", "team", "site", "category", "segment", "language")
LEFT, RIGHT = 3.0, 97.0  # per cent of the drawing's width


@dataclass(frozen=True)
class Cell:
    """One part of the service in one indicator: what is known of it, and where it is drawn."""

    by: str
    raw: str
    flag: str
    hidden: str
    figure: Figure
    own: str
    base: str
    at: float | None
    own_at: float | None
    band: tuple[float, float] | None
    funnel: tuple[float, float] | None

    @property
    def name(self) -> str:
        """The part's name."""
        return channel_name(self.raw) if self.by == "channel" else self.raw

    @property
    def told(self) -> str:
        """The figure with its base, inside a sentence."""
        is_share = self.base.startswith("of")
        return f"{self.figure.value}{'' if is_share else ','} {self.base}"

    @property
    def label(self) -> str:
        """The drawing in words."""
        said = f"{self.name}: {self.figure} {self.base}"
        return f"{said}, {self.flag} than the others" if self.flag else said


@dataclass(frozen=True)
class Row:
    """One indicator by one kind of part, parts by name."""

    card: Card
    cells: tuple[Cell, ...]
    ends: tuple[str, str]
    is_comparable: bool

    @property
    def flagged(self) -> tuple[Cell, ...]:
        """The parts that lie apart from the others."""
        return tuple(cell for cell in self.cells if cell.flag)

    def of(self, raw: str) -> Cell | None:
        """The cell of one part; None where it has no case."""
        return next((cell for cell in self.cells if cell.raw == raw), None)


@dataclass(frozen=True)
class Kind:
    """One kind of part: the message, the parts that lie apart, and every figure."""

    by: str
    title: str
    sentences: tuple[str, ...]
    parts: tuple[tuple[str, str], ...]
    flagged: tuple[Row, ...]
    groups: tuple[tuple[str, tuple[Row, ...]], ...]
    hidden: int


@dataclass(frozen=True)
class Where:
    """The page of parts."""

    title: str
    kinds: tuple[Kind, ...]


def where(audit: Mapping[str, Any], cards: Mapping[str, Card]) -> Where | None:
    """The parts of the service; None where the data name none."""
    segments = [entry for entry in audit.get("segments") or () if entry["indicator"] in cards]
    kinds = [_kind(by, [s for s in segments if s["by"] == by], cards) for by in KINDS]
    found = tuple(kind for kind in kinds if kind is not None)
    return Where(_title(found), found) if found else None


def _title(kinds: Sequence[Kind]) -> str:
    apart = [part for kind in kinds for part in _apart(kind)]
    if not apart:
        return "No part of the service lies apart from the others"
    return f"{capital(listed(apart))} {'lies' if len(apart) == 1 else 'lie'} apart from the others"


def _apart(kind: Kind) -> list[str]:
    raws = sorted({cell.raw for row in kind.flagged for cell in row.flagged})
    return [_called(kind.by, raw) for raw in raws]


def _called(by: str, raw: str) -> str:
    """A part inside a sentence: "team harbour", "phone"."""
    if by == "channel":
        return channel_name(raw).lower()
    return f"{words()['kinds'][by][0]} {raw}"


def _kind(by: str, segments: Sequence[Mapping[str, Any]], cards: Mapping[str, Card]) -> Kind | None:
    if not segments:
        return None
    rows = [
        _row(card, [s for s in segments if s["indicator"] == id])
        for id, card in cards.items()
        if any(s["indicator"] == id for s in segments)
    ]
    names = words()["principles"]
    groups: dict[str, list[Row]] = {}
    for row in rows:
        principle = row.card.row["principle"]
        groups.setdefault(names.get(principle, {"name": principle})["name"], []).append(row)
    raws = sorted({str(s["name"]) for s in segments})
    flagged = tuple(row for row in rows if row.flagged)
    kind = Kind(
        by=by,
        title="",
        sentences=tuple(_sentence(by, raw, flagged) for raw in raws if _flags(raw, flagged)),
        parts=tuple((raw, channel_name(raw) if by == "channel" else raw) for raw in raws),
        flagged=flagged,
        groups=tuple((name, tuple(of)) for name, of in groups.items()),
        hidden=sum(bool(s["suppressed"]) for s in segments),
    )
    return Kind(**{**kind.__dict__, "title": _kind_title(kind)})


def _kind_title(kind: Kind) -> str:
    one, many = words()["kinds"][kind.by]
    apart = _apart(kind)
    if not apart:
        return f"No {one} lies apart from the others"
    shown = len(kind.parts)
    verb = "lies" if len(apart) == 1 else "lie"
    return f"{capital(listed(apart))} {verb} apart, of {number_word(shown)} {many}"


def _flags(raw: str, rows: Sequence[Row]) -> list[tuple[Row, Cell]]:
    return [(row, cell) for row in rows for cell in row.flagged if cell.raw == raw]


def _sentence(by: str, raw: str, rows: Sequence[Row]) -> str:
    """What sets one part apart, the worse first."""
    clauses = []
    for flag in ("worse", "better"):
        of = [(row, cell) for row, cell in _flags(raw, rows) if cell.flag == flag]
        told = listed(f"{row.card.name} ({cell.told})" for row, cell in of)
        if told:
            clauses.append(f"{flag} than the other {words()['kinds'][by][1]} in {told}")
    place = channel_phrase(raw) if by == "channel" else _called(by, raw)
    return f"{capital(place)}: {'; '.join(clauses)}."


def _row(card: Card, segments: Sequence[Mapping[str, Any]]) -> Row:
    unit = str(card.row["unit"])
    ends = ("shrunken", "estimate", "low", "high")
    seen = [s[name] for s in segments for name in ends if s[name] is not None]
    across, text = _axis(unit, seen)
    is_comparable = any(s["shrunken"] is not None for s in segments)
    cells = [_cell(s, unit, across if is_comparable else None) for s in segments]
    cells.sort(key=lambda cell: cell.name)
    return Row(card, tuple(cells), text, is_comparable)


def _cell(entry: Mapping[str, Any], unit: str, across: Callable[[float], float] | None) -> Cell:
    value = entry["shrunken"] if entry["shrunken"] is not None else entry["estimate"]
    figure = numbers.figure(unit, value, entry["low"], entry["high"])
    own = numbers.figure(unit, entry["estimate"], entry["low"], entry["high"]).value
    hidden = entry["suppressed"] or ("" if value is not None else "no figure")
    cases = entry["cases"] or 0
    is_drawn = across is not None and not hidden and entry["shrunken"] is not None
    place = across if is_drawn and across is not None else _nowhere
    return Cell(
        by=entry["by"],
        raw=str(entry["name"]),
        flag=entry["flag"] or "",
        hidden=hidden,
        figure=Figure("") if hidden else figure,
        own="" if hidden else own,
        base="" if hidden else f"of {count(cases)}" if unit == "share" else f"{count(cases)} cases",
        at=place(value) if value is not None and is_drawn else None,
        own_at=place(entry["estimate"]) if entry["estimate"] is not None and is_drawn else None,
        band=_span(entry["low"], entry["high"], place) if is_drawn else None,
        funnel=_span(entry["funnel_low"], entry["funnel_high"], place) if is_drawn else None,
    )


def _axis(unit: str, seen: Sequence[float]) -> tuple[Callable[[float], float], tuple[str, str]]:
    """An axis that holds all figures of one indicator, and its two ends as text.

    Times on a logarithmic scale. What lies outside (a wide funnel) stays at the edge.
    """
    if not seen:
        return _nowhere, ("", "")
    is_log = unit in ("seconds", "ratio") and min(seen) > 0
    least, most = min(seen), max(seen)
    low, high = (math.log(least), math.log(most)) if is_log else (least, most)
    reach = (high - low) or 1.0

    def across(value: float) -> float:
        if is_log and value <= 0:
            return LEFT
        at = math.log(value) if is_log else value
        return round(LEFT + min(1.0, max(0.0, (at - low) / reach)) * (RIGHT - LEFT), 2)

    ends = [numbers.figure(unit, end, least, most).value for end in (least, most)]
    return across, (ends[0], ends[1])


def _nowhere(value: float) -> float:
    return LEFT


def _span(
    low: float | None, high: float | None, place: Callable[[float], float]
) -> tuple[float, float] | None:
    """Left end and width of an interval on the drawing; an open end reaches its edge."""
    if low is None and high is None:
        return None
    ends = LEFT if low is None else place(low), RIGHT if high is None else place(high)
    return min(ends), round(max(0.6, abs(ends[1] - ends[0])), 2)
