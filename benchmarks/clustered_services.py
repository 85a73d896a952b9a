"""Services drawn at random whose true values are known: agents, customers, tickets of two quarters.

Not the model that the interval formulas were developed on, and not that of `cxaudit.simulate`:

- times are Weibull with gamma frailties of agent and customer (tails heavier than log-normal);
- the chance of a hit is the agent's or, in two cases of five, the customer's; both are beta
  distributed, so that the truth is exact and the effects are not normal on any scale;
- customers come back with Pareto distributed activity; a quarter of the tickets go to the
  customer's own agent; four strata differ in level and in speed; an agent's speed and quality go
  together;
- surveys are answered by a share that depends on stratum and on trouble, which both move the
  answer: without their weights the figure is wrong.

Agents and customers are drawn anew for every service and shared by its two quarters. Without
clustering every ticket has latent values of its own, so that all truths but the variance between
agents stay what they are. Distributions are tables of equally likely values: truths are exact.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt
from scipy.optimize import brentq
from scipy.special import betaincinv, gammaincinv, ndtr

from cxaudit.statistics import Cases

Numbers = npt.NDArray[np.float64]

DAY = 86400.0
QUARTER_DAYS, EXTRACT_DAYS = 91.0, 3.0
TAU = 30 * DAY
LEVELS = 512
FORUM_AGENTS, FORUM_WORTH, FORUM_OFFSET = 401, 6.7, 2.0

STRATA = np.array([0.45, 0.30, 0.15, 0.10])  # of the tickets
REFERENCE = np.array([0.30, 0.25, 0.25, 0.20])  # the fixed mix
LEVEL = np.array([1.0, 0.95, 0.85, 0.75])  # factor of the chance of a hit, by stratum
PACE = np.array([1.0, 1.4, 0.7, 0.5])  # factor of the hazard, by stratum
TROUBLE, IN_TROUBLE = 0.35, 0.8  # how many tickets; the factor of the chance of a good answer
ANSWERS = np.array([[0.45, 0.25], [0.40, 0.20], [0.30, 0.15], [0.25, 0.12]])  # stratum x trouble
BEFORE_LEVEL, BEFORE_PACE = 0.96, 0.9  # the quarter before, of this quarter
CUSTOMERS_PART = 0.4  # of the cases in which the customer decides, not the agent
OWN_AGENT = 0.25
SHAPE, SCALE = 0.75, 2.6 * DAY
SCORE_STEPS = 4  # a quality score of 0 to 4


def equally_likely(quantile: Callable[[Numbers], Numbers]) -> Numbers:
    """The distribution as a table of equally likely values, of the same mean as far as it goes."""
    return quantile((np.arange(LEVELS) + 0.5) / LEVELS)


def beta_table(mean: float, correlation: float) -> Numbers:
    """Chances with this mean, and this correlation of two draws with the same chance."""
    size = 1.0 / correlation - 1.0
    return equally_likely(lambda u: betaincinv(mean * size, (1 - mean) * size, u))


def frailty_table(variance: float) -> Numbers:
    """Gamma frailties of mean 1."""
    return equally_likely(lambda u: gammaincinv(1 / variance, u) * variance)


CHANCE = {"agent": beta_table(0.78, 0.06), "customer": beta_table(0.78, 0.25)}
RARE = {"agent": beta_table(0.012, 0.008), "customer": beta_table(0.012, 0.05)}
FRAILTY = {"agent": frailty_table(0.12), "customer": frailty_table(0.4)}


def chance_mean(table: dict[str, Numbers]) -> float:
    """The mean chance over agents and customers as they decide."""
    agent, customer = float(np.mean(table["agent"])), float(np.mean(table["customer"]))
    return (1 - CUSTOMERS_PART) * agent + CUSTOMERS_PART * customer


def forum_shares() -> Numbers:
    """Shares of 401 agents worth 6.7 equal ones: proportional to (rank + 2) to the power -s.

    The rule describes the support forum; s is fitted so that the agents are worth what they are
    there.
    """
    ranks = np.arange(1, FORUM_AGENTS + 1) + FORUM_OFFSET

    def worth(power: float) -> float:
        shares = ranks**-power
        return float(np.sum(shares) ** 2 / np.sum(shares**2))

    power = brentq(lambda s: worth(s) - FORUM_WORTH, 1.0, 5.0)
    shares: Numbers = ranks**-power
    return shares / np.sum(shares)


def agent_shares(agents: str) -> Numbers:
    """The share of the tickets of each agent: '12' equal agents, or 'forum'."""
    return forum_shares() if agents == "forum" else np.full(int(agents), 1.0 / int(agents))


@dataclass(frozen=True)
class Quarter:
    """The tickets of a quarter as cases with every column, and those of them that were answered."""

    tickets: Cases
    answers: Cases
    stratum: npt.NDArray[np.integer]


@dataclass(frozen=True)
class _People:
    """Where each person stands, by dimension and trait: an index into the tables."""

    quality: npt.NDArray[np.integer]
    pace: npt.NDArray[np.integer]

    @classmethod
    def drawn(cls, rng: np.random.Generator, number: int) -> _People:
        quality = rng.standard_normal(number)
        pace = 0.5 * quality + math.sqrt(0.75) * rng.standard_normal(number)
        return cls(*((ndtr(z) * LEVELS).astype(np.int64) for z in (quality, pace)))


def service(
    rng: np.random.Generator, agents: str, tickets: int, clustered: bool
) -> tuple[Quarter, Quarter]:
    """This quarter and the one before, of a service drawn anew."""
    shares = np.cumsum(agent_shares_of(agents))
    pool = int(1.2 * tickets)
    activity = np.cumsum(rng.pareto(2.2, pool))
    people = {"agent": _People.drawn(rng, shares.size), "customer": _People.drawn(rng, pool)}
    home = np.searchsorted(shares, rng.random(pool))
    quarters = []
    for number, (level, pace) in enumerate(((1.0, 1.0), (BEFORE_LEVEL, BEFORE_PACE))):
        customer = np.searchsorted(activity, rng.random(tickets) * activity[-1])
        own = rng.random(tickets) < OWN_AGENT
        agent = np.where(own, home[customer], np.searchsorted(shares, rng.random(tickets)))
        traits = {
            name: (who.quality[codes], who.pace[codes])
            for name, codes, who in (
                ("agent", agent, people["agent"]),
                ("customer", customer, people["customer"]),
            )
        }
        if not clustered:
            traits = {
                name: (who.quality, who.pace)
                for name, who in ((n, _People.drawn(rng, tickets)) for n in traits)
            }
        row = np.arange(tickets) + number * tickets
        quarters.append(
            _quarter(rng, customer, np.minimum(agent, shares.size - 1), row, traits, level, pace)
        )
    return quarters[0], quarters[1]


agent_shares_of = cache(agent_shares)


def _quarter(
    rng: np.random.Generator,
    customer: npt.NDArray[np.integer],
    agent: npt.NDArray[np.integer],
    row: npt.NDArray[np.integer],
    traits: dict[str, tuple[npt.NDArray[np.integer], npt.NDArray[np.integer]]],
    level: float,
    pace: float,
) -> Quarter:
    size = row.size
    stratum = np.searchsorted(np.cumsum(STRATA), rng.random(size))
    trouble = (rng.random(size) < TROUBLE).astype(np.int64)

    def chance(table: dict[str, Numbers]) -> Numbers:
        customers = rng.random(size) < CUSTOMERS_PART
        by_agent = table["agent"][traits["agent"][0]]
        return np.where(customers, table["customer"][traits["customer"][0]], by_agent)

    frailty = FRAILTY["agent"][traits["agent"][1]] * FRAILTY["customer"][traits["customer"][1]]
    wait = SCALE * (rng.standard_exponential(size) / (frailty * PACE[stratum] * pace)) ** (
        1 / SHAPE
    )
    followed = DAY * (EXTRACT_DAYS + rng.random(size) * QUARTER_DAYS)
    good = chance(CHANCE) * level
    columns = {
        "hit": (rng.random(size) < good * LEVEL[stratum]).astype(np.float64),
        "rare": (rng.random(size) < chance(RARE) * level).astype(np.float64),
        "value": rng.binomial(SCORE_STEPS, chance(CHANCE)) / SCORE_STEPS,
        "seconds": np.ceil(np.minimum(wait, followed)),
        "event": (wait <= followed).astype(np.float64),
    }
    chances = good * LEVEL[stratum] * np.where(trouble == 1, IN_TROUBLE, 1.0)
    responding = ANSWERS[stratum, trouble]
    answered = rng.random(size) < responding
    tickets = Cases(customer, agent, row, columns)
    survey = {
        "hit": (rng.random(size) < chances).astype(np.float64),
        "weight": 1.0 / responding,
    }
    answers = Cases(customer, agent, row, survey).only(answered)
    return Quarter(tickets, answers, stratum)


def survival(seconds: float, pace: float, strata: Numbers) -> float:
    """The true share of tickets still open after `seconds`, for a mix of strata."""
    hazard = (seconds / SCALE) ** SHAPE * pace
    product = FRAILTY["agent"][:, None] * FRAILTY["customer"][None, :]
    shares = [np.mean(np.exp(-hazard * factor * product)) for factor in PACE]
    return float(np.sum(strata * shares))


def true_quantile(quantile: float, pace: float, strata: Numbers) -> float:
    """The true time by which the share `quantile` is solved."""
    level = 1.0 - quantile
    return float(brentq(lambda t: survival(t, pace, strata) - level, 60.0, 400 * DAY, rtol=1e-6))


def true_restricted_mean(pace: float, strata: Numbers) -> float:
    """The true mean time counted up to 30 days, by Gauss and Legendre on the square root of t."""
    nodes, weights = np.polynomial.legendre.leggauss(40)
    roots = 0.5 * math.sqrt(TAU) * (nodes + 1.0)
    heights = [survival(root**2, pace, strata) * 2.0 * root for root in roots]
    return float(np.sum(weights * heights)) * 0.5 * math.sqrt(TAU)


def true_variance_share(clustered: bool) -> float:
    """The share of the variance of the quality score that is due to the agent."""
    part = CUSTOMERS_PART
    mean = chance_mean(CHANCE)
    agent, customer = CHANCE["agent"], CHANCE["customer"]
    square = (1 - part) * float(np.mean(agent**2)) + part * float(np.mean(customer**2))
    whole = (mean - square) / SCORE_STEPS + square - mean**2
    between = (1 - part) ** 2 * float(np.var(agent))
    return between / whole if clustered else 0.0


def true_values(clustered: bool) -> dict[str, tuple[float, float]]:
    """The truths by name, this quarter and the one before."""
    hit, rare = chance_mean(CHANCE), chance_mean(RARE)
    own = float(np.sum(STRATA * LEVEL))
    answer = own * (1 - TROUBLE + TROUBLE * IN_TROUBLE)
    quarters = ((1.0, 1.0), (BEFORE_LEVEL, BEFORE_PACE))
    levels = [level for level, _ in quarters]
    paces = [pace for _, pace in quarters]
    truths = {
        "share": [hit * own * level for level in levels],
        "rare share": [rare * level for level in levels],
        "weighted survey": [hit * answer * level for level in levels],
        "standardised share": [hit * float(np.sum(REFERENCE * LEVEL)) * lv for lv in levels],
        "median time": [true_quantile(0.5, pace, STRATA) for pace in paces],
        "p90 time": [true_quantile(0.9, pace, STRATA) for pace in paces],
        "restricted mean": [true_restricted_mean(pace, STRATA) for pace in paces],
        "standardised median": [true_quantile(0.5, pace, REFERENCE) for pace in paces],
        "variance share": [true_variance_share(clustered)] * 2,
    }
    return {name: (now, before) for name, (now, before) in truths.items()}
