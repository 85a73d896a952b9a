"""Figures shown beside the indicators because clients know them; they enter no score."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis

from cxaudit.indicators.declaration import CaseColumns, Fact, indicator
from cxaudit.indicators.methods import (
    DAY,
    by_contact_rate,
    by_median,
    by_ninetieth,
    by_share,
)
from cxaudit.indicators.waits import SHORT_ABANDON_SECONDS, TARGET_SECONDS, in_time

if TYPE_CHECKING:
    import ibis.expr.types as ir

REPLIES = ("messages.at", "tickets.first_response_at")
EVENTS = ("ticket_events.type",)
HOURS = ("schedules.opens_minute",)
SOLVES = ("ticket_events.type", "tickets.solved_at")
# One of these columns must be supplied; a figure without an entry needs its fact table alone.
NEEDS: dict[str, tuple[str, ...]] = {
    "answered_within_24_hours": REPLIES,
    "not_answered_by_as_of": REPLIES,
    "first_response_median_among_answered": REPLIES,
    "first_response_p90_among_answered": REPLIES,
    "resolution_median_among_solved": SOLVES,
    "resolution_p90_among_solved": SOLVES,
    "reopened_as_recorded": ("tickets.reopen_count",),
    "sla_met_as_recorded": ("tickets.sla_met",),
    "contacts_per_1000_customers": ("customers.active_from",),
    "felt_understood_where_resolved": SOLVES,
    "felt_understood_where_not_resolved": SOLVES,
    "complaint_recovery_where_upheld": ("tickets.complaint_upheld",),
    "complaint_recovery_where_not_upheld": ("tickets.complaint_upheld",),
    "first_response_in_business_time": HOURS,
    "paused_share_of_open_time": EVENTS,
    "priority_changed_after_promise": EVENTS,
    "first_response_p90_in_business_time": HOURS,
    "resolution_median": SOLVES,
    "resolution_median_in_business_time": HOURS,
    "next_replies_in_promised_time": ("sla_targets.metric",),
    "resolution_promise_met_with_pauses": ("sla_targets.metric",),
    "longest_silence_median": HOURS,
    "first_reply_by_bot_or_person": ("messages.at",),
    "bot_replied_first": ("messages.at",),
    "requester_wait": EVENTS,
    "requester_wait_in_business_time": HOURS,
    "agent_wait": EVENTS,
    "agent_wait_in_business_time": HOURS,
    "time_on_hold": EVENTS,
    "time_on_hold_in_business_time": HOURS,
    "reassignments_per_100_cases": EVENTS,
    "handovers_per_100_cases": EVENTS,
    "closed_by_a_rule_without_reply": EVENTS,
    "reopens_per_100_solved_cases": EVENTS,
    "returns_to_work_per_100_solved_cases": EVENTS,
    "cases_reopened": EVENTS,
    "customers_who_reopened": EVENTS,
    "came_back_by_another_channel": SOLVES,
    "complaint_share": ("tickets.is_complaint",),
    "complaints_with_receipt": ("messages.is_auto",),
}


@indicator(fact="contacts", statistic=by_share, agent="replier", clock="calendar")
def answered_within_24_hours(contacts: Fact) -> CaseColumns:
    """Share of cases a person answered within 24 hours; not yet due ones are left out."""
    deadline = contacts.created_at + DAY
    return contacts.cases(
        hit=(contacts.first_response_at <= deadline).fill_null(False),
        due=deadline < contacts.as_of,
    )


@indicator(fact="contacts", statistic=by_share, agent=None)
def not_answered_by_as_of(contacts: Fact) -> CaseColumns:
    """Share of cases that no person had answered by as-of."""
    return contacts.cases(hit=contacts.first_response_at.isnull())


@indicator(fact="contacts", statistic=by_median, agent="replier", clock="calendar")
def first_response_median_among_answered(contacts: Fact) -> CaseColumns:
    """Median time to the first reply among the answered: flatters, the others still wait."""
    return contacts.cases(where=contacts.first_response_at.notnull(), value=_waited(contacts))


@indicator(fact="contacts", statistic=by_ninetieth, agent="replier", clock="calendar")
def first_response_p90_among_answered(contacts: Fact) -> CaseColumns:
    """P90 of the time to the first reply among the answered: flatters, the others still wait."""
    return contacts.cases(where=contacts.first_response_at.notnull(), value=_waited(contacts))


@indicator(fact="contacts", statistic=by_median, agent="solver", clock="calendar")
def resolution_median_among_solved(contacts: Fact) -> CaseColumns:
    """Median time to the last solve among the solved: flatters, the open ones still wait."""
    return contacts.cases(where=contacts.solved_at.notnull(), value=_taken(contacts))


@indicator(fact="contacts", statistic=by_ninetieth, agent="solver", clock="calendar")
def resolution_p90_among_solved(contacts: Fact) -> CaseColumns:
    """P90 of the time to the last solve among the solved: flatters, the open ones still wait."""
    return contacts.cases(where=contacts.solved_at.notnull(), value=_taken(contacts))


@indicator(fact="contacts", statistic=by_share, agent="solver")
def reopened_as_recorded(contacts: Fact) -> CaseColumns:
    """Share of cases that the client's system counts as reopened, whenever that was."""
    return contacts.cases(hit=contacts.reopen_count > 0)


