"""Is feedback collected, answered, acted on, and does the action work?"""

from __future__ import annotations

from cxaudit.indicators.declaration import CaseColumns, Fact, indicator
from cxaudit.indicators.methods import DAY, by_rate_change_of_top, by_share


@indicator(
    fact="contacts",
    statistic=by_rate_change_of_top,
    agent=None,
    sliced=False,
    with_previous=True,
)
def imp_top_driver_reduction(contacts: Fact) -> CaseColumns:
    """Change in the cases per day of last period's five most frequent reasons."""
    return contacts.cases(
        where=contacts.category.notnull(),
        category=contacts.category,
        created_at=contacts.created_at,
    )


@indicator(fact="contacts", anchor="first_solved_at", statistic=by_share, agent="solver")
def imp_feedback_coverage(contacts: Fact, window_days: int) -> CaseColumns:
    """Share of solved cases whose customer tells us within 14 days what they thought."""
    deadline = contacts.first_solved_at + window_days * DAY
    return contacts.cases(
        where=contacts.first_solved_at.notnull(),
        hit=(contacts.feedback_at <= deadline).fill_null(False),
        due=deadline < contacts.as_of,
    )
