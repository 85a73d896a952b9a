"""Who wrote or did something: customer, agent, bot or system, by the rules of the engagement."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis
from ibis import _

from cxaudit.contracts.canonical import PLACEHOLDERS
from cxaudit.engagement import Actors, any_of

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from cxaudit.facts.tables import CheckedTables


class KnownActors(Actors):
    """Who is named in the engagement, and who in the roster is a bot or was an agent."""

    bots_by_role: tuple[str, ...] = ()
    left_agents: tuple[str, ...] = ()
    # of those who wrote as customers since they left: until when (seconds) they were agents
    agents_until: tuple[tuple[str, int], ...] = ()


def known_actors(tables: CheckedTables) -> KnownActors:
    """The engagement's rules with the ids that the roster adds to them.

    A bot is who has one of its `bot_roles`. A former agent is who has left and has no ticket of his
    or her own: the messages of somebody who has may be a customer's. What was written since then
    is not an agent's.
    """
    actors = tables.run.engagement.actors
    agents = tables.read("agents").filter(_.agent_id.notnull())
    bots: tuple[str, ...] = ()
    if actors.bot_roles and tables.supplies("agents.role"):
        bots = _ids(tables, agents.filter(_like(actors.bot_roles, agents.role)))
    left: tuple[str, ...] = ()
    until: tuple[tuple[str, int], ...] = ()
    if tables.supplies("agents.left_at"):
        customers = tables.read("tickets").select(agent_id="customer_id")
        gone = agents.filter(_.left_at.notnull())
        gone = gone.anti_join(customers, "agent_id")
        until = _written_since(tables, gone)
        left = tuple(id for id in _ids(tables, gone) if id not in dict(until))
    return KnownActors(
        **actors.model_dump(), bots_by_role=bots, left_agents=left, agents_until=until
    )


def _written_since(tables: CheckedTables, gone: ir.Table) -> tuple[tuple[str, int], ...]:
    """Those of the agents who have left that wrote as customers since: id, second of leaving."""
    messages = tables.read("messages").filter(_.author_type == "customer")
    times = gone.group_by("agent_id").agg(left_at=_.left_at.max())
    joined = messages.join(times, messages.author_id == times.agent_id)
    since = joined.filter(_.at > _.left_at).select("agent_id", second=_.left_at.epoch_seconds())
    found = tables.engine.fetch(since.distinct()).to_pylist()
    return tuple(sorted((row["agent_id"], int(row["second"])) for row in found))


def _ids(tables: CheckedTables, agents: ir.Table) -> tuple[str, ...]:
    found = tables.engine.fetch(agents.select("agent_id").distinct())
    return tuple(sorted(found["agent_id"].to_pylist()))


def is_known(id: ir.StringValue) -> ir.BooleanValue:
    """Whether an id names somebody: not null and not a placeholder."""
    return (id.notnull() & id.strip().lower().notin(PLACEHOLDERS)).fill_null(False)


def decided(
    actors: Actors, id: ir.StringValue, at: ir.TimestampValue | None = None
) -> ir.StringValue:
    """The rule that decides an actor's role at an instant.

    'named bot', 'bot by role', 'named former agent', 'agent who has left' or 'as delivered'. A name
    in the engagement goes before the roster, and both before what the source says of the role.
    """
    by_role, left = (
        (actors.bots_by_role, actors.left_agents) if isinstance(actors, KnownActors) else ((), ())
    )
    is_bot = _one_of(actors.bot_ids, id)
    if actors.bot_patterns:
        is_bot = is_bot | _like(actors.bot_patterns, id)
    was_agent = _one_of(left, id)
    if isinstance(actors, KnownActors) and at is not None:
        for name, until in actors.agents_until:
            was_agent = was_agent | ((id == name) & (at.epoch_seconds() <= until))
    rules = [
        (is_bot, "named bot"),
        (_one_of(by_role, id), "bot by role"),
        (_one_of(actors.former_agent_ids, id), "named former agent"),
        (was_agent, "agent who has left"),
    ]
    return ibis.cases(
        *((rule.fill_null(False), name) for rule, name in rules), else_="as delivered"
    )


def _one_of(ids: tuple[str, ...], id: ir.StringValue) -> ir.BooleanValue:
    return id.isin(ids) if ids else ibis.literal(False)


def _like(patterns: tuple[str, ...], text: ir.StringValue) -> ir.BooleanValue:
    """Whether a text is one of the patterns, in any case."""
    return text.lower().re_search(any_of(patterns))


def role(
    actors: Actors,
    id: ir.StringValue,
    delivered: ir.StringValue,
    at: ir.TimestampValue | None = None,
) -> ir.StringValue:
    """The role of an actor at an instant: customer, agent, bot, system or third party.

    Only who is delivered as a customer is made an agent by having left.
    """
    rule = decided(actors, id, at)
    return ibis.cases(
        (rule.isin(["named bot", "bot by role"]), "bot"),
        (rule == "named former agent", "agent"),
        ((rule == "agent who has left") & (delivered == "customer"), "agent"),
        else_=delivered,
    )
