"""The fact table of adherence: was the agreed process followed, as reviewers or the events say?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis
from ibis import _

from cxaudit.facts.declaration import FactTable
from cxaudit.facts.reviews import reviews
from cxaudit.facts.settings import parameter
from cxaudit.facts.traces import traces

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from cxaudit.facts.tables import CheckedTables


def adherence(tables: CheckedTables, contacts: ir.Table) -> ir.Table:
    """Reviewed items on the process, and traces of solved tickets.

    `is_trace` tells them apart; `is_scored` is true of the reviews, and of the traces where no
    review asks about the process. `at` puts a row into its period.
    """
    keys = parameter(tables.run, "con_process_adherence", "qa_items")
    asked = tables.values("qa_reviews.item_key") & set(keys)
    reviewed = reviews(tables, contacts).filter(_.item_key.isin(keys))
    reviewed = reviewed.select(
        "ticket_id",
        "agent_id",
        "review",
        "reviewer_id",
        "is_stratified",
        "weight",
        case_id=_.review_id,
        item_key=_.item_key,
        at=_.reviewed_at,
        follows_process=_.is_passed,
        is_trace=False,
        is_scored=True,
    )
    traced = traces(tables, contacts).select(
        "ticket_id",
        "agent_id",
        review=ibis.null("int64"),
        reviewer_id=ibis.null("string"),
        is_stratified=False,
        weight=ibis.null("float64"),
        case_id=_.ticket_id,
        item_key=ibis.literal(""),
        at=_.solved_at,
        follows_process=_.follows_process,
        is_trace=True,
        is_scored=not asked,
    )
    return ibis.union(reviewed, traced.select(*reviewed.columns))


ADHERENCE = FactTable(
    name="adherence",
    make=adherence,
    key=("case_id", "is_trace", "item_key"),
    needs=("qa_reviews", "process_flows"),
    agents={"agent": "agent_id"},
)