@indicator(fact="contacts", statistic=by_share, agent="solver")
def sla_met_as_recorded(contacts: Fact) -> CaseColumns:
    """Share of cases whose service level the client's system calls kept, by its own rules."""
    return contacts.cases(hit=contacts.sla_met)


@indicator(
    fact="calls",
    anchor="offered_at",
    statistic=by_median,
    block="day",
    per_channel=True,
    clock="calendar",
)
def handling_time_median(calls: Fact) -> CaseColumns:
    """Median handling time: talk, hold and work afterwards. Not scored: short may be careless."""
    return calls.cases(where=calls.answered_at.notnull(), value=_handled(calls))


@indicator(fact="answers", anchor="responded_at", statistic=by_share, agent="agent")
def felt_understood_where_resolved(answers: Fact) -> CaseColumns:
    """Share who felt understood, where the case was solved by then and is not reopened."""
    return _understood(answers, _is_resolved(answers))


@indicator(fact="answers", anchor="responded_at", statistic=by_share, agent="agent")
def felt_understood_where_not_resolved(answers: Fact) -> CaseColumns:
    """Share who felt understood, where the case was not solved by then, or is reopened."""
    return _understood(answers, ~_is_resolved(answers))


@indicator(fact="answers", anchor="responded_at", statistic=by_share, agent="agent")
def complaint_recovery_where_upheld(answers: Fact) -> CaseColumns:
    """Share of complainants who were satisfied after the recovery, where they were in the right."""
    return _recovered(answers, answers.complaint_upheld)


@indicator(fact="answers", anchor="responded_at", statistic=by_share, agent="agent")
def complaint_recovery_where_not_upheld(answers: Fact) -> CaseColumns:
    """Share of complainants who were satisfied, where the complaint was not upheld."""
    return _recovered(answers, ~answers.complaint_upheld)


@indicator(
    fact="calls",
    anchor="offered_at",
    statistic=by_ninetieth,
    block="day",
    per_channel=True,
    clock="calendar",
)
def handling_time_p90(calls: Fact) -> CaseColumns:
    """P90 of the handling time: talk, hold and work afterwards. Not scored, as its median."""
    return calls.cases(where=calls.answered_at.notnull(), value=_handled(calls))


