"""Columns of Zendesk's tables that follow from several: roles, merges, previous values, days."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from cxaudit.readers.cells import mask_of
from cxaudit.readers.findings import Finding
from cxaudit.readers.layouts.declaration import Shaped, Tables
from cxaudit.readers.layouts.zendesk.words import CHANGES, LIFE
from cxaudit.readers.layouts.zendesk.zones import ZONES
from cxaudit.readers.vendor.derived import (
    TEXT,
    fetched,
    is_true,
    joined_ids,
    still_there,
    with_previous,
)
from cxaudit.sources import VendorSource

NOBODY = ("-1", "0")
MERGED = "closed_by_merge"


def tickets(source: VendorSource, tables: Tables) -> Shaped:
    """Requester (null if no user is known by that id), creator, merge and deletion."""
    rows = tables.rows["ticket"]
    requester, submitter = rows["requester_id"], rows["submitter_id"]
    role = _roles(tables, submitter)
    created_by = pc.case_when(
        pc.make_struct(
            pc.fill_null(pc.equal(submitter, requester), False),
            pc.is_in(role, value_set=pa.array(["agent", "admin"])),
            pc.fill_null(pc.equal(role, "end-user"), False),
        ),
        "customer",
        "agent",
        "customer",
        "system",
    )
    known = _known_requester(tables, requester)
    lost = mask_of(pc.and_(pc.is_valid(requester), pc.is_null(known)))
    deleted = pc.or_(
        is_true(rows["_fivetran_deleted"]), pc.fill_null(pc.equal(rows["status"], "deleted"), False)
    )
    rows = rows.append_column("REQUESTER", known)
    rows = rows.append_column("CREATED BY", created_by.cast(TEXT))
    rows = rows.append_column("MERGED INTO", _merged_into(tables))
    rows = rows.append_column("DELETED", pc.if_else(deleted, "true", "false").cast(TEXT))
    return Shaped(rows, findings=[Finding("unknown-requester", "", int(lost.sum()), "customer_id")])


def messages(source: VendorSource, tables: Tables) -> Shaped:
    """Author type: the requester is the customer, then the user's role decides."""
    return written(tables.rows["ticket_comment"], tables)


def written(rows: pa.Table, tables: Tables) -> Shaped:
    """Comments with the type of their author."""
    return Shaped(rows.append_column("AUTHOR TYPE", author_types(tables, rows, "third_party")))


def acted(rows: pa.Table, tables: Tables) -> pa.Table:
    """Changes with who made them; -1 and 0 are nobody."""
    nobody = pc.is_in(rows["user_id"], value_set=pa.array(NOBODY, TEXT))
    actor = pc.if_else(nobody, pa.scalar(None, TEXT), rows["user_id"])
    rows = rows.append_column("ACTOR", actor)
    return rows.append_column("ACTOR TYPE", author_types(tables, rows, "system"))


def in_our_words(rows: pa.Table, header: str) -> pa.ChunkedArray:
    """Values of changes, with the status `hold` as it is called here."""
    is_status = pc.equal(rows["field_name"], "status")
    held = pc.and_(is_status, pc.equal(rows[header], "hold"))
    return pc.if_else(held, "on_hold", rows[header]).cast(TEXT)


def ticket_events(source: VendorSource, tables: Tables) -> Shaped:
    """Changes of status, assignee, group and priority, each with the value before it."""
    every = tables.rows["ticket_field_history"]
    rows = every.filter(pc.is_in(every["field_name"], value_set=pa.array(list(CHANGES), TEXT)))
    rows = acted(rows, tables)
    stages = pa.array([str(number) for number in range(len(LIFE))], TEXT)
    to = in_our_words(rows, "value")
    stage = pc.take(stages, pc.index_in(to, value_set=pa.array(LIFE, TEXT)))
    rows = rows.append_column("TO", to).append_column("STAGE", stage)
    order = ("updated", "STAGE", "TO", "user_id")
    rows = with_previous(rows, ("ticket_id", "field_name"), order, "TO")
    event = joined_ids(rows["ticket_id"], rows["field_name"], rows["NUMBER"])
    return Shaped(rows.append_column("EVENT", event), every.num_rows - rows.num_rows)


def agents(source: VendorSource, tables: Tables) -> Shaped:
    """Users who answer now; former agents are the engagement's to name."""
    return _users(tables, ("agent", "admin"))


def customers(source: VendorSource, tables: Tables) -> Shaped:
    """Users who ask."""
    return _users(tables, ("end-user",))


def groups(source: VendorSource, tables: Tables) -> Shaped:
    """Groups that still exist."""
    return still_there(tables.rows["group"])


