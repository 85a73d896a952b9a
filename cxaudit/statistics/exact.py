"""Figures without clusters: a census, an index, and a share of independent cases."""

from __future__ import annotations

import math

from scipy.special import betaincinv

from cxaudit.statistics.estimate import Cases, Estimate
from cxaudit.statistics.intervals import UPPER_TAIL
from cxaudit.statistics.means import ratio
from cxaudit.statistics.shares import due_cases, share


def census(cases: Cases) -> Estimate:
    """The share of hits, or the ratio of `num` and `den` where those columns are, without sampling
    error.

    Nothing was sampled, so low and high are the value; no influence. Columns as in `share` and
    `ratio`.
    """
    is_ratio = {"num", "den"} <= cases.columns.keys()
    found = ratio(cases) if is_ratio else share(cases)
    if found.value is None:
        return Estimate.nothing(
            "identity", found.cases, found.missing, found.not_yet_due, found.notes
        )
    return index(found.value, found.cases, found.missing, found.not_yet_due)


def index(value: float, cases: int, missing: int = 0, not_yet_due: int = 0) -> Estimate:
    """A figure that was counted or agreed on, not sampled: the census of one number."""
    return Estimate(
        value,
        value,
        value,
        None,
        "identity",
        None,
        None,
        cases=cases,
        missing=missing,
        not_yet_due=not_yet_due,
        method="census",
    )


def exact_share(cases: Cases) -> Estimate:
    """The share of hits among independent cases, with Clopper and Pearson's exact limits.

    Columns and deadline rule as in `share`; weights and clusters do not count. For registers whose
    rows have nothing in common, such as improvement actions.
    """
    base, hits, missing, not_yet_due = due_cases(cases)
    count, number = len(base), float(hits.sum())
    if count == 0:
        return Estimate.nothing("logit", 0, missing, not_yet_due)
    value, tail = number / count, 1.0 - UPPER_TAIL
    low = float(betaincinv(number, count - number + 1.0, tail)) if number else 0.0
    high = float(betaincinv(number + 1.0, count - number, 1.0 - tail)) if value < 1.0 else 1.0
    return Estimate(
        value,
        low,
        high,
        1.0 / math.sqrt(count * value * (1.0 - value)) if 0.0 < value < 1.0 else None,
        "logit",
        None,
        None,
        cases=count,
        missing=missing,
        not_yet_due=not_yet_due,
        method="exact",
    )
