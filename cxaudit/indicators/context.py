"""Figures shown beside the indicators because clients know them; they enter no score."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis

from cxaudit.indicators.declaration import CaseColumns, Fact, indicator
from cxaudit.indicators.methods import DAY, by_median, by_ninetieth, by_share

if TYPE_CHECKING:
    import ibis.expr.types as ir


@indicator(fact="contacts", statistic=by_share, agent="replier")
def answered_within_24_hours(contacts: Fact) -> CaseColumns:
    """Share of cases a person answered within 24 hours; not yet due ones are left out."""
    deadline = contacts.created_at + DAY
    return contacts.cases(
        hit=(contacts.first_response_at <= deadline).fill_null(False),
        due=deadline < contacts.as_of,
    )


@indicator(fact="contacts", statistic=by_share, agent=None)
def not_answered_by_as_of(contacts: Fact) -> CaseColumns:
    """Share of cases that no person had answered by as-of."""
    return contacts.cases(hit=contacts.first_response_at.isnull())


@indicator(fact="contacts", statistic=by_median, agent="replier")
def first_response_median_among_answered(contacts: Fact) -> CaseColumns:
    """Median time to the first reply among the answered: flatters, the others still wait."""
    return contacts.cases(where=contacts.first_response_at.notnull(), value=_waited(contacts))


@indicator(fact="contacts", statistic=by_ninetieth, agent="replier")
def first_response_p90_among_answered(contacts: Fact) -> CaseColumns:
    """P90 of the time to the first reply among the answered: flatters, the others still wait."""
    return contacts.cases(where=contacts.first_response_at.notnull(), value=_waited(contacts))


def _waited(contacts: Fact) -> ir.IntegerValue:
    """Seconds to the first reply, at least one; null where it lies before the creation."""
    waited = contacts.first_response_at - contacts.created_at
    return ibis.ifelse(waited >= 0, ibis.greatest(waited, 1), None)
