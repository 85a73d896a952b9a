"""A small service that has data for every indicator: a quarter and the one before, made by rule."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from tests.indicators.chance import share
from tests.indicators.conversations import conversations
from tests.indicators.registers import registers
from tests.indicators.ways_in import ways_in

Rows = list[dict[str, Any]]
Tables = dict[str, Rows]

QUARTERS = (datetime(2026, 4, 1, tzinfo=UTC), datetime(2026, 7, 1, tzinfo=UTC))
TICKETS, AGENTS = 900, 24
# The questions, whether they have two values, and the share of good answers.
QUESTIONS = {
    "csat": (False, 0.8),
    "ces": (False, 0.75),
    "empathy": (False, 0.7),
    "accurate": (False, 0.85),
    "honest": (False, 0.7),
    "kept_informed": (False, 0.6),
    "individual": (False, 0.65),
    "resolved": (True, 0.9),
    "resolved_first": (True, 0.7),
    "had_to_repeat": (True, 0.3),
}


def service() -> Tables:
    """The tables, with few enough rows to be made in a second."""
    tables: Tables = {
        "agents": [{"agent_id": f"g{n}", "team_id": f"team {n % 3}"} for n in range(AGENTS)],
        "customers": [_customer(n) for n in range(TICKETS // 2)],
        "tickets": [],
        "messages": [],
        "ticket_events": [],
        "surveys": [],
    }
    for quarter, start in enumerate(QUARTERS):
        for number in range(TICKETS):
            _add(tables, f"t{quarter}{number:04}", start + timedelta(hours=2.4 * number))
    tables |= registers(tables["tickets"], tables["surveys"], tables["agents"], QUARTERS)
    return tables | conversations(tables["messages"]) | ways_in(QUARTERS)


def _customer(number: int) -> dict[str, Any]:
    since = datetime(2024, 1, 1, tzinfo=UTC)
    known = share("record", number) < 0.9
    return {
        "customer_id": f"c{number}",
        "created_at": since,
        "segment": "home" if known else None,
        "language": "en",
    }


def _add(tables: Tables, id: str, at: datetime) -> None:
    who, agent = int(share("who", id) * TICKETS / 2), int(share("agent", id) * AGENTS)
    ticket = {
        "ticket_id": id,
        "customer_id": f"c{who}",
        "created_at": at,
        "channel": ("email", "email", "chat", "phone")[int(share("channel", id) * 4)],
        "category": f"reason {int(share('reason', id) ** 2 * 8)}",
        "priority": "high" if share("priority", id) < 0.2 else "normal",
        "status": "open",
        "assignee_id": f"g{agent}",
        "is_complaint": share("complaint", id) < 0.3,
        "escalated": share("escalated", id) < 0.15,
        "resolution_code": "withdrawn_by_customer" if share("withdrawn", id) < 0.03 else "solved",
        "sla_first_response_due_at": at + timedelta(hours=8),
        "sla_resolution_due_at": at + timedelta(days=4),
        "is_spam": share("spam", id) < 0.01,
    }
    tables["tickets"].append(ticket)
    _event(tables, id, "a", at + timedelta(minutes=5), "assignee", None, f"g{agent}", "system")
    if share("moved", id) < 0.2:
        _event(tables, id, "b", at + timedelta(hours=1), "group", "q1", "q2", f"g{agent}")
    _message(tables, id, 0, at, "customer", f"c{who}")
    if share("ignored", id) < 0.05:
        return
    replied_at = at + timedelta(seconds=int(600 + 90000 * share("reply", id) ** 3))
    _message(tables, id, 1, replied_at, "agent", f"g{agent}")
    if share("open", id) < 0.05:
        return
    solved_at = replied_at + timedelta(seconds=int(3600 + 900000 * share("solve", id) ** 3))
    _event(tables, id, "c", solved_at, "status", "open", "solved", f"g{agent}")
    if share("reopened", id) < 0.06:
        back_at = solved_at + timedelta(days=3)
        _message(tables, id, 2, back_at, "customer", f"c{who}")
        _event(tables, id, "d", back_at, "status", "solved", "open", "system")
        _event(
            tables, id, "e", back_at + timedelta(days=1), "status", "open", "solved", f"g{agent}"
        )
    if share("answers", id) < 0.7:
        _answers(tables, id, f"c{who}", f"g{agent}", solved_at + timedelta(days=1))


def _answers(tables: Tables, id: str, customer: str, agent: str, at: datetime) -> None:
    liking = 0.25 * (share("liking", agent) - 0.5)
    for key, (has_two_values, likely) in QUESTIONS.items():
        good = share(key, id) < likely + liking
        tables["surveys"].append(
            {
                "invite_id": f"i{id}",
                "question_key": key,
                "ticket_id": id,
                "customer_id": customer,
                "agent_id": agent,
                "sent_at": at,
                "responded_at": at + timedelta(hours=2),
                "value": float(good) if has_two_values else 5.0 if good else 2.0,
                "scale_min": 0.0 if has_two_values else 1.0,
                "scale_max": 1.0 if has_two_values else 5.0,
                "higher_is_better": key != "had_to_repeat",
            }
        )


def _message(tables: Tables, id: str, number: int, at: datetime, kind: str, author: str) -> None:
    tables["messages"].append(
        {
            "message_id": f"m{id}{number}",
            "ticket_id": id,
            "at": at,
            "author_type": kind,
            "author_id": author,
        }
    )


def _event(
    tables: Tables,
    id: str,
    letter: str,
    at: datetime,
    kind: str,
    before: str | None,
    after: str,
    actor: str,
) -> None:
    tables["ticket_events"].append(
        {
            "event_id": f"e{id}{letter}",
            "ticket_id": id,
            "at": at,
            "type": kind,
            "from_value": before,
            "to_value": after,
            "actor_type": "system" if actor == "system" else "agent",
            "actor_id": actor,
        }
    )