@indicator(fact="calls", anchor="offered_at", statistic=by_share, block="day", clock="calendar")
def answered_in_target_among_answered(calls: Fact) -> CaseColumns:
    """Share of the answered calls and chats answered within 20 s and 60 s: flatters."""
    wait = calls.answered_at - calls.waited_from
    return calls.cases(
        where=calls.answered_at.notnull(), hit=in_time(calls.channel, wait, TARGET_SECONDS)
    )


@indicator(fact="calls", anchor="offered_at", statistic=by_share, block="day")
def abandoned_at_once(calls: Fact) -> CaseColumns:
    """Share of queued calls and chats that hung up within 5 s; no indicator counts them."""
    gave_up = calls.answered_at.isnull()
    short = calls.ended_at - calls.waited_from < SHORT_ABANDON_SECONDS
    return calls.cases(
        where=calls.waited_from.notnull(), hit=gave_up & short, due=calls.ended_at.notnull()
    )


@indicator(fact="self_service", anchor="started_at", statistic=by_share)
def self_service_assumed(self_service: Fact) -> CaseColumns:
    """Share of visits to self-service that vendors call solved: nobody said no, nobody came back.

    No ticket or call within 7 days. Silence counts as success here, and only here.
    """
    until = self_service.started_at + 7 * DAY
    came_back = (self_service.assisted_at <= until).fill_null(False)
    return self_service.cases(
        hit=~self_service.said_no & ~came_back, due=until < self_service.as_of
    )


@indicator(fact="bot_sessions", anchor="started_at", statistic=by_share)
def bot_containment(bots: Fact) -> CaseColumns:
    """Share of bot sessions that never reached a person, as vendors count: silence is success."""
    return bots.cases(hit=bots.outcome != "handed_off", due=bots.ended_at.notnull())


def _understood(answers: Fact, where: ir.BooleanValue) -> CaseColumns:
    where = (answers.question_key == "empathy") & answers.ticket_id.notnull() & where
    return answers.cases(where=where, hit=answers.is_top, weight=answers.weight)


def _is_resolved(answers: Fact) -> ir.BooleanValue:
    is_solved = (answers.first_solved_at <= answers.responded_at).fill_null(False)
    return is_solved & answers.reopened_at.isnull()


def _recovered(answers: Fact, where: ir.BooleanValue) -> CaseColumns:
    where = answers.is_complaint.fill_null(False) & where.fill_null(False)
    where = (answers.question_key == "csat") & where
    return answers.cases(where=where, hit=answers.is_top, weight=answers.weight)


@indicator(fact="customer_base", anchor=None, statistic=by_contact_rate, sliced=False)
def contacts_per_1000_customers(base: Fact) -> dict[str, CaseColumns]:
    """Contacts in the period per 1,000 customers who were active at its end."""
    begun = (base.active_from <= base.seen_at).fill_null(False)
    stays = (base.active_to > base.seen_at).fill_null(True)
    none = ibis.literal(0.0)
    return {
        "contacts": base.cases(
            at=base.created_at, where=base.is_contact, num=ibis.literal(1000.0), den=none
        ),
        "customers": base.cases(
            where=~base.is_contact & begun & stays, num=none, den=ibis.literal(1.0)
        ),
    }


def _taken(contacts: Fact) -> ir.IntegerValue:
    """Seconds to the last solve, at least one; null where it lies before the creation."""
    taken = contacts.solved_at - contacts.created_at
    return ibis.ifelse(taken >= 0, ibis.greatest(taken, 1), None)


def _handled(calls: Fact) -> ir.FloatingValue:
    """Seconds from the answer to the end, hold within them, and of work afterwards; at least 1."""
    talked = (calls.ended_at - calls.answered_at).cast("float64")
    return ibis.greatest(talked + calls.wrap_s.fill_null(0.0), 1.0)


def _waited(contacts: Fact) -> ir.IntegerValue:
    """Seconds to the first reply, at least one; null where it lies before the creation."""
    waited = contacts.first_response_at - contacts.created_at
    return ibis.ifelse(waited >= 0, ibis.greatest(waited, 1), None)