def schedules(source: VendorSource, tables: Tables) -> Shaped:
    """Open intervals with IANA zones; the oldest schedule holds where a ticket names none."""
    shaped = still_there(tables.rows["schedule"])
    rows = shaped.rows
    names = pa.array(list(ZONES), TEXT)
    found = pc.take(
        pa.array(list(ZONES.values()), TEXT), pc.index_in(rows["time_zone"], value_set=names)
    )
    rows = rows.append_column("ZONE", pc.coalesce(found, rows["time_zone"]))
    oldest = pc.equal(rows["created_at"], pc.min(rows["created_at"]))
    is_default = pc.if_else(pc.fill_null(oldest, False), "true", "false").cast(TEXT)
    return Shaped(rows.append_column("DEFAULT", is_default), shaped.left_out)


def schedule_holidays(source: VendorSource, tables: Tables) -> Shaped:
    """A row per closed local day, both ends of the holiday included."""
    shaped = still_there(tables.rows["schedule_holiday"])
    rows = shaped.rows
    first = pd.to_datetime(rows["start_date"].to_pandas().str[:10], errors="coerce")
    last = pd.to_datetime(rows["end_date"].to_pandas().str[:10], errors="coerce")
    days = ((last - first).dt.days + 1).clip(lower=1).fillna(1).astype(int).to_numpy()
    owner = np.repeat(np.arange(len(days)), days)
    offset = np.arange(len(owner)) - np.repeat(np.cumsum(days) - days, days)
    written = rows["start_date"].take(pa.array(owner)).to_pandas()
    day = first.to_numpy()[owner] + offset.astype("timedelta64[D]")
    text = pd.Series(day).dt.strftime("%Y-%m-%d").where(pd.notna(day), written)
    rows = rows.take(pa.array(owner)).append_column(
        "DAY", pa.array(text.astype(object), TEXT, from_pandas=True)
    )
    return Shaped(rows, shaped.left_out)


def _users(tables: Tables, roles: tuple[str, ...]) -> Shaped:
    rows = tables.rows["user"]
    kept = rows.filter(pc.is_in(rows["role"], value_set=pa.array(roles, TEXT)))
    return Shaped(kept, rows.num_rows - kept.num_rows)


def _roles(tables: Tables, users: pa.ChunkedArray) -> pa.ChunkedArray:
    return fetched(users, tables.rows["user"], "id", "role")


def _known_requester(tables: Tables, requester: pa.ChunkedArray) -> pa.ChunkedArray:
    """The requester, null where the users delivered hold nobody by that id."""
    if "user" not in tables.present:
        return requester
    ids = tables.rows["user"]["id"]
    known = pc.is_in(requester, value_set=ids, skip_nulls=True)
    return pc.if_else(known, requester, pa.scalar(None, TEXT))


def author_types(tables: Tables, rows: pa.Table, stranger: str) -> pa.ChunkedArray:
    """Who wrote or acted: the ticket's requester, else by role, else a stranger."""
    user = rows["user_id"]
    ticket = tables.rows["ticket"]
    known = _known_requester(tables, ticket["requester_id"])
    role = _roles(tables, user)
    types = pc.case_when(
        pc.make_struct(
            pc.is_in(user, value_set=pa.array(NOBODY, TEXT)),
            pc.fill_null(pc.equal(user, fetched(rows["ticket_id"], ticket, "id", known)), False),
            pc.is_in(role, value_set=pa.array(["agent", "admin"], TEXT)),
            pc.fill_null(pc.equal(role, "end-user"), False),
        ),
        "system",
        "customer",
        "agent",
        "customer",
        stranger,
    )
    return types.cast(TEXT)


def _merged_into(tables: Tables) -> pa.ChunkedArray:
    """The surviving ticket where one lists this id as merged; 'unknown' if only a tag says so."""
    rows = tables.rows["ticket"]
    text = pc.utf8_trim(pc.fill_null(rows["merged_ticket_ids"], ""), "[] ").combine_chunks()
    split = pc.split_pattern_regex(text, r"[\s\"',]+")
    merged = pa.table(
        {
            "id": pc.list_flatten(split),
            "survivor": rows["id"].take(pc.list_parent_indices(split)),
        }
    ).filter(pc.not_equal(pc.list_flatten(split), ""))
    tags = tables.rows["ticket_tag"]
    tagged = tags.filter(pc.equal(tags["tag"], MERGED))["ticket_id"]
    only_tagged = pc.if_else(
        pc.is_in(rows["id"], value_set=tagged), pa.scalar("unknown", TEXT), pa.scalar(None, TEXT)
    )
    return pc.coalesce(fetched(rows["id"], merged, "id", "survivor"), only_tagged)
