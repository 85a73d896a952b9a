"""The audited period against an earlier one: crude, and with the mix of the cases held fixed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import pandas as pd

from cxaudit.indicators import Indicator, Situation
from cxaudit.indicators.methods import STANDARDISABLE
from cxaudit.measure.cases import IndicatorCases, Slice
from cxaudit.measure.measurement import parts
from cxaudit.measure.mix import Cell
from cxaudit.measure.standardise import standard
from cxaudit.statistics import Difference, Estimate, difference

CRUDE, ADJUSTED = "crude", "adjusted"
NOT_ADJUSTABLE = "its statistic has no form for a fixed mix"
NO_STRATUM = "no channel, category and priority has cases enough in both periods"


@dataclass(frozen=True)
class Comparison:
    """One indicator, for the whole or a channel, now and in an earlier period.

    `kind` is 'crude', or 'adjusted': both figures with the same mix of channel, category and
    priority; `unadjusted` is the share of that mix that had too few cases.
    """

    indicator: str
    part: Slice
    reference: str
    kind: str
    now: Estimate
    before: Estimate
    difference: Difference
    unadjusted: float | None = None
    note: str = ""


def compare(
    indicator: Indicator,
    reference: str,
    now: tuple[IndicatorCases, Situation],
    before: tuple[IndicatorCases, Situation],
    figures: Mapping[Slice, tuple[Estimate, Estimate]],
    cells: Mapping[Cell, float] | None,
) -> Iterator[Comparison]:
    """The comparisons of an indicator: whole, or each channel where it has no single figure.

    `figures`: the scored estimates of both periods by part.
    """
    earlier = dict(parts(indicator, before[0], by=("channel",)))
    for part, cases in parts(indicator, now[0], by=("channel",)):
        if part not in figures or bool(part.by) != indicator.per_channel:
            continue
        pair = figures[part]
        crude = Comparison(indicator.id, part, reference, CRUDE, *pair, difference(*pair))
        if indicator.statistic not in STANDARDISABLE:
            yield replace(crude, note=NOT_ADJUSTABLE)
            continue
        found = standard([cases, earlier[part]], cells)
        yield crude if found else replace(crude, note=NO_STRATUM)
        if found is None:
            continue
        adjusted = [
            indicator.statistic(of.known(), replace(situation, labels=of.labels, strata=strata))
            for of, situation, strata in zip(
                (cases, earlier[part]), (now[1], before[1]), found.strata, strict=True
            )
        ]
        yield Comparison(
            indicator.id,
            part,
            reference,
            ADJUSTED,
            adjusted[0],
            adjusted[1],
            difference(adjusted[0], adjusted[1]),
            found.unadjusted,
        )


def frame(comparisons: list[Comparison]) -> pd.DataFrame:
    """One row per comparison."""
    columns = ["indicator", "slice", "value of slice", "reference", "kind", "now", "before"]
    columns += ["difference", "low", "high", "se", "df", "p", "detectable", "scale", "method"]
    columns += ["unadjusted_mass", "note"]
    rows = [
        (
            c.indicator,
            c.part.by,
            c.part.value,
            c.reference,
            c.kind,
            c.now.value,
            c.before.value,
            c.difference.value,
            c.difference.low,
            c.difference.high,
            c.difference.se,
            c.difference.df,
            c.difference.p,
            c.difference.detectable,
            c.difference.scale,
            c.difference.method,
            c.unadjusted,
            c.note,
        )
        for c in comparisons
    ]
    return pd.DataFrame(rows, columns=columns)
