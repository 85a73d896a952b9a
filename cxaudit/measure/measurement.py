"""One figure of the audit, and the measuring of it from an indicator's cases."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from cxaudit.indicators import Indicator, Situation
from cxaudit.measure.cases import SLICES, IndicatorCases, Slice
from cxaudit.measure.weighing import Weighing, carried, weighings
from cxaudit.statistics import Cases, Estimate

WHOLE = Slice()


@dataclass(frozen=True)
class Measurement:
    """One estimate: of an indicator, for a part of the service, in a period; or why there is none.

    `known_agents` counts agents with an id among the cases, None where agents play no part.
    `counts` holds what minimums ask beside cases: days, events, reviewers and so on. `weighing`
    says by leg what weights do to a figure of survey answers, of the whole. `broken`: why it is of
    another series than the audited period's figure, and compares with none.
    """

    indicator: str
    part: Slice
    period: str
    estimate: Estimate | None
    reason: str = ""
    known_agents: int | None = None
    notes: tuple[str, ...] = ()
    counts: Mapping[str, float] = field(default_factory=dict)
    weighing: Mapping[str, Weighing] = field(default_factory=dict)
    broken: str = ""


def measurement(
    indicator: Indicator, part: Slice, cases: IndicatorCases, situation: Situation
) -> Measurement:
    """The measurement of one indicator from the cases of one part."""
    legs = cases.known()
    situation = replace(situation, labels=cases.labels)
    estimate = indicator.statistic(legs, situation)
    estimate = replace(estimate, counts={**_weighted(legs), **estimate.counts})
    return Measurement(
        indicator.id,
        part,
        situation.period.label,
        estimate,
        known_agents=_distinct_agents(legs) if indicator.agent else None,
        notes=estimate.notes,
        counts={**_counts(indicator, legs, situation.minimum), **estimate.counts},
        weighing=weighings(indicator, legs, situation) if part == WHOLE else {},
    )


def parts(
    indicator: Indicator, cases: IndicatorCases, by: tuple[str, ...] = SLICES
) -> Iterator[tuple[Slice, IndicatorCases]]:
    """The whole, where it is one figure, and each part of it that is measured."""
    if not indicator.per_channel:
        yield WHOLE, cases
    if indicator.sliced:
        for name in by:
            if name == "channel" or not indicator.per_channel:
                yield from cases.split(name)


def without_influence(found: Measurement) -> Measurement:
    """The measurement less the influence of each case: of parts that enter no score."""
    if found.estimate is None or found.estimate.influence is None:
        return found
    return replace(found, estimate=replace(found.estimate, influence=None))


def _distinct_agents(legs: dict[str, Cases]) -> int:
    codes = [cases.agent for cases in legs.values() if cases.agent is not None]
    return int((np.unique(np.concatenate(codes)) >= 0).sum()) if codes else 0


def _weighted(legs: dict[str, Cases]) -> dict[str, float]:
    """How many cases carry a weight, where any does."""
    known = sum(carried(cases) for cases in legs.values())
    return {"weighted": float(known)} if known else {}


def _counts(
    indicator: Indicator, legs: dict[str, Cases], minimum: Mapping[str, Any]
) -> dict[str, float]:
    """How many blocks stand behind the cases, and customers where the minimum asks for them."""
    counts = {}
    if indicator.block:
        blocks = [cases.agent for cases in legs.values() if cases.agent is not None]
        distinct = np.unique(np.concatenate(blocks)).size if blocks else 0
        counts[f"{indicator.block}s"] = float(distinct)
    if indicator.customer and minimum.get("customers"):
        customers = np.unique(np.concatenate([cases.customer for cases in legs.values()]))
        counts["customers"] = float((customers >= 0).sum())
    return counts
