"""The one axis of the report: 0 floor, 50 typical, 75 target, 100 world class."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cxaudit.report import numbers
from cxaudit.score.utility import utility

POINTS = {"floor": 0.0, "typical": 50.0, "target": 75.0, "world": 100.0}
NAMES = {"floor": "floor", "typical": "typical", "target": "target", "world": "world class"}
MARGIN = 2.5  # per cent of the width left free at each end, so that a dot at 0 is whole


@dataclass(frozen=True)
class Tick:
    """A labelled place on the axis."""

    at: float
    name: str
    text: str


@dataclass(frozen=True)
class Dot:
    """What is drawn on one axis: places from 0 to 100, and the same in words."""

    label: str
    at: float | None = None
    low: float | None = None
    high: float | None = None
    previous: float | None = None
    hatched: bool = False
    least: float | None = None
    most: float | None = None

    @property
    def reach(self) -> tuple[float, float] | None:
        """Both ends of what the score could be, were what is not measured known; None if it is."""
        if self.least is None or self.most is None or self.most - self.least < 0.5:
            return None
        return across(self.least), across(self.most)

    @property
    def band(self) -> tuple[float, float] | None:
        """Left end and width of the interval in per cent of the drawing; None without one."""
        if self.low is None or self.high is None:
            return None
        left, right = sorted((self.low, self.high))
        return across(left), max(0.6, across(right) - across(left))


def across(place: float) -> float:
    """A place from 0 to 100 as per cent of the drawing's width."""
    inside = min(100.0, max(0.0, place))
    return round(MARGIN + inside * (100 - 2 * MARGIN) / 100, 2)


def place(value: float, anchors: Mapping[str, float], scale: str) -> float:
    """Where a value in its own unit falls on the axis; the ends hold what lies beyond them."""
    return utility(anchors, scale)(value)


def ticks(unit: str, anchors: Mapping[str, float]) -> tuple[Tick, ...]:
    """The four anchors as labels in their own unit."""
    return tuple(
        Tick(POINTS[name], NAMES[name], numbers.short(unit, anchors[name])) for name in POINTS
    )


def anchors_of(definition: Mapping[str, Any], channel: str = "") -> Mapping[str, float] | None:
    """The anchors of an indicator, or of one of its channels; None where it has none."""
    anchors = definition.get("anchors") or {}
    if "by_channel" in anchors:
        anchors = anchors["by_channel"].get(channel) or {}
    return anchors if set(POINTS) <= set(anchors) else None
