"""The tables of customers, agents and groups, of what agents learned and how they were rated."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from cxaudit.simulate.cases import NEVER
from cxaudit.simulate.columns import flags, instants, lists, named, numbered, numbers, table_of
from cxaudit.simulate.days import simulated_days
from cxaudit.simulate.draw import Draw
from cxaudit.simulate.service import CHANNELS, LANGUAGES, SEGMENTS, SITES, TEAMS
from cxaudit.simulate.tickets import GROUPS, SPECIALISTS
from cxaudit.simulate.waits import normal

COUNTRIES = ("DE", "AT", "FR", "TR")
EMPLOYERS = ("in house", "in house", "in house", "partner", "in house", "partner", "in house")
COLOURS = ("Amber", "Azure", "Coral", "Ivory", "Olive", "Sienna", "Teal", "Umber")
TREES = ("Alder", "Aspen", "Beech", "Birch", "Elm", "Hazel", "Larch", "Linden", "Maple", "Rowan")
TOPICS = ("product", "communication", "conflict", "empathy", "process", "tool", "compliance")
METHODS = ("workshop", "elearning", "scenario", "just_in_time", "coaching")
# Items of the form: whom a critical error hurts, and how often the item applies.
ITEMS = (
    ("let_customer_speak_first", None, 0.96),
    ("acknowledged_emotion", None, 0.6),
    ("clarifying_question", None, 0.8),
    ("paraphrased_own_words", None, 0.9),
    ("clear_language", None, 0.96),
    ("admitted_unknown", None, 0.1),
    ("admitted_mistake", None, 0.06),
    ("process_followed", None, 0.96),
    ("correct_information", "customer", 0.96),
    ("complete_record", "business", 0.96),
    ("data_protection", "compliance", 0.96),
)
REVIEWERS = 5
YEAR = 365 * 86400


def customers_table(draw: Draw) -> pa.Table:
    """The table `customers`: the record of each customer, as far as it is kept."""
    service, rng = draw.service, draw.random("records")
    count = draw.customers.rate.size
    start = int(simulated_days().starts[0])
    since = start - rng.integers(30 * 86400, 13 * YEAR, count)

    def kept(missing: float) -> np.ndarray:
        return rng.random(count) >= missing

    has_segment, has_since = kept(service.segment_missing), kept(service.since_missing)
    has_language = kept(service.language_missing)
    has_preference = kept(service.preference_missing)
    has_name, is_single = kept(0.35), kept(service.duplicate_share)
    spoken = draw.languages
    names = [f"{colour} {tree}" for colour in COLOURS for tree in TREES]
    other = (np.arange(count) + rng.integers(1, count, count)) % count
    revenue = np.exp(rng.normal(6.0, 0.6, count) + 0.8 * draw.customers.segment)
    table = table_of(
        "customers",
        {
            "customer_id": draw.customer_ids,
            "created_at": instants(since, has_since),
            "segment": named(SEGMENTS, draw.customers.segment, has_segment),
            "country": named(COUNTRIES, spoken),
            "language": named(LANGUAGES, spoken, has_language),
            "preferred_channel": named(
                CHANNELS, rng.choice(len(CHANNELS), count, p=service.channel_mix[0]), has_preference
            ),
            "preferred_name": named(names, rng.integers(0, len(names), count), has_name),
            "churned_at": instants(np.full(count, NEVER)),
            "revenue_12m": numbers(np.round(revenue, 2)),
            "active_from": instants(since),
            "active_to": instants(np.full(count, NEVER)),
            "duplicate_of": named(draw.customer_ids, other, ~is_single),
        },
    )
    return table.filter(pa.array(kept(service.record_missing)))


def agents_table(draw: Draw) -> pa.Table:
    """The table `agents`."""
    rng, team = draw.random("staff"), draw.agents.team
    count = team.size
    start = int(simulated_days().starts[0])
    speaks = rng.random((count, len(LANGUAGES))) < np.array([1.0, 0.6, 0.2, 0.12])
    return table_of(
        "agents",
        {
            "agent_id": draw.agent_ids,
            "team_id": named(TEAMS, team),
            "site": named(SITES, team),
            "employer": named(EMPLOYERS, team),
            "tier": numbers(np.ones(count, dtype=np.int64)),
            "hired_at": instants(start - rng.integers(20 * 86400, 9 * YEAR, count)),
            "left_at": instants(np.full(count, NEVER)),
            "languages": lists(LANGUAGES, [np.flatnonzero(row).tolist() for row in speaks]),
            "refund_limit": numbers(rng.choice([25.0, 50.0, 100.0], count)),
        },
    )


def groups_table(draw: Draw) -> pa.Table:
    """The table `groups`: a queue per team, and the specialists behind them."""
    size = len(TEAMS) + 1
    return table_of(
        "groups",
        {
            "group_id": [*GROUPS, SPECIALISTS],
            "name": [f"Team {team.title()}" for team in TEAMS] + ["Specialists"],
            "tier": numbers(np.array([1] * (size - 1) + [2])),
            "team_id": [*TEAMS, None],
        },
    )


def trainings_table(draw: Draw) -> pa.Table:
    """The table `trainings`: about four courses per agent and year."""
    rng, days = draw.random("trainings"), simulated_days()
    agent = np.repeat(np.arange(draw.agents.team.size), rng.poisson(5.5, draw.agents.team.size))
    count = agent.size
    before = np.round(rng.uniform(45, 75, count), 1)
    return table_of(
        "trainings",
        {
            "agent_id": named(draw.agent_ids, agent),
            "topic": named(TOPICS, rng.integers(0, len(TOPICS), count)),
            "method": named(METHODS, rng.integers(0, len(METHODS), count)),
            "completed_at": instants(rng.integers(days.starts[0], days.as_of, count)),
            "hours": numbers(rng.choice([1.0, 2.0, 4.0, 8.0], count)),
            "score_pre": numbers(before),
            "score_post": numbers(np.round(np.minimum(100, before + rng.normal(9, 7, count)), 1)),
            "passed": flags(rng.random(count) < 0.93),
        },
    )


def qa_reviews_table(draw: Draw) -> pa.Table:
    """The table `qa_reviews`: two in a hundred solved tickets, a fifth of them by two reviewers."""
    rng, cases = draw.random("quality"), draw.tickets
    solved = draw.until_as_of(cases.solved) < NEVER
    place = np.flatnonzero(solved & (cases.agent >= 0) & (rng.random(len(cases)) < 0.02))
    reviewed = cases.solved[place] + rng.integers(86400, 9 * 86400, place.size)
    place, reviewed = place[reviewed <= draw.as_of], reviewed[reviewed <= draw.as_of]
    contacts, items = place.size, np.arange(len(ITEMS))
    skill = 1.25 + 2 * draw.agents.satisfaction[cases.agent[place]]
    passed = rng.random((contacts, items.size)) < normal(skill[:, None] + 0.1 * (items % 3))
    applies = rng.random(passed.shape) < np.array([share for _, _, share in ITEMS])
    method = rng.choice(3, contacts, p=(0.6, 0.25, 0.15))
    reviewer = rng.integers(0, REVIEWERS, contacts)
    # The second reviewer sees one item in forty otherwise.
    again = np.flatnonzero(rng.random(contacts) < 0.2)
    other = (reviewer[again] + rng.integers(1, REVIEWERS, again.size)) % REVIEWERS
    differs = rng.random((again.size, items.size)) < 1 / 40
    passed = np.concatenate([passed, passed[again] ^ differs])
    reviewer = np.concatenate([reviewer, other])
    contact = np.concatenate([np.arange(contacts), again])
    is_calibrated = np.isin(contact, again)
    review, item = np.repeat(np.arange(contact.size), items.size), np.tile(items, contact.size)
    of = contact[review]
    kinds = ("customer", "business", "compliance")
    kind = np.array([kinds.index(kind) if kind else -1 for _, kind, _ in ITEMS])
    given = passed.ravel()
    return table_of(
        "qa_reviews",
        {
            "review_id": numbered("Q", review + 1, 5),
            "ticket_id": named(draw.ticket_ids, place[of]),
            "agent_id": named(draw.agent_ids, cases.agent[place][of]),
            "reviewer_id": numbered("R", reviewer[review] + 1, 2),
            "reviewed_at": instants(reviewed[of]),
            "sample_method": named(("random", "stratified", "targeted"), method[of]),
            "sampling_weight": numbers(np.array([1.0, 0.8, 0.4])[method[of]]),
            "form_version": pa.array(["v3"] * review.size),
            "item_key": named([key for key, _, _ in ITEMS], item),
            "score": numbers(given.astype(np.float64)),
            "max_score": numbers(np.ones(review.size)),
            "passed": flags(given),
            "applicable": flags(applies[of, item]),
            "is_critical": flags(kind[item] >= 0),
            "critical_type": named(kinds, kind[item]),
            "calibrated_set_id": numbered("S", np.where(is_calibrated[review], of + 1, -1), 5),
            "is_auto": flags(np.zeros(review.size, dtype=bool)),
        },
    )
