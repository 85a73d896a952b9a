"""The rows of the audit: one per indicator and part, per principle, per figure shown beside."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from cxaudit.indicators import CONTEXT, INDICATORS
from cxaudit.measure import Measured, Measurement
from cxaudit.measure.cases import SLICES, Slice
from cxaudit.score.indicators import ASSESSED, INDICATIVE, NOT_ASSESSED, UNWEIGHTED, Judged
from cxaudit.score.principles import Contribution, Score, limits

NOT_BUILT = "not measured by this version of cxaudit"
NO_CHANNEL = "no case of the period is on a channel that tickets can time"
UNIT_OF_CONTEXT = {
    "answered_within_24_hours": "share",
    "not_answered_by_as_of": "share",
    "first_response_median_among_answered": "seconds",
    "first_response_p90_among_answered": "seconds",
}


def indicator_rows(
    every: list[Judged],
    contributions: dict[str, Contribution],
    scorecard: dict[str, Any],
    volumes: Mapping[str, float],
) -> list[dict[str, Any]]:
    """One row per indicator of the scorecard as a whole, and per part it was measured for.

    `volumes`: the share of the period's cases on each channel.
    """
    rows = []
    by_id: dict[str, list[Judged]] = defaultdict(list)
    for judged in every:
        by_id[judged.measurement.indicator].append(judged)
    for entry in scorecard["indicators"]:
        id = entry["id"]
        found = by_id.get(id, [])
        if not found or (id in INDICATORS and INDICATORS[id].per_channel):
            rows.append(_whole_of_channels(entry, found, contributions.get(id), volumes))
        order = ("", *SLICES)
        for judged in sorted(found, key=lambda j: order.index(j.measurement.part.by)):
            if judged.measurement.part.by or not INDICATORS[id].per_channel:
                rows.append(_row(judged))
    return rows


def _row(judged: Judged) -> dict[str, Any]:
    m, entry = judged.measurement, judged.entry
    estimate = m.estimate
    return {
        **_identity(entry),
        "slice": {m.part.by: m.part.value} if m.part.by else {},
        "state": judged.state,
        "reason": judged.reason,
        **_figures(m),
        "utility": judged.utility,
        "utility_low": judged.utility_low,
        "utility_high": judged.utility_high,
        "coverage_weight": entry["weight"] if judged.counts and not m.part.by else 0,
        "evidence": judged.evidence,
        "notes": _notes(m),
        "not_reached": bool(estimate and estimate.not_reached),
    }


def _figures(m: Measurement) -> dict[str, Any]:
    e = m.estimate
    return {
        "cases": e.cases if e else 0,
        "not_yet_due": e.not_yet_due if e else 0,
        "missing": e.missing if e else 0,
        "estimate": e.value if e else None,
        "se": e.se if e else None,
        "low": e.low if e else None,
        "high": e.high if e else None,
        "method": e.method if e else "",
        "effective_customers": e.effective_customers if e else None,
        "effective_agents": e.effective_agents if e else None,
    }


def _identity(entry: dict[str, Any] | Any) -> dict[str, Any]:
    return {
        "id": entry["id"],
        "name": entry["name"],
        "principle": entry["principle"],
        "status": entry["status"],
        "weight": entry["weight"],
        "core": entry["core"],
        "unit": entry["unit"],
    }


def _notes(m: Measurement) -> list[str]:
    notes = list(m.notes)
    if m.estimate is not None and INDICATORS[m.indicator].fact == "answers":
        unweighted = [n for n in notes if UNWEIGHTED in n]
        notes = [n for n in notes if n not in unweighted]
        notes.insert(0, UNWEIGHTED)
    return notes


def _whole_of_channels(
    entry: dict[str, Any],
    found: list[Judged],
    part: Contribution | None,
    volumes: Mapping[str, float],
) -> dict[str, Any]:
    """The row of an indicator that has no single figure, or was not measured at all."""
    channels = [j for j in found if j.measurement.part.by == "channel"]
    scored = part.channels if part else ()
    unscored = [
        f"{channel} ({share:.0%} of the cases)"
        for channel, share in sorted(volumes.items())
        if channel not in scored
    ]
    reason = next((j.reason for j in found if not j.measurement.part.by), "")
    if not found:
        reason = NO_CHANNEL if entry["id"] in INDICATORS else NOT_BUILT
    if entry["status"] == "refused":
        reason = "refused: " + entry["lift"]
    state, low, high = NOT_ASSESSED, None, None
    notes: list[str] = []
    if part is not None:
        low, high, _at_end = limits(part.terms)
        notes = [f"not scored: {', '.join(unscored)}"] if unscored else []
        state = _state_of_channels(channels, part, volumes)
        reason = "" if state == ASSESSED else "most of its cases are on indicative channels"
    elif channels:
        reason = "no channel could be scored: " + "; ".join(
            f"{j.measurement.part.value}: {j.reason}" for j in channels
        )
    total = sum(j.measurement.estimate.cases for j in channels if j.measurement.estimate)
    return {
        **_identity(entry),
        "slice": {},
        "state": state,
        "reason": reason,
        **_figures(Measurement(entry["id"], Slice(), "", None)),
        "cases": total,
        "utility": part.utility if part else None,
        "utility_low": low,
        "utility_high": high,
        "coverage_weight": entry["weight"] if part else 0,
        "evidence": part.evidence if part else None,
        "notes": notes,
        "not_reached": False,
    }


def _state_of_channels(
    channels: list[Judged], part: Contribution, volumes: Mapping[str, float]
) -> str:
    """Assessed where the channels assessed hold half of the cases of those scored."""
    states = {j.measurement.part.value: j.state for j in channels}
    scored = {channel: volumes.get(channel, 0.0) for channel in part.channels}
    assessed = sum(share for channel, share in scored.items() if states[channel] == ASSESSED)
    return ASSESSED if 2 * assessed >= sum(scored.values()) else INDICATIVE


def context_rows(measured: Measured, period: str) -> list[dict[str, Any]]:
    """One row per figure shown beside the indicators, for the whole and by channel."""
    return [
        {
            "id": m.indicator,
            "definition": CONTEXT[m.indicator].definition,
            "slice": {m.part.by: m.part.value} if m.part.by else {},
            "unit": UNIT_OF_CONTEXT[m.indicator],
            **_figures(m),
        }
        for m in measured.measurements
        if m.indicator in CONTEXT and m.period == period and m.part.by in ("", "channel")
    ]


def principle_row(score: Score, before: list[Score]) -> dict[str, Any]:
    """A principle's score as the audit keeps it, with the score of the period before."""
    previous = next(s for s in before if s.id == score.id)
    row = {k: v for k, v in vars(score).items() if k != "terms"}
    return {**row, "grade_probability": None, "previous": previous.score}
