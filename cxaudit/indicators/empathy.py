"""Do customers feel heard?"""

from __future__ import annotations

from cxaudit.indicators.declaration import CaseColumns, Fact, indicator
from cxaudit.indicators.methods import by_share


@indicator(fact="answers", anchor="responded_at", statistic=by_share, agent="agent")
def emp_felt_understood(answers: Fact, question_keys: list[str]) -> CaseColumns:
    """Share of customers who answered and felt understood and cared for."""
    return answers.cases(where=answers.question_key.isin(question_keys), hit=answers.is_top)
