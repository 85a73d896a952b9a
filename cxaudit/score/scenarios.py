"""Scenarios: the choices behind a score, each drawn at random from what could be defended."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from cxaudit.score.principles import Term

WEIGHTS, ANCHORS = "weights", "anchors"
AGGREGATION, NORMALISER = "aggregation", "normaliser"
LEFT_OUT, WITHDRAWN, IMPORTANCE = "indicator left out", "withdrawn", "importance of principles"
CONCENTRATIONS = (100.0, 30.0)
SHIFT_OF_ANCHORS = 0.1  # of the span from floor to world class, either way
AGGREGATIONS = ("arithmetic", "geometric", "penalty for imbalance")
IMPORTANCES = ("all equal", "SERVQUAL")
NORMALISERS = ("four anchors", "straight from floor to world class")
# What customers of many services gave to the five dimensions of SERVQUAL, of 100 points, among the
# principles that measure each. Tangibles (11) has no principle here.
SERVQUAL = {
    "accuracy": 32 / 3,
    "consistency": 32 / 3,
    "transparency": 32 / 3 + 19 / 2,
    "speed": 22 / 3,
    "accessibility": 22 / 3,
    "proactivity": 22 / 3,
    "quality": 19 / 2,
    "empathy": 16 / 2,
    "personalization": 16 / 2,
}
Scenarios = dict[str, np.ndarray]


@dataclass(frozen=True)
class Piece:
    """An indicator as scenarios vary it.

    `others`: by assumption, its options and what each term's value would be under it.
    """

    id: str
    weight: float
    terms: tuple[Term, ...]
    others: Mapping[str, Mapping[str, tuple[float, ...]]] = field(default_factory=dict)
    is_withdrawn: bool = False


@dataclass(frozen=True)
class Subject:
    """A score whose assumptions are varied: a principle, or the overall with its principles.

    `weights` are those of the principles in it.
    """

    id: str
    score: float
    grade: str
    principles: Mapping[str, tuple[Piece, ...]]
    weights: tuple[float, ...] = (1.0,)

    @property
    def pieces(self) -> list[Piece]:
        """All indicators, in the order in which scenarios number them."""
        return [piece for pieces in self.principles.values() for piece in pieces]

    @property
    def is_overall(self) -> bool:
        """Whether it is made of several principles."""
        return len(self.principles) > 1

    @property
    def is_even(self) -> bool:
        """Whether all its principles weigh the same."""
        return len(set(self.weights)) == 1


def options_of(subject: Subject) -> dict[str, tuple[str, ...]]:
    """The discrete assumptions of a subject with their options, the one of the score first."""
    pieces = subject.pieces
    found: dict[str, tuple[str, ...]] = {NORMALISER: NORMALISERS}
    kept = [piece.id for piece in pieces if not piece.is_withdrawn]
    if len(kept) > 1:
        found[LEFT_OUT] = ("none", *kept)
    if len(kept) < len(pieces):
        found[WITHDRAWN] = ("left out", "at the last value")
    for name in sorted({name for piece in pieces for name in piece.others}):
        options = [option for piece in pieces for option in piece.others.get(name, {})]
        found[name] = ("as scored", *dict.fromkeys(options))
    if subject.is_overall:
        # Within a principle its indicators are views of one thing and make good for one another;
        # what the other aggregations question is that between principles.
        found[AGGREGATION] = AGGREGATIONS
        found[IMPORTANCE] = IMPORTANCES if subject.is_even else ("as scored", *IMPORTANCES)
    return found


def as_scored(subject: Subject, number: int) -> Scenarios:
    """Scenarios that all are the one of the score."""
    pieces, size = subject.pieces, len(subject.principles)
    return {
        WEIGHTS: np.ones((number, len(pieces) + size)),
        ANCHORS: np.zeros((number, len(pieces), 4)),
        **{name: np.zeros(number, dtype=np.int64) for name in options_of(subject)},
    }


def draw(subject: Subject, number: int, random: np.random.Generator) -> Scenarios:
    """So many scenarios; every option of an assumption is as probable as the others.

    Weights are factors of the nominal ones: Dirichlet draws around them, of two concentrations.
    """
    pieces = subject.pieces
    anchors = random.uniform(-SHIFT_OF_ANCHORS, SHIFT_OF_ANCHORS, (number, len(pieces), 4))
    drawn = {WEIGHTS: _weights(subject, number, random), ANCHORS: anchors}
    for name, options in options_of(subject).items():
        drawn[name] = random.integers(len(options), size=number)
    return drawn


def singles(subject: Subject) -> tuple[Scenarios, list[tuple[str, str]]]:
    """One scenario per option that is not the score's own, all else as scored; with their names."""
    changes = [
        (name, place, option)
        for name, options in options_of(subject).items()
        for place, option in enumerate(options)
        if place
    ]
    scenarios = as_scored(subject, len(changes))
    for k, (name, place, _) in enumerate(changes):
        scenarios[name][k] = place
    return scenarios, [(name, option) for name, _, option in changes]


def _weights(subject: Subject, number: int, random: np.random.Generator) -> np.ndarray:
    """Factors of the weight of each indicator within its principle, then of each principle."""
    groups: list[Sequence[float]] = [
        [piece.weight for piece in pieces] for pieces in subject.principles.values()
    ]
    groups.append(subject.weights)
    is_close = random.random(number) < 0.5
    blocks = []
    for weights in groups:
        nominal = np.array(weights) / np.sum(weights)
        close, far = (
            random.standard_gamma(c * nominal, (number, nominal.size)) for c in CONCENTRATIONS
        )
        gamma = np.where(is_close[:, None], close, far)
        gamma = np.maximum(gamma, np.finfo(float).tiny)
        blocks.append(gamma / gamma.sum(axis=1, keepdims=True) / nominal)
    return np.hstack(blocks)
