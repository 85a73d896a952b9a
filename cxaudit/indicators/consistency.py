"""Does the service depend on whom, where or when one asks?"""

from __future__ import annotations

import ibis

from cxaudit.indicators.declaration import CaseColumns, Fact, indicator
from cxaudit.indicators.methods import (
    DAY,
    by_adherence,
    by_census_of_documented,
    by_gap_in_one_mode,
    by_peak_ratio,
    by_quantile_ratio,
    by_variance_share,
    by_week_spread,
)
from cxaudit.indicators.reviewed import reviewed_items
from cxaudit.indicators.waits import SHORT_ABANDON_SECONDS, in_time, is_over, wait_of


@indicator(
    fact="answers", anchor="responded_at", statistic=by_variance_share, agent="agent", sliced=False
)
def con_agent_icc(answers: Fact, question_keys: list[str]) -> CaseColumns:
    """Share of the differences in satisfaction that is due to which agent answered.

    Channel, category, priority and survey mode, which agents do not choose, are taken off.
    """
    return answers.cases(
        where=answers.question_key.isin(question_keys),
        value=answers.score,
        channel=answers.channel,
        category=answers.category,
        priority=answers.priority,
        mode=answers.mode,
    )


@indicator(
    fact="answers", anchor="responded_at", statistic=by_gap_in_one_mode, agent="agent", sliced=False
)
def con_channel_gap(answers: Fact, question_keys: list[str]) -> CaseColumns:
    """Mean distance of the channels' satisfaction from their mean, beyond chance.

    Only answers collected in the most frequent survey mode: modes differ by themselves. What
    categories and priorities explain is taken off.
    """
    return answers.cases(
        where=answers.question_key.isin(question_keys) & answers.channel.notnull(),
        value=answers.is_top,
        group=answers.channel,
        category=answers.category,
        priority=answers.priority,
        mode=answers.mode,
    )


@indicator(
    fact="answers", anchor="responded_at", statistic=by_week_spread, agent="agent", sliced=False
)
def con_week_stability(answers: Fact, question_keys: list[str]) -> CaseColumns:
    """Swing of satisfaction from week to week, beyond chance and a straight trend."""
    return answers.cases(
        where=answers.question_key.isin(question_keys),
        value=answers.is_top,
        responded_at=answers.responded_at,
    )


@indicator(fact="first_contacts", statistic=by_quantile_ratio, agent="replier", sliced=False)
def con_response_spread(first_contacts: Fact) -> CaseColumns:
    """How many times longer the slow tenth waits for a first reply than the middle.

    Mean over channel and priority of P90 / P50, weighted by their shares of the cases.
    """
    stratum = first_contacts.channel + "/" + first_contacts.priority.fill_null("none")
    timed = first_contacts.channel != "self_service"
    return first_contacts.cases(where=timed, stratum=stratum, **wait_of(first_contacts))


@indicator(
    fact="first_contacts", statistic=by_peak_ratio, block="day", customer=False, sliced=False
)
def con_peak_resilience(
    first_contacts: Fact, threshold_seconds: dict[str, int], email_target_seconds: int
) -> CaseColumns:
    """How much of the service level is left in the busiest tenth of the time.

    Share answered in time in those half hours (days of e-mail) over that in all others, by channel.
    """
    contacts, is_call = first_contacts, first_contacts.is_call
    start, answered = contacts.created_at, contacts.first_response_at
    promised = contacts.due_at.fill_null(start + email_target_seconds)
    has_target = contacts.channel.isin(list(threshold_seconds)) & contacts.in_hours
    answered_in_time = in_time(contacts.channel, answered - start, threshold_seconds)
    over = is_over(start, answered, contacts.ended_at, SHORT_ABANDON_SECONDS)
    return contacts.cases(
        where=ibis.ifelse(is_call, has_target, contacts.channel == "email"),
        hit=ibis.ifelse(is_call, answered_in_time, (answered <= promised).fill_null(False)),
        due=ibis.ifelse(is_call, over, promised < contacts.as_of),
        group=contacts.channel,
        arrived_at=start,
        is_call=is_call,
    )


@indicator(fact="adherence", anchor="at", statistic=by_adherence, agent="agent", customer=False)
def con_process_adherence(adherence: Fact) -> dict[str, CaseColumns]:
    """Share of reviewed contacts in which the agreed process was followed.

    Where no review asks for it: share of the cases solved in the period whose every change of
    status is one that the process of their reason allows.
    """
    followed = adherence.follows_process
    return {
        "reviews": reviewed_items(adherence, ~adherence.is_trace, followed),
        "traces": adherence.cases(
            where=adherence.is_trace, hit=followed, is_scored=adherence.is_scored
        ),
    }


@indicator(fact="reasons", statistic=by_census_of_documented, customer=False)
def con_process_documented(reasons: Fact, review_days: int) -> CaseColumns:
    """Share of cases whose reason has a procedure and a drawing of it, checked within a year.

    A case without a reason is a miss. No figure where words such as 'other' hold too many cases,
    nor for an earlier period: what was documented then is not known.
    """
    is_fresh = reasons.reviewed_at >= reasons.as_of - review_days * DAY
    return reasons.cases(
        hit=(reasons.is_documented & is_fresh).fill_null(False),
        has_category=reasons.category.notnull(),
        is_catch_all=reasons.is_catch_all,
    )
