"""The crude change to the previous period, and its split into mix and rate by channel."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cxaudit.report import numbers
from cxaudit.report.dates import label_words
from cxaudit.report.indicators import SMALLEST_GROUP, Card, Part
from cxaudit.report.numbers import Figure, count
from cxaudit.report.wording import direction
from cxaudit.report.words import channel_name, channel_phrase, listed, number_word

STORIES = 3
FEWEST_TOLD = 100  # cases a channel needs in both periods to be told of
CHANNELS_TOLD = 2


@dataclass(frozen=True)
class Piece:
    """What one channel contributed to a change."""

    name: str
    said: str
    row: Mapping[str, Any]
    previous: str
    current: str
    change: str
    mix: str
    rate: str
    suppressed: bool

    @property
    def unsigned(self) -> str:
        """The size of its own change."""
        return unsigned(self.change)


@dataclass(frozen=True)
class Change:
    """One indicator's crude change."""

    card: Card
    name: str
    row: Mapping[str, Any]
    figure: Figure
    base: str
    previous: str
    current: str
    change: str
    mix: str
    rate: str
    sense: str  # better, worse or same: the sign alone, before any test
    pieces: tuple[Piece, ...]
    against: tuple[Piece, ...]  # channels whose own figure moved the other way


@dataclass(frozen=True)
class Changes:
    """All changes, the message they make, and the bars that can share one axis."""

    period: str
    title: str
    rows: tuple[Change, ...]
    stories: tuple[str, ...]
    bars: tuple[Change, ...]
    widest: float

    def across(self, share: float) -> float:
        """A change of a share as per cent of half the drawing's width."""
        return round(abs(share) / self.widest * 50, 2)


def changes(audit: Mapping[str, Any], cards: Mapping[str, Card]) -> Changes | None:
    """The changes of an audit; None where there is no previous period."""
    rows = [
        _change(entry, cards[entry["indicator"]])
        for entry in audit["changes"]
        if entry["indicator"] in cards and entry.get("change") is not None
        if not entry.get("slice") or _by_channel(entry, cards[entry["indicator"]])
    ]
    if not rows:
        return None
    zone = audit["period"]["time_zone"]
    period = label_words(str(rows[0].row["from_period"]), zone)
    bars = [r for r in rows if r.card.row.get("unit") == "share" and not r.row.get("slice")]
    bars.sort(key=lambda r: (direction(r.card.definition) * r.row["change"], r.card.id))
    return Changes(
        period=period,
        title=_title(bars, "shares", period) if bars else _title(rows, "figures", period),
        rows=tuple(rows),
        stories=tuple(_story(row) for row in _most_telling(rows)),
        bars=tuple(bars),
        widest=max((_reach(row) for row in bars), default=1.0) or 1.0,
    )


def _change(entry: Mapping[str, Any], card: Card) -> Change:
    unit = str(card.row.get("unit") or "")
    current = entry.get("current")
    shown = _channel(entry, card) or card
    channel = f": {shown.name}" if isinstance(shown, Part) else ""
    sign = direction(card.definition)
    moved = entry["change"] * sign
    pieces = tuple(_piece(part, unit) for part in entry.get("parts") or [])
    against = [p for p in pieces if not p.suppressed and _opposed(p.row, entry["change"])]
    ends = shown.row.get("low"), shown.row.get("high")  # both are rounded to what this supports
    return Change(
        card=card,
        name=f"{card.name}{channel}",
        row=entry,
        figure=shown.figure,
        base=shown.base,
        previous=numbers.figure(unit, entry.get("previous"), *ends).value,
        current=numbers.figure(unit, current, *ends).value,
        change=numbers.change(unit, entry["change"], current),
        mix=numbers.change(unit, entry.get("mix"), current),
        rate=numbers.change(unit, entry.get("rate"), current),
        sense="better" if moved > 0 else "worse" if moved < 0 else "same",
        pieces=pieces,
        against=tuple(sorted(against, key=lambda p: (-_weight(p), p.name))),
    )


def _by_channel(entry: Mapping[str, Any], card: Card) -> bool:
    """Whether a channel's change is told as a row: only where there is no change of the whole."""
    part = _channel(entry, card)
    return card.poorest is not None and part is not None and not part.suppressed


def _channel(entry: Mapping[str, Any], card: Card) -> Part | None:
    name = channel_name(str((entry.get("slice") or {}).get("channel", "")))
    return next((part for part in card.by("channel") if part.name == name), None)


def _piece(part: Mapping[str, Any], unit: str) -> Piece:
    before, now = part.get("previous"), part.get("current")
    moved = None if before is None or now is None else now - before
    cases = [part.get("previous_cases"), part.get("cases")]
    return Piece(
        name=channel_name(str(part["channel"])),
        said=channel_phrase(str(part["channel"])),
        row=part,
        previous="–" if before is None else numbers.figure(unit, before).value,
        current="–" if now is None else numbers.figure(unit, now).value,
        change=numbers.change(unit, moved, now),
        mix=numbers.change(unit, part.get("mix"), now),
        rate=numbers.change(unit, part.get("rate"), now),
        suppressed=any(n is not None and 0 < n < SMALLEST_GROUP for n in cases),
    )


def _opposed(part: Mapping[str, Any], total: float) -> bool:
    """Whether a channel of enough cases moved against the total, by more than a rounding."""
    if min(part.get("previous_cases") or 0, part.get("cases") or 0) < FEWEST_TOLD:
        return False
    before, now = part.get("previous"), part.get("current")
    if before is None or now is None or not total:
        return False
    return (now - before) * total < 0 and abs(now - before) >= abs(total) / 2


def unsigned(change: str) -> str:
    """A drawn change without its sign."""
    return change.lstrip(f"+{numbers.MINUS}")


def _reach(row: Change) -> float:
    sizes = [row.row["change"], row.row.get("mix") or 0, row.row.get("rate") or 0]
    return max(abs(size) for size in sizes)


def _title(rows: list[Change], counted: str, period: str) -> str:
    """The headline; it counts what the chart below it draws."""
    better = sum(row.sense == "better" for row in rows)
    worse = sum(row.sense == "worse" for row in rows)
    return (
        f"Against {period}, {number_word(better)} of {number_word(len(rows))} {counted} "
        f"moved for the better and {number_word(worse)} for the worse, before any test of chance"
    )


def _most_telling(rows: list[Change]) -> list[Change]:
    """The few totals that hide most: a channel moved the other way and weighed on the total."""
    hiding = [row for row in rows if row.against]
    hiding.sort(key=lambda row: (-_weight(row.against[0]), row.card.id))
    return hiding[:STORIES]


def _weight(piece: Piece) -> float:
    """How far a channel's own movement moved the total."""
    return abs(piece.row.get("rate") or 0.0)


def _story(row: Change) -> str:
    up = row.row["change"] > 0
    told = row.against[:CHANNELS_TOLD]
    channels = listed(f"{p.unsigned} {p.said} ({count(p.row['cases'])} cases)" for p in told)
    verbs = ("rose", "fell") if up else ("fell", "rose")
    return f"{row.card.name} {verbs[0]} by {unsigned(row.change)}, but {verbs[1]} by {channels}"
