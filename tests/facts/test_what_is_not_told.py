"""What no record can tell is not known: neither that nobody came back, nor that no rule closed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from cxaudit.facts import make_facts
from cxaudit.measure import measure
from cxaudit.statistics import Estimate
from tests.facts.small import ENGINE, rows
from tests.workspace import workspace

REOPENED = ("cases_reopened", "reopens_per_100_solved_cases", "customers_who_reopened")
SOLVED = """ticket_id | customer_id | created_at       | status | solved_at
1         | c1          | 2026-07-06 09:00 | solved | 2026-07-07 09:00
2         | c2          | 2026-07-06 09:00 | solved | 2026-07-07 09:00
"""
ASSIGNED = """event_id | ticket_id | at               | type     | to_value | actor_type
1        | 1         | 2026-07-06 09:01 | assignee | g1       | system
"""
WAITING = """ticket_id | created_at       | first_response_at
1         | 2026-07-06 09:00 | -
2         | 2026-07-06 09:00 | -
3         | 2026-07-06 09:00 | -
4         | 2026-07-06 09:00 | -
"""


def figures(folder: Path, tables: dict[str, str]) -> dict[str, Estimate]:
    run = workspace(folder, tables)
    make_facts(run)
    return {
        m.indicator: m.estimate
        for m in measure(run).measurements
        if m.period == "2026Q3" and not m.part.by and m.estimate is not None
    }


def closed(by: str, of_first: str = "-") -> str:
    """Four tickets closed after a day, each by such an actor; the first by one with an id."""
    lines = ["event_id|ticket_id|at|from_value|to_value|actor_type|actor_id"]
    lines += [
        f"{n}|{n}|2026-07-07 09:00|open|closed|{by}|{of_first if n == 1 else '-'}"
        for n in range(1, 5)
    ]
    return "\n".join(lines)


def test_without_changes_of_status_or_follow_ups_nobody_knows_who_came_back(tmp_path: Path) -> None:
    found = figures(tmp_path, {"tickets": SOLVED, "ticket_events": ASSIGNED})
    for id in REOPENED:
        assert (found[id].value, found[id].missing) == (None, 2), f"{id} is missing, not 0"


def test_a_column_of_follow_ups_alone_tells_who_came_back(tmp_path: Path) -> None:
    header, one, two = SOLVED.strip().splitlines()
    tickets = f"""{header} | follow_up_of
    {one} | -
    {two} | -
    3 | c1 | 2026-07-20 09:00 | open | - | 1"""
    found = figures(tmp_path, {"tickets": tickets, "ticket_events": ASSIGNED})
    values = [(found[id].value, found[id].missing) for id in REOPENED]
    assert values == [(0.5, 0), (50.0, 0), (0.5, 0)], "c1 came back to ticket 1"


@pytest.mark.parametrize(
    ("events", "value", "missing"),
    [
        (closed("system"), None, 4),
        (closed("-"), None, 4),
        (closed("bot"), 1.0, 0),
        (closed("agent"), 0.0, 0),
        (closed("system") + "\n5|elsewhere|2026-07-07 09:00|open|closed|customer|c9", 1.0, 0),
    ],
    ids=["all by system", "by nobody told", "by a bot", "by agents", "customers told apart"],
)
def test_that_a_rule_closed_is_known_where_the_closing_tells_who_did(
    tmp_path: Path, events: str, value: float | None, missing: int
) -> None:
    found = figures(tmp_path, {"tickets": WAITING, "ticket_events": events})
    estimate = found["closed_by_a_rule_without_reply"]
    assert (estimate.value, estimate.missing) == (value, missing)


def test_without_replies_delivered_nobody_knows_what_was_closed_unanswered(tmp_path: Path) -> None:
    tickets = WAITING.replace("first_response_at", "subject")
    found = figures(tmp_path, {"tickets": tickets, "ticket_events": closed("bot")})
    estimate = found["closed_by_a_rule_without_reply"]
    assert (estimate.value, estimate.missing) == (None, 4)


def test_only_a_follow_up_in_scope_by_the_same_customer_is_a_return(tmp_path: Path) -> None:
    follow_ups = {
        "real": "c1 | false | - | false | false",
        "deleted": "c1 | true | - | false | false",
        "merged": "c1 | false | 1 | false | false",
        "spam": "c1 | false | - | true | false",
        "test": "c1 | false | - | false | true",
        "another": "c2 | false | - | false | false",
        "nobody": "- | false | - | false | false",
    }
    header = "ticket_id | created_at | status | solved_at | follow_up_of | customer_id"
    lines = [f"{header} | is_deleted | merged_into | is_spam | is_test"]
    for kind, flags in follow_ups.items():
        first = "2026-07-06 09:00 | solved | 2026-07-07 09:00 | -"
        lines.append(f"of {kind} | {first} | c1 | false | - | false | false")
        lines.append(f"{kind} | 2026-07-20 09:00 | open | - | of {kind} | {flags}")
    made: dict[str, Any] = {"tickets": "\n".join(lines)}
    facts = make_facts(workspace(tmp_path, made)).folder / "contacts.parquet"
    found = rows(ENGINE.table(pq.read_table(facts)))
    reopens = {kind: found[f"of {kind}"]["reopens"] for kind in follow_ups}
    assert reopens == {kind: int(kind == "real") for kind in follow_ups}
