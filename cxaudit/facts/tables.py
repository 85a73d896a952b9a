"""The tables that passed the contracts, as the facts read them."""

from __future__ import annotations

import json
from functools import cached_property
from typing import TYPE_CHECKING, Any

from ibis import _

from cxaudit.contracts.canonical import canonical_tables
from cxaudit.errors import EngagementError, Problem
from cxaudit.facts.actors import KnownActors, known_actors, role
from cxaudit.facts.business_time import BusinessTime

if TYPE_CHECKING:
    from pathlib import Path

    import ibis.expr.types as ir

    from cxaudit.run import Run


class CheckedTables:
    """Canonical tables after quarantine; one that was not supplied or is unusable is empty."""

    def __init__(self, run: Run):
        self.run = run
        self.engine = run.engine()
        self.folder = run.folder("2_validate") / "checked"
        self._values: dict[str, frozenset[str]] = {}

    @cached_property
    def loaded(self) -> dict[str, Any]:
        """What the load stage wrote about each table: rows received, excluded, columns supplied."""
        return self._written("1_load", "load.json")["tables"]

    @cached_property
    def validation(self) -> dict[str, Any]:
        """The result of the contracts."""
        return self._written("2_validate", "validation.json")

    @cached_property
    def actors(self) -> KnownActors:
        """Who is a bot and who was an agent, by the engagement and the roster."""
        return known_actors(self)

    @cached_property
    def business_time(self) -> BusinessTime:
        """The business clock of the client's schedules."""
        return BusinessTime(self)

    def _written(self, stage: str, name: str) -> dict[str, Any]:
        """What an earlier stage wrote; raises `EngagementError` where it has not run yet."""
        path = self.run.workspace / stage / name
        if not path.exists():
            what = f"{stage} has not run for {self.run.period.label} yet"
            do = "Run the notebooks in their order, or 'cxaudit run'."
            raise EngagementError(Problem("workspace", what, do=do))
        return json.loads(path.read_text(encoding="utf-8"))

    def has(self, table: str) -> bool:
        """Whether a table was supplied, has rows, and may be used."""
        return (
            table in self.loaded
            and self.loaded[table]["loaded"] > 0
            and table not in self.validation["unusable"]
        )

    def supplies(self, column: str) -> bool:
        """Whether a column, named `table.column`, comes from some source of the client."""
        table, _, name = column.partition(".")
        return self.has(table) and name in self.loaded[table]["supplied"]

    def values(self, column: str) -> frozenset[str]:
        """The distinct texts of a column, named `table.column`; none where it is not supplied."""
        if column not in self._values:
            found: list[str | None] = []
            if self.supplies(column):
                table, _, name = column.partition(".")
                distinct = self.read(table).select(name).distinct()
                found = self.engine.fetch(distinct)[name].to_pylist()
            self._values[column] = frozenset(text for text in found if text is not None)
        return self._values[column]

    @cached_property
    def tells_status_before(self) -> bool:
        """Whether every change of status says what it was before, but the first of a ticket."""
        events = self.read("ticket_events").filter(_.type == "status", _.from_value.isnull())
        silent = events.filter((_.to_value != "new").fill_null(True))
        return self.engine.fetch(silent.agg(rows=_.count()))["rows"][0].as_py() == 0

    @cached_property
    def tells_who_acts(self) -> bool:
        """Whether the events tell who made them: not all 'system', which may stand for anybody."""
        events = self.read("ticket_events")
        actor = role(self.actors, events.actor_id, events.actor_type)
        told = events.filter(actor.isin(["agent", "bot", "customer"]))
        return self.engine.fetch(told.agg(rows=_.count()))["rows"][0].as_py() > 0

    def read(self, table: str) -> ir.Table:
        """A table that passed the contracts; without rows where it cannot be used."""
        return self._file(self.folder, table)

    def in_scope(self, table: str) -> ir.Table:
        """The rows of a table that are in scope, once the facts step has written them."""
        return self._file(self.run.folder("2_validate") / "tables", table)

    def _file(self, folder: Path, table: str) -> ir.Table:
        path = folder / f"{table}.parquet"
        if self.has(table) and path.exists():
            return self.engine.read(path)
        return self.engine.table(canonical_tables()[table].arrow_schema().empty_table())
