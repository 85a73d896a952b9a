"""When the same customer comes back about the same matter."""

from __future__ import annotations

from typing import Any

import ibis
import pyarrow as pa

from cxaudit.facts.repeats import repeats
from tests.facts.small import ENGINE, rows
from tests.workspace import text_table, typed

HEADER = "ticket_id|customer_id|category|created_at|first_solved_at|assignee_id\n"


CALLS = "call_id|customer_id|category|offered_at\n"


def related(text: str, calls: str = "") -> dict[str, dict[str, Any]]:
    """What `repeats` says of each ticket; the team of an agent is its first letter."""
    given = text_table(HEADER + text)
    cases = typed("tickets", given)
    teams = [(row["assignee_id"] or "")[:1] for row in given]
    tickets = ENGINE.table(cases.append_column("assignee_team", pa.array(teams)))
    called = ENGINE.table(typed("calls", text_table(CALLS + calls)))
    further = called.select("customer_id", "category", "channel", created_at=called.offered_at)
    return rows(repeats(tickets, further))


def test_the_next_ticket_after_the_first_solve_is_the_return() -> None:
    found = related(
        """1|c1|bill|2026-07-01 09:00|2026-07-02 09:00|a1
        2|c1|bill|2026-07-05 09:00|-|a2
        3|c1|bill|2026-07-06 09:00|-|b3"""
    )
    assert found["1"]["next_created_at"] == "07-05 09:00:00", "the first of two returns"
    assert found["2"]["next_created_at"] is None, "what is not solved cannot come back"
    assert found["2"]["last_solved_before_at"] == "07-02 09:00:00"
    assert found["2"]["earlier_created_at"] == "07-01 09:00:00"
    assert (found["2"]["earlier_assignee_id"], found["2"]["earlier_team"]) == ("a1", "a")
    assert found["3"]["earlier_assignee_id"] == "a2", "the ticket right before"


def test_a_ticket_created_while_the_other_is_open_is_no_return() -> None:
    found = related(
        """1|c1|bill|2026-07-01 09:00|2026-07-03 09:00|a1
        2|c1|bill|2026-07-02 09:00|2026-07-05 09:00|a1
        3|c1|bill|2026-07-04 09:00|-|a1"""
    )
    assert found["1"]["next_created_at"] == "07-04 09:00:00", "not the one created before its solve"
    assert found["2"]["last_solved_before_at"] is None, "nothing was solved when it was created"
    assert found["3"]["last_solved_before_at"] == "07-03 09:00:00"
    assert found["2"]["next_created_at"] is None


def test_a_ticket_created_in_the_second_of_the_solve_is_no_return() -> None:
    found = related(
        """1|c1|bill|2026-07-01 09:00|2026-07-02 09:00|a1
        2|c1|bill|2026-07-02 09:00|-|a1"""
    )
    assert found["1"]["next_created_at"] is None
    assert found["2"]["last_solved_before_at"] is None


def test_a_ticket_solved_in_the_second_of_its_creation_does_not_return_to_itself() -> None:
    found = related("1|c1|bill|2026-07-01 09:00|2026-07-01 09:00|a1")
    assert found["1"]["next_created_at"] is None
    assert found["1"]["last_solved_before_at"] is None


def test_two_tickets_solved_in_one_second_have_the_same_return() -> None:
    found = related(
        """1|c1|bill|2026-07-01 09:00|2026-07-03 09:00|a1
        2|c1|bill|2026-07-02 09:00|2026-07-03 09:00|a1
        3|c1|bill|2026-07-04 09:00|-|a1"""
    )
    assert found["1"]["next_created_at"] == found["2"]["next_created_at"] == "07-04 09:00:00"


def test_another_customer_or_matter_is_no_return() -> None:
    found = related(
        """1|c1|bill|2026-07-01 09:00|2026-07-02 09:00|a1
        2|c2|bill|2026-07-03 09:00|-|a1
        3|c1|move|2026-07-03 09:00|-|a1"""
    )
    assert {row["next_created_at"] for row in found.values()} == {None}
    assert {row["earlier_created_at"] for row in found.values()} == {None}


def test_a_call_after_the_solve_is_a_return_and_no_earlier_case() -> None:
    found = related(
        """1|c1|bill|2026-07-01 09:00|2026-07-02 09:00|a1
        2|c1|bill|2026-07-09 09:00|-|a2""",
        calls="""k1|c1|bill|2026-07-02 08:00
        k2|c1|bill|2026-07-05 09:00
        k3|c1|move|2026-07-03 09:00""",
    )
    assert found["1"]["next_created_at"] == "07-05 09:00:00", "the call comes before the ticket"
    assert found["2"]["earlier_created_at"] == "07-01 09:00:00", "the ticket before, not the call"
    assert set(found) == {"1", "2"}, "a call is nobody's case"


def test_the_channel_of_the_return_is_told_and_what_was_split_off_is_no_return() -> None:
    found = rows(
        repeats(
            ENGINE.table(
                typed(
                    "tickets",
                    text_table(
                        """ticket_id|customer_id|category|channel|created_at|first_solved_at|split_from
                        1|c1|bill|email|2026-07-01 09:00|2026-07-02 09:00|-
                        2|c1|bill|email|2026-07-03 09:00|2026-07-04 09:00|1
                        3|c1|bill|chat|2026-07-05 09:00|-|-"""
                    ),
                )
            ).mutate(assignee_team=ibis.null("string")),
            ENGINE.table(
                typed("calls", text_table("call_id|customer_id|category|channel|offered_at"))
            ).select("customer_id", "category", "channel", created_at=ibis._.offered_at),
        )
    )
    assert (found["1"]["next_created_at"], found["1"]["next_channel"]) == ("07-05 09:00:00", "chat")
    assert found["2"]["next_channel"] == "chat", "of what was split off too the return is one"
