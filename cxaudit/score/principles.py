"""Scores of principles: weighted means of utilities with intervals, coverage, states and grades."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from cxaudit.score.evidence import weighted_median
from cxaudit.score.indicators import ASSESSED, INDICATIVE, NOT_ASSESSED, Judged
from cxaudit.score.utility import Utility
from cxaudit.statistics import Estimate, composite

COVERAGE_TO_ASSESS, COVERAGE_TO_INDICATE = 0.5, 0.25
INDICATORS_TO_ASSESS = 2
HALF_WIDTH_TO_ASSESS, HALF_WIDTH_TO_INDICATE = 12.0, 20.0
GRADES = ((85.0, "A"), (75.0, "B"), (60.0, "C"), (45.0, "D"))


@dataclass(frozen=True)
class Term:
    """One estimate of a score with its share of the score; of an indicator by channel, one each."""

    estimate: Estimate
    share: float
    value_of: Utility
    indicator: str = ""
    channel: str = ""
    statistic: str = ""


@dataclass(frozen=True)
class Contribution:
    """An indicator's part in a principle: its utility and the terms it is made of."""

    id: str
    weight: float
    is_core: bool
    utility: float
    evidence: str
    terms: tuple[Term, ...]

    @property
    def channels(self) -> tuple[str, ...]:
        """The channels that are scored, of an indicator that is scored by channel."""
        return tuple(term.channel for term in self.terms if term.channel)


@dataclass(frozen=True)
class Score:
    """A principle's score with its interval, state, coverage, grade and evidence.

    `bound` says how to print it where several indicators are at an end of their scales: '>=' where
    that end is the upper one, '<=' where it is the lower one. `weight` is the principle's own in
    the overall, 1 unless the engagement says otherwise.
    """

    id: str
    name: str
    state: str
    reason: str
    weight: float = 1.0
    score: float | None = None
    low: float | None = None
    high: float | None = None
    grade: str | None = None
    coverage: float = 0.0
    coverage_low: float | None = None
    coverage_high: float | None = None
    evidence: str | None = None
    at_scale_end: bool = False
    bound: str = ""
    parts: tuple[Contribution, ...] = ()

    @property
    def terms(self) -> tuple[Term, ...]:
        """The estimates behind the score, each with its share of it."""
        return shared_out(self.parts)


def contribution(judged: Judged) -> Contribution:
    """The part of an indicator that is one figure."""
    assert judged.utility is not None and judged.evidence
    return Contribution(
        judged.entry["id"],
        judged.entry["weight"],
        judged.entry["core"],
        judged.utility,
        judged.evidence,
        (_term(judged, 1.0),),
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
    terms = tuple(_term(c, mix[c.measurement.part.value] / total) for c in scored)
    entry = scored[0].entry
    points = sum(t.share * (c.utility or 0.0) for t, c in zip(terms, scored, strict=True))
    shares = [(c.evidence or "D", mix[c.measurement.part.value]) for c in scored]
    return Contribution(
        entry["id"], entry["weight"], entry["core"], points, weighted_median(shares), terms
    )


def _term(judged: Judged, share: float) -> Term:
    assert judged.value_of is not None
    part, entry = judged.measurement.part, judged.entry
    channel = part.value if part.by == "channel" else ""
    return Term(judged.estimate, share, judged.value_of, entry["id"], channel, entry["statistic"])


def shared_out(parts: Sequence[Contribution]) -> tuple[Term, ...]:
    """The terms of several contributions, with shares by weight that add up to 1."""
    weight = sum(part.weight for part in parts)
    return tuple(
        replace(term, share=term.share * part.weight / weight)
        for part in parts
        for term in part.terms
    )


def limits(terms: Sequence[Term]) -> tuple[float, float, bool]:
    """The interval of a weighted mean of utilities, and whether it is at the scale's end."""
    return composite(
        [term.estimate for term in terms],
        [term.share for term in terms],
        [term.value_of for term in terms],
    )


def bound(terms: Sequence[Term], is_at_end: bool) -> str:
    """How a score at the end of its indicators' scales is to be printed; empty where it is not.

    At the upper end the service may be better than its score says ('>='), at the lower one worse.
    """
    if not is_at_end:
        return ""
    reached = set()
    for term in terms:
        for limit, open_at in ((term.estimate.low, "-inf"), (term.estimate.high, "inf")):
            reached.add(term.value_of(float(open_at) if limit is None else limit))
    signs = [sign for end, sign in ((100.0, ">="), (0.0, "<=")) if end in reached]
    return signs[0] if len(signs) == 1 else ""


def principle(
    id: str,
    name: str,
    entries: Sequence[Mapping[str, Any]],
    parts: Sequence[Contribution],
    weight_in_overall: float = 1.0,
) -> Score:
    """The score of one principle from the indicators that could be measured.

    `entries` are all its indicators in the scorecard: their scored weights are the base of the
    coverage, whether measured or not.
    """
    nothing = Score(id, name, NOT_ASSESSED, "", weight_in_overall)
    whole = sum(entry["weight"] for entry in entries if entry["status"] == "scored")
    parts = tuple(part for part in parts if part.weight > 0)
    weight = sum(part.weight for part in parts)
    coverage = weight / whole if whole else 0.0
    if coverage < COVERAGE_TO_INDICATE:
        covered = f"{weight:g} of {whole:g} of the weight could be measured"
        return replace(nothing, reason=covered, coverage=coverage)
    points = sum(part.weight * part.utility for part in parts) / weight
    terms = shared_out(parts)
    low, high, at_end = limits(terms)
    state, reason = _state(parts, coverage, (high - low) / 2)
    if state == NOT_ASSESSED:
        return replace(nothing, reason=reason, coverage=coverage)
    return replace(
        nothing,
        state=state,
        reason=reason,
        score=points,
        low=low,
        high=high,
        grade=grade(points),
        coverage=coverage,
        coverage_low=points * coverage,
        coverage_high=points * coverage + 100 * (1 - coverage),
        evidence=weighted_median([(part.evidence, part.weight) for part in parts]),
        at_scale_end=at_end,
        bound=bound(terms, at_end),
        parts=parts,
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


def grade(points: float) -> str:
    """A from 85, B from 75, C from 60, D from 45, else E."""
    return next((letter for least, letter in GRADES if points >= least), "E")
