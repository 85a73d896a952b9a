"""Survey invitations and what customers answer."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cxaudit.simulate.cases import NEVER, Cases, is_unheard
from cxaudit.simulate.days import Ints, simulated_days
from cxaudit.simulate.people import Agents, Customers, stream
from cxaudit.simulate.service import CHANNELS, STUCK, Floats, Item, Service

UNSAID = -1
REPEAT_WINDOW = 30 * 86400
BOT_CHANNELS = ("chat", "messaging", "in_app")
HALO = 0.6  # correlation of the noise in one customer's answers
SKIPPED = 0.02  # of the questions in a module are left blank
SECOND_ANSWER = 0.012  # of the customers who answer rate once more later


@dataclass(frozen=True, eq=False)
class Invitations:
    """One entry per invitation sent before as-of, in order of sending; `case` is its case.

    `values` holds the answers by question: UNSAID where the question was skipped or the invitation
    not answered. `asked` says which questions the invitation held. `is_second` marks a later
    second rating of the same case.
    """

    case: Ints
    sent: Ints
    mode: Ints
    responded: Ints
    is_second: np.ndarray
    asked: dict[str, np.ndarray]
    values: dict[str, Ints]


def draw_invitations(
    service: Service, seed: int, cases: Cases, agents: Agents, customers: Customers
) -> Invitations:
    """Invitations an hour after the first solve of cases that a person took up."""
    rng = stream(seed, "answers")
    days = simulated_days()
    invited = ~is_unheard(cases) & (rng.random(len(cases)) < service.invited[cases.channel])
    case = np.flatnonzero(invited)
    mode = _modes(service, rng, cases.channel[case])
    sent = cases.solved[case] + int(service.invite_after)
    segment = customers.segment[cases.customer[case]]
    willing = rng.random(case.size) < response_rates(service)[mode, segment]
    delay = np.exp(
        np.log(service.answer_median) + service.answer_spread * rng.standard_normal(case.size)
    )
    responded = np.where(willing, sent + np.maximum(30, np.rint(delay)).astype(np.int64), NEVER)
    module = rng.integers(1, 4, case.size)
    kept = sent <= days.as_of
    case, mode, sent, responded = case[kept], mode[kept], sent[kept], responded[kept]
    module = module[kept]
    second = (responded < NEVER) & (rng.random(case.size) < SECOND_ANSWER)
    again = np.flatnonzero(second)
    later = responded[again] + rng.integers(2 * 86400, 6 * 86400, again.size)
    seen = later <= days.as_of
    again, later = again[seen], later[seen]
    case = np.concatenate([case, case[again]])
    mode = np.concatenate([mode, mode[again]])
    sent = np.concatenate([sent, later - rng.integers(60, 7200, again.size)])
    responded = np.concatenate([responded, later])
    module = np.concatenate([module, np.full(again.size, -1)])
    responded = np.where(responded <= days.as_of, responded, NEVER)
    invitations = Invitations(
        case, sent, mode, responded, module == -1, _asked(service, module), {}
    )
    values = _values(service, seed, rng, cases, agents, customers, invitations)
    order = np.lexsort((case, sent))
    return Invitations(
        case[order],
        sent[order],
        mode[order],
        responded[order],
        invitations.is_second[order],
        {key: column[order] for key, column in invitations.asked.items()},
        {key: column[order] for key, column in values.items()},
    )


def response_rates(service: Service) -> Floats:
    """Chance of an answer by mode and segment of the customer."""
    return service.answered[:, None] * service.answered_segment[None, :]


def handed_over_by_bot(cases: Cases) -> np.ndarray:
    """Cases of live channels that a bot met before the person who replied."""
    live = np.isin(cases.channel, [CHANNELS.index(name) for name in BOT_CHANNELS])
    handed: np.ndarray = live & (cases.replied < NEVER) & (cases.replied - cases.created > 3)
    return handed


def came_back_or_passed_on(cases: Cases) -> np.ndarray:
    """Cases of customers with another case of the category in the 30 days before, or passed on.

    By another group, or by a bot.
    """
    order = np.lexsort((cases.created, cases.category, cases.customer))
    customer, category = cases.customer[order], cases.category[order]
    same = (customer[1:] == customer[:-1]) & (category[1:] == category[:-1])
    recent = np.diff(cases.created[order]) <= REPEAT_WINDOW
    back = np.zeros(len(cases), dtype=bool)
    back[order[1:]] = same & recent
    return back | cases.is_regrouped | handed_over_by_bot(cases)


def satisfaction_means(service: Service, cases: Cases, invitations: Invitations) -> Floats:
    """Expected satisfaction of each invitation before the effects of people and week."""
    case, days = invitations.case, simulated_days()
    at = np.where(invitations.responded < NEVER, invitations.responded, invitations.sent)
    is_stuck = cases.kind[case] == STUCK
    wait = np.where(is_stuck, service.stuck_effect, -service.wait_effect * cases.work_score[case])
    means: Floats = (
        service.satisfaction[days.span_of(at), cases.channel[case]]
        + service.category_effect[cases.category[case]]
        + service.mode_effect[invitations.mode]
        + service.transfer_effect * cases.is_passed_on[case]
        + service.complaint_effect * cases.is_complaint[case]
        + wait
    )
    return means


def week_effects(service: Service, seed: int) -> Floats:
    """Effects of the weeks on satisfaction; within a span they have neither level nor trend.

    Their level and trend would be change from quarter to quarter, which is planted apart.
    """
    days = simulated_days()
    rng = stream(seed, "weeks")
    weeks = int(days.week.max()) + 1
    effects = service.week_satisfaction * rng.standard_normal(weeks)
    size = np.bincount(days.week, minlength=weeks).astype(np.float64)
    for span in np.unique(days.span):
        held = np.unique(days.week[days.span == span])
        design = np.column_stack([np.ones(held.size), np.arange(held.size)])
        root = np.sqrt(size[held])[:, None]
        line = np.linalg.lstsq(root * design, root[:, 0] * effects[held], rcond=None)[0]
        effects[held] -= design @ line
    return effects


def _modes(service: Service, rng: np.random.Generator, channel: Ints) -> Ints:
    cumulative = np.cumsum(service.mode_mix, axis=1)[channel]
    mode: Ints = (rng.random(channel.size)[:, None] >= cumulative).sum(axis=1)
    return np.minimum(mode, service.mode_mix.shape[1] - 1)


def _asked(service: Service, module: Ints) -> dict[str, np.ndarray]:
    asked = {
        key: (module == item.module) | ((item.module == 0) & (module != -1))
        for key, item in service.items.items()
    }
    asked["csat"] = np.ones(module.size, dtype=bool)
    asked["had_to_repeat"] = module != -1
    return asked


def _values(
    service: Service,
    seed: int,
    rng: np.random.Generator,
    cases: Cases,
    agents: Agents,
    customers: Customers,
    invitations: Invitations,
) -> dict[str, Ints]:
    case = invitations.case
    agent, customer = cases.agent[case], cases.customer[case]
    is_said = invitations.responded < NEVER
    at = np.where(is_said, invitations.responded, invitations.sent)
    week = simulated_days().week[simulated_days().day_of(at)]
    satisfaction = (
        satisfaction_means(service, cases, invitations)
        + agents.satisfaction[agent]
        + customers.satisfaction[customer]
        + week_effects(service, seed)[week]
    )
    mood = rng.standard_normal(case.size)
    values = {}
    for key, item in service.items.items():
        noise = HALO * mood + np.sqrt(1 - HALO**2) * rng.standard_normal(case.size)
        value = answer_of(item, item.loading * satisfaction + noise)
        skipped = (rng.random(case.size) < SKIPPED) & (item.module > 0)
        values[key] = np.where(is_said & invitations.asked[key] & ~skipped, value, UNSAID)
    cut = np.where(
        came_back_or_passed_on(cases)[case], service.repeat_cut, service.repeat_cut_others
    )
    annoyance = agents.repeat[agent] + customers.repeat[customer] + rng.standard_normal(case.size)
    repeated = (annoyance > cut).astype(np.int64)
    values["had_to_repeat"] = np.where(
        is_said & invitations.asked["had_to_repeat"], repeated, UNSAID
    )
    return values


def answer_of(item: Item, latent: Floats) -> Ints:
    """The answer on the question's scale that goes with a latent value."""
    found: Ints = item.scale_min + np.searchsorted(np.array(item.cuts), latent).astype(np.int64)
    return found
