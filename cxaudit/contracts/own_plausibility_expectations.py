"""The checks of `plausibility` as expectations: pandas or Spark adds up, the verdict is the same.

Defining them registers them; like `expectations`, this module is for the validating stage alone.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from great_expectations.execution_engine import PandasExecutionEngine, SparkDFExecutionEngine
from great_expectations.expectations.expectation import BatchExpectation
from great_expectations.expectations.metrics.metric_provider import metric_value
from great_expectations.expectations.metrics.table_metric_provider import TableMetricProvider

from cxaudit.contracts.own_table_expectations import frame_of, within_bound
from cxaudit.contracts.plausibility import ANSWER, COARSE, PART, SPAN, agreement, repeated_share


class _Agreement(TableMetricProvider):
    metric_name = "table.cxaudit_agreement"
    value_keys = ("one", "other")

    @metric_value(engine=PandasExecutionEngine)
    def _pandas(cls, **given: Any) -> float | None:
        rows, asked = frame_of(given)[list(ANSWER)].dropna(), given["metric_value_kwargs"]
        invitation = pd.factorize(rows["invite_id"])[0]
        by_question = [_shares(rows, invitation, asked[name]) for name in ("one", "other")]
        seconds = rows["responded_at"].astype("timestamp[us][pyarrow]").astype("int64[pyarrow]")
        at = seconds.astype("int64").groupby(invitation).max() // 1_000_000
        pairs = pd.concat([*by_question, at], axis=1, keys=["x", "y", "at"]).dropna()
        x, y = pairs["x"], pairs["y"]
        products = {"n": x * 0 + 1, "x": x, "y": y, "xx": x * x, "yy": y * y, "xy": x * y}
        by_span = pd.DataFrame(products).groupby(pairs["at"] // SPAN)
        return agreement(by_span.sum().to_dict("records"))

    @metric_value(engine=SparkDFExecutionEngine)
    def _spark(cls, **given: Any) -> float | None:
        from cxaudit.contracts.spark_operations import aggregated_by

        frame, asked = frame_of(given), given["metric_value_kwargs"]
        turned = "IF(higher_is_better, value - scale_min, scale_max - value)"
        shares = (
            frame.select(*ANSWER)
            .dropna()
            .selectExpr(
                "invite_id",
                "question_key",
                f"CAST({turned} AS double) / NULLIF(scale_max - scale_min, 0) AS share",
                f"floor(unix_seconds(cast(responded_at AS timestamp)) / {SPAN}) AS span",
            )
        )
        by_question = [
            aggregated_by(
                shares.where(shares["question_key"] == asked[name]),
                "invite_id",
                f"max(share) AS {letter}",
            ).dropna()
            for name, letter in (("one", "x"), ("other", "y"))
        ]
        spans = aggregated_by(shares, "invite_id", "max(span) AS span")
        pairs = by_question[0].join(by_question[1], "invite_id").join(spans, "invite_id")
        products = {"x": "x", "y": "y", "xx": "x * x", "yy": "y * y", "xy": "x * y"}
        sums = [f"sum({of}) AS {name}" for name, of in products.items()]
        found = aggregated_by(pairs, "span", "count(*) AS n", *sums).collect()
        return agreement(row.asDict() for row in found)


def _shares(rows: pd.DataFrame, invitation: np.ndarray, key: str) -> pd.Series:
    """Where each invitation's answer to a question lies between the worst (0) and the best (1)."""
    is_it = (rows["question_key"] == key).to_numpy(dtype=bool)
    of = rows[is_it]
    value, low, high = (of[name].astype("float64") for name in ("value", "scale_min", "scale_max"))
    turned = (value - low).where(of["higher_is_better"].astype(bool), high - value)
    share = turned / (high - low).replace(0.0, np.nan)
    return share.groupby(invitation[is_it]).max()


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
        seconds = dated.astype("timestamp[us][pyarrow]").astype("int64[pyarrow]").astype("int64")
        seconds = seconds // 1_000_000
        rows = pd.DataFrame({"part": seconds // PART, "time": seconds % PART})
        times = rows.groupby(["part", "time"]).size().rename("n").reset_index()
        times = times.assign(
            times=1,
            coarse=times["time"] % COARSE == 0,
            not_by_2=times["n"] % 2 != 0,
            not_by_3=times["n"] % 3 != 0,
            sum=times["time"] * times["n"],
            squares=times["time"] ** 2 * times["n"],
        )
        return repeated_share(times.groupby("part").sum().to_dict("records"))

    @metric_value(engine=SparkDFExecutionEngine)
    def _spark(cls, **given: Any) -> float | None:
        from cxaudit.contracts.spark_operations import aggregated_by

        frame, dated = frame_of(given), given["metric_value_kwargs"]["dated"]
        seconds = f"unix_seconds(cast(`{dated}` AS timestamp)) AS seconds"
        times = aggregated_by(
            frame.where(f"`{dated}` IS NOT NULL").selectExpr(seconds), "seconds", "count(*) AS n"
        ).selectExpr("n", f"floor(seconds / {PART}) AS part", f"pmod(seconds, {PART}) AS time")
        parts = aggregated_by(
            times,
            "part",
            "sum(n) AS n",
            "count(*) AS times",
            f"count_if(time % {COARSE} = 0) AS coarse",
            "count_if(n % 2 != 0) AS not_by_2",
            "count_if(n % 3 != 0) AS not_by_3",
            "sum(time * n) AS sum",
            "sum(time * time * n) AS squares",
        )
        return repeated_share(row.asDict() for row in parts.collect())


class ExpectRepetition(BatchExpectation):
    """Expect the share of rows that repeat others under new ids within a bound."""

    dated: str
    operator: str
    bound: Any
    metric_dependencies = ("table.cxaudit_repetition",)
    success_keys = ("dated", "operator", "bound")
    args_keys = ("dated", "operator", "bound")

    def _validate(self, metrics: dict[str, Any], *_: Any, **__: Any) -> dict[str, Any]:
        return within_bound(metrics["table.cxaudit_repetition"], self.operator, self.bound)
