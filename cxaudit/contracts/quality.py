"""A contract's `quality` entries as rules: the standard's metrics, SQL, expectations, text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cxaudit.contracts.bounds import bound_of
from cxaudit.contracts.canonical import custom
from cxaudit.contracts.document import Contract
from cxaudit.contracts.passthrough import is_great_expectations, passed_through
from cxaudit.contracts.patterns import portable
from cxaudit.contracts.plausibility import ENGINE, plausibility
from cxaudit.contracts.rules import STOP_ABOVE, Rule
from cxaudit.contracts.sql import TABLE, Query, prepare

PERCENT = ("percent", "percentage", "%")
METRICS = ("rowCount", "nullValues", "missingValues", "invalidValues", "duplicateValues")
NONE_ALLOWED = ("mustBe", 0)


def identity_of(rule: Mapping[str, Any]) -> str:
    """The name of a quality entry within its table or column."""
    return str(rule.get("id") or rule.get("metric") or rule.get("name") or "rule")


def quality_rule(
    rule: Mapping[str, Any],
    table: str,
    declared: Mapping[str, Any] | None,
    contract: Contract,
    line: int,
) -> Rule:
    """The rule of a `quality` entry; one that counts failing rows and allows none names the rows.

    `declared` is the column it stands at, None at the table. Raises ValueError for an entry that
    has no rendering, saying why.
    """
    column = declared["name"] if declared else None
    identity = f"{table}.{column}.{identity_of(rule)}" if column else f"{table}.{identity_of(rule)}"
    kind, columns, arguments = rendering(rule, table, declared)
    return Rule(
        identity,
        table,
        kind,
        rule.get("severity", "error"),
        " ".join(str(rule.get("description") or rule.get("name") or identity).split()).rstrip("."),
        contract.name,
        column=column,
        columns=columns,
        arguments=arguments,
        dimension=rule.get("dimension", ""),
        stop_above=float(custom(rule, "stopAbove", STOP_ABOVE)),
        degrades=tuple(custom(rule, "degrades", ())),
        grade_cap=custom(rule, "gradeCap", "C"),
        line=line,
    )


def rendering(
    rule: Mapping[str, Any], table: str, declared: Mapping[str, Any] | None
) -> tuple[str, tuple[str, ...], dict[str, Any]]:
    """The kind, columns and arguments a quality entry compiles to; raises ValueError."""
    column = declared["name"] if declared else None
    if rule.get("type") == "custom" and is_great_expectations(rule):
        return passed_through(rule, column)
    if rule.get("type") == "custom" and rule.get("engine") == ENGINE:
        return plausibility(rule, declared)
    if rule.get("type") != "sql" and "metric" not in rule:
        return "declared", (), {}
    word, bound = bound_of(rule)
    if rule.get("metric") == "duplicateValues":
        names = tuple(rule.get("arguments", {}).get("properties") or ([column] if column else ()))
        if not names:
            raise ValueError("duplicateValues of a table needs arguments.properties")
        if (word, bound) == NONE_ALLOWED:
            return "unique", names, {"columns": names}
        given = {"columns": names, "percent": is_percent(rule), "operator": word, "bound": bound}
        return "duplicates", names, given
    text = rule["query"] if rule.get("type") == "sql" else _metric(rule, declared)
    query = Query(prepare(text, column, table))
    columns = query.columns
    if (word, bound) == NONE_ALLOWED and query.counts_rows:
        return "condition", columns, {"query": query}
    if (word, bound) == NONE_ALLOWED and rule.get("metric") and query.share_of is not None:
        none = Query(prepare(_metric({**rule, "unit": "rows"}, declared), column, table))
        return "condition", columns, {"query": none}
    return "value", columns, {"query": query, "operator": word, "bound": bound}


def is_percent(rule: Mapping[str, Any]) -> bool:
    """Whether a rule's bound is a share of the rows, from 0 to 100."""
    return str(rule.get("unit", "")).strip().lower() in PERCENT


def _metric(rule: Mapping[str, Any], declared: Mapping[str, Any] | None) -> str:
    """The SQL of one of the standard's metrics that count rows."""
    metric = rule["metric"]
    if metric not in METRICS:
        raise ValueError(f"unknown metric {metric}")
    if metric == "rowCount":
        return f"SELECT COUNT(*) FROM {TABLE}"
    if declared is None:
        raise ValueError(f"{metric} belongs to a column")
    condition = _failing_condition(metric, rule.get("arguments", {}), declared)
    if is_percent(rule):
        return f"SELECT 100.0 * AVG(CASE WHEN {condition} THEN 1.0 ELSE 0.0 END) FROM {TABLE}"
    return f"SELECT COUNT(*) FROM {TABLE} WHERE {condition}"


def _failing_condition(
    metric: str, arguments: Mapping[str, Any], declared: Mapping[str, Any]
) -> str:
    column = f'"{declared["name"]}"'
    if metric == "nullValues":
        return f"{column} IS NULL"
    is_text = declared.get("logicalType", "string") == "string"
    if metric == "missingValues":
        named = [v for v in arguments.get("missingValues", ()) if v is not None]
        listed = _listed([v for v in named if isinstance(v, str) == is_text])
        return f"{column} IS NULL" + (f" OR {column} IN ({listed})" if listed else "")
    valid, pattern = arguments.get("validValues"), arguments.get("pattern")
    if not valid and pattern is None:
        raise ValueError("invalidValues needs validValues or a pattern")
    tests = []
    if valid:
        wrong = [v for v in valid if v is not None and isinstance(v, str) != is_text]
        if wrong:
            raise ValueError(f"validValues are not of the type of {declared['name']}")
        tests.append(f"{column} NOT IN ({_listed(v for v in valid if v is not None)})")
    if pattern is not None:
        portable(pattern)
        tests.append(f"NOT ({column} ~ {_literal(pattern)})")
    return " OR ".join(tests)


def _listed(values: Any) -> str:
    return ", ".join(_literal(value) for value in values)


def _literal(value: Any) -> str:
    return "'" + value.replace("'", "''") + "'" if isinstance(value, str) else str(value)
