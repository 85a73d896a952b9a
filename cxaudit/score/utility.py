"""From a measured value to 0–100: linear between four anchors, on the logarithm for durations."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from cxaudit.scorecards import ANCHORS

POINTS = (0.0, 50.0, 75.0, 100.0)


@dataclass(frozen=True)
class Utility:
    """A function from a value in the anchors' unit to 0–100; infinity is allowed.

    `places` are the four anchors on the scale they are interpolated on, turned so that they rise:
    the logarithm where `is_log`, times `sign`.
    """

    places: tuple[float, ...]
    is_log: bool
    sign: float
    points: tuple[float, ...] = POINTS

    def __call__(self, value: float) -> float:
        """The score of one value."""
        at = self.on_scale(value)
        if at <= self.places[0]:
            return self.points[0]
        steps = zip(self.places, self.places[1:], self.points, self.points[1:], strict=False)
        for left, right, low, high in steps:
            if at <= right:
                return low + (high - low) * (at - left) / (right - left)
        return self.points[-1]

    def on_scale(self, value: float) -> float:
        """Where a value lies among `places`."""
        if self.is_log:
            value = math.log(value) if value > 0 else -math.inf
        return self.sign * value

    def steps(self, values: np.ndarray) -> np.ndarray:
        """As `on_scale`, for many values."""
        if self.is_log:
            positive = np.maximum(values, np.finfo(float).tiny)
            values = np.where(values > 0, np.log(positive), -np.inf)
        return self.sign * values

    @property
    def span(self) -> float:
        """The distance from floor to world class, on the scale."""
        return self.places[-1] - self.places[0]

    def at(self, steps: np.ndarray, places: np.ndarray) -> np.ndarray:
        """Scores of values on the scale (any shape) with anchors of their own: `places` (4, …)."""
        score = np.full(np.broadcast(steps, places[0]).shape, self.points[0])
        for k, (low, high) in enumerate(zip(self.points, self.points[1:], strict=False)):
            score += (high - low) * _between(steps, places[k], places[k + 1])
        return score

    def straight(self, steps: np.ndarray, places: np.ndarray) -> np.ndarray:
        """As `at`, but on one straight line from floor to world class."""
        whole = self.points[-1] - self.points[0]
        return self.points[0] + whole * _between(steps, places[0], places[-1])


def utility(anchors: Mapping[str, float], scale: str, points: Sequence[float] = POINTS) -> Utility:
    """The function from a value to 0–100 that four anchors fix.

    `anchors` has floor, typical, target and world; whether more is better follows from their
    order. `scale` 'log' interpolates on the logarithm of the value.
    """
    places = [anchors[name] for name in ANCHORS]
    is_log = scale == "log"
    if is_log:
        places = [math.log(place) for place in places]
    sign = 1.0 if places[-1] > places[0] else -1.0
    return Utility(tuple(sign * place for place in places), is_log, sign, tuple(points))


def _between(steps: np.ndarray, left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """How much of the way from left to right has been made, 0 to 1."""
    way = np.maximum(right - left, np.finfo(float).tiny)
    return np.clip((steps - left) / way, 0.0, 1.0)
