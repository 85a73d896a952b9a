"""How probable each grade is: draws of all estimates of a score from one multivariate t.

The score and its interval need no draws; only the grades, which have steps, do. The same audit
draws the same numbers: the seed is made of what the audit is of.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence

import numpy as np
from scipy.special import fdtri, stdtr

from cxaudit.score.principles import GRADES, Term
from cxaudit.statistics import Estimate
from cxaudit.statistics.influence import Numbers, covariance
from cxaudit.statistics.intervals import t_quantile

DRAWS = 10_000
LETTERS = ("A", "B", "C", "D", "E")
STEPS_OF_PROBABILITY = 20  # to 5 %
SURE = 0.8  # below, a pair of grades is printed
UPPER_TAIL = 0.975
# How much independence is put in where a matrix of pairs is no matrix of a whole.
SHRINKAGE = (0.0, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5)


def seed_of(*names: str) -> int:
    """A seed from what is drawn for: client, period, principle."""
    digest = hashlib.blake2b("|".join(names).encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big")


def drawn_utilities(terms: Sequence[Term], seed: int, draws: int = DRAWS) -> Numbers:
    """Utilities of every term in every draw, terms × draws; the rows are correlated."""
    df = min((t.estimate.df for t in terms if t.estimate.df is not None), default=math.inf)
    deviations = _deviations([term.estimate for term in terms], df, seed, draws)
    return np.array([_utilities(t, d, df) for t, d in zip(terms, deviations, strict=True)])


def grades_of(scores: Numbers) -> np.ndarray:
    """The place in 'ABCDE' of the grade of each score."""
    return np.sum([scores < least for least, _ in GRADES], axis=0)


def probabilities(places: np.ndarray) -> dict[str, float]:
    """The share of each grade among draws, to 5 %; they add up to 1."""
    exact = np.bincount(places, minlength=len(LETTERS)) / places.size * STEPS_OF_PROBABILITY
    steps = np.floor(exact)
    left = STEPS_OF_PROBABILITY - int(steps.sum())
    for place in np.argsort(-(exact - steps), kind="stable")[:left]:
        steps[place] += 1
    return {
        letter: float(n) / STEPS_OF_PROBABILITY for letter, n in zip(LETTERS, steps, strict=True)
    }


def printed_grades(letter: str, probability: dict[str, float]) -> str:
    """The grade as it is printed: with the other most probable one where it is not sure enough."""
    if probability[letter] >= SURE:
        return letter
    others = {other: p for other, p in probability.items() if other != letter}
    nearest = max(others, key=lambda other: others[other])
    return "/".join(sorted((letter, nearest)))


def _utilities(term: Term, deviation: Numbers, df: float) -> Numbers:
    """The utilities of one term's draws."""
    estimate = term.estimate
    value = estimate.value
    if estimate.scale == "log F" and term.statistic == "variance_share":
        drawn = _variance_share(estimate, deviation, df)
        if drawn is not None:
            return _of(term, drawn)
    if value is not None and estimate.influence is not None and estimate.se is not None:
        moved = _moved(estimate, value, estimate.se * deviation)
        if moved is not None:
            return _of(term, moved)
    return _between_limits(term, deviation / t_quantile(df))


def _of(term: Term, values: Numbers) -> Numbers:
    places = np.array(term.value_of.places)
    return term.value_of.at(term.value_of.steps(values), places)


def _moved(estimate: Estimate, value: float, by: Numbers) -> Numbers | None:
    """The value moved on the estimate's scale; None where the scale has no way back from it."""
    if estimate.scale == "logit" and 0.0 < value < 1.0:
        return 1.0 / (1.0 + (1.0 - value) / value * np.exp(np.clip(-by, -700.0, 700.0)))
    if estimate.scale == "log":
        return (value + estimate.offset) * np.exp(np.clip(by, -700.0, 700.0)) - estimate.offset
    return value + by if estimate.scale == "identity" else None


