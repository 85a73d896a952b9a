"""The first reply of a person to each ticket."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis
from ibis import _

from cxaudit.facts.actors import role

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from cxaudit.engagement import Actors


def first_human_replies(messages: ir.Table, tickets: ir.Table, actors: Actors) -> ir.Table:
    """One row per answered ticket: ticket_id, replied_at, replied_by.

    The first public message of an agent that is not automatic and not before the ticket's
    creation; of two in the same instant the one with the smaller id.
    """
    written = messages.join(tickets.select("ticket_id", "created_at"), "ticket_id")
    by_agent = role(actors, _.author_id, _.author_type) == "agent"
    replies = written.filter(
        by_agent, _.is_public, ~_.is_auto.fill_null(False), _.at >= _.created_at
    )
    order = ibis.window(group_by="ticket_id", order_by=["at", "message_id"])
    return (
        replies.mutate(place=ibis.row_number().over(order))
        .filter(_.place == 0)
        .select("ticket_id", replied_at=_.at, replied_by=_.author_id)
    )
