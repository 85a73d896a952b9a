"""HubSpot Service Hub: the tables of Fivetran's connector."""

from __future__ import annotations

from functools import partial

import pyarrow as pa
import pyarrow.compute as pc

from cxaudit.readers.layouts.declaration import Delivered, Layout, Made, Shaped, Tables
from cxaudit.readers.vendor.derived import (
    changed_only,
    fetched,
    first_true,
    is_any,
    joined_ids,
    not_deleted,
    only,
    still_there,
    with_columns,
    with_previous,
    worded,
)
from cxaudit.readers.vendor.words import changed_words
from cxaudit.sources import VendorSource

CHANNELS = {
    **{"EMAIL": "email", "CHAT": "chat", "PHONE": "phone", "FORM": "web_form"},
    **{"WHATSAPP": "messaging", "SMS": "messaging", "FACEBOOK": "social", "FB_MESSENGER": "social"},
    **{"CUSTOMER_PORTAL": "self_service", "CALLING": "phone", "FEEDBACK_SURVEY": "web_form"},
}
# the stages of the default pipeline, then what any stage's ticket_state says
STAGES = {"1": "new", "2": "pending", "3": "open", "4": "closed"}
STATUSES = {**STAGES, "OPEN": "open", "CLOSED": "closed"}
PRIORITIES = {"LOW": "low", "MEDIUM": "normal", "HIGH": "high", "URGENT": "urgent"}
WORDS = {"status": STATUSES, "priority": PRIORITIES}
CHANGES = {
    "hs_pipeline_stage": "status",
    "hubspot_owner_id": "assignee",
    "hubspot_team_id": "group",
    "hs_ticket_priority": "priority",
}
PEOPLE = ("CRM_UI", "CONVERSATIONS", "MOBILE_IOS", "MOBILE_ANDROID", "HELP_DESK", "SALES")


def _states(source: VendorSource, tables: Tables, stage: pa.ChunkedArray) -> pa.ChunkedArray:
    """A stage's own name if it is known by it, else whether tickets in it are open or closed."""
    named = is_any(stage, (*STAGES, *source.words.get("status", {})))
    state = fetched(stage, tables.rows["ticket_pipeline_stage"], "stage_id", "ticket_state")
    return first_true((named, stage), otherwise=pc.coalesce(state, stage))


def tickets(source: VendorSource, tables: Tables) -> Shaped:
    """The first contact of a ticket, and what its stage means."""
    rows = tables.rows["ticket"]
    customer = fetched(rows["id"], tables.rows["ticket_contact"], "ticket_id", "contact_id")
    state = _states(source, tables, rows["property_hs_pipeline_stage"])
    return Shaped(with_columns(rows, CUSTOMER=customer, STATE=state))


def messages(name: str, source: VendorSource, tables: Tables) -> Shaped:
    """Engagements of one kind that belong to a ticket, with their author."""
    shaped = still_there(tables.rows[name])
    ids = shaped.rows["engagement_id"]
    ticket = fetched(ids, tables.rows["ticket_engagement"], "engagement_id", "ticket_id")
    ours = only(with_columns(shaped.rows, TICKET=ticket), pc.is_valid(ticket))
    rows = ours.rows
    contacts = tables.rows["engagement_contact"]
    contact = fetched(rows["engagement_id"], contacts, "engagement_id", "contact_id")
    came_in = is_any(rows["property_hs_email_direction"], ("INCOMING_EMAIL",))
    made = with_columns(
        rows,
        AUTHOR_TYPE=first_true((came_in, "customer"), otherwise="agent"),
        AUTHOR=pc.if_else(came_in, contact, rows["property_hubspot_owner_id"]),
        TEXT=pc.coalesce(rows["property_hs_email_text"], rows["property_hs_email_html"]),
        AT=pc.coalesce(rows["property_hs_timestamp"], rows["property_hs_createdate"]),
    )
    return Shaped(made, shaped.left_out + ours.left_out)


def ticket_events(source: VendorSource, tables: Tables) -> Shaped:
    """Every property that moved, with the value before it."""
    every = tables.rows["ticket_property_history"]
    shaped = only(every, is_any(every["name"], tuple(CHANGES)))
    rows = shaped.rows
    kind = worded(rows["name"], CHANGES)
    state = _states(source, tables, rows["value"])
    value = pc.if_else(is_any(kind, ("status",)), state, rows["value"])
    value, unknown = changed_words(source, WORDS, kind, value, "to_value")
    by_person = is_any(rows["source"], PEOPLE)
    told = with_columns(
        rows, TO=value, ACTOR_TYPE=first_true((by_person, "agent"), otherwise="system")
    )
    moves = changed_only(
        with_previous(told, ("ticket_id", "name"), ("timestamp_instant",), "TO"), "TO"
    )
    event = joined_ids(moves.rows["ticket_id"], moves.rows["name"], moves.rows["NUMBER"])
    made = with_columns(moves.rows, EVENT=event)
    return Shaped(made, shaped.left_out + moves.left_out, findings=unknown)


def _message(name: str, is_public: bool, text: str) -> Made:
    return Made(
        "messages",
        name,
        {
            "message_id": "engagement_id",
            "ticket_id": "TICKET",
            "at": "AT",
            "author_type": "AUTHOR TYPE",
            "author_id": "AUTHOR",
            "is_public": {"constant": is_public},
            "is_auto": {"constant": False},
            "text": text,
        },
        derive=partial(messages, name),
    )


