"""Solves, reopens and the status at as-of, from the changes of status."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis
from ibis import _

from cxaudit.facts.actors import role
from cxaudit.facts.business_time import second

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from cxaudit.engagement import Actors

DONE = ("solved", "closed")
PAUSED = ("pending", "on_hold")
ACTIVE = ("new", "open", "pending", "on_hold")
RULES = ("bot", "system")


def status_changes(events: ir.Table, actors: Actors, *, told: bool = False) -> ir.Table:
    """Changes of status: ticket_id, at, event_id, before, after, actor, actor_id.

    Where it is not told, what the status was before is what the change before made it.
    """
    order = ibis.window(group_by="ticket_id", order_by=["at", _.event_id.length(), "event_id"])
    changes = events.filter(_.type == "status")
    lag = _.to_value.lag().over(order)
    return changes.select(
        "ticket_id",
        "at",
        "event_id",
        "actor_id",
        actor=role(actors, _.actor_id, _.actor_type, _.at),
        before=_.from_value if told else _.from_value.fill_null(lag),
        after=_.to_value,
    )


def solves(
    changes: ir.Table, as_of: ir.TimestampScalar, replies: ir.Table | None = None
) -> ir.Table:
    """One row per ticket with changes of status: status, first and last solve, last solver.

    The first solve is the first change to 'solved', or to 'closed' where there is none; the
    last is the last change into either from an active status. A ticket whose changes all lie
    after as-of was open then. `unsolved_at` is the first change back from a solve, whoever made
    it, `returns` the number of such changes; `paused_seconds` the time spent in pending or on hold,
    null where changes are missing.

    Tickets in `replies` (ticket_id, replied_at) are not solved by a rule or a bot before a person
    has replied; the last time they were so closed is `closed_unanswered_at`.
    """
    happened = _with_closures(changes.filter(_.at <= as_of), replies)
    is_solve = ~_.is_unanswered
    ended = happened.group_by("ticket_id").agg(
        last_at=_.at.max(),
        solved_first_at=_.at.min(where=(_.after == "solved") & is_solve),
        closed_first_at=_.at.min(where=(_.after == "closed") & is_solve),
        solved_last_at=_.at.max(where=into_done() & is_solve),
        closed_unanswered_at=_.at.max(where=into_done() & _.is_unanswered),
        unsolved_at=_.at.min(where=out_of_done()),
        returns=out_of_done().cast("int64").sum(),
        entered=second(_.at).sum(where=into_pause()),
        left=second(_.at).sum(where=out_of_pause()),
        pauses=into_pause().cast("int64").sum(),
        ends=out_of_pause().cast("int64").sum(),
    )
    by_agent = happened.filter(into_done(), _.actor == "agent", _.actor_id.notnull())
    last = ended.select(of_ticket="ticket_id", last_at="last_at")
    lasting = happened.join(
        last, [happened.ticket_id == last.of_ticket, happened.at == last.last_at]
    )
    found = changes.select("ticket_id").distinct()
    for table in (
        ended.drop("last_at"),
        _newest(lasting).select("ticket_id", status_now="after"),
        _newest(by_agent).select("ticket_id", solver_id="actor_id"),
    ):
        found = found.left_join(table, "ticket_id").drop("ticket_id_right")
    found = found.mutate(status_now=_.status_now.fill_null("open"))
    paused_now = found.status_now.isin(PAUSED)
    until = ibis.ifelse(paused_now, second(as_of), 0)
    is_whole = (found.pauses - found.ends).fill_null(0) == ibis.ifelse(paused_now, 1, 0)
    paused = found.left.fill_null(0) - found.entered.fill_null(0) + until
    # Named one by one: several dropped at once stand in the SQL in another order every time.
    kept = [name for name in found.columns if name not in ("entered", "left", "pauses", "ends")]
    return found.select(*kept, paused_seconds=ibis.ifelse(is_whole, paused, None).cast("int64"))


def _with_closures(changes: ir.Table, replies: ir.Table | None) -> ir.Table:
    """The changes with `is_unanswered`: a rule or a bot closed the ticket and nobody had replied.

    The step from solved to closed after such a closing is one with it.
    """
    if replies is None:
        return changes.mutate(is_unanswered=ibis.literal(False))
    joined = changes.left_join(replies, "ticket_id")
    had_no_reply = _.ticket_id_right.notnull() & ~(_.replied_at <= _.at).fill_null(False)
    by_rule = (into_done() & _.actor.isin(RULES) & had_no_reply).fill_null(False)
    order = ibis.window(group_by="ticket_id", order_by=["at", _.event_id.length(), "event_id"])
    goes_on = (_.before.isin(DONE) & _.after.isin(DONE)).fill_null(False)
    began = _.by_rule.lag().over(order).fill_null(False)
    marked = joined.mutate(by_rule=by_rule).mutate(is_unanswered=_.by_rule | (goes_on & began))
    return marked.drop("ticket_id_right", "replied_at", "by_rule")


def _newest(changes: ir.Table) -> ir.Table:
    """The last of the changes of each ticket; of two in one instant the one with the later id."""
    newest = [_.at.desc(), _.event_id.length().desc(), _.event_id.desc()]
    place = ibis.row_number().over(group_by="ticket_id", order_by=newest)
    return changes.mutate(place=place).filter(_.place == 0)


def into_done() -> ibis.Deferred:
    """Whether a change is a solve: into solved or closed, from neither."""
    return _.after.isin(DONE) & ~_.before.isin(DONE).fill_null(False)


def out_of_done() -> ibis.Deferred:
    """Whether a change is the way back from a solve."""
    return (_.before.isin(DONE) & _.after.isin(ACTIVE)).fill_null(False)


def into_pause() -> ibis.Deferred:
    """Whether a change stops the work: into pending or on hold, from neither."""
    return (_.after.isin(PAUSED) & ~_.before.isin(PAUSED).fill_null(False)).fill_null(False)


def out_of_pause() -> ibis.Deferred:
    """Whether a change is out of pending and on hold."""
    return (_.before.isin(PAUSED) & ~_.after.isin(PAUSED)).fill_null(False)


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
    # Only the stories of tickets that went back at all are told in full.
    concerned = back.filter(_.is_reopen).select("ticket_id").distinct()
    back, messages = (
        back.semi_join(concerned, "ticket_id"),
        messages.semi_join(concerned, "ticket_id"),
    )
    written = messages.filter(role(actors, _.author_id, _.author_type, _.at) == "customer").select(
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
    # One in the second of the solve came before that too, unless it was reopened at once.
    at_once = (_.wrote_at == _.solve_at) & (_.at == _.wrote_at)
    caused = _.is_reopen & ((_.wrote_at > _.solve_at) | at_once)
    return story.filter(caused).select("ticket_id", reopened_at=_.at)
