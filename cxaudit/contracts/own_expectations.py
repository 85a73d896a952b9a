"""Expectations that Great Expectations does not bring, or brings too slow for a million rows.

Defining them registers them; like `expectations`, this module is for the validating stage alone.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from datetime import datetime
from functools import reduce
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from great_expectations.core.metric_function_types import MetricPartialFunctionTypes
from great_expectations.execution_engine import PandasExecutionEngine, SparkDFExecutionEngine
from great_expectations.expectations.expectation import (
    BatchExpectation,
    ColumnMapExpectation,
)
from great_expectations.expectations.metrics.map_metric_provider import (
    ColumnMapMetricProvider,
    column_condition_partial,
)
from great_expectations.expectations.metrics.metric_provider import metric_value
from great_expectations.expectations.metrics.table_metric_provider import TableMetricProvider

from cxaudit.contracts.evaluation import evaluate
from cxaudit.contracts.frame_operations import PandasOperations
from cxaudit.contracts.own_table_expectations import frame_of, within_bound
from cxaudit.contracts.sql import Query, instant_of
from cxaudit.contracts.violations import finite

# Spark may compute such a condition from the other rows too.
COUNTED = MetricPartialFunctionTypes.WINDOW_CONDITION_FN
WITHIN: dict[str, Callable[[Any, Any], Any]] = {
    "minimum": operator.ge,
    "maximum": operator.le,
    "strict_minimum": operator.gt,
    "strict_maximum": operator.lt,
}


class _Within(ColumnMapMetricProvider):
    condition_metric_name = "column_values.cxaudit_within"
    condition_value_keys = ("bounds",)

    @column_condition_partial(engine=PandasExecutionEngine)
    def _pandas(cls, column: pd.Series, bounds: dict[str, Any], **_: Any) -> pd.Series:
        inside = pd.Series(True, index=column.index)
        for name, given in bounds.items():
            bound = instant_of(given) if isinstance(given, str) else given
            inside &= WITHIN[name](column, bound).astype(bool)
        return inside

    @column_condition_partial(engine=SparkDFExecutionEngine)
    def _spark(cls, column: Any, bounds: dict[str, Any], **_: Any) -> Any:
        tests = [
            WITHIN[name](column, instant_of(given) if isinstance(given, str) else given)
            for name, given in bounds.items()
        ]
        return reduce(operator.and_, tests)


class ExpectColumnValuesWithin(ColumnMapExpectation):
    """Expect the values of a column to be within bounds, compared a column at a time.

    The expectation of the same purpose that Great Expectations brings compares instants one by
    one in Python.
    """

    bounds: dict[str, Any]
    map_metric = "column_values.cxaudit_within"
    success_keys = ("mostly", "bounds")
    args_keys = ("column", "bounds")


class _Dates(ColumnMapMetricProvider):
    condition_metric_name = "column_values.cxaudit_dates"
    condition_value_keys = ("pattern", "shape", "strftime")

    @column_condition_partial(engine=PandasExecutionEngine)
    def _pandas(cls, column: pd.Series, shape: str, strftime: str, **_: Any) -> pd.Series:
        written = re.compile(shape)
        return column.map(lambda text: _is_date(text, written, strftime)).astype(bool)

    @column_condition_partial(engine=SparkDFExecutionEngine)
    def _spark(cls, column: Any, pattern: str, **_: Any) -> Any:
        return column.rlike(pattern)


def _is_date(text: str, written: re.Pattern[str], strftime: str) -> bool:
    """Whether a text is a date of the calendar; Python alone would read fewer digits too."""
    if not written.fullmatch(text):
        return False
    try:
        datetime.strptime(text, strftime)
    except ValueError:
        return False
    return True


class ExpectColumnValuesToBeDates(ColumnMapExpectation):
    """Expect the texts of a column to be dates of the calendar in one format."""

    pattern: str
    shape: str
    strftime: str
    map_metric = "column_values.cxaudit_dates"
    success_keys = ("mostly", "pattern", "shape", "strftime")
    args_keys = ("column", "pattern", "shape", "strftime")


class _Distinct(ColumnMapMetricProvider):
    condition_metric_name = "column_values.cxaudit_distinct"

    @column_condition_partial(engine=PandasExecutionEngine)
    def _pandas(cls, column: pd.Series, **_: Any) -> pd.Series:
        values = pa.chunked_array(pa.array(column))
        before, after = values.slice(0, max(0, len(values) - 1)), values.slice(1)
        if not pc.all(pc.less_equal(before, after), min_count=0).as_py():
            return ~column.duplicated(keep=False)
        # Loaded tables are sorted by their key: equal values are neighbours.
        as_before = np.concatenate([[False], np.asarray(pc.equal(before, after))])
        repeated = as_before[: len(values)] | np.append(as_before[1:], False)[: len(values)]
        return pd.Series(~repeated, index=column.index)

    @column_condition_partial(
        engine=SparkDFExecutionEngine,
        partial_fn_type=COUNTED,
    )
    def _spark(cls, column: Any, **_: Any) -> Any:
        from cxaudit.contracts.spark_operations import is_distinct

        return is_distinct(column)


class ExpectColumnValuesDistinct(ColumnMapExpectation):
    """Expect no value of a column to occur twice; nulls are left out.

    The expectation of the same purpose that Great Expectations brings numbers all values first,
    sorted or not.
    """

    map_metric = "column_values.cxaudit_distinct"


class _QueryValue(TableMetricProvider):
    metric_name = "table.cxaudit_query_value"
    value_keys = ("query",)

    @metric_value(engine=PandasExecutionEngine)
    def _pandas(cls, **given: Any) -> float | None:
        frame = frame_of(given)
        query = Query(given["metric_value_kwargs"]["query"])
        operations = PandasOperations(frame)
        where = None
        if query.condition is not None:
            where = evaluate(query.condition, frame.__getitem__, operations)
        with np.errstate(all="ignore"):
            value = evaluate(query.value, frame.__getitem__, operations, where)
        return None if value is pd.NA else finite(value)

    @metric_value(engine=SparkDFExecutionEngine)
    def _spark(cls, **given: Any) -> float | None:
        from cxaudit.contracts.spark_operations import SparkOperations

        frame = frame_of(given)
        query, operations, where = (
            Query(given["metric_value_kwargs"]["query"]),
            SparkOperations(),
            None,
        )
        if query.condition is not None:
            where = evaluate(query.condition, frame.__getitem__, operations)
        value = evaluate(query.value, frame.__getitem__, operations, where)
        return finite(frame.agg(value.alias("value")).collect()[0]["value"])


class ExpectQueryValue(BatchExpectation):
    """Expect the one value of a query to be within its bound; no value is not a failure."""

    query: str
    operator: str
    bound: Any = None
    metric_dependencies = ("table.cxaudit_query_value",)
    success_keys = ("query", "operator", "bound")
    args_keys = ("query", "operator", "bound")

    def _validate(self, metrics: dict[str, Any], *_: Any, **__: Any) -> dict[str, Any]:
        value = metrics["table.cxaudit_query_value"]
        return within_bound(value, self.operator, self.bound)
