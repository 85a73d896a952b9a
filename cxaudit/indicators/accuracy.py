"""Is what customers are told right, complete and the same from everyone, the first time?"""

from __future__ import annotations

from cxaudit.indicators.declaration import CaseColumns, Fact, indicator
from cxaudit.indicators.methods import by_cumulative_incidence, by_share


@indicator(fact="answers", anchor="responded_at", statistic=by_share, agent="agent")
def acc_customer_rated(answers: Fact, question_keys: list[str]) -> CaseColumns:
    """Share of customers who answered and found the information correct and complete."""
    return answers.cases(where=answers.question_key.isin(question_keys), hit=answers.is_top)


@indicator(
    fact="contacts", anchor="first_solved_at", statistic=by_cumulative_incidence, agent="solver"
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
    """Share of cases a person took up that stay with the group that first got them."""
    return contacts.cases(
        where=contacts.was_handled & contacts.assigned_at.notnull(), hit=~contacts.was_regrouped
    )
