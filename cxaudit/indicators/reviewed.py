"""What indicators of reviewed contacts have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from cxaudit.indicators.declaration import CaseColumns, Fact


def reviewed_items(
    reviews: Fact, where: ir.BooleanValue, num: ir.Value, den: ir.Value | None = None
) -> CaseColumns:
    """Items of reviews as cases: what was reached of what could be, by default passed of one."""
    return reviews.cases(
        where=where,
        num=num,
        den=ibis.literal(1) if den is None else den,
        review=reviews.review,
        reviewer=reviews.reviewer_id,
        is_stratified=reviews.is_stratified,
        weight=reviews.weight,
    )
