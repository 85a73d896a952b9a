"""The rules of one column: filled, unique, among its values, within its bounds, of its form."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from cxaudit.contracts.canonical import custom, has_custom
from cxaudit.contracts.formats import (
    FORMATS,
    INTEGERS,
    date_pattern,
    date_shape,
    is_date_format,
    strftime_format,
)
from cxaudit.contracts.patterns import portable
from cxaudit.contracts.rules import Rule
from cxaudit.contracts.sql import Query, prepare

VALUES: dict[str, Callable[[Any], Any]] = {"integer": int, "number": float, "boolean": bool}
DESCRIBED = ("uniqueItems", "minProperties", "maxProperties", "required")


def column_rules(
    declared: Mapping[str, Any],
    table: str,
    key: tuple[str, ...],
    contract: str,
    line: Callable[..., int],
) -> Iterator[Rule]:
    """The rules of a column but for its relations and qualities, in the order of the standard.

    `line` gives the line of a part of the column. Raises ValueError for a pattern, format or value
    that cannot be rendered, saying why.
    """
    column, logical = declared["name"], str(declared.get("logicalType", "string"))
    own = custom(declared, "requiredBy", "table") == "table"
    severity = custom(declared, "severity", "error" if own else "warning")
    options = declared.get("logicalTypeOptions") or {}
    replaces = has_custom(declared, "invalidBecomes")

    def facet(
        name: str,
        description: str,
        dimension: str,
        *where: str,
        kind: str = "",
        level: str = severity,
        **arguments: Any,
    ) -> Rule:
        correctable = replaces and name in ("enum", "range", "pattern", "multiple", "format")
        return Rule(
            f"{table}.{column}.{name}",
            table,
            kind or name,
            level,
            description,
            contract,
            column=column,
            columns=(column,),
            arguments=arguments,
            dimension=dimension,
            becomes=custom(declared, "invalidBecomes") if correctable else None,
            replaces=correctable,
            line=line(*where),
        )

    def option(name: str, description: str, *where: str, **given: Any) -> Rule:
        dimension = given.pop("dimension", "conformity")
        return facet(name, description, dimension, "logicalTypeOptions", *where, **given)

    if declared.get("required") or key == (column,):
        level = "error" if column in key else severity
        text = f"{column} is filled"
        where = "required" if declared.get("required") else "primaryKey"
        yield facet("required", text, "completeness", where, level=level)
    if declared.get("unique") or key == (column,):
        level = "error" if key == (column,) else severity
        where = "unique" if declared.get("unique") else "primaryKey"
        text = f"No two rows have the same {column}"
        yield facet("unique", text, "uniqueness", where, level=level, columns=(column,))
    if declared.get("enum"):
        cast = VALUES.get(logical, str)
        values = tuple(cast(entry["value"]) for entry in declared["enum"])
        text = f"{column} is one of {', '.join(str(entry['value']) for entry in declared['enum'])}"
        yield facet("enum", text, "conformity", "enum", values=values)
    if bounds := _bounds(options, "minimum", "maximum", logical):
        where = next((name for name in options if "imum" in name), "format")
        text = f"{column} is {_in_words(bounds)}"
        yield option("range", text, where, dimension="accuracy", **bounds)
    of = ("minItems", "maxItems") if logical == "array" else ("minLength", "maxLength")
    if bounds := _bounds(options, *of, logical=""):
        text = f"The length of {column} is {_in_words(bounds)}"
        yield option("length", text, next(name for name in of if name in options), **bounds)
    if pattern := options.get("pattern"):
        text = f"{column} has the form {pattern}"
        yield option("pattern", text, "pattern", pattern=portable(pattern))
    if step := options.get("multipleOf"):
        text = f"{column} is a multiple of {step}"
        query = Query(prepare(_not_a_multiple(step), column))
        yield option("multiple", text, "multipleOf", kind="condition", query=query)
    if given := options.get("format"):
        if logical == "string" and given in FORMATS:
            text = f"{column} has the form of {given}"
            yield option("format", text, "format", kind="pattern", pattern=FORMATS[given])
        elif logical == "string" and is_date_format(given):
            form = {
                "pattern": date_pattern(given),
                "shape": date_shape(given),
                "strftime": strftime_format(given),
            }
            text = f"{column} is a date or time written as {given}"
            yield option("format", text, "format", kind="pattern", **form)
        elif logical not in ("integer", "number"):
            yield option("format", f"{column} is written as {given}", "format", kind="declared")
    for name in DESCRIBED:
        if options.get(name):
            text = f"{column} has {name} {options[name]}"
            # What an object's entries have to be is another rule than that it is there itself.
            identity = "required_entries" if name == "required" else name
            yield option(identity, text, name, kind="declared")


def _bounds(options: Mapping[str, Any], low: str, high: str, logical: str) -> dict[str, Any]:
    is_value = low == "minimum"
    bounds = {
        "minimum": options.get(low),
        "maximum": options.get(high),
        "strict_minimum": options.get("exclusiveMinimum") if is_value else None,
        "strict_maximum": options.get("exclusiveMaximum") if is_value else None,
    }
    if logical == "integer" and options.get("format") in INTEGERS:
        least, most = INTEGERS[options["format"]]
        if bounds["minimum"] is None or bounds["minimum"] < least:
            bounds["minimum"] = least
        if most is not None and (bounds["maximum"] is None or bounds["maximum"] > most):
            bounds["maximum"] = most
    return {name: value for name, value in bounds.items() if value is not None}


def _in_words(bounds: Mapping[str, Any]) -> str:
    words = {
        "minimum": "at least",
        "strict_minimum": "more than",
        "maximum": "at most",
        "strict_maximum": "less than",
    }
    return " and ".join(f"{words[name]} {value}" for name, value in bounds.items())


def _not_a_multiple(step: float) -> str:
    """The query for numbers more than a millionth of a step off the nearest multiple."""
    steps = f"{{property}} / {step:.15f}"
    return f"SELECT COUNT(*) FROM {{object}} WHERE ABS({steps} - ROUND({steps})) > 0.000001"
