"""Business time by two rules: the schedule a ticket is under as Zendesk's package has it, and ours.

They differ in the time before a schedule was set, and after one that no longer exists.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

import ibis
from ibis import _

from cxaudit.facts.business_time import EVER, Under, second
from cxaudit.reconcile.loaded import happened

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from cxaudit.engine import Engine
    from cxaudit.facts.tables import CheckedTables

# A schedule set so soon after the ticket was created is taken for the ticket's first one.
AT_ONCE_SECONDS = 5
MINUTE = 60.0

Clock = Callable[["ir.Table", Sequence[str]], "ir.Table"]


class Clocks:
    """The open seconds of spans under both rules; the spans have ticket_id, channel and group_id.

    A span is a row with `start` and `end`; its seconds are null where the client has no schedule.
    """

    def __init__(self, tables: CheckedTables):
        self._tables = tables

    @cached_property
    def _segments(self) -> ir.Table:
        return self._tables.engine.cached(_segments(self._tables))

    def by_segment(self, spans: ir.Table, by: Sequence[str]) -> ir.Table:
        """`open_seconds` in all by the columns `by`, under the schedule set at each moment.

        Before the first one the default schedule holds; where the first was set within 5 s of the
        ticket's creation, or is unknown, that time is closed.
        """
        segment = self._segments.rename("segment_{name}")
        parts = spans.join(
            segment,
            [
                spans.ticket_id == segment.segment_ticket_id,
                second(spans.start) < segment.segment_ends,
                second(spans.end) > segment.segment_starts,
            ],
        )
        parts = parts.mutate(
            start=ibis.greatest(_.start, _.segment_from_at), end=ibis.least(_.end, _.segment_until)
        )
        timed = self._tables.business_time.with_open_seconds(
            parts, Under(schedule="segment_schedule_id"), began="start", ended="end"
        )
        spent = timed.group_by(*by).agg(spent=(_.ended - _.began).sum())
        every = spans.group_by(*by).agg(is_known=(_.start.notnull() & _.end.notnull()).any())
        found = every.left_join(spent, list(by))
        nothing = ibis.literal(0) if self._tables.has("schedules") else ibis.null("int64")
        seconds = ibis.ifelse(found.is_known, found.spent.fill_null(nothing), None)
        return found.select(*by, open_seconds=seconds.cast("int64"))

    def by_ticket(self, spans: ir.Table, by: Sequence[str]) -> ir.Table:
        """`open_seconds` in all by the columns `by`; a ticket's first schedule is its first."""
        under = Under(ticket="ticket_id", channel="channel", group="group_id")
        timed = self._tables.business_time.with_open_seconds(
            spans, under, began="start", ended="end"
        )
        return timed.group_by(*by).agg(open_seconds=(_.ended - _.began).sum().cast("int64"))


def since_creation(
    engine: Engine, tickets: ir.Table, ends: ir.Table, clock: Clock, **names: str
) -> ir.Table:
    """Minutes from each ticket's creation to instants, on both clocks.

    `ends` has a row per ticket with the instants; names: the column of an instant → the name that
    `_calendar_minutes` and `_business_minutes` are added to.
    """
    dated = tickets.left_join(ends, "ticket_id")
    spans = [
        dated.select(
            "ticket_id",
            "channel",
            "group_id",
            start=dated.created_at,
            end=dated[column],
            which=ibis.literal(column),
        )
        for column in names
    ]
    # Kept: the clock's expression is long, and engines are told every part of it twice otherwise.
    rows = engine.cached(ibis.union(*spans) if len(spans) > 1 else spans[0])
    business = clock(rows, ("ticket_id", "which"))
    found = rows.join(business, ["ticket_id", "which"])
    seconds = second(found.end) - second(found.start)
    columns = {}
    for column, name in names.items():
        is_it = found.which == column
        columns[f"{name}_calendar_minutes"] = seconds.sum(where=is_it).cast("float64") / MINUTE
        columns[f"{name}_business_minutes"] = (
            found.open_seconds.sum(where=is_it).cast("float64") / MINUTE
        )
    return found.group_by("ticket_id").agg(**columns)


def _segments(tables: CheckedTables) -> ir.Table:
    """Which schedule each ticket was under from when until when; null is the default schedule."""
    tickets = tables.read("tickets").select("ticket_id", "created_at")
    under = happened(tables, "ticket_schedules").select("ticket_id", "schedule_id", "from_at")
    dated = under.join(tickets, "ticket_id")
    after = second(dated.from_at) - second(dated.created_at)
    at_once = dated.filter((after >= 0) & (after <= AT_ONCE_SECONDS))
    without = tickets.anti_join(at_once, "ticket_id")
    usual = without.select("ticket_id", schedule_id=ibis.null("string"), from_at=without.created_at)
    story = ibis.window(group_by="ticket_id", order_by=["from_at", "schedule_id"])
    every = ibis.union(under, usual)
    until = every.from_at.lead().over(story)
    told = every.mutate(until=until, starts=second(every.from_at), ends=second(until))
    known = tables.read("schedules").select("schedule_id").distinct()
    told = told.mutate(ends=_.ends.fill_null(EVER))
    is_known = told.schedule_id.isnull() | told.schedule_id.isin(known.schedule_id)
    return told.filter(is_known)
