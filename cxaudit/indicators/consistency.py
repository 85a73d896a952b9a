"""Does the service depend on whom, where or when one asks?"""

from __future__ import annotations

from cxaudit.indicators.declaration import CaseColumns, Fact, indicator
from cxaudit.indicators.methods import (
    by_gap_in_one_mode,
    by_quantile_ratio,
    by_variance_share,
    by_week_spread,
)
from cxaudit.indicators.speed import NOT_TIMED


@indicator(
    fact="answers", anchor="responded_at", statistic=by_variance_share, agent="agent", sliced=False
)
def con_agent_icc(answers: Fact, question_keys: list[str]) -> CaseColumns:
    """Share of the differences in satisfaction that is due to which agent answered."""
    return answers.cases(where=answers.question_key.isin(question_keys), value=answers.score)


@indicator(
    fact="answers", anchor="responded_at", statistic=by_gap_in_one_mode, agent="agent", sliced=False
)
def con_channel_gap(answers: Fact, question_keys: list[str]) -> CaseColumns:
    """Mean distance of the channels' satisfaction from their mean, beyond chance.

    Only answers collected in the most frequent survey mode: modes differ by themselves.
    """
    return answers.cases(
        where=answers.question_key.isin(question_keys) & answers.channel.notnull(),
        value=answers.is_top,
        group=answers.channel,
        mode=answers.mode,
    )


@indicator(
    fact="answers", anchor="responded_at", statistic=by_week_spread, agent="agent", sliced=False
)
def con_week_stability(answers: Fact, question_keys: list[str]) -> CaseColumns:
    """Swing of satisfaction from week to week, beyond chance and a straight trend."""
    return answers.cases(
        where=answers.question_key.isin(question_keys),
        value=answers.is_top,
        responded_at=answers.responded_at,
    )


@indicator(fact="contacts", statistic=by_quantile_ratio, agent="replier", sliced=False)
def con_response_spread(contacts: Fact) -> CaseColumns:
    """How many times longer the slow tenth waits for a first reply than the middle.

    Mean over channel and priority of P90 / P50, weighted by their shares of the cases.
    """
    timed = contacts.channel.notin(["self_service", *NOT_TIMED])
    found = contacts.duration(contacts.created_at, contacts.first_response_at, where=timed)
    stratum = contacts.channel + "/" + contacts.priority.fill_null("none")
    return contacts.cases(where=timed, stratum=stratum, **found.columns)
