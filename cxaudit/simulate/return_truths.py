"""The truths of what follows a solve: reopens, returns, escalations, whom one meets again."""

from __future__ import annotations

from functools import cache

import numpy as np

from cxaudit.simulate.cases import primary_rates
from cxaudit.simulate.days import simulated_days
from cxaudit.simulate.expected import (
    arrivals,
    case_rates,
    category_shares,
    expected_cases,
    quarter_window,
    return_kernel,
)
from cxaudit.simulate.journeys import (
    passed_on_share,
    return_share,
    same_agent_share,
    same_team_share,
    threshold_share,
)
from cxaudit.simulate.service import CHANNELS, CURRENT, DAY, PREVIOUS, Floats, Service
from cxaudit.simulate.strata import Value, cells, first_solve, taken_share, taken_solve
from cxaudit.simulate.waits import normal

TOP_CATEGORIES = 5


def solves(service: Service, start: float, end: float) -> tuple[Floats, Floats]:
    """Expected first solves in a window by channel: of cases a person took up, and of all."""
    taken, every = np.zeros(len(CHANNELS)), np.zeros(len(CHANNELS))
    for span in range(service.starts_with, CURRENT + 1):
        rate = case_rates(service)[span]
        for channel, priority, share in cells(service, span):
            once = taken_solve(service, channel, priority, span)
            found = taken_share(service, channel) * arrivals(once, span, start, end)
            other = first_solve(service, channel, priority, span)
            taken[channel] += rate * share * found
            every[channel] += rate * share * arrivals(other, span, start, end)
    return taken, every


@cache
def _quarter_solves(service: Service) -> tuple[Floats, float]:
    taken, every = solves(service, *quarter_window())
    return taken, float(every.sum())


def returns(service: Service) -> list[Value]:
    """The truths that rest on what comes back: reopens, returns, routing, reasons."""
    taken, every = _quarter_solves(service)
    comes_back = return_share(service)

    def within(days: int) -> float:
        z = np.log(days * DAY / service.return_median) / service.return_spread
        return float(normal(z))

    reopened = float(np.sum(taken * service.reopen_share)) * comes_back * within(14) / every
    back = float(taken.sum()) * comes_back * within(7) / every
    alone = _no_chance_meeting(service, 7, excluded_before=7)
    escalated = threshold_share(service.escalation_cut, service.agent_escalation)
    front = 1 - escalated * float(taken.sum()) / every
    return [
        Value("acc_reopen_14d", reopened, "share", "chance and delay of a reopen"),
        Value(
            "qua_fcr_observed",
            (1 - back) * alone,
            "share",
            "chance and delay of a return, and of another first contact of the category by chance",
        ),
        Value("qua_frontline_resolution", front, "share", "normal threshold model"),
        Value("per_continuity", _continuity(service), "share", "chances of the routing"),
        Value("imp_top_driver_reduction", _reduction(service), "relative_change", "expected cases"),
    ]


def _no_chance_meeting(service: Service, days: int, excluded_before: int = 0) -> float:
    """Chance of no other case of the customer and category in so many days.

    Rates are gamma; a case meets frequent customers more often. `excluded_before`: given that
    there was none in so many days before either. A customer's cases come in clusters, a first
    contact and those that follow: a window meets those that begin in it or reach into it.
    """
    quarter = simulated_days().span == CURRENT
    per_day = primary_rates(service)[quarter].mean(axis=0) / service.customers
    shape = service.rate_shape
    kernel = return_kernel(service, CURRENT)
    delay = np.arange(kernel.size) + 0.5

    def reach(window: int) -> float:
        return window + float(kernel @ np.minimum(delay, window)) if window else 0.0

    def none_in(length: float) -> Floats:
        free: Floats = (1 + length * per_day / shape) ** -(shape + 1)
        return free

    before = reach(excluded_before)
    chances = none_in(reach(days) + before) / none_in(before)
    return float(category_shares(service, CURRENT) @ chances)


def _continuity(service: Service) -> float:
    """Mean credit of cases whose customer had another of the category in the 30 days before."""
    quarter = simulated_days().span == CURRENT
    cases, recent = (table[quarter].sum(axis=0) for table in expected_cases(service))
    by_chance = (cases - recent) * (1 - _no_chance_meeting(service, 30))
    same = same_agent_share(service)
    credit = same + 0.5 * (same_team_share(service) - same)
    kept = service.sticky * (1 - passed_on_share(service))
    stays = kept + (1 - kept) * credit
    returned, met = float(recent.sum()), float(by_chance.sum())
    return (returned * stays + met * credit) / (returned + met)


def _reduction(service: Service) -> float:
    """Change of the expected cases per day in the categories largest in the quarter before."""
    span = simulated_days().span
    cases = expected_cases(service)[0]
    before, now = cases[span == PREVIOUS], cases[span == CURRENT]
    top = np.argsort(before.sum(axis=0))[::-1][:TOP_CATEGORIES]
    return float(now[:, top].sum() / len(now) / (before[:, top].sum() / len(before)) - 1)


def people(service: Service) -> list[Value]:
    """The truths about customers' records and about changes of team."""
    known = (1 - service.record_missing) * (1 - service.segment_missing)
    known *= (1 - service.since_missing) * (1 - service.duplicate_share)
    known *= 1 - service.language_missing * service.preference_missing
    moved = threshold_share(service.transfer_cut, service.agent_transfer)
    stays = 1 - moved * (1 - same_team_share(service))
    return [
        Value("per_profile_360", known, "share", "product of the chances of the fields"),
        Value("acc_right_first_routing", stays, "share", "chance of a change of team"),
    ]
