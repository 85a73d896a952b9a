"""ServiceNow: incidents as exported from their tables, and Fivetran's tables."""

from __future__ import annotations

from cxaudit.readers.layouts.declaration import Delivered, Layout, Made
from cxaudit.readers.layouts.servicenow import derived
from cxaudit.readers.layouts.servicenow.derived import (
    ALIASES,
    CHANGES,
    CHANNELS,
    CLOSE_CODES,
    OF_CALLER,
    OF_TASK,
    PRIORITIES,
    STATUSES,
)

# what the Table API wraps its records in; a CSV file has nothing of the kind
RESULT = {"records": "result[]"}

LAYOUT = Layout(
    name="servicenow",
    export="CSV, Excel or JSON of the tables incident, sys_audit, sys_journal_field, sys_user, "
    "sys_user_group, sys_user_grmember; or Fivetran's tables (task beside incident)",
    version="Table API, since Orlando",
    documentation="https://www.servicenow.com/docs/bundle/zurich-api-reference/page/integrate/inbound-rest/concept/c_TableAPI.html",
    faults=(
        "Times are UTC in the Table API and in Fivetran's tables, but in the zone of whoever "
        "exported a list: they carry no offset, and `time_zone` has to be given.",
        "A list shows names, an API values, Fivetran's tables `*_value`: ask for values "
        "(`sysparm_display_value=false`); names are taken as ids where nothing else is there.",
        "`state` and `incident_state` are audited side by side: the first is taken.",
        "The people of comments and of the audit are logins, not ids: deliver sys_user.",
        "Change requests, requests and problems share the table task: only incidents are read.",
        "An incident on hold for its caller is pending; for any other reason it is on hold.",
        "A list exported without sys_id goes by its number; comments and audit go by sys_id.",
        "`made_sla` is true until the target is missed, in open incidents too.",
    ),
    tables={
        "incident": Delivered(
            (
                *("sys_id", "_fivetran_deleted", "caller_id_value", "category", "subcategory"),
                *("close_code", "hold_reason", "incident_state", "reopen_count", "resolved_at"),
                *("sys_created_on", *OF_TASK),
            ),
            ("incidents", "incident_list"),
            aliases={**ALIASES, **OF_CALLER, "number": "sys_id"},
            written=RESULT,
        ),
        "task": Delivered(("sys_id", *OF_TASK), aliases=ALIASES, written=RESULT),
        "sys_audit": Delivered(
            (
                *("sys_id", "tablename", "documentkey", "fieldname", "oldvalue", "newvalue"),
                *("user", "sys_created_on"),
            ),
            ("audit",),
            written=RESULT,
        ),
        "sys_journal_field": Delivered(
            (
                "sys_id",
                "name",
                "element",
                "element_id",
                "value",
                "sys_created_by",
                "sys_created_on",
            ),
            ("journal", "sys_journal"),
            written=RESULT,
        ),
        "sys_user": Delivered(
            ("sys_id", "user_name", "sys_created_on", "preferred_language"),
            ("users",),
            written=RESULT,
        ),
        "sys_user_group": Delivered(("sys_id", "name"), ("groups",), written=RESULT),
        "sys_user_grmember": Delivered(
            ("user_value", "group_value"),
            aliases={
                **{"user": "user_value", "user.value": "user_value"},
                **{"group": "group_value", "group.value": "group_value"},
            },
            written=RESULT,
        ),
    },
    made=(
        Made(
            "tickets",
            "incident",
            {
                "ticket_id": "sys_id",
                "customer_id": "caller_id_value",
                "channel": {
                    "from": "CHANNEL",
                    "values": CHANNELS,
                    "otherwise": "web_form",
                    "when_empty": "web_form",
                },
                "created_at": "CREATED",
                "solved_at": {"from": "SOLVED", "needs": ("resolved_at", "closed_at", "task")},
                "status": {"from": "STATE", "values": STATUSES},
                "assignee_id": {"from": "ASSIGNEE", "needs": ("assigned_to_value", "task")},
                "group_id": {"from": "GROUP", "needs": ("assignment_group_value", "task")},
                "category": "category",
                "subcategory": "subcategory",
                "priority": {
                    "from": "PRIORITY",
                    "values": PRIORITIES,
                    "needs": ("priority", "task"),
                },
                "created_by": {"constant": "customer"},
                "is_deleted": "_fivetran_deleted",
                "resolution_code": {
                    "from": "close_code",
                    "values": CLOSE_CODES,
                    "otherwise": "other",
                },
                "sla_resolution_due_at": {"from": "SLA DUE", "needs": ("sla_due", "task")},
                "sla_met": {"from": "SLA MET", "needs": ("made_sla", "task")},
                "reopen_count": "reopen_count",
            },
            derive=derived.incidents,
        ),
        Made(
            "messages",
            "sys_journal_field",
            {
                "message_id": "sys_id",
                "ticket_id": "element_id",
                "at": "sys_created_on",
                "author_type": "ACTOR TYPE",
                "author_id": "ACTOR",
                "is_public": "PUBLIC",
                "is_auto": {"constant": False},
                "text": "value",
            },
            derive=derived.messages,
        ),
        Made(
            "ticket_events",
            "sys_audit",
            {
                "event_id": "sys_id",
                "ticket_id": "documentkey",
                "at": "sys_created_on",
                "type": {"from": "fieldname", "values": CHANGES},
                "from_value": "FROM",
                "to_value": "TO",
                "actor_type": "ACTOR TYPE",
                "actor_id": "ACTOR",
            },
            derive=derived.ticket_events,
        ),
        Made(
            "agents",
            "sys_user",
            {"agent_id": "sys_id", "team_id": "TEAM"},
            lookup=(
                {
                    "table": "sys_user_grmember",
                    "match": {"sys_id": "user_value"},
                    "take": {"TEAM": "group_value"},
                },
            ),
            derive=derived.agents,
        ),
        Made(
            "customers",
            "sys_user",
            {
                "customer_id": "sys_id",
                "created_at": "sys_created_on",
                "language": "preferred_language",
            },
            derive=derived.customers,
        ),
        Made("groups", "sys_user_group", {"group_id": "sys_id", "name": "name"}),
    ),
)
