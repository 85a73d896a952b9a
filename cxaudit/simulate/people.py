"""Agents and customers, drawn anew for each seed."""

from __future__ import annotations

import zlib
from dataclasses import dataclass

import numpy as np

from cxaudit.simulate.days import Ints
from cxaudit.simulate.service import SLOW_TEAM, TEAMS, Floats, Service


def stream(seed: int, name: str) -> np.random.Generator:
    """The random numbers for one purpose, unaffected by what other purposes draw."""
    return np.random.default_rng([seed, zlib.crc32(name.encode())])


@dataclass(frozen=True, eq=False)
class Agents:
    """One entry per agent: team, share of the volume, and effects on what they do."""

    team: Ints
    volume: Floats
    reply: Floats
    work: Floats
    satisfaction: Floats
    transfer: Floats
    escalation: Floats
    returns: Floats
    repeat: Floats

    @property
    def is_slow(self) -> np.ndarray:
        """Whether the agent belongs to the team that got slower."""
        return self.team == SLOW_TEAM

    def draw(self, rng: np.random.Generator, count: int) -> Ints:
        """Agents for so many cases, by their volume."""
        cumulative = np.cumsum(self.volume)
        places = np.searchsorted(cumulative, rng.random(count) * cumulative[-1], side="right")
        return np.minimum(places, self.volume.size - 1)


@dataclass(frozen=True, eq=False)
class Customers:
    """One entry per customer: how often they come, their segment and effects."""

    rate: Floats
    segment: Ints
    reply: Floats
    work: Floats
    satisfaction: Floats
    repeat: Floats


def draw_agents(service: Service, seed: int) -> Agents:
    """Agents of independent teams, volumes and effects; a common skill ties the effects."""
    rng = stream(seed, "agents")
    count = service.agents
    skill = rng.standard_normal(count)

    def effect(deviation: float, direction: float) -> Floats:
        tie = direction * service.skill
        return deviation * (tie * skill + np.sqrt(1 - tie**2) * rng.standard_normal(count))

    return Agents(
        team=rng.choice(len(TEAMS), size=count, p=service.team_shares),
        volume=np.exp(service.volume_spread * rng.standard_normal(count)),
        reply=effect(service.agent_reply, -1),
        work=effect(service.agent_work, -1),
        satisfaction=effect(service.agent_satisfaction, 1),
        # A case goes on because it was routed wrongly, whatever the skill: the last agents of cases
        # are then no better than the first ones.
        transfer=effect(service.agent_transfer, 0),
        escalation=effect(service.agent_escalation, -1),
        returns=effect(service.agent_return, -1),
        repeat=effect(service.agent_repeat, -1),
    )


def draw_customers(service: Service, seed: int) -> Customers:
    """Customers with gamma rates and independent effects."""
    rng = stream(seed, "customers")
    count = service.customers
    return Customers(
        rate=rng.gamma(service.rate_shape, 1 / service.rate_shape, count),
        segment=rng.choice(service.segment_mix.size, size=count, p=service.segment_mix),
        reply=service.customer_reply * rng.standard_normal(count),
        work=service.customer_work * rng.standard_normal(count),
        satisfaction=service.customer_satisfaction * rng.standard_normal(count),
        repeat=service.customer_repeat * rng.standard_normal(count),
    )
