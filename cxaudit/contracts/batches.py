"""What Great Expectations is given to judge: the columns that the rules of a table read.

On Spark the batch is a frame of Spark and never leaves it; else one of pandas.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd

from cxaudit.contracts.rules import STRUCTURE_KINDS, Rule

if TYPE_CHECKING:
    import ibis.expr.types as ir
    from great_expectations.data_context import AbstractDataContext
    from great_expectations.datasource.fluent.interfaces import Batch

    from cxaudit.engine import Engine

LENGTH = "length of {}"


def batch_of(
    context: AbstractDataContext, rules: list[Rule], tables: Mapping[str, ir.Table], engine: Engine
) -> Batch:
    """The batch for rules of one table.

    Texts whose length alone is checked come as lengths, and a column that has to exist in another
    table comes with a marker: whether it does, null where the column is.
    """
    name = rules[0].table
    frame: Any = engine.frame(_read(rules, tables[name]))
    relations = {marker(rule): rule for rule in rules if rule.kind in ("exists", "relation")}
    if isinstance(frame, pd.DataFrame):
        for column, rule in relations.items():
            frame[column] = _exists(frame[list(rule.columns)], engine.frame(_keys(rule, tables)))
        asset: Any = context.data_sources.add_pandas("loaded").add_dataframe_asset(name)
    else:
        for column, rule in relations.items():
            frame = _with_marker(frame, column, rule, engine.frame(_keys(rule, tables)))
        asset = context.data_sources.add_spark("loaded").add_dataframe_asset(name)
    whole = asset.add_batch_definition_whole_dataframe("all")
    return whole.get_batch({"dataframe": frame})


def marker(rule: Rule) -> str:
    """The column that says whether a row's value exists in the table the rule names."""
    keys = ", ".join(rule.arguments["columns"])
    return f"{', '.join(rule.columns)} in {rule.arguments['table']} {keys}"


def _read(rules: list[Rule], table: ir.Table) -> ir.Table:
    """The columns that the rules read."""
    whole = {c for rule in rules if rule.kind != "length" for c in rule.columns}
    for rule in rules:
        if rule.kind in STRUCTURE_KINDS:
            whole |= set(rule.arguments[rule.kind]) & set(table.columns)
    lengths = {rule.columns[0] for rule in rules if rule.kind == "length"}
    columns = [table[name] for name in sorted(whole)]
    columns += [table[name].length().name(LENGTH.format(name)) for name in sorted(lengths)]
    return table.select(columns or [table[table.columns[0]]])


def _keys(rule: Rule, tables: Mapping[str, ir.Table]) -> ir.Table:
    """The keys that a relation points to, each once, as `known_0` and on."""
    parent = tables[rule.arguments["table"]]
    names = {f"known_{number}": name for number, name in enumerate(rule.arguments["columns"])}
    return parent.select(**names).distinct()


def _exists(given: pd.DataFrame, keys: pd.DataFrame) -> pd.Series:
    if len(keys.columns) == 1:
        found = given.iloc[:, 0].isin(keys["known_0"].dropna())
    else:
        known = pd.MultiIndex.from_frame(keys.dropna())
        found = pd.Series(pd.MultiIndex.from_frame(given).isin(known), index=given.index)
    return found.astype("bool[pyarrow]").mask(given.isna().any(axis=1))


def _with_marker(frame: Any, name: str, rule: Rule, keys: Any) -> Any:
    """A frame of Spark with the marker of a rule."""
    pairs = [(column, f"known_{number}") for number, column in enumerate(rule.columns)]
    joined = frame.join(keys, [frame[column] == keys[known] for column, known in pairs], "left")
    given = " AND ".join(f"`{column}` IS NOT NULL" for column in rule.columns)
    says = f"CASE WHEN {given} THEN known_0 IS NOT NULL END AS `{name}`"
    return joined.selectExpr(*(f"`{column}`" for column in frame.columns), says)
