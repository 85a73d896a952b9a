"""When the same customer comes back about the same thing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis
from ibis import _

from cxaudit.facts.actors import is_known
from cxaudit.facts.population import instant

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from cxaudit.facts.tables import CheckedTables


def calls_without_ticket(tables: CheckedTables) -> ir.Table:
    """Calls of known customers about something, of which there is no ticket, by as-of."""
    calls = tables.read("calls").filter(
        _.ticket_id.isnull(),
        is_known(_.customer_id),
        _.category.notnull(),
        _.offered_at <= instant(tables.run.engagement.as_of),
    )
    return calls.select("customer_id", "category", "channel", created_at=_.offered_at)


def repeats(cases: ir.Table, calls: ir.Table) -> ir.Table:
    """One row per case with a known customer and a category, in relation to its neighbours.

    `cases` has ticket_id, customer_id, category, channel, created_at, first_solved_at, split_from,
    assignee_id and assignee_team; `calls` are further contacts: customer_id, category, channel,
    created_at. Returns ticket_id, next_created_at (the next case or call after this one's first
    solve; what the service has split off is none) and its next_channel, last_solved_before_at, and
    of the case created right before this one: earlier_created_at, earlier_assignee_id,
    earlier_team.
    """
    order = ibis.window(group_by=["customer_id", "category"], order_by=["created_at", "ticket_id"])
    neighbours = cases.select(
        "ticket_id",
        earlier_created_at=_.created_at.lag().over(order),
        earlier_assignee_id=_.assignee_id.lag().over(order),
        earlier_team=_.assignee_team.lag().over(order),
    )
    story = _story(cases, calls)
    backwards = ibis.cumulative_window(
        group_by=["customer_id", "category"], order_by=[_.at.desc(), _.order.desc()]
    )
    onwards = ibis.cumulative_window(group_by=["customer_id", "category"], order_by=["at", "order"])
    seen = story.mutate(
        next_created_at=_.at.min(where=_.order == 0).over(backwards),
        last_solved_before_at=_.at.max(where=_.order == 1).over(onwards),
    )
    after = _with_channel(seen.filter(_.order == 1), cases, calls)
    before = seen.filter(_.order == 0, _.ticket_id.notnull()).select(
        "ticket_id", "last_solved_before_at"
    )
    return (
        neighbours.left_join(after, "ticket_id")
        .drop("ticket_id_right")
        .left_join(before, "ticket_id")
        .drop("ticket_id_right")
    )


def _with_channel(solved: ir.Table, cases: ir.Table, calls: ir.Table) -> ir.Table:
    """The solved cases with when and on which channel the customer came back.

    Of several contacts in one second on different channels the first by name.
    """
    same = ("customer_id", "category", "channel", "created_at")
    came = ibis.union(_asked(cases).select(*same), calls.select(*same))
    came = came.group_by("customer_id", "category", next_created_at=came.created_at).agg(
        next_channel=_.channel.min()
    )
    joined = solved.left_join(came, ["customer_id", "category", "next_created_at"])
    return joined.select("ticket_id", "next_created_at", "next_channel")


def _asked(cases: ir.Table) -> ir.Table:
    """The cases that a customer began, not those that the service split off another."""
    return cases.filter(_.split_from.isnull())


def _story(cases: ir.Table, calls: ir.Table) -> ir.Table:
    """Creations (order 0) and first solves (order 1) of all cases as rows of one sequence.

    A case created in the second of a solve comes before it, so it is no return. A call without a
    ticket is a creation of nobody's case.
    """
    columns = ("ticket_id", "customer_id", "category")
    created = _asked(cases).select(*columns, at=_.created_at, order=ibis.literal(0))
    solved = cases.filter(_.first_solved_at.notnull()).select(
        *columns, at=_.first_solved_at, order=ibis.literal(1)
    )
    called = calls.select(
        ticket_id=ibis.null("string"),
        customer_id=_.customer_id,
        category=_.category,
        at=_.created_at,
        order=ibis.literal(0),
    )
    return ibis.union(created, solved, called)
