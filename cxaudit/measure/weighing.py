"""What weights do to a figure: the same without them, leg by leg."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from cxaudit.indicators import Indicator, Situation
from cxaudit.statistics import Cases
from cxaudit.statistics.estimate import WEIGHT


@dataclass(frozen=True)
class Weighing:
    """A share without weights and with them, how many cases carry one, and the standard error.

    `se` is that of the weighted share, on the scale of shares; None at 0 and at 1.
    """

    plain: float | None
    weighted: float | None
    se: float | None
    carry: int


def weighings(
    indicator: Indicator, legs: Mapping[str, Cases], situation: Situation
) -> dict[str, Weighing]:
    """What weights do to the share of each leg of survey answers, whatever the minimum."""
    if indicator.fact != "answers":
        return {}
    alone = replace(situation, minimum={**situation.minimum, "cases": 0})
    found = {}
    for leg, cases in legs.items():
        if WEIGHT in cases.columns:
            plain = indicator.statistic({leg: cases.unweighted()}, alone)
            own = indicator.statistic({leg: cases}, alone)
            se = None
            if own.se is not None and own.value is not None:
                se = own.se * own.value * (1.0 - own.value)
            found[leg] = Weighing(plain.value, own.value, se, carried(cases))
    return found


def carried(cases: Cases) -> int:
    """How many cases carry a weight."""
    return int(np.isfinite(cases.numbers(WEIGHT)).sum()) if WEIGHT in cases.columns else 0
