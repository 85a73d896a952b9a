"""Rows that leave the audit: those that break an error rule, and the children of such rows.

One pass: contracts are not run again on what remains.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import reduce
from graphlib import TopologicalSorter
from pathlib import Path
from typing import TYPE_CHECKING

from cxaudit.contracts.canonical import canonical_tables
from cxaudit.contracts.checks import Check, Loaded
from cxaudit.contracts.rules import Rule
from cxaudit.contracts.table_values import key_of
from cxaudit.contracts.violations import COMPARING, failing

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from cxaudit.engine import Engine

PARENT = "parent quarantined"


@dataclass(frozen=True)
class Parted:
    """How the rows of a table parted: kept, and quarantined under the first reason of each."""

    kept: int
    quarantined: int
    by_reason: Mapping[str, int]


@dataclass(frozen=True)
class Folders:
    """Where the loaded tables are, where checked ones go, and where quarantined rows go."""

    loaded: Path
    checked: Path
    quarantine: Path


def part(
    rules: Iterable[Rule],
    checks: Iterable[Check],
    loaded: Loaded,
    unusable: Iterable[str],
    folders: Folders,
    engine: Engine,
) -> dict[str, Parted]:
    """Write each usable table's clean rows and quarantined rows; what went where, by table.

    Values that a warning rule declares to be missing (`invalidBecomes`) are so in the clean rows.
    Unusable tables are left out: nothing of them is written.
    """
    broken = [rule for rule, check in zip(rules, checks, strict=True) if check.failed_rows]
    relations = [rule for rule in rules if rule.kind == "relation" and rule.cascades]
    usable = set(loaded.tables) - set(unusable)
    parted: dict[str, Parted] = {}
    for table in _parents_first(usable, relations):
        own = [rule for rule in broken if rule.table == table]
        flags = {rule.id: _flag(rule, loaded, engine) for rule in own if rule.quarantines}
        for relation in relations:
            parent = relation.arguments["table"]
            if relation.table == table and parent in parted and parted[parent].quarantined:
                gone = _quarantined_keys(relation, folders, engine)
                child = key_of(loaded.tables[table], relation.columns)
                lost = child.isin(gone).fill_null(False)
                flags[PARENT] = lost | flags[PARENT] if PARENT in flags else lost
        replaced = [rule for rule in own if rule.replaces and not rule.quarantines]
        parted[table] = _write(table, flags, replaced, loaded, folders, engine)
    return parted


def _parents_first(tables: set[str], relations: list[Rule]) -> list[str]:
    graph: dict[str, set[str]] = {table: set() for table in sorted(tables)}
    for relation in relations:
        parent = relation.arguments["table"]
        if relation.table in tables and parent in tables:
            graph[relation.table].add(parent)
    return list(TopologicalSorter(graph).static_order())


def _flag(rule: Rule, loaded: Loaded, engine: Engine) -> ir.BooleanValue:
    """True in the rows that break the rule.

    Where that hangs on one value and other rows, the few values that break it are looked for once
    and kept: clean and quarantined rows are both told by them.
    """
    flag = failing(rule, loaded.tables)
    if rule.kind not in COMPARING or len(rule.columns) > 1:
        return flag
    table, column = loaded.tables[rule.table], rule.columns[0]
    wrong = engine.cached(table.filter(flag).select(column).distinct())
    return table[column].isin(wrong[column]).fill_null(False)


def _quarantined_keys(relation: Rule, folders: Folders, engine: Engine) -> ir.Column:
    """The parent keys of which no row is left."""
    parent, columns = relation.arguments["table"], relation.arguments["columns"]
    places = (folders.quarantine / f"{parent}.parquet", folders.checked / f"{parent}.parquet")
    gone, kept = (key_of(engine.read(path), columns).name("key").as_table() for path in places)
    return gone.filter(gone.key.notnull()).anti_join(kept, "key").key


def _write(
    table: str,
    flags: Mapping[str, ir.BooleanValue],
    replaced: list[Rule],
    loaded: Loaded,
    folders: Folders,
    engine: Engine,
) -> Parted:
    """Part one table by the flags of its reasons, with invalid values of kept rows replaced."""
    import ibis

    target = folders.checked / f"{table}.parquet"
    target.parent.mkdir(parents=True, exist_ok=True)
    if not flags and not replaced:
        shutil.copyfile(folders.loaded / f"{table}.parquet", target)
        return Parted(loaded.rows[table], 0, {})
    rows = loaded.tables[table]
    columns = list(rows.columns)
    reasons = {f"broken_{number}": reason for number, reason in enumerate(flags)}
    marked = rows.mutate(**{name: flags[reason] for name, reason in reasons.items()})
    broken = reduce(
        lambda left, right: left | right, [marked[name] for name in reasons], ibis.literal(False)
    )
    values = {rule.columns[0]: _replaced(rule, marked, loaded) for rule in replaced}
    kept = marked.filter(~broken).mutate(**values).select(columns)
    # A key of several columns is compared within groups, which may come out in any order.
    regrouped = f"{table}.key.unique" in flags
    engine.write(kept, target, order_by=canonical_tables()[table].key if regrouped else ())
    by_reason: dict[str, int] = {}
    if reasons:
        path = folders.quarantine / f"{table}.parquet"
        given = [ibis.ifelse(marked[name], reason, None) for name, reason in reasons.items()]
        listed = ibis.array(given).filter(lambda reason: reason.notnull())
        left = marked.filter(broken).mutate(reasons=listed).select([*columns, "reasons"])
        sortable = [name for name in columns if not rows[name].type().is_array()]
        engine.write(left, path, order_by=[*sortable, "reasons"])
        by_reason = _first_reasons(path, list(flags), engine)
    quarantined = sum(by_reason.values())
    return Parted(loaded.rows[table] - quarantined, quarantined, by_reason)


def _replaced(rule: Rule, marked: ir.Table, loaded: Loaded) -> ir.Value:
    """The column of a rule with what breaks it made what the contract says it becomes."""
    import ibis

    column = marked[rule.columns[0]]
    becomes = ibis.literal(rule.becomes, column.type())
    return ibis.ifelse(failing(rule, {**loaded.tables, rule.table: marked}), becomes, column)


def _first_reasons(path: Path, reasons: list[str], engine: Engine) -> dict[str, int]:
    """Quarantined rows by the first reason of each, in the order of the reasons."""
    rows = engine.read(path)
    counted = rows.group_by(reason=rows.reasons[0]).aggregate(rows=lambda given: given.count())
    counts = {row["reason"]: row["rows"] for row in engine.fetch(counted).to_pylist()}
    return {reason: counts[reason] for reason in reasons if reason in counts}
