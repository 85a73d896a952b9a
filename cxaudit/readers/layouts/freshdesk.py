"""Freshdesk: JSON of its REST API."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from cxaudit.readers.layouts.declaration import (
    Delivered,
    Layout,
    Made,
    Shaped,
    Tables,
    satisfaction,
)
from cxaudit.readers.vendor.derived import first_true, is_any, is_true, prefixed, with_columns
from cxaudit.sources import VendorSource

TICKET_FILES = ("ticket", "all_tickets", "search_tickets", "filtered_tickets")
STATUSES = {
    **{"2": "open", "3": "pending", "4": "solved", "5": "closed", "6": "pending", "7": "on_hold"},
    **{"Open": "open", "Pending": "pending", "Resolved": "solved", "Closed": "closed"},
    **{"Waiting on Customer": "pending", "Waiting on Third Party": "on_hold"},
}
PRIORITIES = {"1": "low", "2": "normal", "3": "high", "4": "urgent", "Medium": "normal"}
SOURCES = {
    **{"1": "email", "2": "web_form", "3": "phone", "4": "web_form", "5": "social", "6": "social"},
    **{"7": "chat", "8": "in_app", "9": "web_form", "10": "email", "11": "web_form"},
    **{"12": "chat", "13": "messaging"},
    **{"Email": "email", "Portal": "web_form", "Phone": "phone", "Chat": "chat"},
    **{"Feedback Widget": "web_form", "Outbound Email": "email", "WhatsApp": "messaging"},
}
OUTBOUND = ("10", "Outbound Email")
# Faces of the classic survey -> seven steps; surveys with three or five faces use some of them.
FACES = {
    **{"-103": "1", "-102": "2", "-101": "3", "100": "4"},
    **{"101": "5", "102": "6", "103": "7"},
}


def tickets(source: VendorSource, tables: Tables) -> Shaped:
    """Who made the ticket: an outbound e-mail is an agent's. Its opening message has an id."""
    rows = tables.rows["tickets"]
    by_agent = is_any(rows["source"], OUTBOUND)
    return Shaped(
        with_columns(
            rows,
            CREATED_BY=first_true((by_agent, "agent"), otherwise="customer"),
            AUTHOR=pc.if_else(by_agent, rows["responder_id"], rows["requester_id"]),
            OPENING=prefixed("ticket", rows["id"]),
            SOLVED=pc.coalesce(rows["stats.resolved_at"], rows["stats.closed_at"]),
            TEXT=pc.coalesce(rows["description_text"], rows["description"]),
        )
    )


def conversations(source: VendorSource, tables: Tables) -> Shaped:
    """Authors of conversations delivered by themselves."""
    return _authored(tables.rows["conversations"], tables)


def conversations_of_tickets(source: VendorSource, tables: Tables) -> Shaped:
    """Authors of conversations delivered inside their tickets."""
    return _authored(tables.rows["ticket_conversations"], tables)


def _authored(rows: pa.Table, tables: Tables) -> Shaped:
    """Who is an agent is one, whatever came in; else what came in is a customer's."""
    is_agent = pc.is_in(rows["user_id"], value_set=tables.rows["agents"]["id"], skip_nulls=True)
    contacts = tables.rows["contacts"]["id"]
    is_contact = pc.is_in(rows["user_id"], value_set=contacts, skip_nulls=True)
    author = first_true(
        (is_agent, "agent"),
        (pc.or_(is_contact, is_true(rows["incoming"])), "customer"),
        otherwise="agent",
    )
    text = pc.coalesce(rows["body_text"], rows["body"])
    return Shaped(with_columns(rows, AUTHOR_TYPE=author, TEXT=text))


MESSAGE = {
    "message_id": "id",
    "ticket_id": "ticket_id",
    "at": "created_at",
    "author_type": "AUTHOR TYPE",
    "author_id": "user_id",
    "is_public": {"from": "private", "values": {"true": "false", "false": "true"}},
    "is_auto": {"from": "auto_response", "when_empty": "false"},
    "text": "TEXT",
}
CONVERSATION = (
    *("id", "ticket_id", "created_at", "user_id", "incoming", "private", "body_text", "body"),
    "auto_response",
)

