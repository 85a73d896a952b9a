"""The first reply of a person to each ticket."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis
from ibis import _

from cxaudit.facts.actors import role
from cxaudit.facts.business_time import second
from cxaudit.facts.calls import LIVE

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from cxaudit.engagement import Actors


def first_human_replies(messages: ir.Table, tickets: ir.Table, actors: Actors) -> ir.Table:
    """One row per ticket that a person has answered: ticket_id, replied_at, replied_by.

    The first public message of an agent that is not automatic and not before the ticket's
    creation; of two in the same instant the one with the smaller id. Where the engagement says so,
    what is written within seconds of the creation is automatic too, but where both sides are there.
    """
    replies = _replies_by("agent", messages, tickets, actors)
    if soon := actors.automatic_within_seconds:
        after = second(_.at) - second(_.created_at)
        replies = replies.filter(_.channel.isin(LIVE) | (after >= soon))
    order = ibis.window(group_by="ticket_id", order_by=["at", "message_id"])
    return (
        replies.mutate(place=ibis.row_number().over(order))
        .filter(_.place == 0)
        .select("ticket_id", replied_at=_.at, replied_by=_.author_id)
    )


def first_bot_replies(messages: ir.Table, tickets: ir.Table, actors: Actors) -> ir.Table:
    """One row per ticket that a bot has answered: ticket_id, bot_replied_at.

    An automatic acknowledgement is no more a reply of a bot than of a person.
    """
    replies = _replies_by("bot", messages, tickets, actors)
    return replies.group_by("ticket_id").agg(bot_replied_at=_.at.min())


def _replies_by(who: str, messages: ir.Table, tickets: ir.Table, actors: Actors) -> ir.Table:
    """Public messages of a role that answer a ticket, with its created_at and channel."""
    asked = tickets.select("ticket_id", "created_at", "channel")
    is_by = role(actors, _.author_id, _.author_type, _.at) == who
    return messages.join(asked, "ticket_id").filter(
        is_by, _.is_public, ~_.is_auto.fill_null(False), _.at >= _.created_at
    )
