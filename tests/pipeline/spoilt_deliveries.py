"""The faults a delivery may have, and what the audit makes of each: a refusal or a count."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from cxaudit.errors import AuditStopped, CxauditError, EngagementError, UnreadableData

from .small_client import Client
from .spoiling import (
    delivered_as,
    engaged,
    header_only,
    in_one_row,
    in_rows,
    of_period,
    repeated,
    rewritten,
    second_header,
    with_other_encoding,
)

LONG = "A long story. " * 22_000 + "The end."
SCRIPT = "<script>alert(document.cookie)</script>"
FORMULA = '=HYPERLINK("http://example.org", "look here")'


@dataclass(frozen=True)
class Refusal:
    """A fault that ends the audit: the kind of error, its exit code, what its message says.

    `ledger` is what was excluded by table and reason, where the audit came as far as that.
    """

    name: str
    spoil: Callable[[Client], None]
    error: type[CxauditError]
    exit_code: int
    says: tuple[str, ...]
    ledger: dict[str, dict[str, int]] = field(default_factory=dict)


REFUSALS = [
    Refusal(
        "missing file",
        delivered_as("tickets", None),
        UnreadableData,
        3,
        ("exports/tickets.csv", "is not there", "Check path"),
    ),
    Refusal(
        "empty file",
        delivered_as("messages", b""),
        UnreadableData,
        3,
        ("exports/messages.csv", "is empty", "Ask for the export again"),
    ),
    Refusal(
        "header only in the table the audit is about",
        header_only("tickets"),
        AuditStopped,
        1,
        ("tickets", "nothing to audit", "no rows", "Check the sources"),
    ),
    Refusal(
        "wrong delimiter",
        lambda client: client.files.update(tickets=client.csv("tickets", ";").encode()),
        UnreadableData,
        3,
        ("exports/tickets.csv", "one column only", 'set delimiter = ";"'),
    ),
    Refusal(
        "another encoding in most rows",
        with_other_encoding(range(400)),
        UnreadableData,
        3,
        ("exports/messages.csv", "not written in utf-8", "400 of 600 rows", "Set encoding"),
    ),
    Refusal(
        "differing rows of one id in a third of the tickets",
        in_rows(range(100), "tickets", ticket_no="tn-same"),
        AuditStopped,
        1,
        ("tickets.odcs.yaml", "tickets.ticket_id.unique", "100", "quarantine/tickets.parquet"),
    ),
    Refusal(
        "dates in two formats, a third of them in the second",
        in_rows(range(200, 300), "tickets", created="24/07/2026 09:00"),
        AuditStopped,
        1,
        ("tickets", "readable", "100"),
    ),
    Refusal(
        "a time without zone",
        in_one_row("tickets", created="2026-07-24T09:00:00"),
        UnreadableData,
        3,
        ("source 'tickets', column created_at", "1 time(s) carry no offset", "Set time_zone"),
    ),
    Refusal(
        "negative durations in a third of the tickets",
        in_rows(range(200, 300), "tickets", solved="2026-06-30T23:00:00Z"),
        AuditStopped,
        1,
        ("tickets.solved_after_created", "more than 2.00%", "100", "quarantine/tickets.parquet"),
    ),
    Refusal(
        "a header named twice that the mapping uses",
        second_header("topic"),
        EngagementError,
        2,
        ("source 'tickets'", "header 'state' occurs more than once", "'state#1' is the first"),
    ),
    Refusal(
        "a key of a source with a typo",
        engaged("path =", "pathh ="),
        EngagementError,
        2,
        ("engagement.toml, [[source]] 1 (tickets)", "unknown key 'pathh'", "mean 'path'?"),
    ),
    Refusal(
        "a column of a source with a typo",
        engaged("solved_at =", "solvd_at ="),
        EngagementError,
        2,
        ("source 'tickets'", "no column 'solvd_at'", "mean 'solved_at'?"),
    ),
    Refusal(
        "a header of a source with a typo",
        engaged('"answered"', '"anwsered"'),
        EngagementError,
        2,
        ("exports/tickets.csv", "no header 'anwsered'", "mean 'answered'?"),
    ),
    Refusal(
        "sources for source",
        lambda client: setattr(
            client,
            "engagement",
            client.engagement.replace("[[source]]", "[[sources]]").replace("[source.", "[sources."),
        ),
        EngagementError,
        2,
        ("engagement.toml, sources", "is not a setting", "Did you mean", "source"),
    ),
    Refusal(
        "a period that is none",
        of_period("2026Q5"),
        EngagementError,
        2,
        ("period", "'2026Q5'", "Write it as"),
    ),
    Refusal(
        "a period without data",
        of_period("2025Q1"),
        AuditStopped,
        1,
        ("period 2025Q1", "nothing to audit", "tickets from 2026-04-01 to", "Choose a period"),
        {
            "tickets": {"outside period": 300},
            "messages": {},
            "surveys": {"outside period": 300},
        },
    ),
]


@dataclass(frozen=True)
class Counted:
    """A fault that the audit lives with, and where it is counted.

    `ledger`: what of the sound ledger changes, by table. `reasons`: quarantined rows by table and
    reason. `findings`: counts of the load stage. `failed`: checks that fail. `holds`: how often
    a column of a clean table holds a value.
    """

    name: str
    spoil: Callable[[Client], None]
    ledger: dict[str, dict[str, Any]] = field(default_factory=dict)
    reasons: dict[str, dict[str, int]] = field(default_factory=dict)
    findings: dict[str, int] = field(default_factory=dict)
    failed: tuple[str, ...] = ()
    holds: dict[tuple[str, str], dict[str, int]] = field(default_factory=dict)


# What a ticket takes with it when it is set aside: its two messages and its survey.
WITHOUT_CHILDREN: dict[str, dict[str, Any]] = {
    "messages": {"kept": 598, "quarantined": 2},
    "surveys": {"kept": 149, "quarantined": 1},
}
CHILDREN = {"messages": {"parent quarantined": 2}, "surveys": {"parent quarantined": 1}}
COUNTED = [
    Counted("nothing", lambda client: None),
    Counted(
        "header only in a table the audit can do without",
        header_only("messages"),
        {"messages": {"received": 0, "kept": 0}},
        findings={"load-no-rows-messages": 1},
    ),
    Counted(
        "two encodings in one file",
        with_other_encoding(range(7, 10)),
        {"messages": {"kept": 597, "excluded": {"unreadable": 3}}},
        findings={"load-undecodable-messages": 3},
        failed=("messages.readable",),
    ),
    Counted(
        "a duplicate id of equal rows",
        repeated(),
        {
            "tickets": {
                "received": 301,
                "excluded": {"exact duplicate": 1, "outside period": 150},
            }
        },
    ),
    Counted(
        "a duplicate id of differing rows",
        repeated(topic="billing", agent="an-00009"),
        {"tickets": {"received": 301, "kept": 149, "quarantined": 2}, **WITHOUT_CHILDREN},
        {"tickets": {"tickets.ticket_id.unique": 2}, **CHILDREN},
    ),
    Counted(
        "dates in two formats",
        in_one_row("tickets", created="24/07/2026 09:00"),
        {
            "tickets": {"kept": 149, "excluded": {"outside period": 150, "unreadable": 1}},
            "messages": {"kept": 598, "quarantined": 2},
        },
        {"messages": {"messages.ticket_id.exists": 2}},
        {"load-unreadable-row-tickets-created_at": 1},
        failed=("tickets.readable", "messages.ticket_id.exists"),
    ),
    Counted(
        "a negative duration",
        in_one_row("tickets", solved="2026-06-30T23:00:00Z"),
        {"tickets": {"kept": 149, "quarantined": 1}, **WITHOUT_CHILDREN},
        {"tickets": {"tickets.solved_after_created": 1}, **CHILDREN},
    ),
    Counted(
        "an unknown status",
        in_one_row("tickets", state="parked by night shift"),
        findings={"load-unmapped-tickets-status": 1},
        holds={("tickets", "status"): {"unknown": 1, "solved": 299}},
    ),
    Counted(
        "a message of 300 kB",
        in_one_row("messages", text=LONG),
        holds={("messages", "text"): {LONG: 1}},
    ),
    Counted(
        "a script in a message",
        in_one_row("messages", text=SCRIPT),
        holds={("messages", "text"): {SCRIPT: 1}},
    ),
    Counted(
        "a formula in a cell",
        in_one_row("messages", text=FORMULA),
        holds={("messages", "text"): {FORMULA: 1}},
    ),
    Counted(
        "a header named twice that the mapping does not use",
        rewritten(
            "tickets",
            lambda text: "\n".join(
                line + (",note,note" if number == 0 else ",,")
                for number, line in enumerate(text.splitlines())
            ).encode(),
        ),
        findings={"load-header-twice-tickets": 1},
    ),
    Counted(
        "a survey value off its scale",
        in_one_row("surveys", stars="7351"),
        {"surveys": {"kept": 149, "quarantined": 1}},
        {"surveys": {"surveys.value_on_scale": 1}},
    ),
    Counted(
        "survey values off their scale in most rows",
        in_rows(range(300), "surveys", stars="7351"),
        {"surveys": {"kept": 0, "excluded": {"table unusable": 300}}},
        failed=("surveys.values_mostly_on_scale",),
    ),
]
