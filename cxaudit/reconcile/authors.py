"""Who wrote each message: by our account at the time, and by the role the user has now."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis
from ibis import _

from cxaudit.facts.actors import role
from cxaudit.facts.business_time import second
from cxaudit.facts.calls import LIVE
from cxaudit.reconcile import rules as by
from cxaudit.reconcile.loaded import LoadedTables, happened
from cxaudit.reconcile.zendesk import roles_now

if TYPE_CHECKING:
    from collections.abc import Set
    from typing import Any

    import ibis.expr.types as ir

    from cxaudit.facts.tables import CheckedTables


def told_authors(tables: CheckedTables, loaded: LoadedTables) -> ir.Table:
    """The messages until as-of with `role_then`, and `role_now`, null where no user is known.

    `is_auto` holds too for what the engagement takes for automatic: so soon after the creation.
    """
    actors = tables.actors
    messages, users = happened(tables, "messages"), roles_now(loaded)
    told = messages.left_join(users, messages.author_id == users.author).drop("author")
    asked = loaded.read("tickets").select("ticket_id", "created_at", "channel")
    told = told.left_join(asked, "ticket_id").drop("ticket_id_right")
    told = told.mutate(role_then=role(actors, told.author_id, told.author_type))
    after = second(_.at) - second(_.created_at)
    is_soon = (_.role_then == "agent") & ~_.channel.isin(LIVE).fill_null(False) & (after >= 0)
    is_soon &= after < actors.automatic_within_seconds
    return told.mutate(is_auto=_.is_auto.fill_null(False) | is_soon.fill_null(False)).select(
        "message_id",
        "ticket_id",
        "at",
        "is_public",
        "is_auto",
        "author_id",
        "role_then",
        "role_now",
    )


def as_now(then: Any, now: Any) -> dict[by.Rule, Any]:
    """By rule: whether a message's author counts by the role as of now."""
    return {
        by.BOTS: (then == "bot") & now.notnull(),
        by.FORMER: (then == "agent") & (now == "customer"),
        by.REQUESTER: then.notin(["agent", "bot"]) & (now == "agent"),
    }


def with_authors(told: ir.Table, rules: Set[by.Rule]) -> ir.Table:
    """The messages with `author_type`: as then, and as now where a rule says so."""
    then, now = _.role_then, _.role_now
    changed = [
        (is_so.fill_null(False), now) for rule, is_so in as_now(then, now).items() if rule in rules
    ]
    messages = told.filter(told.role_now.notnull()) if by.UNKNOWN in rules else told
    return messages.mutate(author_type=ibis.cases(*changed, else_=then) if changed else then)
