"""Zendesk's tables as Fivetran's connector writes them.

Names in capitals are derived in `derived.py`.
"""

from __future__ import annotations

from typing import Any

from cxaudit.readers.layouts.declaration import Delivered, Made
from cxaudit.readers.layouts.zendesk import derived
from cxaudit.readers.layouts.zendesk.words import CHANGES, CHANNELS, STATUSES

UTC = "UTC"

TABLES = {
    "ticket": Delivered(
        (
            *("id", "_fivetran_deleted", "created_at", "requester_id", "submitter_id"),
            *("assignee_id", "group_id", "status", "priority", "via_channel", "merged_ticket_ids"),
            "via_followup_source_id",
        ),
        time_zone=UTC,
    ),
    "ticket_comment": Delivered(
        ("id", "ticket_id", "user_id", "created", "public", "body"), time_zone=UTC
    ),
    "ticket_field_history": Delivered(
        ("ticket_id", "field_name", "updated", "user_id", "value"), time_zone=UTC
    ),
    "ticket_tag": Delivered(("ticket_id", "tag")),
    "ticket_schedule": Delivered(("ticket_id", "schedule_id", "created_at"), time_zone=UTC),
    "user": Delivered(("id", "role", "created_at", "locale"), time_zone=UTC),
    "group": Delivered(("id", "name", "_fivetran_deleted")),
    "schedule": Delivered(
        ("id", "time_zone", "start_time", "end_time", "created_at", "_fivetran_deleted"),
        time_zone=UTC,
    ),
    "schedule_holiday": Delivered(
        ("schedule_id", "name", "start_date", "end_date", "_fivetran_deleted")
    ),
}

TICKET: dict[str, Any] = {
    "ticket_id": "id",
    "customer_id": "REQUESTER",
    "channel": {
        "from": "via_channel",
        "values": CHANNELS,
        "otherwise": "web_form",
        "when_empty": "web_form",
    },
    "created_at": "created_at",
    "status": {"from": "status", "values": STATUSES, "otherwise": "unknown"},
    "assignee_id": "assignee_id",
    "group_id": "group_id",
    "priority": "priority",
    "created_by": "CREATED BY",
    "merged_into": "MERGED INTO",
    "follow_up_of": "via_followup_source_id",
    "is_deleted": "DELETED",
}
MESSAGE: dict[str, Any] = {
    "message_id": "id",
    "ticket_id": "ticket_id",
    "at": "created",
    "author_type": "AUTHOR TYPE",
    "author_id": "user_id",
    "is_public": "public",
    "is_auto": {"constant": False},
    "text": "body",
}
EVENT: dict[str, Any] = {
    "event_id": "EVENT",
    "ticket_id": "ticket_id",
    "at": "updated",
    "type": {"from": "field_name", "values": CHANGES},
    "from_value": "FROM",
    "to_value": "TO",
    "actor_type": "ACTOR TYPE",
    "actor_id": "ACTOR",
}
AGENT: dict[str, Any] = {"agent_id": "id"}
CUSTOMER: dict[str, Any] = {"customer_id": "id", "created_at": "created_at", "language": "locale"}
GROUP: dict[str, Any] = {"group_id": "id", "name": "name"}
SCHEDULE: dict[str, Any] = {
    "schedule_id": "id",
    "time_zone": "ZONE",
    "opens_minute": "start_time",
    "closes_minute": "end_time",
    "is_default": "DEFAULT",
}

MADE = (
    Made(
        "tickets",
        "ticket",
        TICKET,
        derive=derived.tickets,
    ),
    Made(
        "messages",
        "ticket_comment",
        MESSAGE,
        derive=derived.messages,
    ),
    Made(
        "ticket_events",
        "ticket_field_history",
        EVENT,
        derive=derived.ticket_events,
    ),
    Made(
        "ticket_schedules",
        "ticket_schedule",
        {"ticket_id": "ticket_id", "schedule_id": "schedule_id", "from_at": "created_at"},
    ),
    Made("agents", "user", AGENT, derive=derived.agents),
    Made(
        "customers",
        "user",
        CUSTOMER,
        derive=derived.customers,
    ),
    Made("groups", "group", GROUP, derive=derived.groups),
    Made(
        "schedules",
        "schedule",
        SCHEDULE,
        derive=derived.schedules,
    ),
    Made(
        "schedule_holidays",
        "schedule_holiday",
        {"schedule_id": "schedule_id", "date": "DAY", "name": "name"},
        derive=derived.schedule_holidays,
    ),
)
