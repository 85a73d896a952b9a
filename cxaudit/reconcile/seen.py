"""What our definitions are given: the audit's tables, under rules done the tool's way."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import ibis
from ibis import _

from cxaudit.engagement import Actors
from cxaudit.facts.replies import first_human_replies
from cxaudit.facts.resolution import status_changes
from cxaudit.reconcile import rules as by
from cxaudit.reconcile.authors import as_now, told_authors, with_authors
from cxaudit.reconcile.clocks import Clock, Clocks
from cxaudit.reconcile.loaded import LoadedTables, happened

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from cxaudit.facts.tables import CheckedTables

Rules = Set[by.Rule]


@dataclass(frozen=True)
class Seen:
    """What our definitions are given: the audit's tables, and those loaded, nothing set aside."""

    checked: CheckedTables
    loaded: LoadedTables

    @cached_property
    def tickets(self) -> ir.Table:
        """The tickets that were loaded, in our scope or not."""
        columns = ("ticket_id", "created_at", "channel", "group_id", "status")
        return self.checked.engine.cached(self.loaded.read("tickets").select(*columns))

    @cached_property
    def _messages(self) -> dict[bool, ir.Table]:
        """The messages with their authors, those set aside by a contract left out or not."""
        return {
            is_whole: self.checked.engine.cached(told_authors(self.tables(is_whole), self.loaded))
            for is_whole in (False, True)
        }

    @cached_property
    def _events(self) -> dict[bool, ir.Table]:
        return {
            is_whole: self.checked.engine.cached(happened(self.tables(is_whole), "ticket_events"))
            for is_whole in (False, True)
        }

    def tables(self, is_whole: bool) -> CheckedTables:
        """The tables that were loaded, or those that passed the contracts."""
        return self.loaded if is_whole else self.checked

    def messages(self, rules: Rules) -> ir.Table:
        """The messages until as-of, their author_type by the rules: no names are needed more."""
        messages = with_authors(self._messages[by.SET_ASIDE in rules], rules)
        if by.RECEIPTS in rules:
            messages = messages.mutate(is_auto=ibis.literal(False))
        return messages

    @cached_property
    def without_effect(self) -> frozenset[by.Rule]:
        """Rules that cannot change a figure: no message and no row set aside is of their kind."""
        told = self._messages[True]
        dated = told.join(self.tickets.select("ticket_id", "created_at"), "ticket_id")
        kinds = as_now(dated.role_then, dated.role_now) | {
            by.UNKNOWN: dated.role_now.isnull(),
            by.RECEIPTS: dated.is_auto.fill_null(False),
            by.EARLY: dated.at < dated.created_at,
        }
        counts = {f"rule_{n}": is_so.any() for n, is_so in enumerate(kinds.values())}
        found = self.checked.engine.fetch(dated.agg(**counts)).to_pylist()[0]
        met = {rule for rule, is_met in zip(kinds, found.values(), strict=True) if is_met}
        if any(entry["rows"] for entry in self.checked.validation["quarantined"].values()):
            met.add(by.SET_ASIDE)
        return frozenset({*kinds, by.SET_ASIDE} - met)

    def changes(self, rules: Rules) -> ir.Table:
        """The changes of status until as-of."""
        events = self._events[by.SET_ASIDE in rules]
        told = self.checked.tells_status_before
        return status_changes(events, self.checked.actors, told=told)

    @cached_property
    def written_replies(self) -> ir.Table | None:
        """When a person first replied to each ticket in writing; None where nobody could tell."""
        if not self.checked.has("messages") or not self.checked.tells_who_acts:
            return None
        calls = self.checked.read("calls").filter(_.answered_at.notnull(), _.ticket_id.notnull())
        written = self.tickets.filter(_.channel != "phone").anti_join(calls, "ticket_id")
        replies = first_human_replies(self.messages(frozenset()), self.tickets, Actors())
        joined = written.select("ticket_id").left_join(replies, "ticket_id")
        return self.checked.engine.cached(joined.select("ticket_id", "replied_at"))

    @cached_property
    def _clocks(self) -> dict[bool, Clocks]:
        return {is_whole: Clocks(self.tables(is_whole)) for is_whole in (False, True)}

    def clock(self, rules: Rules) -> Clock:
        """The business clock the rules say."""
        clocks = self._clocks[by.SET_ASIDE in rules]
        return clocks.by_segment if by.SCHEDULE in rules else clocks.by_ticket
