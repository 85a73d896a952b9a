"""What customers are expected to answer: the truth of every indicator on surveys."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from cxaudit.simulate.days import simulated_days
from cxaudit.simulate.expected import (
    arrivals_of_parts,
    case_rates,
    category_shares,
    quarter_window,
)
from cxaudit.simulate.journeys import (
    OTHER,
    SLOW_BEFORE,
    SLOW_NOW,
    first_reply_mus,
    passed_on_share,
    reply_nodes,
    reply_work_correlation,
    work_mu,
)
from cxaudit.simulate.service import (
    CHANNELS,
    CURRENT,
    SERVED,
    SLOW_TEAM,
    STUCK,
    Floats,
    Item,
    Service,
)
from cxaudit.simulate.waits import Waits, normal, normal_nodes

WORK_NODES = 20
REPLY_NODES = 8
PACES = 3


@dataclass(frozen=True, eq=False)
class Answers:
    """Expected answers of the quarter in cells: weight, mean satisfaction, and what they are.

    `variance` is that of satisfaction within a cell, `mean` without the effects of people.
    """

    weight: Floats
    mean: Floats
    variance: float
    channel: Floats
    mode: Floats
    is_complaint: np.ndarray

    def hit_share(self, item: Item, where: np.ndarray | slice = slice(None)) -> float:
        """Expected share of answers above the question's top cut."""
        weight = self.weight[where]
        spread = np.sqrt(1 + item.loading**2 * self.variance)
        hits = normal((item.loading * self.mean[where] - item.top_cut) / spread)
        return float(np.sum(weight * hits) / np.sum(weight))


def answer_share(service: Service) -> Floats:
    """Chance of an answer to an invitation by channel and mode."""
    by_mode = service.answered * float(service.answered_segment @ service.segment_mix)
    share: Floats = service.mode_mix * by_mode
    return share


@cache
def answered_flow(service: Service, quarter: int = CURRENT) -> tuple[Floats, Floats, Floats]:
    """Expected answers of a quarter per invitation answered, by how the case went.

    Served cases: channel, passed on, pace of the last agent, node of work time. Stuck cases:
    channel, passed on, pace. And the categories' shares.
    """
    channels = len(CHANNELS)
    served = np.zeros((channels, 2, PACES, WORK_NODES))
    stuck = np.zeros((channels, 2, PACES))
    categories = np.zeros(service.category_effect.size)
    start, end = quarter_window(quarter)
    for span in range(quarter - 2, quarter + 1):
        total = 0.0
        for channel in range(channels):
            scale = case_rates(service)[span] * service.channel_mix[span, channel]
            scale *= service.kind_shares(channel)[:2].sum() * service.invited[channel]
            for priority, share in enumerate(service.priority_mix):
                cell = (channel, priority, span)
                flow = _served(service, cell, start, end) * scale * share
                served[channel] += flow
                late = _stuck(service, cell, start, end) * scale * share
                stuck[channel] += late
                total += flow.sum() + late.sum()
        categories += total * category_shares(service, span)
    return served, stuck, categories / categories.sum()


def _served(service: Service, cell: tuple[int, int, int], start: int, end: int) -> Floats:
    channel, _, span = cell
    flow = np.zeros((2, PACES, WORK_NODES))
    z, z_share = normal_nodes(WORK_NODES)
    for passed, pace, chance in _ways(service, channel, span, SERVED):
        work = np.exp(work_mu(service, *cell, pace) + service.work_deviation * z)
        tie = 0.0 if passed else reply_work_correlation(service, channel)
        for share, mu in first_reply_mus(service, *cell, bool(passed), pace):
            reply, reply_share = reply_nodes(service, channel, mu, z, tie, REPLY_NODES)
            waits = _until_answer(service, (reply + work[:, None]).ravel())
            found = arrivals_of_parts(waits, span, start, end).reshape(reply.shape) @ reply_share
            flow[passed, pace] += chance * share * z_share * found
    return flow


