"""Where the cases of one run become figures: now, in earlier periods, by part, by month."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from cxaudit.indicators import (
    CHANGE,
    INDICATORS,
    POOLED,
    Indicator,
    Situation,
    whole_seconds,
)
from cxaudit.measure.cases import FetchedCases, IndicatorCases, Slice, fetch
from cxaudit.measure.comparison import Comparison, compare
from cxaudit.measure.measurement import (
    WHOLE,
    Measurement,
    measurement,
    parts,
    without_influence,
)
from cxaudit.measure.mix import Mix
from cxaudit.measure.series import Series, series
from cxaudit.measure.standardise import MOST_UNADJUSTED, standard
from cxaudit.periods import Period
from cxaudit.statistics import Estimate

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from cxaudit.facts.tables import CheckedTables
    from cxaudit.run import Run

PREVIOUS, YEAR_BEFORE = "previous", "year before"
MONTHS = 15
# A period begins with the first case of the data up to this share of its length late.
LATE = 0.05
# How many indicators one query brings: all of them at once need too much memory.
TOGETHER = 8
OTHER_MIX = "its own mix: too little of the reference mix has cases here"
# What is shown of the parts in an earlier period: who changed, not how every category did.
PARTS_BEFORE = ("channel", "team")
# Settings an auditor might have chosen otherwise: indicator, what is assumed, parameter, options.
ALTERNATIVES = (
    ("qua_fcr_observed", "window of first-contact resolution", "window_days", (7, 14, 30)),
)


@dataclass(frozen=True)
class Alternative:
    """An indicator's figure, of the whole or a part, under another setting than the scorecard's."""

    indicator: str
    assumption: str
    option: str
    estimate: Estimate
    part: Slice = WHOLE


@dataclass(frozen=True)
class Figures:
    """What one indicator, or some, came to."""

    measurements: Sequence[Measurement]
    comparisons: Sequence[Comparison] = ()


@dataclass(frozen=True)
class Desk:
    """The run with its tables, the scorecard's entries by id and the reference mix."""

    run: Run
    tables: CheckedTables
    entries: Mapping[str, Any]
    mix: Mix

    @cached_property
    def periods(self) -> dict[str, Period]:
        """The audited period, and the earlier ones that the data reach back to."""
        now = self.run.period
        earlier = {PREVIOUS: now.previous(), YEAR_BEFORE: now.year_before()}
        reached = {name: period for name, period in earlier.items() if self._covers(period)}
        return {"": now, **reached}

    @cached_property
    def months(self) -> list[Period]:
        """The last whole months up to the end of the audited period that the data cover.

        Less those that are measured as periods: a month that is audited has its row already.
        """
        measured = {period.label for period in self.periods.values()}
        months = (m for m in self.run.period.months(MONTHS) if m.label not in measured)
        return [month for month in months if self._covers(month)]

    @cached_property
    def series(self) -> Series:
        """Which figures are of another series than those they would stand beside."""
        now, *earlier = self.periods.values()
        pairs = [(now, period) for period in earlier]
        pairs += [(period, period.previous()) for period in self.periods.values()]
        monthly = {*self.months, *(p for p in self.periods.values() if p.months(1) == [p])}
        in_order = sorted(monthly, key=lambda month: month.first_on)
        contacts, entries = self._table("contacts"), self.entries.values()
        return series(self.tables, contacts, entries, pairs, in_order)

    def _covers(self, period: Period) -> bool:
        """Whether the data begin before the period, or in its first days: else it is a part."""
        start, end = period.start_at.timestamp(), period.end_at.timestamp()
        return self._first <= start + LATE * (end - start)

    @cached_property
    def _first(self) -> float:
        """When the first contact in scope was created."""
        contacts = self._table("contacts")
        counted = contacts.agg(first=whole_seconds(contacts.created_at).min())
        return float(self.run.engine().fetch(counted)["first"][0].as_py() or 0)

    def of_fact(self, fact: str, indicators: Mapping[str, Indicator]) -> Iterator[Figures]:
        """The figures of each indicator on one fact table."""
        dated = {id: i for id, i in indicators.items() if i.anchor is not None}
        for group in _groups(dated):
            fetched = self._fetch(fact, group, *self._spans())
            for indicator in group.values():
                yield self._of_indicator(indicator, dict.fromkeys(self.periods, fetched))
                if _has_months(indicator):
                    yield Figures([self._of_month(indicator, fetched, m) for m in self.months])
        for id, indicator in indicators.items():
            if indicator.anchor is None:
                alone = {id: indicator}
                fetches = {n: self._fetch(fact, alone, p) for n, p in self.periods.items()}
                yield self._of_indicator(indicator, fetches)

    def alternatives(self, possible: Mapping[str, Indicator]) -> Iterator[Alternative]:
        """The figures of the audited period under other settings."""
        for id, assumption, parameter, options in ALTERNATIVES:
            for option in options if id in possible else ():
                indicator = possible[id]
                given = {id: {**self._parameters(id), parameter: option}}
                fetched = self._fetch(indicator.fact, {id: indicator}, self.run.period, given=given)
                situation = replace(self._situation(id, self.run.period), parameters=given[id])
                found = measurement(indicator, WHOLE, fetched.of(id), situation)
                if found.estimate is not None and found.estimate.value is not None:
                    yield Alternative(id, assumption, str(option), found.estimate)

    def _spans(self) -> list[Period]:
        return [*self.periods.values(), *self.months]

    def _of_indicator(self, indicator: Indicator, fetched: Mapping[str, FetchedCases]) -> Figures:
        cases = {n: self._cases(indicator, fetched[n], p) for n, p in self.periods.items()}
        found = {
            name: self._of_period(indicator, cases[name], period, earlier=bool(name))
            for name, period in self.periods.items()
        }
        compared: list[Comparison] = []
        for name in [*self.periods][1:] if indicator.id in INDICATORS else ():
            both = {
                m.part: (m.estimate, b.estimate)
                for m in found[""]
                for b in found[name]
                if m.part == b.part and m.estimate and b.estimate and not b.broken
            }
            now, before = (
                (cases[span], self._situation(indicator.id, self.periods[span]))
                for span in ("", name)
            )
            compared += compare(indicator, name, now, before, both, self._cells(indicator))
        measured = [_light(indicator, m) for of in found.values() for m in of]
        return Figures(measured, compared)

    def _of_period(
        self, indicator: Indicator, cases: IndicatorCases, period: Period, *, earlier: bool
    ) -> list[Measurement]:
        """The figures of the whole and its parts, each with why it compares with none, if so."""
        over = self._broken_over(indicator, period)
        if indicator.with_previous == CHANGE and over:
            return [Measurement(indicator.id, WHOLE, period.label, None, over, broken=over)]
        by = {"by": PARTS_BEFORE} if earlier else {}
        broken = self.series.between(indicator.id, self.run.period, period) if earlier else ""
        return [
            replace(self._measured(indicator, part, of_part, period), broken=broken)
            for part, of_part in parts(indicator, cases, **by)
        ]

    def _broken_over(self, indicator: Indicator, period: Period) -> str:
        """Why the cases of the period before are of another series; empty where they are not."""
        return self.series.between(indicator.id, period, period.previous())

    def _cases(self, indicator: Indicator, fetched: FetchedCases, period: Period) -> IndicatorCases:
        """The cases of a period; those of the one before are not pooled with it over a break."""
        alone = indicator.with_previous == POOLED and self._broken_over(indicator, period) != ""
        return fetched.of(indicator.id, period, alone=alone)

    def _measured(
        self, indicator: Indicator, part: Slice, cases: IndicatorCases, period: Period
    ) -> Measurement:
        """One figure; of a standardised indicator that of the mix, for the whole or a channel."""
        situation = self._situation(indicator.id, period)
        if not indicator.standardised or part.by not in ("", "channel"):
            return measurement(indicator, part, cases, situation)
        cells = {c: n for c, n in self.mix.cells.items() if part.value in ("", c[0])}
        found = standard([cases], cells)
        if found and found.unadjusted <= MOST_UNADJUSTED:
            return measurement(indicator, part, cases, replace(situation, strata=found.strata[0]))
        plain = measurement(indicator, part, cases, situation)
        return replace(plain, notes=(*plain.notes, OTHER_MIX))

    def _of_month(self, indicator: Indicator, fetched: FetchedCases, month: Period) -> Measurement:
        cases = fetched.of(indicator.id, month)
        found = self._measured(indicator, WHOLE, cases, month)
        return replace(without_influence(found), broken=self.series.on_chart(indicator.id, month))

    def _cells(self, indicator: Indicator) -> Mapping[Any, float] | None:
        """The reference mix of cells, for what is counted in cases; else the baseline's own."""
        return self.mix.cells if indicator.fact == "contacts" and self.mix.cells else None

    def _fetch(
        self,
        fact: str,
        indicators: Mapping[str, Indicator],
        *periods: Period,
        given: Mapping[str, Any] | None = None,
    ) -> FetchedCases:
        parameters = given or {id: self._parameters(id) for id in indicators}
        as_of = int(self.run.engagement.as_of.timestamp())
        engine, table = self.run.engine(), self._table(fact)
        return fetch(engine, table, indicators, parameters, periods[0], as_of, *periods[1:])

    def _table(self, fact: str) -> ir.Table:
        return self.run.engine().read(self.run.folder("2_validate") / "facts" / f"{fact}.parquet")

    def _parameters(self, id: str) -> Mapping[str, Any]:
        return self.entries.get(id, {}).get("parameters", {})

    def _situation(self, id: str, period: Period) -> Situation:
        return Situation(
            self._parameters(id),
            self.entries.get(id, {}).get("minimum", {"cases": 0}),
            period,
            int(self.run.engagement.as_of.timestamp()),
            mix={"channel": self.mix.channel, "mode": self.mix.mode},
            is_earlier=period != self.run.period,
        )


def _groups(indicators: Mapping[str, Indicator]) -> Iterator[dict[str, Indicator]]:
    ids = list(indicators)
    for start in range(0, len(ids), TOGETHER):
        yield {id: indicators[id] for id in ids[start : start + TOGETHER]}


def _has_months(indicator: Indicator) -> bool:
    """Whether a month tells something: of one figure that is no spread between parts."""
    is_figure = indicator.sliced and not indicator.per_channel and not indicator.with_previous
    return is_figure and indicator.id in INDICATORS


def _light(indicator: Indicator, found: Measurement) -> Measurement:
    """The measurement, without the influence of cases where its part enters no score."""
    enters = found.part == WHOLE or (indicator.per_channel and found.part.by == "channel")
    return found if enters else without_influence(found)
