"""The rules of a relation between tables, of one column or of several."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from cxaudit.contracts.canonical import custom
from cxaudit.contracts.document import Contract, resolve_all
from cxaudit.contracts.rules import HOLDS_FOR, Rule


def ends(
    relation: Mapping[str, Any],
    table: str,
    column: str | None,
    contract: Contract,
    contracts: Iterable[Contract],
) -> tuple[tuple[str, ...], str, tuple[str, ...]] | None:
    """The columns a relation starts from, the table and the columns it leads to; None where either
    end leads nowhere, or to fewer columns than the other.
    """
    contracts = list(contracts)
    if column is not None:
        start: tuple[str, tuple[str, ...]] | None = (table, (column,))
    else:
        start = resolve_all(relation.get("from"), contract, contracts)
    target = resolve_all(relation["to"], contract, contracts)
    if start is None or target is None or start[0] != table or len(start[1]) != len(target[1]):
        return None
    return start[1], *target


def cascades(relation: Mapping[str, Any]) -> bool:
    """Whether rows go where the row they point to went."""
    return bool(custom(relation, "cascade", custom(relation, "severity", "error") == "error"))


def relation_rules(
    relation: Mapping[str, Any],
    table: str,
    declared: Mapping[str, Any] | None,
    contract: Contract,
    contracts: list[Contract],
    line: int,
    number: int = 0,
) -> Iterator[Rule]:
    """The two rules of a relation: enough rows hold it; and those that do not are named.

    A relation that only warns is one rule. `declared` is the column it stands at, if any, and
    `number` counts the relations of that column from 0.
    """
    column = declared["name"] if declared else None
    found = ends(relation, table, column, contract, contracts)
    assert found is not None  # the lint has refused relations that lead nowhere
    columns, parent, keys = found
    severity = custom(relation, "severity", "error")
    at_least = custom(relation, "holdsFor", HOLDS_FOR)
    name, target = ", ".join(columns), f"{parent}.{', '.join(keys)}"
    identity = f"{table}.{'_'.join(columns)}"
    # A second relation of a column is named by where it leads.
    further = f"_{parent}" if number else ""
    arguments = {"table": parent, "columns": keys}
    yield Rule(
        f"{identity}.relation{further}",
        table,
        "relation",
        severity,
        f"At least {at_least:.0%} of the {name} given are found in {target}",
        contract.name,
        column=columns[0] if len(columns) == 1 else None,
        columns=columns,
        arguments={**arguments, "at_least": at_least},
        dimension="consistency",
        degrades=tuple(custom(relation, "degrades", ())),
        grade_cap=custom(relation, "gradeCap", "C"),
        cascades=cascades(relation),
        line=line,
    )
    if severity == "error":
        yield Rule(
            f"{identity}.exists{further}",
            table,
            "exists",
            "error",
            f"{name} {'is' if len(columns) == 1 else 'are'} found in {target}",
            contract.name,
            column=columns[0] if len(columns) == 1 else None,
            columns=columns,
            arguments=arguments,
            dimension="consistency",
            stop_above=1.0,
            line=line,
        )
