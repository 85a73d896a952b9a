"""The scorecard's minimums: what a measurement needs to be a figure at all."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cxaudit.measure import Measurement

# What a minimum counts, in words. Cases and agents have their own rules, below.
WORDS = {
    "cases": "cases",
    "agents": "agents",
    "customers": "customers",
    "days": "days",
    "events": "service events",
    "views": "views",
    "reviewers": "reviewers",
    "observers": "observers",
    "peak_cases": "cases at peak",
    "traces": "traces",
    "channels": "channels",
    "weeks": "weeks",
    "filled_category_share": "of the cases with a category",
}
SHARES = ("filled_category_share",)
# Groups of the estimate are these where the statistic says nothing else.
OF_GROUPS = ("channels", "weeks")
# Asked only where the figure is made of them: adherence is scored on reviews where there are any.
WHERE_COUNTED = ("traces",)
# Conditions the catalogue writes in words ('other'): what has to be counted, and how much of it.
# Missing one makes a figure indicative.
CONDITIONS = {
    "pro_preventable_share": (("coders", 2, "coders"), ("kappa", 0.6, "agreement of the coders")),
}


def too_little(measurement: Measurement, minimum: Mapping[str, Any]) -> str:
    """Which minimum is missed, in words; empty where none is known to be."""
    short = []
    for name, needed, found in _asked(measurement, minimum):
        if found is not None and found < needed:
            short.append(_said(name, found, needed))
    return "too little data: " + ", ".join(short) if short else ""


def unknown(measurement: Measurement, minimum: Mapping[str, Any]) -> list[str]:
    """Why a measurement is indicative: a minimum asks for what nothing tells, or a condition."""
    reasons = []
    if minimum.get("agents") and measurement.known_agents == 0:
        reasons.append("no agent is known")
    for name, needed, found in _asked(measurement, minimum):
        if found is None:
            reasons.append(f"not known: {WORDS[name]}; {_number(name, needed)} needed")
    counts = measurement.counts
    for name, needed, said in CONDITIONS.get(measurement.indicator, ()):
        if name not in counts:
            reasons.append(f"not known: {said}; {needed:g} needed")
        elif counts[name] < needed:
            reasons.append(f"{said}: {counts[name]:g}; {needed:g} needed")
    return reasons


def _asked(
    measurement: Measurement, minimum: Mapping[str, Any]
) -> list[tuple[str, float, float | None]]:
    """Every minimum that is set, with what was found; None where nothing tells."""
    return [
        (name, minimum[name], _found(measurement, minimum, name))
        for name in WORDS
        if minimum.get(name) and not _plays_no_part(measurement, name)
    ]


def _plays_no_part(measurement: Measurement, name: str) -> bool:
    if name in measurement.counts:
        return False
    # None of the agents known is said on its own: the figure is then indicative, not missing.
    return name in WHERE_COUNTED or (name == "agents" and measurement.known_agents == 0)


def _found(measurement: Measurement, minimum: Mapping[str, Any], name: str) -> float | None:
    estimate = measurement.estimate
    assert estimate is not None  # the caller judges what was measured
    if name in measurement.counts:
        return measurement.counts[name]
    if name == "cases":
        return estimate.cases
    if name == "agents":
        # Where an agent needs some cases to count, only those that have them entered.
        return estimate.groups if minimum.get("cases_per_agent") else measurement.known_agents
    return estimate.groups or 0 if name in OF_GROUPS else None


def _said(name: str, found: float, needed: float) -> str:
    return f"{_number(name, found)} {WORDS[name]}; {_number(name, needed)} needed"


def _number(name: str, number: float) -> str:
    return f"{number:.1%}" if name in SHARES else f"{number:,.0f}"
