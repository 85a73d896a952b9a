"""The rows of the audit for figures: one per indicator and part, one per figure shown beside."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from cxaudit.indicators import CONTEXT, INDICATORS
from cxaudit.indicators.declaration import Statistic
from cxaudit.indicators.methods import (
    by_contact_rate,
    by_mean_count,
    by_mean_span,
    by_median,
    by_ninetieth,
    by_survival_median,
    by_survival_ninetieth,
)
from cxaudit.measure import Measured, Measurement
from cxaudit.measure.cases import SLICES, Slice
from cxaudit.score.evidence import UNWEIGHTED, is_survey, is_weighted
from cxaudit.score.indicators import ASSESSED, INDICATIVE, NOT_ASSESSED, Judged
from cxaudit.score.principles import Contribution, bound, limits
from cxaudit.score.suppression import Cell, suppressed

NOT_BUILT = "not measured by this version of cxaudit"
NO_CHANNEL = "no case of the period is on a channel that tickets can time"
# What is neither a time nor a count is a share, beside the indicators.
IN_SECONDS = (by_mean_span, by_median, by_ninetieth, by_survival_median, by_survival_ninetieth)
COUNTS = (by_contact_rate, by_mean_count)


def indicator_rows(
    every: list[Judged],
    contributions: dict[str, Contribution],
    scorecard: dict[str, Any],
    volumes: Mapping[str, float],
    hidden: Mapping[Cell, str],
) -> list[dict[str, Any]]:
    """One row per indicator of the scorecard as a whole, and per part it was measured for.

    `volumes`: the share of the period's cases on each channel. `hidden`: why a part is not shown;
    its row then has no figure, though a channel may be part of a score all the same.
    """
    rows = []
    by_id: dict[str, list[Judged]] = defaultdict(list)
    for judged in every:
        by_id[judged.measurement.indicator].append(judged)
    for entry in scorecard["indicators"]:
        id = entry["id"]
        found = by_id.get(id, [])
        if not found or (id in INDICATORS and INDICATORS[id].per_channel):
            rows.append(_whole_of_channels(entry, found, contributions.get(id), volumes, hidden))
        order = ("", *SLICES)
        for judged in sorted(found, key=lambda j: order.index(j.measurement.part.by)):
            if judged.measurement.part.by or not INDICATORS[id].per_channel:
                rows.append(_row(judged, hidden.get(_cell(judged.measurement), "")))
    return rows


def _row(judged: Judged, why_hidden: str) -> dict[str, Any]:
    if why_hidden:
        nothing = Measurement(judged.measurement.indicator, judged.measurement.part, "", None)
        judged = Judged(nothing, judged.entry, NOT_ASSESSED, why_hidden)
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
        "notes": _notes(m, entry),
        "not_reached": bool(estimate and estimate.not_reached),
        "bound": "",
    } | ({"cases": None, "not_yet_due": None, "missing": None} if why_hidden else {})


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


def _identity(entry: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "id": entry["id"],
        "name": entry["name"],
        "principle": entry["principle"],
        "status": entry["status"],
        "weight": entry["weight"],
        "core": entry["core"],
        "unit": entry["unit"],
        "clock": INDICATORS[entry["id"]].clock if entry["id"] in INDICATORS else "",
    }


def _notes(m: Measurement, entry: Mapping[str, Any]) -> list[str]:
    """The notes, each once; first, of survey answers without weights, that they have none."""
    notes = list(dict.fromkeys(m.notes))
    if m.estimate is None or not is_survey(entry) or is_weighted(m):
        return notes
    unweighted = [note for note in notes if UNWEIGHTED in note] or [UNWEIGHTED]
    return unweighted + [note for note in notes if note not in unweighted]


def _cell(m: Measurement) -> Cell:
    return m.indicator, m.period, m.part


def _whole_of_channels(
    entry: dict[str, Any],
    found: list[Judged],
    part: Contribution | None,
    volumes: Mapping[str, float],
    hidden: Mapping[Cell, str],
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
    state, low, high, side = NOT_ASSESSED, None, None, ""
    notes: list[str] = []
    if part is not None:
        low, high, at_end = limits(part.terms)
        side = bound(part.terms, at_end)
        notes = [f"not scored: {', '.join(unscored)}"] if unscored else []
        state = _state_of_channels(channels, part, volumes)
        reason = "" if state == ASSESSED else "most of its cases are on indicative channels"
    elif channels:
        reason = "no channel could be scored: " + "; ".join(
            f"{j.measurement.part.value}: {hidden.get(_cell(j.measurement), j.reason)}"
            for j in channels
        )
    # Of the channels shown: the whole less these would tell of the others.
    shown = [j.measurement for j in channels if _cell(j.measurement) not in hidden]
    total = sum(m.estimate.cases for m in shown if m.estimate)
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
        "bound": side,
    }


def _state_of_channels(
    channels: list[Judged], part: Contribution, volumes: Mapping[str, float]
) -> str:
    """Assessed where the channels assessed hold half of the cases of those scored."""
    states = {j.measurement.part.value: j.state for j in channels}
    scored = {channel: volumes.get(channel, 0.0) for channel in part.channels}
    assessed = sum(share for channel, share in scored.items() if states[channel] == ASSESSED)
    return ASSESSED if 2 * assessed >= sum(scored.values()) else INDICATIVE


def _unit(statistic: Statistic) -> str:
    if statistic in COUNTS:
        return "ratio"
    return "seconds" if statistic in IN_SECONDS else "share"


def context_rows(measured: Measured, period: str) -> list[dict[str, Any]]:
    """One row per figure shown beside the indicators, for the whole and by channel."""
    of_period = [m for m in measured.measurements if m.period == period and m.indicator in CONTEXT]
    hidden = suppressed(of_period)
    return [
        {
            "id": m.indicator,
            "definition": CONTEXT[m.indicator].definition,
            "slice": {m.part.by: m.part.value} if m.part.by else {},
            "unit": _unit(CONTEXT[m.indicator].statistic),
            "clock": CONTEXT[m.indicator].clock,
            **_figures(m),
        }
        for m in of_period
        if m.part.by in ("", "channel") and _cell(m) not in hidden
    ]