def _variance_share(estimate: Estimate, deviation: Numbers, df: float) -> Numbers | None:
    """Draws of an intraclass correlation with the F distribution its limits come from.

    F is read back from the upper limit, with groups taken as equal in size.
    """
    groups, cases = estimate.groups or 0, estimate.cases
    high, se = estimate.high, estimate.se
    if groups < 2 or cases <= groups or high is None or not 0.0 < high < 1.0 or se is None:
        return None
    between, within, size = groups - 1.0, float(cases - groups), cases / groups
    stretch = se / math.sqrt(2.0 / between + 2.0 / within)
    at_limit = (1.0 + high * (size - 1.0)) / (1.0 - high)
    ratio = at_limit * fdtri(between, within, 1.0 - UPPER_TAIL) ** stretch
    below = np.clip(_below(deviation, df), 1e-9, 1.0 - 1e-9)
    drawn = ratio * fdtri(between, within, 1.0 - below) ** -stretch
    return np.maximum(0.0, (drawn - 1.0) / (drawn + size - 1.0))


def _below(deviation: Numbers, df: float) -> Numbers:
    return stdtr(1e9 if math.isinf(df) else df, deviation)


def _between_limits(term: Term, reach: Numbers) -> Numbers:
    """Draws on the scale of scores through the estimate's own limits, where it has no other.

    `reach` is 1 at the upper limit of the estimate and -1 at the lower one.
    """
    e, value_of = term.estimate, term.value_of
    at = value_of(math.inf if e.value is None else e.value)
    low = value_of(-math.inf if e.low is None else e.low)
    high = value_of(math.inf if e.high is None else e.high)
    return np.clip(at + np.abs(reach) * np.where(reach < 0.0, low - at, high - at), 0.0, 100.0)


def _deviations(estimates: Sequence[Estimate], df: float, seed: int, draws: int) -> Numbers:
    """Draws of a multivariate t with the correlation of the estimates: estimates × draws."""
    random = np.random.default_rng(seed)
    normal = random.standard_normal((len(estimates), draws))
    root = _root(_correlation(estimates))
    drawn = np.zeros_like(normal)
    # Sums in a fixed order: a product of matrices has another one with other threads.
    for row in range(len(estimates)):
        for column in np.flatnonzero(root[row]):
            drawn[row] += root[row, column] * normal[column]
    return drawn if math.isinf(df) else drawn / np.sqrt(random.chisquare(df, draws) / df)


def _correlation(estimates: Sequence[Estimate]) -> Numbers:
    """The correlation of the estimates; one without influence is correlated with none."""
    columns = [e.influence for e in estimates]
    present = np.array([k for k, column in enumerate(columns) if column is not None], dtype=int)
    customer, agent, row = covariance([column for column in columns if column is not None])
    whole = customer + agent - row
    variance = np.maximum(np.diag(whole), np.maximum(np.diag(customer), np.diag(agent)))
    error = np.sqrt(np.where(variance > 0.0, variance, np.inf))
    found = np.eye(len(columns))
    found[np.ix_(present, present)] = np.clip(whole / error[:, None] / error[None, :], -1.0, 1.0)
    np.fill_diagonal(found, 1.0)
    return found


def _root(correlation: Numbers) -> Numbers:
    """A lower triangular matrix whose square is the correlation, shrunken where there is none."""
    for shrinkage in SHRINKAGE:
        mixed = (1.0 - shrinkage) * correlation
        np.fill_diagonal(mixed, 1.0)
        root = _cholesky(mixed)
        if root is not None:
            return root
    return np.eye(len(correlation))


def _cholesky(matrix: Numbers) -> Numbers | None:
    size = len(matrix)
    root = np.zeros_like(matrix)
    for k in range(size):
        left = matrix[k, k] - np.sum(root[k, :k] ** 2)
        if left <= 1e-10:
            return None
        root[k, k] = math.sqrt(left)
        below = matrix[k + 1 :, k] - np.sum(root[k + 1 :, :k] * root[k, :k], axis=1)
        root[k + 1 :, k] = below / root[k, k]
    return root
