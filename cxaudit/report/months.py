"""Run charts of the indicators by month: where each month lies, and the signals in words."""

from __future__ import annotations

import calendar
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from cxaudit.report import numbers
from cxaudit.report.indicators import Card
from cxaudit.report.words import channel_phrase, listed, number_word

WIDTH, HEIGHT, MARGIN = 240.0, 84.0, 7.0
BEYOND, ONE_SIDE = "beyond the limits", "eight on one side"


@dataclass(frozen=True)
class Mark:
    """One month: its place on the drawing and what it says."""

    x: float
    y: float
    signal: str
    said: str


@dataclass(frozen=True)
class RunChart:
    """One indicator (or channel) by month."""

    name: str
    anchor: str
    marks: tuple[Mark, ...]
    centre: float | None
    limits: tuple[str, ...]
    first: str
    last: str
    latest: str
    text: str
    has_signal: bool
    rows: tuple[tuple[str, str, str, str, str, str], ...]

    @property
    def line(self) -> str:
        """The months as the points of a line."""
        return " ".join(f"{mark.x},{mark.y}" for mark in self.marks)

    @property
    def label(self) -> str:
        """The chart in words, for who cannot see it."""
        return f"{self.name} by month, {self.first} to {self.last}: {self.latest}. {self.text}"


@dataclass(frozen=True)
class Months:
    """The run charts: those with a signal first, and the message they make."""

    title: str
    signals: tuple[RunChart, ...]
    steady: tuple[RunChart, ...]


def months(audit: Mapping[str, Any], cards: Mapping[str, Card]) -> Months | None:
    """The run charts of an audit; None where it has no months."""
    charts = [
        _chart(entry, cards[entry["indicator"]])
        for entry in audit.get("charts") or ()
        if entry["indicator"] in cards and any(m["value"] is not None for m in entry["months"])
    ]
    if not charts:
        return None
    signals = tuple(chart for chart in charts if chart.has_signal)
    many = number_word(len(signals))
    verb = "gives" if len(signals) == 1 else "give"
    said = f"{many} of {len(charts)} monthly charts {verb} a signal".capitalize()
    return Months(
        title=said if signals else f"No signal in {len(charts)} monthly charts",
        signals=signals,
        steady=tuple(chart for chart in charts if not chart.has_signal),
    )


def month_words(label: str) -> str:
    """A month's label as one says it: "September 2026"."""
    year, _, month = label.partition("-")
    return f"{calendar.month_name[int(month)]} {year}"


def _chart(entry: Mapping[str, Any], card: Card) -> RunChart:
    unit = str(card.row["unit"])
    found = [month for month in entry["months"] if month["value"] is not None]
    place = _places(found)
    centre = found[-1]["centre"]
    channel = channel_phrase(entry["slice"].get("channel", ""))
    marks = tuple(
        Mark(_x(n, len(found)), place(month["value"]), month["signal"] or "", month["month"])
        for n, month in enumerate(found)
    )
    shown = [numbers.figure(unit, month["value"], *_spread(month)).value for month in found]
    return RunChart(
        name=f"{card.name} {channel}".strip(),
        anchor=card.id,
        marks=marks,
        centre=None if centre is None else place(centre),
        limits=tuple(_limit(found, name, place) for name in ("lower", "upper") if _has(found)),
        first=month_words(found[0]["month"]),
        last=month_words(found[-1]["month"]),
        latest=f"{shown[-1]} in {month_words(found[-1]['month'])}",
        text=_text(found, unit),
        has_signal=any(month["signal"] for month in found),
        rows=tuple(
            (
                month_words(month["month"]),
                value,
                numbers.count(month["cases"]),
                _bound(unit, month, "lower"),
                _bound(unit, month, "upper"),
                month["signal"] or "",
            )
            for month, value in zip(found, shown, strict=True)
        ),
    )


def _text(found: Sequence[Mapping[str, Any]], unit: str) -> str:
    """The signals in words, or that there is none."""
    last = found[-1]
    if not _has(found):
        return f"{numbers.counted(len(found), 'month', 'months')}: limits take eight."
    limits = f"{_bound(unit, last, 'lower')} to {_bound(unit, last, 'upper')}"
    centre = numbers.figure(unit, last["centre"], last["lower"], last["upper"]).value
    usual = f"Centre {centre}, limits {limits}."
    said = []
    for signal, run in groupby(enumerate(found), key=lambda pair: pair[1]["signal"]):
        flagged = [month for _, month in run]
        if signal == BEYOND:
            names = listed([month_words(m["month"]) for m in flagged])
            verb = "lies" if len(flagged) == 1 else "lie"
            said.append(f"{names} {verb} {_side(flagged[-1], 'above', 'below')} the limits.")
        elif signal == ONE_SIDE:
            side = "above" if flagged[-1]["value"] > flagged[-1]["centre"] else "below"
            until = month_words(flagged[-1]["month"])
            said.append(f"Eight months or more in a row {side} the centre, up to {until}.")
    return " ".join([*said, usual]) if said else f"No signal. {usual}"


def _side(month: Mapping[str, Any], above: str, below: str) -> str:
    return above if month["value"] > month["upper"] else below


def _has(found: Sequence[Mapping[str, Any]]) -> bool:
    """Whether the chart has limits: it takes eight months."""
    return found[-1]["lower"] is not None and found[-1]["upper"] is not None


def _spread(month: Mapping[str, Any]) -> tuple[float | None, float | None]:
    """The limits, to which precision a month's figure is drawn."""
    return month["lower"], month["upper"]


def _bound(unit: str, month: Mapping[str, Any], name: str) -> str:
    if month[name] is None:
        return "–"
    return numbers.figure(unit, month[name], *_spread(month)).value


def _x(number: int, of: int) -> float:
    return round(MARGIN + number * (WIDTH - 2 * MARGIN) / max(of - 1, 1), 1)


def _places(found: Sequence[Mapping[str, Any]]) -> Any:
    """What turns a figure into a height on the drawing."""
    names = ("value", "lower", "upper")
    every = [month[name] for month in found for name in names if month[name] is not None]
    least, most = min(every), max(every)
    reach = (most - least) or 1.0

    def place(value: float) -> float:
        return round(HEIGHT - MARGIN - (value - least) / reach * (HEIGHT - 2 * MARGIN), 1)

    return place


def _limit(found: Sequence[Mapping[str, Any]], name: str, place: Any) -> str:
    """One limit as the points of a line of steps, a step for each month."""
    half = (WIDTH - 2 * MARGIN) / max(len(found) - 1, 1) / 2
    points = []
    for number, month in enumerate(found):
        if month[name] is not None:
            x, y = _x(number, len(found)), place(month[name])
            points += [f"{x - half:.1f},{y}", f"{x + half:.1f},{y}"]
    return " ".join(points)
