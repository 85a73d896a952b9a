"""Does the organisation speak first?"""

from __future__ import annotations

from dataclasses import replace

import ibis

from cxaudit.indicators.declaration import CaseColumns, Fact, indicator
from cxaudit.indicators.methods import (
    DAY,
    by_incidence_difference,
    by_incidence_in_hours,
    by_quantile_of_events,
    by_share,
    by_share_of_reasons,
    by_survival_at_window,
)


@indicator(
    fact="service_events", anchor="detected_at", statistic=by_incidence_in_hours, block="event"
)
def pro_notified_first(service_events: Fact, match_days: int) -> CaseColumns:
    """Share of customers touched by an event who hear of it within a day, before they ask.

    Who asks first can no longer be told first. Where tickets name no event, any contact of the
    customer within a week of its beginning counts as about it.
    """
    events = service_events
    followed = events.next_contact_at - events.occurred_at <= match_days * DAY
    next_contact_at = ibis.ifelse(followed, events.next_contact_at, None)
    contacted_at = events.contacted_at.fill_null(next_contact_at)
    asked_first = contacted_at < events.notified_at.fill_null(contacted_at + 1)
    first_at = ibis.ifelse(asked_first.fill_null(False), contacted_at, events.notified_at)
    return events.duration(
        events.detected_at,
        ibis.ifelse(first_at < events.detected_at, events.detected_at, first_at),
        where=events.requires_outreach,
        competing=asked_first,
    )


@indicator(
    fact="service_events",
    anchor="detected_at",
    statistic=by_quantile_of_events,
    block="event",
    clock="calendar",
)
def pro_notice_lag(service_events: Fact) -> CaseColumns:
    """Time from detection until half of the customers touched by an event have been told."""
    detected_at, notified_at = service_events.detected_at, service_events.notified_at
    told_at = ibis.ifelse(notified_at < detected_at, detected_at, notified_at)
    lag = service_events.duration(detected_at, told_at, where=service_events.requires_outreach)
    unnoticed = detected_at - service_events.occurred_at
    return replace(lag, columns={**lag.columns, "unnoticed_seconds": unnoticed})


@indicator(fact="outreach", anchor="sent_at", statistic=by_incidence_difference)
def pro_outreach_backfire(outreach: Fact) -> dict[str, CaseColumns]:
    """How much more often customers make contact in the week after our message than usually.

    Usually: in the same customers' week 28 days before. Messages that ask for a contact, and those
    before which the data do not reach back so far, are left out.
    """
    asks = outreach.asks_contact.fill_null(False)
    where = ~asks & outreach.is_compared
    return {
        "after": outreach.duration(outreach.sent_at, outreach.contacted_at, where=where),
        "before": outreach.duration(outreach.usual_from_at, outreach.usual_contact_at, where=where),
    }


@indicator(
    fact="service_events", anchor="occurred_at", statistic=by_share, block="event", clock="calendar"
)
def pro_confirmation_coverage(service_events: Fact, window_seconds: int) -> CaseColumns:
    """Share of events that call for a confirmation and get one within five minutes."""
    deadline = service_events.occurred_at + window_seconds
    return service_events.cases(
        where=service_events.requires_confirmation,
        hit=(service_events.confirmed_at <= deadline).fill_null(False),
        due=deadline < service_events.as_of,
    )


@indicator(fact="reasons", anchor="first_solved_at", statistic=by_survival_at_window)
def pro_next_issue_avoided(reasons: Fact) -> CaseColumns:
    """Share of solved cases after which the issue that usually follows stays away for 30 days."""
    return reasons.duration(reasons.first_solved_at, reasons.next_issue_at, where=reasons.leads_on)


@indicator(fact="reasons", statistic=by_share_of_reasons)
def pro_preventable_share(reasons: Fact) -> CaseColumns:
    """Share of cases with a reason that would not arise if something upstream worked.

    Cases without a reason, or with one the catalogue does not judge, are left out and counted.
    """
    return reasons.cases(
        hit=reasons.is_preventable,
        has_category=reasons.category.notnull(),
        active_customers=reasons.active_customers,
        created_at=reasons.created_at,
    )


@indicator(
    fact="mentions", anchor="mentioned_at", statistic=by_incidence_in_hours, clock="calendar"
)
def pro_social_response(mentions: Fact) -> CaseColumns:
    """Share of public complaints and questions that a person answers within 24 hours."""
    return mentions.duration(mentions.mentioned_at, mentions.answered_at)
