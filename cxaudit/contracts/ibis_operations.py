"""The operations of rule queries over Ibis tables, for any engine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cxaudit.contracts.sql import instant_of

if TYPE_CHECKING:
    import ibis.expr.types as ir

# From here on a double has no decimals.
WHOLE_FROM = 2.0**53


class IbisOperations:
    """The operations of rule queries over one Ibis table."""

    def __init__(self, table: ir.Table):
        self.table = table

    def is_null(self, value: Any) -> Any:
        return value.isnull()

    def is_in(self, value: Any, options: list[Any]) -> Any:
        return value.isin(options)

    def coalesce(self, values: list[Any]) -> Any:
        import ibis

        return ibis.coalesce(*values)

    def null_if(self, value: Any, unwanted: Any) -> Any:
        return value.nullif(unwanted)

    def case(self, branches: list[tuple[Any, Any]], otherwise: Any) -> Any:
        import ibis

        return ibis.cases(*branches, else_=otherwise)

    def remainder(self, value: Any, divisor: Any) -> Any:
        return value % divisor

    def divide(self, value: Any, divisor: Any) -> Any:
        return value / divisor

    def epoch_seconds(self, instant: Any) -> Any:
        if instant.type().is_date():
            instant = instant.cast("timestamp")
        return instant.epoch_seconds()

    @staticmethod
    def instant(text: str) -> Any:
        import ibis

        return ibis.literal(instant_of(text), type="timestamp('UTC', 6)")

    def length(self, text: Any) -> Any:
        return text.length()

    def lower(self, text: Any) -> Any:
        return text.lower()

    def upper(self, text: Any) -> Any:
        return text.upper()

    def absolute(self, number: Any) -> Any:
        return number.abs()

    def rounded(self, number: Any) -> Any:
        import ibis

        # Ibis rounds to integers of 64 bits; larger numbers have no decimals to round.
        is_small, number = number.abs() < WHOLE_FROM, number.cast("float64")
        rounded = ibis.ifelse(is_small, number, 0.0).round().cast("float64")
        return ibis.ifelse(is_small, rounded, number)

    def matches(self, text: Any, pattern: str) -> Any:
        return text.re_search(pattern)

    def aggregate(self, name: str, value: Any, condition: Any) -> Any:
        match name:
            case "count":
                if value is None:
                    return self.table.count(where=condition)
                return value.count(where=condition)
            case "count distinct":
                return value.nunique(where=condition)
            case "avg":
                return value.cast("float64").mean(where=condition)
        return getattr(value, name)(where=condition)
