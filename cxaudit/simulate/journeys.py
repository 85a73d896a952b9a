"""How long a case of a channel and priority takes, as exact distributions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np

from cxaudit.simulate.service import CURRENT, SERVED, SLOW_TEAM, STUCK, Floats, Service
from cxaudit.simulate.waits import Waits, normal, normal_nodes

# A last agent of another team, of the slow team before it got slower, and after.
OTHER, SLOW_BEFORE, SLOW_NOW = 0, 1, 2


@dataclass(frozen=True, eq=False)
class Journey:
    """One way through the service: its chance among the cases a person takes up."""

    share: float
    kind: int
    is_passed_on: bool
    pace: int
    reply: Waits
    solve: Waits


def threshold_share(cut: float, *deviations: float) -> float:
    """The chance that cut + normal effects + unit noise is above zero."""
    return float(normal(cut / np.sqrt(1 + sum(d**2 for d in deviations))))


@cache
def same_agent_share(service: Service) -> float:
    """The chance that two cases drawn by volume meet the same agent: E of sum w^2 / (sum w)^2."""
    z, share = normal_nodes(60)
    weight = np.exp(service.volume_spread * z)
    step = 0.01
    s = np.exp(np.arange(-14.0, 6.0, step))[:, None]
    laplace = (share * np.exp(-s * weight)).sum(axis=1)
    second = (share * weight**2 * np.exp(-s * weight)).sum(axis=1)
    count = service.agents
    return float(count * step * np.sum(s[:, 0] ** 2 * second * laplace ** (count - 1)))


def same_team_share(service: Service) -> float:
    """The chance that two cases drawn by volume meet the same team."""
    same = same_agent_share(service)
    return same + (1 - same) * float(np.sum(service.team_shares**2))


def passed_on_share(service: Service) -> float:
    """The chance that a case goes on to another agent, in whatever team."""
    wanted = threshold_share(service.transfer_cut, service.agent_transfer)
    return wanted * (1 - same_agent_share(service))


def return_share(service: Service) -> float:
    """The chance that the customer of a solved case comes back about it."""
    return threshold_share(service.return_cut, service.agent_return)


def reply_wait(service: Service, channel: int, priority: int, span: int) -> Waits:
    """Time to the first human reply of cases that a person takes up."""
    parts = []
    for is_slow, share in _teams(service):
        mu = _reply_mu(service, channel, priority, span, is_slow)
        parts.append((share, Waits.log_normal(np.exp(mu), reply_deviation(service, channel))))
    return Waits.mixed(parts)


def reply_deviation(service: Service, channel: int) -> float:
    """Standard deviation of the logarithm of the time to the first reply."""
    own = service.reply_spread[channel] ** 2
    return float(np.sqrt(own + service.agent_reply**2 + service.customer_reply**2))


def journeys(
    service: Service, channel: int, priority: int, span: int, nodes: int = 12
) -> Iterator[Journey]:
    """The ways of cases that a person takes up; their shares add up to one."""
    taken = service.kind_shares(channel)[[SERVED, STUCK]]
    passed_on = passed_on_share(service)
    for first_slow, first_share in _teams(service):
        for last_slow, last_share in _teams(service):
            ways = [(True, passed_on * first_share * last_share)]
            if first_slow == last_slow:
                ways.append((False, (1 - passed_on) * first_share))
            for is_passed_on, share in ways:
                reply = _reply_mu(service, channel, priority, span, first_slow)
                pace = (SLOW_NOW if span >= CURRENT else SLOW_BEFORE) if last_slow else OTHER
                work = work_mu(service, channel, priority, span, pace)
                tie = 0.0 if is_passed_on else reply_work_correlation(service, channel)
                deviation = reply_deviation(service, channel)
                for kind in (SERVED, STUCK):
                    yield Journey(
                        share * float(taken[kind] / taken.sum()),
                        kind,
                        is_passed_on,
                        pace,
                        Waits.log_normal(np.exp(reply), deviation),
                        _solve(service, reply, deviation, kind, work, tie, nodes),
                    )


def reply_work_correlation(service: Service, channel: int) -> float:
    """Correlation of the logarithms of reply and work time of one agent's case."""
    tied = service.skill**2 * service.agent_reply * service.agent_work
    return tied / (reply_deviation(service, channel) * service.work_deviation)


def work_mu(service: Service, channel: int, priority: int, span: int, pace: int) -> float:
    """Mean of the logarithm of work time."""
    usual = service.work_median[channel] * service.work_priority[priority] * service.pace[span]
    return float(np.log(usual) + np.log(service.slow_factor) * (pace == SLOW_NOW))


def reply_nodes(
    service: Service, channel: int, mu: float, work_z: Floats, tie: float, nodes: int
) -> tuple[Floats, Floats]:
    """Nodes of the reply time for each standardised work time: (work, node) and weights."""
    z, share = normal_nodes(nodes)
    deviation = reply_deviation(service, channel)
    drawn = tie * work_z[:, None] + np.sqrt(1 - tie**2) * z
    return np.exp(mu + deviation * drawn), share


def first_reply_mus(
    service: Service, channel: int, priority: int, span: int, is_passed_on: bool, pace: int
) -> list[tuple[float, float]]:
    """Chance and mean of log reply time given the last agent's team, by the first agent's."""
    ways = _teams(service) if is_passed_on else [(pace != OTHER, 1.0)]
    return [
        (share, _reply_mu(service, channel, priority, span, is_slow)) for is_slow, share in ways
    ]


def withdrawn_wait(service: Service, channel: int) -> Waits:
    """Time until the customer withdraws, of those who do."""
    return Waits.log_normal(service.withdrawn_median[channel], service.withdrawn_spread)


def ignored_wait(service: Service) -> Waits:
    """Time until an unanswered case is closed by housekeeping."""
    return Waits.log_normal(service.ignored_median, service.ignored_spread)


def _teams(service: Service) -> list[tuple[bool, float]]:
    slow = float(service.team_shares[SLOW_TEAM])
    return [(False, 1 - slow), (True, slow)]


def _reply_mu(service: Service, channel: int, priority: int, span: int, is_slow: bool) -> float:
    usual = service.reply_median[channel] * service.reply_priority[priority] * service.pace[span]
    return float(np.log(usual) + np.log(service.slow_factor) * (is_slow and span >= CURRENT))


def _solve(
    service: Service, reply: float, deviation: float, kind: int, work: float, tie: float, nodes: int
) -> Waits:
    z, share = normal_nodes(nodes)
    point = np.exp(reply + deviation * z)
    if kind == STUCK:
        mu = np.full(nodes, np.log(service.stuck_median))
        return Waits(share, point, mu, np.full(nodes, service.stuck_spread))
    spread = service.work_deviation
    sigma = np.full(nodes, spread * np.sqrt(1 - tie**2))
    return Waits(share, point, work + tie * spread * z, sigma)
