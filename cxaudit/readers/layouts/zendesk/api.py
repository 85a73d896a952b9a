"""Zendesk's tickets, comments, audits and users as JSON of its API.

Brought into the form of Fivetran's tables, and derived from there.
"""

from __future__ import annotations

from collections.abc import Callable

import pyarrow as pa
import pyarrow.compute as pc

from cxaudit.readers.layouts.declaration import Delivered, Made, Shaped, Tables, satisfaction
from cxaudit.readers.layouts.zendesk import derived
from cxaudit.readers.layouts.zendesk.tables import (
    AGENT,
    CUSTOMER,
    EVENT,
    GROUP,
    MESSAGE,
    SCHEDULE,
    TICKET,
)
from cxaudit.readers.layouts.zendesk.words import CHANGES
from cxaudit.readers.vendor.derived import is_any, only, with_columns
from cxaudit.sources import VendorSource

FILES = ("ticket", "tickets", "incremental_tickets", "search")
EVENTS = (
    *("id", "type", "ticket_id", "updated", "user_id", "field_name", "value", "previous_value"),
    *("body", "public", "author_id"),
)
SAID = {
    "audits.ticket_id": "ticket_id",
    "audits.created_at": "updated",
    "audits.author_id": "user_id",
}
RATED = ["good", "good_with_comment", "bad", "bad_with_comment"]

TABLES = {
    "tickets": Delivered(
        (
            *("id", "created_at", "updated_at", "requester_id", "submitter_id", "assignee_id"),
            *("group_id", "status", "priority", "via_channel", "tags", "type"),
            *("merged_ticket_ids", "_fivetran_deleted"),
            *("via_source_rel", "via_source_from_ticket_id"),
        ),
        FILES,
        "tickets|results[]",
    ),
    "comments_of_tickets": Delivered(
        ("id", "ticket_id", "user_id", "created", "public", "body"),
        FILES,
        "tickets|results[].comments[]",
        aliases={"tickets.id": "ticket_id", "author_id": "user_id", "created_at": "created"},
    ),
    "comments": Delivered(
        ("id", "ticket_id", "user_id", "created", "public", "body"),
        ("comment", "ticket_comment", "ticket_comments"),
        "comments[]",
        aliases={"author_id": "user_id", "created_at": "created"},
    ),
    "audit_events": Delivered(
        EVENTS, ("audits", "audit", "ticket_audits"), "audits[].events[]", aliases=SAID
    ),
    "audits_of_tickets": Delivered(
        EVENTS, FILES, "tickets|results[].audits[].events[]", aliases=SAID
    ),
    "users": Delivered(("id", "role", "created_at", "locale"), ("user",), "users[]"),
    "groups": Delivered(
        ("id", "name", "_fivetran_deleted"),
        ("group",),
        "groups[]",
        aliases={"deleted": "_fivetran_deleted"},
    ),
    "schedule_intervals": Delivered(
        ("start_time", "end_time", "id", "time_zone", "created_at", "_fivetran_deleted"),
        ("schedules", "schedule", "business_hours"),
        "schedules[].intervals[]",
        aliases={
            "schedules.id": "id",
            "schedules.time_zone": "time_zone",
            "schedules.created_at": "created_at",
        },
    ),
    "satisfaction_ratings": Delivered(
        (
            *("id", "ticket_id", "requester_id", "assignee_id", "score", "comment"),
            *("created_at", "updated_at"),
        ),
        ("satisfaction_rating",),
        "satisfaction_ratings[]",
    ),
}


def as_tables(tables: Tables) -> Tables:
    """What the API delivered, under the names Fivetran gives it; tags by ticket."""
    rows = tables.rows
    names = {"ticket": "tickets", "user": "users", "group": "groups"}
    names["schedule"] = "schedule_intervals"
    found = {ours: rows[theirs] for ours, theirs in names.items()}
    delivered = {ours: theirs for ours, theirs in names.items() if theirs in tables.present}
    present = {ours: tables.present[theirs] for ours, theirs in delivered.items()}
    return Tables({**rows, **found, "ticket_tag": _tags(rows["tickets"])}, present)