def _stuck(service: Service, cell: tuple[int, int, int], start: int, end: int) -> Floats:
    channel, _, span = cell
    flow = np.zeros((2, PACES))
    z, z_share = normal_nodes(WORK_NODES)
    point = np.exp(np.log(service.stuck_median) + service.stuck_spread * z)
    found = z_share @ arrivals_of_parts(_until_answer(service, point), span, start, end)
    for passed, pace, chance in _ways(service, channel, span, STUCK):
        flow[passed, pace] = chance * found
    return flow


def _ways(service: Service, channel: int, span: int, kind: int) -> list[tuple[int, int, float]]:
    """Passed on or not, pace of the last agent, and the chance of both and of the kind."""
    taken = service.kind_shares(channel)[[SERVED, STUCK]]
    of_kind = float(taken[kind] / taken.sum())
    passed_on, slow = passed_on_share(service), float(service.team_shares[SLOW_TEAM])
    slow_pace = SLOW_NOW if span >= CURRENT else SLOW_BEFORE
    return [
        (passed, pace, of_kind * moved * team)
        for passed, moved in ((0, 1 - passed_on), (1, passed_on))
        for pace, team in ((OTHER, 1 - slow), (slow_pace, slow))
    ]


def _until_answer(service: Service, solved: Floats) -> Waits:
    """Time to the answer, for each of these times to the solve."""
    size = solved.size
    mu = np.full(size, np.log(service.answer_median))
    spread = np.full(size, service.answer_spread)
    return Waits(np.ones(size), solved + service.invite_after, mu, spread)


def week_remainder() -> float:
    """The part of the weeks' variance that is left once level and trend are taken off."""
    days = simulated_days()
    weeks = np.unique(days.week[days.span == CURRENT]).size
    return (weeks - 2) / weeks


def people_variance(service: Service) -> float:
    """Variance of satisfaction by agent, customer and week."""
    week = service.week_satisfaction**2 * week_remainder()
    return service.agent_satisfaction**2 + service.customer_satisfaction**2 + week


def tied_wait(service: Service) -> float:
    """Covariance of the agent's satisfaction effect with the standardised work time."""
    tied = service.skill**2 * service.agent_satisfaction * service.agent_work
    return -tied / service.work_deviation


@cache
def expected_answers(service: Service, quarter: int = CURRENT) -> Answers:
    """The cells of a quarter's answers over channel, way, mode, category and complaint."""
    served, stuck, categories = answered_flow(service, quarter)
    z = normal_nodes(WORK_NODES)[0]
    slowing = np.log(service.slow_factor) / service.work_deviation
    tie = tied_wait(service)
    pace = np.array([0.0, 0.0, slowing])[:, None]
    wait = -service.wait_effect * (z + pace) + tie * z
    moved = service.transfer_effect * np.arange(2)
    way_mean = np.concatenate(
        [
            (moved[:, None, None] + wait).ravel(),
            np.repeat(moved + service.stuck_effect, PACES),
        ]
    )
    channels = len(CHANNELS)
    way_weight = np.concatenate([served.reshape(channels, -1), stuck.reshape(channels, -1)], axis=1)
    complaint = np.array([1 - service.complaint_share, service.complaint_share])
    shape = (channels, way_mean.size, service.mode_effect.size, categories.size, 2)
    weight = (
        way_weight[:, :, None, None, None]
        * answer_share(service)[:, None, :, None, None]
        * categories[:, None]
        * complaint
    )
    mean = (
        service.satisfaction[quarter][:, None, None, None, None]
        + way_mean[:, None, None, None]
        + service.mode_effect[:, None, None]
        + service.category_effect[:, None]
        + service.complaint_effect * np.arange(2)
    )
    index = np.indices(shape)
    return Answers(
        weight.ravel(),
        mean.ravel(),
        people_variance(service) - tie**2,
        index[0].ravel(),
        index[2].ravel(),
        index[4].ravel() == 1,
    )


