"""Zendesk's words, and what they are here."""

from __future__ import annotations

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
