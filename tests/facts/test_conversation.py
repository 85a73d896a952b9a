"""Next replies and silences: who waits for whom, and which time counts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from cxaudit.facts import make_facts
from tests.facts.small import ENGINE, rows
from tests.workspace import workspace

ALWAYS = """
schedule_id | time_zone | opens_minute | closes_minute | is_default
always      | UTC       | 0            | 10080         | true
"""
HOUR = 3600


def made(folder: Path, fact: str, key: str, **tables: str) -> dict[str, dict[str, Any]]:
    """The rows of a fact table by a key; the service is open at all hours."""
    run = workspace(folder, {"schedules": ALWAYS, **tables})
    path = make_facts(run).folder / f"{fact}.parquet"
    return rows(ENGINE.table(pq.read_table(path)), key)


@pytest.fixture
def replies(tmp_path: Path) -> dict[str, dict[str, Any]]:
    """The next replies of tickets whose first reply came at 10 on 6 July, by message."""
    return made(
        tmp_path,
        "next_replies",
        "message_id",
        tickets="""
        ticket_id | created_at       | channel
        thanks    | 2026-07-06 09:00 | email
        clicked   | 2026-07-06 09:00 | email
        twice     | 2026-07-06 09:00 | email
        same      | 2026-07-06 09:00 | email
        """,
        messages="""
        message_id | ticket_id | at                  | author_type | is_public
        a1         | thanks    | 2026-07-06 10:00    | agent       | true
        a2         | thanks    | 2026-07-06 11:00    | customer    | true
        b1         | clicked   | 2026-07-06 10:00    | agent       | true
        b2         | clicked   | 2026-07-06 11:00    | customer    | true
        b3         | clicked   | 2026-07-06 12:00:03 | agent       | true
        c1         | twice     | 2026-07-06 10:00    | agent       | true
        c2         | twice     | 2026-07-06 11:00    | customer    | true
        c3         | twice     | 2026-07-06 12:00    | bot         | true
        c4         | twice     | 2026-07-06 12:00    | agent       | false
        c5         | twice     | 2026-07-06 13:00    | customer    | true
        c6         | twice     | 2026-07-06 14:00    | agent       | true
        d1         | same      | 2026-07-06 10:00    | agent       | true
        d2         | same      | 2026-07-06 11:00    | customer    | true
        d3         | same      | 2026-07-06 12:00    | agent       | true
        """,
        ticket_events="""
        event_id | ticket_id | at                  | from_value | to_value
        e1       | thanks    | 2026-07-06 10:00    | open       | solved
        e2       | clicked   | 2026-07-06 12:00    | open       | solved
        e3       | same      | 2026-07-06 12:00    | open       | solved
        """,
    )


def test_thanks_after_the_solve_need_no_reply(replies: dict[str, dict[str, Any]]) -> None:
    assert replies["a2"]["replied_at"] is None
    assert replies["a2"]["needs_none"]


def test_a_reply_moments_after_the_click_on_solved_is_a_reply(
    replies: dict[str, dict[str, Any]],
) -> None:
    assert replies["b2"]["replied_at"] == "07-06 12:00:03"
    assert replies["d2"]["replied_at"] == "07-06 12:00:00", "in the second of the solve as well"
    assert not replies["b2"]["needs_none"]


def test_neither_bots_nor_notes_answer_and_writing_again_starts_no_new_wait(
    replies: dict[str, dict[str, Any]],
) -> None:
    assert "c5" not in replies
    assert replies["c2"]["open_seconds"] == 3 * HOUR
    assert set(replies) == {"a2", "b2", "c2", "d2"}


def test_time_between_a_solve_and_its_reopen_is_no_silence(tmp_path: Path) -> None:
    found = made(
        tmp_path,
        "silences",
        "ticket_id",
        tickets="""
        ticket_id | created_at       | channel | status
        back      | 2026-07-06 00:00 | email   | -
        short     | 2026-07-06 00:00 | email   | -
        """,
        messages="""
        message_id | ticket_id | at               | author_type
        m1         | back      | 2026-07-07 00:00 | agent
        m2         | back      | 2026-07-20 06:00 | agent
        """,
        ticket_events="""
        event_id | ticket_id | at               | from_value | to_value
        e1       | back      | 2026-07-08 00:00 | open       | solved
        e2       | back      | 2026-07-20 00:00 | solved     | open
        e3       | back      | 2026-07-20 12:00 | open       | solved
        e4       | short     | 2026-07-06 23:00 | open       | solved
        """,
    )
    assert set(found) == {"back"}, "what lasts a business day at most cannot be silent for long"
    # 24 hours to the first message, 24 to the solve and 6 after the reopen, 6 to the last solve.
    assert found["back"]["silent_seconds"] == 30 * HOUR
    assert found["back"]["with_us_seconds"] == 60 * HOUR


def test_a_promise_made_in_a_call_belongs_to_the_ticket_of_the_call(tmp_path: Path) -> None:
    tables = {
        "tickets": "ticket_id | created_at | customer_id\n1 | 2026-07-06 09:00 | c7",
        "calls": "call_id | ticket_id | offered_at\nk1 | 1 | 2026-07-06 09:00",
        "commitments": """
        commitment_id | call_id | kind     | made_at          | due_at
        p1            | k1      | callback | 2026-07-06 09:05 | 2026-07-07 09:00
        """,
    }
    found = made(tmp_path, "promises", "commitment_id", **tables)["p1"]
    assert (found["ticket_id"], found["customer_id"]) == ("1", "c7")
