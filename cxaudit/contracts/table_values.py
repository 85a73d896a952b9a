"""What tables say as a whole, as Ibis expressions: repeated values, gaps in time, joint keys."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import reduce
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from cxaudit.engine import Engine

SECONDS = {"s": 1, "min": 60, "h": 3600, "d": 86_400, "w": 604_800}
MONTHS = {"mo": 1, "y": 12}


def key_of(table: ir.Table, columns: Sequence[str]) -> ir.Value:
    """The column itself, or one text that stands for several; null where any of them is.

    Each part carries its length, so that no two keys make the same text.
    """
    if len(columns) == 1:
        return table[columns[0]]
    texts = [table[name].cast("string") for name in columns]
    parts = [text.length().cast("string") + ":" + text for text in texts]
    return reduce(lambda left, right: left + right, parts)


def duplicates(
    table: ir.Table, arguments: Mapping[str, Any], engine: Engine
) -> tuple[int, int, float | None]:
    """The rows, the rows whose key occurs more than once, and how many keys do.

    The last is the share of the rows in per cent where the rule asks for that, None of no rows.
    A key with a null is none.
    """
    columns = list(arguments["columns"])
    given = reduce(lambda left, right: left & right, [table[name].notnull() for name in columns])
    by_key = table.filter(given).group_by(columns).aggregate(copies=lambda rows: rows.count())
    more = by_key.filter(by_key.copies > 1)
    totals = more.aggregate(keys=more.count(), rows=more.copies.sum())
    found = engine.fetch(totals).to_pylist()[0]
    rows = int(engine.fetch(table.count()).to_pylist()[0].popitem()[1])
    repeated = int(found["rows"] or 0)
    return rows, repeated, duplicates_value(rows, repeated, int(found["keys"]), arguments)


def duplicates_value(
    rows: int, repeated: int, keys: int, arguments: Mapping[str, Any]
) -> float | None:
    """What a rule on duplicates is held against: keys, or the share of rows in per cent."""
    if not arguments["percent"]:
        return float(keys)
    return 100.0 * repeated / rows if rows else None


def longest_gap(table: ir.Table, column: str, unit: str, engine: Engine) -> float | None:
    """The most units from one that has rows to the next that has; None of no rows."""
    import ibis

    periods = table.select(period=_period(table[column], unit))
    periods = periods.filter(periods.period.notnull()).distinct()
    before = periods.period.lag().over(ibis.window(order_by=periods.period))
    gaps = periods.mutate(gap=(periods.period - before).fill_null(0))
    found = engine.fetch(gaps.aggregate(longest=gaps.gap.max())).to_pylist()[0]["longest"]
    return None if found is None else float(found)


def _period(instant: Any, unit: str) -> ir.IntegerValue:
    """The number of a unit of time that an instant falls into, in UTC."""
    if unit in MONTHS:
        months = instant.year().cast("int64") * 12 + instant.month().cast("int64") - 1
        return (months / MONTHS[unit]).floor().cast("int64")
    if instant.type().is_date():
        instant = instant.cast("timestamp")
    # Weeks begin on Monday: 1970-01-01 was a Thursday.
    shift = 3 * SECONDS["d"] if unit == "w" else 0
    seconds = (instant.epoch_seconds() + shift).cast("float64")
    return (seconds / SECONDS[unit]).floor().cast("int64")
