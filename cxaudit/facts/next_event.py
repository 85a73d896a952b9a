"""The next thing that happens to the same customer after an instant."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis
from ibis import _

if TYPE_CHECKING:
    import ibis.expr.types as ir


def next_after(
    starts: ir.Table, events: ir.Table, by: tuple[str, ...], *, same_second: bool = True
) -> ir.Table:
    """The first event from each start on: `id`, `next_at`, null where none comes.

    starts: id, the columns `by`, at. events: the columns `by`, at. With `same_second` an event in
    the very instant of the start comes after it, else before. One pass over both in order of time.
    """
    story = ibis.union(
        starts.select(*by, "id", "at", is_start=ibis.literal(1), order=ibis.literal(1)),
        events.select(
            *by,
            "at",
            id=ibis.null(starts.id.type()),
            is_start=ibis.literal(0),
            order=ibis.literal(2 if same_second else 0),
        ).select(*by, "id", "at", "is_start", "order"),
    )
    backwards = ibis.cumulative_window(
        group_by=list(by), order_by=[_.at.desc(), _.order.desc(), _.id.fill_null(_nothing(starts))]
    )
    seen = story.mutate(next_at=_.at.min(where=_.is_start == 0).over(backwards))
    return seen.filter(_.is_start == 1).select("id", "next_at")


def _nothing(starts: ir.Table) -> str | int:
    return "" if starts.id.type().is_string() else -1
