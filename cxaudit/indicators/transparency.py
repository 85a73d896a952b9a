"""Are limits, mistakes, timeframes and progress said openly, and promises kept?"""

from __future__ import annotations

from cxaudit.indicators.declaration import CaseColumns, Fact, indicator
from cxaudit.indicators.methods import DAY, by_share, by_share_of_legs


@indicator(fact="answers", anchor="responded_at", statistic=by_share_of_legs, agent="agent")
def tra_honesty_rated(answers: Fact, question_keys: list[str]) -> dict[str, CaseColumns]:
    """Share of customers who answered and rate us honest, and kept informed: mean of the two."""
    return {
        key: answers.cases(where=answers.question_key == key, hit=answers.is_top)
        for key in question_keys
    }


@indicator(fact="contacts", anchor="first_solved_at", statistic=by_share, agent="solver")
def tra_resolution_confirmed(contacts: Fact, window_days: int) -> CaseColumns:
    """Share of solved cases whose customer confirms the solution within 7 days, in a survey."""
    deadline = contacts.first_solved_at + window_days * DAY
    return contacts.cases(
        where=contacts.first_solved_at.notnull(),
        hit=(contacts.confirmed_at <= deadline).fill_null(False),
        due=deadline < contacts.as_of,
    )
