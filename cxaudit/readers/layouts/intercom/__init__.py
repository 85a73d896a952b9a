"""Intercom: conversations as JSON of its REST API, and the tables of Fivetran's connector."""

from __future__ import annotations

from functools import partial
from typing import Any

from cxaudit.readers.layouts.declaration import Delivered, Layout, Made, satisfaction
from cxaudit.readers.layouts.intercom import derived
from cxaudit.readers.layouts.intercom.derived import AUTHORS, STATUSES
from cxaudit.readers.vendor.derived import not_deleted

CHANNELS = {
    **{"conversation": "chat", "email": "email", "sms": "messaging", "whatsapp": "messaging"},
    **{"facebook": "social", "instagram": "social", "twitter": "social", "push": "in_app"},
    **{"phone_call": "phone", "phone_switch": "phone"},
}
AUTHOR = {"values": {**AUTHORS, "bot": "bot"}, "otherwise": "third_party", "when_empty": "system"}
ACTOR = {**AUTHOR, "otherwise": "system"}
CONVERSATION = (
    *("id", "created_at", "updated_at", "source_type", "source_body", "source_author_id"),
    *("source_author_type", "state", "priority", "_fivetran_active"),
    *("admin_assignee_id", "team_assignee_id", "assignee_id", "assignee_type"),
    *("statistics_first_admin_reply_at", "statistics_first_close_at", "ai_agent_participated"),
    *("statistics_last_close_at", "statistics_count_reopens"),
    *("conversation_rating_rating", "conversation_rating_created_at"),
    *("conversation_rating_remark", "conversation_rating_teammate_id"),
)
PART = (
    *("id", "conversation_id", "created_at", "part_type", "body", "author_id", "author_type"),
    *("assigned_to_id", "assigned_to_type", "state", "_fivetran_active"),
)
CONTACT = (
    *("id", "created_at", "updated_at", "language_override", "browser_language"),
    "_fivetran_active",
)
LATEST = ({"per": "id", "by": "updated_at"},)
API: dict[str, Any] = {"dates": "epoch_seconds"}
CUSTOMER = {"customer_id": "id", "created_at": "created_at", "language": "LANGUAGE"}


def _made(conversations: str, parts: str, contacts: str, cells: dict[str, Any]) -> tuple[Made, ...]:
    """What is made of the two tables that tell the story, however they were delivered."""
    opened = partial(derived.conversations, conversations, contacts)
    event = {"event_id": "EVENT", "ticket_id": "conversation_id", "at": "created_at"}
    actor = {"actor_type": {"from": "author_type", **ACTOR}, "actor_id": "author_id"}
    return (
        Made(
            "tickets",
            conversations,
            {
                "ticket_id": "id",
                "customer_id": "CUSTOMER",
                "channel": {
                    "from": "source_type",
                    "values": CHANNELS,
                    "otherwise": "chat",
                    "when_empty": "chat",
                },
                "created_at": "created_at",
                "first_response_at": "statistics_first_admin_reply_at",
                "first_solved_at": "statistics_first_close_at",
                "solved_at": "statistics_last_close_at",
                "status": {"from": "state", "values": STATUSES},
                "assignee_id": {"from": "ASSIGNEE", "needs": ("admin_assignee_id", "assignee_id")},
                "group_id": {"from": "GROUP", "needs": ("team_assignee_id", "assignee_id")},
                "priority": {
                    "from": "priority",
                    "values": {"priority": "high", "not_priority": "normal"},
                },
                "created_by": "CREATED BY",
                "reopen_count": "statistics_count_reopens",
                "ai_assist_used": "ai_agent_participated",
            },
            cells=cells,
            latest=LATEST,
            derive=opened,
        ),
        Made(
            "messages",
            conversations,
            {
                "message_id": "OPENING",
                "ticket_id": "id",
                "at": "created_at",
                "author_type": {"from": "source_author_type", **AUTHOR},
                "author_id": "source_author_id",
                "is_public": {"constant": True},
                "is_auto": {"constant": False},
                "text": "source_body",
            },
            cells=cells,
            latest=LATEST,
            derive=opened,
        ),
        Made(
            "messages",
            parts,
            {
                "message_id": "id",
                "ticket_id": "conversation_id",
                "at": "created_at",
                "author_type": {"from": "author_type", **AUTHOR},
                "author_id": "author_id",
                "is_public": "PUBLIC",
                "is_auto": {"constant": False},
                "text": "body",
            },
            cells=cells,
            derive=partial(derived.messages, parts),
        ),
        Made(
            "ticket_events",
            parts,
            {
                **event,
                "type": {"constant": "status"},
                "from_value": "FROM",
                "to_value": "TO",
                **actor,
            },
            cells=cells,
            derive=partial(derived.status_moves, parts),
        ),
        Made(
            "ticket_events",
            parts,
            {**event, "type": "TYPE", "from_value": "FROM", "to_value": "assigned_to_id", **actor},
            cells=cells,
            derive=partial(derived.assignments, parts),
        ),
        Made(
            "surveys",
            conversations,
            satisfaction(
                "in_app",
                1,
                5,
                invite_id="OPENING",
                ticket_id="id",
                customer_id="CUSTOMER",
                agent_id="conversation_rating_teammate_id",
                sent_at="conversation_rating_created_at",
                responded_at="conversation_rating_created_at",
                value="conversation_rating_rating",
                comment="conversation_rating_remark",
            ),
            cells=cells,
            filter=({"column": "conversation_rating_rating", "empty": False},),
            latest=LATEST,
            derive=opened,
        ),
    )


