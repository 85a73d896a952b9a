"""How soon does a person answer, and how soon is the matter settled?"""

from __future__ import annotations

import ibis

from cxaudit.indicators.declaration import CaseColumns, Fact, indicator
from cxaudit.indicators.methods import (
    DAY,
    by_share,
    by_share_of_legs,
    by_survival_mean,
    by_survival_quantile,
)

# Phone is answered by the call system: from tickets alone it cannot be timed.
NOT_TIMED = ["phone"]


@indicator(fact="contacts", statistic=by_survival_quantile, agent="replier", per_channel=True)
def spd_first_response(contacts: Fact, unscored_channels: list[str]) -> CaseColumns:
    """Time until half of the customers have a first reply by a person, by channel.

    Calendar clock; who has no reply yet still waits at as-of.
    """
    timed = contacts.channel.notin([*unscored_channels, *NOT_TIMED])
    return contacts.duration(contacts.created_at, contacts.first_response_at, where=timed)


@indicator(fact="contacts", statistic=by_survival_quantile, agent="replier", per_channel=True)
def spd_first_response_p90(contacts: Fact, unscored_channels: list[str]) -> CaseColumns:
    """Time until nine customers in ten have a first reply by a person, by channel.

    Calendar clock; who has no reply yet still waits at as-of.
    """
    timed = contacts.channel.notin([*unscored_channels, *NOT_TIMED])
    return contacts.duration(contacts.created_at, contacts.first_response_at, where=timed)


@indicator(fact="contacts", statistic=by_survival_mean, agent="solver")
def spd_resolution_rmst(contacts: Fact) -> CaseColumns:
    """Mean time to the last solve, counted up to 30 days; open cases are censored at as-of.

    Cases of unknown status, or solved nobody knows when, are left out and counted.
    """
    return contacts.duration(contacts.created_at, contacts.solved_at, known=contacts.solve_is_known)


@indicator(fact="contacts", statistic=by_share_of_legs, agent="solver")
def spd_sla_attainment(contacts: Fact) -> dict[str, CaseColumns]:
    """Share of promised response and resolution times that were met, mean of the two.

    Where it is not known whether a case is solved, its resolution is left out and counted.
    """
    response = contacts.sla_first_response_due_at, contacts.first_response_at, True
    resolution = (
        contacts.sla_resolution_due_at,
        contacts.first_solved_at,
        contacts.first_solved_at.notnull() | contacts.solve_is_known,
    )
    return {
        leg: contacts.cases(
            at=due_at,
            where=due_at.notnull(),
            hit=ibis.ifelse(known, (done_at <= due_at).fill_null(False), None),
            due=due_at < contacts.as_of,
        )
        for leg, (due_at, done_at, known) in {
            "response": response,
            "resolution": resolution,
        }.items()
    }


@indicator(fact="contacts", anchor=None, statistic=by_share, agent="assignee")
def spd_stale_backlog(contacts: Fact, stale_days: int, sla_multiple: float) -> CaseColumns:
    """Share of the open cases that have been open too long: 14 days, or twice their promise.

    Open at the end of the period, or at as-of where that is earlier. Cases of unknown status, or
    solved nobody knows when, are left out and counted.
    """
    created_at, solved_at, seen_at = contacts.created_at, contacts.solved_at, contacts.seen_at
    promised = (contacts.sla_resolution_due_at - created_at).cast("float64") * float(sla_multiple)
    too_long = ibis.greatest(promised.fill_null(0.0), float(stale_days * DAY))
    is_open = solved_at.isnull() | (solved_at > seen_at)
    is_too_long = (seen_at - created_at).cast("float64") > too_long
    return contacts.cases(
        where=(created_at <= seen_at) & is_open,
        hit=ibis.ifelse(contacts.solve_is_known, is_too_long, None),
    )
