"""Is the customer known: name, history, language, circumstances, one person to deal with?"""

from __future__ import annotations

import ibis

from cxaudit.indicators.declaration import CaseColumns, Fact, indicator
from cxaudit.indicators.methods import DAY, by_bounded_mean, by_share


@indicator(fact="answers", anchor="responded_at", statistic=by_share, agent="agent")
def per_treated_individual(answers: Fact, question_keys: list[str]) -> CaseColumns:
    """Share of customers who answered and felt treated as an individual."""
    return answers.cases(
        where=answers.question_key.isin(question_keys), hit=answers.is_top, weight=answers.weight
    )


@indicator(fact="answers", anchor="responded_at", statistic=by_share, agent="agent")
def per_no_repeat_info(answers: Fact, question_keys: list[str], repeat_days: int) -> CaseColumns:
    """Share of customers who came back or were passed on and did not have to repeat themselves."""
    came_back = answers.created_at - answers.earlier_created_at <= repeat_days * DAY
    passed_on = answers.was_regrouped.fill_null(False) | answers.was_handed_over
    return answers.cases(
        where=answers.question_key.isin(question_keys) & (came_back.fill_null(False) | passed_on),
        hit=answers.value == 0,
        weight=answers.weight,
    )


@indicator(fact="contacts", statistic=by_share, agent=None)
def per_profile_360(contacts: Fact) -> CaseColumns:
    """Share of cases whose customer has a usable record: segment, since when, language."""
    return contacts.cases(hit=contacts.has_profile)


@indicator(fact="contacts", statistic=by_bounded_mean, agent="assignee")
def per_continuity(contacts: Fact, repeat_days: int, team_credit: float) -> CaseColumns:
    """Share of returns on the same issue within 30 days that meet the same agent.

    The same team counts half; a case without an agent is left out and counted.
    """
    came_back = contacts.created_at - contacts.earlier_created_at <= repeat_days * DAY
    same_agent = contacts.assignee_id == contacts.earlier_assignee_id
    same_team = contacts.assignee_team == contacts.earlier_team
    known = contacts.assignee_id.notnull() & contacts.earlier_assignee_id.notnull()
    value = ibis.cases(
        (~known, None),
        (same_agent, 1.0),
        (same_team.fill_null(False), float(team_credit)),
        else_=0.0,
    )
    return contacts.cases(where=came_back.fill_null(False), value=value)
