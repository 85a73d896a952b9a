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

    def whole(self) -> dict[str, Cases]:
        """All cases, by leg."""
        return {leg: _of_agents(cases) for leg, cases in self.legs.items()}

    def split(self, by: str) -> Iterator[tuple[Slice, dict[str, Cases]]]:
        """Each part that has cases with its cases by leg, in the order of the parts' names."""
        places = {leg: _places(self.parts[leg][by]) for leg in self.legs}
        codes = sorted({code for found in places.values() for code in found if code >= 0})
        nobody = np.zeros(0, dtype=np.int64)
        for code in codes:
            yield (
                Slice(by, self.labels[by][code]),
                {
                    leg: _of_agents(cases.only(places[leg].get(code, nobody)))
                    for leg, cases in self.legs.items()
                },
            )


def fetch(
    engine: Engine,
    table: ir.Table,
    indicators: Mapping[str, Indicator],
    parameters: Mapping[str, Mapping[str, Any]],
    period: Period,
    as_of: int,
) -> dict[str, IndicatorCases]:
    """The cases of indicators on one fact table in one period: one query, ordered by ticket."""
    columns: dict[str, ir.Value] = {}
    wanted: dict[str, dict[str, list[str]]] = {}
    for id, indicator in indicators.items():
        fact = Fact(table, as_of, min(int(period.end_at.timestamp()), as_of), indicator.anchor)
        for leg, cases in indicator.cases(fact, parameters[id]).items():
            belongs = cases.where & _in_span(cases.at, period, indicator.with_previous)
            columns[f"{id}/{leg}"] = belongs.fill_null(False)
            columns |= {f"{id}/{leg}/{name}": value for name, value in cases.columns.items()}
            if indicator.block == DAY and cases.at is not None:
                columns[f"{id}/{leg}//at"] = cases.at
            wanted.setdefault(id, {})[leg] = list(cases.columns)
    second = {i.agent or i.block for i in indicators.values()} - {None, DAY}
    belonging = [f"{id}/{leg}" for id, legs in wanted.items() for leg in legs]
    query = table.select(*CODES, *sorted(filter(None, second)), *PARTS, **columns)
    query = query.filter(ibis.or_(*[query[name] for name in belonging]))
    arrays = _Arrays(engine.fetch(query.order_by("row", "place")), period)
    return {id: _of_indicator(arrays, id, indicators[id], legs) for id, legs in wanted.items()}


def _in_span(at: ir.IntegerValue | None, period: Period, with_previous: bool) -> ir.BooleanValue:
    if at is None:
        return ibis.literal(True)
    first = period.previous() if with_previous else period
    start, end = int(first.start_at.timestamp()), int(period.end_at.timestamp())
    return (at >= start) & (at < end)


class _Arrays:
    """The columns of a fetched table as arrays: numbers with NaN, texts as codes of their order."""

    def __init__(self, table: pa.Table, period: Period):
        self._table = table
        self._period = period
        self._labels: dict[str, tuple[str, ...]] = {}
        self._numbers: dict[str, np.ndarray] = {}

    def mask(self, name: str) -> np.ndarray:
        return self._table[name].to_numpy()

    def codes(self, name: str) -> np.ndarray:
        return self._table[name].to_numpy()

    def days(self, name: str) -> np.ndarray:
        """A code for the local day of each instant, apart from the codes of agents."""
        midnights = self._period.midnights()
        place = np.searchsorted(midnights, self.numbers(name), side="right")
        return APART + date.toordinal(self._period.previous().first_on) + place

    def numbers(self, name: str) -> np.ndarray:
        if name not in self._numbers:
            column = self._table[name]
            if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
                self._numbers[name] = self._texts(name, column)
            else:
                self._numbers[name] = (
                    pc.cast(column, pa.float64()).to_numpy(zero_copy_only=False)
                    if not pa.types.is_boolean(column.type)
                    else pc.cast(pc.cast(column, pa.int8()), pa.float64()).to_numpy()
                )
        return self._numbers[name]

    def labels(self, name: str) -> tuple[str, ...]:
        """The texts behind the codes of a column; none where it holds no text."""
        self.numbers(name)
        return self._labels.get(name, ())

    def _texts(self, name: str, column: pa.ChunkedArray) -> np.ndarray:
        labels = sorted(text for text in pc.unique(column).to_pylist() if text is not None)
        self._labels[name] = tuple(labels)
        codes = pc.index_in(column, value_set=pa.array(labels, column.type))
        return pc.fill_null(codes, -1).to_numpy().astype(np.int32)


def _of_indicator(
    arrays: _Arrays, id: str, indicator: Indicator, legs: dict[str, list[str]]
) -> IndicatorCases:
    found: dict[str, Cases] = {}
    parts: dict[str, dict[str, np.ndarray]] = {}
    labels = {by: arrays.labels(by) for by in PARTS}
    for leg, names in legs.items():
        key = f"{id}/{leg}"
        mask = np.flatnonzero(arrays.mask(key))
        row = arrays.codes("row")[mask]
        second = indicator.agent or indicator.block
        codes: np.ndarray | None = None
        if second == DAY:
            codes = arrays.days(f"{key}//at")[mask]
        elif second:
            codes = arrays.codes(second)[mask]
        found[leg] = Cases(
            # A case that shares no customer with others is a customer of its own.
            customer=arrays.codes("customer")[mask] if indicator.customer else -1 - row,
            agent=codes,
            row=row,
            columns={name: arrays.numbers(f"{key}/{name}")[mask] for name in names},
        )
        labels |= {name: arrays.labels(f"{key}/{name}") for name in names}
        parts[leg] = {by: arrays.numbers(by)[mask] for by in PARTS}
    return IndicatorCases(found, parts, labels)


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
