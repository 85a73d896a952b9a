"""The business clock: open seconds between any two instants, by the schedule a case is under.

The calendar arithmetic is done once, outside the engine: a schedule becomes a table of pieces of
time, wholly open or closed, with the open seconds before each. The engine looks an instant up by
the cell of time it lies in: equality joins and whole numbers, the same on every engine.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING

import ibis
from ibis import _

from cxaudit.facts.opening_hours import CELL
from cxaudit.facts.population import HAPPENED_AT, instant
from cxaudit.facts.schedules import ANY, Calendars, calendars

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from cxaudit.facts.tables import CheckedTables

# Instants further away from the data have no place on the clock: their open seconds are null.
BEFORE, AFTER = timedelta(days=31), timedelta(days=731)
EVER = 2**52
# Nothing of a ticket comes before it.
OF_TICKETS = ("ticket_events", "messages", "ticket_schedules")


def second(at: ir.TimestampValue) -> ir.IntegerValue:
    """Whole seconds since 1970 of an instant: cut, not rounded, as the engine does it."""
    return at.epoch_seconds().cast("int64")


@dataclass(frozen=True)
class Under:
    """The columns of a row that say which schedule it is under, the first that says one.

    schedule: the id of a schedule. ticket: the ticket whose schedule of the moment holds, before
    its first one the first. group and channel: those a schedule is made for. Else it is the
    default schedule.
    """

    schedule: str | None = None
    ticket: str | None = None
    channel: str | None = None
    group: str | None = None


class BusinessTime:
    """The clocks of cases, which run while the schedule they are under is open."""

    def __init__(self, tables: CheckedTables):
        self._tables = tables

    def with_open_seconds(
        self, rows: ir.Table, under: Under, **instants: str | ir.TimestampValue
    ) -> ir.Table:
        """The rows with a column for each instant: how long their clock has run by then.

        The difference of two is the business time between the instants, in whole seconds; null
        where an instant is null or far from the data, or there is no schedule. Adds
        `business_day_seconds`, the open seconds of a business day of the row's own schedule.
        """
        rows = self._under_schedule(rows, under)
        for name, at in instants.items():
            rows = self._in_piece(rows, under, at)
            rows = _tidy(rows.mutate(**{name: _run() + _.clock_offset}))
        return rows.drop("usual_calendar")

    def with_is_open(
        self, rows: ir.Table, under: Under, name: str, at: str | ir.TimestampValue
    ) -> ir.Table:
        """The rows with a column `name`: whether their schedule is open at an instant."""
        rows = self._in_piece(self._under_schedule(rows, under), under, at)
        rows = _tidy(rows.mutate(**{name: _.piece_is_open}))
        return rows.drop("usual_calendar", "business_day_seconds")

    def with_second_at(
        self, rows: ir.Table, under: Under, **open_seconds: str | ir.IntegerValue
    ) -> ir.Table:
        """The rows with the second since 1970 at which their clock has run so long.

        The way back from `with_open_seconds`: `due=_.created_open + _.promised`. What is up at
        closing time is due then, not at the next opening.
        """
        rows = self._under_schedule(rows, under)
        for name, amount in open_seconds.items():
            rows = rows.mutate(clock_run=rows[amount] if isinstance(amount, str) else amount)
            rows = self._in_segment(rows, under, _is_within_run)
            rows = rows.mutate(clock_own=_.clock_run - _.clock_offset)
            piece = self._open_pieces.rename("piece_{name}")
            rows = rows.left_join(
                piece,
                [
                    rows.clock_calendar == piece.piece_calendar,
                    _cell(rows.clock_own - 1) == piece.piece_cell,
                    rows.clock_own > piece.piece_open_before,
                    rows.clock_own <= piece.piece_open_after,
                ],
            )
            found = _.piece_starts + _.clock_own - _.piece_open_before
            rows = _tidy(rows.mutate(**{name: found}))
        return rows.drop("usual_calendar", "business_day_seconds")

    @cached_property
    def calendars(self) -> Calendars:
        """The hours of every schedule, in real time."""
        return calendars(self._tables, *self.covers)

    @cached_property
    def covers(self) -> tuple[datetime, datetime]:
        """From before anything happened until long after as-of."""
        tables, as_of = self._tables, self._tables.run.engagement.as_of
        firsts = [
            tables.read(name).agg(first=_[column].min())
            for name, column in HAPPENED_AT.items()
            if tables.has(name) and name not in OF_TICKETS
        ]
        first: datetime | None = None
        if firsts:
            earliest = ibis.union(*firsts) if len(firsts) > 1 else firsts[0]
            first = tables.engine.fetch(earliest.agg(first=_.first.min()))["first"][0].as_py()
        return (first or as_of) - BEFORE, as_of + AFTER

    @cached_property
    def _lookup(self) -> ir.Table:
        return self._tables.engine.table(self.calendars.lookup)

    @cached_property
    def _pieces(self) -> ir.Table:
        return self._tables.engine.table(self.calendars.pieces)

    @cached_property
    def _open_pieces(self) -> ir.Table:
        """Open pieces by the cell of open time: a piece across two cells comes twice."""
        after = _.open_before + _.ends - _.starts
        opened = self._pieces.filter(_.is_open).mutate(open_after=after)
        here = opened.mutate(cell=_cell(_.open_before))
        there = opened.mutate(cell=_cell(_.open_after - 1))
        return self._tables.engine.cached(ibis.union(here, there, distinct=True))

    @cached_property
    def _segments(self) -> ir.Table | None:
        """Tickets that were under another schedule than their channel's, and when under which.

        The clock of a ticket goes on where it stopped under the schedule before: `offset` is what
        to add to the time of the calendar. None where no ticket names a schedule.
        """
        tables = self._tables
        if not (tables.has("ticket_schedules") and tables.has("schedules")):
            return None
        as_of = instant(tables.run.engagement.as_of)
        under = tables.read("ticket_schedules").filter(_.from_at <= as_of)
        said = tables.read("tickets").select("ticket_id", "channel", "group_id")
        under = under.join(said, "ticket_id")
        under = self._under_schedule(under, Under(channel="channel", group="group_id"))
        under = under.rename(instead_of="usual_calendar")
        under = self._under_schedule(under, Under("schedule_id", None, "channel", "group_id"))
        story = ibis.window(group_by="ticket_id", order_by=["from_at", "schedule_id"])
        under = under.mutate(
            calendar=_.usual_calendar,
            before=_.usual_calendar.lag().over(story),
            starts=second(_.from_at),
            ends=second(_.from_at.lead().over(story)),
            is_usual=(_.usual_calendar == _.instead_of).cast("int64"),
        )
        whole = ibis.window(group_by="ticket_id")
        under = under.mutate(always_usual=_.is_usual.min().over(whole)).filter(_.always_usual == 0)
        for name, calendar, at in (
            ("ended", "before", "starts"),
            ("began", "calendar", "starts"),
            ("stopped", "calendar", "ends"),
        ):
            located = self._with_piece(under.mutate(clock_calendar=_[calendar], clock_second=_[at]))
            under = _tidy(located.mutate(**{name: _run()}))
        so_far = ibis.cumulative_window(group_by="ticket_id", order_by=["starts", "schedule_id"])
        jump = ibis.ifelse(_.before.isnull(), 0, _.ended - _.began)
        under = under.mutate(offset=jump.sum().over(so_far).cast("int64"))
        is_first, is_last = _.before.isnull(), _.ends.isnull()
        return tables.engine.cached(
            under.select(
                "ticket_id",
                "calendar",
                "offset",
                opens=ibis.ifelse(is_first, -EVER, _.began + _.offset),
                closes=ibis.ifelse(is_last, EVER, _.stopped + _.offset),
                starts=ibis.ifelse(is_first, -EVER, _.starts),
                ends=ibis.ifelse(is_last, EVER, _.ends),
            )
        )

    def _under_schedule(self, rows: ir.Table, under: Under) -> ir.Table:
        """The rows with `usual_calendar`, by what they say themselves, and its business day."""
        found = self.calendars
        rows = rows.drop(*({"business_day_seconds"} & set(rows.columns))).mutate(
            clock_schedule=_one_of(rows, under.schedule, found.schedules),
            clock_channel=_one_of(rows, under.channel, found.channels),
            clock_group=_one_of(rows, under.group, found.groups),
        )
        usual = self._lookup.rename(
            clock_schedule="schedule_id",
            clock_channel="channel",
            clock_group="group_id",
            usual_calendar="calendar",
            business_day_seconds="day_seconds",
        )
        said = ["clock_schedule", "clock_channel", "clock_group"]
        return _tidy(rows.left_join(usual, said).drop(*(f"{name}_right" for name in said)))

    def _in_piece(self, rows: ir.Table, under: Under, at: str | ir.TimestampValue) -> ir.Table:
        """The rows with the piece of their calendar's time that an instant lies in."""
        rows = rows.mutate(clock_second=second(rows[at] if isinstance(at, str) else at))
        return self._with_piece(self._in_segment(rows, under, _is_within_time))

    def _with_piece(self, rows: ir.Table) -> ir.Table:
        piece = self._pieces.rename("piece_{name}")
        return rows.left_join(
            piece,
            [
                rows.clock_calendar == piece.piece_calendar,
                _cell(rows.clock_second) == piece.piece_cell,
                rows.clock_second >= piece.piece_starts,
                rows.clock_second < piece.piece_ends,
            ],
        )

    def _in_segment(self, rows: ir.Table, under: Under, is_within: Within) -> ir.Table:
        """The rows with the calendar that holds for them, and the offset of its time."""
        if under.ticket is None or self._segments is None:
            return rows.mutate(clock_calendar=_.usual_calendar, clock_offset=ibis.literal(0))
        segment = self._segments.rename("segment_{name}")
        names_another = rows[under.schedule].notnull() if under.schedule else ibis.literal(False)
        own = (rows[under.ticket] == segment.segment_ticket_id) & ~names_another
        return rows.left_join(segment, [own, *is_within(rows, segment)]).mutate(
            clock_calendar=_.segment_calendar.fill_null(_.usual_calendar),
            clock_offset=_.segment_offset.fill_null(0),
        )


