"""Are limits, mistakes, timeframes and progress said openly, and promises kept?"""

from __future__ import annotations

from dataclasses import replace

import ibis

from cxaudit.indicators.declaration import POOLED, CaseColumns, Fact, indicator
from cxaudit.indicators.methods import (
    DAY,
    by_cumulative_incidence_in_business_days,
    by_pooled_items,
    by_share,
    by_share_of_legs,
)
from cxaudit.indicators.reviewed import reviewed_items

# The click on 'solved' comes moments after the reply it belongs to.
SAME_STEP_SECONDS = 60


@indicator(fact="answers", anchor="responded_at", statistic=by_share_of_legs, agent="agent")
def tra_honesty_rated(answers: Fact, question_keys: list[str]) -> dict[str, CaseColumns]:
    """Share of customers who answered and rate us honest, and kept informed: mean of the two."""
    return {
        key: answers.cases(
            where=answers.question_key == key, hit=answers.is_top, weight=answers.weight
        )
        for key in question_keys
    }


@indicator(
    fact="contacts", anchor="first_solved_at", statistic=by_share, agent="solver", clock="calendar"
)
def tra_resolution_confirmed(contacts: Fact, window_days: int) -> CaseColumns:
    """Share of solved cases whose customer confirms the solution within 7 days.

    In a survey, or asked in a follow-up; silence confirms nothing.
    """
    deadline = contacts.first_solved_at + window_days * DAY
    return contacts.cases(
        where=contacts.first_solved_at.notnull(),
        hit=(contacts.confirmed_at <= deadline).fill_null(False),
        due=deadline < contacts.as_of,
    )


@indicator(
    fact="reviews",
    anchor="reviewed_at",
    statistic=by_pooled_items,
    agent="agent",
    customer=False,
    with_previous=POOLED,
)
def tra_candour_qa(reviews: Fact, qa_items: list[str]) -> CaseColumns:
    """Share of the reviewed moments of not knowing, or of a mistake, in which we said so."""
    found = reviewed_items(reviews, reviews.item_key.isin(qa_items), reviews.is_passed)
    return replace(found, columns={**found.columns, "reviewed_at": reviews.reviewed_at})


@indicator(
    fact="contacts",
    statistic=by_share,
    agent="replier",
    clock="business",
)
def tra_expectation_set(contacts: Fact, grace_business_days: int) -> CaseColumns:
    """Share of cases not solved with the first reply whose customer is promised something by when.

    By one business day after that reply; only what is recorded with an instant is a promise.
    """
    grace = contacts.business_day_seconds * grace_business_days
    replied_at, replied = contacts.first_response_at, contacts.replied_open
    solved_with_it = (contacts.first_solved_at <= replied_at + SAME_STEP_SECONDS).fill_null(False)
    return contacts.cases(
        where=replied_at.notnull() & ~solved_with_it,
        hit=(contacts.promised_open - replied <= grace).fill_null(False),
        due=contacts.as_of_open - replied > grace,
    )


@indicator(
    fact="promises",
    anchor="due_at",
    statistic=by_share,
    agent="agent",
    clock="calendar",
)
def tra_promise_kept(promises: Fact, grace_seconds: int) -> CaseColumns:
    """Share of the promises that fell due, call-backs included, kept 15 minutes later at most."""
    deadline = promises.due_at + grace_seconds
    return promises.cases(
        hit=(promises.fulfilled_at <= deadline).fill_null(False), due=deadline < promises.as_of
    )


@indicator(
    fact="silences",
    statistic=by_share,
    agent="replier",
    clock="business",
)
def tra_no_silence(silences: Fact, max_gap_business_days: int) -> CaseColumns:
    """Share of cases more than 3 business days with us that never fell silent for longer than that.

    Time spent waiting for the customer does not count. Where it is not known whether the case is
    solved, it is left out and counted.
    """
    longest = silences.business_day_seconds * max_gap_business_days
    is_long = silences.with_us_seconds > longest
    kept_up = silences.silent_seconds <= longest
    return silences.cases(
        where=is_long | ~silences.is_solved,
        hit=ibis.ifelse(silences.solve_is_known, kept_up, None),
        due=is_long,
    )


@indicator(
    fact="contacts",
    statistic=by_cumulative_incidence_in_business_days,
    agent="replier",
    clock="business",
)
def tra_complaint_ack(contacts: Fact) -> CaseColumns:
    """Share of complaints that a person answers within one business day; no receipt counts."""
    answered = contacts.first_response_at.notnull()
    until = ibis.ifelse(answered, contacts.replied_open, contacts.as_of_open)
    days = (until - contacts.created_open) / contacts.business_day_seconds
    return contacts.cases(
        where=contacts.is_complaint.fill_null(False),
        seconds=days * DAY,
        event=ibis.ifelse(answered, 1, 0),
    )
