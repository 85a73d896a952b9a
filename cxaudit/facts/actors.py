"""Who wrote or did something: customer, agent, bot or system, by the engagement's rules."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import ibis

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from cxaudit.engagement import Actors

PLACEHOLDERS = ("", "0", "-1", "unknown", "none", "null")


def is_known(id: ir.StringValue) -> ir.BooleanValue:
    """Whether an id names somebody: not null and not a placeholder."""
    return (id.notnull() & id.strip().lower().notin(PLACEHOLDERS)).fill_null(False)


def decided(actors: Actors, id: ir.StringValue) -> ir.StringValue:
    """The rule that decides an actor's role: 'named bot', 'named former agent' or 'as delivered'.

    A name in the engagement goes before what the source says of the role.
    """
    patterns = "|".join(_plain_pattern(pattern.lower()) for pattern in actors.bot_patterns)
    is_bot = id.isin(actors.bot_ids) if actors.bot_ids else ibis.literal(False)
    if patterns:
        is_bot = is_bot | id.lower().re_search(f"^({patterns})$")
    is_former = id.isin(actors.former_agent_ids) if actors.former_agent_ids else ibis.literal(False)
    return ibis.cases(
        (is_bot.fill_null(False), "named bot"),
        (is_former.fill_null(False), "named former agent"),
        else_="as delivered",
    )


def _plain_pattern(pattern: str) -> str:
    """A pattern with * and ? as a regular expression that every engine reads alike."""
    return "".join({"*": ".*", "?": "."}.get(sign, re.escape(sign)) for sign in pattern)


def role(actors: Actors, id: ir.StringValue, delivered: ir.StringValue) -> ir.StringValue:
    """The role of an actor at the time: customer, agent, bot, system or third party."""
    rule = decided(actors, id)
    return ibis.cases(
        (rule == "named bot", "bot"), (rule == "named former agent", "agent"), else_=delivered
    )