LAYOUT = Layout(
    name="freshdesk",
    export="JSON of the REST API: tickets (with stats, conversations), conversations, contacts, "
    "agents, groups, satisfaction_ratings",
    version="API v2",
    documentation="https://developers.freshdesk.com/api/",
    faults=(
        "Statuses, priorities and sources are numbers; those a client added (8 and up) are read as "
        "not known until `words` names them.",
        "The API keeps no history of statuses: resolved, closed and first answered are those of "
        "`stats` (ask for `include=stats`), and reopens are not to be seen.",
        "The list of tickets leaves out those older than 30 days and the deleted ones unless asked "
        "for (`updated_since`, `filter=deleted`).",
        "The first message is the ticket's description; it becomes a message `ticket-<id>`.",
        "A merged ticket is closed and looks like any other closed one: name those in `columns`.",
        "Pages fetched while tickets change hold a ticket twice: the one updated last is taken.",
    ),
    tables={
        "tickets": Delivered(
            (
                *("id", "created_at", "updated_at", "requester_id", "responder_id", "group_id"),
                *("status", "priority", "source", "type", "spam", "deleted", "fr_due_by", "due_by"),
                *("is_escalated", "description_text", "description", "association_type"),
                *("stats.first_responded_at", "stats.resolved_at", "stats.closed_at"),
            ),
            TICKET_FILES,
            "tickets|results[]",
            aliases={"ticket_type": "type", "frDueBy": "fr_due_by", "isescalated": "is_escalated"},
        ),
        "ticket_conversations": Delivered(
            CONVERSATION,
            ("tickets", *TICKET_FILES),
            "tickets|results[].conversations[]",
            aliases={"tickets.id": "ticket_id"},
        ),
        "conversations": Delivered(
            CONVERSATION, ("conversation", "note", "notes", "reply", "replies"), "conversations[]"
        ),
        "contacts": Delivered(
            ("id", "created_at", "language", "deleted", "preferred_source"),
            ("contact", "search_contacts"),
            "contacts|results[]",
        ),
        "agents": Delivered(("id", "created_at", "type"), ("agent",), "agents[]"),
        "groups": Delivered(("id", "name"), ("group",), "groups[]"),
        "satisfaction_ratings": Delivered(
            (
                *("id", "ticket_id", "user_id", "agent_id", "created_at", "feedback"),
                "ratings.default_question",
            ),
            ("satisfaction_rating", "surveys"),
            "satisfaction_ratings[]",
        ),
    },
    made=(
        Made(
            "tickets",
            "tickets",
            {
                "ticket_id": "id",
                "customer_id": "requester_id",
                "channel": {
                    "from": "source",
                    "values": SOURCES,
                    "otherwise": "web_form",
                    "when_empty": "web_form",
                },
                "created_at": "created_at",
                "first_response_at": "stats.first_responded_at",
                "solved_at": {
                    "from": "SOLVED",
                    "needs": ("stats.resolved_at", "stats.closed_at"),
                },
                "status": {"from": "status", "values": STATUSES},
                "assignee_id": "responder_id",
                "group_id": "group_id",
                "category": "type",
                "priority": {"from": "priority", "values": PRIORITIES},
                "created_by": "CREATED BY",
                "is_spam": "spam",
                "is_deleted": "deleted",
                "sla_first_response_due_at": "fr_due_by",
                "sla_resolution_due_at": "due_by",
                "escalated": "is_escalated",
            },
            latest=({"per": "id", "by": "updated_at"},),
            derive=tickets,
        ),
        Made(
            "messages",
            "tickets",
            {
                "message_id": "OPENING",
                "ticket_id": "id",
                "at": "created_at",
                "author_type": "CREATED BY",
                "author_id": "AUTHOR",
                "is_public": {"constant": True},
                "is_auto": {"constant": False},
                "text": "TEXT",
            },
            latest=({"per": "id", "by": "updated_at"},),
            derive=tickets,
        ),
        Made("messages", "ticket_conversations", MESSAGE, derive=conversations_of_tickets),
        Made("messages", "conversations", MESSAGE, derive=conversations),
        Made(
            "customers",
            "contacts",
            {"customer_id": "id", "created_at": "created_at", "language": "language"},
        ),
        Made("agents", "agents", {"agent_id": "id"}),
        Made("groups", "groups", {"group_id": "id", "name": "name"}),
        Made(
            "surveys",
            "satisfaction_ratings",
            satisfaction(
                "email",
                1,
                7,
                invite_id="id",
                ticket_id="ticket_id",
                customer_id="user_id",
                agent_id="agent_id",
                sent_at="created_at",
                responded_at="created_at",
                value={"from": "ratings.default_question", "values": FACES},
                comment="feedback",
            ),
        ),
    ),
)
