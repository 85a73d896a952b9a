"""Of two rules of one name, the one that asks for more; or why the second asks for less."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from cxaudit.contracts.rules import Rule
from cxaudit.contracts.sql import instant_of

LOOSER = "is looser than the workbook's contract"
SEVERITIES = ("info", "warning", "error")


def stricter(own: Rule, other: Rule) -> Rule:
    """The other rule with what it leaves unsaid of ours; our own where the other adds nothing.

    Raises ValueError saying in what the other asks for less.
    """
    if own.kind != other.kind:
        raise ValueError("it is a rule of another kind; give it an id of its own")
    if SEVERITIES.index(other.severity) < SEVERITIES.index(own.severity):
        raise ValueError(f"its severity is {other.severity}, and {own.severity} in the workbook")
    if other.stop_above > own.stop_above:
        raise ValueError(f"stopAbove is more than {own.stop_above:g}")
    if other.grade_cap < own.grade_cap:
        raise ValueError(f"gradeCap is better than {own.grade_cap}")
    if missing := set(own.degrades) - set(other.degrades):
        raise ValueError(f"degrades leaves out {', '.join(sorted(missing))}")
    if own.cascades and not other.cascades:
        raise ValueError("cascade is false, and true in the workbook")
    arguments = _ARGUMENTS.get(own.kind, _same)(own.arguments, other.arguments)
    settled = replace(other, arguments=arguments)
    if (
        arguments.get("bound") != own.arguments.get("bound")
        and other.description == own.description
    ):
        said = f"{arguments['operator']} {arguments['bound']}"
        settled = replace(settled, description=f"{own.description}; the client asks for {said}")
    as_ours = replace(
        settled,
        contract=own.contract,
        line=own.line,
        description=own.description,
        dimension=own.dimension,
        columns=own.columns,
    )
    if own.kind in ("columns", "types"):
        return replace(own, arguments=arguments)
    return own if as_ours == own else settled


def _same(own: Mapping[str, Any], other: Mapping[str, Any]) -> Mapping[str, Any]:
    if own != other:
        raise ValueError("it says something else; give it an id of its own")
    return own


def _union(own: Mapping[str, Any], other: Mapping[str, Any]) -> Mapping[str, Any]:
    (name,) = own
    if isinstance(own[name], Mapping):
        return {name: {**other[name], **own[name]}}
    return {name: tuple(dict.fromkeys([*own[name], *other[name]]))}


def _values(own: Mapping[str, Any], other: Mapping[str, Any]) -> Mapping[str, Any]:
    if more := [value for value in other["values"] if value not in own["values"]]:
        raise ValueError(f"it allows {', '.join(map(str, more))}")
    return other


def _bounds(own: Mapping[str, Any], other: Mapping[str, Any]) -> Mapping[str, Any]:
    """The bounds of both; one that is given has to lie within ours."""
    for side, strict, is_low in (
        ("minimum", "strict_minimum", True),
        ("maximum", "strict_maximum", False),
    ):
        ours, theirs = _bound(own, side, strict), _bound(other, side, strict)
        if ours is None or theirs is None:
            continue
        beyond = theirs[0] < ours[0] if is_low else theirs[0] > ours[0]
        if beyond or (theirs[0] == ours[0] and ours[1] and not theirs[1]):
            raise ValueError(f"its {side} lies beyond {ours[2]}")
    settled = dict(other)
    for names in (("minimum", "strict_minimum"), ("maximum", "strict_maximum")):
        if not any(name in other for name in names):
            settled.update({name: own[name] for name in names if name in own})
    return {name: settled[name] for name in (*own, *settled) if name in settled}


def _bound(bounds: Mapping[str, Any], side: str, strict: str) -> tuple[Any, bool, Any] | None:
    """A bound as a value that compares, whether it is itself excluded, and as it was written."""
    given = [(bounds[name], name == strict) for name in (side, strict) if name in bounds]
    if not given:
        return None
    pick: Callable[..., Any] = max if side == "minimum" else min
    values = [
        (instant_of(value) if isinstance(value, str) else value, is_strict, value)
        for value, is_strict in given
    ]
    return pick(values, key=lambda entry: entry[0])


def _relation(own: Mapping[str, Any], other: Mapping[str, Any]) -> Mapping[str, Any]:
    if (own["table"], own["columns"]) != (other["table"], other["columns"]):
        raise ValueError("it leads to another column")
    if other.get("at_least", 1.0) < own.get("at_least", 1.0):
        raise ValueError(f"holdsFor is less than {own['at_least']:g}")
    return other


def _threshold(own: Mapping[str, Any], other: Mapping[str, Any]) -> Mapping[str, Any]:
    """The other bound on the same value; only bounds of one side, or the very same, compare."""
    known = {name: value for name, value in own.items() if name != "bound"}
    if known != {name: value for name, value in other.items() if name != "bound"}:
        raise ValueError("it asks for another value; give it an id of its own")
    ours, theirs, word = own["bound"], other["bound"], own["operator"]
    is_looser = {
        "Less": lambda: theirs > ours,
        "Greater": lambda: theirs < ours,
        "mustBeBetween": lambda: theirs[0] < ours[0] or theirs[1] > ours[1],
    }
    test = next((test for sign, test in is_looser.items() if sign in word), lambda: theirs != ours)
    if test():
        raise ValueError(f"{word} is {theirs}, and {ours} in the workbook")
    return other


_ARGUMENTS: dict[str, Callable[[Mapping[str, Any], Mapping[str, Any]], Mapping[str, Any]]] = {
    "columns": _union,
    "types": _union,
    "enum": _values,
    "range": _bounds,
    "length": _bounds,
    "relation": _relation,
    "exists": _relation,
    "value": _threshold,
    "duplicates": _threshold,
    "gap": _threshold,
    "agreement": _threshold,
    "repetition": _threshold,
}
