"""What Zendesk's own figures and the analytics package most clients use mean, ticket by ticket.

Its roles are those the users have now; bots are agents; every ticket delivered counts, deleted and
merged ones too; open tickets are counted up to as-of.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import ibis
from ibis import _

from cxaudit.facts.business_time import second
from cxaudit.facts.population import instant
from cxaudit.facts.resolution import DONE, status_changes
from cxaudit.reconcile.clocks import MINUTE, Clocks, since_creation
from cxaudit.reconcile.loaded import LoadedTables, happened

if TYPE_CHECKING:
    import ibis.expr.types as ir

WAITS: dict[str, tuple[str, ...]] = {
    "requester_wait_time": ("new", "open", "on_hold"),
    "agent_wait_time": ("pending",),
    "agent_work_time": ("new", "open"),
    "on_hold_time": ("on_hold",),
    "solve_time": ("new", "open", "on_hold", "pending"),
}


def roles_now(tables: LoadedTables) -> ir.Table:
    """The role of every known user as of now: author, role_now 'agent' or 'customer'.

    Who may do both is a customer: the export lists a user once, a roster beside it lists agents.
    """
    customers = tables.read("customers").select(author="customer_id").distinct()
    agents = tables.read("agents").select(author="agent_id").distinct()
    agents = agents.anti_join(customers, "author")
    return ibis.union(
        customers.mutate(role_now=ibis.literal("customer")),
        agents.mutate(role_now=ibis.literal("agent")),
    )


@dataclass(frozen=True)
class Desk:
    """What the package is given: tickets, comments of known users, spans of status."""

    tables: LoadedTables

    @cached_property
    def clocks(self) -> Clocks:
        """The business clock, by the schedule set at each moment."""
        return Clocks(self.tables)

    @cached_property
    def tickets(self) -> ir.Table:
        """Every ticket delivered, with its status at as-of."""
        tickets = self.tables.read("tickets").select(
            "ticket_id", "created_at", "channel", "group_id", "status"
        )
        now = self.spans.filter(_.is_last).select("ticket_id", now="status")
        found = tickets.left_join(now, "ticket_id").drop("ticket_id_right")
        found = found.mutate(status=_.now.fill_null(_.status)).drop("now")
        return self.tables.engine.cached(found)

    @cached_property
    def comments(self) -> ir.Table:
        """Comments of known users: ticket_id, at, is_public, is_agent."""
        messages = happened(self.tables, "messages")
        users = roles_now(self.tables)
        known = messages.join(users, messages.author_id == users.author)
        return self.tables.engine.cached(
            known.select("ticket_id", "at", "is_public", is_agent=_.role_now == "agent")
        )

    @cached_property
    def spans(self) -> ir.Table:
        """How long tickets were in which status: ticket_id, status, start, end, is_last."""
        as_of = instant(self.tables.run.engagement.as_of)
        events = happened(self.tables, "ticket_events")
        changes = status_changes(events, self.tables.actors)
        order = ibis.window(group_by="ticket_id", order_by=["at", _.event_id.length(), "event_id"])
        told = changes.mutate(following=_.at.lead().over(order))
        return self.tables.engine.cached(
            told.select(
                "ticket_id",
                status=_.after,
                start=_.at,
                end=_.following.fill_null(as_of),
                is_last=_.following.isnull(),
            )
        )


def comment_counts(desk: Desk) -> ir.Table:
    """Comments by the author's role and by whether the requester can read them."""
    by_agent, public = _.is_agent, _.is_public
    counted = desk.comments.group_by("ticket_id").agg(
        count_public_agent_comments=(by_agent & public).sum(),
        count_agent_comments=by_agent.sum(),
        count_end_user_comments=(~by_agent).sum(),
        count_internal_comments=(~public).sum(),
        total_comments=_.count(),
    )
    every = desk.tickets.select("ticket_id").left_join(counted, "ticket_id")
    names = [name for name in counted.columns if name != "ticket_id"]
    return every.select("ticket_id", **{name: _[name].fill_null(0) for name in names})