Within = Callable[["ir.Table", "ir.Table"], "list[ir.BooleanValue]"]


def _is_within_time(rows: ir.Table, segment: ir.Table) -> list[ir.BooleanValue]:
    at = rows.clock_second
    return [at >= segment.segment_starts, at < segment.segment_ends]


def _is_within_run(rows: ir.Table, segment: ir.Table) -> list[ir.BooleanValue]:
    """A time that is up when the schedule changes is up under the schedule before."""
    run = rows.clock_run
    return [run > segment.segment_opens, run <= segment.segment_closes]


def _run() -> ibis.Deferred:
    """How long a calendar has been open at `clock_second`."""
    since = ibis.ifelse(_.piece_is_open, _.clock_second - _.piece_starts, 0)
    return _.piece_open_before + since


def _cell(seconds: ir.IntegerValue) -> ir.IntegerValue:
    return seconds - seconds % CELL


def _one_of(rows: ir.Table, column: str | None, names: tuple[str, ...]) -> ir.StringValue:
    """The text of the column where it is one of the names, else ''."""
    if column is None or not names:
        return ibis.literal(ANY)
    return ibis.ifelse(rows[column].isin(names), rows[column], ANY)


def _tidy(rows: ir.Table) -> ir.Table:
    """The rows without the columns of the look-up."""
    return rows.drop(*(c for c in rows.columns if c.startswith(("clock_", "piece_", "segment_"))))
