"""The measuring step: every indicator of the scorecard, for this period and the one before."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from ibis import _

from cxaudit.facts.population import instant
from cxaudit.facts.tables import CheckedTables
from cxaudit.indicators import CONTEXT, INDICATORS, Indicator, Situation
from cxaudit.measure.availability import fallbacks, why_not
from cxaudit.measure.cases import SLICES, IndicatorCases, Slice, fetch
from cxaudit.periods import Period
from cxaudit.scorecards import open_scorecard
from cxaudit.statistics import Cases, Estimate

if TYPE_CHECKING:
    from cxaudit.run import Run

WHOLE = Slice()


@dataclass(frozen=True)
class Measurement:
    """One estimate: of an indicator, for a part of the service, in a period; or why there is none.

    `known_agents` counts agents with an id among the cases, None where agents play no part.
    """

    indicator: str
    part: Slice
    period: str
    estimate: Estimate | None
    reason: str = ""
    known_agents: int | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Measured:
    """All measurements, and the share of cases of each channel in the audited period."""

    measurements: list[Measurement]
    mix: dict[str, float]
    table: pd.DataFrame = field(repr=False)

    def of(self, indicator: str, period: str, part: Slice = WHOLE) -> Measurement | None:
        """The measurement of an indicator in a period, of the whole or of a part."""
        return self._index.get((indicator, period, part))

    @cached_property
    def _index(self) -> dict[tuple[str, str, Slice], Measurement]:
        return {(m.indicator, m.period, m.part): m for m in self.measurements}


def measure(run: Run) -> Measured:
    """Estimates of all indicators that have a definition here, with intervals.

    Writes `3_score/measures.parquet`, one row per indicator, slice and period, and returns the
    estimates with their influence, which the score needs.
    """
    scorecard = open_scorecard(overrides=run.engagement.overrides)
    entries = {entry["id"]: entry for entry in scorecard["indicators"]}
    tables = CheckedTables(run)
    reasons = {id: why_not(tables, entries[id]) for id in INDICATORS}
    measurements = [
        Measurement(id, Slice(), run.period.label, None, reason)
        for id, reason in reasons.items()
        if reason
    ]
    possible = {id: INDICATORS[id] for id, reason in reasons.items() if not reason}
    possible |= {id: indicator for id, indicator in CONTEXT.items() if _has_replies(tables)}
    for period in (run.period, run.period.previous()):
        measurements += _of_period(run, possible, entries, period)
    noted = {id: tuple(fallbacks(tables, entries[id])) for id in INDICATORS}
    measurements = [_with_notes(m, noted.get(m.indicator, ())) for m in measurements]
    measured = Measured(measurements, _mix(run), _frame(measurements))
    folder = run.folder("3_score")
    measured.table.to_parquet(folder / "measures.parquet", index=False)
    (folder / "mix.json").write_text(json.dumps(measured.mix, sort_keys=True), encoding="utf-8")
    return measured


def _has_replies(tables: CheckedTables) -> bool:
    return tables.supplies("messages.at") or tables.supplies("tickets.first_response_at")


def _of_period(
    run: Run, indicators: dict[str, Indicator], entries: dict[str, Any], period: Period
) -> list[Measurement]:
    as_of = int(run.engagement.as_of.timestamp())
    found = []
    for name in sorted({indicator.fact for indicator in indicators.values()}):
        on_fact = {id: i for id, i in indicators.items() if i.fact == name}
        parameters = {id: entries.get(id, {}).get("parameters", {}) for id in on_fact}
        table = run.engine().read(run.folder("2_validate") / "facts" / f"{name}.parquet")
        cases = fetch(run.engine(), table, on_fact, parameters, period, as_of)
        for id, indicator in on_fact.items():
            minimum = entries.get(id, {}).get("minimum", {"cases": 0})
            situation = Situation(parameters[id], minimum, period, as_of, labels=cases[id].labels)
            found += list(_of_indicator(indicator, cases[id], situation))
    return found


def _of_indicator(
    indicator: Indicator, cases: IndicatorCases, situation: Situation
) -> Iterable[Measurement]:
    label = situation.period.label
    for part, legs in _parts(indicator, cases):
        estimate = indicator.statistic(legs, situation)
        known = _known_agents(indicator, legs)
        yield Measurement(indicator.id, part, label, estimate, known_agents=known)


def _parts(indicator: Indicator, cases: IndicatorCases) -> Iterable[tuple[Slice, dict[str, Cases]]]:
    """The whole, where it is one figure, and each part of it that is measured."""
    if not indicator.per_channel:
        yield Slice(), cases.whole()
    if indicator.sliced:
        for by in ("channel",) if indicator.per_channel else SLICES:
            yield from cases.split(by)


def _known_agents(indicator: Indicator, legs: dict[str, Cases]) -> int | None:
    if indicator.agent is None:
        return None
    codes = [cases.agent for cases in legs.values() if cases.agent is not None]
    return int((np.unique(np.concatenate(codes)) >= 0).sum()) if codes else 0


def _with_notes(measurement: Measurement, notes: tuple[str, ...]) -> Measurement:
    own = measurement.estimate.notes if measurement.estimate else ()
    return replace(measurement, notes=(*own, *notes))


def _mix(run: Run) -> dict[str, float]:
    """The share of each channel among the cases in scope created in the period."""
    contacts = run.engine().read(run.folder("2_validate") / "facts" / "contacts.parquet")
    start, end = instant(run.period.start_at), instant(run.period.end_at)
    created = contacts.filter(_.created_at >= start, _.created_at < end)
    counted = created.group_by("channel").agg(cases=_.count()).order_by("channel")
    rows = run.engine().fetch(counted).to_pylist()
    total = sum(row["cases"] for row in rows)
    return {row["channel"]: row["cases"] / total for row in rows}


def _frame(measurements: list[Measurement]) -> pd.DataFrame:
    rows = []
    for m in measurements:
        estimate = m.estimate or Estimate.nothing("")
        rows.append(
            {
                "indicator": m.indicator,
                "slice": m.part.by,
                "value of slice": m.part.value,
                "period": m.period,
                "cases": estimate.cases,
                "missing": estimate.missing,
                "not_yet_due": estimate.not_yet_due,
                "estimate": estimate.value,
                "low": estimate.low,
                "high": estimate.high,
                "se": estimate.se,
                "scale": estimate.scale,
                "method": estimate.method,
                "effective_customers": estimate.effective_customers,
                "effective_agents": estimate.effective_agents,
                "reason": m.reason,
                "notes": "; ".join(m.notes),
            }
        )
    return pd.DataFrame(rows)
