"""Help Scout: JSON of its Mailbox (Inbox) API."""

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
    changed_only,
    first_true,
    is_any,
    only,
    prefixed,
    with_columns,
    with_previous,
    worded,
)
from cxaudit.readers.vendor.derived import status_moves as changes
from cxaudit.sources import VendorSource

CHANNELS = {
    **{"email": "email", "chat": "chat", "phone": "phone", "beacon": "chat"},
    **{"messaging": "messaging", "facebook": "social", "instagram": "social"},
}
STATUSES = {"active": "open", "pending": "pending", "closed": "solved"}
AUTHORS = {"customer": "customer", "user": "agent", "system_user": "bot", "team": "agent"}
NOTES = ("note", "forwardparent")
SPOKEN = ("customer", "message", "chat", "beaconchat", "phone", "forwardchild", *NOTES)
UNSENT = ("draft", "hidden", "underreview")
# of the ratings: 1 great, 2 okay, 3 not good
FACES = {"1": "3", "2": "2", "3": "1"}
FILES = ("conversations", "conversation")


def messages(name: str, source: VendorSource, tables: Tables) -> Shaped:
    """Threads that were sent and say something; the others are drafts and acts."""
    every = tables.rows[name]
    sent = pc.invert(is_any(every["state"], UNSENT))
    shaped = only(every, pc.and_(is_any(every["type"], SPOKEN), sent))
    rows = shaped.rows
    # what is not customer or user, but of a customer's kind, is a customer's
    by_customer = pc.and_(pc.is_null(rows["createdBy.type"]), is_any(rows["type"], ("customer",)))
    author = first_true((by_customer, "customer"), otherwise=rows["createdBy.type"])
    public = first_true((is_any(rows["type"], NOTES), "false"), otherwise="true")
    return Shaped(with_columns(rows, AUTHOR_TYPE=author, PUBLIC=public), shaped.left_out)


def status_moves(name: str, source: VendorSource, tables: Tables) -> Shaped:
    """Threads that leave their conversation in another status than the one before."""
    every = tables.rows[name]
    words = {**STATUSES, **source.words.get("status", {})}
    sent = pc.invert(is_any(every["state"], UNSENT))
    told = only(every, pc.and_(is_any(every["status"], tuple(words)), sent))
    rows = with_columns(told.rows, TO=worded(told.rows["status"], words))
    kept = changes(rows, "conversation_id", ("createdAt", "id"))
    made = with_columns(kept.rows, EVENT=prefixed("status", kept.rows["id"]))
    return Shaped(made, told.left_out + kept.left_out)


def assignments(name: str, source: VendorSource, tables: Tables) -> Shaped:
    """Threads that leave their conversation with another person or team than the one before."""
    every = tables.rows[name]
    told = only(every, pc.is_valid(every["assignedTo.id"]))
    to_team = is_any(told.rows["assignedTo.type"], ("team",))
    kind = first_true((to_team, "group"), otherwise="assignee")
    rows = with_columns(told.rows, TYPE=kind)
    keys, order = ("conversation_id", "TYPE"), ("createdAt", "id")
    kept = changed_only(with_previous(rows, keys, order, "assignedTo.id"), "assignedTo.id")
    made = with_columns(kept.rows, EVENT=prefixed("assigned", kept.rows["id"]))
    return Shaped(made, told.left_out + kept.left_out)


THREAD = (
    *("id", "conversation_id", "createdAt", "type", "status", "state", "body", "createdBy.id"),
    *("createdBy.type", "assignedTo.id", "assignedTo.type"),
)
AUTHOR = {"values": AUTHORS, "otherwise": "third_party", "when_empty": "system"}
ACTOR = {
    "actor_type": {**AUTHOR, "from": "createdBy.type", "otherwise": "system"},
    "actor_id": "createdBy.id",
}
EVENT = {"event_id": "EVENT", "ticket_id": "conversation_id", "at": "createdAt"}


def _of_threads(name: str) -> tuple[Made, ...]:
    """What is made of threads, however they were delivered."""
    return (
        Made(
            "messages",
            name,
            {
                "message_id": "id",
                "ticket_id": "conversation_id",
                "at": "createdAt",
                "author_type": {"from": "AUTHOR TYPE", **AUTHOR},
                "author_id": "createdBy.id",
                "is_public": "PUBLIC",
                "is_auto": {"constant": False},
                "text": "body",
            },
            derive=partial(messages, name),
        ),
        Made(
            "ticket_events",
            name,
            {
                **EVENT,
                "type": {"constant": "status"},
                "from_value": "FROM",
                "to_value": "TO",
                **ACTOR,
            },
            derive=partial(status_moves, name),
        ),
        Made(
            "ticket_events",
            name,
            {**EVENT, "type": "TYPE", "from_value": "FROM", "to_value": "assignedTo.id", **ACTOR},
            derive=partial(assignments, name),
        ),
    )


