"""Expectations of Great Expectations that a contract names itself, passed through as they are."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import yaml

ENGINES = ("greatexpectations", "gx")
# The standard's own example writes these names as JavaScript would.
COLUMN_KEYS = ("column", "column_A", "column_B", "column_list")
PLAIN = re.compile(r"^expect_(column|table|compound_columns|multicolumn|select_column)_[a-z_]+$")
# Code of the contract's author that would run here, or rows that a table does not have.
REFUSED = (
    "row_condition",
    "condition_parser",
    "unexpected_rows_query",
    "query",
    "other_table_name",
)


def is_great_expectations(rule: Mapping[str, Any]) -> bool:
    """Whether an entry of type custom is for Great Expectations, in any spelling of its name."""
    return re.sub("[^a-z]", "", str(rule.get("engine", "")).lower()) in ENGINES


def passed_through(
    rule: Mapping[str, Any], column: str | None
) -> tuple[str, tuple[str, ...], dict[str, Any]]:
    """The kind, columns and arguments of an expectation written out in a contract.

    Takes a mapping or its text in YAML or JSON, the type as `type`, `expectation_type` or `expect`,
    names as `min_value` or `minValue`, and the column it stands at where none is named. Raises
    ValueError for what cannot be passed through.
    """
    given = rule["implementation"]
    if isinstance(given, str):
        try:
            given = yaml.safe_load(given)
        except yaml.YAMLError as error:
            raise ValueError("implementation is not YAML") from error
    if not isinstance(given, Mapping):
        raise ValueError("implementation is not an expectation with type and kwargs")
    kind = given.get("type") or given.get("expectation_type")
    if not isinstance(kind, str) or not PLAIN.match(_snake(kind)):
        raise ValueError(
            "implementation names no expectation such as expect_column_max_to_be_between"
        )
    kwargs = {_snake(name): value for name, value in (given.get("kwargs") or {}).items()}
    kwargs = {
        name.replace("column_a", "column_A").replace("column_b", "column_B"): value
        for name, value in kwargs.items()
    }
    for name in REFUSED:
        if name in kwargs:
            raise ValueError(f"{name} would run code of the contract; write it as a rule in SQL")
    if column is not None and not any(name in kwargs for name in COLUMN_KEYS):
        kwargs["column"] = column
    columns: list[str] = []
    for name in COLUMN_KEYS:
        named = kwargs.get(name, [])
        columns += [named] if isinstance(named, str) else [str(entry) for entry in named]
    return "expectation", tuple(columns), {"type": _snake(kind), "kwargs": kwargs}


def _snake(name: Any) -> str:
    """ExpectColumnMaxToBeBetween, minValue and min_value as Great Expectations 1 writes them."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", str(name)).lower()
