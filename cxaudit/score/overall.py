"""The overall score: the mean of the assessed principles, and what stands beside it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from cxaudit.score.evidence import weighted_median
from cxaudit.score.indicators import ASSESSED
from cxaudit.score.principles import Score, Term, bound, grade, limits

PRINCIPLES_FOR_OVERALL, WEIGHT_FOR_OVERALL = 7, 0.7
# One weak principle caps the grade of the whole.
WEAKEST_LINKS = ((25.0, "D"), (45.0, "C"))
# The geometric mean counts a score of 0 as this: one 0 would otherwise be the whole of it.
LEAST_OF_A_FACTOR = 1.0


@dataclass(frozen=True)
class Overall:
    """The overall score with its interval, and the means that compensate less.

    `weakest` is the id of the lowest principle; `is_capped` where it holds the grade down.
    `coverage_low` and `coverage_high`: what the mean of all principles would be if everything that
    was not measured were worth 0, or 100.
    """

    score: float
    low: float
    high: float
    grade: str
    is_capped: bool
    at_scale_end: bool
    bound: str
    geometric: float
    minimum: float
    weakest: str
    coverage: float
    coverage_low: float
    coverage_high: float
    evidence: str
    principles: tuple[str, ...]


def overall(principles: Sequence[Score]) -> tuple[Overall | None, str]:
    """The mean of the assessed principles, or None with the reason there is no overall.

    Principles weigh the same unless the engagement says otherwise.
    """
    assessed = counted(principles)
    if len(assessed) < PRINCIPLES_FOR_OVERALL:
        return None, (
            f"{len(assessed)} of {len(principles)} principles are assessed; "
            f"an overall needs {PRINCIPLES_FOR_OVERALL}"
        )
    weights = [p.weight for p in assessed]
    share = math.fsum(weights) / math.fsum(p.weight for p in principles)
    if share < WEIGHT_FOR_OVERALL:
        return None, (
            f"the assessed principles have {share:.0%} of the weight; "
            f"an overall needs {WEIGHT_FOR_OVERALL:.0%}"
        )
    scores = [p.score for p in assessed if p.score is not None]
    points = _mean(scores, weights)
    terms = terms_of(assessed)
    low, high, at_end = limits(terms)
    coverage, worst, best = _coverage(principles)
    letter = capped(grade(points), min(scores))
    found = Overall(
        score=points,
        low=low,
        high=high,
        grade=letter,
        is_capped=letter != grade(points),
        at_scale_end=at_end,
        bound=bound(terms, at_end),
        geometric=geometric(scores, weights),
        minimum=min(scores),
        weakest=min(assessed, key=lambda p: p.score or 0.0).id,
        coverage=coverage,
        coverage_low=worst,
        coverage_high=best,
        evidence=weighted_median([(p.evidence or "D", p.weight) for p in assessed]),
        principles=tuple(p.id for p in assessed),
    )
    return found, ""


def counted(principles: Sequence[Score]) -> list[Score]:
    """The principles an overall is the mean of: the assessed ones."""
    return [p for p in principles if p.state == ASSESSED and p.score is not None]


def terms_of(principles: Sequence[Score]) -> list[Term]:
    """The estimates behind the mean of principles, each with its share of it."""
    whole = math.fsum(p.weight for p in principles)
    return [replace(t, share=t.share * p.weight / whole) for p in principles for t in p.terms]


def capped(letter: str, weakest: float) -> str:
    """The grade that the weakest principle leaves."""
    for below, cap in WEAKEST_LINKS:
        if weakest < below:
            letter = max(letter, cap)
    return letter


def geometric(scores: Sequence[float], weights: Sequence[float]) -> float:
    """The weighted geometric mean of scores, a 0 counted as 1."""
    factors = [math.log(max(score, LEAST_OF_A_FACTOR)) for score in scores]
    return math.exp(_mean(factors, weights))


def _coverage(principles: Sequence[Score]) -> tuple[float, float, float]:
    """Coverage over all principles, with the mean score if the rest were worth 0, and 100."""
    weights = [p.weight for p in principles]
    is_scored = [p.score is not None for p in principles]
    of_each = list(zip(principles, is_scored, strict=True))
    share = _mean([p.coverage if known else 0.0 for p, known in of_each], weights)
    worst = _mean([(p.coverage_low or 0.0) if known else 0.0 for p, known in of_each], weights)
    best = _mean([(p.coverage_high or 0.0) if known else 100.0 for p, known in of_each], weights)
    return share, worst, best


def _mean(values: Sequence[float], weights: Sequence[float]) -> float:
    whole = math.fsum(weights)
    return math.fsum(v * w for v, w in zip(values, weights, strict=True)) / whole
