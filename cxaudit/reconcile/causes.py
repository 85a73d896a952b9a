"""Why two figures of a ticket differ: the rules that, done their way, make ours theirs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import chain, combinations

import numpy as np
import pandas as pd

from cxaudit.reconcile.rules import SCOPE, UNEXPLAINED, Rule

# Figures this close are alike: a hundredth of a minute, or of a count.
TOLERANCE = 0.01

Figures = Callable[[frozenset[Rule]], "pd.DataFrame"]
"""Our figures with rules done their way: a row per ticket, a column per metric."""


def alike(one: pd.DataFrame, other: pd.DataFrame) -> pd.DataFrame:
    """Which figures agree to a hundredth; two that are missing agree."""
    near = (one - other).abs() <= TOLERANCE
    return near | (one.isna() & other.isna())


def causes(
    theirs: pd.DataFrame, figures: Figures, rules: Sequence[Rule], reasons: pd.Series
) -> pd.DataFrame:
    """The cause of each figure that differs, as text; None where it does not.

    Tested, not guessed: our definition is computed again with rules done their way. The cause is
    the rules without any of which, all others done their way, the figure would not be theirs, if
    they alone make it so; else the fewest that do. 'unexplained' where not even all together do.
    `reasons` says why a ticket is out of our scope.
    """
    differs = ~alike(theirs, figures(frozenset()))
    texts = np.full(theirs.shape, None, dtype=object)
    texts[differs.to_numpy()] = UNEXPLAINED
    found = pd.DataFrame(texts, theirs.index, theirs.columns, dtype=object)
    if not differs.to_numpy().any():
        return found
    left = differs & alike(theirs, figures(frozenset(rules)))
    whole = pd.DataFrame(True, theirs.index, theirs.columns)
    tries = _needed(theirs, figures, rules, left)
    for together, where in chain(tries, ((few, whole) for few in _by_size(rules))):
        if not left.to_numpy().any():
            break
        is_it = left & where & alike(theirs, figures(frozenset(together)))
        for column in found.columns[is_it.any()]:
            tickets = is_it.index[is_it[column]]
            found.loc[tickets, column] = _text(together, reasons.loc[tickets])
        left &= ~is_it
    return found


def _needed(
    theirs: pd.DataFrame, figures: Figures, rules: Sequence[Rule], left: pd.DataFrame
) -> list[tuple[tuple[Rule, ...], pd.DataFrame]]:
    """The rules that figures need to be theirs, and which figures need just these."""
    every = frozenset(rules)
    code = np.zeros(left.shape, np.int64)
    for number, rule in enumerate(rules):
        needs = ~alike(theirs, figures(every - {rule}))
        code += needs.to_numpy().astype(np.int64) << number
    codes = pd.DataFrame(code, left.index, left.columns)
    met = np.unique(code[left.to_numpy()])
    return [
        (tuple(rule for number, rule in enumerate(rules) if one >> number & 1), codes == one)
        for one in met.tolist()
        if one
    ]


def _by_size(rules: Sequence[Rule]) -> Iterator[tuple[Rule, ...]]:
    for size in range(1, len(rules) + 1):
        yield from combinations(rules, size)


def _text(together: tuple[Rule, ...], reasons: pd.Series) -> pd.Series:
    """The causes in words, for each ticket."""
    others = "; ".join(rule.cause for rule in together if rule != SCOPE)
    if SCOPE not in together:
        return pd.Series(others, reasons.index)
    tail = f"; {others}" if others else ""
    return f"{SCOPE.cause}: " + reasons + tail
