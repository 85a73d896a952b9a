"""Zendesk's tables in Fivetran's layout: the columns expected, and what each becomes.

A line of a mapping is `canonical column: delivered or derived column`; the types are those of the
canonical tables. Names in capitals are derived in `zendesk.py`.
"""

from __future__ import annotations

from typing import Any

EXPECTED: dict[str, tuple[str, ...]] = {
    "ticket": (
        "id", "_fivetran_deleted", "created_at", "requester_id", "submitter_id", "assignee_id",
        "group_id", "status", "priority", "via_channel", "merged_ticket_ids",
    ),
    "ticket_comment": ("id", "ticket_id", "user_id", "created", "public", "body"),
    "ticket_field_history": ("ticket_id", "field_name", "updated", "user_id", "value"),
    "ticket_tag": ("ticket_id", "tag"),
    "ticket_schedule": ("ticket_id", "schedule_id", "created_at"),
    "user": ("id", "role", "created_at", "locale"),
    "group": ("id", "name", "_fivetran_deleted"),
    "schedule": (
        "id", "time_zone", "start_time", "end_time", "created_at", "_fivetran_deleted",
    ),
    "schedule_holiday": ("schedule_id", "name", "start_date", "end_date", "_fivetran_deleted"),
}  # fmt: skip

CHANNELS = {
    "email": "email",
    "web": "web_form",
    "api": "web_form",
    "web_form": "web_form",
    "help_center": "web_form",
    "chat": "chat",
    "voice": "phone",
    "phone": "phone",
    "mobile": "in_app",
    "mobile_sdk": "in_app",
    "sdk": "in_app",
    "sms": "messaging",
    "whatsapp": "messaging",
    "messaging": "messaging",
    "native_messaging": "messaging",
    "line": "messaging",
    "twitter": "social",
    "twitter_dm": "social",
    "x_corp_dm": "social",
    "facebook": "social",
    "facebook_messenger": "social",
    "instagram_dm": "social",
    "any_channel": "social",
}

STATUSES = {
    "new": "new",
    "open": "open",
    "pending": "pending",
    "hold": "on_hold",
    "solved": "solved",
    "closed": "closed",
    "deleted": "unknown",
}

# Zendesk's field -> the kind of change it is
CHANGES = {
    "status": "status",
    "assignee_id": "assignee",
    "group_id": "group",
    "priority": "priority",
}

# statuses in the order a ticket passes them: decides between two changes of one second
LIFE = ("new", "open", "pending", "on_hold", "solved", "closed", "deleted")

MAPPINGS: dict[str, tuple[str, dict[str, Any]]] = {
    "tickets": (
        "ticket",
        {
            "ticket_id": "id",
            "customer_id": "REQUESTER",
            "channel": {"from": "via_channel"},
            "created_at": "created_at",
            "status": {"from": "status", "values": STATUSES, "otherwise": "unknown"},
            "assignee_id": "assignee_id",
            "group_id": "group_id",
            "priority": "priority",
            "created_by": "CREATED BY",
            "merged_into": "MERGED INTO",
            "is_deleted": "DELETED",
        },
    ),
    "messages": (
        "ticket_comment",
        {
            "message_id": "id",
            "ticket_id": "ticket_id",
            "at": "created",
            "author_type": "AUTHOR TYPE",
            "author_id": "user_id",
            "is_public": "public",
            "is_auto": {"constant": False},
            "text": "body",
        },
    ),
    "ticket_events": (
        "ticket_field_history",
        {
            "event_id": "EVENT",
            "ticket_id": "ticket_id",
            "at": "updated",
            "type": {"from": "field_name", "values": CHANGES},
            "from_value": "FROM",
            "to_value": "TO",
            "actor_type": "ACTOR TYPE",
            "actor_id": "ACTOR",
        },
    ),
    "ticket_schedules": (
        "ticket_schedule",
        {"ticket_id": "ticket_id", "schedule_id": "schedule_id", "from_at": "created_at"},
    ),
    "agents": ("user", {"agent_id": "id", "team_id": "TEAM"}),
    "customers": (
        "user",
        {"customer_id": "id", "created_at": "created_at", "language": "locale"},
    ),
    "groups": ("group", {"group_id": "id", "name": "name"}),
    "schedules": (
        "schedule",
        {
            "schedule_id": "id",
            "time_zone": "ZONE",
            "opens_minute": "start_time",
            "closes_minute": "end_time",
            "is_default": "DEFAULT",
        },
    ),
    "schedule_holidays": (
        "schedule_holiday",
        {"schedule_id": "schedule_id", "date": "DAY", "name": "name"},
    ),
}
