"""Run charts: where a series of months leaves its own band, or stays on one side of its middle.

Two rules of Western Electric: a point beyond three standard deviations, and eight in a row on one
side. They are for early warning; no month is tested as if it stood alone.
Source: Laney 2002 for the p'-chart; Wheeler and Chambers 1992 for the XmR chart.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cxaudit.statistics.influence import Numbers

RUN = 8
FEWEST_POINTS = 8
SIGMAS = 3.0
RANGE_OF_TWO = 1.128  # the mean range of two standard normal deviates
BEYOND, ONE_SIDE = "beyond the limits", "eight on one side"


@dataclass(frozen=True)
class Chart:
    """The middle, the limits and the signal ('' for none) of each point, in the order given.

    Fewer than eight points have no limits (NaN) and no signals.
    """

    centre: float
    lower: Numbers
    upper: Numbers
    signals: list[str]


def share_chart(shares: Numbers, cases: Numbers) -> Chart:
    """Laney's p'-chart of shares, each of so many cases.

    The limits follow the number of cases; how much wider than chance the months scatter is read
    from month to month. They are never narrower than chance alone: cases of one customer or agent
    make a share vary more, not less.
    """
    if shares.size < FEWEST_POINTS:
        return _without_limits(shares)
    centre = float(np.sum(shares * cases) / np.sum(cases))
    sigma = np.sqrt(centre * (1.0 - centre) / cases)
    if not sigma.all():  # every case hit, or none did
        return Chart(centre, shares, shares, [""] * shares.size)
    wider = max(1.0, _moving_sigma((shares - centre) / sigma))
    half = SIGMAS * wider * sigma
    lower, upper = np.maximum(0.0, centre - half), np.minimum(1.0, centre + half)
    return Chart(centre, lower, upper, _signals(shares, centre, lower, upper))


def value_chart(values: Numbers) -> Chart:
    """The XmR chart of values: limits from how far neighbours lie apart."""
    if values.size < FEWEST_POINTS:
        return _without_limits(values)
    centre = float(np.mean(values))
    half = SIGMAS * _moving_sigma(values)
    lower, upper = np.full(values.size, centre - half), np.full(values.size, centre + half)
    return Chart(centre, lower, upper, _signals(values, centre, lower, upper))


def _moving_sigma(values: Numbers) -> float:
    return float(np.mean(np.abs(np.diff(values)))) / RANGE_OF_TWO


def _signals(values: Numbers, centre: float, lower: Numbers, upper: Numbers) -> list[str]:
    """Each point's signal; in a run the eighth and those after it have one."""
    found = []
    length, side = 0, 0.0
    for value, low, high in zip(values, lower, upper, strict=True):
        here = float(np.sign(value - centre))
        length = length + 1 if here == side and here else 1
        side = here
        if value < low or value > high:
            found.append(BEYOND)
        else:
            found.append(ONE_SIDE if length >= RUN else "")
    return found


def _without_limits(values: Numbers) -> Chart:
    centre = float(np.mean(values)) if values.size else np.nan
    none = np.full(values.size, np.nan)
    return Chart(centre, none, none, [""] * values.size)