LAYOUT = Layout(
    name="helpscout",
    export="JSON of the API: conversations (with embedded threads), customers, users, mailboxes, "
    "teams, happiness ratings",
    version="Mailbox API 2.0 and 3.0",
    documentation="https://developer.helpscout.com/mailbox-api/endpoints/conversations/list/",
    faults=(
        "Conversations come without threads unless asked for (`embed=threads`), and only active "
        "ones unless asked for (`status=all`).",
        "A merged conversation is gone: its id leads to the survivor for 60 days, then nowhere.",
        "Version 2 calls the assistant a `user`; version 3 says `system_user`, read as a bot. "
        "With version 2, name its id under [actors].",
        "A thread says the status it leaves behind, not the one before; drafts and hidden threads "
        "are left out, and so are the status `nochange` and `spam`.",
        "`spam` is a status: it is read as spam, and as a status not known.",
        "A rating has three faces, read as 3, 2, 1; nothing tells who was asked and did not rate.",
    ),
    tables={
        "conversations": Delivered(
            (
                *("id", "createdAt", "type", "status", "state", "assignee.id", "createdBy.type"),
                *("primaryCustomer.id", "mailboxId", "closedAt", "source.type", "source.via"),
                *("createdBy.id", "userUpdatedAt"),
            ),
            FILES,
            "conversations|_embedded.conversations[]",
        ),
        "conversation_threads": Delivered(
            THREAD,
            FILES,
            "conversations|_embedded.conversations[]._embedded.threads[]",
            aliases={"conversations.id": "conversation_id"},
        ),
        "threads": Delivered(
            THREAD,
            ("thread",),
            "threads|_embedded.threads[]",
            aliases={"conversationId": "conversation_id"},
        ),
        "customers": Delivered(
            ("id", "createdAt"), ("customer",), "customers|_embedded.customers[]"
        ),
        "users": Delivered(("id", "createdAt"), ("user",), "users|_embedded.users[]"),
        "mailboxes": Delivered(
            ("id", "name"), ("mailbox", "inboxes", "inbox"), "mailboxes|_embedded.mailboxes[]"
        ),
        "ratings": Delivered(
            (
                *("threadid", "id", "ratingId", "ratingCustomerId", "ratingCreatedAt"),
                *("threadCreatedAt", "ratingComments", "ratingUserId"),
            ),
            ("rating", "happiness", "happiness_ratings"),
            "ratings|results[]",
        ),
    },
    made=(
        Made(
            "tickets",
            "conversations",
            {
                "ticket_id": "id",
                "customer_id": "primaryCustomer.id",
                "channel": {
                    "from": "type",
                    "values": CHANNELS,
                    "otherwise": "email",
                    "when_empty": "email",
                },
                "created_at": "createdAt",
                "solved_at": "closedAt",
                "status": {"from": "status", "values": STATUSES},
                "assignee_id": "assignee.id",
                "group_id": "mailboxId",
                "created_by": {
                    "from": "createdBy.type",
                    "values": {"user": "agent", "system_user": "system"},
                    "otherwise": "customer",
                    "when_empty": "customer",
                },
                "is_spam": {
                    "from": "status",
                    "values": {"spam": "true"},
                    "otherwise": "false",
                },
                "is_deleted": {
                    "from": "state",
                    "values": {"deleted": "true"},
                    "otherwise": "false",
                },
            },
            filter=({"column": "state", "not_in": ["draft"]},),
        ),
        *_of_threads("conversation_threads"),
        *_of_threads("threads"),
        Made("customers", "customers", {"customer_id": "id", "created_at": "createdAt"}),
        Made("agents", "users", {"agent_id": "id"}),
        Made("groups", "mailboxes", {"group_id": "id", "name": "name"}),
        Made(
            "surveys",
            "ratings",
            satisfaction(
                "email",
                1,
                3,
                invite_id="threadid",
                ticket_id="id",
                customer_id="ratingCustomerId",
                agent_id="ratingUserId",
                sent_at="threadCreatedAt",
                responded_at="ratingCreatedAt",
                value={"from": "ratingId", "values": FACES},
                comment="ratingComments",
            ),
        ),
    ),
)
