"""Scorecards: weights, anchors with provenance, minimums. Policy, not measurement."""

from __future__ import annotations

import copy
import itertools
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
    Raises `EngagementError` for an override of an unknown indicator, principle, anchor or
    parameter.
    """
    scorecard = copy.deepcopy(_opened(name))
    problems = []
    for override in overrides:
        where = f"override of '{override.subject}'"
        kind = "indicator" if override.indicator else "principle"
        entries = {entry["id"]: entry for entry in scorecard[f"{kind}s"]}
        entry = entries.get(override.subject)
        if entry is None:
            hint = nearest(override.subject, entries)
            problems.append(Problem(where, f"no such {kind}", "", hint))
            continue
        if kind == "principle":
            entry["weight"] = override.weight
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
        problems += [
            Problem(where, f"'{key}' is not of the scorecard's kind", f"'{value}'")
            for key, value in (override.parameters or {}).items()
            if not _is_alike(entry["parameters"].get(key, value), value)
        ]
        entry["anchors"] = entry["anchors"] | (override.anchors or {})
        entry["parameters"] = entry["parameters"] | (override.parameters or {})
        if override.anchors and not _run_one_way(entry):
            found = ", ".join(f"{name} {entry['anchors'][name]:g}" for name in ANCHORS)
            problems.append(Problem(where, "its anchors do not run from floor to world", found))
        if override.weight is not None:
            entry["weight"] = override.weight
        entry["override"] = override.model_dump(exclude_none=True)
    if problems:
        raise EngagementError(problems)
    return scorecard


def _run_one_way(entry: dict[str, Any]) -> bool:
    """Whether each anchor is better than the one before, and above zero on a logarithm's scale."""
    places = [entry["anchors"][name] for name in ANCHORS]
    sign = 1 if entry["direction"] == "higher" else -1
    rises = all(sign * (right - left) > 0 for left, right in itertools.pairwise(places))
    return rises and (entry["anchor_scale"] != "log" or min(places) > 0)


def _is_alike(now: Any, given: Any) -> bool:
    """Whether a parameter given is a number where the scorecard has one, else a text; no lists."""
    numbers = (int, float)
    return isinstance(now, numbers) == isinstance(given, numbers) and not isinstance(now, list)
