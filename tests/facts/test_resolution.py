"""Solves, the status at as-of, and reopens, from changes of status."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from cxaudit.facts.population import instant
from cxaudit.facts.resolution import reopens, solves, status_changes
from tests.facts.small import NOBODY_NAMED, rows, table

AS_OF = instant(datetime(2026, 10, 3, 6, tzinfo=UTC))
HEADER = "event_id|ticket_id|at|from_value|to_value|actor_type|actor_id\n"
MESSAGES = "message_id|ticket_id|at|author_type\n"


def solved(events: str) -> dict[str, Any]:
    """The resolution of ticket 1."""
    changes = status_changes(table("ticket_events", HEADER + events), NOBODY_NAMED)
    return rows(solves(changes, AS_OF))["1"]


def reopened(events: str, messages: str | None = None) -> list[str]:
    """When ticket 1 was reopened by the customer."""
    changes = status_changes(table("ticket_events", HEADER + events), NOBODY_NAMED)
    written = table("messages", MESSAGES + (messages or "m0|9|2026-01-01 09:00|customer"))
    found = reopens(changes, written, NOBODY_NAMED, by_message=messages is not None)
    return sorted(row["reopened_at"] for row in rows(found, "reopened_at").values())


def test_a_solve_and_the_close_after_it_are_one_solve() -> None:
    found = solved(
        """e1|1|2026-07-05 09:00|open|solved|agent|g1
        e2|1|2026-07-09 09:00|solved|closed|system|-"""
    )
    assert found["status_now"] == "closed"
    assert found["solved_first_at"] == "07-05 09:00:00"
    assert found["solved_last_at"] == "07-05 09:00:00", "the close is no second solve"
    assert found["solver_id"] == "g1"


def test_a_ticket_that_is_only_closed_is_solved_when_it_is_closed() -> None:
    found = solved("e1|1|2026-07-09 09:00|open|closed|agent|g1")
    assert (found["solved_first_at"], found["closed_first_at"]) == (None, "07-09 09:00:00")
    assert found["solved_last_at"] == "07-09 09:00:00"


def test_of_several_solves_the_last_solver_is_the_agent() -> None:
    found = solved(
        """e1|1|2026-07-05 09:00|open|solved|agent|g1
        e2|1|2026-07-06 09:00|solved|open|customer|c1
        e3|1|2026-07-07 09:00|open|solved|agent|g2
        e4|1|2026-07-08 09:00|solved|open|customer|c1
        e5|1|2026-07-09 09:00|open|solved|system|rule"""
    )
    assert found["solved_first_at"] == "07-05 09:00:00"
    assert found["solved_last_at"] == "07-09 09:00:00"
    assert found["solver_id"] == "g2", "the last agent to solve it; the system is nobody"


def test_what_the_status_was_before_is_taken_from_the_change_before() -> None:
    found = solved(
        """e1|1|2026-07-05 09:00|-|solved|agent|g1
        e2|1|2026-07-09 09:00|-|closed|agent|g2"""
    )
    assert found["solved_last_at"] == "07-05 09:00:00"
    assert found["solver_id"] == "g1", "who closes a solved ticket does not solve it"


def test_changes_in_one_second_are_in_the_order_of_their_numbers() -> None:
    found = solved(
        """10|1|2026-07-05 09:00|-|solved|agent|g1
        9|1|2026-07-05 09:00|new|open|agent|g1"""
    )
    assert found["status_now"] == "solved", "9 comes before 10"


def test_a_change_after_as_of_has_not_happened() -> None:
    found = solved(
        """e1|1|2026-07-05 09:00|new|pending|agent|g1
        e2|1|2026-10-03 06:00:01|pending|solved|agent|g1"""
    )
    assert (found["status_now"], found["solved_last_at"]) == ("pending", None)


def test_a_ticket_whose_changes_all_lie_after_as_of_is_open() -> None:
    found = solved("e1|1|2026-10-03 06:00:01|new|solved|agent|g1")
    assert (found["status_now"], found["solved_first_at"]) == ("open", None)
    assert found["solver_id"] is None


def closed(events: str, replied_at: str | None) -> dict[str, Any]:
    """The resolution of ticket 1, first answered by a person at an instant."""
    at = "-" if replied_at is None else replied_at
    tickets = table("tickets", f"ticket_id|created_at|first_response_at\n1|2026-07-01|{at}")
    replies = tickets.select("ticket_id", replied_at="first_response_at")
    changes = status_changes(table("ticket_events", HEADER + events), NOBODY_NAMED)
    return rows(solves(changes, AS_OF, replies))["1"]


@pytest.mark.parametrize("actor", ["system", "bot"])
def test_what_a_rule_closes_before_a_person_has_replied_is_not_solved(actor: str) -> None:
    events = f"""e1|1|2026-07-05 09:00|open|solved|{actor}|-
    e2|1|2026-07-09 09:00|solved|closed|{actor}|-"""
    for replied_at in (None, "2026-07-05 09:00:01"):
        found = closed(events, replied_at)
        assert (found["solved_first_at"], found["closed_first_at"]) == (None, None)
        assert found["solved_last_at"] is None, "nor is it by the step to closed"
        assert found["closed_unanswered_at"] == "07-05 09:00:00"
        assert found["status_now"] == "closed"


def test_what_a_rule_closes_after_a_reply_or_a_person_closes_without_one_is_solved() -> None:
    by_rule = "e1|1|2026-07-05 09:00|pending|solved|system|-"
    found = closed(by_rule, "2026-07-05 09:00")
    assert (found["solved_last_at"], found["closed_unanswered_at"]) == ("07-05 09:00:00", None)
    for actor in ("agent", "customer"):
        found = closed(by_rule.replace("system", actor), None)
        assert found["solved_last_at"] == "07-05 09:00:00", f"solved by the {actor}"


def test_a_solve_after_an_unanswered_closure_is_the_first_one() -> None:
    found = closed(
        """e1|1|2026-07-05 09:00|open|closed|system|-
        e2|1|2026-07-06 09:00|closed|open|customer|c1
        e3|1|2026-07-07 09:00|open|solved|agent|g1""",
        "2026-07-07 08:00",
    )
    assert found["solved_first_at"] == found["solved_last_at"] == "07-07 09:00:00"
    assert found["closed_unanswered_at"] == "07-05 09:00:00"


SOLVED = "e1|1|2026-07-05 09:00|open|solved|agent|g1\n"


@pytest.mark.parametrize("status", ["new", "open", "pending", "on_hold"])
def test_a_reopen_after_a_message_of_the_customer_counts(status: str) -> None:
    events = SOLVED + f"e2|1|2026-07-07 09:00|solved|{status}|system|-"
    assert reopened(events, "m1|1|2026-07-07 08:59|customer") == ["07-07 09:00:00"]


@pytest.mark.parametrize("actor", ["agent", "system", "customer"])
def test_a_reopen_without_a_message_does_not_count(actor: str) -> None:
    events = SOLVED + f"e2|1|2026-07-07 09:00|solved|open|{actor}|-"
    assert reopened(events, "m1|1|2026-07-05 08:59:59|customer") == [], "written before the solve"
    assert reopened(events, "m1|1|2026-07-07 09:00:01|customer") == [], "written after the reopen"
    assert reopened(events, "m1|1|2026-07-06 09:00|agent") == [], "an agent's message"
    assert reopened(events, "m1|2|2026-07-06 09:00|customer") == [], "on another ticket"


def test_a_message_in_the_second_of_the_reopen_caused_it() -> None:
    events = SOLVED + "e2|1|2026-07-07 09:00|solved|open|system|-"
    assert reopened(events, "m1|1|2026-07-07 09:00|customer") == ["07-07 09:00:00"]


def test_a_message_in_the_second_of_the_solve_came_before_it() -> None:
    later = SOLVED + "e2|1|2026-07-07 09:00|solved|open|agent|g1"
    assert reopened(later, "m1|1|2026-07-05 09:00|customer") == [], "an agent's own second thought"
    at_once = SOLVED + "e2|1|2026-07-05 09:00|solved|open|system|-"
    assert reopened(at_once, "m1|1|2026-07-05 09:00|customer") == ["07-05 09:00:00"]


def test_closing_a_solved_ticket_does_not_silence_the_customer() -> None:
    events = (
        SOLVED
        + """e2|1|2026-07-08 09:00|solved|closed|system|-
        e3|1|2026-07-09 09:00|closed|open|agent|g1"""
    )
    assert reopened(events, "m1|1|2026-07-06 09:00|customer") == ["07-09 09:00:00"]


def test_a_message_counts_for_the_reopen_after_it_only() -> None:
    events = (
        SOLVED
        + """e2|1|2026-07-07 09:00|solved|open|system|-
        e3|1|2026-07-08 09:00|open|solved|agent|g1
        e4|1|2026-07-09 09:00|solved|open|agent|g1"""
    )
    assert reopened(events, "m1|1|2026-07-06 09:00|customer") == ["07-07 09:00:00"]


@pytest.mark.parametrize(("actor", "count"), [("customer", 1), ("agent", 0), ("system", 0)])
def test_without_messages_the_actor_of_the_change_decides(actor: str, count: int) -> None:
    events = SOLVED + f"e2|1|2026-07-07 09:00|solved|open|{actor}|-"
    assert len(reopened(events)) == count


def test_a_way_back_from_a_solve_is_kept_whoever_took_it() -> None:
    found = solved(
        """e1|1|2026-07-05 09:00|open|solved|agent|g1
        e2|1|2026-07-06 09:00|solved|closed|system|-
        e3|1|2026-07-07 09:00|closed|pending|agent|g1
        e4|1|2026-07-08 09:00|pending|solved|agent|g1
        e5|1|2026-07-09 09:00|solved|open|customer|c1"""
    )
    assert found["unsolved_at"] == "07-07 09:00:00", "the first of two, by an agent"


@pytest.mark.parametrize(
    ("events", "hours"),
    [
        ("e1|1|2026-07-05 09:00|open|solved|agent|g1", 0),
        (
            """e1|1|2026-07-05 09:00|open|pending|agent|g1
            e2|1|2026-07-05 11:00|pending|on_hold|agent|g1
            e3|1|2026-07-05 12:00|on_hold|open|agent|g1
            e4|1|2026-07-05 13:00|open|pending|agent|g1
            e5|1|2026-07-05 14:00|pending|solved|agent|g1""",
            4,
        ),
        ("e1|1|2026-10-03 04:00|open|pending|agent|g1", 2),
        ("e1|1|2026-07-05 11:00|pending|open|agent|g1", None),
    ],
    ids=["never paused", "two pauses", "paused at as-of", "the beginning is missing"],
)
def test_the_time_a_case_was_paused_is_added_up(events: str, hours: int | None) -> None:
    found = solved(events)
    assert found["paused_seconds"] == (None if hours is None else hours * 3600)
