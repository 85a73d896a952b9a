"""What a client's contract leaves unsaid of a table that the workbook knows: its contract says it.

Only what names and weighs a rule is inherited (key, type, severity, custom properties); the rules
themselves are not: those of the workbook hold as they are.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from cxaudit.contracts.document import Contract

# Types that a client may write for one of ours: texts in a format, v3.0's dates with a time.
TYPES_FOR = {"string": ("date", "time", "timestamp"), "timestamp": ("date",)}
WEIGHED = ("severity", "dimension", "description")


def workbook_table(name: str, contracts: Iterable[Contract]) -> Mapping[str, Any] | None:
    """The table of that name in the contracts, if any."""
    tables = (table for contract in contracts for table in contract.tables)
    return next((table for table in tables if table["name"] == name), None)


def inherited(table: Mapping[str, Any], workbook: Sequence[Contract]) -> Mapping[str, Any]:
    """A client's table with what it leaves unsaid; the table itself where nobody else knows it."""
    ours = workbook_table(table["name"], workbook)
    if ours is None:
        return table
    known = {p["name"]: p for p in ours.get("properties", [])}
    named = {p["name"] for p in table.get("properties", [])}
    keys = any(p.get("primaryKey") for p in table.get("properties", []))
    result = {**table, "customProperties": _customs(table, ours)}
    result["properties"] = [
        _column(declared, known.get(declared["name"]), keys)
        for declared in table.get("properties", [])
    ]
    if not keys:
        # Its key is ours: columns it does not name stand at the end and carry no rule of their own.
        result["properties"] += [
            _bare(p) for name, p in known.items() if p.get("primaryKey") and name not in named
        ]
    result["quality"] = _weighed(table.get("quality", []), ours.get("quality", []))
    return result


def _bare(column: Mapping[str, Any]) -> dict[str, Any]:
    kept = ("name", "logicalType", "primaryKey", "primaryKeyPosition", "customProperties")
    return {name: column[name] for name in kept if name in column}


def _column(
    declared: Mapping[str, Any], ours: Mapping[str, Any] | None, has_keys: bool
) -> Mapping[str, Any]:
    if ours is None:
        # No part of the audit needs a column that only the client knows.
        optional = {"property": "requiredBy", "value": "optional"}
        return {
            **declared,
            "customProperties": [*declared.get("customProperties", []), optional],
        }
    column = {"logicalType": ours.get("logicalType"), **declared}
    column["customProperties"] = _customs(declared, ours)
    if column["logicalType"] in TYPES_FOR.get(ours["logicalType"], ()):
        column["logicalType"] = ours["logicalType"]
    if not has_keys and ours.get("primaryKey"):
        column["primaryKey"] = True
        column["primaryKeyPosition"] = ours.get("primaryKeyPosition", 1)
    column["quality"] = _weighed(declared.get("quality", []), ours.get("quality", []))
    column["relationships"] = [
        {**relation, "customProperties": _customs(relation, own)}
        for relation in declared.get("relationships", [])
        for own in [_same_end(relation, ours)]
    ]
    return column


def _same_end(relation: Mapping[str, Any], ours: Mapping[str, Any]) -> Mapping[str, Any]:
    """Our relation of the column that leads to a column of the same name."""
    ends = {
        str(own["to"]).replace("/", ".").rsplit(".", 1)[-1]: own
        for own in ours.get("relationships", [])
    }
    return ends.get(str(relation["to"]).replace("/", ".").rsplit(".", 1)[-1], {})


def _weighed(
    rules: list[Mapping[str, Any]], ours: list[Mapping[str, Any]]
) -> list[Mapping[str, Any]]:
    known = {rule.get("id"): rule for rule in ours if rule.get("id")}
    return [
        {
            **{name: own[name] for name in WEIGHED if name in own},
            **rule,
            "customProperties": _customs(rule, own),
        }
        for rule in rules
        for own in [known.get(rule.get("id"), {})]
    ]


def _customs(element: Mapping[str, Any], ours: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Custom properties, the client's before ours: the first of a name holds."""
    return [*element.get("customProperties", []), *ours.get("customProperties", [])]
