"""The rules as Ibis expressions: which rows fail, and how many, on any engine."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import reduce
from typing import TYPE_CHECKING, Any

from cxaudit.contracts.evaluation import evaluate
from cxaudit.contracts.ibis_operations import IbisOperations
from cxaudit.contracts.plausibility import plausible_value
from cxaudit.contracts.rules import Rule
from cxaudit.contracts.sql import Query
from cxaudit.contracts.table_values import duplicates, key_of, longest_gap

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from cxaudit.engine import Engine


COMPARING = ("unique", "exists", "relation")
WHOLE = ("duplicates", "gap", "agreement", "repetition")
# Bounds on a number of rows that make these rows the failing ones.
AT_MOST = ("mustBe", "mustBeLessThan", "mustBeLessOrEqualTo")


@dataclass(frozen=True)
class Measured:
    """What the engine counts for a rule: rows judged, rows that fail, and a table rule's value.

    `value` is None where there was nothing to judge; `failed` is None where a table rule has no
    rows of its own.
    """

    rows: int
    failed: int | None
    value: float | None = None


def failing(rule: Rule, tables: Mapping[str, ir.Table]) -> ir.BooleanValue:
    """True in the rows of the rule's table that break it, never null.

    Relations take the tables as loaded, before anything was quarantined. Raises KeyError where a
    table is not among those given, and TypeError where the rule has no rows.
    """
    import ibis

    table = tables[rule.table]
    arguments = rule.arguments
    if rule.kind == "condition":
        return _condition(arguments["query"], table)
    if rule.kind == "unique":
        return _repeated(table, arguments["columns"])
    if rule.kind in ("exists", "relation"):
        keys = key_of(tables[arguments["table"]].view(), arguments["columns"]).name("key")
        known = keys.as_table()
        child = key_of(table, rule.columns)
        unknown = child.notin(known.filter(known.key.notnull()).key)
        # of an empty table SQL says that even null is not in it
        return (child.notnull() & unknown).fill_null(False)
    if rule.column is None:
        raise TypeError(f"a rule of kind {rule.kind} has no rows")
    column = table[rule.column]
    match rule.kind:
        case "required":
            return column.isnull()
        case "enum":
            fails = column.notin(list(arguments["values"]))
        case "range":
            fails = _outside(column, arguments)
        case "length":
            fails = _outside(column.length(), arguments)
        case "pattern":
            fails = ~column.re_search(arguments["pattern"])
        case _:
            raise TypeError(f"a rule of kind {rule.kind} has no rows")
    return ibis.ifelse(column.isnull(), False, fails).fill_null(False)


def measure(
    rules: Iterable[Rule], tables: Mapping[str, ir.Table], engine: Engine
) -> dict[str, Measured]:
    """The counts of rules of one table, by rule id.

    One pass over the table for rules that look at a row alone; one pass over their columns for
    each that compares rows or tables, which is what takes memory. The rules are of kinds that
    read rows (not `columns`, not `declared`).
    """
    rules = list(rules)
    of_rows = [rule for rule in rules if rule.kind not in (*COMPARING, *WHOLE)]
    found = _pass(of_rows, tables, engine)
    same: dict[tuple[Any, ...], Measured] = {}
    for rule in rules:
        if rule.kind in COMPARING:
            target = (rule.columns, rule.arguments.get("table"), rule.arguments.get("columns"))
            if target not in same:
                same[target] = (
                    _copies(tables[rule.table], rule.arguments["columns"], engine)
                    if rule.kind == "unique"
                    else _pass([rule], _narrowed(rule, tables), engine)[rule.id]
                )
            found[rule.id] = same[target]
        elif rule.kind in WHOLE:
            found[rule.id] = _whole(rule, tables[rule.table], engine)
    return found


def _whole(rule: Rule, table: ir.Table, engine: Engine) -> Measured:
    if rule.kind == "duplicates":
        return Measured(*duplicates(table, rule.arguments, engine))
    if rule.kind == "gap":
        value = longest_gap(table, rule.columns[0], rule.arguments["unit"], engine)
    else:
        value = plausible_value(table, rule.kind, rule.columns, rule.arguments, engine)
    return Measured(0, None, value)


def _copies(table: ir.Table, columns: tuple[str, ...], engine: Engine) -> Measured:
    """The rows whose key occurs more than once, counted by key: no row is looked at again."""
    by_key = table.group_by(list(columns)).aggregate(copies=lambda given: given.count())
    repeated = (by_key.copies > 1) & _given(by_key, columns)
    totals = by_key.aggregate(rows=by_key.copies.sum(), failed=by_key.copies.sum(where=repeated))
    row = engine.fetch(totals).to_pylist()[0]
    return Measured(int(row["rows"] or 0), int(row["failed"] or 0))


def _narrowed(rule: Rule, tables: Mapping[str, ir.Table]) -> dict[str, ir.Table]:
    """The tables with only the rule's own columns in the rule's table."""
    columns = list(rule.columns)
    if rule.arguments.get("table") == rule.table:
        columns.extend(rule.arguments["columns"])
    return {**tables, rule.table: tables[rule.table].select(list(dict.fromkeys(columns)))}


def _pass(rules: list[Rule], tables: Mapping[str, ir.Table], engine: Engine) -> dict[str, Measured]:
    if not rules:
        return {}
    table = tables[rules[0].table]
    named = {f"rule_{number}": rule for number, rule in enumerate(rules)}
    flags = {name: failing(rule, tables) for name, rule in named.items() if rule.kind != "value"}
    flagged = table.mutate(**flags)
    totals: dict[str, Any] = {"rows_in_all": flagged.count()}
    for name, rule in named.items():
        if rule.kind == "value":
            totals.update(_value_totals(name, rule, flagged))
        else:
            totals[name] = flagged[name].sum()
        if rule.kind in ("relation", "exists"):
            totals[f"{name}_rows"] = key_of(flagged, rule.columns).count()
    row = engine.fetch(flagged.aggregate(**totals)).to_pylist()[0]
    return {rule.id: _measured(name, rule, row) for name, rule in named.items()}


def _value_totals(name: str, rule: Rule, table: ir.Table) -> dict[str, Any]:
    """The expressions a table rule needs: its value, and the rows behind it if it is a share."""
    query: Query = rule.arguments["query"]
    operations = IbisOperations(table)
    where = None
    if query.condition is not None:
        where = evaluate(query.condition, table.__getitem__, operations)
    value = evaluate(query.value, table.__getitem__, operations, where)
    totals = {name: value, f"{name}_rows": operations.aggregate("count", None, where)}
    if query.share_of is not None:
        condition = evaluate(query.share_of, table.__getitem__, operations)
        both = condition if where is None else condition & where
        totals[f"{name}_hits"] = operations.aggregate("count", None, both)
    return totals


def _measured(name: str, rule: Rule, row: Mapping[str, Any]) -> Measured:
    rows = int(row.get(f"{name}_rows", row["rows_in_all"]))
    if rule.kind != "value":
        failed = int(row[name] or 0)
        share = (rows - failed) / rows if rows else None
        return Measured(rows, failed, share if rule.kind in ("relation", "exists") else None)
    value = finite(row[name])
    operator = rule.arguments["operator"]
    if rule.arguments["query"].counts_rows and operator in AT_MOST:
        return Measured(int(row["rows_in_all"]), int(value or 0), value)
    hits = row.get(f"{name}_hits")
    if hits is not None and "Greater" in operator:
        hits = rows - hits
    return Measured(rows, None if hits is None else int(hits), value)


def finite(value: Any) -> float | None:
    """A number, or None for null, not a number and infinity (a division by nothing)."""
    if value is None or value != value or abs(value) == float("inf"):
        return None
    return float(value)


def _condition(query: Query, table: ir.Table) -> ir.BooleanValue:
    assert query.condition is not None  # a rule of this kind was compiled from a WHERE
    operations = IbisOperations(table)
    return evaluate(query.condition, table.__getitem__, operations).fill_null(False)


def _repeated(table: ir.Table, columns: tuple[str, ...]) -> ir.BooleanValue:
    """True in rows whose key occurs more than once; a key that is null throughout is no key."""
    if len(columns) > 1:
        return (table.count().over(group_by=list(columns)) > 1) & _given(table, columns)
    column = columns[0]
    keys = table.view()
    counted = (
        keys.filter(keys[column].notnull())
        .group_by(column)
        .aggregate(copies=lambda given: given.count())
    )
    return table[column].isin(counted.filter(counted.copies > 1)[column]).fill_null(False)


def _given(table: ir.Table, columns: tuple[str, ...]) -> ir.BooleanValue:
    return reduce(lambda left, right: left | right, [table[name].notnull() for name in columns])


def _outside(value: Any, bounds: Mapping[str, Any]) -> Any:
    import ibis

    def bound(name: str) -> Any:
        given = bounds[name]
        return IbisOperations.instant(given) if isinstance(given, str) else given

    tests = {
        "minimum": lambda b: value < b,
        "maximum": lambda b: value > b,
        "strict_minimum": lambda b: value <= b,
        "strict_maximum": lambda b: value >= b,
    }
    broken = [test(bound(name)) for name, test in tests.items() if name in bounds]
    return reduce(lambda left, right: left | right, broken, ibis.literal(False))
