"""Our own rules for data contracts, beyond what the standard's schema can say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from graphlib import CycleError, TopologicalSorter
from typing import Any

from cxaudit.contracts.canonical import TYPES, VENDOR, custom, read_yaml
from cxaudit.contracts.document import Contract, key_columns, resolve
from cxaudit.contracts.evaluation import OPERATORS
from cxaudit.contracts.quality import query_of
from cxaudit.contracts.sql import Query
from cxaudit.errors import Problem, nearest
from cxaudit.resources import PACKAGE

SEVERITIES = ("info", "warning", "error")
CUSTOM = {
    "contract": (),
    "table": ("source",),
    "column": ("requiredBy", "severity", "invalidBecomes"),
    "relation": ("severity", "holdsFor", "cascade", "degrades", "gradeCap"),
    "rule": ("stopAbove", "degrades", "gradeCap"),
}
VALUES = {
    "source": ("input", "generated"),
    "requiredBy": ("table", "indicator", "optional"),
    "severity": SEVERITIES,
    "gradeCap": ("A", "B", "C", "D"),
    "cascade": (True, False),
}


def lint(contracts: list[Contract]) -> list[Problem]:
    """Every problem in contracts that are valid by the standard."""
    problems = [problem for contract in contracts for problem in _contract(contract, contracts)]
    problems.extend(_duplicates(contracts))
    if not problems:
        problems.extend(_cycles(contracts))
    return problems


def _contract(contract: Contract, contracts: list[Contract]) -> Iterator[Problem]:
    yield from _custom(contract.document, "contract", contract.file)
    for table in contract.tables:
        where = f"{contract.file}, {table['name']}"
        yield from _custom(table, "table", where)
        if not key_columns(table):
            do = "Mark the columns that identify a row with primaryKey: true."
            yield Problem(where, "has no primary key", "", do)
        if table.get("relationships"):
            do = "Write single-column relations at the column."
            yield Problem(where, "has relations of the table as a whole", "", do)
        columns = [p["name"] for p in table.get("properties", [])]
        for rule in table.get("quality", []):
            yield from _rule(rule, None, columns, where)
        for declared in table.get("properties", []):
            yield from _column(declared, columns, where, contract, contracts)


def _column(
    declared: Mapping[str, Any],
    columns: list[str],
    where: str,
    contract: Contract,
    contracts: list[Contract],
) -> Iterator[Problem]:
    name = declared["name"]
    where = f"{where}.{name}"
    yield from _custom(declared, "column", where)
    logical = declared.get("logicalType")
    if logical not in TYPES:
        do = nearest(str(logical), TYPES)
        yield Problem(where, "has no logicalType we read", str(logical), do)
    becomes = custom(declared, "invalidBecomes")
    allowed = [str(entry["value"]) for entry in declared.get("enum", [])]
    if becomes is not None and becomes not in allowed:
        yield Problem(where, "invalidBecomes is not in the enum", str(becomes))
    if declared.get("required") and any(
        p["property"] == "invalidBecomes" and p["value"] is None
        for p in declared.get("customProperties", [])
    ):
        yield Problem(where, "invalidBecomes null contradicts required: true")
    for relation in declared.get("relationships", []):
        place = f"{where}, relation"
        yield from _custom(relation, "relation", place)
        if resolve(relation["to"], contract, contracts) is None:
            do = "Write FILE.odcs.yaml#/schema/TABLE/properties/COLUMN, or TABLE.COLUMN in a file."
            yield Problem(place, "leads to no column of any contract", str(relation["to"]), do)
    for rule in declared.get("quality", []):
        yield from _rule(rule, name, columns, where)


def _rule(
    rule: Mapping[str, Any], column: str | None, columns: list[str], where: str
) -> Iterator[Problem]:
    place = f"{where}, rule {rule.get('id') or rule.get('name') or rule.get('metric') or '?'}"
    yield from _custom(rule, "rule", place)
    severity = rule.get("severity", "error")
    if severity not in SEVERITIES:
        yield Problem(place, "unknown severity", str(severity), nearest(str(severity), SEVERITIES))
    for name in rule.get("arguments", {}).get("properties", []):
        if name not in columns:
            yield Problem(place, "names a column that is not there", name, nearest(name, columns))
    try:
        text = query_of(rule, column)
        read = Query(text).columns if text is not None else ()
    except ValueError as error:
        yield Problem(place, str(error))
        return
    for name in read:
        if name not in columns:
            yield Problem(place, "reads a column that is not there", name, nearest(name, columns))
    if text is not None and not any(word in rule for word in OPERATORS):
        yield Problem(place, "has no operator such as mustBe: 0")
    if text is not None and "id" not in rule and rule.get("type") == "sql":
        yield Problem(place, "has no id", "", "Give it one; findings are named by it.")


def _custom(element: Mapping[str, Any], level: str, where: str) -> Iterator[Problem]:
    for entry in element.get("customProperties", []):
        name, value = entry["property"], entry["value"]
        if entry.get("vendor", VENDOR) != VENDOR:
            continue
        if name not in CUSTOM[level]:
            valid = CUSTOM[level] or tuple(n for names in CUSTOM.values() for n in names)
            yield Problem(where, f"unknown custom property '{name}'", "", nearest(name, valid))
        elif name in VALUES and value not in VALUES[name]:
            allowed = ", ".join(str(v) for v in VALUES[name])
            yield Problem(where, f"{name} is not one of {allowed}", str(value))
        elif name in ("stopAbove", "holdsFor") and not _is_share(value):
            yield Problem(where, f"{name} is not a share between 0 and 1", str(value))
        elif name == "degrades":
            known = indicator_ids()
            for identity in value if isinstance(value, list) else [value]:
                if known and identity not in known:
                    do = nearest(str(identity), known)
                    yield Problem(where, "degrades an unknown indicator", str(identity), do)


def _is_share(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and 0 <= value <= 1


@cache
def indicator_ids() -> frozenset[str]:
    """The ids of the scorecard's indicators."""
    scorecard = read_yaml(PACKAGE / "scorecards" / "house-v1.yaml")
    return frozenset(indicator["id"] for indicator in scorecard["indicators"])


