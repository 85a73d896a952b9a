"""The tables of tickets and of their changes, as they stand at as-of."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from cxaudit.simulate.cases import NEVER, NOBODY
from cxaudit.simulate.columns import flags, instants, named, numbers, table_of
from cxaudit.simulate.days import Ints
from cxaudit.simulate.draw import OUTSIDE, Draw
from cxaudit.simulate.service import (
    CATEGORIES,
    CHANNELS,
    IGNORED,
    LANGUAGES,
    PRIORITIES,
    SERVED,
    STUCK,
    TEAMS,
    WITHDRAWN,
)

AUTO_CLOSE = 5 * 86400
GROUPS = tuple(f"group_{team}" for team in TEAMS)
SPECIALISTS = "group_specialists"
SUBCATEGORIES = ("first_time", "again", "other")
NOISY_REPLY = 0.01  # of the e-mails: the help desk takes its own receipt for a reply


def assigned_at(draw: Draw) -> Ints:
    """When a person took up each ticket: shortly before the first reply."""
    cases = draw.tickets
    wait = np.where(cases.replied < NEVER, cases.replied - cases.created, 0)
    return np.where(cases.replied < NEVER, cases.created + wait * 9 // 10, NEVER)


def escalated_at(draw: Draw) -> Ints:
    """When a case that is escalated would be: after a seventh of the work on it."""
    cases = draw.tickets
    work = np.where(cases.replied < NEVER, cases.solved - cases.replied, 0)
    return np.where(cases.replied < NEVER, cases.replied + work * 3 // 20, NEVER)


def queue_of(draw: Draw) -> Ints:
    """The agent whose queue each ticket in scope is put into; NOBODY outside the scope."""
    return np.where(draw.scope == 0, draw.tickets.routed_to, draw.tickets.first_agent)


def first_team(draw: Draw) -> Ints:
    """The team whose queue each ticket is put into."""
    cases, queue = draw.tickets, queue_of(draw)
    return np.where(queue == NOBODY, cases.category % len(TEAMS), draw.agents.team[queue])


def pauses(draw: Draw) -> list[tuple[str, Ints, Ints, np.ndarray]]:
    """Times of waiting: status, start, end, and which cases have it."""
    cases, rng = draw.tickets, draw.random("pauses")
    taken = cases.replied < NEVER
    start = np.where(taken, cases.replied, 0)
    work = np.where(taken, cases.solved - cases.replied, 0)
    waits = taken & (work > 7200) & (rng.random(len(cases)) < 0.5)
    holds = taken & (work > 86400) & (rng.random(len(cases)) < 0.12)
    return [
        ("pending", start + work // 5, start + work // 2, waits),
        ("on_hold", start + work * 3 // 5, start + work * 4 // 5, holds),
    ]


def closed_at(draw: Draw) -> Ints:
    """When each ticket is closed for good after its last solve."""
    cases = draw.tickets
    last = np.where(cases.reopened < NEVER, cases.solved_again, cases.solved)
    return np.where(cases.kind == IGNORED, last, last + AUTO_CLOSE)


def tickets_table(draw: Draw) -> pa.Table:
    """The table `tickets`: one row per ticket created before as-of."""
    cases, rng, as_of = draw.tickets, draw.random("tickets"), draw.as_of
    count = len(cases)
    is_outside = {name: draw.scope == index for index, name in enumerate(OUTSIDE)}
    replied, solved = draw.until_as_of(cases.replied), draw.until_as_of(cases.solved)
    reopened, again = draw.until_as_of(cases.reopened), draw.until_as_of(cases.solved_again)
    assigned = draw.until_as_of(assigned_at(draw))
    is_open_again = (reopened < NEVER) & (again == NEVER)
    is_shut = (closed_at(draw) <= as_of) | (
        (reopened == NEVER) & (cases.solved + AUTO_CLOSE <= as_of)
    )
    status = np.select(
        [
            is_open_again,
            is_shut,
            solved < NEVER,
            assigned < NEVER,
        ],
        ["open", "closed", "solved", "open"],
        default="new",
    ).astype(object)
    for paused, begins, ends, where in pauses(draw):
        status[where & (begins <= as_of) & (ends > as_of)] = paused
    last = np.where(reopened < NEVER, np.where(again < NEVER, again, NEVER), solved)
    holder = np.where(draw.until_as_of(cases.passed_on) < NEVER, cases.agent, cases.first_agent)
    holder = np.where(assigned < NEVER, holder, np.where(draw.scope == 0, queue_of(draw), NOBODY))
    team = first_team(draw)
    team = np.where(holder == NOBODY, team, draw.agents.team[holder])
    noisy = (cases.channel == CHANNELS.index("email")) & (rng.random(count) < NOISY_REPLY)
    delivered = np.where(noisy & (replied < NEVER), cases.created + 8, replied)
    promises = (draw.service.reply_promise, draw.service.solve_promise)
    due = [
        cases.created + table[cases.channel, cases.priority].astype(np.int64) for table in promises
    ]
    upheld = cases.is_complaint & (solved < NEVER)
    creator = np.select(
        [is_outside["created by an agent"], is_outside["created by the system"]],
        ["agent", "system"],
        default="customer",
    )
    return table_of(
        "tickets",
        {
            "ticket_id": draw.ticket_ids,
            "customer_id": named(
                draw.customer_ids, cases.customer, ~is_outside["requester missing"]
            ),
            "channel": named(CHANNELS, cases.channel),
            "created_at": instants(cases.created),
            "first_response_at": instants(delivered),
            "solved_at": instants(last),
            "first_solved_at": instants(solved),
            "status": status.tolist(),
            "assignee_id": named(draw.agent_ids, holder),
            "group_id": named(GROUPS, np.where(is_outside["bot only"], -1, team)),
            "category": named(CATEGORIES, cases.category),
            "subcategory": named(SUBCATEGORIES, rng.integers(0, len(SUBCATEGORIES), count)),
            "priority": named(PRIORITIES, cases.priority),
            "language": named(LANGUAGES, draw.languages[cases.customer]),
            "is_complaint": flags(cases.is_complaint),
            "complaint_upheld": flags(rng.random(count) < 0.55, upheld),
            "created_by": creator.tolist(),
            "is_spam": flags(is_outside["spam"]),
            "is_test": flags(is_outside["test"]),
            "merged_into": named(draw.ticket_ids, draw.merged_into),
            "is_deleted": flags(is_outside["deleted"]),
            "is_bot_only": flags(is_outside["bot only"]),
            "resolution_code": _codes(draw, last, rng).tolist(),
            "sla_first_response_due_at": instants(due[0]),
            "sla_resolution_due_at": instants(due[1]),
            "reopen_count": numbers((reopened < NEVER).astype(np.int64)),
            "escalated": flags(cases.is_escalated & (escalated_at(draw) <= as_of)),
            "ai_assist_used": flags(rng.random(count) < 0.2),
            "cost": numbers(np.round(np.exp(rng.normal(1.7, 0.5, count)), 2)),
        },
    )


def _codes(draw: Draw, last: Ints, rng: np.random.Generator) -> np.ndarray:
    """The resolution code of each ticket that is solved at as-of."""
    kind = draw.tickets.kind
    served = rng.choice(
        np.array(["solved", "workaround", "no_response_from_customer", "duplicate"], dtype=object),
        size=kind.size,
        p=(0.82, 0.11, 0.05, 0.02),
    )
    code = np.select(
        [kind == SERVED, kind == STUCK, kind == WITHDRAWN],
        [served, np.array("workaround", object), np.array("withdrawn_by_customer", object)],
        default=np.array("other", object),
    )
    code[last == NEVER] = None
    return code
