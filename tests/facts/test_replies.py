"""The first reply by a person."""

from __future__ import annotations

import pytest

from cxaudit.engagement import Actors
from cxaudit.facts.replies import first_human_replies
from tests.facts.small import NOBODY_NAMED, rows, table

TICKETS = """ticket_id|created_at
1|2026-07-06 10:00
"""
HEADER = "message_id|ticket_id|at|author_type|author_id|is_public|is_auto\n"


def first(messages: str, actors: Actors = NOBODY_NAMED) -> tuple[str, str] | None:
    """When and by whom the ticket was first answered."""
    found = rows(
        first_human_replies(table("messages", HEADER + messages), table("tickets", TICKETS), actors)
    )
    return (found["1"]["replied_at"][-8:], found["1"]["replied_by"]) if found else None


@pytest.mark.parametrize(
    ("why", "message"),
    [
        ("a bot", "m1|1|2026-07-06 10:01|bot|robot|true|false"),
        ("the system", "m1|1|2026-07-06 10:01|system|-|true|false"),
        ("another customer", "m1|1|2026-07-06 10:01|customer|c2|true|false"),
        ("a third party", "m1|1|2026-07-06 10:01|third_party|x|true|false"),
        ("an automatic reply of an agent", "m1|1|2026-07-06 10:01|agent|g1|true|true"),
        ("an internal note", "m1|1|2026-07-06 10:01|agent|g1|false|false"),
        ("a message before the creation", "m1|1|2026-07-06 09:59:59|agent|g1|true|false"),
    ],
)
def test_what_is_no_reply_by_a_person(why: str, message: str) -> None:
    assert first(message) is None, f"{why} is no reply"
    later = message + "\nm2|1|2026-07-06 12:00|agent|g9|true|false"
    assert first(later) == ("12:00:00", "g9"), f"the reply after {why} is the first"


def test_a_reply_in_the_second_of_the_creation_counts() -> None:
    assert first("m1|1|2026-07-06 10:00|agent|g1|true|false") == ("10:00:00", "g1")


def test_whether_a_message_is_automatic_may_be_unknown() -> None:
    assert first("m1|1|2026-07-06 10:05|agent|g1|true|-") == ("10:05:00", "g1")


def test_of_two_replies_in_one_second_the_smaller_id_is_the_first() -> None:
    two = """m2|1|2026-07-06 10:05|agent|g2|true|false
    m1|1|2026-07-06 10:05|agent|g1|true|false"""
    assert first(two) == ("10:05:00", "g1")


def test_a_former_agent_named_in_the_engagement_was_an_agent() -> None:
    message = "m1|1|2026-07-06 10:05|customer|g7|true|false"
    assert first(message) is None
    assert first(message, Actors(former_agent_ids=("g7",))) == ("10:05:00", "g7")


def test_a_bot_named_in_the_engagement_is_no_agent() -> None:
    message = "m1|1|2026-07-06 10:05|agent|Answer-Bot 2|true|false"
    assert first(message, Actors(bot_ids=("Answer-Bot 2",))) is None
    assert first(message, Actors(bot_patterns=("*bot*",))) is None


def test_what_an_agent_writes_within_seconds_is_automatic_where_the_engagement_says_so() -> None:
    message = "m1|1|2026-07-06 10:00:04|agent|g1|true|false"
    assert first(message) == ("10:00:04", "g1")
    soon = Actors(automatic_within_seconds=5)
    assert first(message, soon) is None
    assert first(message.replace(":04", ":05"), soon) == ("10:00:05", "g1")
