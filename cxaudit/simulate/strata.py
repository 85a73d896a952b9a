"""The strata of cases, channel by priority, and the time to the first solve in each."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from cxaudit.simulate.journeys import ignored_wait, journeys, withdrawn_wait
from cxaudit.simulate.service import CHANNELS, IGNORED, WITHDRAWN, Service
from cxaudit.simulate.waits import Waits


@dataclass(frozen=True)
class Value:
    """The truth of an indicator, for the whole or a slice, and how it was derived."""

    id: str
    truth: float
    unit: str
    how: str
    slice: tuple[tuple[str, str], ...] = ()


def cells(service: Service, span: int) -> list[tuple[int, int, float]]:
    """Channel, priority and share of each stratum of a span."""
    return [
        (c, p, float(service.channel_mix[span, c] * share))
        for c in range(len(CHANNELS))
        for p, share in enumerate(service.priority_mix)
    ]


def taken_share(service: Service, channel: int) -> float:
    """The share of a channel's cases that a person takes up."""
    return float(service.kind_shares(channel)[:WITHDRAWN].sum())


def first_solve(service: Service, channel: int, priority: int, span: int) -> Waits:
    """Time to the first solve of any case: served, stuck, withdrawn or ignored."""
    kinds = service.kind_shares(channel)
    return Waits.mixed(
        [
            (taken_share(service, channel), taken_solve(service, channel, priority, span)),
            (float(kinds[WITHDRAWN]), withdrawn_wait(service, channel)),
            (float(kinds[IGNORED]), ignored_wait(service)),
        ]
    )


@cache
def taken_solve(service: Service, channel: int, priority: int, span: int) -> Waits:
    """The time to the first solve of cases a person takes up."""
    ways = journeys(service, channel, priority, span)
    return Waits.mixed([(way.share, way.solve) for way in ways])
