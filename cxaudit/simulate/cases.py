"""The cases of the service: who came when, who took them up, how they ended, who came back."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from cxaudit.simulate.days import Ints, simulated_days
from cxaudit.simulate.people import Agents, Customers, stream
from cxaudit.simulate.service import (
    CATEGORIES,
    CURRENT,
    IGNORED,
    PRIORITIES,
    SERVED,
    STUCK,
    WITHDRAWN,
    Floats,
    Service,
)

CORE_SHARE = 0.94  # of the tickets; the others are outside the scope of an audit
DAYS_OF_A_QUARTER = 91.3
NOBODY = -1
NEVER = 1 << 40
HOURS = np.array(
    [5, 3, 2, 2, 3, 6, 14, 28, 48, 62, 66, 62, 54, 56, 58, 58, 56, 54, 50, 44, 36, 26, 16, 9],
    dtype=np.float64,
)
# Longest time between taking up a case and passing it on.
HANDOVER_SECONDS = 3600.0


@dataclass(frozen=True, eq=False)
class Cases:
    """One entry per case, in order of creation; instants in seconds since 1970, NEVER if none.

    Everything is known here, also what as-of cuts off later.
    """

    created: Ints
    customer: Ints
    category: Ints
    is_return: np.ndarray
    span: Ints
    channel: Ints
    priority: Ints
    kind: Ints
    is_complaint: np.ndarray
    first_agent: Ints
    agent: Ints
    routed_to: Ints  # whose queue the case was put into, taken up or not
    is_passed_on: np.ndarray
    is_regrouped: np.ndarray
    replied: Ints
    solved: Ints
    work_score: Floats
    is_escalated: np.ndarray
    reopened: Ints
    solved_again: Ints

    @property
    def passed_on(self) -> Ints:
        """When another agent took over, for cases that are passed on."""
        half = np.minimum((self.solved - self.replied) // 10, int(HANDOVER_SECONDS))
        return np.where(self.is_passed_on, self.replied + half, NEVER)

    def __len__(self) -> int:
        return self.created.size

    def take(self, places: np.ndarray) -> Cases:
        """The cases at these places."""
        return Cases(**{f.name: getattr(self, f.name)[places] for f in fields(self)})


def primary_rates(service: Service) -> Floats:
    """Expected first contacts by day and category, before the level of the day."""
    days = simulated_days()
    per_day = CORE_SHARE * service.tickets_per_quarter * (1 - new_case_share(service))
    shares = service.category_rates[days.span] / service.category_rates[0].sum()
    rates = per_day / DAYS_OF_A_QUARTER * service.weekday[days.weekday][:, None] * shares
    length = np.minimum(days.starts[1:], days.as_of) - days.starts[:-1]
    rates *= (length / 86400.0)[:, None]
    rates[days.span < service.starts_with] = 0.0
    return rates


def new_case_share(service: Service) -> float:
    """Roughly, the share of cases that are followed by another; only sizes the service."""
    return 0.127 * (service.return_cut != np.inf)


def draw_cases(service: Service, seed: int, agents: Agents, customers: Customers) -> Cases:
    """All cases created before as-of, with those that follow from earlier ones."""
    rng = stream(seed, "cases")
    batch = _first_contacts(service, rng, customers)
    batches = []
    as_of = simulated_days().as_of
    while batch["created"].size:
        cases, follow_at = served_cases(service, rng, agents, customers, batch)
        batches.append(cases)
        back = np.flatnonzero(follow_at < as_of)
        batch = {
            "created": follow_at[back],
            "customer": cases.customer[back],
            "category": cases.category[back],
            "before": cases.agent[back],
        }
    joined = Cases(
        **{f.name: np.concatenate([getattr(b, f.name) for b in batches]) for f in fields(Cases)}
    )
    return joined.take(np.lexsort((joined.customer, joined.category, joined.created)))


def _first_contacts(
    service: Service, rng: np.random.Generator, customers: Customers
) -> dict[str, Ints]:
    days = simulated_days()
    rates = primary_rates(service) * customers.rate.mean()
    spread = service.day_spread
    level = np.exp(spread * rng.standard_normal(rates.shape[0]) - spread**2 / 2)
    counts = rng.poisson(rates * level[:, None])
    day = np.repeat(np.arange(rates.shape[0]), counts.sum(axis=1))
    category = np.repeat(np.tile(np.arange(len(CATEGORIES)), rates.shape[0]), counts.ravel())
    created = instants_of_day(rng, day)
    cumulative = np.cumsum(customers.rate)
    places = np.searchsorted(cumulative, rng.random(day.size) * cumulative[-1], side="right")
    customer = np.minimum(places, customers.rate.size - 1)
    kept = created < days.as_of
    batch = {"created": created, "customer": customer, "category": category}
    batch["before"] = np.full(day.size, NOBODY)
    return {name: column[kept] for name, column in batch.items()}


def instants_of_day(rng: np.random.Generator, day: Ints) -> Ints:
    """Instants in the given days, most of them in the hours of work."""
    days = simulated_days()
    hour = rng.choice(24, size=day.size, p=HOURS / HOURS.sum())
    part = (hour + rng.random(day.size)) / 24
    length = days.starts[day + 1] - days.starts[day]
    # The last day ends at as-of: its cases came in the hours before it.
    length = np.minimum(length, days.as_of - days.starts[day])
    found: Ints = days.starts[day] + np.floor(part * length).astype(np.int64)
    return found


def _seconds(
    rng: np.random.Generator, mean_of_log: Floats | float, spread: Floats | float, count: int
) -> Ints:
    drawn = np.exp(mean_of_log + spread * rng.standard_normal(count))
    return np.maximum(1, np.rint(drawn)).astype(np.int64)


def _pick(rng: np.random.Generator, shares: Floats) -> Ints:
    """An index per row of shares."""
    cumulative = np.cumsum(shares, axis=-1)
    drawn = rng.random(shares.shape[0]) * cumulative[:, -1]
    found: Ints = (drawn[:, None] >= cumulative).sum(axis=1)
    return found


def served_cases(
    service: Service,
    rng: np.random.Generator,
    agents: Agents,
    customers: Customers,
    batch: dict[str, Ints],
) -> tuple[Cases, Ints]:
    """The cases of a batch, and when the customer opens the next case about it (else NEVER)."""
    created, customer = batch["created"], batch["customer"]
    count = created.size
    span = simulated_days().span_of(created)
    channel = _pick(rng, service.channel_mix[span])
    priority = rng.choice(len(PRIORITIES), size=count, p=service.priority_mix)
    kinds = np.stack([service.kind_shares(c) for c in range(service.reply_median.size)])
    kind = _pick(rng, kinds[channel])
    is_taken = (kind == SERVED) | (kind == STUCK)
    stays = (batch["before"] != NOBODY) & (rng.random(count) < service.sticky)
    first_agent = np.where(stays, batch["before"], agents.draw(rng, count))
    wants_other = service.transfer_cut + agents.transfer[first_agent] + rng.standard_normal(count)
    is_passed_on = is_taken & (wants_other > 0)
    agent = np.where(is_passed_on, agents.draw(rng, count), first_agent)
    is_late = span >= CURRENT
    slow = np.log(service.slow_factor) * is_late

    log_reply = (
        np.log(service.reply_median[channel] * service.reply_priority[priority])
        + np.log(service.pace[span])
        + slow * agents.is_slow[first_agent]
        + agents.reply[first_agent]
        + customers.reply[customer]
    )
    replied = created + _seconds(rng, log_reply, service.reply_spread[channel], count)
    usual = np.log(service.work_median[channel] * service.work_priority[priority])
    usual += np.log(service.pace[span])
    log_work = (
        usual
        + slow * agents.is_slow[agent]
        + agents.work[agent]
        + customers.work[customer]
        + service.work_spread * rng.standard_normal(count)
    )
    work = np.maximum(20, np.rint(np.exp(log_work))).astype(np.int64)
    stuck = _seconds(rng, np.log(service.stuck_median), service.stuck_spread, count)
    withdrawn = _seconds(
        rng, np.log(service.withdrawn_median[channel]), service.withdrawn_spread, count
    )
    ignored = _seconds(rng, np.log(service.ignored_median), service.ignored_spread, count)
    solved = created + np.choose(
        kind, [replied - created + work, replied - created + stuck, withdrawn, ignored]
    )
    tendency = service.return_cut + agents.returns[agent] + rng.standard_normal(count)
    comes_back = is_taken & (tendency > 0)
    back_after = _seconds(rng, np.log(service.return_median), service.return_spread, count)
    reopens = comes_back & (rng.random(count) < service.reopen_share[channel])
    again = np.rint(back_after / service.rework_part).astype(np.int64)
    escalates = (
        service.escalation_cut + agents.escalation[agent] + rng.standard_normal(count) > 0
    ) & is_taken
    cases = Cases(
        created=created,
        customer=customer,
        category=batch["category"],
        is_return=batch["before"] != NOBODY,
        span=span,
        channel=channel,
        priority=priority,
        kind=kind,
        is_complaint=rng.random(count) < service.complaint_share,
        first_agent=np.where(is_taken, first_agent, NOBODY),
        agent=np.where(is_taken, agent, NOBODY),
        routed_to=first_agent,
        is_passed_on=is_passed_on & (agent != first_agent),
        is_regrouped=is_passed_on & (agents.team[agent] != agents.team[first_agent]),
        replied=np.where(is_taken, replied, NEVER),
        solved=solved,
        work_score=(log_work - usual) / service.work_deviation,
        is_escalated=escalates,
        reopened=np.where(reopens, solved + back_after, NEVER),
        solved_again=np.where(reopens, solved + again, NEVER),
    )
    follow_at = np.where(comes_back & ~reopens, solved + back_after, NEVER)
    return cases, follow_at


def is_unheard(cases: Cases) -> np.ndarray:
    """Cases that no person ever answers."""
    unheard: np.ndarray = (cases.kind == WITHDRAWN) | (cases.kind == IGNORED)
    return unheard
