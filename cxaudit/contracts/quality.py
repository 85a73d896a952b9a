"""A contract's `quality` entries as SQL: what is written as SQL, and the standard's metrics."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cxaudit.contracts.sql import TABLE, prepare


def query_of(rule: Mapping[str, Any], column: str | None) -> str | None:
    """The SQL of a quality entry, library metrics included; None where it is only declared.

    Raises ValueError for a metric that has no rendering.
    """
    if rule.get("type") == "sql":
        return prepare(rule["query"], column)
    if "metric" not in rule:
        return None
    metric, arguments = rule["metric"], rule.get("arguments", {})
    if metric == "rowCount":
        return f"SELECT COUNT(*) FROM {TABLE}"
    if metric == "duplicateValues":
        names = arguments.get("properties") or [column]
        if len(names) != 1 or names[0] is None:
            raise ValueError("duplicateValues of several columns: declare them the primary key")
        return f'SELECT COUNT("{names[0]}") - COUNT(DISTINCT "{names[0]}") FROM {TABLE}'
    if column is None:
        raise ValueError(f"{metric} belongs to a column")
    condition = _failing_condition(metric, arguments, column)
    if rule.get("unit") == "percent":
        return f"SELECT 100.0 * AVG(CASE WHEN {condition} THEN 1.0 ELSE 0.0 END) FROM {TABLE}"
    return f"SELECT COUNT(*) FROM {TABLE} WHERE {condition}"


def _failing_condition(metric: str, arguments: Mapping[str, Any], column: str) -> str:
    if metric == "nullValues":
        return f'"{column}" IS NULL'
    values = arguments.get("validValues" if metric == "invalidValues" else "missingValues")
    if not values:
        raise ValueError(f"{metric} needs a list of values")
    listed = ", ".join(_literal(value) for value in values if value is not None)
    if metric == "invalidValues":
        return f'"{column}" NOT IN ({listed})'
    return f'"{column}" IS NULL' + (f' OR "{column}" IN ({listed})' if listed else "")


def _literal(value: Any) -> str:
    return "'" + value.replace("'", "''") + "'" if isinstance(value, str) else str(value)
