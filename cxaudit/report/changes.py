"""What changed in each indicator: crude and mix-adjusted, tested, and split into mix and rate."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cxaudit.report import numbers, verdicts
from cxaudit.report.dates import label_words
from cxaudit.report.indicators import SMALLEST_GROUP, Card, Part
from cxaudit.report.numbers import Figure
from cxaudit.report.stories import Moved, stories
from cxaudit.report.verdicts import Verdict
from cxaudit.report.words import channel_name, listed

NATURAL, RELATIVE = "natural", "relative"
NAMES = {NATURAL: "Shares, in percentage points", RELATIVE: "Times and ratios, in per cent"}
ROOM = 46.0  # per cent of the width on either side of no change


@dataclass(frozen=True)
class Piece:
    """What one channel contributed to a crude change."""

    name: str
    row: Mapping[str, Any]
    previous: str
    current: str
    change: str
    mix: str
    rate: str
    suppressed: bool


@dataclass(frozen=True)
class Change:
    """One indicator's change: the crude figures, the verdict, and that of a year before."""

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
    verdict: Verdict | None
    year_before: Verdict | None
    a_year_ago: str
    pieces: tuple[Piece, ...]

    @property
    def caveat(self) -> str:
        """What to mind of the test; that it is crude, in one word."""
        note = str(self.row["note"])
        return "crude" if note.startswith("crude") else note

    @property
    def is_demonstrable(self) -> bool:
        """Whether it is more than chance since the period before."""
        return self.verdict is not None and self.verdict.is_demonstrable


@dataclass(frozen=True)
class Plot:
    """Tested changes that share one axis, no change in its middle."""

    name: str
    rows: tuple[Change, ...]
    reach: float

    def across(self, value: float) -> float:
        """A change as per cent of the drawing's width; what lies outside stays at its edge."""
        share = max(-1.0, min(1.0, value / self.reach)) if self.reach else 0.0
        return round(50 + share * ROOM, 2)


@dataclass(frozen=True)
class Changes:
    """All changes, the message they make, and the plots of those that were tested."""

    period: str
    year_before: str
    title: str
    rows: tuple[Change, ...]
    stories: tuple[str, ...]
    shown: tuple[Plot, ...]
    others: tuple[Plot, ...]
    split: tuple[Change, ...]
    broken: tuple[str, ...]
    improved: int
    worsened: int
    tested: int


def changes(
    audit: Mapping[str, Any], cards: Mapping[str, Card], names: Mapping[str, str]
) -> Changes | None:
    """The changes of an audit; None where there is no figure of a previous period.

    names: those of the principles by id.
    """
    zone = audit["period"]["time_zone"]
    period, a_year = (
        label_words(audit["period"][name], zone) for name in ("previous", "year_before")
    )
    entries = [entry for entry in audit["changes"] if entry["indicator"] in cards]
    rows = [
        _change(entry, cards[entry["indicator"]], period, a_year)
        for entry in entries
        if not entry["slice"] or _by_channel(entry, cards[entry["indicator"]])
    ]
    if all(row.row["change"] is None for row in rows):
        return None
    tested = [row for row in rows if row.verdict and row.row["adjusted"] is not None]
    found = [row.verdict for row in tested]
    return Changes(
        period=period,
        year_before=a_year,
        title=verdicts.headline(verdicts.of_principles(audit), names),
        rows=tuple(rows),
        stories=stories([m for entry in entries if (m := _moved(entry, cards)) is not None]),
        shown=_plots([row for row in tested if row.is_demonstrable]),
        others=_plots([row for row in tested if not row.is_demonstrable]),
        split=tuple(row for row in rows if row.pieces),
        broken=_broken(rows),
        improved=verdicts.demonstrable(found, verdicts.IMPROVED),
        worsened=verdicts.demonstrable(found, verdicts.WORSENED),
        tested=len(tested),
    )


def _broken(rows: Sequence[Change]) -> tuple[str, ...]:
    """Which figures are of another series than the period before, a sentence per reason."""
    names: dict[str, list[str]] = {}
    for row in rows:
        if reason := row.row.get("broken"):
            names.setdefault(reason, []).append(row.name)
    return tuple(f"{listed(sorted(of))}: {reason}." for reason, of in sorted(names.items()))


