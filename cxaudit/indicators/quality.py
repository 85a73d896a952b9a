"""Are matters resolved, at the first contact, by the front line, to the customer's satisfaction?"""

from __future__ import annotations

import ibis

from cxaudit.indicators.declaration import CaseColumns, Fact, indicator
from cxaudit.indicators.methods import (
    DAY,
    by_cumulative_incidence,
    by_ratio_of_reviews,
    by_share,
    by_share_in_mode_mix,
    by_share_of_one_delay,
    by_survival_at_window,
)
from cxaudit.indicators.reviewed import reviewed_items


@indicator(fact="answers", anchor="responded_at", statistic=by_share_in_mode_mix, agent="agent")
def qua_csat(answers: Fact, question_keys: list[str]) -> CaseColumns:
    """Share of customers who answered and were satisfied, in the reference mix of survey modes."""
    return answers.cases(
        where=answers.question_key.isin(question_keys),
        hit=answers.is_top,
        weight=answers.weight,
        mode=answers.mode,
    )


@indicator(fact="answers", anchor="responded_at", statistic=by_share_of_one_delay, agent="agent")
def qua_fcr_customer(answers: Fact, question_keys: list[str]) -> CaseColumns:
    """Share of customers who answered and say that one contact was enough.

    Answers of the usual delay since the solve only: sooner and later ones differ.
    """
    return answers.cases(
        where=answers.question_key.isin(question_keys),
        hit=answers.value == 1,
        weight=answers.weight,
        band=answers.delay_band,
        usual_band=answers.usual_delay_band,
    )


@indicator(
    fact="contacts",
    anchor="first_solved_at",
    statistic=by_survival_at_window,
    agent="solver",
    clock="calendar",
)
def qua_fcr_observed(contacts: Fact, window_days: int) -> CaseColumns:
    """Share of solved issues that do not come back within a week: reopen, new case or call.

    Cases that are themselves a return are left out.
    """
    is_return = contacts.created_at - contacts.last_solved_before_at <= window_days * DAY
    followed = contacts.customer_is_known & contacts.category.notnull()
    came_back_at = ibis.least(
        contacts.next_created_at.fill_null(contacts.reopened_at),
        contacts.reopened_at.fill_null(contacts.next_created_at),
    )
    return contacts.duration(
        contacts.first_solved_at,
        came_back_at,
        where=contacts.first_solved_at.notnull() & followed & ~is_return.fill_null(False),
    )


@indicator(
    fact="contacts",
    statistic=by_cumulative_incidence,
    agent="solver",
    standardised=True,
    clock="calendar",
)
def qua_resolution_30d(contacts: Fact, competing_codes: list[str]) -> CaseColumns:
    """Share of cases solved within 30 days; withdrawn ones compete, open ones are censored.

    Cases of unknown status, or solved nobody knows when, are left out and counted.
    """
    return contacts.duration(
        contacts.created_at,
        contacts.solved_at,
        known=contacts.solve_is_known,
        competing=contacts.resolution_code.isin(competing_codes),
    )


@indicator(fact="contacts", anchor="first_solved_at", statistic=by_share, agent="solver")
def qua_frontline_resolution(contacts: Fact) -> CaseColumns:
    """Share of solved cases that the front line solved without escalation or approval.

    A move up a tier is an escalation; matters that the rules demand to hand on are left out.
    """
    return contacts.cases(
        where=contacts.first_solved_at.notnull() & contacts.may_stay, hit=~contacts.was_escalated
    )


@indicator(fact="answers", anchor="responded_at", statistic=by_share, agent="agent")
def qua_complaint_recovery(answers: Fact, question_keys: list[str]) -> CaseColumns:
    """Share of complainants who answered and were satisfied after the recovery."""
    complained = answers.is_complaint.fill_null(False)
    return answers.cases(
        where=answers.question_key.isin(question_keys) & complained,
        hit=answers.is_top,
        weight=answers.weight,
    )


@indicator(
    fact="reviews",
    anchor="reviewed_at",
    statistic=by_ratio_of_reviews,
    agent="agent",
    customer=False,
)
def qua_iqs(reviews: Fact) -> CaseColumns:
    """Share of the possible points that reviewed contacts reached, critical items apart."""
    return reviewed_items(reviews, ~reviews.is_critical, reviews.score, reviews.max_score)
