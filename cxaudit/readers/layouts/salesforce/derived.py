"""Salesforce's cases, e-mails and history → columns that follow from several."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from cxaudit.readers.layouts.declaration import Shaped, Tables
from cxaudit.readers.vendor.derived import (
    NOTHING,
    fetched,
    first_true,
    is_any,
    is_true,
    only,
    with_columns,
    worded,
)
from cxaudit.readers.vendor.words import changed_words
from cxaudit.sources import VendorSource

CHANNELS = {
    **{"Phone": "phone", "Email": "email", "Web": "web_form", "Chat": "chat", "Live Chat": "chat"},
    **{"Messaging": "messaging", "SMS": "messaging", "WhatsApp": "messaging"},
    **{"Facebook": "social", "Twitter": "social", "Social": "social", "Community": "self_service"},
    **{"Customer Portal": "self_service", "Self-Service": "self_service"},
}
STATUSES = {
    **{"New": "new", "Working": "open", "In Progress": "open", "Escalated": "open"},
    **{"Reopened": "open", "On Hold": "on_hold", "Waiting on Customer": "pending"},
    **{"Resolved": "solved", "Solved": "solved", "Closed": "closed"},
}
PRIORITIES = {"Medium": "normal", "Critical": "urgent"}
WORDS = {"status": STATUSES, "priority": PRIORITIES}
CHANGES = {
    **{"Status": "status", "created": "status", "Priority": "priority", "Owner": "assignee"},
    **dict.fromkeys(("ownerAssignment", "ownerAccepted", "ownerEscalated"), "assignee"),
}
USER, QUEUE = "005", "00G"
DRAFT = ("5", "Draft")
# kinds of users who are customers or partners in a portal, and those who are nobody
PORTAL = (
    *("CspLitePortal", "CustomerSuccess", "PowerCustomerSuccess", "PowerPartner", "CsnOnly"),
    *("SelfService", "Guest"),
)
MACHINES = ("AutomatedProcess", "CloudIntegrationUser")


def cases(source: VendorSource, tables: Tables) -> Shaped:
    """The owner of a case is a person or a queue, by the first letters of its id."""
    rows = tables.rows["Case"]
    known = (*STATUSES, *source.words.get("status", {}))
    closed = pc.and_(is_true(rows["IsClosed"]), pc.invert(is_any(rows["Status"], known)))
    return Shaped(
        with_columns(
            rows,
            ASSIGNEE=_of_kind(rows["OwnerId"], USER),
            GROUP=_of_kind(rows["OwnerId"], QUEUE),
            # a status the client made up still says whether it is a closed one
            STATUS=first_true((closed, "Closed"), otherwise=rows["Status"]),
        )
    )


def emails(source: VendorSource, tables: Tables) -> Shaped:
    """E-mails of cases that were sent or received; a customer's is by the contact of the case."""
    every = tables.rows["EmailMessage"]
    is_draft = is_any(every["Status"], DRAFT)
    shaped = only(every, pc.and_(pc.is_valid(every["ParentId"]), pc.invert(is_draft)))
    rows = shaped.rows
    came_in = is_true(rows["Incoming"])
    contact = fetched(rows["ParentId"], tables.rows["Case"], "Id", "ContactId")
    made = with_columns(
        rows,
        AUTHOR_TYPE=first_true((came_in, "customer"), otherwise="agent"),
        AUTHOR=pc.if_else(came_in, contact, rows["CreatedById"]),
        AT=pc.coalesce(rows["MessageDate"], rows["CreatedDate"]),
        TEXT=pc.coalesce(rows["TextBody"], rows["HtmlBody"]),
    )
    return Shaped(made, shaped.left_out)


def comments(source: VendorSource, tables: Tables) -> Shaped:
    """Comments, by an agent or a user of the portal."""
    rows = tables.rows["CaseComment"]
    return Shaped(with_columns(rows, AUTHOR_TYPE=_actor(tables, rows)))


def history(source: VendorSource, tables: Tables) -> Shaped:
    """Changes of status, priority and owner; of the two rows of an owner, the one with ids.

    Between a person and a queue nobody of the new owner's kind was there before.
    """
    every = tables.rows["CaseHistory"]
    kind = worded(every["Field"], CHANGES)
    is_owner = is_any(kind, ("assignee",))
    with_id = pc.or_(_starts(every["NewValue"], USER), _starts(every["NewValue"], QUEUE))
    told = pc.or_(pc.is_valid(every["NewValue"]), is_any(every["Field"], ("created",)))
    ours = pc.and_(is_any(every["Field"], tuple(CHANGES)), told)
    shaped = only(every, pc.and_(ours, pc.or_(pc.invert(is_owner), with_id)))
    rows = shaped.rows
    kind = worded(rows["Field"], CHANGES)
    to_queue = pc.and_(is_any(kind, ("assignee",)), _starts(rows["NewValue"], QUEUE))
    kind = first_true((to_queue, "group"), otherwise=kind)
    before = first_true(
        (is_any(kind, ("assignee",)), _of_kind(rows["OldValue"], USER)),
        (is_any(kind, ("group",)), _of_kind(rows["OldValue"], QUEUE)),
        otherwise=rows["OldValue"],
    )
    is_created = is_any(rows["Field"], ("created",))
    after = first_true((is_created, "new"), otherwise=rows["NewValue"])
    before, unknown_before = changed_words(source, WORDS, kind, before, "from_value")
    after, unknown_after = changed_words(source, WORDS, kind, after, "to_value")
    made = with_columns(rows, TYPE=kind, FROM=before, TO=after, ACTOR_TYPE=_actor(tables, rows))
    return Shaped(made, shaped.left_out, findings=unknown_before + unknown_after)


def agents(source: VendorSource, tables: Tables) -> Shaped:
    """Users who are neither in a portal nor a machine."""
    rows = tables.rows["User"]
    return only(rows, pc.invert(is_any(rows["UserType"], (*PORTAL, *MACHINES))))


def queues(source: VendorSource, tables: Tables) -> Shaped:
    """Groups that own cases."""
    rows = tables.rows["Group"]
    return only(rows, pc.or_(pc.is_null(rows["Type"]), is_any(rows["Type"], ("Queue",))))


def _actor(tables: Tables, rows: pa.Table) -> pa.ChunkedArray:
    kind = fetched(rows["CreatedById"], tables.rows["User"], "Id", "UserType")
    return first_true(
        (is_any(kind, PORTAL), "customer"), (is_any(kind, MACHINES), "system"), otherwise="agent"
    )


def _starts(ids: pa.ChunkedArray, letters: str) -> pa.ChunkedArray:
    return pc.fill_null(pc.starts_with(ids, letters), False)


def _of_kind(ids: pa.ChunkedArray, letters: str) -> pa.ChunkedArray:
    return pc.if_else(_starts(ids, letters), ids, NOTHING)
