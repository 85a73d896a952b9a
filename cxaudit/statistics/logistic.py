"""Logistic regression on factors, from counts by pattern of levels: for chances of a response."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from cxaudit.errors import Fault, Problem
from cxaudit.statistics.influence import Codes, Numbers

MOST_STEPS = 60
HALVINGS = 30
SMALLEST_GAIN = 1e-13  # of the log-likelihood, relative: a step that gains less is the last
STEEPEST = 30.0  # log odds beyond which a chance is 0 or 1 in floating point
SEPARATED = 10.0  # log odds: a level that far from the reference hardly ever, or always, responds
LARGEST_KEY = 2**62
SMALLEST_PIVOT = 1e-9  # relative: what the levels before determine leaves no more than this


@dataclass(frozen=True)
class Logistic:
    """A fitted model: chance = expit(intercept + the effect of the level of each factor).

    `effects`: per factor one value per level, on the log odds; 0 for its most frequent level, and
    for a level that the others determine (`aliased` counts those). `separated` counts levels whose
    effect runs off to infinity, because (nearly) all or none of their trials succeed.
    """

    intercept: float
    effects: tuple[Numbers, ...]
    steps: int
    converged: bool
    aliased: int
    separated: int

    def log_odds(self, factors: Sequence[Codes]) -> Numbers:
        """The log odds of each pattern, one entry per entry of the factors' codes."""
        total = np.full(len(factors[0]), self.intercept)
        for effects, codes in zip(self.effects, factors, strict=True):
            total += effects[codes]
        return np.clip(total, -STEEPEST, STEEPEST)


def logistic(trials: Numbers, successes: Numbers, factors: Sequence[Codes]) -> Logistic:
    """The maximum-likelihood fit of successes among trials on the main effects of factors.

    trials, successes: one entry per pattern. factors: the codes 0, 1, ... of each factor's levels,
    one entry per pattern. Newton's steps (iteratively reweighted least squares) with halving, no
    penalty. Where levels are separated, the likelihood has no maximum: the steps end where it
    gains no more, and the chances, which do converge, are right. Equal patterns are put together
    and into one order first: the result does not depend on theirs, nor on how counts are split
    among them. Raises Fault where there is nothing to compare.
    """
    total, successful = float(np.sum(trials)), float(np.sum(successes))
    if not 0.0 < successful < total:
        found = f"{successful:g} of {total:g}"
        raise Fault(Problem("statistics.logistic", "needs both successes and failures", found))
    data = _Data(*_together(trials, successes, factors))
    beta = np.zeros(data.size)
    beta[0] = np.log(successful / (total - successful))
    height = data.log_likelihood(beta)
    enough = SMALLEST_GAIN * abs(height)
    converged, aliased, steps = False, 0, 0
    while not converged and steps < MOST_STEPS:
        steps += 1
        gradient, information = data.derivatives(beta)
        step, aliased = _solved(information, gradient, data.free)
        for _ in range(HALVINGS):
            new_height = data.log_likelihood(beta + step)
            if new_height >= height - enough:
                break
            step = step / 2.0
        converged = new_height - height <= enough
        beta, height = beta + step, new_height
    return data.model(beta, steps, converged, aliased)


def _together(
    trials: Numbers, successes: Numbers, factors: Sequence[Codes]
) -> tuple[Numbers, Numbers, list[Codes]]:
    """The counts of each distinct pattern, in the order of its codes."""
    key = np.zeros(trials.size, dtype=np.int64)
    for codes in factors:
        levels = int(codes.max()) + 1
        if (int(key.max()) + 1) * levels >= LARGEST_KEY:
            key = np.unique(key, return_inverse=True)[1]
        key = key * levels + codes
    _, first, place = np.unique(key, return_index=True, return_inverse=True)
    counts = np.stack([np.bincount(place, weights=numbers) for numbers in (trials, successes)])
    return counts[0], counts[1], [codes[first] for codes in factors]


