"""What an indicator's measurement is worth: its state with the reason, utility, evidence grade."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from cxaudit.indicators import INDICATORS
from cxaudit.measure import Measurement
from cxaudit.score.utility import utility
from cxaudit.statistics import Estimate

ASSESSED, INDICATIVE, NOT_ASSESSED = "assessed", "indicative", "not assessed"
EVIDENCE_HALF_WIDTHS = (("A", 5.0), ("B", 10.0), ("C", 20.0))
LETTERS = "ABCD"
FEWEST_EFFECTIVE_AGENTS = 5
# The spread of a few agents says little about the spread of agents (influence.md §6).
FEWEST_EFFECTIVE_AGENTS_FOR_SPREAD = {"con_response_spread": 30}
UNWEIGHTED = "not weighted for non-response"


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
    value_of: Callable[[float], float] | None = None

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

    `grade_cap` is the best evidence grade that failed contract rules leave.
    """
    estimate = measurement.estimate
    if estimate is None:
        return Judged(measurement, entry, NOT_ASSESSED, measurement.reason)
    if short := _too_little(measurement, estimate, entry["minimum"]):
        return Judged(measurement, entry, NOT_ASSESSED, short)
    anchors = _anchors(measurement, entry)
    if anchors is None:
        channel = measurement.part.value
        return Judged(measurement, entry, NOT_ASSESSED, f"no anchors for the channel {channel}")
    value_of = utility(anchors, entry["anchor_scale"])
    points, low, high = _utilities(estimate, value_of)
    evidence = _evidence(measurement, estimate, entry, (high - low) / 2, grade_cap)
    reasons = _weaknesses(measurement, estimate, entry)
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


def _utilities(
    estimate: Estimate, value_of: Callable[[float], float]
) -> tuple[float, float, float]:
    """The utility of the estimate and of its limits; an open limit lies at infinity."""
    value = math.inf if estimate.value is None else estimate.value
    low = value_of(-math.inf if estimate.low is None else estimate.low)
    high = value_of(math.inf if estimate.high is None else estimate.high)
    return value_of(value), min(low, high), max(low, high)


def _too_little(measurement: Measurement, estimate: Estimate, minimum: Mapping[str, Any]) -> str:
    """Which minimum is missed, in words; empty where none is."""
    checks = [(estimate.cases, minimum.get("cases"), "cases")]
    if measurement.known_agents:
        # Where an agent needs some cases to count, only those that have them entered.
        agents = estimate.groups if minimum.get("cases_per_agent") else measurement.known_agents
        checks.append((agents or 0, minimum.get("agents"), "agents"))
    for counted in ("channels", "weeks"):
        checks.append((estimate.groups or 0, minimum.get(counted), counted))
    short = [
        f"{found:,} {name}; {needed:,} needed"
        for found, needed, name in checks
        if needed and found < needed
    ]
    if short:
        return "too little data: " + ", ".join(short)
    if estimate.value is None and not estimate.not_reached:
        return "; ".join(estimate.notes) or "no estimate could be made of these cases"
    return ""


def _weaknesses(
    measurement: Measurement, estimate: Estimate, entry: Mapping[str, Any]
) -> list[str]:
    """Why a result is indicative only."""
    reasons = []
    if entry["minimum"].get("agents") and measurement.known_agents == 0:
        reasons.append("no agent is known")
    effective = estimate.effective_agents
    if effective is not None and effective < FEWEST_EFFECTIVE_AGENTS:
        reasons.append(f"few agents: worth {effective:.1f} equal ones")
    needed = FEWEST_EFFECTIVE_AGENTS_FOR_SPREAD.get(entry["id"])
    if needed and effective is not None and FEWEST_EFFECTIVE_AGENTS <= effective < needed:
        reasons.append(f"agents worth {effective:.0f} equal ones; a spread needs {needed}")
    return reasons


def _evidence(
    measurement: Measurement,
    estimate: Estimate,
    entry: Mapping[str, Any],
    half_width: float,
    grade_cap: str,
) -> str:
    """A to D: by the half-width of the utility's interval, the cases, and what is not applied."""
    letter = next((grade for grade, most in EVIDENCE_HALF_WIDTHS if half_width <= most), "D")
    if letter == "A" and estimate.cases < 4 * (entry["minimum"]["cases"] or 0):
        letter = "B"
    declared = INDICATORS.get(measurement.indicator)
    if declared is not None and declared.fact == "answers":
        letter = max(letter, "C")
    return max(letter, grade_cap)
