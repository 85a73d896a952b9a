"""The cases of every indicator of a fact table, fetched from the engine in one pass."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

import ibis
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from cxaudit.facts.clusters import APART
from cxaudit.indicators import Fact, Indicator
from cxaudit.periods import Period
from cxaudit.statistics import Cases

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from cxaudit.engine import Engine

SLICES = ("channel", "team", "site", "category", "segment", "language")
STRATA = ("channel", "category", "priority")
PARTS = (*SLICES, "priority")
CODES = ("row", "place", "customer")
DAY = "day"


@dataclass(frozen=True)
class Slice:
    """A part of the service: the whole, or the cases of one channel, team, site and so on."""

    by: str = ""
    value: str = ""


@dataclass(frozen=True)
class IndicatorCases:
    """The cases of one indicator in one period, by leg, with the part each case belongs to.

    `labels` are the texts behind the codes of parts and of the cases' own text columns.
    """

    legs: dict[str, Cases]
    parts: dict[str, dict[str, np.ndarray]]
    labels: dict[str, tuple[str, ...]]

    def known(self) -> dict[str, Cases]:
        """The cases by leg; without agents where none is known."""
        return {leg: _of_agents(cases) for leg, cases in self.legs.items()}

    def split(self, by: str) -> Iterator[tuple[Slice, IndicatorCases]]:
        """Each part that has cases, in the order of the parts' names, with its own strata."""
        places = {leg: _places(self.parts[leg][by]) for leg in self.legs}
        codes = sorted({code for found in places.values() for code in found if code >= 0})
        nobody = np.zeros(0, dtype=np.int64)
        for code in codes:
            at = {leg: places[leg].get(code, nobody) for leg in self.legs}
            yield (
                Slice(by, self.labels[by][code]),
                IndicatorCases(
                    {leg: cases.only(at[leg]) for leg, cases in self.legs.items()},
                    {
                        leg: {name: parts[name][at[leg]] for name in STRATA}
                        for leg, parts in self.parts.items()
                    },
                    self.labels,
                ),
            )


@dataclass(frozen=True)
class FetchedCases:
    """What one query brought of a fact table: the cases of each indicator in some periods."""

    arrays: _Arrays
    indicators: Mapping[str, Indicator]
    wanted: Mapping[str, dict[str, list[str]]]
    period: Period

    def of(self, id: str, period: Period | None = None, *, alone: bool = False) -> IndicatorCases:
        """The cases of an indicator in a period (default: the first one that was fetched).

        alone: without those of the period before, whatever the indicator has.
        """
        indicator = self.indicators[id]
        indicator = replace(indicator, with_previous="") if alone else indicator
        return _of_indicator(self.arrays, id, indicator, self.wanted[id], period or self.period)


def fetch(
    engine: Engine,
    table: ir.Table,
    indicators: Mapping[str, Indicator],
    parameters: Mapping[str, Mapping[str, Any]],
    period: Period,
    as_of: int,
    *others: Period,
) -> FetchedCases:
    """The cases of indicators on one fact table in one query, ordered by ticket.

    Those of `period`, and of the `others` too. Indicators of the state at one moment, without an
    instant that puts a case into a period, are seen at the end of `period` whatever the others.
    """
    columns: dict[str, ir.Value] = {}
    wanted: dict[str, dict[str, list[str]]] = {}
    seen_at = min(int(period.end_at.timestamp()), as_of)
    for id, indicator in indicators.items():
        fact = Fact(table, as_of, seen_at, indicator.anchor)
        for leg, cases in indicator.cases(fact, parameters[id]).items():
            belongs = cases.where & _in_any(
                cases.at, (period, *others), bool(indicator.with_previous)
            )
            columns[f"{id}/{leg}"] = belongs.fill_null(False)
            columns |= {f"{id}/{leg}/{name}": value for name, value in cases.columns.items()}
            if cases.at is not None:
                columns[f"{id}/{leg}//at"] = cases.at
            wanted.setdefault(id, {})[leg] = list(cases.columns)
    second = {i.agent or i.block for i in indicators.values()} - {None, DAY}
    belonging = [f"{id}/{leg}" for id, legs in wanted.items() for leg in legs]
    query = table.select(*CODES, *sorted(filter(None, second)), *PARTS, **columns)
    query = query.filter(ibis.or_(*[query[name] for name in belonging]))
    arrays = _Arrays(engine.fetch(query.order_by("row", "place")))
    return FetchedCases(arrays, indicators, wanted, period)


def _span(period: Period, with_previous: bool) -> tuple[int, int]:
    first = period.previous() if with_previous else period
    return int(first.start_at.timestamp()), int(period.end_at.timestamp())


