"""What Great Expectations is given to judge: the columns that the rules of a table read.

On Spark the batch is a frame of Spark and never leaves it; else one of pandas.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd

from cxaudit.contracts.rules import Rule

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
            frame[column] = _exists(frame[rule.column], engine.frame(_keys(rule, tables)))
        asset: Any = context.data_sources.add_pandas("loaded").add_dataframe_asset(name)
    else:
        for column, rule in relations.items():
            frame = _with_marker(frame, column, rule, engine.frame(_keys(rule, tables)))
        asset = context.data_sources.add_spark("loaded").add_dataframe_asset(name)
    whole = asset.add_batch_definition_whole_dataframe("all")
    return whole.get_batch({"dataframe": frame})


def marker(rule: Rule) -> str:
    """The column that says whether a row's value exists in the table the rule names."""
    return f"{rule.column} in {rule.arguments['table']} {rule.arguments['column']}"


def _read(rules: list[Rule], table: ir.Table) -> ir.Table:
    """The columns that the rules read."""
    whole = {c for rule in rules if rule.kind != "length" for c in rule.columns}
    needed = {c for rule in rules if rule.kind == "columns" for c in rule.arguments["columns"]}
    whole |= needed & set(table.columns)
    lengths = {rule.columns[0] for rule in rules if rule.kind == "length"}
    columns = [table[name] for name in sorted(whole)]
    columns += [table[name].length().name(LENGTH.format(name)) for name in sorted(lengths)]
    return table.select(columns or [table[table.columns[0]]])


def _keys(rule: Rule, tables: Mapping[str, ir.Table]) -> ir.Table:
    """The keys that a relation points to, each once."""
    parent = tables[rule.arguments["table"]]
    return parent.select(known_key=rule.arguments["column"]).distinct()


def _exists(column: pd.Series, keys: pd.DataFrame) -> pd.Series:
    found = column.isin(keys["known_key"].dropna())
    return found.astype("bool[pyarrow]").mask(column.isna())


def _with_marker(frame: Any, name: str, rule: Rule, keys: Any) -> Any:
    """A frame of Spark with the marker of a rule."""
    joined = frame.join(keys, frame[rule.column] == keys["known_key"], "left")
    says = f"CASE WHEN `{rule.column}` IS NOT NULL THEN known_key IS NOT NULL END AS `{name}`"
    return joined.selectExpr(*(f"`{column}`" for column in frame.columns), says)
