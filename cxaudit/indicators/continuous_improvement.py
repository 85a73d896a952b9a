"""Is feedback collected, answered, acted on, and does the action work?"""

from __future__ import annotations

import ibis

from cxaudit.indicators.declaration import CHANGE, CaseColumns, Fact, indicator
from cxaudit.indicators.methods import (
    DAY,
    by_agreement,
    by_census_of_trained,
    by_cumulative_incidence_in_business_days,
    by_rate_change_of_top,
    by_share,
    by_share_of_actions,
    by_share_of_past_actions,
)
from cxaudit.indicators.rostered import of_roster

TOLERANCE = 1e-9  # of two quotients that are equal in truth
POINTS = 5  # what the limit of unhappy answers on satisfaction is given in


@indicator(fact="reasons", statistic=by_rate_change_of_top, sliced=False, with_previous=CHANGE)
def imp_top_driver_reduction(reasons: Fact) -> CaseColumns:
    """Change in the cases per active customer, else per day, of last period's five top reasons."""
    return reasons.cases(
        where=reasons.category.notnull(),
        category=reasons.category,
        created_at=reasons.created_at,
        active_customers=reasons.active_customers,
    )


@indicator(
    fact="contacts", anchor="first_solved_at", statistic=by_share, agent="solver", clock="calendar"
)
def imp_feedback_coverage(contacts: Fact, window_days: int) -> CaseColumns:
    """Share of solved cases whose customer tells us within 14 days what they thought."""
    deadline = contacts.first_solved_at + window_days * DAY
    return contacts.cases(
        where=contacts.first_solved_at.notnull(),
        hit=(contacts.feedback_at <= deadline).fill_null(False),
        due=deadline < contacts.as_of,
    )


@indicator(
    fact="follow_ups",
    anchor="responded_at",
    statistic=by_cumulative_incidence_in_business_days,
    clock="business",
)
def imp_closed_loop_48h(follow_ups: Fact, csat_max: int, nps_max: int) -> CaseColumns:
    """Share of unhappy customers who answered and whom a person contacts within 2 business days.

    Unhappy: the lower two of five, on another scale the lowest 40 %; or 6 and less of 10.
    """
    by_csat = follow_ups.csat_share <= csat_max / POINTS
    by_nps = follow_ups.nps <= nps_max
    return follow_ups.cases(
        where=by_csat.fill_null(False) | by_nps.fill_null(False),
        seconds=follow_ups.waited_seconds,
        event=follow_ups.followed_at.notnull(),
    )


@indicator(
    fact="actions", anchor="due_at", statistic=by_share_of_actions, customer=False, sliced=False
)
def imp_actions_on_time(actions: Fact) -> CaseColumns:
    """Share of improvement actions done by the date first promised; a moved date does not count."""
    moved_at = actions.rebased_due_at.fill_null(actions.due_at)
    in_time_as_moved = (actions.closed_at <= moved_at).fill_null(False)
    return actions.cases(
        hit=(actions.closed_at <= actions.due_at).fill_null(False),
        due=actions.due_at < actions.as_of,
        is_moved=moved_at != actions.due_at,
        hit_moved=ibis.ifelse(moved_at < actions.as_of, in_time_as_moved, None),
        impact_weight=actions.impact_weight,
    )


@indicator(
    fact="actions", anchor=None, statistic=by_share_of_past_actions, customer=False, sliced=False
)
def imp_actions_effective(actions: Fact) -> CaseColumns:
    """Share of the actions closed in the two quarters before that verifiably worked.

    Verified, with a reference to the evidence; or their target has improved in the period after,
    as the kept audit of it says.
    """
    return actions.cases(
        where=actions.closed_at.notnull() & actions.target_indicator.notnull(),
        hit=actions.is_proven | actions.has_improved.fill_null(False),
        is_proven=actions.is_proven,
        has_improved=actions.has_improved,
        closed_at=actions.closed_at,
    )


@indicator(
    fact="calibrations", anchor="reviewed_at", statistic=by_agreement, block="set", customer=False
)
def imp_qa_agreement(calibrations: Fact, points: int) -> CaseColumns:
    """Share of pairs of reviewers of the same contact whose scores are within ten points."""
    apart = (calibrations.first_points - calibrations.second_points).abs()
    return calibrations.cases(
        hit=apart <= points + TOLERANCE,
        first_points=calibrations.first_points,
        second_points=calibrations.second_points,
        set_size=calibrations.set_size,
        first_reviewer=calibrations.first_reviewer_id,
        second_reviewer=calibrations.second_reviewer_id,
    )


@indicator(fact="roster", anchor=None, statistic=by_census_of_trained, customer=False)
def imp_training_currency(roster: Fact) -> CaseColumns:
    """Share of the agents active most of the quarter who had twelve hours of training in it.

    At least one course by doing: a scenario, or coaching. Of a longer period each of its quarters
    counts, of a shorter one the quarter that ends with it.
    """
    return roster.cases(
        hours=roster.hours,
        is_practice=roster.method.isin(["scenario", "coaching"]),
        score_pre=roster.score_pre,
        score_post=roster.score_post,
        **of_roster(roster),
    )
