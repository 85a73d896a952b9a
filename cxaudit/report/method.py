"""How it was measured, in figures: whose judgement the anchors are, sources, departures."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from cxaudit.report import axis, numbers
from cxaudit.report.indicators import Card
from cxaudit.report.words import channel_name


@dataclass(frozen=True)
class AnchorRow:
    """The four anchors of an indicator, or of one of its channels, each with its provenance."""

    channel: str
    cells: tuple[tuple[str, str], ...]  # value and provenance code, floor to world


@dataclass(frozen=True)
class Method:
    """Counts and lists for the chapter on method."""

    points: int
    house: int
    adapted: int
    sources: tuple[tuple[str, Mapping[str, Any]], ...]
    overrides: tuple[tuple[str, str, str], ...]
    notes: tuple[tuple[str, int], ...]

    @property
    def house_share(self) -> str:
        """The share of anchor points that are house judgement, with its base."""
        return numbers.percent(self.house, self.points)


def method(
    cards: Mapping[str, Card],
    scorecard: Mapping[str, Any],
    departures: Iterable[Mapping[str, Any]] = (),
    called: Mapping[str, str] | None = None,
) -> Method:
    """What the indicators of this audit rest on; departures from the scorecard with reasons."""
    codes = [code for card in cards.values() for code in _codes(card.definition)]
    adapted = [text for card in cards.values() for text in _adapted(card.definition)]
    named = {c for text in [*codes, *adapted] for c in re.findall(r"S\d+", text)}
    sources = scorecard.get("sources") or {}
    notes: dict[str, int] = {}
    for card in cards.values():
        for note in {text.rstrip(".") for text in card.row.get("notes") or ()}:
            notes[note] = notes.get(note, 0) + 1
    return Method(
        points=len(codes),
        house=sum(code == "H" for code in codes),
        adapted=len(adapted),
        sources=tuple((code, sources[code]) for code in sorted(named) if code in sources),
        overrides=tuple(_overrides(cards, departures, called or {})),
        notes=tuple(sorted(notes.items(), key=lambda n: (-n[1], n[0]))),
    )


def anchor_rows(definition: Mapping[str, Any]) -> tuple[AnchorRow, ...]:
    """The anchors of an indicator as text, one row for each channel that has its own."""
    anchors, origin = definition.get("anchors") or {}, definition.get("provenance") or {}
    unit = str(definition.get("unit") or "")
    if "by_channel" in anchors:
        return tuple(
            _anchor_row(unit, channel, own, (origin.get("by_channel") or {}).get(channel) or {})
            for channel, own in sorted(anchors["by_channel"].items())
        )
    return (_anchor_row(unit, "", anchors, origin),) if set(axis.POINTS) <= set(anchors) else ()


def _anchor_row(
    unit: str, channel: str, anchors: Mapping[str, float], origin: Mapping[str, Any]
) -> AnchorRow:
    name = channel_name(channel) if channel else ""
    adapted = origin.get("adapted_from") or {}
    cells = tuple(
        (numbers.short(unit, anchors[point]), _origin(origin.get(point), adapted.get(point)))
        for point in axis.POINTS
    )
    return AnchorRow(name, cells)


def _origin(code: str | None, adapted: str | None) -> str:
    source = re.match(r"S\d+", adapted or "")
    return f"{code or '–'}, after {source[0]}" if source else str(code or "–")


def _origins(definition: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    origin = definition.get("provenance") or {}
    return list(origin["by_channel"].values()) if "by_channel" in origin else [origin]


def _codes(definition: Mapping[str, Any]) -> list[str]:
    return [str(o[point]) for o in _origins(definition) for point in axis.POINTS if point in o]


def _adapted(definition: Mapping[str, Any]) -> list[str]:
    return [text for o in _origins(definition) for text in (o.get("adapted_from") or {}).values()]


def _overrides(
    cards: Mapping[str, Card],
    departures: Iterable[Mapping[str, Any]],
    called: Mapping[str, str],
) -> Iterable[tuple[str, str, str]]:
    """Each departure: of what, its own values beside the house's, and the reason."""
    for own in departures:
        house = own["house"]
        parts = [_instead("weight", own["weight"], house.get("weight"))] if "weight" in own else []
        parts += [
            _instead(f"{part.removesuffix('s')} {key}", value, (house.get(part) or {}).get(key))
            for part in ("anchors", "parameters")
            for key, value in (own.get(part) or {}).items()
        ]
        card = cards.get(own.get("indicator", ""))
        name = card.name if card else called.get(own.get("principle", ""), own.get("indicator", ""))
        yield name, ", ".join(parts), str(own["reason"])


def _instead(name: str, value: Any, house: Any) -> str:
    return f"{name} {value}" + ("" if house is None else f" instead of {house}")
