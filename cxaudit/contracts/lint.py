"""Our own rules for data contracts, beyond what the standard's schema can say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from graphlib import CycleError, TopologicalSorter
from typing import Any

from cxaudit.contracts.canonical import TYPES, VENDOR, custom, read_yaml
from cxaudit.contracts.compilation import compile_rules
from cxaudit.contracts.document import Contract, key_columns
from cxaudit.contracts.facets import column_rules
from cxaudit.contracts.inheritance import inherited, workbook_table
from cxaudit.contracts.lines import Steps
from cxaudit.contracts.quality import identity_of, rendering
from cxaudit.contracts.relations import cascades, ends
from cxaudit.contracts.rules import Rule
from cxaudit.contracts.service_levels import elements_of, is_checked, span_of
from cxaudit.errors import Problem, nearest
from cxaudit.resources import PACKAGE

SEVERITIES = ("info", "warning", "error")
CUSTOM = {
    "contract": (),
    "table": ("source",),
    "column": ("requiredBy", "severity", "invalidBecomes", "pseudonymised"),
    "relation": ("severity", "holdsFor", "cascade", "degrades", "gradeCap"),
    "rule": ("stopAbove", "degrades", "gradeCap"),
    "service level": ("severity", "degrades", "gradeCap"),
}
VALUES = {
    "source": ("input", "generated"),
    "requiredBy": ("table", "indicator", "optional"),
    "severity": SEVERITIES,
    "gradeCap": ("A", "B", "C", "D"),
    "cascade": (True, False),
}


def lint(contracts: list[Contract], beside: Sequence[Contract] = ()) -> list[Problem]:
    """Every problem in contracts that are valid by the standard.

    A client's contracts stand `beside` those of the workbook.
    """
    problems = [
        problem
        for contract in contracts
        for problem in _Reading(contract, contracts, beside).lint()
    ]
    problems.extend(_duplicates(contracts))
    if not problems:
        problems.extend(_cycles(contracts))
        problems.extend(_same_ids(compile_rules(contracts, beside=beside)))
    return problems


class _Reading:
    """One contract being read for problems, among all contracts that it may refer to."""

    def __init__(self, contract: Contract, contracts: list[Contract], beside: Sequence[Contract]):
        self.contract = contract
        self.beside = beside
        self.known = [*contracts, *beside]

    def lint(self) -> Iterator[Problem]:
        """Every problem in the contract."""
        yield from _custom(self.contract.document, "contract", self.contract.name)
        for number, declared in enumerate(self.contract.tables):
            table = inherited(declared, self.beside)
            yield from self._table(table, ("schema", number))
        for number, level in enumerate(self.contract.document.get("slaProperties", [])):
            yield from self._service_level(level, ("slaProperties", number))

    def _place(self, steps: Steps, name: str) -> str:
        line = self.contract.line(*steps)
        return (
            f"{self.contract.name}, line {line}, {name}"
            if line
            else f"{self.contract.name}, {name}"
        )

    def _table(self, table: Mapping[str, Any], steps: Steps) -> Iterator[Problem]:
        name = table["name"]
        where = self._place(steps, name)
        yield from _custom(table, "table", where)
        if not key_columns(table):
            do = "Mark the columns that identify a row with primaryKey: true."
            yield Problem(where, "has no primary key", "", do)
        ours = workbook_table(name, self.beside) or {}
        names = [p["name"] for each in (table, ours) for p in each.get("properties", [])]
        for number, relation in enumerate(table.get("relationships", [])):
            yield from self._relation(relation, name, None, (*steps, "relationships", number))
        for number, rule in enumerate(table.get("quality", [])):
            yield from self._rule(rule, name, None, names, (*steps, "quality", number))
        own = {p["name"] for p in ours.get("properties", [])}
        for number, declared in enumerate(table.get("properties", [])):
            at = (*steps, "properties", number)
            yield from self._column(declared, name, at, not self.beside or declared["name"] in own)
            for place, relation in enumerate(declared.get("relationships", [])):
                step = (*at, "relationships", place)
                yield from self._relation(relation, name, declared["name"], step)
            for place, rule in enumerate(declared.get("quality", [])):
                yield from self._rule(rule, name, declared, names, (*at, "quality", place))

    def _column(
        self, declared: Mapping[str, Any], table: str, steps: Steps, is_ours: bool
    ) -> Iterator[Problem]:
        where = self._place(steps, f"{table}.{declared['name']}")
        yield from _custom(declared, "column", where)
        logical = declared.get("logicalType")
        if is_ours and logical not in TYPES:
            do = nearest(str(logical), TYPES)
            yield Problem(where, "has no logicalType we read", str(logical), do)
        becomes = custom(declared, "invalidBecomes")
        allowed = [str(entry["value"]) for entry in declared.get("enum", [])]
        if becomes is not None and becomes not in allowed and not self.beside:
            yield Problem(where, "invalidBecomes is not in the enum", str(becomes))
        if (
            declared.get("required")
            and not self.beside
            and any(
                p["property"] == "invalidBecomes" and p["value"] is None
                for p in declared.get("customProperties", [])
            )
        ):
            yield Problem(where, "invalidBecomes null contradicts required: true")
        try:
            tuple(column_rules(declared, table, (), "", lambda *_: 0))
        except ValueError as error:
            yield Problem(where, str(error))

    def _relation(
        self, relation: Mapping[str, Any], table: str, column: str | None, steps: Steps
    ) -> Iterator[Problem]:
        where = self._place(
            steps, f"{table}.{column}, relation" if column else f"{table}, relation"
        )
        yield from _custom(relation, "relation", where)
        if ends(relation, table, column, self.contract, self.known) is None:
            do = "Write FILE.odcs.yaml#/schema/TABLE/properties/COLUMN, or TABLE.COLUMN in a file."
            found = f"{relation.get('from', '')} {relation['to']}".strip()
            yield Problem(where, "leads to no column of any contract", found, do)

    def _rule(
        self,
        rule: Mapping[str, Any],
        table: str,
        declared: Mapping[str, Any] | None,
        columns: list[str],
        steps: Steps,
    ) -> Iterator[Problem]:
        of = f"{table}.{declared['name']}" if declared else table
        where = self._place(steps, f"{of}, rule {identity_of(rule)}")
        yield from _custom(rule, "rule", where)
        severity = rule.get("severity", "error")
        if severity not in SEVERITIES:
            do = nearest(str(severity), SEVERITIES)
            yield Problem(where, "unknown severity", str(severity), do)
        for name in rule.get("arguments", {}).get("properties", []):
            if name not in columns:
                do = nearest(name, columns)
                yield Problem(where, "names a column that is not there", name, do)
        try:
            _, read, _ = rendering(rule, table, declared)
        except ValueError as error:
            yield Problem(where, str(error))
            return
        for name in read:
            if name not in columns and rule.get("metric") is None:
                do = nearest(name, columns)
                yield Problem(where, "reads a column that is not there", name, do)
        if "id" not in rule and rule.get("type") in ("sql", "custom"):
            yield Problem(where, "has no id", "", "Give it one; findings are named by it.")

    def _service_level(self, level: Mapping[str, Any], steps: Steps) -> Iterator[Problem]:
        where = self._place(steps, str(level["property"]))
        yield from _custom(level, "service level", where)
        try:
            elements_of(level, self.contract, self.beside)
            if is_checked(level):
                span_of(level)
        except ValueError as error:
            yield Problem(where, str(error))


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
        elif name == "pseudonymised" and not isinstance(value, (bool, Mapping)):
            do = "Write true, false, or {other column: [words in rows where it is an id]}."
            yield Problem(where, "pseudonymised says neither yes nor where", str(value), do)
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
    """Names that may occur once: tables, columns of a table, headers of a table."""
    tables = Counter(table["name"] for contract in contracts for table in contract.tables)
    for name, times in tables.items():
        if times > 1:
            yield Problem(name, f"is declared by {times} contracts")
    for contract in contracts:
        for table in contract.tables:
            columns = table.get("properties", [])
            headers = [
                header
                for declared in columns
                for header in {s["synonym"].casefold() for s in declared.get("synonyms", [])}
            ]
            for what, names in (
                ("column", [p["name"] for p in columns]),
                ("synonym", headers),
            ):
                for name, times in Counter(names).items():
                    if times > 1:
                        where = f"{contract.name}, {table['name']}"
                        yield Problem(where, f"{what} '{name}' occurs {times} times")


def _same_ids(rules: Iterable[Rule]) -> Iterator[Problem]:
    """Rules of one id: findings are named by it, and only one of them would be held."""
    first: dict[str, Rule] = {}
    for rule in rules:
        known = first.setdefault(rule.id, rule)
        if known is not rule:
            where = f"{rule.contract}, line {rule.line}, {rule.id}"
            found = f"{known.contract}, line {known.line}: {known.description}"
            do = "Give each rule an id of its own, or leave one out."
            yield Problem(where, "is the id of another rule too", found, do)


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
            name = table["name"]
            at = [(None, relation) for relation in table.get("relationships", [])]
            at += [(p["name"], r) for p in table["properties"] for r in p.get("relationships", [])]
            for column, relation in at:
                found = ends(relation, name, column, contract, contracts)
                if found and cascades(relation):
                    parents.setdefault(name, set()).add(found[1])
    return parents
