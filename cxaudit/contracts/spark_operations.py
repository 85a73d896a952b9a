"""The operations of rule queries over columns of a Spark data frame."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F

from cxaudit.contracts.sql import instant_of


def is_distinct(column: Column) -> Column:
    """Whether no other row has the cell's value."""
    return F.count(F.lit(1)).over(Window.partitionBy(column)) <= 1


def aggregated_by(frame: DataFrame, column: str, *sums: str) -> DataFrame:
    """One row per value of the column, with these aggregates in Spark's SQL."""
    return frame.groupBy(column).agg(*(F.expr(each) for each in sums))


class SparkOperations:
    """The operations of rule queries; a condition or value is a column, an aggregate too."""

    def is_null(self, value: Column) -> Column:
        return value.isNull()

    def is_in(self, value: Column, options: list[Any]) -> Column:
        return value.isin(options)

    def coalesce(self, values: list[Any]) -> Column:
        return F.coalesce(*(_column(value) for value in values))

    def null_if(self, value: Any, unwanted: Any) -> Column:
        return F.nullif(_column(value), _column(unwanted))

    def case(self, branches: list[tuple[Column, Any]], otherwise: Any) -> Column:
        (condition, value), *others = branches
        chosen = F.when(condition, value)
        for condition, value in others:
            chosen = chosen.when(condition, value)
        return chosen.otherwise(otherwise)

    def remainder(self, value: Column, divisor: Any) -> Column:
        return value % divisor

    def divide(self, value: Any, divisor: Any) -> Column:
        return _column(value) / F.nullif(_column(divisor), F.lit(0))

    def epoch_seconds(self, instant: Column) -> Column:
        return F.unix_seconds(instant.cast("timestamp"))

    def instant(self, text: str) -> datetime:
        return instant_of(text)

    def length(self, text: Column) -> Column:
        return F.char_length(text)

    def lower(self, text: Column) -> Column:
        return F.lower(text)

    def upper(self, text: Column) -> Column:
        return F.upper(text)

    def absolute(self, number: Column) -> Column:
        return F.abs(number)

    def rounded(self, number: Column) -> Column:
        return F.round(number)

    def matches(self, text: Column, pattern: str) -> Column:
        return text.rlike(pattern)

    def aggregate(self, name: str, value: Any, condition: Any) -> Column:
        given = F.lit(1) if value is None else _column(value)
        if condition is not None:
            given = F.when(condition, given)
        if name == "count distinct":
            return F.count_distinct(given)
        return getattr(F, name)(given)


def _column(value: Any) -> Column:
    return value if isinstance(value, Column) else F.lit(value)
