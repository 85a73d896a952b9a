"""Can customers find help where and when they look for it?"""

from __future__ import annotations

import ibis

from cxaudit.indicators.declaration import CaseColumns, Fact, indicator
from cxaudit.indicators.methods import (
    DAY,
    by_ratio_of_searches,
    by_share,
    by_share_of_one_scale,
    by_share_of_waits,
    by_visibility,
)
from cxaudit.indicators.waits import is_over


@indicator(fact="answers", anchor="responded_at", statistic=by_share_of_one_scale, agent="agent")
def axs_ces(answers: Fact, question_keys: list[str]) -> CaseColumns:
    """Share of customers who answered and say that we made it easy.

    5, 6 or 7 of seven points; on another scale, above its middle.
    """
    return answers.cases(
        where=answers.question_key.isin(question_keys),
        hit=answers.is_top,
        weight=answers.weight,
        other_scale=(answers.scale_min != 1) | (answers.scale_max != 7),
    )


@indicator(fact="calls", anchor="offered_at", statistic=by_share_of_waits, block="day")
def axs_abandonment(calls: Fact, short_abandon_seconds: float) -> CaseColumns:
    """Share of calls and chats that waited in a queue in staffed hours and hung up.

    Who hung up within 5 seconds is left out and counted: most dialled wrong.
    """
    start, answered, ended = calls.waited_from, calls.answered_at, calls.ended_at
    return calls.cases(
        where=start.notnull() & calls.in_hours,
        hit=answered.isnull(),
        due=is_over(start, answered, ended, short_abandon_seconds),
    )


@indicator(fact="attempts", anchor="at", statistic=by_share, block="day")
def axs_hours_match(attempts: Fact) -> CaseColumns:
    """Share of attempts to reach the service that came while their channel was open.

    Calls, and tickets that customers wrote; a call and its ticket are one attempt.
    """
    return attempts.cases(hit=attempts.in_hours)


@indicator(fact="self_service", anchor="started_at", statistic=by_share, clock="calendar")
def axs_self_service_success(self_service: Fact, window_days: int) -> CaseColumns:
    """Share of visits that the customer called a success, and no ticket or call within 7 days.

    Silence is no success. Visits of people nobody knows are left out: who they are decides it.
    """
    until = self_service.started_at + window_days * DAY
    came_back = (self_service.assisted_at <= until).fill_null(False)
    return self_service.cases(
        hit=self_service.said_yes & ~came_back, due=until < self_service.as_of
    )


@indicator(fact="bot_sessions", anchor="started_at", statistic=by_share, clock="calendar")
def axs_bot_handoff(bots: Fact, threshold_seconds: int, min_fallbacks: int) -> CaseColumns:
    """Share of bot sessions that needed a person and got one within a minute, who knew the matter.

    Needed: the customer asked for a person, or the bot failed to understand twice; staffed hours.
    """
    asked = bots.handoff_requested_at.notnull()
    needed = (asked | (bots.n_fallbacks >= min_fallbacks)).fill_null(False)
    joined = (bots.human_joined_at - bots.wanted_at <= threshold_seconds).fill_null(False)
    stayed = (bots.outcome != "abandoned").fill_null(True)
    return bots.cases(
        where=needed & bots.in_hours,
        hit=joined & stayed & bots.context_passed,
        due=bots.ended_at.notnull(),
    )


@indicator(fact="searches", anchor="started_at", statistic=by_ratio_of_searches)
def axs_kb_findability(searches: Fact) -> CaseColumns:
    """Share of searches in the help centre that returned something, of people's searches."""
    return searches.cases(num=searches.found, den=searches.n_searches)


@indicator(
    fact="channel_catalogue",
    anchor="observed_at",
    statistic=by_visibility,
    customer=False,
    sliced=False,
)
def axs_channel_visibility(catalogue: Fact, channels: list[str]) -> CaseColumns:
    """Points of the ways to reach the service, each weighted by the demand for it.

    Offered 0.4, on the home page 0.2, in the product 0.2, usable by people with disabilities 0.2.
    """
    parts = [(catalogue.offered, 0.4), (catalogue.entry_homepage, 0.2)]
    parts += [(catalogue.entry_in_app, 0.2), (catalogue.is_usable, 0.2)]
    return catalogue.cases(
        where=catalogue.channel.isin(channels),
        points=sum(ibis.ifelse(holds.fill_null(False), n, 0.0) for holds, n in parts),
        applies=catalogue.not_applicable_reason.isnull(),
        created=catalogue.created,
        preferred=catalogue.preferred,
        observers=catalogue.observers.fill_null(0),
    )
