"""The tables of what the service does unasked: events, outreach and improvements."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from cxaudit.simulate.answers import UNSAID
from cxaudit.simulate.cases import NEVER
from cxaudit.simulate.columns import flags, instants, named, numbered, numbers, table_of
from cxaudit.simulate.days import simulated_days
from cxaudit.simulate.draw import IN_SCOPE, Draw

EVENTS = ("order_placed", "order_delayed", "payment_failed", "outage", "renewal", "ticket_received")
EVENT_SHARES = (0.3, 0.12, 0.1, 0.18, 0.15, 0.15)
NEEDS_ALERT = (False, True, True, True, False, False)
NEEDS_CONFIRMATION = (True, False, False, False, True, True)
EVENTS_PER_TICKET = 0.25
ACTION_SOURCES = ("survey", "complaint", "qa", "social", "audit", "rca")
TARGETS = ("spd_first_response", "qua_csat", "acc_reopen_14d", "qua_fcr_observed")


def events_and_outreach(draw: Draw) -> tuple[pa.Table, pa.Table]:
    """The tables `service_events` and `outreach`, which refers to them, to tickets and answers."""
    rng, days = draw.random("events"), simulated_days()
    count = int(EVENTS_PER_TICKET * len(draw.tickets))
    first = int(days.starts[np.searchsorted(days.span, draw.service.starts_with)])
    occurred = np.sort(rng.integers(first, days.as_of - 86400, count))
    kind = rng.choice(len(EVENTS), count, p=EVENT_SHARES)
    customer = rng.integers(0, draw.customers.rate.size, count)
    detected = occurred + np.rint(rng.exponential(1800, count)).astype(np.int64)
    alert, confirm = np.array(NEEDS_ALERT)[kind], np.array(NEEDS_CONFIRMATION)[kind]
    events = table_of(
        "service_events",
        {
            "event_id": numbered("V", np.arange(1, count + 1), 6),
            "customer_id": named(draw.customer_ids, customer),
            "type": named(EVENTS, kind),
            "occurred_at": instants(occurred),
            "detected_at": instants(detected),
            "requires_outreach": flags(alert),
            "requires_confirmation": flags(confirm),
        },
    )
    told = np.flatnonzero(
        (alert & (rng.random(count) < 0.7)) | (confirm & (rng.random(count) < 0.95))
    )
    # A program confirms at once; alerts are written by people, once the trouble is known.
    said = np.where(confirm[told], occurred[told], detected[told])
    said = said + np.rint(rng.exponential(np.where(confirm[told], 90, 5400))).astype(np.int64)
    kinds = np.where(confirm[told], "confirmation", "alert")
    parts = [
        {
            "customer": customer[told],
            "type": kinds,
            "event": told + 1,
            "ticket": np.full(told.size, -1),
            "invite": np.full(told.size, -1),
            "at": said,
            "outcome": np.full(told.size, -1),
        },
        _follow_ups(draw, rng),
        _closed_loops(draw, rng),
    ]
    columns = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    order = np.lexsort((columns["customer"], columns["at"]))
    order = order[columns["at"][order] <= draw.as_of]
    columns = {name: column[order] for name, column in columns.items()}
    size = order.size
    outcomes = ("confirmed_resolved", "not_resolved", "no_answer")
    is_human = np.isin(columns["type"], ["follow_up", "closed_loop"])
    outreach = table_of(
        "outreach",
        {
            "outreach_id": numbered("O", np.arange(1, size + 1), 6),
            "customer_id": named(draw.customer_ids, columns["customer"]),
            "type": columns["type"].tolist(),
            "event_id": numbered("V", columns["event"], 6),
            "invite_id": numbered("I", columns["invite"]),
            "ticket_id": named(draw.ticket_ids, columns["ticket"]),
            "sent_at": instants(columns["at"]),
            "delivered": flags(rng.random(size) < 0.98),
            "asks_contact": flags(rng.random(size) < 0.05),
            "is_human": flags(is_human),
            "outcome": named(outcomes, columns["outcome"]),
        },
    )
    return events, outreach


def _follow_ups(draw: Draw, rng: np.random.Generator) -> dict[str, np.ndarray]:
    cases = draw.tickets
    solved = (cases.solved <= draw.as_of) & (draw.scope == IN_SCOPE) & (cases.replied < NEVER)
    place = np.flatnonzero(solved & (rng.random(len(cases)) < 0.05))
    return {
        "customer": cases.customer[place],
        "type": np.full(place.size, "follow_up"),
        "event": np.full(place.size, -1),
        "ticket": place,
        "invite": np.full(place.size, -1),
        "at": cases.solved[place] + rng.integers(3600, 3 * 86400, place.size),
        "outcome": rng.choice(3, place.size, p=(0.55, 0.1, 0.35)),
    }


def _closed_loops(draw: Draw, rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Calls back to customers who rated badly."""
    invitations = draw.invitations
    rating = invitations.values["csat"]
    bad = (rating != UNSAID) & (rating <= 2)
    number = np.flatnonzero(bad & (rng.random(rating.size) < 0.55))
    place = draw.place[invitations.case[number]]
    return {
        "customer": draw.tickets.customer[place],
        "type": np.full(number.size, "closed_loop"),
        "event": np.full(number.size, -1),
        "ticket": place,
        "invite": number + 1,
        "at": invitations.responded[number] + rng.integers(3600, 4 * 86400, number.size),
        "outcome": rng.choice(3, number.size, p=(0.45, 0.2, 0.35)),
    }


def improvement_actions_table(draw: Draw) -> pa.Table:
    """The table `improvement_actions`: ninety actions, most of them done."""
    rng, days = draw.random("improvements"), simulated_days()
    count = 90
    first = int(days.starts[np.searchsorted(days.span, draw.service.starts_with)])
    opened = np.sort(rng.integers(first, days.as_of, count))
    due = opened + rng.choice([30, 60, 90], count) * 86400
    closed = opened + rng.integers(10 * 86400, 110 * 86400, count)
    closed = np.where((rng.random(count) < 0.85) & (closed <= days.as_of), closed, NEVER)
    done = closed < NEVER
    verified = np.where(done, rng.choice([0, 1, 2], count, p=(0.5, 0.2, 0.3)), 2)
    moved = rng.random(count) < 0.2
    size = rng.integers(0, 3, count)
    return table_of(
        "improvement_actions",
        {
            "action_id": numbered("IA", np.arange(1, count + 1), 3),
            "source": named(ACTION_SOURCES, rng.integers(0, 6, count)),
            "opened_at": instants(opened),
            "owner": numbered("lead_", rng.integers(1, 8, count), 2),
            "due_at": instants(due),
            "rebased_due_at": instants(np.where(moved, due + 30 * 86400, NEVER)),
            "closed_at": instants(closed),
            "target_indicator": named(TARGETS, rng.integers(0, len(TARGETS), count)),
            "expected_effect": numbers(np.round(rng.uniform(0.01, 0.06, count), 3)),
            "verified": named(("yes", "no", "not_yet"), verified),
            "verification_ref": numbered("check-", np.where(verified < 2, np.arange(count), -1), 3),
            "effort": named(("low", "medium", "high"), size),
            "impact": named(("low", "medium", "high"), rng.integers(0, 3, count)),
        },
    )
