"""The operations of rule queries over pandas frames with Arrow-backed columns."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import numpy as np
import pandas as pd

from cxaudit.contracts.sql import instant_of


class PandasOperations:
    """The operations of rule queries over one data frame with Arrow-backed columns."""

    def __init__(self, frame: pd.DataFrame):
        self.frame = frame

    def is_null(self, value: pd.Series) -> pd.Series:
        return value.isna().astype("bool[pyarrow]")

    def is_in(self, value: pd.Series, options: list[Any]) -> pd.Series:
        return value.isin(options).astype("bool[pyarrow]").mask(value.isna())

    def coalesce(self, values: list[Any]) -> Any:
        first, *others = values
        for other in others:
            first = first.fillna(other)
        return first

    def null_if(self, value: Any, unwanted: Any) -> Any:
        if isinstance(value, pd.Series):
            return value.mask((value == unwanted).fillna(False).astype(bool))
        return pd.NA if value is pd.NA or value == unwanted else value

    def case(self, branches: list[tuple[pd.Series, Any]], otherwise: Any) -> pd.Series:
        missing = pd.Series(pd.NA, index=self.frame.index, dtype="double[pyarrow]")
        chosen = missing if otherwise is None else missing.fillna(otherwise)
        for condition, value in reversed(branches):
            chosen = chosen.mask(condition.fillna(False).astype(bool), value)
        return chosen

    def remainder(self, value: pd.Series, divisor: Any) -> pd.Series:
        return value - (value // divisor) * divisor

    def divide(self, value: Any, divisor: Any) -> Any:
        return value / self.null_if(divisor, 0)

    def epoch_seconds(self, instant: pd.Series) -> pd.Series:
        # A date is the instant at which it begins in UTC.
        return instant.astype("timestamp[us][pyarrow]").astype("int64[pyarrow]") // 1_000_000

    def instant(self, text: str) -> datetime:
        return instant_of(text)

    def length(self, text: pd.Series) -> pd.Series:
        return text.str.len()

    def lower(self, text: pd.Series) -> pd.Series:
        return text.str.lower()

    def upper(self, text: pd.Series) -> pd.Series:
        return text.str.upper()

    def absolute(self, number: pd.Series) -> pd.Series:
        return number.abs()

    def rounded(self, number: pd.Series) -> pd.Series:
        return number.round()

    def matches(self, text: pd.Series, pattern: str) -> pd.Series:
        return text.str.contains(pattern, regex=True)

    def aggregate(self, name: str, value: pd.Series | None, condition: Any) -> Any:
        """A number that divides like one of SQL (by nothing: not finite), or NA of no rows."""
        everything = pd.Series(True, index=self.frame.index)
        seen = everything if condition is None else condition.fillna(False).astype(bool)
        if value is None:
            return np.float64(seen.sum())
        given = value[seen].dropna()
        if name == "count":
            return np.float64(len(given))
        if name == "count distinct":
            return np.float64(given.nunique())
        if given.empty:
            return pd.NA
        return np.float64(getattr(given, {"avg": "mean"}.get(name, name))())
