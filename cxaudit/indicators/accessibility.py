"""Can customers find help where and when they look for it?"""

from __future__ import annotations

from cxaudit.indicators.declaration import CaseColumns, Fact, indicator
from cxaudit.indicators.methods import by_share


@indicator(fact="answers", anchor="responded_at", statistic=by_share, agent="agent")
def axs_ces(answers: Fact, question_keys: list[str]) -> CaseColumns:
    """Share of customers who answered and say that we made it easy."""
    return answers.cases(where=answers.question_key.isin(question_keys), hit=answers.is_top)
