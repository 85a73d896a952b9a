"""Score points of an indicator: the values behind them, and points past the ends of the scale."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from cxaudit.score.utility import Utility, utility
from cxaudit.scorecards import ANCHORS


def points_of(entry: Mapping[str, Any], channel: str = "") -> Utility | None:
    """The scale of a scorecard's entry, of a channel where they differ by channel; else None."""
    anchors = entry["anchors"]
    if "by_channel" in anchors:
        anchors = anchors["by_channel"].get(channel)
    if anchors is None or any(anchors.get(name) is None for name in ANCHORS):
        return None
    return utility(anchors, entry["anchor_scale"])


def value_at(scale: Utility, points: float) -> float | None:
    """The value worth so many points; None where none is."""
    if not scale.points[0] <= points <= scale.points[-1]:
        return None
    place = scale.sign * float(np.interp(points, scale.points, scale.places))
    return math.exp(place) if scale.is_log else place


def unbounded(scale: Utility, value: float) -> float:
    """The points of a value, the first and the last slope carried on past the ends.

    A service below the floor can still get worse; a score cannot say so.
    """
    at, places, points = scale.on_scale(value), scale.places, scale.points
    if at < places[0]:
        return points[0] + (points[1] - points[0]) / (places[1] - places[0]) * (at - places[0])
    if at > places[-1]:
        slope = (points[-1] - points[-2]) / (places[-1] - places[-2])
        return points[-1] + slope * (at - places[-1])
    return scale(value)
