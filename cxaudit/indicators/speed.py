"""How soon does a person answer, and how soon is the matter settled?"""

from __future__ import annotations

import ibis

from cxaudit.indicators.declaration import CaseColumns, Fact, indicator
from cxaudit.indicators.methods import (
    DAY,
    by_share,
    by_share_of_legs,
    by_share_of_waits,
    by_survival_mean,
    by_survival_quantile,
)
from cxaudit.indicators.waits import WRITTEN, in_time, is_over, wait_of


@indicator(
    fact="first_contacts",
    statistic=by_survival_quantile,
    agent="replier",
    per_channel=True,
    clock="calendar",
)
def spd_first_response(first_contacts: Fact, unscored_channels: list[str]) -> CaseColumns:
    """Time until half of the customers have a first reply by a person, by channel.

    Calendar clock; who has no reply yet still waits at as-of, who hung up waited until then.
    """
    timed = first_contacts.channel.notin(unscored_channels)
    return first_contacts.cases(where=timed, **wait_of(first_contacts))


@indicator(
    fact="first_contacts",
    statistic=by_survival_quantile,
    agent="replier",
    per_channel=True,
    clock="calendar",
)
def spd_first_response_p90(first_contacts: Fact, unscored_channels: list[str]) -> CaseColumns:
    """Time until nine customers in ten have a first reply by a person, by channel.

    Calendar clock; who has no reply yet still waits at as-of, who hung up waited until then.
    """
    timed = first_contacts.channel.notin(unscored_channels)
    return first_contacts.cases(where=timed, **wait_of(first_contacts))


@indicator(
    fact="calls", anchor="offered_at", statistic=by_share_of_waits, block="day", clock="calendar"
)
def spd_answered_in_target(
    calls: Fact, threshold_seconds: dict[str, int], short_abandon_seconds: float
) -> CaseColumns:
    """Share of calls and chats in the queue, in staffed hours, answered within 20 s or 60 s.

    Who hung up is a miss; within 5 seconds, left out and counted.
    """
    start, answered = calls.waited_from, calls.answered_at
    return calls.cases(
        where=start.notnull() & calls.in_hours & calls.channel.isin(list(threshold_seconds)),
        hit=in_time(calls.channel, answered - start, threshold_seconds),
        due=is_over(start, answered, calls.ended_at, short_abandon_seconds),
    )


@indicator(
    fact="next_replies",
    anchor="wrote_at",
    statistic=by_survival_quantile,
    agent="replier",
    clock="business",
)
def spd_next_reply(next_replies: Fact) -> CaseColumns:
    """Business time until half of the customers who write again have the next reply by a person.

    Of several messages in a row the first counts. One that a solve answered, without words, is left
    out and counted; who has no reply yet still waits at as-of.
    """
    replies, seconds = next_replies, next_replies.open_seconds
    event = ibis.ifelse(replies.replied_at.notnull(), 1, 0)
    return replies.cases(
        where=replies.channel.isin(WRITTEN),
        # A reply before the next opening took no business time: a second, for the logarithm.
        seconds=ibis.ifelse(seconds >= 0, ibis.greatest(seconds, 1), None),
        event=ibis.ifelse(replies.needs_none, None, event),
    )


@indicator(
    fact="contacts", statistic=by_survival_mean, agent="solver", standardised=True, clock="calendar"
)
def spd_resolution_rmst(contacts: Fact) -> CaseColumns:
    """Mean time to the last solve, counted up to 30 days; open cases are censored at as-of.

    Cases of unknown status, or solved nobody knows when, are left out and counted.
    """
    return contacts.duration(contacts.created_at, contacts.solved_at, known=contacts.solve_is_known)


@indicator(fact="contacts", statistic=by_share_of_legs, agent="solver", clock="target")
def spd_sla_attainment(contacts: Fact) -> dict[str, CaseColumns]:
    """Share of promised response and resolution times that were met, mean of the two.

    Until when is worked out from the targets on their clock, and as delivered where they do not
    say. Where it is not known whether a case is solved, its resolution is left out and counted.
    """
    response = contacts.response_due, contacts.first_response_at, True
    resolution = (
        contacts.resolution_due,
        contacts.first_solved_at,
        contacts.first_solved_at.notnull() | contacts.solve_is_known,
    )
    return {
        leg: contacts.cases(
            at=due_at,
            where=due_at.notnull(),
            hit=ibis.ifelse(known, (done_at <= due_at).fill_null(False), None),
            due=due_at < contacts.as_of,
        )
        for leg, (due_at, done_at, known) in {
            "response": response,
            "resolution": resolution,
        }.items()
    }


@indicator(fact="contacts", anchor=None, statistic=by_share, agent="assignee", clock="calendar")
def spd_stale_backlog(contacts: Fact, stale_days: int, sla_multiple: float) -> CaseColumns:
    """Share of the open cases that have been open too long: 14 days, or twice their promise.

    Open at the end of the period, or at as-of where that is earlier; reopened after it is solved
    then. Cases of unknown status, or solved nobody knows when, are left out and counted. What a
    rule has closed without a reply by a person is neither open nor solved.
    """
    created_at, solved_at, seen_at = contacts.created_at, contacts.solved_at, contacts.seen_at
    promised = (contacts.sla_resolution_due_at - created_at).cast("float64") * float(sla_multiple)
    too_long = ibis.greatest(promised.fill_null(0.0), float(stale_days * DAY))
    was_solved = (contacts.first_solved_at <= seen_at) & (contacts.unsolved_at > seen_at)
    is_open = (solved_at.isnull() | (solved_at > seen_at)) & ~was_solved.fill_null(False)
    was_closed = (contacts.closed_unanswered_at <= seen_at).fill_null(False)
    is_too_long = (seen_at - created_at).cast("float64") > too_long
    return contacts.cases(
        where=(created_at <= seen_at) & is_open & ~was_closed,
        hit=ibis.ifelse(contacts.solve_is_known, is_too_long, None),
    )
