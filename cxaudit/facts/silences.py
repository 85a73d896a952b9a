"""The fact table of silences: how long customers hear nothing while the case is with the service.

A case's own clock runs while its schedule is open and it is new, open or on hold; it stands still
while it waits for the customer, and while it is solved.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis
from ibis import _

from cxaudit.facts.actors import role
from cxaudit.facts.business_time import Under, second
from cxaudit.facts.declaration import FactTable
from cxaudit.facts.population import instant

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from cxaudit.facts.tables import CheckedTables

WITH_US = ("new", "open", "on_hold")
PAUSE, RESUME, NO_CHANGE = 1, -1, 0
CARRIED: tuple[str, ...] = ("ticket_id", "customer_id", "created_at", "is_solved")
CARRIED += ("solve_is_known", "business_day_seconds", "replier_id")
OF_THE_CLOCK = ("channel", "group_id", "created_open", "ends_at")


def silences(tables: CheckedTables, contacts: ir.Table) -> ir.Table:
    """Cases open for more than a business day, or still open, with their longest silence.

    `with_us_seconds` is how long the case's clock ran until the last solve or as-of,
    `silent_seconds` the longest it ran without a public message of a person of the service.
    """
    as_of = instant(tables.run.engagement.as_of)
    ends = ibis.ifelse(contacts.is_solved, contacts.solved_at, as_of)
    cases = contacts.mutate(ends_at=ends, replier_id=_.replied_by.fill_null(_.assignee_id))
    lasted = second(cases.ends_at) - second(cases.created_at)
    cases = cases.filter(~_.is_solved | (lasted > _.business_day_seconds))
    cases = tables.engine.cached(cases.select("row", *CARRIED, *OF_THE_CLOCK))
    story = _story(tables, cases)
    so_far = ibis.cumulative_window(group_by="row", order_by=["at", "is_end"])
    stood_still = ibis.ifelse(_.change == NO_CHANGE, 0, -_.change * _.run).sum().over(so_far)
    story = story.mutate(
        stood_still=stood_still.cast("int64"), pauses=_.change.sum().over(so_far).cast("int64")
    )
    stood_still = _.stood_still + ibis.ifelse(_.pauses > 0, _.run, 0)
    heard = story.mutate(clock=_.run - stood_still).filter(_.change == NO_CHANGE)
    place = ibis.window(group_by="row", order_by=["at", "is_end"])
    heard = heard.mutate(silent=_.clock - _.clock.lag().over(place).fill_null(0))
    found = heard.group_by("row").agg(silent_seconds=_.silent.max(), with_us_seconds=_.clock.max())
    return cases.select("row", *CARRIED).join(found, "row")


def _story(tables: CheckedTables, cases: ir.Table) -> ir.Table:
    """What people of the service wrote, pauses, and the end, with the business time until each.

    Columns row, at, is_end, change (1 where the clock stops, -1 where it goes on, 0 of a message
    and of the end) and run, the open seconds since the creation.
    """
    actors = tables.actors
    spans = cases.select("row", "ticket_id", "created_at", "ends_at")
    messages = tables.in_scope("messages").filter(
        _.is_public,
        ~_.is_auto.fill_null(False),
        role(actors, _.author_id, _.author_type, _.at) == "agent",
    )
    messages = messages.select("ticket_id", "at").join(spans, "ticket_id")
    written = messages.select("row", "created_at", "ends_at", "at", change=_whole(NO_CHANGE))
    story = ibis.union(written, _changes(tables, spans))
    story = story.mutate(at=ibis.greatest(_.at, _.created_at)).filter(_.at <= _.ends_at)
    story = story.select("row", "at", "change", is_end=_whole(0))
    last = spans.select("row", at=_.ends_at, change=_whole(NO_CHANGE), is_end=_whole(1))
    under = cases.select("row", "ticket_id", "channel", "group_id", "created_open")
    story = tables.business_time.with_open_seconds(
        ibis.union(story, last).join(under, "row"),
        Under(ticket="ticket_id", channel="channel", group="group_id"),
        at_open="at",
    )
    return story.select("row", "at", "is_end", "change", run=_.at_open - _.created_open)


def _changes(tables: CheckedTables, spans: ir.Table) -> ir.Table:
    """When the clocks of tickets stop and go on: the spans' columns, at, change."""
    place = ibis.window(group_by="row", order_by=["at", _.event_id.length(), "event_id"])
    changes = tables.in_scope("ticket_events").filter(_.type == "status")
    runs = _.to_value.isin(WITH_US).cast("int64")
    changes = changes.select("ticket_id", "at", "event_id", runs=runs).join(spans, "ticket_id")
    # A case begins with the service, whatever its first change says it was before.
    changes = changes.mutate(before=_.runs.lag().over(place).fill_null(1))
    changes = changes.filter(_.runs != _.before)
    return changes.select("row", "created_at", "ends_at", "at", change=_.before - _.runs)


def _whole(number: int) -> ir.IntegerScalar:
    return ibis.literal(number, type="int64")


SILENCES = FactTable(
    name="silences",
    make=silences,
    key=("ticket_id",),
    needs=("messages",),
    agents={"replier": "replier_id"},
)