def channel_gap(service: Service) -> float:
    """Mean distance of the channels' satisfaction from their mean, answers by e-mail alone."""
    answers, item = expected_answers(service), service.items["csat"]
    in_mode = answers.mode == 0
    channels = range(len(CHANNELS))
    shares = np.array([answers.hit_share(item, in_mode & (answers.channel == c)) for c in channels])
    weight = np.array([answers.weight[in_mode & (answers.channel == c)].sum() for c in channels])
    weight /= weight.sum()
    return float(np.sum(weight * np.abs(shares - np.sum(weight * shares))))


def week_swing(service: Service) -> float:
    """Standard deviation of the weekly share of satisfied answers."""
    answers, item = expected_answers(service), service.items["csat"]
    z, z_share = normal_nodes(12)
    rest = answers.variance - service.week_satisfaction**2 * week_remainder()
    shares = np.array(
        [
            Answers(
                answers.weight,
                answers.mean + service.week_satisfaction * node,
                rest,
                answers.channel,
                answers.mode,
                answers.is_complaint,
            ).hit_share(item)
            for node in z
        ]
    )
    centre = np.sum(z_share * shares)
    return float(np.sqrt(np.sum(z_share * (shares - centre) ** 2)))


def agent_share_of_variance(service: Service) -> float:
    """Share of the variance of the 0 to 100 rating that lies between agents.

    An agent differs by the effect on satisfaction, by the pace of work, which customers feel, and
    by belonging to the team that got slower.
    """
    item = service.items["csat"]
    answers = expected_answers(service)
    served, stuck, _ = answered_flow(service)
    ways = served.size // len(CHANNELS) + stuck.size // len(CHANNELS)
    way = np.indices((len(CHANNELS), ways, answers.weight.size // (len(CHANNELS) * ways)))[1]
    way = way.ravel()
    pace_of_way = np.concatenate(
        [
            np.broadcast_to(np.arange(PACES)[:, None], (2, PACES, WORK_NODES)).ravel(),
            np.tile(np.arange(PACES), 2),
        ]
    )
    is_slow_team = (pace_of_way != OTHER)[way]
    is_served = (way < served.size // len(CHANNELS))[..., None].ravel()
    # The nodes of work time hold the agent's part of it: taken out of each cell's mean, the
    # agent's node below puts it back, and the rest of the work time stays in the cells.
    z = normal_nodes(WORK_NODES)[0]
    z_of_way = np.concatenate([np.tile(z, 2 * PACES), np.zeros(2 * PACES)])[way]
    part = service.agent_work / service.work_deviation
    tie = tied_wait(service)
    own = service.agent_satisfaction**2 + (service.wait_effect * part) ** 2
    own += -2 * service.wait_effect * tie
    total = people_variance(service) + service.wait_effect**2 - 2 * service.wait_effect * tie
    served_mean = answers.mean - is_served * (tie - service.wait_effect) * z_of_way
    rest = np.where(
        is_served, total - own, people_variance(service) - service.agent_satisfaction**2
    )
    nodes, node_share = normal_nodes(12)
    between_mean, between_square, whole = 0.0, 0.0, np.zeros(2)
    for team_slow in (False, True):
        share = float(service.team_shares[SLOW_TEAM])
        chance = share if team_slow else 1 - share
        where = is_slow_team == team_slow
        weight = answers.weight[where] / answers.weight[where].sum()
        for node, node_chance in zip(nodes, node_share, strict=True):
            mean = served_mean[where] + np.sqrt(own) * node
            spread = np.sqrt(1 + rest[where])
            above = [normal((mean - cut) / spread) for cut in item.cuts]
            score = 25 * float(weight @ sum(above))
            square = 625 * float(weight @ sum((2 * step + 1) * p for step, p in enumerate(above)))
            between_mean += chance * node_chance * score
            between_square += chance * node_chance * score**2
            whole += chance * node_chance * np.array([score, square])
    between = between_square - between_mean**2
    return float(between / (whole[1] - whole[0] ** 2))
