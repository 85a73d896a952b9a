"""What an indicator's measurement is worth: its state with the reason, utility, evidence grade."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cxaudit.measure import Measurement
from cxaudit.score.evidence import evidence_grade
from cxaudit.score.fewest import too_few
from cxaudit.score.minimum import too_little, unknown
from cxaudit.score.utility import Utility, utility
from cxaudit.statistics import Estimate

ASSESSED, INDICATIVE, NOT_ASSESSED = "assessed", "indicative", "not assessed"
# A note that begins so, of a statistic or of the measuring step, makes its figure indicative.
SAID_INDICATIVE = "indicative: "


@dataclass(frozen=True)
class Judged:
    """A measurement with its state, the reason for it, its utility and its evidence grade."""

    measurement: Measurement
    entry: Mapping[str, Any]
    state: str
    reason: str
    utility: float | None = None
    utility_low: float | None = None
    utility_high: float | None = None
    evidence: str | None = None
    value_of: Utility | None = None

    @property
    def estimate(self) -> Estimate:
        """The estimate; only of one that was measured."""
        assert self.measurement.estimate is not None
        return self.measurement.estimate

    @property
    def counts(self) -> bool:
        """Whether it enters a score: measured, scored by the scorecard, with a utility."""
        return (
            self.state != NOT_ASSESSED
            and self.entry["status"] == "scored"
            and self.utility is not None
        )


def judge(measurement: Measurement, entry: Mapping[str, Any], grade_cap: str = "A") -> Judged:
    """The state of one measurement under an entry of the scorecard.

    `grade_cap` is the best evidence grade that failed contract rules leave. What other indicators
    say of it comes after: `cxaudit.score.conditions`.
    """
    estimate = measurement.estimate
    if estimate is None:
        return Judged(measurement, entry, NOT_ASSESSED, measurement.reason)
    if short := too_little(measurement, entry["minimum"]):
        return Judged(measurement, entry, NOT_ASSESSED, short)
    if estimate.value is None and not estimate.not_reached:
        reason = "; ".join(estimate.notes) or "no estimate could be made of these cases"
        return Judged(measurement, entry, NOT_ASSESSED, reason)
    anchors = _anchors(measurement, entry)
    if anchors is None:
        channel = measurement.part.value
        return Judged(measurement, entry, NOT_ASSESSED, f"no anchors for the channel {channel}")
    value_of = utility(anchors, entry["anchor_scale"])
    points, low, high = _utilities(estimate, value_of)
    evidence = evidence_grade(measurement, entry, (high - low) / 2, grade_cap)
    reasons = [*unknown(measurement, entry["minimum"]), *too_few(entry, estimate)]
    notes = dict.fromkeys((*estimate.notes, *measurement.notes))
    reasons += [
        note.removeprefix(SAID_INDICATIVE) for note in notes if note.startswith(SAID_INDICATIVE)
    ]
    if evidence == "D":
        reasons.append("evidence grade D: too uncertain, or the data allow no better")
    state = INDICATIVE if reasons else ASSESSED
    return Judged(
        measurement, entry, state, "; ".join(reasons), points, low, high, evidence, value_of
    )


def _anchors(measurement: Measurement, entry: Mapping[str, Any]) -> Mapping[str, float] | None:
    by_channel = entry["anchors"].get("by_channel")
    if by_channel is None:
        return entry["anchors"]
    return by_channel.get(measurement.part.value)


def _utilities(estimate: Estimate, value_of: Utility) -> tuple[float, float, float]:
    """The utility of the estimate and of its limits; an open limit lies at infinity."""
    value = math.inf if estimate.value is None else estimate.value
    low = value_of(-math.inf if estimate.low is None else estimate.low)
    high = value_of(math.inf if estimate.high is None else estimate.high)
    return value_of(value), min(low, high), max(low, high)
