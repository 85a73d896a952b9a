"""The fact table of reviews: what a reviewer said of one item of the form on one contact."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis
from ibis import _

from cxaudit.facts.declaration import FactTable

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from cxaudit.facts.tables import CheckedTables

# Contacts chosen on purpose, or by the agent, say nothing of the others.
BY_CHANCE = ("random", "stratified")


def counted_items(tables: CheckedTables) -> ir.Table:
    """The items of reviews that indicators count, as delivered."""
    return tables.in_scope("qa_reviews").filter(
        _.sample_method.isin(BY_CHANCE), _.applicable, (_.sampling_weight > 0).fill_null(True)
    )


def reviews(tables: CheckedTables, contacts: ir.Table) -> ir.Table:
    """Items that applied, of reviews of contacts chosen by chance.

    `review` is a number of the review. `is_passed` is as delivered, else whether all points were
    given. `weight` is how many contacts the review stands for, null where nobody says; reviews
    that stand for none are left out.
    """
    return counted_items(tables).select(
        "review_id",
        "item_key",
        "ticket_id",
        "agent_id",
        "reviewer_id",
        "reviewed_at",
        "score",
        "max_score",
        review=ibis.dense_rank().over(order_by=_.review_id).cast("int64"),
        is_passed=_.passed.fill_null(_.score >= _.max_score),
        is_critical=_.is_critical.fill_null(False),
        hurts_customer=(_.is_critical & (_.critical_type == "customer")).fill_null(False),
        is_stratified=_.sample_method == "stratified",
        weight=_.sampling_weight,
    )


REVIEWS = FactTable(
    name="reviews",
    make=reviews,
    key=("review_id", "item_key"),
    needs=("qa_reviews",),
    agents={"agent": "agent_id"},
)
