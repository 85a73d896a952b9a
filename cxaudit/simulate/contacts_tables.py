"""The tables of live contacts, staffing, bots, help centre and public mentions."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from cxaudit.simulate.answers import handed_over_by_bot
from cxaudit.simulate.cases import NEVER, instants_of_day
from cxaudit.simulate.columns import flags, instants, lists, named, numbered, numbers, table_of
from cxaudit.simulate.days import Ints, simulated_days
from cxaudit.simulate.draw import OUTSIDE, Draw
from cxaudit.simulate.service import CATEGORIES, CHANNELS, LANGUAGES

QUEUES = ("voice", "chat")
LIVE = ("phone", "chat")
HALF_HOUR = 1800
TARGETS = np.array([20, 60])
OUTCOMES = ("resolved_confirmed", "ended_silent", "handed_off", "abandoned", "error")
ENTRIES = ("homepage", "in_app", "search_engine", "email", "bot")
ARTICLES = tuple(f"KB{number:03d}" for number in range(1, 121))
NETWORKS = ("microblog", "photos", "reviews")


def calls_table(draw: Draw) -> pa.Table:
    """The table `calls`: one per phone or chat ticket, and callers who left in the menu."""
    rng, cases = draw.random("calls"), draw.tickets
    live = np.isin(cases.channel, [CHANNELS.index(name) for name in LIVE])
    place = np.flatnonzero(live & (draw.scope != OUTSIDE.index("created by an agent")))
    menu = int(0.04 * place.size)
    is_phone = cases.channel[place] == CHANNELS.index("phone")
    answered = cases.replied[place]
    talk = np.rint(np.exp(rng.normal(np.log(330), 0.7, place.size))).astype(np.int64)
    given_up = np.minimum(cases.solved[place], cases.created[place] + 900)
    ended = np.where(answered < NEVER, answered + talk, np.maximum(given_up, cases.created[place]))
    passed = cases.is_passed_on[place]
    transfer = np.where(passed, np.where(rng.random(place.size) < 0.6, 1, 2), 0)
    offered = cases.created[place] - np.where(is_phone, rng.integers(15, 70, place.size), 0)
    left = _some_time(draw, rng, menu)
    columns = {
        "place": np.concatenate([place, np.full(menu, -1)]),
        "queue": np.concatenate([np.where(is_phone, 0, 1), np.zeros(menu, np.int64)]),
        "offered": np.concatenate([offered, left]),
        "queued": np.concatenate([cases.created[place], np.full(menu, NEVER)]),
        "answered": np.concatenate([answered, np.full(menu, NEVER)]),
        "ended": np.concatenate([ended, left + rng.integers(8, 90, menu)]),
        "transfer": np.concatenate([transfer, np.zeros(menu, np.int64)]),
    }
    over = columns["ended"] <= draw.as_of
    order = np.lexsort((columns["place"], columns["offered"]))
    order = order[over[order]]
    columns = {name: column[order] for name, column in columns.items()}
    place, count = columns["place"], order.size
    known = (place >= 0) & (draw.scope[place] != OUTSIDE.index("requester missing"))
    talked = columns["answered"] < NEVER
    customer = np.where(known, cases.customer[place], -1)
    agent = np.where(talked, cases.first_agent[place], -1)
    return table_of(
        "calls",
        {
            "call_id": numbered("L", np.arange(1, count + 1)),
            "channel": named(LIVE, columns["queue"]),
            "ticket_id": named(draw.ticket_ids, place),
            "customer_id": named(draw.customer_ids, customer),
            "queue": named(QUEUES, columns["queue"]),
            "offered_at": instants(columns["offered"]),
            "queued_at": instants(columns["queued"]),
            "answered_at": instants(columns["answered"]),
            "ended_at": instants(columns["ended"]),
            "hold_s": numbers(np.round(rng.exponential(25, count), 1), talked),
            "wrap_s": numbers(np.round(rng.exponential(60, count), 1), talked),
            "agent_id": named(draw.agent_ids, agent),
            "transfer_type": named(("none", "warm", "cold"), columns["transfer"], talked),
            "category": named(CATEGORIES, cases.category[place], place >= 0),
            "is_complaint": flags(cases.is_complaint[place], place >= 0),
            "language": named(LANGUAGES, draw.languages[customer], customer >= 0),
        },
    )


def staffing_table(draw: Draw, calls: pa.Table) -> pa.Table:
    """The table `staffing_intervals`: half hours of both queues, counted from the calls."""
    rng, days = draw.random("staffing"), simulated_days()
    first = int(days.starts[np.searchsorted(days.span, draw.service.starts_with)])
    slots = (draw.as_of - first) // HALF_HOUR

    def seconds(name: str) -> Ints:
        column = calls[name].cast(pa.int64()).fill_null(NEVER * 1_000_000)
        return column.to_numpy() // 1_000_000

    queue = (calls["queue"].to_numpy(zero_copy_only=False) == "chat").astype(np.int64)
    queued, answered = seconds("queued_at"), seconds("answered_at")
    offered = (queued < NEVER) & (queued >= first)
    slot = (queued - first) // HALF_HOUR
    inside = offered & (slot < slots)

    def counted(where: np.ndarray) -> Ints:
        return np.bincount(queue[where] * slots + slot[where], minlength=2 * slots)

    in_target = inside & (answered - queued <= TARGETS[queue])
    came = counted(inside)
    expected = np.convolve(came.astype(np.float64), np.ones(5) / 5, mode="same")
    forecast = np.round(expected * np.exp(rng.normal(0, 0.12, came.size)), 1)
    seats = np.ceil(forecast * 0.35 + 1)
    start = first + HALF_HOUR * np.arange(slots)
    return table_of(
        "staffing_intervals",
        {
            "interval_start": instants(np.tile(start, 2)),
            "queue": named(QUEUES, np.repeat([0, 1], slots)),
            "forecast": numbers(forecast),
            "offered": numbers(came),
            "answered_in_target": numbers(counted(in_target)),
            "abandoned": numbers(counted(inside & (answered >= NEVER))),
            "scheduled_agents": numbers(seats),
            "actual_agents": numbers(np.maximum(0.0, seats - rng.binomial(2, 0.2, came.size))),
        },
    )


def bot_sessions_table(draw: Draw) -> pa.Table:
    """The table `bot_sessions`: those handed over to tickets, and those that ended before."""
    rng, cases = draw.random("bots"), draw.tickets
    handed = handed_over_by_bot(cases) & (cases.replied <= draw.as_of)
    handed &= draw.scope != OUTSIDE.index("created by an agent")
    place = np.flatnonzero(handed)
    alone = int(0.5 * place.size)
    started = np.concatenate([cases.created[place], _some_time(draw, rng, alone)])
    count = started.size
    is_handed = np.arange(count) < place.size
    length = rng.integers(20, 240, count)
    joined = np.concatenate([cases.replied[place], np.full(alone, NEVER)])
    ended = np.where(is_handed, np.minimum(started + length, joined), started + length)
    outcome = rng.choice([0, 1, 3, 4], count, p=(0.42, 0.33, 0.22, 0.03))
    outcome = np.where(is_handed, OUTCOMES.index("handed_off"), outcome)
    wanted = started + np.minimum(length // 2, ended - started)
    alone_customer = rng.integers(0, draw.customers.rate.size, alone)
    known = np.concatenate(
        [draw.scope[place] != OUTSIDE.index("requester missing"), np.ones(alone, dtype=bool)]
    )
    customer = np.concatenate([cases.customer[place], alone_customer])
    category = np.concatenate([cases.category[place], rng.integers(0, len(CATEGORIES), alone)])
    ticket = np.concatenate([place, np.full(alone, -1)])
    rated = rng.random(count) < 0.15
    return table_of(
        "bot_sessions",
        {
            "session_id": numbered("B", np.arange(1, count + 1)),
            "customer_id": named(draw.customer_ids, customer, known),
            "started_at": instants(started),
            "ended_at": instants(ended),
            "intent": named(CATEGORIES, category),
            "n_fallbacks": numbers(rng.poisson(0.7, count)),
            "handoff_requested_at": instants(np.where(is_handed, wanted, NEVER)),
            "human_joined_at": instants(joined),
            "context_passed": flags(rng.random(count) < 0.8, is_handed),
            "outcome": named(OUTCOMES, outcome),
            "ticket_id": named(draw.ticket_ids, ticket),
            "rating": numbers(rng.integers(1, 6, count).astype(np.float64), rated),
        },
    )


def kb_sessions_table(draw: Draw) -> pa.Table:
    """The table `kb_sessions`: visits to the help centre, a few with a ticket afterwards."""
    rng = draw.random("help centre")
    count = int(0.8 * len(draw.tickets))
    started = _some_time(draw, rng, count)
    place = np.searchsorted(draw.tickets.created, started)
    place = np.minimum(place, len(draw.tickets) - 1)
    leads = (rng.random(count) < 0.06) & (draw.scope[place] == 0)
    visitor = np.where(
        leads, draw.tickets.customer[place], rng.integers(0, draw.customers.rate.size, count)
    )
    searches = rng.poisson(1.2, count)
    articles = rng.zipf(1.6, (count, 2)) % len(ARTICLES)
    read = [sorted(set(pair)) for pair in articles.tolist()]
    return table_of(
        "kb_sessions",
        {
            "session_id": numbered("K", np.arange(1, count + 1)),
            "customer_id": named(draw.customer_ids, visitor, leads | (rng.random(count) < 0.4)),
            "started_at": instants(started),
            "entry_point": named(ENTRIES, rng.choice(5, count, p=(0.35, 0.15, 0.35, 0.1, 0.05))),
            "n_searches": numbers(searches),
            "n_zero_result": numbers(rng.binomial(searches, 0.18)),
            "article_ids": lists(ARTICLES, read),
            "helpful": flags(rng.random(count) < 0.63, rng.random(count) < 0.2),
            "is_automated": flags(rng.random(count) < 0.03),
            "ticket_id": named(draw.ticket_ids, place, leads),
        },
    )


def social_mentions_table(draw: Draw) -> pa.Table:
    """The table `social_mentions`: those that became tickets, and the rest of the talk."""
    rng, cases = draw.random("mentions"), draw.tickets
    place = np.flatnonzero((cases.channel == CHANNELS.index("social")) & (draw.scope == 0))
    others = 2 * place.size
    at = np.concatenate([cases.created[place], _some_time(draw, rng, others)])
    replied = np.concatenate([draw.until_as_of(cases.replied[place]), np.full(others, NEVER)])
    count = at.size
    is_ticket = np.arange(count) < place.size
    says = ("No connection since noon.", "Waiting for an answer.", "Kudos to the hotline.")
    mood = rng.integers(0, 3, count)
    return table_of(
        "social_mentions",
        {
            "mention_id": numbered("N", np.arange(1, count + 1)),
            "network": named(NETWORKS, rng.integers(0, 3, count)),
            "at": instants(at),
            "author_id": numbered("handle_", rng.integers(1, 90000, count), 5),
            "is_actionable": flags(is_ticket | (rng.random(count) < 0.12)),
            "coder_id": named(("coder_1", "coder_2"), rng.integers(0, 2, count)),
            "sentiment": named(("negative", "neutral", "positive"), mood),
            "first_human_response_at": instants(replied),
            "ticket_id": named(draw.ticket_ids, np.concatenate([place, np.full(others, -1)])),
            "text": named(says, mood),
        },
    )


def _some_time(draw: Draw, rng: np.random.Generator, count: int) -> Ints:
    """Instants over the whole history, in order."""
    days = simulated_days()
    first = int(np.searchsorted(days.span, draw.service.starts_with))
    return np.sort(instants_of_day(rng, rng.integers(first, days.span.size - 1, count)))
