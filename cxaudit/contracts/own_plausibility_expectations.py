"""The checks of `plausibility` as expectations: pandas or Spark adds up, the verdict is the same.

Defining them registers them; like `expectations`, this module is for the validating stage alone.
"""

from __future__ import annotations

from typing import Any

import pandas as pd
from great_expectations.execution_engine import PandasExecutionEngine, SparkDFExecutionEngine
from great_expectations.expectations.expectation import BatchExpectation
from great_expectations.expectations.metrics.metric_provider import metric_value
from great_expectations.expectations.metrics.table_metric_provider import TableMetricProvider

from cxaudit.contracts.own_table_expectations import frame_of, within_bound
from cxaudit.contracts.plausibility import DAY, agreement, copied_share


class _Agreement(TableMetricProvider):
    metric_name = "table.cxaudit_agreement"
    value_keys = ("one", "other")

    @metric_value(engine=PandasExecutionEngine)
    def _pandas(cls, **given: Any) -> float | None:
        frame, asked = frame_of(given), given["metric_value_kwargs"]
        by_question = [_shares(frame, asked[name]) for name in ("one", "other")]
        pairs = pd.concat(by_question, axis=1, keys=["x", "y"]).dropna()
        x, y = pairs["x"], pairs["y"]
        sums = (float(of.sum()) for of in (x, y, x * x, y * y, x * y))
        return agreement(len(pairs), *sums)

    @metric_value(engine=SparkDFExecutionEngine)
    def _spark(cls, **given: Any) -> float | None:
        frame, asked = frame_of(given), given["metric_value_kwargs"]
        turned = "IF(higher_is_better, value - scale_min, scale_max - value)"
        shares = frame.selectExpr(
            "invite_id",
            "question_key",
            f"CAST({turned} AS double) / NULLIF(scale_max - scale_min, 0) AS share",
        )
        by_question = [
            shares.where(shares["question_key"] == asked[name])
            .groupBy("invite_id")
            .max("share")
            .toDF("invite_id", letter)
            for name, letter in (("one", "x"), ("other", "y"))
        ]
        pairs = by_question[0].join(by_question[1], "invite_id").dropna()
        sums = [f"sum({of})" for of in ("x", "y", "x * x", "y * y", "x * y")]
        return agreement(*pairs.selectExpr("count(*)", *sums).collect()[0])


def _shares(frame: pd.DataFrame, key: str) -> pd.Series:
    """Where each invitation's answer to a question lies between the worst (0) and the best (1)."""
    rows = frame[(frame["question_key"] == key).fillna(False).astype(bool)]
    above = (rows["value"] - rows["scale_min"]).astype("float64[pyarrow]")
    below = (rows["scale_max"] - rows["value"]).astype("float64[pyarrow]")
    span = (rows["scale_max"] - rows["scale_min"]).astype("float64[pyarrow]")
    is_up = rows["higher_is_better"]
    turned = above.where(is_up.fillna(False).astype(bool), below).mask(is_up.isna())
    shares = turned / span.mask((span == 0).fillna(False).astype(bool))
    return shares.groupby(rows["invite_id"].to_numpy()).max()


class ExpectAgreement(BatchExpectation):
    """Expect the answers to two questions of a survey not to run against each other."""

    one: str
    other: str
    operator: str
    bound: Any
    metric_dependencies = ("table.cxaudit_agreement",)
    success_keys = ("one", "other", "operator", "bound")
    args_keys = ("one", "other", "operator", "bound")

    def _validate(self, metrics: dict[str, Any], *_: Any, **__: Any) -> dict[str, Any]:
        return within_bound(metrics["table.cxaudit_agreement"], self.operator, self.bound)


class _Repetition(TableMetricProvider):
    metric_name = "table.cxaudit_repetition"
    value_keys = ("dated",)

    @metric_value(engine=PandasExecutionEngine)
    def _pandas(cls, **given: Any) -> float | None:
        dated = frame_of(given)[given["metric_value_kwargs"]["dated"]].dropna()
        seconds = dated.astype("timestamp[us][pyarrow]").astype("int64[pyarrow]") // 1_000_000
        whole = seconds.astype("int64")
        rows = pd.DataFrame({"day": whole // DAY, "time": whole % DAY})
        rows["square"] = rows["time"] * rows["time"]
        by_day = rows.groupby("day")
        days = by_day["time"].agg(n="size", times="nunique", sum="sum")
        return copied_share(days.assign(squares=by_day["square"].sum()).to_dict("records"))

    @metric_value(engine=SparkDFExecutionEngine)
    def _spark(cls, **given: Any) -> float | None:
        from cxaudit.contracts.spark_operations import added_by

        frame, dated = frame_of(given), given["metric_value_kwargs"]["dated"]
        seconds = f"unix_seconds(cast(`{dated}` AS timestamp))"
        rows = frame.where(f"`{dated}` IS NOT NULL").selectExpr(
            f"floor({seconds} / {DAY}) AS day", f"pmod({seconds}, {DAY}) AS time"
        )
        sums = ("count(*) AS n", "count(DISTINCT time) AS times", "sum(time) AS sum")
        days = added_by(rows, "day", *sums, "sum(time * time) AS squares")
        return copied_share(row.asDict() for row in days.collect())


class ExpectRepetition(BatchExpectation):
    """Expect the share of rows on days with just the times of another day within a bound."""

    dated: str
    operator: str
    bound: Any
    metric_dependencies = ("table.cxaudit_repetition",)
    success_keys = ("dated", "operator", "bound")
    args_keys = ("dated", "operator", "bound")

    def _validate(self, metrics: dict[str, Any], *_: Any, **__: Any) -> dict[str, Any]:
        return within_bound(metrics["table.cxaudit_repetition"], self.operator, self.bound)
