"""The tools whose definitions can be run beside ours."""

from __future__ import annotations

from cxaudit.reconcile import ours, zendesk
from cxaudit.reconcile import rules as by
from cxaudit.reconcile.declaration import Definition, Tool, Unit

DECISIONS = "docs/decisions"
_OF_RESOLUTION: dict[str, Unit] = {
    "first_resolution_calendar_minutes": "minutes",
    "final_resolution_calendar_minutes": "minutes",
    "first_resolution_business_minutes": "minutes",
    "full_resolution_business_minutes": "minutes",
}
_OF_WAITS: dict[str, Unit] = {
    f"{name}_in_{clock}_minutes": "minutes"
    for name in zendesk.WAITS
    for clock in ("calendar", "business")
}

ZENDESK = Tool(
    reader="zendesk",
    name="Zendesk",
    source="zendesk__ticket_metrics of the package https://github.com/fivetran/dbt_zendesk",
    desk=zendesk.Desk,
    definitions=(
        Definition(
            "first reply",
            {
                "first_reply_time_calendar_minutes": "minutes",
                "first_reply_time_business_minutes": "minutes",
            },
            zendesk.first_reply,
            ours.first_reply,
            (
                by.SCOPE,
                by.BOTS,
                by.FORMER,
                by.RECEIPTS,
                by.REQUESTER,
                by.UNKNOWN,
                by.OPENING,
                by.EARLY,
                by.SCHEDULE,
                by.SET_ASIDE,
            ),
            f"{DECISIONS}/0001-a-first-response-is-a-persons.md",
            waiting=("first_reply_time_calendar_minutes",),
        ),
        Definition(
            "resolution",
            _OF_RESOLUTION,
            zendesk.resolution,
            ours.resolution,
            (by.SCOPE, by.AUTOMATED, by.NOT_SOLVED_NOW, by.CLOSED_AGAIN, by.SCHEDULE, by.SET_ASIDE),
            f"{DECISIONS}/0003-open-tickets-are-censored.md",
            waiting=("first_resolution_calendar_minutes", "final_resolution_calendar_minutes"),
        ),
        Definition(
            "waits",
            _OF_WAITS,
            zendesk.waits,
            ours.waits,
            (by.SCOPE, by.BILLED, by.FIRST_STATUS, by.NO_HISTORY, by.SCHEDULE, by.SET_ASIDE),
            f"{DECISIONS}/0025-the-clock-of-a-wait.md",
        ),
        Definition(
            "reopens",
            {"count_reopens": "count"},
            zendesk.reopens,
            ours.reopen_counts,
            (by.SCOPE, by.UNSOLVED, by.NO_WORD, by.SOLVES, by.SET_ASIDE),
            f"{DECISIONS}/0002-a-reopen-is-a-transition.md",
        ),
        Definition(
            "touches",
            {"is_one_touch_resolution": "yes or no", "is_two_touch_resolution": "yes or no"},
            zendesk.touches,
            ours.touches,
            (by.SCOPE, *by.AUTHORS, by.RECEIPTS, by.SET_ASIDE),
            f"{DECISIONS}/0026-whose-comment-it-is.md",
        ),
        Definition(
            "comments",
            {
                "count_public_agent_comments": "count",
                "count_agent_comments": "count",
                "count_end_user_comments": "count",
                "count_internal_comments": "count",
                "total_comments": "count",
            },
            zendesk.comment_counts,
            ours.comment_counts,
            (by.SCOPE, *by.AUTHORS, by.RECEIPTS, by.SET_ASIDE),
            f"{DECISIONS}/0026-whose-comment-it-is.md",
        ),
    ),
)
TOOLS = {tool.reader: tool for tool in (ZENDESK,)}
