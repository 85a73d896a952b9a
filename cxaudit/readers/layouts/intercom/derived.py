"""Intercom's conversations and parts → who opened them, what was said, and every move."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from cxaudit.readers.layouts.declaration import Shaped, Tables
from cxaudit.readers.vendor.derived import (
    NOTHING,
    current,
    fetched,
    first_true,
    is_any,
    only,
    prefixed,
    with_columns,
    with_previous,
    worded,
)
from cxaudit.readers.vendor.derived import status_moves as changes
from cxaudit.readers.vendor.words import changed_words
from cxaudit.sources import VendorSource

CUSTOMERS = ("user", "lead", "contact", "visitor")
NOTES = ("note", "note_and_reopen")
# kinds of parts that say something even without text: a picture has none
SPOKEN = ("comment", "quick_reply", *NOTES)
ASSIGNED = (
    *("assignment", "assign_and_reopen", "assign_and_unsnooze", "away_mode_assignment"),
    *("default_assignment", "balanced_assignment", "round_robin_assignment"),
)
# a part's kind -> the state it leaves the conversation in, where the part does not say it itself
LEAVES = {
    **{"close": "closed", "snoozed": "snoozed"},
    **dict.fromkeys(("open", "unsnoozed", "timer_unsnooze", "note_and_reopen"), "open"),
    **dict.fromkeys(("assign_and_reopen", "assign_and_unsnooze"), "open"),
}
STATUSES = {"open": "open", "closed": "solved", "snoozed": "on_hold"}
AUTHORS = {**dict.fromkeys(CUSTOMERS, "customer"), "admin": "agent", "team": "agent"}


def conversations(name: str, contacts: str, source: VendorSource, tables: Tables) -> Shaped:
    """Who asked: the conversation's contact, else the author of its first message."""
    shaped = current(tables.rows[name])
    rows, by = shaped.rows, shaped.rows["source_author_type"]
    of = tables.rows[contacts]
    contact = fetched(rows["id"], of, "conversation_id", "contact_id")
    author = pc.if_else(is_any(by, CUSTOMERS), rows["source_author_id"], NOTHING)
    by_agent, by_bot = is_any(by, ("admin", "team")), is_any(by, ("bot",))
    made = with_columns(
        rows,
        CUSTOMER=pc.coalesce(contact, author),
        CREATED_BY=first_true((by_agent, "agent"), (by_bot, "system"), otherwise="customer"),
        OPENING=prefixed("source", rows["id"]),
        ASSIGNEE=_assigned(rows, "admin"),
        GROUP=_assigned(rows, "team"),
    )
    return Shaped(made, shaped.left_out)


def _assigned(rows: pa.Table, kind: str) -> pa.ChunkedArray:
    """The person or team a conversation is with; 0 is nobody."""
    by_type = pc.if_else(is_any(rows["assignee_type"], (kind,)), rows["assignee_id"], NOTHING)
    given = pc.coalesce(rows[f"{kind}_assignee_id"], by_type)
    return pc.if_else(is_any(given, ("0",)), NOTHING, given)


def customers(name: str, source: VendorSource, tables: Tables) -> Shaped:
    """Contacts with the language they chose, else that of their browser."""
    shaped = current(tables.rows[name])
    rows = shaped.rows
    language = pc.coalesce(rows["language_override"], rows["browser_language"])
    return Shaped(with_columns(rows, LANGUAGE=language), shaped.left_out)


def messages(name: str, source: VendorSource, tables: Tables) -> Shaped:
    """Parts in which something was said; the others are acts."""
    shaped = current(tables.rows[name])
    kind = shaped.rows["part_type"]
    said = only(shaped.rows, pc.or_(is_any(kind, SPOKEN), pc.is_valid(shaped.rows["body"])))
    is_note = is_any(said.rows["part_type"], NOTES)
    public = first_true((is_note, "false"), otherwise="true")
    return Shaped(with_columns(said.rows, PUBLIC=public), shaped.left_out + said.left_out)


def status_moves(name: str, source: VendorSource, tables: Tables) -> Shaped:
    """Parts that leave their conversation in another status than the part before them did.

    A customer who writes on a closed conversation opens it, though no part says so.
    """
    shaped = current(tables.rows[name])
    rows, kind = shaped.rows, shaped.rows["part_type"]
    by_kind = pc.if_else(is_any(kind, tuple(LEAVES)), worded(kind, LEAVES), NOTHING)
    written = pc.and_(is_any(rows["author_type"], CUSTOMERS), is_any(kind, ("comment",)))
    by_writing = pc.if_else(written, pa.scalar("open", NOTHING.type), NOTHING)
    state = pc.coalesce(rows["state"], by_kind, by_writing)
    kinds = pa.chunked_array([pa.repeat("status", rows.num_rows).cast(NOTHING.type)])
    after, unknown = changed_words(source, {"status": STATUSES}, kinds, state, "to_value")
    told = only(with_columns(rows, TO=after), pc.is_valid(state))
    kept = changes(told.rows, "conversation_id", ("created_at", "id"))
    made = with_columns(kept.rows, EVENT=prefixed("status", kept.rows["id"]))
    left_out = sum(step.left_out for step in (shaped, told, kept))
    return Shaped(made, left_out, findings=unknown)


def assignments(name: str, source: VendorSource, tables: Tables) -> Shaped:
    """Parts that hand a conversation to a person or a team."""
    shaped = current(tables.rows[name])
    rows = shaped.rows
    hands = pc.and_(is_any(rows["part_type"], ASSIGNED), pc.is_valid(rows["assigned_to_id"]))
    given = only(rows, hands)
    is_team = is_any(given.rows["assigned_to_type"], ("team",))
    made = with_columns(
        given.rows,
        TYPE=first_true((is_team, "group"), otherwise="assignee"),
        EVENT=prefixed("assigned", given.rows["id"]),
    )
    keys, order = ("conversation_id", "TYPE"), ("created_at", "id")
    ordered = with_previous(made, keys, order, "assigned_to_id")
    return Shaped(ordered, shaped.left_out + given.left_out)
