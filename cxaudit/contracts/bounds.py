"""What a rule's value is held against: the standard's operators, `mustBe` and the rest."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cxaudit.contracts.evaluation import OPERATORS


def bound_of(rule: Mapping[str, Any]) -> tuple[str, Any]:
    """The operator of an entry and what it is held against; raises ValueError for none or two."""
    given = [(name, rule[name]) for name in OPERATORS if name in rule]
    if len(given) != 1:
        raise ValueError("has no operator such as mustBe: 0, or more than one")
    word, bound = given[0]
    numbers = bound if isinstance(bound, list) else [bound]
    if any(isinstance(n, bool) or not isinstance(n, (int, float)) for n in numbers):
        raise ValueError(f"{word} is not a number")
    if isinstance(bound, list) and sorted(bound) != bound:
        raise ValueError(f"{word} names the larger number first")
    return word, bound
