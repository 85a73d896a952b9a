"""The split of a change of a share into mix and rate, after Kitagawa: exact and symmetric."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Part:
    """One group's part in a change: by its share of the cases (mix) and by its rate."""

    mix: float
    rate: float


def split(
    before: Mapping[str, tuple[int, float]], now: Mapping[str, tuple[int, float]]
) -> dict[str, Part]:
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
