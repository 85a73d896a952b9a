"""Figures beside the indicators on time: on another clock, or on what a clock leaves out."""

from __future__ import annotations

import ibis

from cxaudit.indicators.declaration import CaseColumns, Fact, indicator
from cxaudit.indicators.methods import by_median, by_ratio_of_spans, by_share, by_survival_median

# From tickets neither can be timed: a call is written down once answered, nobody answers a search.
NOT_TIMED = ("phone", "self_service")


@indicator(fact="contacts", statistic=by_survival_median, agent="replier", per_channel=True)
def first_response_in_business_time(contacts: Fact) -> CaseColumns:
    """Open time until half of the customers have a first reply by a person, by channel."""
    answered = contacts.first_response_at.notnull()
    until = ibis.ifelse(answered, contacts.replied_open, contacts.as_of_open)
    waited = until - contacts.created_open
    return contacts.cases(
        where=contacts.channel.notin(NOT_TIMED),
        seconds=ibis.ifelse(waited >= 0, ibis.greatest(waited, 1), None),
        event=ibis.ifelse(answered, 1, 0),
    )


@indicator(fact="contacts", statistic=by_ratio_of_spans, agent="assignee")
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


@indicator(fact="promises", anchor="due_at", statistic=by_median, agent="agent")
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
