"""How often a case was handed on, reopened and answered by whom."""

from __future__ import annotations

from typing import Any

import pyarrow.parquet as pq
import pytest

from cxaudit.facts import make_facts
from tests.facts.small import ENGINE, rows
from tests.workspace import workspace

TICKETS = """
ticket_id | customer_id | created_at       | created_by | follow_up_of | is_spam
1         | c1          | 2026-07-06 09:00 | customer   | -            | false
2         | c2          | 2026-07-06 09:00 | customer   | -            | false
3         | c1          | 2026-07-20 09:00 | customer   | 1            | false
4         | c1          | 2026-07-21 09:00 | agent      | 1            | false
5         | c1          | 2026-07-22 09:00 | customer   | 1            | true
6         | c3          | 2026-07-06 09:00 | customer   | 6            | false
"""
EVENTS = """
event_id | ticket_id | at               | type     | from_value | to_value | actor_type | actor_id
1        | 1         | 2026-07-06 09:01 | assignee | -          | g1       | system     | -
2        | 1         | 2026-07-06 09:02 | assignee | g1         | -        | agent      | g1
3        | 1         | 2026-07-06 09:03 | assignee | -          | g2       | agent      | g1
4        | 1         | 2026-07-06 09:04 | assignee | g2         | g2       | agent      | g2
5        | 1         | 2026-07-06 09:05 | group    | q1         | q2       | agent      | g2
6        | 1         | 2026-07-06 09:06 | group    | q2         | q1       | agent      | g2
7        | 1         | 2026-07-06 10:00 | status   | open       | solved   | agent      | g2
8        | 1         | 2026-07-06 11:00 | status   | solved     | open     | agent      | g2
9        | 1         | 2026-07-06 12:00 | status   | open       | solved   | agent      | g2
10       | 1         | 2026-07-07 12:00 | status   | solved     | open     | customer   | c1
11       | 1         | 2026-07-07 13:00 | status   | open       | closed   | agent      | g2
12       | 2         | 2026-07-06 09:01 | assignee | g1         | g2       | system     | -
13       | 2         | 2026-07-06 09:02 | group    | -          | q1       | agent      | g2
14       | 2         | 2026-07-06 09:03 | group    | q1         | q1       | agent      | g2
15       | 2         | 2026-07-06 09:04 | group    | -          | q2       | agent      | g2
16       | 2         | 2026-07-06 09:05 | group    | q2         | -        | agent      | g2
"""
MESSAGES = """
message_id | ticket_id | at               | author_type | author_id | is_auto
1          | 1         | 2026-07-06 09:00 | bot         | b         | true
2          | 1         | 2026-07-06 09:02 | bot         | b         | false
3          | 1         | 2026-07-06 09:30 | agent       | g2        | false
4          | 1         | 2026-07-07 11:59 | customer    | c1        | false
"""


@pytest.fixture(scope="module")
def contacts(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    given = {"tickets": TICKETS, "ticket_events": EVENTS, "messages": MESSAGES}
    facts = make_facts(workspace(tmp_path_factory.mktemp("moved"), given))
    return rows(ENGINE.table(pq.read_table(facts.folder / "contacts.parquet")))


def test_a_reassignment_is_from_one_agent_to_another(contacts: dict[str, Any]) -> None:
    assert contacts["1"]["reassignments"] == 1, "g1 to g2, nobody's for a minute between"
    assert contacts["2"]["reassignments"] == 1, "who had it before the records begin is told"
    assert contacts["3"]["reassignments"] == 0


def test_a_handover_is_a_change_of_group_after_the_assignment(contacts: dict[str, Any]) -> None:
    assert [contacts[id]["handovers"] for id in "123"] == [2, 1, 0], "from one group to another"


def test_reopens_are_the_customer_s_returns_and_returns_are_everybody_s(
    contacts: dict[str, Any],
) -> None:
    first = contacts["1"]
    assert first["reopened_at"] == "07-07 12:00:00"
    assert first["reopens"] == 2, "one change of status, one ticket that follows up on it"
    assert first["returns"] == 2, "the agent's own and the customer's"


def test_a_follow_up_is_a_case_of_its_own_and_no_reopening_of_what_is_not_solved(
    contacts: dict[str, Any],
) -> None:
    assert "3" in contacts
    assert contacts["6"]["reopens"] == 0


def test_the_first_reply_of_a_bot_is_told_beside_that_of_a_person(contacts: dict[str, Any]) -> None:
    first = contacts["1"]
    assert first["bot_replied_at"] == "07-06 09:02:00", "the acknowledgement is no reply"
    assert first["first_response_at"] == "07-06 09:30:00"
    assert contacts["2"]["bot_replied_at"] is None
