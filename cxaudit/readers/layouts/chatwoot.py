"""Chatwoot: JSON of its application API."""

from __future__ import annotations

from functools import partial

import pyarrow.compute as pc

from cxaudit.readers.layouts.declaration import (
    Delivered,
    Layout,
    Made,
    Shaped,
    Tables,
    satisfaction,
)
from cxaudit.readers.vendor.derived import (
    first_true,
    is_any,
    only,
    prefixed,
    status_moves,
    with_columns,
    worded,
)
from cxaudit.sources import VendorSource

CHANNELS = {
    **{"Channel::WebWidget": "chat", "Channel::Email": "email", "Channel::Api": "in_app"},
    **{"Channel::Whatsapp": "messaging", "Channel::Sms": "messaging"},
    **{"Channel::TwilioSms": "messaging", "Channel::Telegram": "messaging"},
    **{"Channel::Line": "messaging", "Channel::FacebookPage": "social"},
    **{"Channel::Instagram": "social", "Channel::TwitterProfile": "social"},
    **{"Channel::Tiktok": "social", "Channel::Voice": "phone"},
}
STATUSES = {
    **{"open": "open", "resolved": "solved", "pending": "new", "snoozed": "on_hold"},
    **{"0": "open", "1": "solved", "2": "new", "3": "on_hold"},
}
PRIORITIES = {
    **{"medium": "normal"},
    **{"0": "low", "1": "normal", "2": "high", "3": "urgent"},
}
INCOMING, TEMPLATE, ACTIVITY = ("0", "incoming"), ("3", "template"), ("2", "activity")
CUSTOMERS = ("contact", "Contact")
BOTS = ("agent_bot", "AgentBot", "captain_assistant", "Captain::Assistant")
# what happened to a conversation -> the status it is then in
HAPPENED = {
    **{"conversation_resolved": "solved", "conversation_opened": "open"},
    **{"conversation_bot_resolved": "solved", "conversation_bot_handoff": "open"},
}
CELLS = {"dates": "epoch_seconds"}


def messages(name: str, source: VendorSource, tables: Tables) -> Shaped:
    """What was written; notes of activity are none. Templates are sent by the product itself."""
    every = tables.rows[name]
    shaped = only(every, pc.invert(is_any(every["message_type"], ACTIVITY)))
    rows = shaped.rows
    kind = rows["message_type"]
    sender = pc.coalesce(rows["sender.type"], rows["sender_type"])
    is_template = is_any(kind, TEMPLATE)
    author = first_true(
        (is_any(sender, BOTS), "bot"),
        (is_template, "system"),
        (pc.or_(is_any(kind, INCOMING), is_any(sender, CUSTOMERS)), "customer"),
        otherwise="agent",
    )
    return Shaped(
        with_columns(
            rows,
            AUTHOR_TYPE=author,
            AUTHOR=pc.coalesce(rows["sender.id"], rows["sender_id"]),
            AUTO=first_true((is_template, "true"), otherwise="false"),
            PUBLIC=first_true((is_any(rows["private"], ("true",)), "false"), otherwise="true"),
        ),
        shaped.left_out,
    )


def moves(source: VendorSource, tables: Tables) -> Shaped:
    """Reporting events that change a status."""
    every = tables.rows["reporting_events"]
    shaped = only(every, is_any(every["name"], tuple(HAPPENED)))
    told = with_columns(shaped.rows, TO=worded(shaped.rows["name"], HAPPENED))
    kept = status_moves(told, "conversation_id", ("event_end_time", "id"))
    rows = kept.rows
    by_bot = is_any(rows["name"], ("conversation_bot_resolved",))
    by_agent = pc.is_valid(rows["user_id"])
    made = with_columns(
        rows,
        EVENT=prefixed("event", rows["id"]),
        ACTOR_TYPE=first_true((by_bot, "bot"), (by_agent, "agent"), otherwise="system"),
    )
    return Shaped(made, shaped.left_out + kept.left_out)


MESSAGE = (
    *("id", "conversation_id", "created_at", "message_type", "content", "private"),
    *("sender.id", "sender.type", "sender_id", "sender_type"),
)


def _messages(name: str) -> Made:
    return Made(
        "messages",
        name,
        {
            "message_id": "id",
            "ticket_id": "conversation_id",
            "at": "created_at",
            "author_type": "AUTHOR TYPE",
            "author_id": "AUTHOR",
            "is_public": "PUBLIC",
            "is_auto": "AUTO",
            "text": "content",
        },
        cells=CELLS,
        derive=partial(messages, name),
    )


