"""From a measured value to 0–100: linear between four anchors, on the logarithm for durations."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence

from cxaudit.scorecards import ANCHORS

POINTS = (0.0, 50.0, 75.0, 100.0)


def utility(
    anchors: Mapping[str, float], scale: str, points: Sequence[float] = POINTS
) -> Callable[[float], float]:
    """A function from a value in the anchors' unit to 0–100; infinity is allowed.

    `anchors` has floor, typical, target and world; whether more is better follows from their
    order. `scale` 'log' interpolates on the logarithm of the value.
    """
    places = [anchors[name] for name in ANCHORS]
    is_log = scale == "log"
    if is_log:
        places = [math.log(place) for place in places]
    sign = 1.0 if places[-1] > places[0] else -1.0
    steps = [sign * place for place in places]

    def of(value: float) -> float:
        if is_log:
            value = math.log(value) if value > 0 else -math.inf
        at = sign * value
        if at <= steps[0]:
            return points[0]
        for left, right, low, high in zip(steps, steps[1:], points, points[1:], strict=False):
            if at <= right:
                return low + (high - low) * (at - left) / (right - left)
        return points[-1]

    return of
