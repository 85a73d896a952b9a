"""Can customers find help where and when they look for it?"""

from __future__ import annotations

from cxaudit.indicators.declaration import CaseColumns, Fact, indicator
from cxaudit.indicators.methods import by_share_of_one_scale


@indicator(fact="answers", anchor="responded_at", statistic=by_share_of_one_scale, agent="agent")
def axs_ces(answers: Fact, question_keys: list[str]) -> CaseColumns:
    """Share of customers who answered and say that we made it easy.

    5, 6 or 7 of seven points; on another scale, above its middle.
    """
    return answers.cases(
        where=answers.question_key.isin(question_keys),
        hit=answers.is_top,
        other_scale=(answers.scale_min != 1) | (answers.scale_max != 7),
    )