class _Data:
    """The patterns with the place of every level among the parameters (0 is the intercept)."""

    def __init__(self, trials: Numbers, successes: Numbers, factors: Sequence[Codes]):
        self.trials, self.successes, self.factors = trials, successes, factors
        self.levels = [int(codes.max()) + 1 for codes in factors]
        self.starts = [1 + sum(self.levels[:place]) for place in range(len(factors))]
        self.size = 1 + sum(self.levels)
        reference = [
            start + int(np.argmax(np.bincount(codes, weights=trials)))
            for start, codes in zip(self.starts, factors, strict=True)
        ]
        self.free = np.setdiff1d(np.arange(self.size), reference)
        # A pair of factors as one code: what the information matrix is counted by.
        self.pairs = [
            (one, other, factors[one] * self.levels[other] + factors[other])
            for one in range(len(factors))
            for other in range(one)
        ]

    def log_odds(self, beta: Numbers) -> Numbers:
        total = np.full(self.trials.size, beta[0])
        for start, codes in zip(self.starts, self.factors, strict=True):
            total += beta[start + codes]
        return np.clip(total, -STEEPEST, STEEPEST)

    def log_likelihood(self, beta: Numbers) -> float:
        odds = self.log_odds(beta)
        return float(np.sum(self.successes * odds - self.trials * np.log1p(np.exp(odds))))

    def derivatives(self, beta: Numbers) -> tuple[Numbers, Numbers]:
        """The gradient of the log-likelihood and the information matrix."""
        chance = 1.0 / (1.0 + np.exp(-self.log_odds(beta)))
        rest = self.successes - self.trials * chance
        weight = self.trials * chance * (1.0 - chance)
        gradient, information = np.zeros(self.size), np.zeros((self.size, self.size))
        gradient[0], information[0, 0] = np.sum(rest), np.sum(weight)
        for start, levels, codes in zip(self.starts, self.levels, self.factors, strict=True):
            places = np.arange(start, start + levels)
            gradient[places] = np.bincount(codes, weights=rest, minlength=levels)
            information[places, places] = np.bincount(codes, weights=weight, minlength=levels)
            information[places, 0] = information[0, places] = information[places, places]
        for one, other, codes in self.pairs:
            shape = (self.levels[one], self.levels[other])
            block = np.bincount(codes, weights=weight, minlength=shape[0] * shape[1]).reshape(shape)
            rows = slice(self.starts[one], self.starts[one] + shape[0])
            columns = slice(self.starts[other], self.starts[other] + shape[1])
            information[rows, columns] = block
            information[columns, rows] = block.T
        return gradient, information

    def model(self, beta: Numbers, steps: int, converged: bool, aliased: int) -> Logistic:
        effects = tuple(
            beta[start : start + levels]
            for start, levels in zip(self.starts, self.levels, strict=True)
        )
        separated = sum(int(np.sum(np.abs(found) > SEPARATED)) for found in effects)
        return Logistic(float(beta[0]), effects, steps, converged, aliased, separated)


def _solved(matrix: Numbers, right: Numbers, free: Codes) -> tuple[Numbers, int]:
    """x with matrix x = right over the `free` places, 0 elsewhere; and how many are aliased.

    Cholesky's factors written out: the same figures on every machine, whatever its BLAS. A place
    that those before it determine is left out, with x = 0.
    """
    lower = matrix[np.ix_(free, free)].copy()
    scale = np.diag(lower).copy()
    size = free.size
    kept = np.ones(size, dtype=bool)
    for j in range(size):
        if lower[j, j] <= SMALLEST_PIVOT * scale[j]:
            kept[j] = False
            lower[j:, j] = 0.0
            lower[j, :j] = 0.0
            continue
        lower[j:, j] /= np.sqrt(lower[j, j])
        column = lower[j + 1 :, j]
        lower[j + 1 :, j + 1 :] -= column[:, None] * column[None, :]
    solution = np.where(kept, right[free], 0.0)
    places = np.flatnonzero(kept).tolist()
    for j in places:
        solution[j] = (solution[j] - np.sum(lower[j, :j] * solution[:j])) / lower[j, j]
    for j in reversed(places):
        below = np.sum(lower[j + 1 :, j] * solution[j + 1 :])
        solution[j] = (solution[j] - below) / lower[j, j]
    step = np.zeros(matrix.shape[0])
    step[free] = solution
    return step, int(np.sum(~kept))
