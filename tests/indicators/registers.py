"""The registers of the small service: reviews, events, messages, courses, actions, reasons."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from tests.indicators.chance import share

Rows = list[dict[str, Any]]
EVENTS = 600  # a quarter; of each of them three customers
ITEMS = {  # how often an item applies
    "let_customer_speak_first": 0.9,
    "acknowledged_emotion": 0.6,
    "clarifying_question": 0.7,
    "paraphrased_own_words": 0.8,
    "admitted_unknown": 0.2,
    "process_followed": 0.95,
    "admitted_mistake": 0.1,
    "correct_information": 0.95,
}


def registers(
    tickets: Rows, surveys: Rows, agents: Rows, quarters: tuple[datetime, ...]
) -> dict[str, Rows]:
    """The tables; of the agents, when they came and went is added to the rows given."""
    for agent in agents:
        agent |= {"hired_at": datetime(2025, 1, 1, tzinfo=UTC), "left_at": None}
    events = [_event(start, n) for start in quarters for n in range(EVENTS)]
    return {
        "qa_reviews": _reviews(tickets),
        "service_events": events,
        "outreach": [*_outreach(events), *_calls_back(surveys)],
        "social_mentions": [_mention(start, n) for start in quarters for n in range(150)],
        "trainings": [_course(agent["agent_id"], s) for agent in agents for s in quarters],
        "improvement_actions": [_action(start, n) for start in quarters for n in range(30)],
        "process_catalogue": [_process(n) for n in range(8)],
        "process_flows": [
            {"category": None, "from_value": before, "to_value": after}
            for before, after in (("new", "open"), ("open", "solved"), ("solved", "open"))
        ],
        "schedules": _week(),
    }


def empty_registers(at: str, number: int) -> dict[str, Rows]:
    """Registers that say nothing: whatever may be empty is, and what was due has not happened."""
    of = [{"ticket_id": f"t{n}", "customer_id": f"c{n % 6}"} for n in range(number)]
    item: dict[str, Any] = {
        "agent_id": None,
        "reviewed_at": at,
        "sample_method": "random",
        "score": None,
        "max_score": 1.0,
        "passed": None,
        "applicable": True,
        "critical_type": "customer",
        "sampling_weight": None,
        "is_auto": None,
    }
    judged = [
        item
        | {"review_id": f"q{n}{p}", "ticket_id": f"t{n}", "calibrated_set_id": f"s{n}"}
        | {"item_key": key, "reviewer_id": f"p{p}", "is_critical": key == "correct_information"}
        for n in range(number)
        for p in (1, 2)
        for key in ITEMS
    ]
    event: dict[str, Any] = {"occurred_at": at, "detected_at": at, "type": "outage"}
    event |= {"requires_outreach": True, "requires_confirmation": True}
    message: dict[str, Any] = {
        "outreach_id": "o0",
        "customer_id": "c99",
        "event_id": None,
        "invite_id": None,
    }
    message |= {"type": "alert", "sent_at": at, "asks_contact": None, "is_human": None}
    action: dict[str, Any] = {
        "due_at": at,
        "closed_at": None,
        "target_indicator": None,
        "verification_ref": None,
    }
    course: dict[str, Any] = {
        "agent_id": "g0",
        "topic": "tool",
        "method": "workshop",
        "completed_at": at,
    }
    return {
        "agents": [{"agent_id": f"g{n}", "team_id": "t", "hired_at": None} for n in range(number)],
        "qa_reviews": judged,
        "service_events": [
            event | {"event_id": f"v{n}", "customer_id": row["customer_id"]}
            for n, row in enumerate(of)
        ],
        "outreach": [message | {"delivered": False}],
        "social_mentions": [
            {"mention_id": f"n{n}", "author_id": f"u{n}", "at": at, "is_actionable": True}
            | {"first_human_response_at": None}
            for n in range(number)
        ],
        "trainings": [course | {"hours": 1.0, "passed": None}],
        "improvement_actions": [action | {"action_id": f"a{n}"} for n in range(number)],
        "process_catalogue": [
            {"category": "bill", "has_sop": None, "has_flowchart": None, "reviewed_at": None}
            | {"is_preventable": None, "downstream_categories": None}
        ],
        "schedules": _week(),
    }


def _week() -> Rows:
    """Monday to Friday, 9 to 17."""
    return [
        {
            "schedule_id": "week",
            "time_zone": "UTC",
            "opens_minute": day * 1440 + 540,
            "closes_minute": day * 1440 + 1020,
            "is_default": True,
        }
        for day in range(1, 6)
    ]


def _reviews(tickets: Rows) -> Rows:
    rows = []
    for ticket in tickets:
        id, reviewer = ticket["ticket_id"], int(share("reviewer", ticket["ticket_id"]) * 4)
        if share("reviewed", id) < 0.3:
            rows += _review(ticket, f"q{id}", reviewer)
            if share("twice", id) < 0.2:
                rows += _review(ticket, f"q{id}again", reviewer + 1)
    return rows


def _review(ticket: dict[str, Any], review: str, reviewer: int) -> Rows:
    id = ticket["ticket_id"]
    is_stratified = share("stratum", id) < 0.3
    rows = []
    for item, applies in ITEMS.items():
        points = float(4 * (share("shown", id, item) < 0.85) + (share(review, item) < 0.8))
        rows.append(
            {
                "review_id": review,
                "ticket_id": id,
                "agent_id": ticket["assignee_id"],
                "reviewer_id": f"p{reviewer}",
                "reviewed_at": ticket["created_at"] + timedelta(days=6),
                "sample_method": "stratified" if is_stratified else "random",
                "sampling_weight": 2.0 if is_stratified else 1.0,
                "item_key": item,
                "score": points,
                "max_score": 5.0,
                "passed": points >= 4,
                "applicable": share("applies", id, item) < applies,
                "is_critical": item == "correct_information",
                "critical_type": "customer" if item == "correct_information" else None,
                "calibrated_set_id": f"s{id}" if share("twice", id) < 0.2 else None,
                "is_auto": False,
            }
        )
    return rows


def _event(start: datetime, number: int) -> dict[str, Any]:
    at = start + timedelta(hours=3.5 * number)
    return {
        "event_id": f"v{start:%m}{number // 3:03}",
        "customer_id": f"c{number * 7 % 450}",
        "type": "outage",
        "occurred_at": at,
        "detected_at": at + timedelta(minutes=30),
        "requires_outreach": number // 3 % 2 == 0,
        "requires_confirmation": number // 3 % 2 == 1,
    }


def _outreach(events: Rows) -> Rows:
    rows = []
    for event in events:
        pair = event["event_id"], event["customer_id"]
        is_alert = event["requires_outreach"]
        after = timedelta(hours=20) if is_alert else timedelta(seconds=400)
        if share("told", *pair) < 0.8:
            rows.append(
                {
                    "outreach_id": "o" + "/".join(pair),
                    "customer_id": event["customer_id"],
                    "event_id": event["event_id"],
                    "invite_id": None,
                    "type": "alert" if is_alert else "confirmation",
                    "sent_at": event["occurred_at"] + share("lag", *pair) * after,
                    "delivered": share("arrived", *pair) < 0.95,
                    "asks_contact": share("asks", *pair) < 0.05,
                    "is_human": False,
                }
            )
    return rows


def _calls_back(surveys: Rows) -> Rows:
    return [
        {
            "outreach_id": f"o{answer['invite_id']}",
            "customer_id": answer["customer_id"],
            "event_id": None,
            "invite_id": answer["invite_id"],
            "type": "closed_loop",
            "sent_at": answer["responded_at"]
            + timedelta(days=5 * share("call", answer["invite_id"])),
            "delivered": True,
            "asks_contact": False,
            "is_human": True,
        }
        for answer in surveys
        if answer["question_key"] == "csat" and answer["value"] == 2
    ]


def _mention(start: datetime, number: int) -> dict[str, Any]:
    at = start + timedelta(hours=14 * number)
    answered_at = at + timedelta(hours=60 * share("answered", start, number))
    return {
        "mention_id": f"n{start:%m}{number}",
        "author_id": f"u{number % 90}",
        "at": at,
        "is_actionable": share("actionable", start, number) < 0.8,
        "first_human_response_at": answered_at if share("ignored", start, number) < 0.8 else None,
    }


def _course(agent: str, start: datetime) -> dict[str, Any]:
    before = 50 + 20 * share("before", agent, start)
    return {
        "agent_id": agent,
        "topic": "product" if share("topic", agent, start) < 0.6 else "tool",
        "method": "scenario" if share("method", agent, start) < 0.7 else "elearning",
        "completed_at": start + timedelta(days=80 * share("course", agent, start)),
        "hours": 16.0 if share("hours", agent, start) < 0.7 else 4.0,
        "score_pre": before,
        "score_post": before + 10,
        "passed": share("passed", agent, start) < 0.9,
    }


def _action(start: datetime, number: int) -> dict[str, Any]:
    id = f"a{start:%m}{number:02}"
    due_at = start + timedelta(days=3 * number)
    closed_at = due_at + timedelta(days=40 * (share("done", id) - 0.6))
    return {
        "action_id": id,
        "opened_at": start - timedelta(days=60),
        "due_at": due_at,
        "rebased_due_at": due_at + timedelta(days=30) if share("moved", id) < 0.2 else None,
        "closed_at": closed_at if share("closed", id) < 0.8 else None,
        "target_indicator": "qua_csat",
        "verified": "yes" if share("verified", id) < 0.5 else "no",
        "verification_ref": f"check {id}",
        "impact": ("low", "medium", "high")[int(3 * share("impact", id))],
    }


def _process(number: int) -> dict[str, Any]:
    return {
        "category": f"reason {number}",
        "has_sop": number != 3,
        "has_flowchart": number % 2 == 0,
        "reviewed_at": datetime(2026, 1, 1, tzinfo=UTC),
        "is_preventable": number in (0, 2),
        "downstream_categories": [f"reason {number + 1}"] if number < 2 else [],
    }
