"""Scores of principles and the overall: weighted means with intervals, coverage, grades."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from cxaudit.score.indicators import ASSESSED, INDICATIVE, LETTERS, NOT_ASSESSED, Judged
from cxaudit.statistics import Estimate, composite

COVERAGE_TO_ASSESS, COVERAGE_TO_INDICATE = 0.5, 0.25
INDICATORS_TO_ASSESS = 2
HALF_WIDTH_TO_ASSESS, HALF_WIDTH_TO_INDICATE = 12.0, 20.0
GRADES = ((85.0, "A"), (75.0, "B"), (60.0, "C"), (45.0, "D"))
PRINCIPLES_FOR_OVERALL, WEIGHT_FOR_OVERALL = 7, 0.7
# One weak principle caps the grade of the whole.
WEAKEST_LINKS = ((25.0, "D"), (45.0, "C"))


@dataclass(frozen=True)
class Term:
    """One estimate of a score with its share of the score."""

    estimate: Estimate
    share: float
    value_of: Callable[[float], float]


@dataclass(frozen=True)
class Contribution:
    """An indicator's part in a principle: its utility and the terms it is made of.

    `channels` are those that are scored, of an indicator that is scored by channel.
    """

    id: str
    weight: float
    is_core: bool
    utility: float
    evidence: str
    terms: tuple[Term, ...]
    channels: tuple[str, ...] = ()


@dataclass(frozen=True)
class Score:
    """A principle's score with its interval, state, coverage, grade and evidence."""

    id: str
    name: str
    state: str
    reason: str
    score: float | None = None
    low: float | None = None
    high: float | None = None
    grade: str | None = None
    coverage: float = 0.0
    coverage_low: float | None = None
    coverage_high: float | None = None
    evidence: str | None = None
    at_scale_end: bool = False
    terms: tuple[Term, ...] = ()


def contribution(judged: Judged) -> Contribution:
    """The part of an indicator that is one figure."""
    assert judged.utility is not None and judged.value_of is not None and judged.evidence
    term = Term(judged.estimate, 1.0, judged.value_of)
    entry = judged.entry
    return Contribution(
        entry["id"], entry["weight"], entry["core"], judged.utility, judged.evidence, (term,)
    )


def contribution_of_channels(
    channels: Sequence[Judged], mix: Mapping[str, float]
) -> Contribution | None:
    """The part of an indicator that is scored by channel, averaged with the reference mix.

    Channels that are not scored are left out and the others' mix renormalised; None where no
    channel is scored.
    """
    scored = [c for c in channels if c.counts and mix.get(c.measurement.part.value, 0) > 0]
    if not scored:
        return None
    total = sum(mix[c.measurement.part.value] for c in scored)
    terms = tuple(
        Term(c.estimate, mix[c.measurement.part.value] / total, c.value_of)
        for c in scored
        if c.value_of is not None
    )
    entry = scored[0].entry
    points = sum(t.share * (c.utility or 0.0) for t, c in zip(terms, scored, strict=True))
    shares = [(c.evidence or "D", mix[c.measurement.part.value]) for c in scored]
    return Contribution(
        entry["id"],
        entry["weight"],
        entry["core"],
        points,
        weighted_median(shares),
        terms,
        tuple(c.measurement.part.value for c in scored),
    )


def limits(terms: Sequence[Term]) -> tuple[float, float, bool]:
    """The interval of a weighted mean of utilities, and whether it is at the scale's end."""
    return composite(
        [term.estimate for term in terms],
        [term.share for term in terms],
        [term.value_of for term in terms],
    )


def principle(
    id: str, name: str, entries: Sequence[Mapping[str, Any]], parts: Sequence[Contribution]
) -> Score:
    """The score of one principle from the indicators that could be measured.

    `entries` are all its indicators in the scorecard: their scored weights are the base of the
    coverage, whether measured or not.
    """
    whole = sum(entry["weight"] for entry in entries if entry["status"] == "scored")
    parts = [part for part in parts if part.weight > 0]
    weight = sum(part.weight for part in parts)
    coverage = weight / whole if whole else 0.0
    if coverage < COVERAGE_TO_INDICATE:
        covered = f"{weight:g} of {whole:g} of the weight could be measured"
        return Score(id, name, NOT_ASSESSED, covered, coverage=coverage)
    terms = tuple(
        replace(term, share=term.share * part.weight / weight)
        for part in parts
        for term in part.terms
    )
    points = sum(part.weight * part.utility for part in parts) / weight
    low, high, at_end = limits(terms)
    state, reason = _state(parts, coverage, (high - low) / 2)
    if state == NOT_ASSESSED:
        return Score(id, name, state, reason, coverage=coverage)
    return Score(
        id,
        name,
        state,
        reason,
        score=points,
        low=low,
        high=high,
        grade=grade(points),
        coverage=coverage,
        coverage_low=points * coverage,
        coverage_high=points * coverage + 100 * (1 - coverage),
        evidence=weighted_median([(part.evidence, part.weight) for part in parts]),
        at_scale_end=at_end,
        terms=terms,
    )


def _state(parts: Sequence[Contribution], coverage: float, half_width: float) -> tuple[str, str]:
    reasons = []
    if coverage < COVERAGE_TO_ASSESS:
        reasons.append(f"{coverage:.0%} of the weight could be measured; 50 % needed")
    if len(parts) < INDICATORS_TO_ASSESS:
        reasons.append("one indicator only; two needed")
    if not any(part.is_core for part in parts):
        reasons.append("no core indicator could be measured")
    if half_width > HALF_WIDTH_TO_INDICATE:
        return NOT_ASSESSED, f"too little data: the score is known to ±{half_width:.0f} points"
    if half_width > HALF_WIDTH_TO_ASSESS:
        reasons.append(f"the score is known to ±{half_width:.0f} points; 12 needed")
    return (INDICATIVE, "; ".join(reasons)) if reasons else (ASSESSED, "")


def overall(principles: Sequence[Score]) -> tuple[dict[str, Any] | None, str]:
    """The mean of the assessed principles, or None with the reason there is no overall."""
    assessed = [p for p in principles if p.state == ASSESSED and p.score is not None]
    share = len(assessed) / len(principles) if principles else 0.0
    if len(assessed) < PRINCIPLES_FOR_OVERALL or share < WEIGHT_FOR_OVERALL:
        return None, (
            f"{len(assessed)} of {len(principles)} principles are assessed; "
            f"an overall needs {PRINCIPLES_FOR_OVERALL}"
        )
    scores = [p.score for p in assessed if p.score is not None]
    points = sum(scores) / len(scores)
    terms = [replace(t, share=t.share / len(assessed)) for p in assessed for t in p.terms]
    low, high, at_end = limits(terms)
    letter = grade(points)
    for below, cap in WEAKEST_LINKS:
        if min(scores) < below:
            letter = max(letter, cap)
    found = {"score": points, "low": low, "high": high, "grade": letter, "at_scale_end": at_end}
    return found, ""


def grade(points: float) -> str:
    """A from 85, B from 75, C from 60, D from 45, else E."""
    return next((letter for least, letter in GRADES if points >= least), "E")


def weighted_median(letters: Sequence[tuple[str, float]]) -> str:
    """The evidence grade that half of the weight reaches; the worse of two."""
    total = sum(weight for _, weight in letters)
    seen = 0.0
    for letter in LETTERS:
        seen += sum(weight for found, weight in letters if found == letter)
        if seen > total / 2:
            return letter
    return LETTERS[-1]
