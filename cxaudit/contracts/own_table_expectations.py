"""Expectations of our own about a table as a whole: repeated values, gaps in time, types.

Defining them registers them; like `expectations`, this module is for the validating stage alone.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from great_expectations.execution_engine import PandasExecutionEngine, SparkDFExecutionEngine
from great_expectations.expectations.expectation import BatchExpectation
from great_expectations.expectations.metrics.metric_provider import metric_value
from great_expectations.expectations.metrics.table_metric_provider import TableMetricProvider

from cxaudit.contracts.evaluation import OPERATORS
from cxaudit.contracts.table_values import MONTHS, SECONDS, duplicates_value

# Logical types of the standard, and what holds them in pandas (by Arrow) and in Spark.
HELD_BY = {
    "string": (pa.types.is_string, ("string",)),
    "timestamp": (pa.types.is_timestamp, ("timestamp",)),
    "date": (pa.types.is_date, ("date",)),
    "integer": (pa.types.is_integer, ("bigint", "int", "smallint", "tinyint")),
    "number": (pa.types.is_floating, ("double", "float")),
    "boolean": (pa.types.is_boolean, ("boolean",)),
    "array": (pa.types.is_list, ("array<string>",)),
}


def frame_of(given: dict[str, Any]) -> Any:
    """The batch's data frame, of what Great Expectations gives a metric by name."""
    domain = given["metric_domain_kwargs"]
    return given["execution_engine"].get_compute_domain(domain, "table")[0]


def within_bound(value: Any, operator: str, bound: Any) -> dict[str, Any]:
    """The result of an expectation about one value; no value is not a failure."""
    success = value is None or bool(OPERATORS[operator](value, bound))
    return {"success": success, "result": {"observed_value": value}}


class _Duplicates(TableMetricProvider):
    metric_name = "table.cxaudit_duplicates"
    value_keys = ("columns",)

    @metric_value(engine=PandasExecutionEngine)
    def _pandas(cls, **given: Any) -> tuple[int, int, int]:
        frame = frame_of(given)
        keys = frame[list(given["metric_value_kwargs"]["columns"])].dropna()
        repeated = keys[keys.duplicated(keep=False)]
        return len(frame), len(repeated), len(repeated.drop_duplicates())

    @metric_value(engine=SparkDFExecutionEngine)
    def _spark(cls, **given: Any) -> tuple[int, int, int]:
        frame = frame_of(given)
        columns = list(given["metric_value_kwargs"]["columns"])
        more = frame.select(*columns).dropna().groupBy(*columns).count().filter("count > 1")
        found = more.selectExpr("count(*) AS n", "coalesce(sum(count), 0) AS rows").collect()[0]
        return frame.count(), int(found["rows"]), int(found["n"])


class ExpectDuplicates(BatchExpectation):
    """Expect the keys that occur more than once, or their share of the rows, within a bound."""

    columns: list[str]
    percent: bool
    operator: str
    bound: Any
    metric_dependencies = ("table.cxaudit_duplicates",)
    success_keys = ("columns", "percent", "operator", "bound")
    args_keys = ("columns", "percent", "operator", "bound")

    def _validate(self, metrics: dict[str, Any], *_: Any, **__: Any) -> dict[str, Any]:
        rows, repeated, keys = metrics["table.cxaudit_duplicates"]
        value = duplicates_value(rows, repeated, keys, {"percent": self.percent})
        return within_bound(value, self.operator, self.bound)


class _LongestGap(TableMetricProvider):
    metric_name = "table.cxaudit_longest_gap"
    value_keys = ("dated", "unit")

    @metric_value(engine=PandasExecutionEngine)
    def _pandas(cls, **given: Any) -> float | None:
        frame = frame_of(given)
        dated = frame[given["metric_value_kwargs"]["dated"]].dropna()
        instants = dated.astype("timestamp[us][pyarrow]").astype("datetime64[us]")
        return _longest(instants, given["metric_value_kwargs"]["unit"])

    @metric_value(engine=SparkDFExecutionEngine)
    def _spark(cls, **given: Any) -> float | None:
        frame = frame_of(given)
        seconds = (
            f"unix_seconds(cast(`{given['metric_value_kwargs']['dated']}` AS timestamp)) AS seconds"
        )
        rows = frame.selectExpr(seconds).dropna().distinct().collect()
        instants = pd.Series([row["seconds"] for row in rows], dtype="int64")
        return _longest(instants.astype("datetime64[s]"), given["metric_value_kwargs"]["unit"])


def _longest(instants: pd.Series, unit: str) -> float | None:
    """The most units of time from one that holds an instant to the next that does."""
    if instants.empty:
        return None
    if unit in MONTHS:
        periods = instants.dt.year * 12 + instants.dt.month - 1
        periods = periods // MONTHS[unit]
    else:
        shift = 3 * SECONDS["d"] if unit == "w" else 0
        periods = (
            instants.astype("datetime64[us]").astype("int64") // 1_000_000 + shift
        ) // SECONDS[unit]
    distinct = np.unique(periods.to_numpy())
    return float(np.diff(distinct).max()) if len(distinct) > 1 else 0.0


class ExpectLongestGap(BatchExpectation):
    """Expect rows in every so many units of time; a table without rows is not a failure."""

    dated: str
    unit: str
    operator: str
    bound: Any
    metric_dependencies = ("table.cxaudit_longest_gap",)
    success_keys = ("dated", "unit", "operator", "bound")
    args_keys = ("dated", "unit", "operator", "bound")

    def _validate(self, metrics: dict[str, Any], *_: Any, **__: Any) -> dict[str, Any]:
        value = metrics["table.cxaudit_longest_gap"]
        return within_bound(value, self.operator, self.bound)


class _Types(TableMetricProvider):
    metric_name = "table.cxaudit_types"
    value_keys = ("types",)

    @metric_value(engine=PandasExecutionEngine)
    def _pandas(cls, **given: Any) -> list[str]:
        frame = frame_of(given)
        types = given["metric_value_kwargs"]["types"]
        return [
            name
            for name in frame.columns
            if name in types and not HELD_BY[types[name]][0](frame[name].dtype.pyarrow_dtype)
        ]

    @metric_value(engine=SparkDFExecutionEngine)
    def _spark(cls, **given: Any) -> list[str]:
        held = dict(frame_of(given).dtypes)
        types = given["metric_value_kwargs"]["types"]
        return [
            name for name in held if name in types and held[name] not in HELD_BY[types[name]][1]
        ]


class ExpectColumnsOfTypes(BatchExpectation):
    """Expect every column that has a type declared to be of it."""

    types: dict[str, str]
    metric_dependencies = ("table.cxaudit_types",)
    success_keys = ("types",)
    args_keys = ("types",)

    def _validate(self, metrics: dict[str, Any], *_: Any, **__: Any) -> dict[str, Any]:
        wrong = metrics["table.cxaudit_types"]
        return {"success": not wrong, "result": {"observed_value": len(wrong)}}
