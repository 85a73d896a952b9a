"""Scorecards: weights, anchors with provenance, minimums. Policy, not measurement."""

from __future__ import annotations

import copy
from collections.abc import Iterable
from functools import cache
from typing import TYPE_CHECKING, Any

import yaml

from cxaudit.errors import EngagementError, Problem, nearest
from cxaudit.resources import PACKAGE

if TYPE_CHECKING:
    from cxaudit.engagement import Override

HOUSE = "house-v1"
ANCHORS = ("floor", "typical", "target", "world")


@cache
def _opened(name: str) -> dict[str, Any]:
    path = PACKAGE / "scorecards" / f"{name}.yaml"
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    with path.open(encoding="utf-8") as file:
        return yaml.load(file, Loader=loader)


def open_scorecard(name: str = HOUSE, overrides: Iterable[Override] = ()) -> dict[str, Any]:
    """The scorecard with an engagement's overrides put in, each beside its reason.

    The `indicators` entries are those of the catalogue; an overridden one carries `override`.
    Raises `EngagementError` for an override of an unknown indicator, anchor or parameter.
    """
    scorecard = copy.deepcopy(_opened(name))
    entries = {entry["id"]: entry for entry in scorecard["indicators"]}
    problems = []
    for override in overrides:
        where = f"override of '{override.indicator}'"
        entry = entries.get(override.indicator)
        if entry is None:
            problems.append(
                Problem(where, "no such indicator", "", nearest(override.indicator, entries))
            )
            continue
        for part, valid in (("anchors", ANCHORS), ("parameters", tuple(entry["parameters"]))):
            for key in getattr(override, part) or {}:
                if key not in valid:
                    problems.append(
                        Problem(where, f"'{key}' is none of its {part}", "", nearest(key, valid))
                    )
        if override.anchors and "by_channel" in entry["anchors"]:
            problems.append(Problem(where, "its anchors differ by channel; they stay as they are"))
            continue
        entry["anchors"] = entry["anchors"] | (override.anchors or {})
        entry["parameters"] = entry["parameters"] | (override.parameters or {})
        if override.weight is not None:
            entry["weight"] = override.weight
        entry["override"] = override.model_dump(exclude_none=True)
    if problems:
        raise EngagementError(problems)
    return scorecard
