"""The chance that a case of some kind is answered about, and the weights that follow from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from cxaudit.statistics.influence import Codes, Numbers
from cxaudit.statistics.logistic import STEEPEST, logistic

FEWEST_ANSWERS = 200
FEWEST_OF_A_LEVEL = 20  # answers, and cases without one: fewer, and the level is pooled
FEWEST_LEFT_OUT = 30  # cases of a level of which not one was answered about
MOST_NAMED = 3
TRIMMED = (0.01, 0.99)


@dataclass(frozen=True)
class Patterns:
    """Solved cases by pattern of covariates: `codes` into `levels`, and how many cases each has."""

    cases: Numbers
    codes: Mapping[str, Codes]
    levels: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class ResponseModel:
    """The response to one question, or in `reason` why none was fitted.

    `effects`: log odds by covariate and code of the level, NaN for one that nobody speaks for. A
    weight is 1 / chance within `low` and `high`, divided by `mean`.
    """

    question: str
    solved: int
    answered: int
    reason: str = ""
    intercept: float = 0.0
    effects: Mapping[str, Numbers] = field(default_factory=dict, repr=False)
    low: float = 1.0
    high: float = 1.0
    mean: float = 1.0
    notes: tuple[str, ...] = ()

    def weights(self, patterns: Patterns) -> Numbers:
        """The weight of an answer about a case of each pattern; NaN where nobody answered."""
        odds = np.full(patterns.cases.size, self.intercept)
        for name, codes in patterns.codes.items():
            odds += self.effects[name][codes]
        odds = np.clip(odds, -STEEPEST, STEEPEST)
        return np.clip(1.0 + np.exp(-odds), self.low, self.high) / self.mean

    def record(self) -> dict[str, Any]:
        """What the workspace keeps of the model: whether there is one, why not, its notes."""
        return {
            "question": self.question,
            "is_weighted": not self.reason,
            "reason": self.reason,
            "solved": self.solved,
            "answered": self.answered,
            "trimmed_to": [self.low / self.mean, self.high / self.mean],
            "notes": list(self.notes),
        }


def response_model(question: str, patterns: Patterns, answered: Numbers) -> ResponseModel:
    """The model of the answers to one question (`answered`: cases answered about, by pattern).

    A covariate's level of which not one of 30 or more cases was answered about is left out, with
    its cases: nobody speaks for it. A level with under 20 answers, or under 20 cases without one,
    is pooled with the others of that kind, and with the most frequent level where they are still
    too few together: this keeps the fit from levels that are separated.
    """
    solved, answers = int(np.sum(patterns.cases)), int(np.sum(answered))
    if answers < FEWEST_ANSWERS:
        reason = f"{answers:,} answers on solved cases; a response model needs {FEWEST_ANSWERS}"
        return ResponseModel(question, solved, answers, reason)
    speaks, left_out = _spoken_for(patterns, answered)
    cases, heard = patterns.cases[speaks], answered[speaks]
    if np.sum(cases) - np.sum(heard) < FEWEST_OF_A_LEVEL:
        reason = "nearly every solved case is answered about: there is nothing to weight"
        return ResponseModel(question, solved, answers, reason)
    pooled = {
        name: _pooled(codes[speaks], len(patterns.levels[name]), cases, heard)
        for name, codes in patterns.codes.items()
    }
    factors = [pooled[name][codes[speaks]] for name, codes in patterns.codes.items()]
    fit = logistic(cases, heard, factors)
    weight = 1.0 + np.exp(-fit.log_odds(factors))
    low, high = (_quantile(weight, heard, share) for share in TRIMMED)
    mean = float(np.sum(np.clip(weight, low, high) * heard)) / float(np.sum(heard))
    notes = []
    if left_out:
        silent = solved - int(np.sum(cases))
        notes.append(
            f"nobody answered about {silent:,} of {solved:,} solved cases of some kinds"
            f" ({'; '.join(left_out)}): the weights do not speak for them"
        )
    if fit.separated:
        notes.append(f"{fit.separated} levels of the response model are (nearly) always silent")
    if not fit.converged:
        notes.append(f"the response model had not settled after {fit.steps} steps")
    return ResponseModel(
        question,
        solved,
        answers,
        intercept=fit.intercept,
        effects={
            name: np.where(pooled[name] < 0, np.nan, effects[pooled[name]])
            for name, effects in zip(patterns.codes, fit.effects, strict=True)
        },
        low=low,
        high=high,
        mean=mean,
        notes=tuple(notes),
    )


def _spoken_for(patterns: Patterns, answered: Numbers) -> tuple[np.ndarray, list[str]]:
    """The patterns that are not left out, and by covariate which levels are."""
    speaks = np.ones(patterns.cases.size, dtype=bool)
    left_out = []
    for name, codes in patterns.codes.items():
        cases, heard = _counts(codes, len(patterns.levels[name]), patterns.cases, answered)
        silent = (heard == 0.0) & (cases >= FEWEST_LEFT_OUT)
        if silent.any():
            speaks &= ~silent[codes]
            names = [patterns.levels[name][code] for code in np.flatnonzero(silent)]
            left_out.append(_listed(name, names))
    return speaks, left_out


def _listed(name: str, levels: list[str]) -> str:
    few = name != "month" and len(levels) <= MOST_NAMED
    shown = ", ".join(levels) if few else f"{len(levels)} kinds"
    return f"{name.replace('_', ' ')}: {shown}"


def _pooled(codes: Codes, levels: int, cases: Numbers, heard: Numbers) -> Codes:
    """The code each level is fitted as; -1 for one without cases."""
    size, answers = _counts(codes, levels, cases, heard)
    silent = size - answers
    is_small = np.minimum(answers, silent) < FEWEST_OF_A_LEVEL
    if is_small.all():
        return np.where(size > 0.0, 0, -1)
    fitted = np.where(is_small, -1, np.cumsum(~is_small) - 1)
    together = is_small & (size > 0.0)
    enough = min(np.sum(answers[together]), np.sum(silent[together])) >= FEWEST_OF_A_LEVEL
    most_frequent = fitted[int(np.argmax(np.where(is_small, 0.0, size)))]
    fitted[together] = int(np.sum(~is_small)) if enough else most_frequent
    return fitted


def _counts(codes: Codes, levels: int, cases: Numbers, heard: Numbers) -> tuple[Numbers, Numbers]:
    """Cases and answers of each level."""
    counts = np.stack(
        [np.bincount(codes, weights=numbers, minlength=levels) for numbers in (cases, heard)]
    )
    return counts[0], counts[1]


def _quantile(values: Numbers, counts: Numbers, share: float) -> float:
    """The smallest value that at least `share` of the counted cases do not exceed."""
    order = np.argsort(values, kind="stable")
    reached = np.cumsum(counts[order])
    return float(values[order][np.searchsorted(reached, share * reached[-1])])
