"""The split of a change of a share into mix and rate, after Kitagawa: exact and symmetric."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

# The cases and the figure of each channel.
Groups = Mapping[str, tuple[int, float]]
NONE = (0, None)
TOLERANCE = 1e-9


@dataclass(frozen=True)
class Part:
    """One group's part in a change: by its share of the cases (mix) and by its rate."""

    mix: float
    rate: float


def split(before: Groups, now: Groups) -> dict[str, Part]:
    """The parts by group; over all groups mix + rate is the change of the whole.

    Each mapping gives cases and rate of a group. A group without cases in one period has no
    rate there: its rate is taken as that of the other, so all of its part is mix.
    """
    cases_before = sum(cases for cases, _ in before.values())
    cases_now = sum(cases for cases, _ in now.values())
    parts = {}
    for group in sorted({*before, *now}):
        n0, rate0 = before.get(group, (0, now.get(group, (0, 0.0))[1]))
        n1, rate1 = now.get(group, (0, rate0))
        share0, share1 = n0 / cases_before, n1 / cases_now
        parts[group] = Part(
            mix=(share1 - share0) * (rate0 + rate1) / 2,
            rate=(rate1 - rate0) * (share0 + share1) / 2,
        )
    return parts


def split_rows(
    before: Groups, now: Groups, whole_before: tuple[int, float], whole: tuple[int, float]
) -> list[dict[str, Any]]:
    """One row per channel with its cases, figures and parts in both periods.

    None where the channels do not add up to the whole (cases and figure) in either period: a share
    is the mean of its channels' shares; a median or a curve is not, and has no split. A channel of
    one period only has no figure in the other, and is all mix.
    """
    for groups, (cases, value) in ((before, whole_before), (now, whole)):
        total = sum(n * rate for n, rate in groups.values())
        if sum(n for n, _ in groups.values()) != cases or abs(total / cases - value) > TOLERANCE:
            return []
    return [
        {
            "channel": channel,
            "previous_cases": before.get(channel, NONE)[0],
            "cases": now.get(channel, NONE)[0],
            "previous": before.get(channel, NONE)[1],
            "current": now.get(channel, NONE)[1],
            "mix": part.mix,
            "rate": part.rate,
        }
        for channel, part in split(before, now).items()
    ]
