"""A tool's figures and ours, ticket by ticket: what is alike, what differs, why, what it makes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import ibis
import numpy as np
import pandas as pd
from ibis import _

from cxaudit.facts.business_time import second
from cxaudit.facts.population import IN_SCOPE, scoped_tickets
from cxaudit.facts.resolution import DONE
from cxaudit.facts.tables import CheckedTables
from cxaudit.reconcile.causes import alike, causes
from cxaudit.reconcile.clocks import MINUTE
from cxaudit.reconcile.loaded import LoadedTables
from cxaudit.reconcile.rules import SCOPE, SET_ASIDE, UNEXPLAINED, Rule
from cxaudit.reconcile.seen import Seen
from cxaudit.statistics.estimate import Cases
from cxaudit.statistics.survival import survival_quantile

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from cxaudit.reconcile.declaration import Definition, Tool
    from cxaudit.run import Run


WAITS_OF_FACTS = {
    "requester_wait_time": "requester_wait",
    "agent_wait_time": "agent_wait",
    "on_hold_time": "hold",
}


@dataclass(frozen=True)
class Compared:
    """One definition for every ticket: frames alike in rows (tickets) and columns (metrics).

    `theirs` and `ours`: figures, NaN where there is none. `causes`: None where the two are alike.
    `steps` lead from theirs to ours: a rule, and the figures once it is done our way too.
    """

    definition: Definition
    theirs: pd.DataFrame
    ours: pd.DataFrame
    causes: pd.DataFrame
    steps: tuple[tuple[Rule, pd.DataFrame], ...]


@dataclass(frozen=True)
class Reconciliation:
    """Every definition of a tool beside ours, on the tickets created in the period.

    `tickets`: ticket_id → created_at, and `reason`, 'in scope' or why a ticket is not in ours.
    `outside`: how many tickets were loaded and not created in the period; `repeated`: rows of
    tickets that have no id, or that of another row.
    """

    run: Run
    tool: Tool
    tickets: pd.DataFrame
    outside: int
    repeated: int
    compared: tuple[Compared, ...]


def compare(run: Run, tool: Tool) -> Reconciliation:
    """The reconciliation of a run whose tables are loaded, checked and made facts of."""
    checked, loaded = CheckedTables(run), LoadedTables(run)
    every = _tickets(checked, loaded)
    at = every["created_at"]
    tickets = every[(at >= run.period.start_at) & (at < run.period.end_at)]
    desk, seen = tool.desk(loaded), Seen(checked, loaded)
    audited = _audited(checked)
    compared = tuple(
        _compared(definition, desk, seen, tickets["reason"], audited)
        for definition in tool.definitions
    )
    repeated = loaded.loaded["tickets"]["loaded"] - len(every)
    return Reconciliation(run, tool, tickets, len(every) - len(tickets), repeated, compared)


def _tickets(checked: CheckedTables, loaded: LoadedTables) -> pd.DataFrame:
    """Every loaded ticket with its creation and why it is out of our scope, by id."""
    engine = checked.engine
    every = loaded.read("tickets").select("ticket_id", "created_at")
    reasons = scoped_tickets(checked).select("ticket_id", "reason")
    found = every.left_join(reasons, "ticket_id").drop("ticket_id_right")
    frame = engine.fetch(found.order_by("ticket_id")).to_pandas().set_index("ticket_id")
    return frame.fillna({"reason": SET_ASIDE.cause})


def _compared(
    definition: Definition,
    desk: Any,
    seen: Seen,
    reasons: pd.Series,
    audited: Mapping[str, pd.Series],
) -> Compared:
    theirs = _figures(seen, definition.theirs(desk), definition, reasons.index)
    figures = _Figures(definition, seen, reasons)
    again = figures(frozenset())
    ours = again.copy()
    for name in audited.keys() & definition.metrics.keys():
        ours[name] = _scoped(audited[name].reindex(ours.index), reasons, frozenset())
    rules = [rule for rule in definition.rules if rule not in seen.without_effect]
    found = causes(theirs, figures, rules, reasons)
    # Ours is what the audit has; where our definition computed again is not that, no test tells.
    is_tested = alike(ours, again) & found.notna()
    found = found.where(is_tested, UNEXPLAINED).where(~alike(theirs, ours), None)
    return Compared(definition, theirs, ours, found, tuple(_steps(figures, rules)))


def _steps(figures: _Figures, rules: Iterable[Rule]) -> Iterator[tuple[Rule, pd.DataFrame]]:
    """From theirs to ours, one rule after the other; our scope last."""
    left = frozenset(rules)
    before = figures(left)
    for rule in sorted(rules, key=lambda rule: rule == SCOPE):
        left -= {rule}
        after = figures(left)
        if not after.equals(before):
            yield rule, after
        before = after


class _Figures:
    """Our figures of some tickets under any rules, each computed once."""

    def __init__(self, definition: Definition, seen: Seen, reasons: pd.Series):
        self._definition, self._seen, self._reasons = definition, seen, reasons
        self._known: dict[frozenset[Rule], pd.DataFrame] = {}

    def __call__(self, rules: frozenset[Rule]) -> pd.DataFrame:
        # Scope takes nothing to compute: whose figure it is, not which.
        inside = rules - {SCOPE}
        if inside not in self._known:
            table = self._definition.ours(self._seen, inside)
            self._known[inside] = _figures(self._seen, table, self._definition, self._reasons.index)
        return _scoped(self._known[inside], self._reasons, rules)


def _figures(seen: Seen, table: ir.Table, definition: Definition, ids: pd.Index) -> pd.DataFrame:
    """The figures as numbers, one row for each of the tickets."""
    frame = seen.checked.engine.fetch(table.select("ticket_id", *definition.metrics)).to_pandas()
    return frame.set_index("ticket_id").reindex(ids).astype("float64")


def _scoped(figures: Any, reasons: pd.Series, rules: frozenset[Rule]) -> Any:
    """The figures, NaN for tickets that are out of our scope, unless the rules let them in."""
    return figures if SCOPE in rules else figures.where(reasons == IN_SCOPE)


def _audited(checked: CheckedTables) -> dict[str, pd.Series]:
    """The figures that the audit's own facts hold, in minutes, by metric."""
    path = checked.run.folder("2_validate") / "facts" / "contacts.parquet"
    contacts = checked.engine.read(path)
    ends = {
        "first_reply_time_calendar_minutes": _.first_response_at,
        "first_resolution_calendar_minutes": _.first_solved_at,
        "final_resolution_calendar_minutes": _.solved_at,
    }
    # Of waits the facts have how long they lasted so far; ours is of those that are over.
    waits = {
        f"{theirs}_in_{clock}_minutes": ibis.ifelse(
            _.status.isin(DONE), _[f"{ours}_{part}seconds"].cast("float64") / MINUTE, None
        )
        for theirs, ours in WAITS_OF_FACTS.items()
        for clock, part in (("calendar", ""), ("business", "open_"))
    }
    found = contacts.select(
        "ticket_id",
        first_reply_time_business_minutes=(_.replied_open - _.created_open) / MINUTE,
        **{name: (second(at) - second(_.created_at)) / MINUTE for name, at in ends.items()},
        **waits,
    )
    frame = checked.engine.fetch(found).to_pandas().set_index("ticket_id")
    return {name: frame[name].astype("float64") for name in frame.columns}


def still_waiting_median(found: Reconciliation, ours: pd.Series) -> float | None:
    """The median in minutes with the tickets in scope counted that still wait at as-of.

    None where fewer than half have come to an end.
    """
    inside = found.tickets["reason"] == IN_SCOPE
    as_of = found.run.engagement.as_of
    waited = (as_of - found.tickets["created_at"]).dt.total_seconds()
    seconds = (ours * 60).fillna(waited)[inside].to_numpy(np.float64)
    event = ours.notna()[inside].to_numpy(np.float64)
    row = np.arange(len(seconds))
    cases = Cases(row, None, row, {"seconds": seconds, "event": event})
    value = survival_quantile(cases, 0.5).value
    return None if value is None else value / 60
