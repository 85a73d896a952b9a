"""The ways into the small service: its calls, its bot, its help centre and its channels."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from tests.indicators.chance import share

Rows = list[dict[str, Any]]
CHANNELS = ("phone", "email", "chat", "social", "self_service", "in_app")
DAYS, CUSTOMERS, AGENTS = 90, 450, 24
# The half hours of a day in which one call comes, and the one in which four do.
QUIET, RUSH = range(18, 28), 30
VISITS, CHATS = 700, 400


def ways_in(quarters: tuple[datetime, ...]) -> dict[str, Rows]:
    """The tables of two quarters; the channels were looked at in the last."""
    half_hours = [(half, 0) for half in QUIET] + [(RUSH, copy) for copy in range(4)]
    return {
        "calls": [
            _call(start + timedelta(days=day, minutes=30 * half), copy)
            for start in quarters
            for day in range(DAYS)
            for half, copy in half_hours
        ],
        "kb_sessions": [_visit(start, n) for start in quarters for n in range(VISITS)],
        "bot_sessions": [_chat(start, n) for start in quarters for n in range(CHATS)],
        "kb_articles": [_article(quarters[0], n) for n in range(40)],
        "channel_catalogue": [
            _channel(name, quarters[-1] + timedelta(days=3), True) for name in CHANNELS
        ],
    }


def empty_ways_in(at: datetime | str, number: int) -> dict[str, Rows]:
    """Contacts of which nothing is known but that they came: nobody answered them."""
    of = [{"customer_id": f"c{n % 6}"} for n in range(number)]
    call = {"offered_at": at, "queued_at": at, "answered_at": None, "ended_at": None}
    call |= {"agent_id": None, "ticket_id": None}
    visit = {"started_at": at, "n_searches": None, "n_zero_result": None, "helpful": None}
    chat = {"started_at": at, "ended_at": None, "outcome": None, "n_fallbacks": 2}
    chat |= {"handoff_requested_at": None, "human_joined_at": None, "context_passed": None}
    article = {"published_at": at, "updated_at": None, "reviewed_at": None}
    article |= {"reviewer_id": None, "views": 10, "open_incorrect_flags": None}
    return {
        "calls": [{**who, **call, "call_id": f"l{n}"} for n, who in enumerate(of)],
        "kb_sessions": [{**who, **visit, "session_id": f"v{n}"} for n, who in enumerate(of)],
        "bot_sessions": [{**who, **chat, "session_id": f"b{n}"} for n, who in enumerate(of)],
        "kb_articles": [{**article, "article_id": f"a{n}"} for n in range(number)],
        "channel_catalogue": [_channel(name, at, None) for name in CHANNELS],
    }


def _call(half_hour: datetime, copy: int) -> dict[str, Any]:
    id = f"l{half_hour:%m%d%H%M}{copy}"
    at = half_hour + timedelta(minutes=30 * share("minute", id))
    queued_at = at + timedelta(seconds=8)
    wait = 60 * share("wait", id) ** (1 if copy else 3)
    answered = share("gave up", id) < 0.9
    answered_at = queued_at + timedelta(seconds=wait) if answered else None
    return {
        "call_id": id,
        "customer_id": f"c{int(CUSTOMERS * share('caller', id))}",
        "agent_id": f"g{int(AGENTS * share('agent', id))}" if answered else None,
        "ticket_id": None,
        "offered_at": at,
        "queued_at": queued_at if share("menu", id) < 0.95 else None,
        "answered_at": answered_at,
        "ended_at": (answered_at or queued_at) + timedelta(seconds=200 * share("long", id)),
        "wrap_s": 30.0,
    }


def _visit(start: datetime, number: int) -> dict[str, Any]:
    id = f"v{start:%m}{number}"
    searches = int(4 * share("searches", id))
    return {
        "session_id": id,
        "customer_id": f"c{int(CUSTOMERS * share('visitor', id))}" if number % 2 else None,
        "started_at": start + timedelta(hours=3 * number),
        "n_searches": searches,
        "n_zero_result": int((searches + 0.9) * share("found", id) ** 3),
        "helpful": True if share("helpful", id) < 0.4 else None,
        "is_automated": share("program", id) < 0.05,
    }


def _chat(start: datetime, number: int) -> dict[str, Any]:
    id = f"b{start:%m}{number}"
    at = start + timedelta(hours=5 * number)
    handed = share("handed", id) < 0.5
    joined_after = timedelta(seconds=240 + 90 * share("joined", id))
    outcome = "handed_off" if handed else "resolved_confirmed"
    return {
        "session_id": id,
        "customer_id": f"c{int(CUSTOMERS * share('chatter', id))}",
        "started_at": at,
        "ended_at": at + timedelta(minutes=5),
        "intent": "bill",
        "n_fallbacks": int(3 * share("failed", id)),
        "handoff_requested_at": at + timedelta(minutes=4) if handed else None,
        "human_joined_at": at + joined_after if handed else None,
        "context_passed": share("context", id) < 0.8 if handed else None,
        "outcome": outcome,
        "ticket_id": None,
    }


def _article(start: datetime, number: int) -> dict[str, Any]:
    changed_at = start - timedelta(days=20 * number)
    return {
        "article_id": f"a{number}",
        "published_at": start - timedelta(days=1000),
        "updated_at": changed_at,
        "reviewed_at": changed_at,
        "reviewer_id": "editor",
        "views": 20 + number,
        "open_incorrect_flags": int(number % 9 == 0),
    }


def _channel(name: str, at: datetime | str, offered: bool | None) -> dict[str, Any]:
    return {
        "channel": name,
        "offered": offered,
        "entry_homepage": offered and name != "social",
        "entry_in_app": offered and name == "in_app",
        "wcag_level": "AA" if offered else None,
        "observed_at": at,
        "observer_ids": ["first", "second"],
        "not_applicable_reason": None,
    }