ENGAGEMENT = (
    *("engagement_id", "_fivetran_deleted", "property_hs_timestamp", "property_hs_createdate"),
    *("property_hubspot_owner_id", "property_hs_email_direction", "property_hs_email_text"),
    *("property_hs_email_html", "property_hs_note_body", "property_hs_communication_body"),
)

LAYOUT = Layout(
    name="hubspot",
    export="Fivetran's tables (ticket, ticket_contact, ticket_engagement, engagement_email, "
    "engagement_note, ticket_property_history, ticket_pipeline_stage, owner, contact, team)",
    version="CRM API v3",
    documentation="https://developers.hubspot.com/docs/api-reference/crm-tickets-v3/guide",
    faults=(
        "Which properties become columns is the account's choice: owner, team, priority and source "
        "are missing from many exports; ask for them.",
        "A status is the stage of a pipeline. Stages of the default pipeline are known; of others "
        "only whether they are open or closed, until `words = { status = ... }` names their ids.",
        "A ticket, an e-mail or a note may belong to several records: the first in sorted order is "
        "taken.",
        "Merged tickets are deleted; nothing but the survivor's list of ids tells them apart.",
        "Calls, and chats kept in the inbox alone, are not read.",
        "Who created a ticket is not told: all are read as the customer's.",
        "The spreadsheet of the list of tickets has times in the zone of whoever exported it, and "
        'the account\'s own labels: read it with reader = "mapped".',
    ),
    tables={
        "ticket": Delivered(
            (
                *("id", "is_deleted", "property_createdate", "property_closed_date"),
                *("property_first_agent_reply_date", "property_hs_pipeline_stage"),
                *("property_hs_ticket_category", "property_hs_ticket_priority"),
                *("property_source_type", "property_hubspot_owner_id", "property_hubspot_team_id"),
                *("property_hs_resolution", "property_hs_language"),
            ),
            time_zone="UTC",
            aliases={"_fivetran_deleted": "is_deleted"},
        ),
        "ticket_contact": Delivered(("ticket_id", "contact_id")),
        "ticket_engagement": Delivered(("ticket_id", "engagement_id")),
        "ticket_pipeline_stage": Delivered(("stage_id", "ticket_state", "is_closed")),
        "ticket_property_history": Delivered(
            ("ticket_id", "name", "timestamp_instant", "value", "source", "source_id"),
            time_zone="UTC",
            aliases={"timestamp": "timestamp_instant"},
        ),
        "engagement_email": Delivered(ENGAGEMENT, time_zone="UTC"),
        "engagement_note": Delivered(ENGAGEMENT, time_zone="UTC"),
        "engagement_communication": Delivered(ENGAGEMENT, time_zone="UTC"),
        "engagement_contact": Delivered(("engagement_id", "contact_id")),
        "contact": Delivered(
            ("id", "_fivetran_deleted", "property_createdate", "property_hs_language"),
            time_zone="UTC",
            aliases={"is_deleted": "_fivetran_deleted"},
        ),
        "owner": Delivered(("owner_id",)),
        "owner_team": Delivered(("owner_id", "team_id", "is_team_primary")),
        "team": Delivered(("id", "name")),
    },
    made=(
        Made(
            "tickets",
            "ticket",
            {
                "ticket_id": "id",
                "customer_id": {"from": "CUSTOMER", "needs": ("ticket_contact",)},
                "channel": {
                    "from": "property_source_type",
                    "values": CHANNELS,
                    "otherwise": "web_form",
                    "when_empty": "web_form",
                },
                "created_at": "property_createdate",
                "first_response_at": "property_first_agent_reply_date",
                "solved_at": "property_closed_date",
                "status": {
                    "from": "STATE",
                    "values": STATUSES,
                    "needs": ("property_hs_pipeline_stage",),
                },
                "assignee_id": "property_hubspot_owner_id",
                "group_id": "property_hubspot_team_id",
                "category": "property_hs_ticket_category",
                "priority": {"from": "property_hs_ticket_priority", "values": PRIORITIES},
                "language": "property_hs_language",
                "created_by": {"constant": "customer"},
                "is_deleted": "is_deleted",
            },
            derive=tickets,
        ),
        _message("engagement_email", True, "TEXT"),
        _message("engagement_note", False, "property_hs_note_body"),
        _message("engagement_communication", True, "property_hs_communication_body"),
        Made(
            "ticket_events",
            "ticket_property_history",
            {
                "event_id": "EVENT",
                "ticket_id": "ticket_id",
                "at": "timestamp_instant",
                "type": {"from": "name", "values": CHANGES},
                "from_value": "FROM",
                "to_value": "TO",
                "actor_type": "ACTOR TYPE",
            },
            derive=ticket_events,
        ),
        Made(
            "customers",
            "contact",
            {
                "customer_id": "id",
                "created_at": "property_createdate",
                "language": "property_hs_language",
            },
            derive=partial(not_deleted, "contact"),
        ),
        Made(
            "agents",
            "owner",
            {"agent_id": "owner_id", "team_id": "TEAM"},
            lookup=(
                {
                    "table": "owner_team",
                    "match": {"owner_id": "owner_id"},
                    "take": {"TEAM": "team_id"},
                },
            ),
        ),
        Made("groups", "team", {"group_id": "id", "name": "name"}),
    ),
)
