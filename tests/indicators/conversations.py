"""Opening hours, promises and how conversations went on, for the small service."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from tests.indicators.chance import share

Rows = list[dict[str, Any]]
ALWAYS_OPEN = {
    "schedule_id": "always",
    "time_zone": "UTC",
    "opens_minute": 0,
    "closes_minute": 10080,
    "is_default": True,
}


def conversations(messages: Rows) -> dict[str, Rows]:
    """The messages with more of them, and the promises made in some replies."""
    replies = [message for message in messages if message["author_type"] == "agent"]
    written_on = [message for message in replies if share("goes on", message["ticket_id"]) < 0.6]
    promised = [message for message in replies if share("promise", message["ticket_id"]) < 0.4]
    return {
        "schedules": [ALWAYS_OPEN],
        "messages": [*messages, *(more for reply in written_on for more in _goes_on(reply))],
        "commitments": [_promise(reply) for reply in promised],
    }


def empty_conversations(at: str, number: int) -> dict[str, Rows]:
    """Promises of which nothing more is known, and a message about a ticket elsewhere."""
    due_at = (datetime.fromisoformat(at) + timedelta(days=4)).isoformat(sep=" ")
    promise = {"kind": "reply", "source": "form", "made_at": at, "due_at": due_at}
    promise |= {"fulfilled_at": None, "agent_id": None}
    message = {"message_id": "m", "ticket_id": "elsewhere", "at": at, "author_type": "customer"}
    return {
        "schedules": [ALWAYS_OPEN],
        "messages": [{**message, "author_id": "c99"}],
        "commitments": [
            {**promise, "commitment_id": f"p{n}", "ticket_id": f"t{n}", "customer_id": f"c{n % 6}"}
            for n in range(number)
        ],
    }


def _goes_on(reply: dict[str, Any]) -> Rows:
    ticket_id, at = reply["ticket_id"], reply["at"]
    wait = timedelta(minutes=5 + 25 * share("next reply", ticket_id))
    asked = {"message_id": f"{reply['message_id']}a", "author_type": "customer", "author_id": "c"}
    told = {"message_id": f"{reply['message_id']}b", "author_type": "agent"}
    return [
        {**reply, **asked, "at": at + timedelta(minutes=20)},
        {**reply, **told, "at": at + timedelta(minutes=20) + wait},
    ]


def _promise(reply: dict[str, Any]) -> dict[str, Any]:
    ticket_id, made_at = reply["ticket_id"], reply["at"]
    needed = 36 * share("needed", ticket_id)
    return {
        "commitment_id": f"p{ticket_id}",
        "ticket_id": ticket_id,
        "agent_id": reply["author_id"],
        "kind": "callback",
        "source": "form",
        "made_at": made_at,
        "due_at": made_at + timedelta(hours=24),
        "fulfilled_at": made_at + timedelta(hours=needed) if needed > 2 else None,
    }
