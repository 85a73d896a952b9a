"""The rules of the data contracts: one model, whoever renders it.

Row rules say of each row whether it fails; table rules say it of the table as a whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from cxaudit.contracts.canonical import custom
from cxaudit.contracts.document import Contract, key_columns, resolve
from cxaudit.contracts.evaluation import OPERATORS
from cxaudit.contracts.quality import query_of
from cxaudit.contracts.sql import Query

ROW_KINDS = ("required", "unique", "enum", "range", "length", "pattern", "exists", "condition")
STOP_ABOVE = 0.02
HOLDS_FOR = 0.99


@dataclass(frozen=True)
class Rule:
    """A rule of a contract.

    `arguments` by kind: unique `columns`; enum `values`; range and length `minimum`, `maximum`,
    `strict_minimum`, `strict_maximum`; pattern `pattern`; exists and relation `table`, `column`
    (and `at_least`); condition `condition`; value `query`, `operator`, `bound`; columns
    `columns`; declared nothing.
    """

    id: str
    table: str
    kind: str
    severity: str
    description: str
    contract: str
    column: str | None = None
    columns: tuple[str, ...] = ()
    arguments: Mapping[str, Any] = field(default_factory=dict)
    dimension: str = ""
    stop_above: float = STOP_ABOVE
    degrades: tuple[str, ...] = ()
    grade_cap: str = "C"
    cascades: bool = False
    becomes: str | None = None
    replaces: bool = False

    @property
    def is_row_rule(self) -> bool:
        """True where the rule names the rows that fail."""
        return self.kind in ROW_KINDS

    @property
    def quarantines(self) -> bool:
        """True where the rows that fail leave the audit."""
        return self.is_row_rule and self.severity == "error"


def compile_rules(contracts: Iterable[Contract]) -> tuple[Rule, ...]:
    """The rules of linted contracts, in the order of the files and of the columns in them."""
    contracts = list(contracts)
    return tuple(
        rule
        for contract in contracts
        for table in contract.tables
        for rule in _table_rules(table, contract, contracts)
    )


def _table_rules(
    table: Mapping[str, Any], contract: Contract, contracts: list[Contract]
) -> Iterator[Rule]:
    name = table["name"]
    properties = table.get("properties", [])
    needed = tuple(
        p["name"]
        for p in properties
        if p.get("required") and custom(p, "requiredBy", "table") == "table"
    )
    yield Rule(
        f"{name}.columns",
        name,
        "columns",
        "error",
        "The columns that may not be empty are supplied",
        contract.file,
        arguments={"columns": needed},
        dimension="completeness",
    )
    for rule in table.get("quality", []):
        yield _quality_rule(rule, name, None, contract)
    key = key_columns(table)
    if len(key) > 1:
        yield Rule(
            f"{name}.key.unique",
            name,
            "unique",
            "error",
            f"No two rows have the same {', '.join(key)}",
            contract.file,
            columns=key,
            arguments={"columns": key},
            dimension="uniqueness",
        )
    for declared in properties:
        yield from _column_rules(declared, name, key, contract)
        for relation in declared.get("relationships", []):
            yield from _relation_rules(relation, name, declared["name"], contract, contracts)
        for rule in declared.get("quality", []):
            yield _quality_rule(rule, name, declared["name"], contract)


def _column_rules(
    declared: Mapping[str, Any], table: str, key: tuple[str, ...], contract: Contract
) -> Iterator[Rule]:
    column = declared["name"]
    own = custom(declared, "requiredBy", "table") == "table"
    severity = custom(declared, "severity", "error" if own else "warning")
    options = declared.get("logicalTypeOptions", {})
    replaces = any(p["property"] == "invalidBecomes" for p in declared.get("customProperties", ()))

    def facet(
        kind: str, description: str, dimension: str, level: str = severity, **arguments: Any
    ) -> Rule:
        correctable = replaces and kind in ("enum", "range", "pattern")
        return Rule(
            f"{table}.{column}.{kind}",
            table,
            kind,
            level,
            description,
            contract.file,
            column=column,
            columns=(column,),
            arguments=arguments,
            dimension=dimension,
            becomes=custom(declared, "invalidBecomes") if correctable else None,
            replaces=correctable,
        )

    if declared.get("required"):
        level = "error" if column in key else severity
        yield facet("required", f"{column} is filled", "completeness", level)
    if declared.get("unique") or key == (column,):
        level = "error" if key == (column,) else severity
        text = f"No two rows have the same {column}"
        yield facet("unique", text, "uniqueness", level, columns=(column,))
    if declared.get("enum"):
        values = tuple(str(entry["value"]) for entry in declared["enum"])
        yield facet("enum", f"{column} is one of {', '.join(values)}", "conformity", values=values)
    if bounds := _bounds(options, "minimum", "maximum"):
        yield facet("range", f"{column} is {_in_words(bounds)}", "accuracy", **bounds)
    if bounds := _bounds(options, "minLength", "maxLength"):
        text = f"The length of {column} is {_in_words(bounds)}"
        yield facet("length", text, "conformity", **bounds)
    if pattern := options.get("pattern"):
        text = f"{column} has the form {pattern}"
        yield facet("pattern", text, "conformity", pattern=pattern)


def _bounds(options: Mapping[str, Any], low: str, high: str) -> dict[str, Any]:
    bounds = {
        "minimum": options.get(low),
        "maximum": options.get(high),
        "strict_minimum": options.get("exclusiveMinimum") if low == "minimum" else None,
        "strict_maximum": options.get("exclusiveMaximum") if low == "minimum" else None,
    }
    return {name: value for name, value in bounds.items() if value is not None}


def _in_words(bounds: Mapping[str, Any]) -> str:
    words = {
        "minimum": "at least",
        "strict_minimum": "more than",
        "maximum": "at most",
        "strict_maximum": "less than",
    }
    return " and ".join(f"{words[name]} {value}" for name, value in bounds.items())


def _relation_rules(
    relation: Mapping[str, Any],
    table: str,
    column: str,
    contract: Contract,
    contracts: list[Contract],
) -> Iterator[Rule]:
    """The two rules of a relation: enough rows hold it; and those that do not are named.

    A relation that only warns is one rule.
    """
    target = resolve(relation["to"], contract, contracts)
    assert target is not None  # the lint has refused relations that lead nowhere
    severity = custom(relation, "severity", "error")
    at_least = custom(relation, "holdsFor", HOLDS_FOR)
    arguments = {"table": target[0], "column": target[1]}
    yield Rule(
        f"{table}.{column}.relation",
        table,
        "relation",
        severity,
        f"At least {at_least:.0%} of the {column} given are found in {target[0]}.{target[1]}",
        contract.file,
        column=column,
        columns=(column,),
        arguments={**arguments, "at_least": at_least},
        dimension="consistency",
        degrades=tuple(custom(relation, "degrades", ())),
        grade_cap=custom(relation, "gradeCap", "C"),
        cascades=bool(custom(relation, "cascade", severity == "error")),
    )
    if severity == "error":
        yield Rule(
            f"{table}.{column}.exists",
            table,
            "exists",
            "error",
            f"{column} is found in {target[0]}.{target[1]}",
            contract.file,
            column=column,
            columns=(column,),
            arguments=arguments,
            dimension="consistency",
            stop_above=1.0,
        )


def _quality_rule(
    rule: Mapping[str, Any], table: str, column: str | None, contract: Contract
) -> Rule:
    """A `quality` entry; one that counts failing rows and allows none is a row rule."""
    prefix = f"{table}.{column}" if column else table
    identity = f"{prefix}.{rule.get('id') or rule.get('metric') or rule.get('name', 'rule')}"
    kind, columns, arguments = _rendering(rule, column)
    return Rule(
        identity,
        table,
        kind,
        rule.get("severity", "error"),
        " ".join(str(rule.get("description") or rule.get("name") or identity).split()).rstrip("."),
        contract.file,
        column=column,
        columns=columns,
        arguments=arguments,
        dimension=rule.get("dimension", ""),
        stop_above=float(custom(rule, "stopAbove", STOP_ABOVE)),
        degrades=tuple(custom(rule, "degrades", ())),
        grade_cap=custom(rule, "gradeCap", "C"),
    )


def _rendering(
    rule: Mapping[str, Any], column: str | None
) -> tuple[str, tuple[str, ...], dict[str, Any]]:
    """The kind, columns and arguments a quality entry compiles to."""
    text = query_of(rule, column)
    if text is None:
        return "declared", (), {}
    query = Query(text)
    word, bound = next((name, rule[name]) for name in OPERATORS if name in rule)
    if (word, bound) == ("mustBe", 0) and query.counts_rows:
        return "condition", query.columns, {"query": query}
    return "value", query.columns, {"query": query, "operator": word, "bound": bound}
