"""Solves, reopens and the status at as-of, from the changes of status."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis
from ibis import _

from cxaudit.facts.actors import role

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from cxaudit.engagement import Actors

DONE = ("solved", "closed")
ACTIVE = ("new", "open", "pending", "on_hold")


def status_changes(events: ir.Table, actors: Actors) -> ir.Table:
    """Changes of status in order: ticket_id, at, event_id, before, after, actor, actor_id."""
    order = ibis.window(group_by="ticket_id", order_by=["at", _.event_id.length(), "event_id"])
    changes = events.filter(_.type == "status")
    return changes.select(
        "ticket_id",
        "at",
        "event_id",
        "actor_id",
        actor=role(actors, _.actor_id, _.actor_type),
        before=_.from_value.fill_null(_.to_value.lag().over(order)),
        after=_.to_value,
    )


def solves(changes: ir.Table, as_of: ir.TimestampScalar) -> ir.Table:
    """One row per ticket with changes of status: status, first and last solve, last solver.

    The first solve is the first change to 'solved', or to 'closed' where there is none; the
    last is the last change into either from an active status. A ticket whose changes all lie
    after as-of was open then.
    """
    happened = _.at <= as_of
    by_agent = happened & into_done() & (_.actor == "agent") & _.actor_id.notnull()
    newest = [_.at.desc(), _.event_id.length().desc(), _.event_id.desc()]
    ranked = changes.mutate(happened=happened, by_agent=by_agent.fill_null(False)).mutate(
        place=ibis.row_number().over(group_by=["ticket_id", "happened"], order_by=newest),
        solver_place=ibis.row_number().over(group_by=["ticket_id", "by_agent"], order_by=newest),
    )
    return ranked.group_by("ticket_id").agg(
        status_now=_.after.max(where=_.happened & (_.place == 0)).fill_null("open"),
        solved_first_at=_.at.min(where=_.happened & (_.after == "solved")),
        closed_first_at=_.at.min(where=_.happened & (_.after == "closed")),
        solved_last_at=_.at.max(where=_.happened & into_done()),
        solver_id=_.actor_id.max(where=_.by_agent & (_.solver_place == 0)),
    )


def into_done() -> ibis.Deferred:
    """Whether a change is a solve: into solved or closed, from neither."""
    return _.after.isin(DONE) & ~_.before.isin(DONE).fill_null(False)


def reopens(changes: ir.Table, messages: ir.Table, actors: Actors, *, by_message: bool) -> ir.Table:
    """Reopens that a customer caused: ticket_id, reopened_at.

    A change from solved or closed to an active status after a customer's message since the
    solve; without messages, one that the customer made.
    """
    back = changes.mutate(
        is_reopen=_.before.isin(DONE) & _.after.isin(ACTIVE), is_solve=into_done()
    )
    if not by_message:
        return back.filter(_.is_reopen, _.actor == "customer").select("ticket_id", reopened_at=_.at)
    written = messages.filter(role(actors, _.author_id, _.author_type) == "customer").select(
        "ticket_id",
        "at",
        order=ibis.literal(0),
        is_reopen=ibis.literal(False),
        is_solve=ibis.literal(False),
        is_message=ibis.literal(True),
    )
    changed = back.select(
        "ticket_id",
        "at",
        order=ibis.literal(1),
        is_reopen=_.is_reopen.fill_null(False),
        is_solve=_.is_solve.fill_null(False),
        is_message=ibis.literal(False),
    )
    # A message in the same second as a change comes before it: replying reopens.
    before = ibis.cumulative_window(group_by="ticket_id", order_by=["at", "order", "is_reopen"])
    story = ibis.union(written, changed).mutate(
        wrote_at=_.at.max(where=_.is_message).over(before),
        solve_at=_.at.max(where=_.is_solve).over(before),
    )
    caused = _.is_reopen & (_.wrote_at >= _.solve_at)
    return story.filter(caused).select("ticket_id", reopened_at=_.at)
