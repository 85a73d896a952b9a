"""Who counts as agent, bot or customer."""

from __future__ import annotations

from pathlib import Path

import pytest

from cxaudit.engagement import Actors
from cxaudit.facts.actors import decided, is_known, role
from cxaudit.facts.tables import CheckedTables
from tests.facts.small import ENGINE, rows, table
from tests.workspace import workspace

AUTHORS = """message_id|ticket_id|author_id|author_type
1|1|u2|agent
2|1|Reply Bot|agent
3|1|u34|customer
4|1|u5|customer
5|1|-|agent
6|1|a.b|agent
7|1|axb|agent
"""


def roles(actors: Actors) -> dict[str, str]:
    """The role of each author under the rules, by message."""
    messages = table("messages", AUTHORS)
    found = messages.mutate(role=role(actors, messages.author_id, messages.author_type))
    return {id: row["role"] for id, row in rows(found, "message_id").items()}


def test_without_rules_the_role_is_as_delivered() -> None:
    assert "".join(r[0] for r in roles(Actors()).values()) == "aaccaaa"


def test_a_bot_is_named_by_its_id() -> None:
    found = roles(Actors(bot_ids=("u2",)))
    assert found["1"] == "bot"
    assert found["2"] == "agent", "only the id that is named"
    assert found["5"] == "agent", "an author without an id is nobody that is named"


@pytest.mark.parametrize("pattern", ["*bot*", "reply*", "*BOT", "reply ?ot", "Reply Bot"])
def test_a_bot_is_named_by_a_pattern_in_any_case(pattern: str) -> None:
    found = roles(Actors(bot_patterns=(pattern,)))
    assert {id for id, role in found.items() if role == "bot"} == {"2"}


def test_of_a_pattern_only_the_star_and_the_question_mark_are_signs() -> None:
    found = roles(Actors(bot_patterns=("a.b",)))
    assert {id for id, role in found.items() if role == "bot"} == {"6"}, "a dot is a dot"


def test_several_patterns_hold_at_once() -> None:
    found = roles(Actors(bot_patterns=("reply*", "u?")))
    assert {id for id, role in found.items() if role == "bot"} == {"1", "2", "4"}


def test_a_bot_that_is_also_named_a_former_agent_is_a_bot() -> None:
    found = roles(Actors(bot_ids=("u34",), former_agent_ids=("u34", "u5")))
    assert (found["3"], found["4"]) == ("bot", "agent")


def test_the_rule_that_decided_is_told() -> None:
    messages = table("messages", AUTHORS)
    actors = Actors(bot_patterns=("*bot*",), former_agent_ids=("u34",))
    rule = decided(actors, messages.author_id)
    found = rows(messages.mutate(rule=rule), "message_id")
    assert found["2"]["rule"] == "named bot"
    assert found["3"]["rule"] == "named former agent"
    assert found["5"]["rule"] == "as delivered"


def test_a_placeholder_names_nobody() -> None:
    ids = ["", " ", "0", "-1", "unknown", "Unknown ", "NULL", "none", None, "c1", "00", "10"]
    import pyarrow as pa

    people = ENGINE.table(pa.table({"id": pa.array(ids, pa.string())}))
    found = ENGINE.fetch(people.select(known=is_known(people.id)))["known"].to_pylist()
    assert found == [False] * 9 + [True] * 3


AGENTS = """
agent_id | team_id | role      | left_at
g1       | t       | agent     | -
u7       | t       | Answerbot | -
u8       | t       | agent     | 2026-07-08 00:00
u9       | t       | agent     | 2026-07-08 00:00
u6       | t       | agent     | 2026-07-08 00:00
"""
WRITTEN = """
message_id | ticket_id | author_id | author_type | at
1          | 1         | u7        | agent       | 2026-07-06 10:00
2          | 1         | u8        | customer    | 2026-07-06 10:00
3          | 1         | u9        | customer    | 2026-07-06 10:00
4          | 1         | u8        | bot         | 2026-07-06 10:00
5          | 1         | u6        | customer    | 2026-07-07 23:59
6          | 1         | u6        | customer    | 2026-07-09 10:00
"""
OWN = """
ticket_id | customer_id | created_at
1         | c1          | 2026-07-06 09:00
2         | u9          | 2026-07-06 09:00
"""


def test_the_roster_tells_bots_by_their_role_and_agents_who_have_left(tmp_path: Path) -> None:
    named = {"actors": {"bot_roles": ["*bot"]}}
    given = {"tickets": OWN, "messages": WRITTEN, "agents": AGENTS}
    tables = CheckedTables(workspace(tmp_path, given, **named))
    messages = tables.read("messages")
    told = {
        "role": role(tables.actors, messages.author_id, messages.author_type, messages.at),
        "rule": decided(tables.actors, messages.author_id),
    }
    every = tables.engine.fetch(messages.mutate(**told)).to_pylist()
    found = {row["message_id"]: row for row in every}
    assert (found["1"]["role"], found["1"]["rule"]) == ("bot", "bot by role")
    assert (found["2"]["role"], found["2"]["rule"]) == ("agent", "agent who has left")
    assert found["3"]["role"] == "customer", "who has a ticket may write as a customer"
    assert found["4"]["role"] == "bot", "only a customer of today was an agent"
    assert found["5"]["role"] == "agent", "the day before leaving"
    assert found["6"]["role"] == "customer", "who has left writes as a customer"
