"""The cases of every indicator of a fact table, fetched from the engine in one pass."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import ibis
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from cxaudit.indicators import Fact, Indicator
from cxaudit.periods import Period
from cxaudit.statistics import Cases

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from cxaudit.engine import Engine

SLICES = ("channel", "team")
CODES = ("row", "customer")


@dataclass(frozen=True)
class Slice:
    """A part of the service: the whole, or the cases of one channel or one team."""

    by: str = ""
    value: str = ""


@dataclass(frozen=True)
class IndicatorCases:
    """The cases of one indicator in one period, by leg, with the part each case belongs to."""

    legs: dict[str, Cases]
    parts: dict[str, dict[str, np.ndarray]]
    labels: dict[str, list[str]]

    def slices(self) -> list[Slice]:
        """The parts that have cases, in the order of their names."""
        found = []
        for by in SLICES:
            present = np.unique(np.concatenate([parts[by] for parts in self.parts.values()]))
            found += [Slice(by, self.labels[by][code]) for code in present if code >= 0]
        return found

    def of(self, part: Slice) -> dict[str, Cases]:
        """The cases of one part, by leg."""
        if not part.by:
            return {leg: _of_agents(cases) for leg, cases in self.legs.items()}
        code = self.labels[part.by].index(part.value)
        return {
            leg: _of_agents(cases.only(self.parts[leg][part.by] == code))
            for leg, cases in self.legs.items()
        }


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
            wanted.setdefault(id, {})[leg] = list(cases.columns)
    agents = sorted({indicator.agent for indicator in indicators.values() if indicator.agent})
    belonging = [f"{id}/{leg}" for id, legs in wanted.items() for leg in legs]
    query = table.select(*CODES, *agents, *SLICES, **columns)
    query = query.filter(ibis.or_(*[query[name] for name in belonging]))
    arrays = _Arrays(engine.fetch(query.order_by("row")))
    return {id: _of_indicator(arrays, id, indicators[id], legs) for id, legs in wanted.items()}


def _in_span(at: ir.IntegerValue | None, period: Period, with_previous: bool) -> ir.BooleanValue:
    if at is None:
        return ibis.literal(True)
    first = period.previous() if with_previous else period
    start, end = int(first.start_at.timestamp()), int(period.end_at.timestamp())
    return (at >= start) & (at < end)


class _Arrays:
    """The columns of a fetched table as arrays: numbers with NaN, texts as codes of their order."""

    def __init__(self, table: pa.Table):
        self._table = table
        self._labels: dict[str, list[str]] = {}
        self._numbers: dict[str, np.ndarray] = {}

    def mask(self, name: str) -> np.ndarray:
        return self._table[name].to_numpy()

    def codes(self, name: str) -> np.ndarray:
        return self._table[name].to_numpy()

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

    def labels(self, name: str) -> list[str]:
        self.numbers(name)
        return self._labels[name]

    def _texts(self, name: str, column: pa.ChunkedArray) -> np.ndarray:
        labels = sorted(text for text in pc.unique(column).to_pylist() if text is not None)
        self._labels[name] = labels
        codes = pc.index_in(column, value_set=pa.array(labels, column.type))
        return pc.fill_null(codes, -1).to_numpy().astype(np.int64)


def _of_indicator(
    arrays: _Arrays, id: str, indicator: Indicator, legs: dict[str, list[str]]
) -> IndicatorCases:
    found: dict[str, Cases] = {}
    parts: dict[str, dict[str, np.ndarray]] = {}
    for leg, names in legs.items():
        mask = arrays.mask(f"{id}/{leg}")
        found[leg] = Cases(
            customer=arrays.codes("customer")[mask],
            agent=arrays.codes(indicator.agent)[mask] if indicator.agent else None,
            row=arrays.codes("row")[mask],
            columns={name: arrays.numbers(f"{id}/{leg}/{name}")[mask] for name in names},
        )
        parts[leg] = {by: arrays.numbers(by)[mask] for by in SLICES}
    return IndicatorCases(found, parts, {by: arrays.labels(by) for by in SLICES})


def _of_agents(cases: Cases) -> Cases:
    """The cases; without agents where none is known: the interval is then one on customers."""
    has_agents = cases.agent is not None and bool((cases.agent >= 0).any())
    return cases if has_agents else replace(cases, agent=None)
