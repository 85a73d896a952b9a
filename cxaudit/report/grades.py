"""Grades as people read them: the pair where one is too uncertain, and how probable each is."""

from __future__ import annotations

from collections.abc import Mapping

from cxaudit.report import numbers
from cxaudit.report.words import listed

SURE = 0.8
SIGNS = {">=": "\u2265", "<=": "\u2264"}


def bounded(score: float | None, bound: str) -> str:
    """A score as printed, with the sign of a scale that ends there."""
    sign = SIGNS.get(bound, "")
    return f"{sign}{numbers.SPACE}{numbers.score(score)}" if sign else numbers.score(score)


def chances(probability: Mapping[str, float] | None) -> str:
    """The probability of each grade in words, where the likeliest has under 80 %; else empty."""
    if not probability or max(probability.values()) >= SURE:
        return ""
    return listed(
        f"{letter} {numbers.in_a_hundred(chance)}"
        for letter, chance in probability.items()
        if chance > 0
    )
