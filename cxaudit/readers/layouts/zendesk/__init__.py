"""Zendesk Support: JSON of its API, and the tables of Fivetran's connector."""

from __future__ import annotations

from cxaudit.readers.layouts.declaration import Layout
from cxaudit.readers.layouts.zendesk import api, tables

LAYOUT = Layout(
    name="zendesk",
    export="Fivetran's tables (ticket, ticket_comment, ticket_field_history, user, ...), or JSON "
    "of the API: tickets (with comments, audits), comments, audits, users, groups, schedules, "
    "satisfaction_ratings",
    version="Support API v2",
    documentation="https://developer.zendesk.com/api-reference/ticketing/introduction/",
    faults=(
        "Only the tag `closed_by_merge` tells a merged ticket where the list of merged ids is not "
        "delivered: it is then merged into `unknown`.",
        "A user who is no agent any more has the role end-user: name former agents under [actors], "
        "and bots, whose role is admin or agent.",
        "Deleted users are not delivered: a requester nobody is known by is empty, an author a "
        "third party.",
        "Comments do not name their ticket where they are listed by ticket: embed them in their "
        "tickets, or deliver the audits.",
        "A search ends after 1,000 tickets: only the incremental export gives them all.",
        "Fivetran's history says values, not what was there before: that is the value before in "
        "time; of changes within a second, the one earlier in the life of a ticket comes first.",
        "Zendesk calls zones by other names; holidays are whole local days.",
    ),
    tables={**tables.TABLES, **api.TABLES},
    made=(*tables.MADE, *api.MADE),
)
