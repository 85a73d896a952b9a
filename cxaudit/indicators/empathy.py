"""Do customers feel heard?"""

from __future__ import annotations

from cxaudit.indicators.declaration import CaseColumns, Fact, indicator
from cxaudit.indicators.methods import by_ratio_of_reviews, by_share
from cxaudit.indicators.reviewed import reviewed_items


@indicator(fact="answers", anchor="responded_at", statistic=by_share, agent="agent")
def emp_felt_understood(answers: Fact, question_keys: list[str]) -> CaseColumns:
    """Share of customers who answered and felt understood and cared for."""
    return answers.cases(
        where=answers.question_key.isin(question_keys), hit=answers.is_top, weight=answers.weight
    )


@indicator(
    fact="reviews",
    anchor="reviewed_at",
    statistic=by_ratio_of_reviews,
    agent="agent",
    customer=False,
)
def emp_qa_listening(reviews: Fact, qa_items: list[str]) -> CaseColumns:
    """Share of the listening behaviours that applied in reviewed contacts and were shown."""
    return reviewed_items(reviews, reviews.item_key.isin(qa_items), reviews.is_passed)
