"""Expected numbers: cases created by day and category, and what falls into a window of time."""

from __future__ import annotations

from functools import cache

import numpy as np

from cxaudit.simulate.cases import primary_rates
from cxaudit.simulate.days import simulated_days
from cxaudit.simulate.journeys import journeys, return_share
from cxaudit.simulate.service import CHANNELS, CURRENT, PREVIOUS, PRIORITIES, SPANS, Floats, Service
from cxaudit.simulate.waits import Waits

DAY = 86400.0
RETURN_HORIZON = 80  # days; later returns are too few to matter
WINDOW_OF_RETURNS = 30  # days


@cache
def expected_cases(service: Service) -> tuple[Floats, Floats]:
    """Expected cases by day and category; and those that return within 30 days of the last one.

    A first contact is followed by another case with a chance and a delay that depend on its span;
    those are followed in turn.
    """
    days = simulated_days()
    first = primary_rates(service)
    kernels = {span: return_kernel(service, span) for span in (PREVIOUS, CURRENT)}
    cases, recent = first.copy(), np.zeros_like(first)
    for day in range(first.shape[0]):
        kernel = kernels[CURRENT if days.span[day] >= CURRENT else PREVIOUS]
        cases[day] /= 1 - kernel[0]  # of the same day, and those that follow from them
        reach = min(kernel.size, first.shape[0] - day)
        later = kernel[1:reach, None] * cases[day]
        cases[day + 1 : day + reach] += later
        near = min(WINDOW_OF_RETURNS, reach)
        recent[day : day + near] += kernel[:near, None] * cases[day]
    return cases, recent


@cache
def return_kernel(service: Service, span: int) -> Floats:
    """Expected next cases of a case by days after it, for cases created evenly in a day."""
    parts = []
    for channel in range(len(CHANNELS)):
        taken = service.kind_shares(channel)[:2].sum()
        chance = taken * return_share(service) * (1 - service.reopen_share[channel])
        for priority in range(len(PRIORITIES)):
            share = service.channel_mix[span, channel] * service.priority_mix[priority]
            solve = Waits.mixed(
                [(j.share, j.solve) for j in journeys(service, channel, priority, span, nodes=4)]
            )
            back = solve.followed_by(service.return_median, service.return_spread, nodes=6)
            parts.append((share * chance, back))
    edges = DAY * np.arange(-1.0, RETURN_HORIZON + 2)
    area = Waits.mixed(parts).area(np.asarray(edges, dtype=np.float64)) / DAY
    kernel: Floats = area[2:] - 2 * area[1:-1] + area[:-2]
    return kernel


@cache
def case_rates(service: Service) -> Floats:
    """Expected cases per second by span."""
    days = simulated_days()
    cases = expected_cases(service)[0].sum(axis=1)
    ends = np.append(days.span_starts[1:], days.as_of)
    totals = np.bincount(days.span, weights=cases, minlength=len(SPANS))
    rates: Floats = totals / (ends - days.span_starts)
    return rates


def category_shares(service: Service, span: int) -> Floats:
    """Expected shares of the categories among the cases created in a span."""
    cases = expected_cases(service)[0][simulated_days().span == span].sum(axis=0)
    shares: Floats = cases / cases.sum()
    return shares


def arrivals(waits: Waits, span: int, start: float, end: float) -> float:
    """Expected ends in [start, end) of waits that begin evenly in a span, one per second."""
    return float(arrivals_of_parts(waits, span, start, end) @ waits.weight)


def arrivals_of_parts(waits: Waits, span: int, start: float, end: float) -> Floats:
    """The same for each part of the mixture alone."""
    days = simulated_days()
    opens = days.span_starts[span]
    closes = days.span_starts[span + 1] if span + 1 < len(SPANS) else days.as_of
    edges = np.array([end - opens, end - closes, start - opens, start - closes], dtype=np.float64)
    area = waits.areas(edges)
    found: Floats = area[0] - area[1] - area[2] + area[3]
    return found


def quarter_window(span: int = CURRENT) -> tuple[int, int]:
    """Start and end of a quarter (default: the audited one), in seconds since 1970."""
    starts = simulated_days().span_starts
    return int(starts[span]), int(starts[span + 1])
