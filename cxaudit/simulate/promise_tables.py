"""The tables of opening hours, target times and promises made to customers."""

from __future__ import annotations

from datetime import date

import numpy as np
import pyarrow as pa

from cxaudit.simulate.cases import NEVER
from cxaudit.simulate.columns import instants, named, numbered, table_of
from cxaudit.simulate.draw import IN_SCOPE, Draw
from cxaudit.simulate.service import CHANNELS, PRIORITIES, TIME_ZONE

ALWAYS, OFFICE = "always_open", "office_hours"
SCHEDULES = (ALWAYS, OFFICE)
HOLIDAYS = (
    (date(2025, 5, 1), "Labour Day"),
    (date(2025, 5, 29), "Ascension Day"),
    (date(2025, 6, 9), "Whit Monday"),
    (date(2025, 10, 3), "Day of German Unity"),
    (date(2025, 12, 25), "Christmas Day"),
    (date(2025, 12, 26), "Second Christmas Day"),
    (date(2026, 1, 1), "New Year"),
    (date(2026, 4, 3), "Good Friday"),
    (date(2026, 4, 6), "Easter Monday"),
    (date(2026, 5, 1), "Labour Day"),
    (date(2026, 5, 14), "Ascension Day"),
    (date(2026, 5, 25), "Whit Monday"),
    (date(2026, 10, 3), "Day of German Unity"),
)
KINDS = ("reply", "callback", "resolution", "delivery")
SOURCES = ("form", "callback_queue", "order_system")


def schedules_table(draw: Draw) -> pa.Table:
    """The table `schedules`: the hotline is always open, the office Monday to Friday."""
    office = [(day * 1440 + 480, day * 1440 + 1080) for day in range(1, 6)]
    rows = [(ALWAYS, 0, 7 * 1440, True), *((OFFICE, a, b, False) for a, b in office)]
    return table_of(
        "schedules",
        {
            "schedule_id": [row[0] for row in rows],
            "time_zone": [TIME_ZONE for _ in rows],
            "opens_minute": [row[1] for row in rows],
            "closes_minute": [row[2] for row in rows],
            "is_default": [row[3] for row in rows],
        },
    )


def schedule_holidays_table(draw: Draw) -> pa.Table:
    """The table `schedule_holidays`: days on which the office is closed."""
    return table_of(
        "schedule_holidays",
        {
            "schedule_id": [OFFICE for _ in HOLIDAYS],
            "date": [day for day, _ in HOLIDAYS],
            "name": [name for _, name in HOLIDAYS],
        },
    )


def ticket_schedules_table(draw: Draw) -> pa.Table:
    """The table `ticket_schedules`: every ticket from its creation."""
    rng, cases = draw.random("schedules"), draw.tickets
    return table_of(
        "ticket_schedules",
        {
            "ticket_id": draw.ticket_ids,
            "schedule_id": named(SCHEDULES, (rng.random(len(cases)) < 0.1).astype(np.int64)),
            "from_at": instants(cases.created),
        },
    )


def sla_targets_table(draw: Draw) -> pa.Table:
    """The table `sla_targets`: first response and resolution by channel and priority."""
    promises = (draw.service.reply_promise, draw.service.solve_promise)
    rows = [
        (metric, channel, priority, int(table[c, p]))
        for metric, table in zip(("first_response", "resolution"), promises, strict=True)
        for c, channel in enumerate(CHANNELS)
        for p, priority in enumerate(PRIORITIES)
    ]
    return table_of(
        "sla_targets",
        {
            "target_id": [
                f"{metric}/{channel}/{priority}" for metric, channel, priority, _ in rows
            ],
            "policy": ["standard" for _ in rows],
            "metric": [row[0] for row in rows],
            "target_seconds": [row[3] for row in rows],
            "clock": ["calendar" for _ in rows],
            "channel": [row[1] for row in rows],
            "priority": [row[2] for row in rows],
        },
    )


def commitments_table(draw: Draw) -> pa.Table:
    """The table `commitments`: a promise on one answered ticket in eight."""
    rng, cases = draw.random("commitments"), draw.tickets
    answered = (cases.replied <= draw.as_of) & (draw.scope == IN_SCOPE)
    place = np.flatnonzero(answered & (rng.random(len(cases)) < 0.12))
    made = cases.replied[place]
    due = made + rng.choice([4, 24, 48, 72], place.size) * 3600
    needed = np.rint((due - made) * np.exp(rng.normal(-0.55, 0.6, place.size))).astype(np.int64)
    kept = np.where(rng.random(place.size) < 0.96, made + needed, NEVER)
    return table_of(
        "commitments",
        {
            "commitment_id": numbered("P", np.arange(1, place.size + 1), 6),
            "ticket_id": named(draw.ticket_ids, place),
            "customer_id": named(draw.customer_ids, cases.customer[place]),
            "agent_id": named(draw.agent_ids, cases.first_agent[place]),
            "kind": named(KINDS, rng.choice(4, place.size, p=(0.3, 0.3, 0.3, 0.1))),
            "made_at": instants(made),
            "due_at": instants(due),
            "fulfilled_at": instants(draw.until_as_of(kept)),
            "source": named(SOURCES, rng.choice(3, place.size, p=(0.5, 0.35, 0.15))),
        },
    )
