"""Which contacts wait, from when, and what of them is not counted twice."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from cxaudit.facts import make_facts
from tests.workspace import workspace

TICKETS = """ticket_id|created_at|channel|customer_id|first_response_at|assignee_id|priority
t1|2026-07-06 10:00|email|c1|2026-07-06 11:00|g1|high
t2|2026-07-06 10:00|phone|c1|2026-07-06 10:01|g1|low
t3|2026-07-06 10:00|chat|c1|2026-07-06 10:01|g1|-
"""
CALLS = """call_id|ticket_id|channel|customer_id|offered_at|queued_at|answered_at|ended_at|agent_id
l1|t2|phone|c1|2026-07-06 10:00:00|2026-07-06 10:00:05|2026-07-06 10:00:30|2026-07-06 10:09|g1
l2|-|phone|c2|2026-07-06 10:00:00|-|2026-07-06 10:00:20|2026-07-06 10:09|g2
l3|-|phone|c3|2026-07-06 10:00:00|2026-07-06 10:00:05|-|2026-07-06 10:01|-
l4|-|phone|c4|2026-07-06 10:00:00|-|-|2026-07-06 10:01|-
l5|-|phone|c5|2026-10-03 05:59:58|2026-10-03 05:59:59|2026-10-03 06:00:01|2026-10-03 06:09|g1
"""
ARTICLES = """article_id|published_at|updated_at|reviewed_at|views|open_incorrect_flags
1|2026-01-01|2026-05-01 02:00|2026-05-01 02:00|5|0
2|2026-01-01|2026-05-01 02:00|2026-05-01 02:00|5|0
3|2026-01-01|2026-05-01 09:13|2026-05-01 09:13|5|0
"""
VISITS = """session_id|started_at|n_searches|n_zero_result
1|2026-07-06 10:00|50|1
2|2026-07-06 10:00|51|1
3|2026-07-06 10:00|2|3
"""


def facts(folder: Path, **tables: str) -> dict[str, dict[str, dict[str, Any]]]:
    """The rows of every fact table by its first key column."""
    run = workspace(folder, tables, contracts={"required_tables": ["tickets", "calls"]})
    made = make_facts(run).folder
    found: dict[str, dict[str, dict[str, Any]]] = {}
    for name, key in KEYS.items():
        if (made / f"{name}.parquet").exists():
            rows = pq.read_table(made / f"{name}.parquet").to_pylist()
            found[name] = {row[key]: row for row in rows}
    return found


KEYS = {
    "calls": "call_id",
    "first_contacts": "contact_id",
    "attempts": "attempt_id",
    "articles": "article_id",
    "searches": "session_id",
}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, dict[str, Any]]]:
    """The facts of a client who tells the queue from the menu."""
    folder = tmp_path_factory.mktemp("contacts")
    return facts(folder, tickets=TICKETS, calls=CALLS, kb_articles=ARTICLES, kb_sessions=VISITS)


def seconds(row: dict[str, Any], start: str, end: str) -> float | None:
    return (row[end] - row[start]).total_seconds() if row[start] and row[end] else None


def test_a_wait_is_from_the_queue_to_the_answer(made: Any) -> None:
    waits = {id: seconds(row, "waited_from", "answered_at") for id, row in made["calls"].items()}
    assert waits == {"l1": 25.0, "l2": 0.0, "l3": None, "l4": None, "l5": None}
    assert made["calls"]["l4"]["waited_from"] is None, "it left in the menu"
    assert made["calls"]["l3"]["waited_from"] is not None


def test_what_happens_after_as_of_has_not_happened_to_a_call(made: Any) -> None:
    assert (made["calls"]["l5"]["answered_at"], made["calls"]["l5"]["ended_at"]) == (None, None)


def test_without_a_schedule_every_call_is_in_hours(made: Any) -> None:
    assert all(row["in_hours"] for row in made["calls"].values())


def test_a_call_belongs_to_no_team_though_its_agent_does(made: Any) -> None:
    assert {row["team"] for row in made["calls"].values()} == {None}


def test_first_contacts_are_calls_and_tickets_of_other_channels(made: Any) -> None:
    assert set(made["first_contacts"]) == {"t1", "t3", "l1", "l2", "l3", "l5"}
    call = made["first_contacts"]["l1"]
    assert call["priority"] == "low", "of its ticket"
    assert call["replier"] == made["first_contacts"]["t1"]["replier"], "the same agent"
    assert seconds(call, "created_at", "first_response_at") == 25.0


def test_a_call_and_its_ticket_are_one_attempt(made: Any) -> None:
    assert set(made["attempts"]) == {"t1", "t3", "l1", "l2", "l3", "l4", "l5"}
    assert {row["in_hours"] for row in made["attempts"].values()} == {None}, "no schedule says"


def test_without_a_reviewer_a_mass_update_is_no_review(made: Any) -> None:
    checked = {id: row["checked_at"] is not None for id, row in made["articles"].items()}
    assert checked == {"1": False, "2": False, "3": True}


def test_where_programs_are_not_marked_endless_searches_are_unknown(made: Any) -> None:
    found = {id: (row["n_searches"], row["found"]) for id, row in made["searches"].items()}
    assert found == {"1": (50, 49), "2": (None, None), "3": (2, 0)}


def test_without_a_queue_the_wait_is_from_the_offer(tmp_path: Path) -> None:
    header, *lines = CALLS.strip().splitlines()
    place = header.split("|").index("queued_at")
    cells = [line.split("|") for line in (header, *lines)]
    text = "\n".join("|".join(row[:place] + row[place + 1 :]) for row in cells)
    calls = facts(tmp_path, tickets=TICKETS, calls=text)["calls"]
    waits = {id: seconds(row, "waited_from", "answered_at") for id, row in calls.items()}
    assert waits == {"l1": 30.0, "l2": 20.0, "l3": None, "l4": None, "l5": None}
    assert calls["l4"]["waited_from"] is not None, "who left in the menu cannot be told apart"
