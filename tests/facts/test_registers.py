"""Facts of the registers: traces, the roster, follow-ups of outreach, active customers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from cxaudit.facts import make_facts
from cxaudit.facts.next_event import next_after
from cxaudit.run import Run
from tests.facts.small import ENGINE, rows
from tests.workspace import workspace

TICKET = """
ticket_id | customer_id | category | created_at       | first_response_at | assignee_id
1         | c1          | bill     | 2026-07-06 09:00 | 2026-07-06 10:00  | g1
"""


def facts(folder: Path, name: str, key: str, **tables: str) -> dict[str, dict[str, Any]]:
    """The rows of a fact table of these tables, by a key that each has once."""
    run = workspace(folder, {"tickets": TICKET, **tables})
    return fact_of(run, name, key)


def fact_of(run: Run, name: str, key: str) -> dict[str, dict[str, Any]]:
    make_facts(run)
    path = run.folder("2_validate") / "facts" / f"{name}.parquet"
    return rows(ENGINE.read(path), key)


@pytest.mark.parametrize(("same_second", "found"), [(True, 100), (False, 150)])
def test_the_next_event_is_the_customers_own(same_second: bool, found: int) -> None:
    starts = pa.table({"id": [1, 2, 3], "customer_id": ["a", "b", "c"], "at": [100] * 3})
    events = pa.table({"customer_id": ["a", "a", "a", "b"], "at": [99, 100, 150, 99]})
    after = next_after(
        ENGINE.table(starts), ENGINE.table(events), ("customer_id",), same_second=same_second
    )
    by_id = {row["id"]: row["next_at"] for row in ENGINE.fetch(after).to_pylist()}
    assert by_id == {1: found, 2: None, 3: None}, "nothing before the start, nothing of others"


FLOWS = """
category | from_value | to_value | approved_exception
bill     | new        | open     | false
bill     | new        | solved   | true
-        | open       | solved   | false
"""
SOLVED = """
ticket_id | customer_id | category | created_at
1         | c1          | bill     | 2026-07-06 09:00
2         | c2          | bill     | 2026-07-06 09:00
3         | c3          | bill     | 2026-07-06 09:00
4         | c4          | move     | 2026-07-06 09:00
5         | c5          | bill     | 2026-07-06 09:00
"""
CHANGES = """
ticket_id | event_id | at               | from_value | to_value
1         | e1       | 2026-07-06 10:00 | new        | open
1         | e2       | 2026-07-06 11:00 | open       | solved
2         | e3       | 2026-07-06 10:00 | new        | solved
3         | e4       | 2026-07-06 10:00 | new        | pending
3         | e5       | 2026-07-06 11:00 | pending    | solved
4         | e6       | 2026-07-06 11:00 | new        | solved
5         | e7       | 2026-07-06 11:00 | new        | open
"""


def test_a_trace_follows_its_process_where_every_change_is_allowed(tmp_path: Path) -> None:
    found = facts(
        tmp_path,
        "adherence",
        "case_id",
        tickets=SOLVED,
        ticket_events=CHANGES,
        process_flows=FLOWS,
    )
    follows = {id: row["follows_process"] for id, row in found.items()}
    assert follows == {
        "1": True,
        "2": True,  # an approved exception
        "3": False,
        "4": False,  # the flow for all reasons does not have it
    }, "5 is not solved: no trace"
    assert all(row["is_scored"] for row in found.values()), "no review asks about the process"


def test_without_a_flow_for_all_a_reason_without_one_has_no_trace(tmp_path: Path) -> None:
    own = "\n".join(line for line in FLOWS.splitlines() if not line.startswith("-"))
    found = facts(
        tmp_path, "adherence", "case_id", tickets=SOLVED, ticket_events=CHANGES, process_flows=own
    )
    assert set(found) == {"1", "2", "3"}
    assert not found["1"]["follows_process"], "its last step was allowed to all only"


@pytest.mark.parametrize(("item", "scored"), [("process_followed", False), ("greeting", True)])
def test_traces_are_scored_only_where_no_review_asks(
    tmp_path: Path, item: str, scored: bool
) -> None:
    found = facts(
        tmp_path,
        "adherence",
        "case_id",
        tickets=SOLVED,
        ticket_events=CHANGES,
        process_flows=FLOWS,
        qa_reviews=f"""
        review_id | ticket_id | agent_id | reviewer_id | reviewed_at      | item_key | score
        q1        | 1         | g1       | p1          | 2026-07-08 09:00 | {item}   | 1
        """,
    )
    assert found["1"]["is_scored"] is scored


AGENTS = """
agent_id | team_id | hired_at        
g1       | t       | 2025-01-01 00:00
g2       | t       | 2025-01-01 00:00
"""


def test_days_of_work_stand_in_where_nobody_says_when_agents_left(tmp_path: Path) -> None:
    """The reply of ticket 1 is a day of work of g1; the columns of the staff are there for all."""
    left = AGENTS.replace("hired_at        ", "hired_at         | left_at")
    assert kinds(tmp_path / "told", left.replace("00:00", "00:00 | -")) == ["agent", "agent"]
    assert kinds(tmp_path / "untold", AGENTS) == ["agent", "agent", "worked"]


def kinds(folder: Path, agents: str) -> list[str]:
    """The kinds of rows of the roster."""
    run = workspace(folder, {"tickets": TICKET, "agents": agents})
    make_facts(run)
    roster = ENGINE.read(run.folder("2_validate") / "facts" / "roster.parquet")
    return sorted(ENGINE.fetch(roster.select("kind"))["kind"].to_pylist())


def test_outreach_without_references_is_followed_by_any_contact(tmp_path: Path) -> None:
    found = facts(
        tmp_path,
        "outreach",
        "outreach_id",
        tickets="""
        ticket_id | customer_id | created_by | created_at
        0         | c9          | customer   | 2026-06-01 00:00
        1         | c1          | customer   | 2026-06-12 09:00
        2         | c1          | agent      | 2026-07-10 10:00
        3         | c1          | customer   | 2026-07-11 09:00
        """,
        outreach="""
        outreach_id | customer_id | type  | sent_at
        o1          | c1          | alert | 2026-07-10 09:00
        o2          | c1          | alert | 2026-06-28 09:00
        """,
    )
    day = 86_400
    sent = found["o1"]["usual_from_at"] + 28 * day
    assert found["o1"]["contacted_at"] == sent + day, "the agent's own ticket is no contact"
    assert found["o1"]["usual_contact_at"] == found["o1"]["usual_from_at"]
    assert found["o1"]["is_compared"]
    assert not found["o2"]["is_compared"], "28 days before, the data had not begun"


def test_active_customers_are_those_of_the_day(tmp_path: Path) -> None:
    found = facts(
        tmp_path,
        "reasons",
        "row",
        tickets="""
        ticket_id | customer_id | created_at
        1         | c1          | 2026-07-06 09:00
        2         | c1          | 2026-07-07 09:00
        3         | c1          | 2026-07-08 09:00
        """,
        customers="""
        customer_id | active_from      | active_to        | duplicate_of
        c1          | 2025-01-01 00:00 | -                | -
        c2          | 2025-01-01 00:00 | 2026-07-07 12:00 | -
        c3          | 2026-07-08 01:00 | -                | -
        c4          | 2025-01-01 00:00 | -                | c1
        c5          | -                | -                | -
        """,
    )
    assert [found[row]["active_customers"] for row in sorted(found)] == [2, 1, 2]


ACTIONS = """
action_id | closed_at        | target_indicator | verified
a1        | 2026-05-05 00:00 | qua_csat         | no
a2        | 2026-05-05 00:00 | acc_reopen_14d   | no
a3        | 2026-05-05 00:00 | tra_honesty_rated | no
a4        | 2026-02-05 00:00 | qua_csat         | no
"""


def test_an_action_has_worked_where_a_kept_audit_saw_its_target_improve(tmp_path: Path) -> None:
    """Closed in the second quarter: the audit of a period after it tells, not those before."""
    folder = tmp_path / "client"
    folder.mkdir()
    changes = [
        {"indicator": "qua_csat", "slice": {}, "low": 0.01, "high": 0.05},
        {"indicator": "acc_reopen_14d", "slice": {}, "low": 0.01, "high": 0.05},
        {"indicator": "tra_honesty_rated", "slice": {"channel": "chat"}, "low": 0.1, "high": 0.2},
    ]
    for period, previous in (("2026Q3", "2026Q2"), ("2026Q4", "2026Q1")):
        kept = tmp_path / "reports" / "test" / period
        kept.mkdir(parents=True)
        audit = {"period": {"label": period, "previous": previous}, "changes": changes}
        (kept / "audit.json").write_text(json.dumps(audit), encoding="utf-8")
    tables = {"tickets": TICKET.replace("-07-", "-10-"), "improvement_actions": ACTIONS}
    run = workspace(folder, tables, period="2026Q4", as_of="2027-01-03T06:00:00Z")
    found = {id: row["has_improved"] for id, row in fact_of(run, "actions", "action_id").items()}
    assert found == {
        "a1": True,
        "a2": False,  # more reopens are no improvement
        "a3": None,  # a channel is not the whole
        "a4": None,  # the audit of the same period is no witness
    }
