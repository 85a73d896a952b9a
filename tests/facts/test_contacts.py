"""The fact table of contacts: what is derived, what is taken as delivered, and as of when."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from cxaudit.facts import make_facts
from tests.facts.small import ENGINE, rows
from tests.workspace import workspace

Contacts = dict[str, dict[str, Any]]


def contacts(folder: Path, tables: dict[str, str], **settings: Any) -> Contacts:
    run = workspace(folder, tables, **settings)
    made = make_facts(run).folder / "contacts.parquet"
    return rows(ENGINE.table(pq.read_table(made)))


COLUMNS: tuple[str, ...] = (
    "ticket_id",
    "customer_id",
    "created_at",
    "first_response_at",
    "status",
    "solved_at",
)
COLUMNS += ("first_solved_at", "assignee_id", "group_id", "escalated")
TICKETS = (
    "|".join(COLUMNS)
    + """
differs|c1|2026-07-06 10:00|2026-07-06 10:01|open|-|-|g1|q1|-
unanswered|c1|2026-07-06 10:00|2026-07-06 10:01|open|-|-|g1|q1|-
told|c1|2026-07-06 10:00|2026-07-06 10:01|solved|2026-07-08 10:00|2026-07-07 10:00|g1|q1|-
later|c1|2026-07-06 10:00|2026-10-03 06:00:01|solved|2026-10-03 06:00:01|-|g1|q1|-
later2|c1|2026-07-06 10:00|-|solved|2026-10-03 07:00|-|g1|q1|-
unknown|0|2026-07-06 10:00|-|-|-|-|unknown|q2|-
when|c2|2026-07-06 10:00|-|closed|-|-|-|q2|true
"""
)


@pytest.fixture(scope="module")
def derived(tmp_path_factory: pytest.TempPathFactory) -> Contacts:
    """Tickets beside messages and events."""
    return contacts(
        tmp_path_factory.mktemp("derived"),
        {
            "tickets": TICKETS,
            "messages": """message_id|ticket_id|at|author_type|author_id
            m1|differs|2026-07-06 11:00|agent|g2
            m2|unanswered|2026-07-06 10:00|customer|c1
            m3|when|2026-10-03 06:00:01|agent|g1
            """,
            "ticket_events": """event_id|ticket_id|at|type|from_value|to_value|actor_type|actor_id
            e1|differs|2026-07-07 10:00|status|open|solved|agent|g2
            e2|unanswered|2026-07-07 10:00|escalation|-|-|agent|g2
            e3|later2|2026-10-03 07:00|status|open|solved|agent|g2
            e4|told|2026-10-03 06:00:01|escalation|-|-|agent|g2
            """,
            "agents": "agent_id|team_id\ng1|north\ng2|south\n",
            "groups": "group_id|team_id\nq1|queue\n",
        },
    )


def test_a_ticket_s_messages_go_before_the_column_delivered(derived: Contacts) -> None:
    assert derived["differs"]["first_response_at"] == "07-06 11:00:00"
    assert derived["differs"]["delivered_response_at"] == "07-06 10:01:00", "kept to compare"
    assert derived["differs"]["replied_by"] == "g2"
    assert derived["unanswered"]["first_response_at"] is None, "its messages hold no reply"


def test_a_ticket_without_messages_is_answered_as_delivered(derived: Contacts) -> None:
    assert derived["told"]["first_response_at"] == "07-06 10:01:00"
    assert derived["told"]["replied_by"] == "g1", "the assignee stands for the author"


def test_a_ticket_s_changes_of_status_go_before_the_columns_delivered(derived: Contacts) -> None:
    assert (derived["differs"]["status"], derived["differs"]["delivered_status"]) == (
        "solved",
        "open",
    )
    assert derived["differs"]["first_solved_at"] == "07-07 10:00:00"
    assert derived["differs"]["solver_id"] == "g2"
    told = derived["told"]
    assert (told["first_solved_at"], told["solved_at"]) == ("07-07 10:00:00", "07-08 10:00:00")
    assert told["solver_id"] == "g1", "without events the assignee solved it"


def test_what_lies_after_as_of_has_not_happened(derived: Contacts) -> None:
    for id in ("later", "later2"):
        found = derived[id]
        assert (found["status"], found["solved_at"], found["first_solved_at"]) == (
            "open",
            None,
            None,
        ), f"{id} was open at as-of"
        assert found["solve_is_known"], "and is known to have been open"
    assert derived["later"]["first_response_at"] is None
    assert derived["later"]["replied_by"] is None
    assert derived["when"]["first_response_at"] is None
    assert derived["told"]["was_escalated"] is False


def test_unknown_status_and_a_solve_at_an_unknown_time_are_not_known(derived: Contacts) -> None:
    assert derived["unknown"]["status"] == "unknown"
    assert not derived["unknown"]["solve_is_known"]
    assert not derived["when"]["solve_is_known"], "closed, nobody knows when"
    assert derived["told"]["solve_is_known"]


def test_an_escalation_is_a_flag_or_an_event(derived: Contacts) -> None:
    assert derived["when"]["was_escalated"] is True, "flag"
    assert derived["unanswered"]["was_escalated"] is True, "event, to nobody named"
    assert derived["differs"]["was_escalated"] is False, "no flag, and no event where there are any"


def test_the_team_is_that_of_the_group_else_of_the_person(derived: Contacts) -> None:
    assert derived["differs"]["team"] == "queue"
    assert derived["differs"]["assignee_team"] == "north"
    assert derived["when"]["team"] == "q2", "without either the group itself"


def test_a_placeholder_is_nobody_and_a_cluster_of_its_own(derived: Contacts) -> None:
    unknown = derived["unknown"]
    assert unknown["assignee_id"] is None
    assert not unknown["customer_is_known"]
    assert unknown["customer"] == unknown["assignee"] == -1 - unknown["row"]
    assert derived["differs"]["customer"] == derived["told"]["customer"] >= 0


@pytest.fixture(scope="module")
def delivered(tmp_path_factory: pytest.TempPathFactory) -> Contacts:
    """Tickets alone, without status, and events of no status."""
    return contacts(
        tmp_path_factory.mktemp("delivered"),
        {
            "tickets": """ticket_id|created_at|first_response_at|solved_at|escalated|assignee_id
            1|2026-07-06 10:00|2026-07-06 10:30|2026-07-07 10:00|false|g1
            2|2026-07-06 10:00|-|-|-|g1
            """,
            "ticket_events": """event_id|ticket_id|at|type|to_value|actor_type
            e1|1|2026-07-06 10:00|assignee|g1|system
            """,
        },
    )


def test_without_events_of_the_kind_the_columns_hold(delivered: Contacts) -> None:
    assert delivered["1"]["first_response_at"] == "07-06 10:30:00"
    assert delivered["1"]["first_solved_at"] == "07-07 10:00:00", "the last solve stands in"
    assert delivered["2"]["solve_is_known"], "without any status, no time of solving means open"


def test_an_escalation_flag_that_is_not_known_stays_unknown(delivered: Contacts) -> None:
    assert delivered["1"]["was_escalated"] is False
    assert delivered["2"]["was_escalated"] is None, "no escalation is ever recorded as an event"
