"""Until when something was promised: which target fits, and on which clock."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pyarrow.parquet as pq

from cxaudit.facts import make_facts
from tests.facts.small import ENGINE, rows
from tests.workspace import workspace

TICKETS = """
ticket_id | created_at       | channel | priority | sla_first_response_due_at
any       | 2026-07-06 09:00 | email   | low      | 2026-07-06 11:00
urgent    | 2026-07-06 09:00 | email   | high     | 2026-07-06 11:00
chat      | 2026-07-06 09:00 | chat    | low      | 2026-07-06 11:00
early     | 2026-06-01 09:00 | email   | low      | 2026-06-01 11:00
two       | 2026-07-06 09:00 | email   | mixed    | 2026-07-06 11:00
none      | 2026-07-06 09:00 | email   | low      | -
"""
TARGETS = """
target_id | policy | metric         | target_seconds | clock    | channel | priority | valid_from
1         | p      | first_response | 3600           | calendar | -       | -        | 2026-07-01
2         | p      | first_response | 600            | calendar | -       | high     | -
3         | p      | first_response | 60             | calendar | chat    | -        | -
4         | p      | first_response | 120            | calendar | -       | mixed    | -
5         | q      | first_response | 180            | calendar | -       | mixed    | -
6         | p      | resolution     | 1              | calendar | -       | -        | -
"""


def dues(folder: Path, **tables: str) -> dict[str, str | None]:
    """Until when a first response was promised, by ticket."""
    facts = make_facts(workspace(folder, {"tickets": TICKETS, "sla_targets": TARGETS, **tables}))
    found = rows(ENGINE.table(pq.read_table(facts.folder / "contacts.parquet")))
    return {ticket: _instant(row["response_due"]) for ticket, row in found.items()}


def _instant(seconds: int | None) -> str | None:
    return None if seconds is None else f"{datetime.fromtimestamp(seconds, UTC):%m-%d %H:%M}"


def test_the_target_that_says_most_of_the_ticket_counts(tmp_path: Path) -> None:
    found = dues(tmp_path)
    assert found["any"] == "07-06 10:00", "the target for all"
    assert found["urgent"] == "07-06 09:10", "that of its priority"
    assert found["chat"] == "07-06 09:01", "that of its channel"


def test_what_targets_do_not_settle_is_as_delivered(tmp_path: Path) -> None:
    found = dues(tmp_path)
    assert found["early"] == "06-01 11:00", "created before the target held"
    assert found["two"] == "07-06 11:00", "two policies say different things"
    assert found["none"] is None, "nothing was promised to this one"


def test_a_target_in_opening_hours_runs_on_the_schedule_it_names_or_the_ticket_s(
    tmp_path: Path,
) -> None:
    targets = """
    target_id | policy | metric         | target_seconds | clock    | priority | schedule_id
    1         | p      | first_response | 7200           | business | low      | mondays
    2         | p      | first_response | 7200           | business | high     | -
    """
    schedules = """
    schedule_id | time_zone | opens_minute | closes_minute | is_default
    mondays     | UTC       | 1980         | 2040          | false
    always      | UTC       | 0            | 10080         | true
    """
    found = dues(tmp_path, sla_targets=targets, schedules=schedules)
    assert found["any"] == "07-13 10:00", "an hour on each of two Mondays"
    assert found["urgent"] == "07-06 11:00", "the default schedule, always open"


CHANGED = """
ticket_id | created_at       | channel | priority
raised    | 2026-07-06 09:00 | email   | high
late      | 2026-07-06 09:00 | email   | high
lowered   | 2026-07-06 09:00 | email   | low
missed    | 2026-07-06 09:00 | email   | low
named     | 2026-07-06 09:00 | email   | low
moved     | 2026-07-06 09:00 | email   | low
dropped   | 2026-07-06 09:00 | email   | low
"""
CHANGES = """
event_id | ticket_id | at               | type     | from_value | to_value | actor_type
1        | raised    | 2026-07-06 09:30 | priority | low        | high     | agent
2        | late      | 2026-07-06 14:00 | priority | low        | high     | agent
3        | lowered   | 2026-07-06 09:30 | priority | high       | low      | agent
4        | missed    | 2026-07-06 10:01 | priority | high       | low      | agent
5        | named     | 2026-07-06 09:00 | sla      | -          | gold     | system
6        | moved     | 2026-07-06 09:00 | sla      | -          | gold     | system
7        | moved     | 2026-07-06 09:10 | sla      | gold       | silver   | system
8        | dropped   | 2026-07-06 09:00 | sla      | -          | gold     | system
9        | dropped   | 2026-07-06 09:10 | sla      | gold       | -        | system
"""
BY_PRIORITY = """
target_id | policy | metric         | target_seconds | clock    | priority
1         | silver | first_response | 3600           | calendar | high
2         | silver | first_response | 28800          | calendar | low
3         | gold   | first_response | 1800           | calendar | low
"""


def test_the_priority_of_the_moment_decides_and_what_was_missed_stays_so(tmp_path: Path) -> None:
    targets = "\n".join(line for line in BY_PRIORITY.splitlines() if "gold" not in line)
    found = dues(tmp_path, tickets=CHANGED, ticket_events=CHANGES, sla_targets=targets)
    assert found["raised"] == "07-06 10:00", "an hour from the creation"
    assert found["late"] == "07-06 14:00", "overdue the moment it was raised"
    assert found["lowered"] == "07-06 17:00", "eight hours from the creation"
    assert found["missed"] == "07-06 10:00", "the hour was up when it was lowered"


def test_the_policy_of_the_moment_decides_where_it_is_told(tmp_path: Path) -> None:
    found = dues(tmp_path, tickets=CHANGED, ticket_events=CHANGES, sla_targets=BY_PRIORITY)
    assert found["named"] == "07-06 09:30", "the target of its policy, not that of the other"
    assert found["moved"] == "07-06 17:00", "under gold for ten minutes"
    assert found["dropped"] is None, "under no policy any more, before anything was due"
    assert found["raised"] == "07-06 10:00", "one policy alone has a target for it"


def test_a_policy_with_a_target_for_another_promise_alone_borrows_none(tmp_path: Path) -> None:
    targets = """
    target_id | policy | metric         | target_seconds | clock
    1         | silver | first_response | 3600           | calendar
    2         | gold   | resolution     | 7200           | calendar
    """
    found = dues(tmp_path, tickets=CHANGED, ticket_events=CHANGES, sla_targets=targets)
    assert found["named"] is None, "gold promises a solution and no answer"
    assert found["moved"] == "07-06 10:00", "silver's hour"


def test_a_target_without_a_clock_runs_on_that_of_its_channel(tmp_path: Path) -> None:
    targets = """
    target_id | policy | metric         | target_seconds | clock
    1         | p      | first_response | 7200           | -
    """
    schedules = """
    schedule_id | time_zone | opens_minute | closes_minute | is_default
    mondays     | UTC       | 1980         | 2040          | true
    """
    tickets = """
    ticket_id | created_at       | channel
    any       | 2026-07-06 09:00 | email
    chat      | 2026-07-06 09:00 | chat
    """
    given = {"tickets": tickets, "sla_targets": targets, "schedules": schedules}
    run = workspace(tmp_path, given, channels={"email": "business", "chat": "calendar"})
    made = make_facts(run).folder / "contacts.parquet"
    found = rows(ENGINE.table(pq.read_table(made)))
    assert _instant(found["any"]["response_due"]) == "07-13 10:00", "an hour on each Monday"
    assert _instant(found["chat"]["response_due"]) == "07-06 11:00", "runs always"