def _change(entry: Mapping[str, Any], card: Card, period: str, a_year: str) -> Change:
    unit = str(card.row.get("unit") or "")
    current = entry["current"]
    shown = _channel(entry, card) or card
    channel = f": {shown.name}" if isinstance(shown, Part) else ""
    ends = shown.row["low"], shown.row["high"]  # both are rounded to what this supports
    before = entry["year_before"] or {}
    return Change(
        card=card,
        name=f"{card.name}{channel}",
        row=entry,
        figure=shown.figure,
        base=shown.base,
        previous=_earlier(unit, entry["previous"], ends),
        current=numbers.figure(unit, current, *ends).value,
        change=numbers.change(unit, entry["change"], current),
        mix=numbers.change(unit, entry["mix"], current),
        rate=numbers.change(unit, entry["rate"], current),
        verdict=verdicts.of_indicator(entry, unit, period),
        year_before=verdicts.of_indicator(before, unit, a_year),
        a_year_ago=_earlier(unit, before.get("previous"), ends),
        pieces=tuple(_piece(part, unit) for part in entry["parts"]),
    )


def _earlier(unit: str, value: float | None, ends: tuple[Any, Any]) -> str:
    return "–" if value is None else numbers.figure(unit, value, *ends).value


def _by_channel(entry: Mapping[str, Any], card: Card) -> bool:
    """Whether a channel's change is told as a row: only where there is no change of the whole."""
    part = _channel(entry, card)
    return card.poorest is not None and part is not None and not part.suppressed


def _channel(entry: Mapping[str, Any], card: Card) -> Part | None:
    name = channel_name(str(entry["slice"].get("channel", "")))
    return next((part for part in card.by("channel") if part.name == name), None)


def _moved(entry: Mapping[str, Any], cards: Mapping[str, Card]) -> Moved | None:
    """The entry as the stories read it; None where it has no change, or is too small to show."""
    card = cards[entry["indicator"]]
    shown = _channel(entry, card) if entry["slice"] else card
    if entry["change"] is None or shown is None or (isinstance(shown, Part) and shown.suppressed):
        return None
    return Moved(
        card=card,
        part=shown if isinstance(shown, Part) else None,
        channel=str(entry["slice"].get("channel", "")),
        previous=entry["previous"],
        change=entry["change"],
        said=numbers.change(str(card.row["unit"]), entry["change"], entry["current"]),
    )


def _piece(part: Mapping[str, Any], unit: str) -> Piece:
    before, now = part.get("previous"), part.get("current")
    moved = None if before is None or now is None else now - before
    cases = [part.get("previous_cases"), part.get("cases")]
    return Piece(
        name=channel_name(str(part["channel"])),
        row=part,
        previous=_earlier(unit, before, (None, None)),
        current=_earlier(unit, now, (None, None)),
        change=numbers.change(unit, moved, now),
        mix=numbers.change(unit, part.get("mix"), now),
        rate=numbers.change(unit, part.get("rate"), now),
        suppressed=any(n is not None and 0 < n < SMALLEST_GROUP for n in cases),
    )


def _plots(rows: Sequence[Change]) -> tuple[Plot, ...]:
    """The rows by the kind of their axis; what got worse first."""
    order = (verdicts.WORSENED, verdicts.IMPROVED, verdicts.NO_CHANGE, verdicts.NOT_COMPARABLE)
    plots = []
    for scale in (NATURAL, RELATIVE):
        of = [row for row in rows if row.row["scale"] == scale]
        of = [row for row in of if scale == RELATIVE or _is_share(row)]
        of.sort(key=lambda row: (order.index(row.row["verdict"]), row.name))
        if of:
            plots.append(Plot(NAMES[scale], tuple(of), max(map(_reach, of))))
    return tuple(plots)


def _is_share(row: Change) -> bool:
    return str(row.card.row["unit"]) in verdicts.SHARES


def _reach(row: Change) -> float:
    ends = (row.row["adjusted"], row.row["low"], row.row["high"])
    return max(abs(end) for end in ends if end is not None)
