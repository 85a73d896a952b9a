"""Figures beside the indicators on what happens to a case: who answers, waits, moves, returns."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis

from cxaudit.indicators.clocks import NOT_TIMED
from cxaudit.indicators.declaration import CaseColumns, Fact, indicator
from cxaudit.indicators.methods import (
    DAY,
    by_mean_count,
    by_mean_span,
    by_share,
    by_share_of_customers,
    by_survival_median,
)

if TYPE_CHECKING:
    import ibis.expr.types as ir

PER = 100.0  # cases that a count is given for
WEEK = 7 * DAY


@indicator(
    fact="contacts",
    statistic=by_survival_median,
    agent="replier",
    per_channel=True,
    clock="calendar",
)
def first_reply_by_bot_or_person(contacts: Fact) -> CaseColumns:
    """Time until half of the customers have a reply by a bot or a person, by channel.

    As dashboards show it; an automatic acknowledgement is no reply of either.
    """
    by_bot, by_person = contacts.bot_replied_at, contacts.first_response_at
    first = ibis.least(by_bot.fill_null(by_person), by_person.fill_null(by_bot))
    waited = first.fill_null(contacts.as_of) - contacts.created_at
    return contacts.cases(
        where=contacts.channel.notin(NOT_TIMED),
        seconds=ibis.ifelse(waited >= 0, ibis.greatest(waited, 1), None),
        event=ibis.ifelse(first.notnull(), 1, 0),
    )


@indicator(fact="contacts", statistic=by_share, agent="replier")
def bot_replied_first(contacts: Fact) -> CaseColumns:
    """Share of cases that a bot answered before any person did."""
    by_bot, by_person = contacts.bot_replied_at, contacts.first_response_at
    return contacts.cases(hit=by_bot.notnull() & (by_bot < by_person).fill_null(True))


@indicator(fact="contacts", statistic=by_mean_span, agent="solver", clock="calendar")
def requester_wait(contacts: Fact) -> CaseColumns:
    """Mean time that solved cases were with us: new, open or on hold, all spells together."""
    return _of_solved(contacts, contacts.requester_wait_seconds)


@indicator(fact="contacts", statistic=by_mean_span, agent="solver", clock="business")
def requester_wait_in_business_time(contacts: Fact) -> CaseColumns:
    """Mean open time that solved cases were with us: new, open or on hold, all spells together."""
    return _of_solved(contacts, contacts.requester_wait_open_seconds)


@indicator(fact="contacts", statistic=by_mean_span, agent="solver", clock="calendar")
def agent_wait(contacts: Fact) -> CaseColumns:
    """Mean time that solved cases waited for the customer: pending, all spells together."""
    return _of_solved(contacts, contacts.agent_wait_seconds)


@indicator(fact="contacts", statistic=by_mean_span, agent="solver", clock="business")
def agent_wait_in_business_time(contacts: Fact) -> CaseColumns:
    """Mean open time that solved cases waited for the customer: pending, all spells together."""
    return _of_solved(contacts, contacts.agent_wait_open_seconds)


@indicator(fact="contacts", statistic=by_mean_span, agent="solver", clock="calendar")
def time_on_hold(contacts: Fact) -> CaseColumns:
    """Mean time that solved cases were on hold: with us, and waiting for somebody else."""
    return _of_solved(contacts, contacts.hold_seconds)


@indicator(fact="contacts", statistic=by_mean_span, agent="solver", clock="business")
def time_on_hold_in_business_time(contacts: Fact) -> CaseColumns:
    """Mean open time that solved cases were on hold: with us, and waiting for somebody else."""
    return _of_solved(contacts, contacts.hold_open_seconds)


@indicator(fact="contacts", statistic=by_mean_count, agent="assignee")
def reassignments_per_100_cases(contacts: Fact) -> CaseColumns:
    """How often 100 cases went from one agent to another, all steps counted."""
    return contacts.cases(value=contacts.reassignments.cast("float64") * PER)


@indicator(fact="contacts", statistic=by_mean_count, agent="assignee")
def handovers_per_100_cases(contacts: Fact) -> CaseColumns:
    """How often 100 cases went from one group to another after they were first assigned."""
    return contacts.cases(value=contacts.handovers.cast("float64") * PER)


@indicator(fact="contacts", statistic=by_share, agent="assignee")
def closed_by_a_rule_without_reply(contacts: Fact) -> CaseColumns:
    """Share of cases that a rule or a bot closed although no person had replied: not solved.

    Missing where the data do not tell who closes, or who has replied.
    """
    was_closed = contacts.closed_unanswered_at.notnull()
    return contacts.cases(hit=ibis.ifelse(contacts.closing_is_known, was_closed, None))


@indicator(fact="contacts", anchor="first_solved_at", statistic=by_mean_count, agent="solver")
def reopens_per_100_solved_cases(contacts: Fact) -> CaseColumns:
    """How often customers had 100 solved cases reopened, each time counted, by as-of."""
    return _of_first_solved(contacts, value=contacts.reopens.cast("float64") * PER)


@indicator(fact="contacts", anchor="first_solved_at", statistic=by_mean_count, agent="solver")
def returns_to_work_per_100_solved_cases(contacts: Fact) -> CaseColumns:
    """How often 100 solved cases went back to work, whoever did it, agents' own slips included."""
    return _of_first_solved(contacts, value=contacts.returns.cast("float64") * PER)


@indicator(fact="contacts", anchor="first_solved_at", statistic=by_share, agent="solver")
def cases_reopened(contacts: Fact) -> CaseColumns:
    """Share of solved cases that a customer had reopened by as-of, once or more."""
    return _of_first_solved(contacts, hit=contacts.reopens > 0)


@indicator(fact="contacts", anchor="first_solved_at", statistic=by_share_of_customers)
def customers_who_reopened(contacts: Fact) -> CaseColumns:
    """Share of the customers with a solved case who had one or more reopened by as-of."""
    return _of_first_solved(contacts, hit=contacts.reopens > 0)


@indicator(fact="contacts", anchor="first_solved_at", statistic=by_share, agent="solver")
def came_back_by_another_channel(contacts: Fact) -> CaseColumns:
    """Share of solved cases whose customer asked again within 7 days on another channel.

    About the same reason, a call without a ticket included.
    """
    deadline = contacts.first_solved_at + WEEK
    came = (contacts.next_created_at <= deadline) & (contacts.next_channel != contacts.channel)
    return contacts.cases(
        where=contacts.first_solved_at.notnull()
        & contacts.customer_is_known
        & contacts.category.notnull(),
        hit=came.fill_null(False),
        due=deadline < contacts.as_of,
    )


def _of_solved(contacts: Fact, seconds: ir.IntegerValue) -> CaseColumns:
    return contacts.cases(where=contacts.solved_at.notnull(), value=seconds.cast("float64"))


def _of_first_solved(contacts: Fact, **columns: ir.Value) -> CaseColumns:
    return contacts.cases(where=contacts.first_solved_at.notnull(), **columns)