LAYOUT = Layout(
    name="chatwoot",
    export="JSON of the application API: conversations, messages, contacts, agents, teams, "
    "csat_survey_responses, reporting_events",
    version="API v1, Chatwoot 3 and 4",
    documentation="https://developers.chatwoot.com/api-reference/conversations/conversations-list",
    faults=(
        "The list of conversations holds the last message only: fetch the messages of each, "
        "20 at a time with `before`.",
        "No conversation says when it was resolved: that is in the reporting events; without them "
        "resolution cannot be told.",
        "The id shown is counted by account; the database's own id is another. In reporting events "
        "taken from the database `conversation_id` has to be replaced by `display_id`.",
        "`pending` is a conversation a bot has in hand: it is read as new.",
        "Greetings, and requests for an e-mail address or a rating, are messages of the type "
        "template: they are the system's, and automatic.",
        "Ratings that were asked for and not given are not listed: there is no response rate.",
    ),
    tables={
        "conversations": Delivered(
            (
                *("id", "created_at", "updated_at", "status", "priority", "first_reply_created_at"),
                *("meta.sender.id", "meta.channel", "meta.assignee.id", "meta.team.id"),
                *("inbox_id", "additional_attributes.type"),
            ),
            ("conversation",),
            "conversations|data.payload|payload[]",
            aliases={"first_reply_at": "first_reply_created_at", "channel": "meta.channel"},
        ),
        "conversation_messages": Delivered(
            MESSAGE,
            ("conversations", "conversation"),
            "conversations|data.payload|payload[].messages[]",
            aliases={"conversations.id": "conversation_id"},
        ),
        "messages": Delivered(MESSAGE, ("message",), "messages|payload[]"),
        "contacts": Delivered(
            ("id", "created_at", "additional_attributes.country_code"),
            ("contact",),
            "contacts|payload|data.payload[]",
        ),
        "agents": Delivered(("id", "role"), ("agent",), "agents|payload[]"),
        "teams": Delivered(("id", "name"), ("team",), "teams|payload[]"),
        "csat_survey_responses": Delivered(
            (
                *("id", "rating", "feedback_message", "conversation_id", "contact.id"),
                *("assigned_agent.id", "created_at"),
            ),
            ("csat_survey_response", "csat"),
            "csat_survey_responses|payload[]",
        ),
        "reporting_events": Delivered(
            ("id", "conversation_id", "name", "user_id", "created_at", "event_end_time"),
            ("reporting_event",),
            time_zone="UTC",
        ),
    },
    made=(
        Made(
            "tickets",
            "conversations",
            {
                "ticket_id": "id",
                "customer_id": "meta.sender.id",
                "channel": {
                    "from": "meta.channel",
                    "values": CHANNELS,
                    "otherwise": "chat",
                    "when_empty": "chat",
                },
                "created_at": "created_at",
                "first_response_at": {"from": "first_reply_created_at", "missing": ["0"]},
                "status": {"from": "status", "values": STATUSES},
                "assignee_id": "meta.assignee.id",
                "group_id": "meta.team.id",
                "priority": {"from": "priority", "values": PRIORITIES},
                "created_by": {"constant": "customer"},
            },
            cells=CELLS,
            latest=({"per": "id", "by": "updated_at", "as": "number"},),
        ),
        _messages("messages"),
        _messages("conversation_messages"),
        Made(
            "ticket_events",
            "reporting_events",
            {
                "event_id": "EVENT",
                "ticket_id": "conversation_id",
                "at": {"from": "event_end_time", "dates": "iso"},
                "type": {"constant": "status"},
                "from_value": "FROM",
                "to_value": "TO",
                "actor_type": "ACTOR TYPE",
                "actor_id": "user_id",
            },
            derive=moves,
        ),
        Made(
            "customers",
            "contacts",
            {
                "customer_id": "id",
                "created_at": "created_at",
                "country": "additional_attributes.country_code",
            },
            cells=CELLS,
        ),
        Made("agents", "agents", {"agent_id": "id"}),
        Made("groups", "teams", {"group_id": "id", "name": "name"}),
        Made(
            "surveys",
            "csat_survey_responses",
            satisfaction(
                "in_app",
                1,
                5,
                invite_id="id",
                ticket_id="conversation_id",
                customer_id="contact.id",
                agent_id="assigned_agent.id",
                sent_at="created_at",
                responded_at="created_at",
                value="rating",
                comment="feedback_message",
            ),
            cells=CELLS,
        ),
    ),
)
