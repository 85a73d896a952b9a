"""How probable each grade of a principle and of the overall is, given how well they are known."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from cxaudit.score.draws import LETTERS, drawn_utilities, grades_of, probabilities
from cxaudit.score.overall import WEAKEST_LINKS, counted
from cxaudit.score.principles import Score
from cxaudit.statistics.influence import Numbers


def of_principle(score: Score, seed: int) -> dict[str, float] | None:
    """The probability of each grade of a principle, to 5 %; None without a score."""
    if score.score is None:
        return None
    return probabilities(grades_of(_mean(score, drawn_utilities(score.terms, seed))))


def of_overall(principles: Sequence[Score], seed: int) -> dict[str, float]:
    """The probability of each grade of the mean of the assessed principles, the cap included."""
    assessed = counted(principles)
    terms = [term for p in assessed for term in p.terms]
    utilities = drawn_utilities(terms, seed)
    ends = np.cumsum([len(p.terms) for p in assessed])[:-1]
    blocks = np.split(utilities, ends)
    scores = np.array([_mean(p, block) for p, block in zip(assessed, blocks, strict=True)])
    mean = np.average(scores, axis=0, weights=[p.weight for p in assessed])
    return probabilities(capped_places(mean, np.min(scores, axis=0)))


def capped_places(scores: Numbers, weakest: Numbers) -> np.ndarray:
    """The places of the grades of scores whose weakest principle may cap them."""
    places = grades_of(scores)
    for below, cap in WEAKEST_LINKS:
        places = np.where(weakest < below, np.maximum(places, LETTERS.index(cap)), places)
    return places


def _mean(score: Score, utilities: Numbers) -> Numbers:
    shares = np.array([term.share for term in score.terms])
    return np.sum(shares[:, None] * utilities, axis=0)