def _tags(tickets: pa.Table) -> pa.Table:
    split = pc.split_pattern(pc.fill_null(tickets["tags"], "").combine_chunks(), ";")
    owner = tickets["id"].take(pc.list_parent_indices(split))
    return pa.table({"ticket_id": owner, "tag": pc.list_flatten(split)})


def _derived(
    derive: Callable[[VendorSource, Tables], Shaped],
) -> Callable[[VendorSource, Tables], Shaped]:
    return lambda source, tables: derive(source, as_tables(tables))


def _comments(name: str) -> Callable[[VendorSource, Tables], Shaped]:
    """Comments with who wrote them."""

    def derive(source: VendorSource, tables: Tables) -> Shaped:
        return derived.written(tables.rows[name], as_tables(tables))

    return derive


def _said(name: str) -> Callable[[VendorSource, Tables], Shaped]:
    """The comments among the events of audits."""

    def derive(source: VendorSource, tables: Tables) -> Shaped:
        shaped = only(tables.rows[name], is_any(tables.rows[name]["type"], ("Comment",)))
        rows = shaped.rows
        author = pc.coalesce(rows["author_id"], rows["user_id"])
        rows = rows.set_column(rows.column_names.index("user_id"), "user_id", author)
        rows = with_columns(rows, created=rows["updated"])
        return Shaped(derived.written(rows, as_tables(tables)).rows, shaped.left_out)

    return derive


def _changed(name: str) -> Callable[[VendorSource, Tables], Shaped]:
    """The changes of status, assignee, group and priority among the events of audits."""

    def derive(source: VendorSource, tables: Tables) -> Shaped:
        every = tables.rows[name]
        is_change = is_any(every["type"], ("Change", "Create"))
        shaped = only(every, pc.and_(is_change, is_any(every["field_name"], tuple(CHANGES))))
        rows = derived.acted(shaped.rows, as_tables(tables))
        made = with_columns(
            rows,
            EVENT=rows["id"],
            FROM=derived.in_our_words(rows, "previous_value"),
            TO=derived.in_our_words(rows, "value"),
        )
        return Shaped(made, shaped.left_out)

    return derive


FOLLOW_UP = {
    "from": "via_source_from_ticket_id",
    "where": {"column": "via_source_rel", "in": ["follow_up"]},
}
MADE = (
    Made(
        "tickets",
        "tickets",
        {**TICKET, "follow_up_of": FOLLOW_UP},
        latest=({"per": "id", "by": "updated_at"},),
        derive=_derived(derived.tickets),
    ),
    *(
        Made("messages", name, MESSAGE, derive=_comments(name))
        for name in ("comments", "comments_of_tickets")
    ),
    *(
        Made("messages", name, MESSAGE, derive=_said(name))
        for name in ("audit_events", "audits_of_tickets")
    ),
    *(
        Made("ticket_events", name, EVENT, derive=_changed(name))
        for name in ("audit_events", "audits_of_tickets")
    ),
    Made("agents", "users", AGENT, derive=_derived(derived.agents)),
    Made("customers", "users", CUSTOMER, derive=_derived(derived.customers)),
    Made("groups", "groups", GROUP, derive=_derived(derived.groups)),
    Made("schedules", "schedule_intervals", SCHEDULE, derive=_derived(derived.schedules)),
    Made(
        "surveys",
        "satisfaction_ratings",
        satisfaction(
            "email",
            0,
            1,
            invite_id="id",
            ticket_id="ticket_id",
            customer_id="requester_id",
            agent_id="assignee_id",
            sent_at="created_at",
            responded_at={"from": "updated_at", "where": {"column": "score", "in": RATED}},
            value={
                "from": "score",
                "values": {word: str(int(word.startswith("good"))) for word in RATED},
                "otherwise": "",
            },
            comment="comment",
        ),
        filter=({"column": "score", "not_in": ["unoffered"]},),
    ),
)
