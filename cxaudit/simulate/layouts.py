"""How each table is delivered: file, format, and the headers and words of its source."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Format = Literal["csv", "tsv", "jsonl", "json", "parquet"]


@dataclass(frozen=True)
class Layout:
    """A delivered file: its name, format, headers by canonical column, and words by column."""

    file: str
    format: Format = "csv"
    delimiter: str = ","
    decimal: str = "."
    headers: dict[str, str] = field(default_factory=dict)
    words: dict[str, dict[str, str]] = field(default_factory=dict)


TICKETS = Layout(
    "helpdesk_tickets.csv.gz",
    headers={
        "ticket_id": "Ticket #",
        "customer_id": "Requester ID",
        "channel": "Via",
        "created_at": "Created (UTC)",
        "first_response_at": "First reply (UTC)",
        "solved_at": "Last solved (UTC)",
        "first_solved_at": "First solved (UTC)",
        "status": "Status",
        "assignee_id": "Assignee ID",
        "group_id": "Group ID",
        "category": "Contact reason",
        "subcategory": "Detail",
        "priority": "Priority",
        "language": "Language",
        "is_complaint": "Complaint",
        "complaint_upheld": "Complaint upheld",
        "created_by": "Created by",
        "is_spam": "Spam",
        "is_test": "Test",
        "merged_into": "Merged into",
        "is_deleted": "Deleted",
        "is_bot_only": "Bot only",
        "resolution_code": "Resolution",
        "sla_first_response_due_at": "First reply due (UTC)",
        "sla_resolution_due_at": "Resolution due (UTC)",
        "reopen_count": "Reopens",
        "escalated": "Escalated",
        "ai_assist_used": "Copilot used",
        "cost": "Cost",
    },
    words={
        "channel": {
            "email": "E-mail",
            "phone": "Telephone",
            "chat": "Live chat",
            "web_form": "Web form",
            "messaging": "Messenger",
            "in_app": "App",
            "social": "Social media",
        },
        "status": {
            "new": "New",
            "open": "Open",
            "pending": "Pending",
            "on_hold": "On hold",
            "solved": "Solved",
            "closed": "Closed",
        },
        "priority": {"low": "P4", "normal": "P3", "high": "P2", "urgent": "P1"},
    },
)
MESSAGES = Layout(
    "messages.jsonl.gz",
    "jsonl",
    headers={
        "message_id": "id",
        "ticket_id": "ticket",
        "at": "sent",
        "author_type": "role",
        "author_id": "author",
        "is_public": "public",
        "is_auto": "automatic",
        "text": "body",
        "lang": "language",
    },
)
LAYOUTS = {
    "tickets": TICKETS,
    "messages": MESSAGES,
    # Delivered in two files, one per year.
    "surveys": Layout("surveys_{year}.csv.gz", delimiter=";", decimal=","),
    "ticket_events": Layout("ticket_events.parquet", "parquet"),
    "customers": Layout("customers.parquet", "parquet"),
    "calls": Layout("calls.parquet", "parquet"),
    "agents": Layout("agents.tsv", "tsv", delimiter="\t"),
    "groups": Layout("groups.json", "json"),
}


def layout_of(table: str) -> Layout:
    """How a table is delivered; those that nothing is said of are plain CSV."""
    return LAYOUTS.get(table) or Layout(f"{table}.csv")
