"""One draw of the service: people, the cases in scope, those outside it, and survey answers."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from functools import cached_property

import numpy as np
import pyarrow as pa

from cxaudit.simulate.answers import Invitations, draw_invitations
from cxaudit.simulate.cases import (
    NEVER,
    NOBODY,
    Cases,
    draw_cases,
    instants_of_day,
    served_cases,
)
from cxaudit.simulate.columns import numbered
from cxaudit.simulate.days import Ints, simulated_days
from cxaudit.simulate.people import Agents, Customers, draw_agents, draw_customers, stream
from cxaudit.simulate.service import CATEGORIES, LANGUAGES, WITHDRAWN, Service

IN_SCOPE = 0
OUTSIDE = (
    "in scope",
    "spam",
    "test",
    "merged",
    "deleted",
    "created by an agent",
    "created by the system",
    "bot only",
    "requester missing",
)
OUTSIDE_SHARES = (0.0, 0.010, 0.003, 0.009, 0.005, 0.014, 0.003, 0.018, 0.004)
LANGUAGE_SHARES = (0.70, 0.16, 0.08, 0.06)
UNHEARD = ("spam", "test", "merged", "deleted", "bot only")


@dataclass(frozen=True, eq=False)
class Draw:
    """All that one seed gives. `tickets` are the cases with those outside scope, by creation.

    `place` is the position of each case of `cases` in `tickets`; `scope` an index into OUTSIDE;
    `merged_into` the position of the surviving ticket, or -1.
    """

    service: Service
    seed: int
    agents: Agents
    customers: Customers
    cases: Cases
    invitations: Invitations
    tickets: Cases
    scope: Ints
    place: Ints
    merged_into: Ints

    @property
    def as_of(self) -> int:
        """The instant after which nothing has happened."""
        return simulated_days().as_of

    @cached_property
    def ticket_ids(self) -> pa.Array:
        """The id of each ticket."""
        return numbered("T", np.arange(1, len(self.tickets) + 1))

    @cached_property
    def agent_ids(self) -> pa.Array:
        """The id of each agent."""
        return numbered("A", np.arange(1, self.agents.team.size + 1), 3)

    @cached_property
    def customer_ids(self) -> pa.Array:
        """The id of each customer."""
        return numbered("C", np.arange(1, self.customers.rate.size + 1), 6)

    @cached_property
    def languages(self) -> Ints:
        """The language of each customer."""
        rng = self.random("languages")
        found: Ints = rng.choice(len(LANGUAGES), self.customers.rate.size, p=LANGUAGE_SHARES)
        return found

    def until_as_of(self, at: Ints) -> Ints:
        """The instants, NEVER where they lie after as-of."""
        return np.where(at <= self.as_of, at, NEVER)

    def random(self, name: str) -> np.random.Generator:
        """Random numbers for one purpose."""
        return stream(self.seed, name)


def draw(service: Service, seed: int) -> Draw:
    """Agents, customers, cases and answers of one seed."""
    agents, customers = draw_agents(service, seed), draw_customers(service, seed)
    cases = draw_cases(service, seed, agents, customers)
    invitations = draw_invitations(service, seed, cases, agents, customers)
    others, reason, target = _outside(service, seed, agents, customers, cases)
    joined = Cases(
        **{
            f.name: np.concatenate([getattr(cases, f.name), getattr(others, f.name)])
            for f in fields(Cases)
        }
    )
    order = np.lexsort((np.arange(len(joined)), joined.created))
    position = np.empty(order.size, dtype=np.int64)
    position[order] = np.arange(order.size)
    scope = np.concatenate([np.zeros(len(cases), np.int64), reason])[order]
    surviving = np.where(target >= 0, position[target], NOBODY)
    merged = np.concatenate([np.full(len(cases), NOBODY), surviving])[order]
    return Draw(
        service,
        seed,
        agents,
        customers,
        cases,
        invitations,
        joined.take(order),
        scope,
        position[: len(cases)],
        merged,
    )


def _outside(
    service: Service, seed: int, agents: Agents, customers: Customers, cases: Cases
) -> tuple[Cases, Ints, Ints]:
    """Tickets outside the scope: spam, tests, merged ones …, and what they are merged into."""
    rng = stream(seed, "outside")
    days = simulated_days()
    count = int(round(sum(OUTSIDE_SHARES) * len(cases)))
    shares = np.array(OUTSIDE_SHARES) / sum(OUTSIDE_SHARES)
    reason = np.sort(rng.choice(len(OUTSIDE), size=count, p=shares))
    first_day = int(np.searchsorted(days.span, service.starts_with))
    created = instants_of_day(rng, rng.integers(first_day, days.span.size - 1, count))
    customer = rng.integers(0, customers.rate.size, count)
    target = np.full(count, NOBODY)
    merged = np.flatnonzero(reason == OUTSIDE.index("merged"))
    target[merged] = rng.integers(0, len(cases), merged.size)
    customer[merged] = cases.customer[target[merged]]
    created[merged] = cases.created[target[merged]] + rng.integers(60, 5400, merged.size)
    created = np.minimum(created, days.as_of)
    batch = {"created": created, "customer": customer, "before": np.full(count, NOBODY)}
    batch["category"] = rng.integers(0, len(CATEGORIES), count)
    served, _ = served_cases(service, rng, agents, customers, batch)
    unheard = np.isin(reason, [OUTSIDE.index(name) for name in UNHEARD])
    closed = created + rng.integers(300, 2 * 86400, count)
    return (
        replace(
            served,
            kind=np.where(unheard, WITHDRAWN, served.kind),
            first_agent=np.where(unheard, NOBODY, served.first_agent),
            agent=np.where(unheard, NOBODY, served.agent),
            is_passed_on=served.is_passed_on & ~unheard,
            is_regrouped=served.is_regrouped & ~unheard,
            replied=np.where(unheard, NEVER, served.replied),
            solved=np.where(unheard, closed, served.solved),
            is_escalated=served.is_escalated & ~unheard,
            reopened=np.full(count, NEVER),
            solved_again=np.full(count, NEVER),
        ),
        reason,
        target,
    )
