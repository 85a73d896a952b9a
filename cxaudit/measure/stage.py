"""The measuring step: every indicator of the scorecard, now, before, a year before, by month."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

import pandas as pd

from cxaudit.facts.tables import CheckedTables
from cxaudit.indicators import CONTEXT, INDICATORS, Indicator
from cxaudit.indicators.context import NEEDS
from cxaudit.measure.availability import fallbacks, why_not
from cxaudit.measure.cases import Slice
from cxaudit.measure.comparison import Comparison
from cxaudit.measure.comparison import frame as frame_of_comparisons
from cxaudit.measure.desk import Alternative, Desk
from cxaudit.measure.frames import frame
from cxaudit.measure.measurement import WHOLE, Measurement
from cxaudit.measure.mix import Mix, own_mix, reference_mix
from cxaudit.scorecards import open_scorecard

if TYPE_CHECKING:
    from cxaudit.run import Run

BUSINESS_CLOCK = "first_response_in_business_time"


@dataclass(frozen=True)
class Measured:
    """All measurements and comparisons, the mix they rest on, and figures of other settings.

    `mix` is the share of the cases of each channel in the audited period; `reference` the mix
    that scores by channel are averaged with.
    """

    measurements: list[Measurement]
    comparisons: list[Comparison]
    alternatives: list[Alternative]
    mix: Mapping[str, float]
    reference: Mix
    table: pd.DataFrame = field(repr=False)

    def of(self, indicator: str, period: str, part: Slice = WHOLE) -> Measurement | None:
        """The measurement of an indicator in a period, of the whole or of a part."""
        return self._index.get((indicator, period, part))

    @cached_property
    def _index(self) -> dict[tuple[str, str, Slice], Measurement]:
        return {(m.indicator, m.period, m.part): m for m in self.measurements}


def measure(run: Run) -> Measured:
    """Estimates of all indicators that the data allow, with intervals, and their differences.

    Writes `3_score/measures.parquet` (one row per indicator, slice and period) and
    `differences.parquet` (one per indicator, channel and earlier period); returns the estimates
    with their influence, which the score needs. Raises `EngagementError` where the reference mix
    the engagement names cannot be read.
    """
    scorecard = open_scorecard(overrides=run.engagement.overrides)
    entries = {entry["id"]: entry for entry in scorecard["indicators"]}
    tables = CheckedTables(run)
    own = own_mix(run)
    desk = Desk(run, tables, entries, reference_mix(run, own))
    reasons = {id: why_not(tables, entries[id]) for id in INDICATORS}
    measurements = [
        Measurement(id, WHOLE, run.period.label, None, reason)
        for id, reason in reasons.items()
        if reason
    ]
    comparisons: list[Comparison] = []
    possible = {id: INDICATORS[id] for id, reason in reasons.items() if not reason}
    possible |= {id: indicator for id, indicator in CONTEXT.items() if _allows(tables, indicator)}
    for fact in sorted({indicator.fact for indicator in possible.values()}):
        on_fact = {id: i for id, i in possible.items() if i.fact == fact}
        for found in desk.of_fact(fact, on_fact):
            measurements += found.measurements
            comparisons += found.comparisons
    noted = {id: tuple(fallbacks(tables, entries[id])) for id in INDICATORS}
    measurements = [replace(m, notes=(*m.notes, *noted.get(m.indicator, ()))) for m in measurements]
    alternatives = [
        *desk.alternatives(possible),
        *_on_the_business_clock(measurements, run.period.label),
    ]
    measured = Measured(
        measurements, comparisons, alternatives, own.channel, desk.mix, frame(measurements)
    )
    folder = run.folder("3_score")
    measured.table.to_parquet(folder / "measures.parquet", index=False)
    frame_of_comparisons(comparisons).to_parquet(folder / "differences.parquet", index=False)
    (folder / "mix.json").write_text(json.dumps(own.document()), encoding="utf-8")
    return measured


def _on_the_business_clock(
    measurements: Iterable[Measurement], period: str
) -> Iterator[Alternative]:
    """First response by e-mail with the time counted while the service is open."""
    e_mail = Slice("channel", "email")
    for m in measurements:
        is_it = (m.indicator, m.period, m.part) == (BUSINESS_CLOCK, period, e_mail)
        if is_it and m.estimate is not None and m.estimate.value is not None:
            yield Alternative(
                "spd_first_response", "clock of e-mail", "business", m.estimate, e_mail
            )


def _allows(tables: CheckedTables, indicator: Indicator) -> bool:
    """Whether the data allow a figure of the context: its fact, and one of what it needs."""
    fact = tables.run.folder("2_validate") / "facts" / f"{indicator.fact}.parquet"
    needs = NEEDS.get(indicator.id, ())
    return fact.exists() and (not needs or any(tables.supplies(column) for column in needs))
