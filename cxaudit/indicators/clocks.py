"""Figures beside the indicators on time: on another clock, or on what a clock leaves out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis

from cxaudit.indicators.declaration import CaseColumns, Fact, indicator
from cxaudit.indicators.methods import (
    by_median,
    by_ratio_of_spans,
    by_share,
    by_survival_median,
    by_survival_ninetieth,
)
from cxaudit.indicators.waits import WRITTEN

if TYPE_CHECKING:
    import ibis.expr.types as ir

# From tickets neither can be timed: a call is written down once answered, nobody answers a search.
NOT_TIMED = ("phone", "self_service")


@indicator(
    fact="contacts",
    statistic=by_survival_median,
    agent="replier",
    per_channel=True,
    clock="business",
    beside="spd_first_response",
)
def first_response_in_business_time(contacts: Fact) -> CaseColumns:
    """Open time until half of the customers have a first reply by a person, by channel."""
    return _first_response(contacts)


@indicator(
    fact="contacts",
    statistic=by_survival_ninetieth,
    agent="replier",
    per_channel=True,
    clock="business",
    beside="spd_first_response_p90",
)
def first_response_p90_in_business_time(contacts: Fact) -> CaseColumns:
    """Open time until nine customers in ten have a first reply by a person, by channel."""
    return _first_response(contacts)


@indicator(
    fact="next_replies",
    anchor="wrote_at",
    statistic=by_survival_median,
    agent="replier",
    clock="calendar",
    beside="spd_next_reply",
)
def next_reply_in_calendar_time(next_replies: Fact) -> CaseColumns:
    """Time until half of the customers who write again have the next reply by a person."""
    replied_at = next_replies.replied_at
    waited = replied_at.fill_null(next_replies.as_of) - next_replies.wrote_at
    event = ibis.ifelse(replied_at.notnull(), 1, 0)
    return next_replies.cases(
        where=next_replies.channel.isin(WRITTEN),
        seconds=_at_least_one(waited),
        event=ibis.ifelse(next_replies.needs_none, None, event),
    )


@indicator(
    fact="next_replies", anchor="wrote_at", statistic=by_share, agent="replier", clock="target"
)
def next_replies_in_promised_time(next_replies: Fact) -> CaseColumns:
    """Share of the customers who write again who are answered in the time promised for it.

    By the target of the moment, on its clock. What a solve answered, without words, is left out.
    """
    due = next_replies.due
    in_time = (next_replies.replied_at <= due).fill_null(False)
    return next_replies.cases(
        at=due,
        where=due.notnull(),
        hit=ibis.ifelse(next_replies.needs_none, None, in_time),
        due=due < next_replies.as_of,
    )


@indicator(
    fact="contacts",
    statistic=by_survival_median,
    agent="solver",
    clock="calendar",
)
def resolution_median(contacts: Fact) -> CaseColumns:
    """Time until half of the cases are solved for the last time; open ones still wait at as-of."""
    waited = contacts.solved_at.fill_null(contacts.as_of) - contacts.created_at
    return _until_solved(contacts, waited)


@indicator(
    fact="contacts",
    statistic=by_survival_median,
    agent="solver",
    clock="business",
    beside="spd_resolution_rmst",
)
def resolution_median_in_business_time(contacts: Fact) -> CaseColumns:
    """Open time until half of the cases are solved for the last time; open ones still wait."""
    is_solved = contacts.solved_at.notnull()
    until = ibis.ifelse(is_solved, contacts.solved_open, contacts.as_of_open)
    return _until_solved(contacts, until - contacts.created_open)


@indicator(
    fact="contacts",
    statistic=by_share,
    agent="solver",
    clock="target",
)
def resolution_promise_met_with_pauses(contacts: Fact) -> CaseColumns:
    """Share of promised resolution times kept where waiting for the customer does not count.

    As help desks count: the time new, open and on hold, on the clock of the target. A case counts
    once the target and its pauses so far have passed, solved or not.
    """
    is_business = contacts.resolution_target_is_business
    waited = ibis.ifelse(
        is_business, contacts.requester_wait_open_seconds, contacts.requester_wait_seconds
    )
    left = contacts.resolution_target_seconds - waited
    since_solved = ibis.ifelse(
        is_business,
        contacts.as_of_open - contacts.solved_open,
        contacts.as_of - contacts.solved_at,
    )
    return contacts.cases(
        where=contacts.resolution_target_seconds.notnull(),
        hit=ibis.ifelse(contacts.solve_is_known, left >= 0, None),
        # What was left at the solve has passed since; of a case not solved nothing is left.
        due=(left < since_solved.fill_null(0)).fill_null(True),
    )


@indicator(
    fact="silences",
    statistic=by_median,
    agent="replier",
    clock="business",
)
def longest_silence_median(silences: Fact) -> CaseColumns:
    """Median of the longest time a case was with us without a word, where it was over a day.

    Opening hours between two messages of a person of the service, until the solve or as-of; time
    spent waiting for the customer does not count.
    """
    is_long = silences.with_us_seconds > silences.business_day_seconds
    return silences.cases(where=is_long, value=_at_least_one(silences.silent_seconds))


@indicator(
    fact="contacts",
    statistic=by_ratio_of_spans,
    agent="assignee",
    clock="calendar",
)
def paused_share_of_open_time(contacts: Fact) -> CaseColumns:
    """Share of the time that cases were open in which they were pending or on hold: no clock ran.

    Until the last solve or as-of.
    """
    until = contacts.solved_at.fill_null(contacts.as_of)
    lasted = until - contacts.created_at
    return contacts.cases(
        where=lasted > 0,
        num=ibis.least(contacts.paused_seconds.fill_null(0), lasted),
        den=ibis.ifelse(contacts.paused_seconds.notnull(), lasted, None),
    )


@indicator(fact="contacts", statistic=by_share, agent="assignee")
def priority_changed_after_promise(contacts: Fact) -> CaseColumns:
    """Share of the cases with a promised time whose priority was changed after the creation."""
    promised = contacts.response_due.notnull() | contacts.resolution_due.notnull()
    return contacts.cases(where=promised, hit=contacts.was_reprioritised)


@indicator(
    fact="promises",
    anchor="due_at",
    statistic=by_median,
    agent="agent",
    clock="calendar",
)
def promised_lead_time_median(promises: Fact) -> CaseColumns:
    """Median time from a promise to its due time: long ones are easily kept."""
    lead = promises.due_at - promises.made_at
    return promises.cases(value=ibis.ifelse(lead >= 0, ibis.greatest(lead, 1), None))


@indicator(fact="contacts", statistic=by_share)
def complaint_share(contacts: Fact) -> CaseColumns:
    """Share of cases recorded as complaints: where few are, the figures on them flatter."""
    return contacts.cases(hit=contacts.is_complaint)


@indicator(fact="contacts", statistic=by_share)
def complaints_with_receipt(contacts: Fact) -> CaseColumns:
    """Share of complaints that got an automatic message, which acknowledges nothing."""
    complained = contacts.is_complaint.fill_null(False)
    return contacts.cases(where=complained, hit=contacts.got_receipt.fill_null(False))


def _first_response(contacts: Fact) -> CaseColumns:
    """The open time until the first reply by a person, or until as-of."""
    answered = contacts.first_response_at.notnull()
    until = ibis.ifelse(answered, contacts.replied_open, contacts.as_of_open)
    return contacts.cases(
        where=contacts.channel.notin(NOT_TIMED),
        seconds=_at_least_one(until - contacts.created_open),
        event=ibis.ifelse(answered, 1, 0),
    )


def _until_solved(contacts: Fact, waited: ir.IntegerValue) -> CaseColumns:
    event = ibis.ifelse(contacts.solved_at.notnull(), 1, 0)
    return contacts.cases(
        seconds=_at_least_one(waited), event=ibis.ifelse(contacts.solve_is_known, event, None)
    )


def _at_least_one(seconds: ir.IntegerValue) -> ir.IntegerValue:
    """The seconds, at least one for the logarithm; null where they run backwards."""
    return ibis.ifelse(seconds >= 0, ibis.greatest(seconds, 1), None)
