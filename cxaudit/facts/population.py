"""Which rows the audit is about, and a reason for every row it is not about."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis
from ibis import _

from cxaudit.facts.actors import is_known, role

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from cxaudit.facts.tables import CheckedTables
    from cxaudit.run import Run

# The instant that says when a row happened: later than as-of, it has not happened yet.
HAPPENED_AT = {
    "tickets": "created_at",
    "ticket_events": "at",
    "messages": "at",
    "surveys": "sent_at",
    "calls": "offered_at",
    "commitments": "made_at",
    "qa_reviews": "reviewed_at",
    "trainings": "completed_at",
    "bot_sessions": "started_at",
    "kb_sessions": "started_at",
    "social_mentions": "at",
    "service_events": "occurred_at",
    "outreach": "sent_at",
    "improvement_actions": "opened_at",
    "staffing_intervals": "interval_start",
    "ticket_schedules": "from_at",
}
# Tables whose rows belong to one period; the others describe the service at any time.
OF_A_PERIOD = (
    "tickets",
    "surveys",
    "calls",
    "qa_reviews",
    "bot_sessions",
    "kb_sessions",
    "social_mentions",
    "staffing_intervals",
)
OF_A_TICKET = ("ticket_events", "messages", "ticket_schedules", "surveys")
# A call happened whoever wrote its ticket; it did not where the ticket is a test.
BESIDE_A_TICKET = ("calls", "qa_reviews", "commitments", "bot_sessions", "kb_sessions")
NEVER_HAPPENED = ("test", "spam", "deleted")
IN_SCOPE = "in scope"
OUTSIDE_PERIOD = "outside period"


def bot_only(tables: CheckedTables) -> ir.Table:
    """Tickets with messages, by id: whether a bot wrote publicly and nobody of the service did.

    And `got_receipt`: whether an automatic message went to the customer.
    """
    actors = tables.actors
    messages = tables.read("messages").filter(_.at <= instant(tables.run.engagement.as_of))
    wrote = messages.mutate(author=role(actors, _.author_id, _.author_type, _.at))
    return (
        wrote.group_by("ticket_id")
        .agg(
            by_bot=((_.author == "bot") & _.is_public).fill_null(False).any(),
            by_agent=(_.author == "agent").fill_null(False).any(),
            got_receipt=((_.author != "customer") & _.is_auto & _.is_public).fill_null(False).any(),
        )
        .select("ticket_id", "got_receipt", answered_by_bot_only=_.by_bot & ~_.by_agent)
    )


def scoped_tickets(tables: CheckedTables) -> ir.Table:
    """Every checked ticket with `reason`: 'in scope', or the first rule that leaves it out."""
    run = tables.run
    tickets = tables.read("tickets").left_join(bot_only(tables), "ticket_id")
    tickets = tickets.drop("ticket_id_right")
    which = run.engagement.scope.bot_only
    unassigned = ~is_known(_.assignee_id)
    over = _.status.isin(["solved", "closed"]).fill_null(False)
    # As delivered only where the messages do not tell.
    left_alone = (_.answered_by_bot_only & unassigned).fill_null(_.is_bot_only).fill_null(False)
    by_bot = {"any": left_alone, "solved": left_alone & over, "never": ibis.literal(False)}[which]
    rules = [
        (_.created_at > instant(run.engagement.as_of), "after as-of"),
        (_.is_test, "test"),
        (_.is_spam, "spam"),
        (_.merged_into.notnull(), "merged"),
        (_.is_deleted, "deleted"),
        (_.customer_id.isnull(), "requester missing"),
        ((_.created_by == "agent") & _.outreach_id.isnull(), "created by an agent"),
        ((_.created_by == "system") & _.outreach_id.isnull(), "created by the system"),
        (by_bot, "bot only"),
    ]
    reasons = [(rule.fill_null(False), reason) for rule, reason in rules]
    return tickets.mutate(reason=ibis.cases(*reasons, else_=IN_SCOPE))


def scoped(tables: CheckedTables, name: str, tickets: ir.Table) -> ir.Table:
    """A table's rows with `reason`: their own, or that of the ticket they belong to."""
    if name == "tickets":
        return tickets
    table = tables.read(name)
    rules = []
    if name in HAPPENED_AT:
        late = _[HAPPENED_AT[name]] > instant(tables.run.engagement.as_of)
        rules.append((late.fill_null(False), "after as-of"))
    if name in (*OF_A_TICKET, *BESIDE_A_TICKET):
        parents = tickets.select(parent_id=_.ticket_id, parent_reason=_.reason)
        table = table.left_join(parents, table.ticket_id == parents.parent_id)
        outside = _.parent_reason.notnull() & (_.parent_reason != IN_SCOPE)
        if name in BESIDE_A_TICKET:
            outside = _.parent_reason.isin(NEVER_HAPPENED)
        rules.append((outside.fill_null(False), "ticket outside scope"))
        return table.mutate(reason=ibis.cases(*rules, else_=IN_SCOPE)).drop(
            "parent_id", "parent_reason"
        )
    reason = ibis.cases(*rules, else_=IN_SCOPE) if rules else ibis.literal(IN_SCOPE)
    return table.mutate(reason=reason)


def in_period(run: Run, name: str, table: ir.Table) -> ir.BooleanValue | None:
    """Whether a row belongs to the audited period; None for tables that belong to none."""
    if name not in OF_A_PERIOD:
        return None
    at = table[HAPPENED_AT[name]]
    if name == "surveys":
        at = table.responded_at.fill_null(at)
    start, end = instant(run.period.start_at), instant(run.period.end_at)
    return ((at >= start) & (at < end)).fill_null(False)


def instant(at: object) -> ir.TimestampScalar:
    """An instant as an expression, in UTC."""
    return ibis.literal(at, type="timestamp('UTC')")
