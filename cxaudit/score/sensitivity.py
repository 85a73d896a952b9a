"""What a score and its grade would be under other choices than the scorecard's.

Thousands of scenarios vary all assumptions together. The share of the variance an assumption has
on its own is the first-order index by Jansen's estimator (two sets of scenarios, one assumption at
a time taken from the other set).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from cxaudit.score.draws import LETTERS, grades_of
from cxaudit.score.grade_probability import capped_places
from cxaudit.score.overall import LEAST_OF_A_FACTOR
from cxaudit.score.scenarios import (
    AGGREGATION,
    ANCHORS,
    IMPORTANCE,
    LEFT_OUT,
    NORMALISER,
    SERVQUAL,
    WEIGHTS,
    WITHDRAWN,
    Piece,
    Scenarios,
    Subject,
    draw,
    options_of,
    singles,
)
from cxaudit.statistics.influence import Numbers

Options = Mapping[str, tuple[str, ...]]
SCENARIOS = 2_048  # in each of the two sets
SHARE_OF_ROBUST = 0.7
BAND = (5.0, 95.0)


def sensitivity(subject: Subject, seed: int) -> dict[str, Any]:
    """How a score holds under other assumptions, as the audit keeps it; score points and shares."""
    random = np.random.default_rng(seed)
    sets = [draw(subject, SCENARIOS, random) for _ in range(2)]
    scores, grades = zip(*(evaluated(subject, one) for one in sets), strict=True)
    every = np.concatenate(scores)
    same = float(np.mean(np.concatenate(grades) == LETTERS.index(subject.grade)))
    low, high = np.percentile(every, BAND)
    variance = float(np.var(every))
    options = options_of(subject)
    assumptions = []
    for name in (WEIGHTS, ANCHORS, *options):
        mixed, _ = evaluated(subject, {**sets[0], name: sets[1][name]})
        alone = 1.0 - float(np.mean((scores[1] - mixed) ** 2)) / (2.0 * variance) if variance else 0
        assumptions.append(
            {
                "name": name,
                "options": list(options.get(name, ())),
                "variance_share": max(0.0, alone),
            }
        )
    return {
        "id": subject.id,
        "score": subject.score,
        "grade": subject.grade,
        "scenarios": every.size,
        "same_grade": same,
        "is_robust": same >= SHARE_OF_ROBUST,
        "low": float(low),
        "high": float(high),
        "assumptions": assumptions,
        "largest_mover": _largest_mover(subject),
    }


def evaluated(subject: Subject, scenarios: Scenarios) -> tuple[Numbers, np.ndarray]:
    """The score in each scenario, and the place of its grade in 'ABCDE'."""
    options = options_of(subject)
    points, weights = [], []
    for column, piece in enumerate(subject.pieces):
        points.append(_utilities(piece, column, scenarios, options))
        weights.append(_weights(piece, column, scenarios, options))
    scores, first = [], 0
    for pieces in subject.principles.values():
        of_it = slice(first, first + len(pieces))
        scores.append(_mean(np.array(points[of_it]), np.array(weights[of_it])))
        first += len(pieces)
    if not subject.is_overall:
        return scores[0], grades_of(scores[0])
    every = np.array(scores)
    mean = aggregated(every, _of_principles(subject, scenarios), scenarios[AGGREGATION])
    return mean, capped_places(mean, every.min(axis=0))


def aggregated(points: Numbers, weights: Numbers, how: np.ndarray) -> Numbers:
    """Means of points (parts × scenarios): arithmetic, geometric, or less a penalty for imbalance.

    The penalty is the variance over the mean (Mazziotta and Pareto). Weights need not add up to 1.
    """
    shares = weights / weights.sum(axis=0)
    mean = _mean(points, weights)
    factors = np.log(np.maximum(points, LEAST_OF_A_FACTOR))
    geometric = np.exp(np.sum(shares * factors, axis=0))
    spread = np.sum(shares * (points - mean) ** 2, axis=0)
    penalised = np.maximum(0.0, mean - spread / np.maximum(mean, LEAST_OF_A_FACTOR))
    return np.choose(how, [mean, geometric, penalised])


def _mean(points: Numbers, weights: Numbers) -> Numbers:
    return np.sum(weights * points, axis=0) / weights.sum(axis=0)


def _utilities(piece: Piece, column: int, scenarios: Scenarios, options: Options) -> Numbers:
    """The utility of one indicator in each scenario."""
    total = np.zeros(scenarios[NORMALISER].size)
    is_straight = scenarios[NORMALISER] == 1
    for place, term in enumerate(piece.terms):
        value = term.estimate.value
        values = np.full(total.size, np.inf if value is None else value)
        for name, others in piece.others.items():
            for option, of_terms in others.items():
                is_chosen = scenarios[name] == options[name].index(option)
                values = np.where(is_chosen, of_terms[place], values)
        scale = term.value_of
        shift = scale.span * scenarios[ANCHORS][:, column].T
        anchors = np.sort(np.array(scale.places)[:, None] + shift, axis=0)
        steps = scale.steps(values)
        bent = scale.at(steps, anchors)
        total += term.share * np.where(is_straight, scale.straight(steps, anchors), bent)
    return total


def _weights(piece: Piece, column: int, scenarios: Scenarios, options: Options) -> Numbers:
    """The weight of one indicator in each scenario; 0 where it is left out."""
    weights = piece.weight * scenarios[WEIGHTS][:, column]
    if piece.id in options.get(LEFT_OUT, ()):
        weights = np.where(scenarios[LEFT_OUT] == options[LEFT_OUT].index(piece.id), 0.0, weights)
    return np.where(scenarios[WITHDRAWN] == 0, 0.0, weights) if piece.is_withdrawn else weights


def _of_principles(subject: Subject, scenarios: Scenarios) -> Numbers:
    """The weight of each principle in each scenario: principles × scenarios."""
    usual = sum(SERVQUAL.values()) / len(SERVQUAL)
    of_each = {
        "as scored": subject.weights,
        "all equal": [1.0] * len(subject.weights),
        "SERVQUAL": [SERVQUAL.get(id, usual) for id in subject.principles],
    }
    importance = np.array([of_each[name] for name in options_of(subject)[IMPORTANCE]])
    factors = scenarios[WEIGHTS][:, len(subject.pieces) :].T
    return factors * importance[scenarios[IMPORTANCE]].T


def _largest_mover(subject: Subject) -> dict[str, Any] | None:
    """The one option that moves the score furthest when all else is as scored."""
    scenarios, names = singles(subject)
    scores, _ = evaluated(subject, scenarios)
    changes = scores - subject.score
    if not changes.size:
        return None
    furthest = int(np.argmax(np.abs(changes)))
    assumption, option = names[furthest]
    return {"assumption": assumption, "option": option, "change": float(changes[furthest])}
