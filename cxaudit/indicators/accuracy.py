"""Is what customers are told right, complete and the same from everyone, the first time?"""

from __future__ import annotations

from cxaudit.indicators.declaration import CaseColumns, Fact, indicator
from cxaudit.indicators.methods import (
    DAY,
    by_census_of_certified,
    by_cumulative_incidence,
    by_share,
    by_share_of_reviews,
    by_share_of_views,
)
from cxaudit.indicators.reviewed import reviewed_items
from cxaudit.indicators.rostered import of_roster


@indicator(fact="answers", anchor="responded_at", statistic=by_share, agent="agent")
def acc_customer_rated(answers: Fact, question_keys: list[str]) -> CaseColumns:
    """Share of customers who answered and found the information correct and complete."""
    return answers.cases(
        where=answers.question_key.isin(question_keys), hit=answers.is_top, weight=answers.weight
    )


@indicator(
    fact="contacts",
    anchor="first_solved_at",
    statistic=by_cumulative_incidence,
    agent="solver",
    clock="calendar",
)
def acc_reopen_14d(contacts: Fact) -> CaseColumns:
    """Share of solved cases that a customer reopens within 14 days.

    A customer's message and the change of status after it; a closing 'thanks' counts too.
    """
    return contacts.duration(
        contacts.first_solved_at, contacts.reopened_at, where=contacts.first_solved_at.notnull()
    )


@indicator(fact="contacts", statistic=by_share, agent="replier")
def acc_right_first_routing(contacts: Fact) -> CaseColumns:
    """Share of cases a person took up that stay with the group that first got them.

    To hand a case up a tier is planned; to transfer a call about it is not.
    """
    return contacts.cases(
        where=contacts.was_handled & contacts.assigned_at.notnull(), hit=~contacts.was_misrouted
    )


@indicator(fact="articles", anchor=None, statistic=by_share_of_views, customer=False, sliced=False)
def acc_kb_currency(articles: Fact, review_days: int) -> CaseColumns:
    """Share of the views that go to articles checked within a year and without open complaint."""
    is_checked = (articles.checked_at >= articles.as_of - review_days * DAY).fill_null(False)
    return articles.cases(
        hit=is_checked & (articles.open_incorrect_flags == 0), weight=articles.views
    )


@indicator(
    fact="reviews",
    anchor="reviewed_at",
    statistic=by_share_of_reviews,
    agent="agent",
    customer=False,
)
def acc_critical_error_free(reviews: Fact) -> CaseColumns:
    """Share of reviewed contacts without an error that hurts the customer."""
    return reviewed_items(reviews, reviews.hurts_customer, reviews.is_passed)


@indicator(fact="roster", anchor=None, statistic=by_census_of_certified, customer=False)
def acc_knowledge_certified(roster: Fact) -> CaseColumns:
    """Share of the agents active at the end of the period who passed a product course in a year."""
    return roster.cases(
        certifies=(roster.topic == "product") & roster.passed.fill_null(False),
        **of_roster(roster),
    )
