"""ServiceNow's incidents, comments and audit → columns that follow from several."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from cxaudit.readers.layouts.declaration import Shaped, Tables
from cxaudit.readers.vendor.derived import (
    fetched,
    first_true,
    is_any,
    only,
    same,
    with_columns,
    worded,
)
from cxaudit.readers.vendor.words import changed_words
from cxaudit.sources import VendorSource

CHANNELS = {
    **{"phone": "phone", "email": "email", "chat": "chat", "self-service": "self_service"},
    **{"virtual_agent": "chat", "walk-in": "phone", "web": "web_form", "monitoring": "web_form"},
    **{"Phone": "phone", "Email": "email", "Chat": "chat", "Self-service": "self_service"},
    **{"Virtual Agent": "chat", "Walk-in": "phone", "Web": "web_form"},
}
# 3 with the reason 1, awaiting the caller, is written 3-1
STATUSES = {
    **{"1": "new", "2": "open", "3": "on_hold", "3-1": "pending", "4": "on_hold", "5": "on_hold"},
    **{"6": "solved", "7": "closed", "8": "closed", "New": "new", "In Progress": "open"},
    **{"On Hold": "on_hold", "Resolved": "solved", "Closed": "closed", "Canceled": "closed"},
}
AWAITING_CALLER = ("1", "Awaiting Caller")
HELD = ("3", "On Hold")
PRIORITIES = {
    **{"1": "urgent", "2": "high", "3": "normal", "4": "low", "5": "low"},
    **{"1 - Critical": "urgent", "2 - High": "high", "3 - Moderate": "normal"},
    **{"4 - Low": "low", "5 - Planning": "low"},
}
WORDS = {"status": STATUSES, "priority": PRIORITIES}
CLOSE_CODES = {
    **{"Solved (Permanently)": "solved", "Solution provided": "solved"},
    **{"Solved (Work Around)": "workaround", "Workaround provided": "workaround"},
    **{"Duplicate": "duplicate", "Resolved by caller": "withdrawn_by_customer"},
}
CHANGES = {
    **{"state": "status", "incident_state": "status", "assigned_to": "assignee"},
    **{"assignment_group": "group", "priority": "priority"},
}
SYSTEM = ("system", "guest", "admin.system")
REFERENCES = ("assigned_to", "assignment_group")
OF_TASK = (
    *("opened_at", "closed_at", "assigned_to_value", "assignment_group_value", "priority"),
    *("contact_type", "made_sla", "sla_due", "state"),
)
OF_CALLER = {"caller_id": "caller_id_value", "caller_id.value": "caller_id_value"}
ALIASES = {written: f"{name}_value" for name in REFERENCES for written in (name, f"{name}.value")}


def incidents(source: VendorSource, tables: Tables) -> Shaped:
    """Incidents with what their row of the table `task` says, where it was delivered apart."""
    rows, task = tables.rows["incident"], tables.rows["task"]
    for name in OF_TASK:
        told = fetched(rows["sys_id"], task, "sys_id", name)
        rows = rows.set_column(rows.column_names.index(name), name, pc.coalesce(rows[name], told))
    state = pc.coalesce(rows["incident_state"], rows["state"])
    awaiting = pc.and_(is_any(state, HELD), is_any(rows["hold_reason"], AWAITING_CALLER))
    return Shaped(
        with_columns(
            rows,
            CREATED=pc.coalesce(rows["opened_at"], rows["sys_created_on"]),
            SOLVED=pc.coalesce(rows["resolved_at"], rows["closed_at"]),
            STATE=first_true((awaiting, "3-1"), otherwise=state),
            ASSIGNEE=rows["assigned_to_value"],
            GROUP=rows["assignment_group_value"],
            CHANNEL=rows["contact_type"],
            PRIORITY=rows["priority"],
            SLA_MET=rows["made_sla"],
            SLA_DUE=rows["sla_due"],
        )
    )


def messages(source: VendorSource, tables: Tables) -> Shaped:
    """Comments, which the caller sees, and work notes."""
    every = tables.rows["sys_journal_field"]
    shaped = _of_incidents(every, "name")
    spoken = only(shaped.rows, is_any(shaped.rows["element"], ("comments", "work_notes")))
    rows = spoken.rows
    public = first_true((is_any(rows["element"], ("comments",)), "true"), otherwise="false")
    made = _by_whom(tables, with_columns(rows, PUBLIC=public), "element_id", "sys_created_by")
    return Shaped(made, shaped.left_out + spoken.left_out)


def ticket_events(source: VendorSource, tables: Tables) -> Shaped:
    """Audited changes; `incident_state` repeats `state` where both are audited."""
    every = tables.rows["sys_audit"]
    shaped = _of_incidents(every, "tablename")
    fields = shaped.rows["fieldname"]
    has_state = pc.any(is_any(fields, ("state",))).as_py()
    kinds = [name for name in CHANGES if name != "incident_state" or not has_state]
    ours = only(shaped.rows, is_any(fields, kinds))
    rows = ours.rows
    kind = worded(rows["fieldname"], CHANGES)
    before, unknown_before = changed_words(source, WORDS, kind, rows["oldvalue"], "from_value")
    after, unknown_after = changed_words(source, WORDS, kind, rows["newvalue"], "to_value")
    made = _by_whom(tables, with_columns(rows, FROM=before, TO=after), "documentkey", "user")
    return Shaped(made, shaped.left_out + ours.left_out, findings=unknown_before + unknown_after)


def agents(source: VendorSource, tables: Tables) -> Shaped:
    """Users of a group, or to whom an incident is assigned."""
    return only(tables.rows["sys_user"], _is_agent(tables))


def customers(source: VendorSource, tables: Tables) -> Shaped:
    """Users who called, and those who are no agents."""
    rows = tables.rows["sys_user"]
    callers = tables.rows["incident"]["caller_id_value"]
    called = pc.is_in(rows["sys_id"], value_set=callers, skip_nulls=True)
    return only(rows, pc.or_(called, pc.invert(_is_agent(tables))))


def _is_agent(tables: Tables) -> pa.ChunkedArray:
    ids = tables.rows["sys_user"]["sys_id"]
    members = tables.rows["sys_user_grmember"]["user_value"]
    mask = pc.is_in(ids, value_set=members, skip_nulls=True)
    for name in ("incident", "task"):
        assigned = tables.rows[name]["assigned_to_value"]
        mask = pc.or_(mask, pc.is_in(ids, value_set=assigned, skip_nulls=True))
    return mask


def _of_incidents(rows: pa.Table, header: str) -> Shaped:
    """Rows about an incident, or that do not say what they are about."""
    return only(rows, pc.or_(pc.is_null(rows[header]), is_any(rows[header], ("incident", "task"))))


def _by_whom(tables: Tables, rows: pa.Table, ticket: str, login: str) -> pa.Table:
    """The user behind a login: the caller of the incident is its customer."""
    user = pc.coalesce(
        fetched(rows[login], tables.rows["sys_user"], "user_name", "sys_id"), rows[login]
    )
    caller = fetched(rows[ticket], tables.rows["incident"], "sys_id", "caller_id_value")
    return with_columns(
        rows,
        ACTOR=user,
        ACTOR_TYPE=first_true(
            (is_any(rows[login], SYSTEM), "system"),
            (same(user, caller), "customer"),
            otherwise="agent",
        ),
    )
