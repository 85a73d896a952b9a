"""One period's measurements judged, and the scores of its principles made of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cxaudit.indicators import INDICATORS
from cxaudit.measure import Measured, Measurement
from cxaudit.measure.cases import Slice
from cxaudit.score.conditions import with_conditions
from cxaudit.score.indicators import NOT_ASSESSED, Judged, judge
from cxaudit.score.principles import (
    Contribution,
    Score,
    contribution,
    contribution_of_channels,
    principle,
)


@dataclass(frozen=True)
class Scored:
    """The judged measurements of one period and the scores of its principles."""

    period: str
    judged: list[Judged]
    contributions: dict[str, Contribution]
    scores: list[Score]

    def why_not(self) -> dict[str, str]:
        """Why indicators have no score; of one scored by channel, that no channel has one."""
        reasons = dict.fromkeys(
            (j.measurement.indicator for j in self.judged if not j.counts),
            "no channel could be scored",
        )
        wholes = [j for j in self.judged if j.state == NOT_ASSESSED and not j.measurement.part.by]
        return reasons | {j.measurement.indicator: j.reason for j in wholes if j.reason}


def scored(
    period: str,
    measured: Measured,
    scorecard: Mapping[str, Any],
    mix: Mapping[str, float],
    degraded: Mapping[str, str],
) -> Scored:
    """Everything measured in a period, judged, and the principles' scores made of it.

    `mix`: the shares of channels that scores by channel are averaged with. `degraded`: the best
    evidence grade that failed contract rules leave, by indicator.
    """
    entries = {entry["id"]: entry for entry in scorecard["indicators"]}
    judged = with_conditions(
        [
            judge(m, entries[m.indicator], degraded.get(m.indicator, "A"))
            for m in _of_period(measured, period)
            if m.indicator in entries
        ]
    )
    by_id: dict[str, list[Judged]] = defaultdict(list)
    for entry in judged:
        by_id[entry.measurement.indicator].append(entry)
    contributions = {}
    for id, found in by_id.items():
        part = _contribution(id, found, mix)
        if part is not None:
            contributions[id] = part
    scores = [
        principle(
            p["id"],
            p["name"],
            [e for e in scorecard["indicators"] if e["principle"] == p["id"]],
            [c for id, c in contributions.items() if entries[id]["principle"] == p["id"]],
            p["weight"],
        )
        for p in scorecard["principles"]
    ]
    return Scored(period, judged, contributions, scores)


def _of_period(measured: Measured, period: str) -> list[Measurement]:
    """The measurements of a period, each once: a month may be audited and drawn as well."""
    found: dict[tuple[str, Slice], Measurement] = {}
    for m in measured.measurements:
        if m.period == period:
            found.setdefault((m.indicator, m.part), m)
    return list(found.values())


def _contribution(id: str, found: list[Judged], mix: Mapping[str, float]) -> Contribution | None:
    if INDICATORS[id].per_channel:
        return contribution_of_channels([j for j in found if j.measurement.part.by], mix)
    whole = next((j for j in found if j.measurement.part == Slice()), None)
    return contribution(whole) if whole is not None and whole.counts else None