def first_reply(desk: Desk) -> ir.Table:
    """Minutes from creation to the first public comment by an agent after the first public one.

    Where an agent wrote the first public comment and a private note came before it, to that.
    """
    public = desk.comments.filter(_.is_public)
    opened = public.group_by("ticket_id").agg(opened_at=_.at.min())
    told = desk.comments.join(opened, "ticket_id")
    at_opening = _.is_public & (_.at == _.opened_at)
    found = told.group_by("ticket_id", "opened_at").agg(
        by_customer=(at_opening & ~_.is_agent).any(),
        has_note=(~_.is_public & (_.at <= _.opened_at)).any(),
        later_at=_.at.min(where=_.is_public & _.is_agent & (_.at > _.opened_at)),
    )
    is_opening = ~found.by_customer & found.has_note
    replied_at = ibis.ifelse(is_opening, found.opened_at, found.later_at)
    ends = found.select("ticket_id", replied_at=replied_at)
    return _since_creation(desk, ends, replied_at="first_reply_time")


def resolution(desk: Desk) -> ir.Table:
    """Minutes from creation to the first and last 'solved'; to 'closed' if there is none.

    In business time only where the ticket is solved or closed now.
    """
    solved, closed = _.status == "solved", _.status == "closed"
    found = desk.spans.group_by("ticket_id").agg(
        first_solved=_.start.min(where=solved),
        last_solved=_.start.max(where=solved),
        first_closed=_.start.min(where=closed),
        last_closed=_.start.max(where=closed),
    )
    ends = found.select(
        "ticket_id",
        first=_.first_solved.fill_null(_.first_closed),
        last=_.last_solved.fill_null(_.last_closed),
    )
    both = _since_creation(desk, ends, first="first", last="last")
    both = both.join(desk.tickets.select("ticket_id", "status"), "ticket_id")
    is_done = both.status.isin(DONE)
    return both.select(
        "ticket_id",
        first_resolution_calendar_minutes=both.first_calendar_minutes,
        final_resolution_calendar_minutes=both.last_calendar_minutes,
        first_resolution_business_minutes=ibis.ifelse(is_done, both.first_business_minutes, None),
        full_resolution_business_minutes=ibis.ifelse(is_done, both.last_business_minutes, None),
    )


def waits(desk: Desk) -> ir.Table:
    """Minutes in the statuses that each wait is made of, up to as-of."""
    spans = desk.spans.join(desk.tickets.drop("status", "created_at"), "ticket_id")
    spans = spans.filter(_.status.isin(WAITS["solve_time"]))
    lengths = spans.group_by("ticket_id", "status").agg(
        calendar=(second(_.end) - second(_.start)).sum()
    )
    business = desk.clocks.by_segment(spans, ("ticket_id", "status"))
    lengths = lengths.left_join(business, ["ticket_id", "status"])
    return summed_waits(desk.tickets, lengths)


def summed_waits(tickets: ir.Table, lengths: ir.Table) -> ir.Table:
    """Both clocks of every wait in minutes, from the seconds by ticket and status."""
    sums = {
        f"{name}_in_{clock}_minutes": lengths[column].sum(where=lengths.status.isin(statuses))
        for name, statuses in WAITS.items()
        for clock, column in (("calendar", "calendar"), ("business", "open_seconds"))
    }
    found = lengths.group_by("ticket_id").agg(**sums)
    every = tickets.select("ticket_id").left_join(found, "ticket_id")
    return every.select(
        "ticket_id", **{name: every[name].fill_null(0).cast("float64") / MINUTE for name in sums}
    )


def reopens(desk: Desk) -> ir.Table:
    """The solves but one, never below 0; 0 where only closed, nothing where neither."""
    found = desk.spans.group_by("ticket_id").agg(
        solves=(_.status == "solved").sum(), closes=(_.status == "closed").sum()
    )
    counted = ibis.cases((found.solves > 0, found.solves - 1), (found.closes > 0, 0), else_=None)
    found = found.select("ticket_id", count_reopens=counted)
    return desk.tickets.select("ticket_id").left_join(found, "ticket_id").drop("ticket_id_right")


def touches(desk: Desk) -> ir.Table:
    """Whether the ticket is solved or closed with exactly one, or two, public agent comments."""
    public = comment_counts(desk).select("ticket_id", replies=_.count_public_agent_comments)
    found = desk.tickets.join(public, "ticket_id")
    is_done = found.status.isin(DONE).fill_null(False)
    return found.select(
        "ticket_id",
        is_one_touch_resolution=(is_done & (found.replies == 1)).cast("int64"),
        is_two_touch_resolution=(is_done & (found.replies == 2)).cast("int64"),
    )


def _since_creation(desk: Desk, ends: ir.Table, **names: str) -> ir.Table:
    engine, clock = desk.tables.engine, desk.clocks.by_segment
    return since_creation(engine, desk.tickets, ends, clock, **names)
