"""Which rows the audit is about, and the ledger of all others."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from cxaudit.errors import AuditStopped
from cxaudit.facts import make_facts
from cxaudit.facts.population import scoped_tickets
from cxaudit.facts.tables import CheckedTables
from tests.workspace import workspace

# Each row is left out for the first reason that holds, in the order of these tickets.
COLUMNS: tuple[str, ...] = (
    "ticket_id",
    "created_at",
    "is_test",
    "is_spam",
    "merged_into",
    "is_deleted",
)
COLUMNS += ("customer_id", "created_by", "outreach_id", "assignee_id")
TICKETS = (
    "|".join(COLUMNS)
    + """
late|2026-10-03 06:00:01|true|true|kept|true|-|agent|-|-
test|2026-07-06 10:00|true|true|kept|true|-|agent|-|-
spam|2026-07-06 10:00|false|true|kept|true|-|agent|-|-
merged|2026-07-06 10:00|false|false|kept|true|-|agent|-|-
deleted|2026-07-06 10:00|-|-|-|true|-|agent|-|-
nobody|2026-07-06 10:00|-|-|-|-|-|agent|-|-
agent|2026-07-06 10:00|-|-|-|-|c1|agent|-|-
system|2026-07-06 10:00|-|-|-|-|c1|system|-|-
bot|2026-07-06 10:00|-|-|-|-|c1|customer|-|-
kept|2026-07-06 10:00|-|-|-|-|c1|customer|-|-
answers|2026-07-06 10:00|false|false|-|false|c1|agent|o1|-
placeholder|2026-07-06 10:00|-|-|-|-|0|customer|-|-
assigned|2026-07-06 10:00|-|-|-|-|c1|customer|-|g1
noted|2026-07-06 10:00|-|-|-|-|c1|customer|-|-
before|2026-06-30 23:59:59|-|-|-|-|c1|customer|-|-
after|2026-10-01 00:00|-|-|-|-|c1|customer|-|-
first|2026-07-01 00:00|-|-|-|-|c1|customer|-|-
"""
)
MESSAGES = """message_id|ticket_id|at|author_type|is_public
m1|bot|2026-07-06 10:01|bot|true
m2|kept|2026-07-06 10:01|bot|true
m3|kept|2026-07-06 10:02|agent|true
m4|assigned|2026-07-06 10:01|bot|true
m5|noted|2026-07-06 10:01|bot|true
m6|noted|2026-07-06 10:02|agent|false
m7|spam|2026-07-06 10:01|customer|true
m8|bot|2026-10-03 06:00:01|agent|true
"""
SURVEYS = """invite_id|question_key|ticket_id|customer_id|sent_at|responded_at|value
i1|csat|kept|c1|2026-07-06 10:00|2026-07-06 10:00|5
i2|csat|kept|c1|2026-07-06 10:00|2026-10-01 00:00|5
i3|csat|test|c1|2026-07-06 10:00|2026-07-06 10:00|5
i4|csat|bot|c1|2026-07-06 10:00|-|-
i5|csat|-|c1|2026-07-06 10:00|-|-
i6|csat|kept|c1|2026-10-03 06:00:01|-|-
"""
AGENTS = """agent_id|team_id
g1|north
"""


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """The entry of each table."""
    run = workspace(
        tmp_path_factory.mktemp("population"),
        {
            "tickets": TICKETS,
            "messages": MESSAGES,
            "surveys": SURVEYS,
            "agents": AGENTS,
            "customers": "customer_id|segment\nc1|home\n",
        },
        excluded={"tickets": {"unreadable": 2, "exact duplicate": 3}},
        quarantined={"tickets": 4, "messages": 1},
        unusable=("customers",),
    )
    make_facts(run)
    text = (run.folder("2_validate") / "population.json").read_text(encoding="utf-8")
    return {entry["table"]: entry for entry in json.loads(text)["tables"]}


def test_each_ticket_has_the_first_reason_that_holds(ledger: dict[str, dict[str, Any]]) -> None:
    assert ledger["tickets"]["excluded"] == {
        "unreadable": 2,
        "exact duplicate": 3,
        "after as-of": 1,
        "test": 1,
        "spam": 1,
        "merged": 1,
        "deleted": 1,
        "requester missing": 1,
        "created by an agent": 1,
        "created by the system": 1,
        "bot only": 1,
        "outside period": 2,
    }


def test_what_is_kept(ledger: dict[str, dict[str, Any]]) -> None:
    """Unknown flags, answers to an outreach, placeholders, and where a person followed a bot."""
    assert ledger["tickets"]["kept"] == 6, "kept, answers, placeholder, assigned, noted, first"
    assert ledger["agents"]["kept"] == 1, "describes the service, whatever the period"


def test_rows_of_a_ticket_outside_scope_are_left_out_with_it(
    ledger: dict[str, dict[str, Any]],
) -> None:
    assert ledger["messages"]["excluded"] == {"after as-of": 1, "ticket outside scope": 2}
    assert ledger["messages"]["kept"] == 5, "messages are those of the tickets, of any period"
    assert ledger["surveys"]["excluded"] == {
        "after as-of": 1,
        "ticket outside scope": 2,
        "outside period": 1,
    }
    assert ledger["surveys"]["kept"] == 2, "one answered in the period, one without a ticket"


def test_a_table_that_cannot_be_used_is_left_out_whole(ledger: dict[str, dict[str, Any]]) -> None:
    assert ledger["customers"]["excluded"] == {"table unusable": 1}
    assert ledger["customers"]["kept"] == 0


def test_every_row_received_is_kept_left_out_or_quarantined(
    ledger: dict[str, dict[str, Any]],
) -> None:
    off = {
        table: entry
        for table, entry in ledger.items()
        if entry["received"]
        != entry["kept"] + sum(entry["excluded"].values()) + entry["quarantined"]
    }
    assert not off, f"the ledger does not add up: {off}"
    assert set(ledger) == {"tickets", "messages", "surveys", "agents", "customers"}


def test_the_engagement_may_keep_what_a_bot_answered(tmp_path: Path) -> None:
    tickets = """ticket_id|created_at|status|is_bot_only
    asked|2026-07-06 10:00|open|-
    solved|2026-07-06 10:00|solved|-
    told|2026-07-06 10:00|open|true
    denied|2026-07-06 10:00|open|true
    """
    messages = """message_id|ticket_id|at|author_type
    m1|asked|2026-07-06 10:01|bot
    m2|solved|2026-07-06 10:01|bot
    m3|denied|2026-07-06 10:01|agent
    """
    left_out = {}
    for rule in ("any", "solved", "never"):
        run = workspace(
            tmp_path / rule, {"tickets": tickets, "messages": messages}, scope={"bot_only": rule}
        )
        found = run.engine().fetch(scoped_tickets(CheckedTables(run))).to_pylist()
        left_out[rule] = sorted(t["ticket_id"] for t in found if t["reason"] == "bot only")
    assert left_out == {"any": ["asked", "solved", "told"], "solved": ["solved"], "never": []}, (
        "messages decide where a ticket has any, the column as delivered where it has none"
    )


def test_a_period_without_a_ticket_is_refused(tmp_path: Path) -> None:
    tickets = "ticket_id|created_at|is_spam\n1|2025-02-03 10:00|-\n2|2026-07-06 10:00|true\n"
    run = workspace(tmp_path, {"tickets": tickets})
    with pytest.raises(AuditStopped, match="nothing to audit.*2025-02-03 to 2025-02-03"):
        make_facts(run)