def _duplicates(contracts: Iterable[Contract]) -> Iterator[Problem]:
    """Names that may occur once: tables, columns, rules of a table, headers of a table."""
    tables = Counter(table["name"] for contract in contracts for table in contract.tables)
    for name, times in tables.items():
        if times > 1:
            yield Problem(name, f"is declared by {times} contracts")
    for contract in contracts:
        for table in contract.tables:
            columns = table.get("properties", [])
            ids = [rule.get("id") for rule in table.get("quality", [])]
            for declared in columns:
                own = [r.get("id") or r.get("metric") for r in declared.get("quality", [])]
                ids += [f"{declared['name']}.{identity}" for identity in own]
            headers = [
                header
                for declared in columns
                for header in {s["synonym"].casefold() for s in declared.get("synonyms", [])}
            ]
            for what, names in (
                ("column", [p["name"] for p in columns]),
                ("rule id", [i for i in ids if i]),
                ("synonym", headers),
            ):
                for name, times in Counter(names).items():
                    if times > 1:
                        where = f"{contract.file}, {table['name']}"
                        yield Problem(where, f"{what} '{name}' occurs {times} times")


def _cycles(contracts: list[Contract]) -> Iterator[Problem]:
    try:
        tuple(TopologicalSorter(_parents(contracts)).static_order())
    except CycleError as error:
        chain = " → ".join(error.args[1])
        yield Problem("relations", "cascade in a circle", chain, "Set cascade: false on one.")


def _parents(contracts: list[Contract]) -> dict[str, set[str]]:
    parents: dict[str, set[str]] = {}
    for contract in contracts:
        for table in contract.tables:
            for declared in table.get("properties", []):
                for relation in declared.get("relationships", []):
                    severity = custom(relation, "severity", "error")
                    target = resolve(relation["to"], contract, contracts)
                    if target and custom(relation, "cascade", severity == "error"):
                        parents.setdefault(table["name"], set()).add(target[0])
    return parents
