"""The truths of waiting: first reply, promises kept, time to the solve, what stays open."""

from __future__ import annotations

import numpy as np

from cxaudit.simulate.cases import HOURS, primary_rates
from cxaudit.simulate.days import simulated_days
from cxaudit.simulate.expected import case_rates, expected_cases, quarter_window
from cxaudit.simulate.immature import as_seen
from cxaudit.simulate.journeys import reply_wait, return_share
from cxaudit.simulate.service import CHANNELS, CURRENT, DAY, PREVIOUS, Floats, Service
from cxaudit.simulate.strata import Value, cells, first_solve, taken_share, taken_solve
from cxaudit.simulate.waits import Waits, normal_nodes

STALE_DAYS, PROMISE_MULTIPLE = 14, 2.0
DAILY, HOURLY = 21, 4  # days before the instant
NOT_TIMED = CHANNELS.index("phone")


def speed(service: Service) -> list[Value]:
    """The truths about first replies: by channel, median and P90."""
    values = []
    how = "quantile of the log-normal mixture over teams and priorities, unanswered cases included"
    for channel, name in enumerate(CHANNELS):
        if channel == NOT_TIMED:
            continue
        waits = reply_waits(service, channel, service.priority_mix)
        for id, q in (("spd_first_response", 0.5), ("spd_first_response_p90", 0.9)):
            part = (("channel", name),)
            values.append(Value(id, waits.quantile(q), "seconds", how, part))
    how = "expected promises due in the quarter and kept, mean of response and resolution"
    kept = np.mean([_kept(service, is_reply) for is_reply in (True, False)])
    values.append(Value("spd_sla_attainment", float(kept), "share", how))
    how = "expected open cases by age, from the arrivals and the survival functions"
    values.append(Value("spd_stale_backlog", _stale(service), "share", how))
    return values


def reply_waits(service: Service, channel: int, priorities: Floats, span: int = CURRENT) -> Waits:
    """Time to the first human reply in a channel; the cases nobody answers never end."""
    parts = [
        (float(share), reply_wait(service, channel, p, span)) for p, share in enumerate(priorities)
    ]
    return Waits.mixed(parts).thinned(taken_share(service, channel))


def _kept(service: Service, is_reply: bool) -> float:
    """Share of the promises due in the quarter that are kept."""
    promises = service.reply_promise if is_reply else service.solve_promise
    start, end = quarter_window()
    spans = simulated_days().span_starts
    due, kept = 0.0, 0.0
    for span in (PREVIOUS, CURRENT):
        for channel, priority, share in cells(service, span):
            promise = float(promises[channel, priority])
            opens = max(start - promise, float(spans[span]))
            closes = min(end - promise, float(spans[span + 1]))
            expected = case_rates(service)[span] * share * max(0.0, closes - opens)
            if is_reply:
                met = taken_share(service, channel) * reply_wait(
                    service, channel, priority, span
                ).cdf(promise)
            else:
                met = first_solve(service, channel, priority, span).cdf(promise)
            due += expected
            kept += expected * float(met[0])
    return kept / due


def resolution(service: Service) -> list[Value]:
    """The truths about solves: mean time, share in time, promises, backlog."""
    taken_solves = [
        (share, c, taken_solve(service, c, p, CURRENT)) for c, p, share in cells(service, CURRENT)
    ]
    mean, solved = as_seen(service, taken_solves)
    how = "survival of the last solve as an endless number of cases would show it at as-of"
    return [
        Value("spd_resolution_rmst", mean, "seconds", how),
        Value("qua_resolution_30d", solved, "share", how + ", withdrawals competing"),
    ]


def _stale(service: Service) -> float:
    """Expected open cases older than two weeks and twice their promise, of all open cases."""
    instant = quarter_window()[1]
    totals = np.zeros(2)
    for span, segments in _segments(service, instant):
        oldest, youngest = instant - segments[:, 0], instant - segments[:, 1]
        rate = segments[:, 2]
        for channel, priority, share in cells(service, span):
            promise = PROMISE_MULTIPLE * float(service.solve_promise[channel, priority])
            threshold = max(promise, STALE_DAYS * DAY)
            for place, age in enumerate((threshold, 0.0)):
                start = np.clip(age, youngest, oldest)
                is_open = _open_area(service, channel, priority, span, start, oldest)
                totals[place] += share * float(rate @ is_open)
    return float(totals[0] / totals[1])


def _segments(service: Service, instant: int) -> list[tuple[int, Floats]]:
    """Stretches of even arrivals before an instant by span: start, end, cases per second.

    The last three weeks day by day and the last four days hour by hour, because the rhythms of
    the week and of the day show in what is open.
    """
    days = simulated_days()
    every = expected_cases(service)[0].sum(axis=1)
    first = primary_rates(service).sum(axis=1)
    last = int(np.searchsorted(days.starts, instant))
    found = []
    for span in range(service.starts_with, CURRENT + 1):
        of_span = np.flatnonzero(days.span == span)
        rows: list[tuple[float, float, float]] = []
        rest = of_span[of_span < last - DAILY]
        if rest.size:
            opens, closes = float(days.starts[rest[0]]), float(days.starts[rest[-1] + 1])
            rows.append((opens, closes, float(every[rest].sum()) / (closes - opens)))
        for day in of_span[of_span >= last - DAILY]:
            parts = 24 if day >= last - HOURLY else 1
            # First contacts keep to the hours of the day, returns do not.
            share = HOURS.reshape(parts, -1).sum(axis=1) / HOURS.sum()
            cases = first[day] * share + (every[day] - first[day]) / parts
            edges = np.linspace(days.starts[day], days.starts[day + 1], parts + 1)
            rows += zip(edges[:-1], edges[1:], cases / np.diff(edges), strict=True)
        found.append((span, np.array(rows)))
    return found


def _open_area(
    service: Service, channel: int, priority: int, span: int, start: Floats, end: Floats
) -> Floats:
    """Integral over ages from start to end of the chance to be open at the quarter's end.

    Open is what is not solved, or was solved again between then and as-of.
    """
    both = np.concatenate([end, start])

    def between(waits: Waits, sooner: float = 0.0) -> Floats:
        at_end, at_start = np.split(waits.area(both - sooner), 2)
        difference: Floats = at_end - at_start
        return difference

    area = end - start - between(first_solve(service, channel, priority, span))
    gap = float(simulated_days().as_of - quarter_window()[1])
    once = taken_solve(service, channel, priority, span)
    chance = taken_share(service, channel) * return_share(service)
    chance *= float(service.reopen_share[channel])
    for z, share in zip(*normal_nodes(8), strict=True):
        again = service.return_median / service.rework_part * np.exp(service.return_spread * z)
        area += chance * share * (between(once, max(0.0, again - gap)) - between(once, again))
    return area
