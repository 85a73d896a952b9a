"""How an indicator is declared: a set of cases with their values, and one statistic."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

import ibis

from cxaudit.errors import Fault

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from cxaudit.periods import Period
    from cxaudit.statistics import Cases, Estimate, Strata

WHOLE = ""
# What runs while a customer waits: every hour, opening hours, or what each target names.
Clock = Literal["", "calendar", "business", "target"]
# What the cases of the period before are for: to make up the number, or to be compared with.
Previous = Literal["", "pooled", "change"]
POOLED: Previous = "pooled"
CHANGE: Previous = "change"


@dataclass(frozen=True)
class CaseColumns:
    """The cases of one indicator, or of one leg of it, as expressions over a fact table."""

    at: ir.IntegerValue | None
    where: ir.BooleanValue
    columns: dict[str, ir.Value]


class Fact:
    """A fact table as indicators see it: instants are whole seconds.

    `as_of` is when the data are looked at; `seen_at` when the period is: at its end, or at
    as-of where that is earlier.
    """

    def __init__(
        self, table: ir.Table, as_of: int, seen_at: int, anchor: str | None = "created_at"
    ):
        self.table = table
        self.as_of = as_of
        self.seen_at = seen_at
        self._anchor = anchor

    def __getattr__(self, name: str) -> ir.Value:
        if name.startswith("_") or name not in self.table.columns:
            raise AttributeError(f"the fact table has no column '{name}'")
        return whole_seconds(self.table[name])

    def cases(
        self,
        *,
        where: ir.BooleanValue | bool = True,
        at: ir.IntegerValue | None = None,
        **columns: ir.Value,
    ) -> CaseColumns:
        """The cases for which `where` holds, in the period of `at` (default: the anchor)."""
        if at is None and self._anchor is not None:
            at = getattr(self, self._anchor)
        return CaseColumns(
            at=at,
            where=ibis.literal(where) if isinstance(where, bool) else where,
            columns=columns,
        )

    def duration(
        self,
        start: ir.IntegerValue,
        end: ir.IntegerValue,
        *,
        where: ir.BooleanValue | bool = True,
        known: ir.BooleanValue | bool = True,
        competing: ir.BooleanValue | None = None,
    ) -> CaseColumns:
        """Cases with `seconds` from start to end, censored at as-of where there is no end.

        `event` is 1 where the end has come, 0 where not yet, 2 where a competing end came. Where
        it is not `known` whether the end has come, both are null: missing.
        """
        ended = end.notnull()
        event = ibis.ifelse(ended, 1, 0)
        if competing is not None:
            event = ibis.ifelse(ended & competing.fill_null(False), 2, event)
        seconds = ibis.ifelse(ended, end, self.as_of) - start
        event = ibis.ifelse(known, event, None)
        return self.cases(where=where, seconds=seconds, event=event)


def whole_seconds(column: ir.Value) -> ir.Value:
    """An instant as seconds since 1970 UTC; any other column as it is.

    Cut, not rounded: half a second before midnight is still the old day.
    """
    if not column.type().is_timestamp():
        return column
    return column.epoch_seconds().cast("int64")


@dataclass(frozen=True)
class Situation:
    """What a statistic may ask beside the cases: parameters, minimum, period, as-of.

    `mix`: the shares of the reference mix, by kind ('channel', 'mode') and name. `labels`: the
    texts behind the codes of the cases' text columns. `strata`: by leg, where the figure is asked
    for as it would be with a fixed mix; STANDARDISABLE adapters can give that. `is_earlier`: the
    period is not the audited one; a register without a history tells nothing of it.
    """

    parameters: Mapping[str, Any]
    minimum: Mapping[str, Any]
    period: Period
    as_of: int
    mix: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    labels: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    strata: Mapping[str, Strata] = field(default_factory=dict)
    is_earlier: bool = False


Statistic = Callable[["dict[str, Cases]", Situation], "Estimate"]
Expression = Callable[..., CaseColumns | dict[str, CaseColumns]]


@dataclass(frozen=True)
class Indicator:
    """A declared measure of one principle; its id is the function's name."""

    id: str
    definition: str
    fact: str
    anchor: str | None
    agent: str | None
    block: str | None
    customer: bool
    statistic: Statistic
    expression: Expression = field(repr=False)
    per_channel: bool = False
    sliced: bool = True
    with_previous: Previous = ""
    standardised: bool = False
    clock: Clock = ""
    beside: str = ""

    def cases(self, fact: Fact, parameters: Mapping[str, Any]) -> dict[str, CaseColumns]:
        """The indicator's cases by leg; one that has no legs has the leg ''."""
        wanted = list(inspect.signature(self.expression).parameters)[1:]
        missing = [name for name in wanted if name not in parameters]
        if missing:
            raise Fault(f"indicator '{self.id}': the scorecard gives no {', '.join(missing)}.")
        found = self.expression(fact, **{name: parameters[name] for name in wanted})
        return found if isinstance(found, dict) else {WHOLE: found}


def indicator(
    *,
    fact: str,
    statistic: Statistic,
    agent: str | None = None,
    block: str | None = None,
    customer: bool = True,
    anchor: str | None = "created_at",
    per_channel: bool = False,
    sliced: bool = True,
    with_previous: Previous = "",
    standardised: bool = False,
    clock: Clock = "",
    beside: str = "",
) -> Callable[[Expression], Indicator]:
    """Turn an expression over a fact table into an Indicator named after it.

    fact: the fact table its cases are rows of.
    anchor: the instant that puts a case into a period; None for the state at one moment.
    agent: the code that clusters cases by agent ('replier', 'solver', 'assignee', 'agent').
    block: what else moves cases together, in place of an agent: 'day' is the local day of the
    anchor, others are codes of the fact. customer: whether cases of one customer move together.
    per_channel: no single figure is printed, the channels are scored apart.
    sliced: whether it is measured for parts of the service as well.
    with_previous: its cases are those of this period and the one before, and what for.
    standardised: its figure is that of the reference mix of channel, category and priority.
    clock: of a figure of time, which clock it runs on; printed beside it.
    beside: of a figure of the context, the indicator whose time it gives on the other clock.
    """

    def declare(expression: Expression) -> Indicator:
        return Indicator(
            id=expression.__name__,
            definition=inspect.cleandoc(expression.__doc__ or ""),
            fact=fact,
            anchor=anchor,
            agent=agent,
            block=block,
            customer=customer,
            statistic=statistic,
            expression=expression,
            per_channel=per_channel,
            sliced=sliced,
            with_previous=with_previous,
            standardised=standardised,
            clock=clock,
            beside=beside,
        )

    return declare