def _in_any(
    at: ir.IntegerValue | None, periods: tuple[Period, ...], with_previous: bool
) -> ir.BooleanValue:
    if at is None:
        return ibis.literal(True)
    spans = [_span(period, with_previous) for period in periods]
    return (at >= min(start for start, _ in spans)) & (at < max(end for _, end in spans))


class _Arrays:
    """The columns of a fetched table as small arrays: whole numbers in as few bytes as hold them,
    what may be unknown with NaN, texts as codes of their order (-1: unknown).
    """

    def __init__(self, table: pa.Table):
        self._columns: dict[str, np.ndarray] = {}
        self.labels: dict[str, tuple[str, ...]] = {}
        for name in table.column_names:
            column = table[name]
            if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
                self.labels[name], self._columns[name] = _texts(column)
            else:
                self._columns[name] = _numbers(column)
        self._places: dict[str, np.ndarray] = {}

    def __getitem__(self, name: str) -> np.ndarray:
        return self._columns[name]

    def __contains__(self, name: str) -> bool:
        return name in self._columns

    def places(self, name: str) -> np.ndarray:
        """Where a column of truth values is true."""
        if name not in self._places:
            self._places[name] = np.flatnonzero(self._columns.pop(name)).astype(np.int32)
        return self._places[name]


def _texts(column: pa.ChunkedArray) -> tuple[tuple[str, ...], np.ndarray]:
    labels = sorted(text for text in pc.unique(column).to_pylist() if text is not None)
    codes = pc.index_in(column, value_set=pa.array(labels, column.type))
    return tuple(labels), pc.fill_null(codes, -1).to_numpy().astype(np.int32)


def _numbers(column: pa.ChunkedArray) -> np.ndarray:
    if pa.types.is_boolean(column.type):
        if not column.null_count:
            return column.to_numpy()
        return pc.cast(pc.cast(column, pa.int8()), pa.float32()).to_numpy()
    if column.null_count or not pa.types.is_integer(column.type):
        return pc.cast(column, pa.float64()).to_numpy()
    numbers = column.to_numpy()
    is_small = numbers.size == 0 or max(-int(numbers.min()), int(numbers.max())) < 2**31
    return numbers.astype(np.int32) if is_small else numbers


def _of_indicator(
    arrays: _Arrays, id: str, indicator: Indicator, legs: dict[str, list[str]], period: Period
) -> IndicatorCases:
    found: dict[str, Cases] = {}
    parts: dict[str, dict[str, np.ndarray]] = {}
    labels = {by: arrays.labels.get(by, ()) for by in PARTS}
    second = indicator.agent or indicator.block
    start, end = _span(period, bool(indicator.with_previous))
    for leg, names in legs.items():
        key = f"{id}/{leg}"
        place = arrays.places(key)
        if f"{key}//at" in arrays:
            at = arrays[f"{key}//at"][place]
            inside = (at >= start) & (at < end)
            place, at = place[inside], at[inside]
        row = arrays["row"][place]
        codes: np.ndarray | None = None
        if second == DAY:
            codes = _local_days(at, period)
        elif second:
            codes = arrays[second][place]
        found[leg] = Cases(
            # A case that shares no customer with others is a customer of its own.
            customer=arrays["customer"][place] if indicator.customer else -1 - row,
            agent=codes,
            row=row,
            columns={name: arrays[f"{key}/{name}"][place] for name in names},
        )
        labels |= {name: arrays.labels.get(f"{key}/{name}", ()) for name in names}
        parts[leg] = {by: arrays[by][place] for by in PARTS}
    return IndicatorCases(found, parts, labels)


def _local_days(at: np.ndarray, period: Period) -> np.ndarray:
    """A code for the local day of each instant, apart from the codes of agents."""
    place = np.searchsorted(period.midnights(), at, side="right")
    return APART + date.toordinal(period.previous().first_on) + place


def _of_agents(cases: Cases) -> Cases:
    """The cases; without agents where none is known: the interval is then one on customers."""
    has_agents = cases.agent is not None and bool((cases.agent >= 0).any())
    return cases if has_agents else replace(cases, agent=None)


def _places(codes: np.ndarray) -> dict[int, np.ndarray]:
    """The places of each code, ascending: one sort for all parts."""
    order = np.argsort(codes, kind="stable")
    distinct, starts = np.unique(codes[order], return_index=True)
    return (
        dict(zip(distinct.tolist(), np.split(order, starts[1:]), strict=True)) if len(order) else {}
    )