LAYOUT = Layout(
    name="intercom",
    export="JSON of the REST API (conversations with parts, contacts, admins, teams), or "
    "Fivetran's tables (conversation_history, conversation_part_history, ...)",
    version="API 2.14",
    documentation="https://developers.intercom.com/docs/references/rest-api/api.intercom.io/conversations",
    faults=(
        "The list of conversations has no parts: fetch each conversation by its id. One of more "
        "than 500 parts gives the last 500 only.",
        "A customer's reply opens a closed conversation without a part that says so; the reply "
        "itself is then the move to open.",
        "Parts have their state only since API 2.13; before, it is told from the kind of part.",
        "Closed conversations open again at any reply, so `closed` is read as solved, `snoozed` as "
        "on hold.",
        "Operator and other bots may write as `admin`: name their ids under [actors].",
        "Only conversations that were rated say that they were asked: there is no response rate.",
        "Back-office tickets are another object of the API, and are not read.",
    ),
    tables={
        "conversations": Delivered(CONVERSATION, ("conversation",), "conversations[]"),
        "conversation_parts": Delivered(
            PART,
            ("conversations", "conversation"),
            "conversations[].conversation_parts.conversation_parts[]",
            aliases={"conversations.id": "conversation_id"},
        ),
        "conversation_contacts": Delivered(
            ("contact_id", "conversation_id"),
            ("conversations", "conversation"),
            "conversations[].contacts.contacts[]",
            aliases={"id": "contact_id", "conversations.id": "conversation_id"},
        ),
        "contacts": Delivered(CONTACT, ("contact", "users", "leads"), "contacts|data[]"),
        "admins": Delivered(("id",), ("admin",), "admins[]"),
        "teams": Delivered(("id", "name"), ("team",), "teams[]"),
        "conversation_history": Delivered(
            CONVERSATION,
            time_zone="UTC",
            aliases={"conversation_rating_value": "conversation_rating_rating"},
        ),
        "conversation_part_history": Delivered(PART, time_zone="UTC"),
        "conversation_contact_history": Delivered(
            ("contact_id", "conversation_id", "_fivetran_active")
        ),
        "contact_history": Delivered(CONTACT, time_zone="UTC"),
        "admin": Delivered(("id", "_fivetran_deleted")),
        "team": Delivered(("id", "name", "_fivetran_deleted")),
        "team_admin": Delivered(("admin_id", "team_id", "_fivetran_deleted")),
    },
    made=(
        *_made("conversations", "conversation_parts", "conversation_contacts", API),
        Made(
            "customers",
            "contacts",
            CUSTOMER,
            cells=API,
            latest=LATEST,
            derive=partial(derived.customers, "contacts"),
        ),
        Made("agents", "admins", {"agent_id": "id"}),
        Made("groups", "teams", {"group_id": "id", "name": "name"}),
        *_made(
            "conversation_history", "conversation_part_history", "conversation_contact_history", {}
        ),
        Made(
            "customers",
            "contact_history",
            CUSTOMER,
            latest=LATEST,
            derive=partial(derived.customers, "contact_history"),
        ),
        Made(
            "agents",
            "admin",
            {"agent_id": "id", "team_id": "TEAM"},
            lookup=(
                {"table": "team_admin", "match": {"id": "admin_id"}, "take": {"TEAM": "team_id"}},
            ),
            derive=partial(not_deleted, "admin"),
        ),
        Made(
            "groups",
            "team",
            {"group_id": "id", "name": "name"},
            derive=partial(not_deleted, "team"),
        ),
    ),
)
