"""What only a whole table shows: answers that contradict each other, days delivered twice.

A contract asks for them with `type: custom`, `engine: cxaudit`. Engines add up a table; what the
sums come to is worked out here, for all of them.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from cxaudit.contracts.bounds import bound_of

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from cxaudit.engine import Engine

ENGINE = "cxaudit"
AGREEMENT, REPETITION = "agreement", "repetition"
ANSWER = ("invite_id", "question_key", "value", "scale_min", "scale_max", "higher_is_better")
# Fewer pairs of answers say nothing of a scale.
FEWEST_PAIRS = 30
# So many tickets at just the times of another day do not happen by chance.
FEWEST_TIMES = 20
DAY = 86_400
DIGITS = 6


def plausibility(
    rule: Mapping[str, Any], column: str | None
) -> tuple[str, tuple[str, ...], dict[str, Any]]:
    """The kind, columns and arguments of a check of our own; raises ValueError for another.

    `agreement` takes two survey questions, `one` and `other`; `repetition` stands at the column of
    an instant. The bound is among the arguments: the standard knows none beside `implementation`.
    """
    given = rule["implementation"]
    given = given if isinstance(given, Mapping) else {}
    asked = dict(given.get("kwargs") or {})
    word, bound = bound_of(asked)
    asked.pop(word)
    held = {"operator": word, "bound": bound}
    if given.get("type") == AGREEMENT and set(asked) == {"one", "other"}:
        return AGREEMENT, ANSWER, {name: str(key) for name, key in asked.items()} | held
    if given.get("type") == REPETITION and column is not None and not asked:
        return REPETITION, (column,), held
    raise ValueError(
        "implementation names no check: type agreement with kwargs one, other and a bound, "
        "or type repetition with a bound, at a column of instants"
    )


def plausible_value(
    table: ir.Table, kind: str, columns: tuple[str, ...], asked: Mapping[str, Any], engine: Engine
) -> float | None:
    """What a check of either kind is held against its bound with, computed by the engine."""
    if kind == REPETITION:
        return copied_share(engine.fetch(_days(table, columns[0])).to_pylist())
    return agreement(**engine.fetch(_pairs(table, asked["one"], asked["other"])).to_pylist()[0])


def _pairs(table: ir.Table, one: str, other: str) -> ir.Table:
    """The sums of the pairs of answers that one invitation got to two questions."""
    import ibis

    above, below = table.value - table.scale_min, table.scale_max - table.value
    span = (table.scale_max - table.scale_min).cast("float64").nullif(0.0)
    share = ibis.ifelse(table.higher_is_better, above, below).cast("float64") / span
    by_invitation = table.group_by("invite_id").aggregate(
        x=share.max(where=table.question_key == one),
        y=share.max(where=table.question_key == other),
    )
    pairs = by_invitation.filter(by_invitation.x.notnull(), by_invitation.y.notnull())
    x, y = pairs.x, pairs.y
    return pairs.aggregate(
        n=pairs.count(), x=x.sum(), y=y.sum(), xx=(x * x).sum(), yy=(y * y).sum(), xy=(x * y).sum()
    )


def agreement(
    n: int, x: float | None, y: float | None, xx: float | None, yy: float | None, xy: float | None
) -> float | None:
    """The correlation of n pairs times the root of n: below -3 no chance, but a scale turned round.

    None of fewer than 30 pairs, or where one question has one answer throughout.
    """
    if n < FEWEST_PAIRS or x is None or y is None or xx is None or yy is None or xy is None:
        return None
    spread = (xx - x * x / n) * (yy - y * y / n)
    if spread <= 1e-12:
        return None
    return round((xy - x * y / n) / math.sqrt(spread) * math.sqrt(n), DIGITS)


def _days(table: ir.Table, column: str) -> ir.Table:
    """One row per day: how many rows and times it has, and sums of the times and their squares."""
    dated = table.filter(table[column].notnull())
    seconds = dated[column].epoch_seconds().cast("int64")
    day = (seconds / DAY).floor().cast("int64")
    rows = dated.select(day=day, time=seconds - day * DAY)
    return rows.group_by("day").aggregate(
        n=rows.count(),
        times=rows.time.nunique(),
        sum=rows.time.sum(),
        squares=(rows.time * rows.time).sum(),
    )


def copied_share(days: Iterable[Mapping[str, Any]]) -> float | None:
    """The share of the rows on days that have just the times of day of an earlier day.

    Days of fewer than 20 different times are let be. None of no rows.
    """
    alike: dict[tuple[int, ...], int] = defaultdict(int)
    rows = 0
    for day in days:
        rows += int(day["n"])
        if day["times"] >= FEWEST_TIMES:
            alike[int(day["n"]), int(day["sum"]), int(day["squares"])] += 1
    copies = sum(n * (times - 1) for (n, *_), times in alike.items())
    return round(copies / rows, DIGITS) if rows else None
