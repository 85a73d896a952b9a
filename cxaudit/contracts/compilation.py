"""Contracts compiled to rules: of tables, their columns, relations, qualities, service levels."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from cxaudit.contracts.canonical import custom
from cxaudit.contracts.document import Contract, key_columns
from cxaudit.contracts.facets import column_rules
from cxaudit.contracts.inheritance import inherited
from cxaudit.contracts.quality import quality_rule
from cxaudit.contracts.relations import relation_rules
from cxaudit.contracts.rules import Rule
from cxaudit.contracts.service_levels import service_level_rules


def compile_rules(
    contracts: Iterable[Contract], as_of: datetime | None = None, beside: Sequence[Contract] = ()
) -> tuple[Rule, ...]:
    """The rules of linted contracts, in the order of the files and of the columns in them.

    Service levels are held against `as_of`; without it they are declared, not checked. A client's
    contracts stand `beside` those of the workbook and inherit from them what they leave unsaid.
    """
    contracts = list(contracts)
    known = [*contracts, *beside]
    return tuple(
        rule
        for contract in contracts
        for rule in (
            *(
                rule
                for number, table in enumerate(contract.tables)
                for rule in _table_rules(inherited(table, beside), number, contract, known)
            ),
            *service_level_rules(contract, as_of, beside),
        )
    )


def _table_rules(
    table: Mapping[str, Any], number: int, contract: Contract, known: list[Contract]
) -> Iterator[Rule]:
    name, properties = table["name"], table.get("properties", [])
    line = partial(contract.line, "schema", number)
    yield from _structure_rules(name, properties, contract, line())
    for place, rule in enumerate(table.get("quality", [])):
        yield quality_rule(rule, name, None, contract, line("quality", place))
    key = key_columns(table)
    if len(key) > 1:
        yield Rule(
            f"{name}.key.unique",
            name,
            "unique",
            "error",
            f"No two rows have the same {', '.join(key)}",
            contract.name,
            columns=key,
            arguments={"columns": key},
            dimension="uniqueness",
            line=line("properties"),
        )
    for place, relation in enumerate(table.get("relationships", [])):
        yield from relation_rules(
            relation, name, None, contract, known, line("relationships", place)
        )
    for at, declared in enumerate(properties):
        of_column = partial(line, "properties", at)
        yield from column_rules(declared, name, key, contract.name, of_column)
        for place, relation in enumerate(declared.get("relationships", [])):
            yield from relation_rules(
                relation, name, declared, contract, known, of_column("relationships", place), place
            )
        for place, rule in enumerate(declared.get("quality", [])):
            yield quality_rule(rule, name, declared, contract, of_column("quality", place))


def _structure_rules(
    name: str, properties: list[Mapping[str, Any]], contract: Contract, line: int
) -> Iterator[Rule]:
    needed = tuple(
        p["name"]
        for p in properties
        if p.get("required") and custom(p, "requiredBy", "table") == "table"
    )
    types = {p["name"]: p["logicalType"] for p in properties if "logicalType" in p}
    yield Rule(
        f"{name}.columns",
        name,
        "columns",
        "error",
        "The columns that may not be empty are supplied",
        contract.name,
        arguments={"columns": needed},
        dimension="completeness",
        line=line,
    )
    yield Rule(
        f"{name}.types",
        name,
        "types",
        "error",
        "Every column is of the type declared",
        contract.name,
        arguments={"types": types},
        dimension="conformity",
        line=line,
    )
