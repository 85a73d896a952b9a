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
ANSWER = (
    "invite_id",
    "question_key",
    "value",
    "scale_min",
    "scale_max",
    "higher_is_better",
    "responded_at",
)
# Fewer pairs of answers say nothing of a scale.
FEWEST_PAIRS = 30
# A scale may be turned round from some day on: answers are looked at by so many seconds.
SPAN = 91 * 86_400
# By part of a day, so that the zone in which a day begins does not matter.
PART = 6 * 3_600
# So many tickets at just the times of another part do not happen by chance,
FEWEST_TIMES = 20
# unless a machine makes them: a delivery comes twice or three times, a schedule every day,
MOST_ALIKE = 3
# or times are rounded to so many seconds.
COARSE = 300
KNOWN_BY = ("n", "not_by_2", "not_by_3", "times", "sum", "squares")
DIGITS = 6


def plausibility(
    rule: Mapping[str, Any], declared: Mapping[str, Any] | None
) -> tuple[str, tuple[str, ...], dict[str, Any]]:
    """The kind, columns and arguments of a check of our own; raises ValueError for another.

    `agreement` takes two survey questions, `one` and `other`; `repetition` stands at the column of
    an instant. The bound is among the arguments: the standard knows none beside `implementation`.
    """
    given = rule["implementation"]
    given = given if isinstance(given, Mapping) else {}
    kwargs = given.get("kwargs")
    asked = dict(kwargs) if isinstance(kwargs, Mapping) else {}
    word, bound = bound_of(asked)
    asked.pop(word)
    held = {"operator": word, "bound": bound}
    is_dated = declared is not None and declared.get("logicalType") == "timestamp"
    if given.get("type") == AGREEMENT and set(asked) == {"one", "other"}:
        return AGREEMENT, ANSWER, {name: str(key) for name, key in asked.items()} | held
    if given.get("type") == REPETITION and declared is not None and is_dated and not asked:
        return REPETITION, (declared["name"],), held
    raise ValueError(
        "implementation names no check: type agreement with kwargs one, other and a bound, "
        "or type repetition with a bound, at a column of instants"
    )


def plausible_value(
    table: ir.Table, kind: str, columns: tuple[str, ...], asked: Mapping[str, Any], engine: Engine
) -> float | None:
    """What a check of either kind is held against its bound with, computed by the engine."""
    if kind == REPETITION:
        return repeated_share(engine.fetch(_parts(table, columns[0])).to_pylist())
    return agreement(engine.fetch(_sums(table, asked["one"], asked["other"])).to_pylist())


def _sums(table: ir.Table, one: str, other: str) -> ir.Table:
    """By span of time, the sums of the pairs of answers that an invitation got to two questions."""
    import ibis

    given = table.filter(*[table[name].notnull() for name in ANSWER])
    above, below = given.value - given.scale_min, given.scale_max - given.value
    extent = (given.scale_max - given.scale_min).cast("float64").nullif(0.0)
    share = ibis.ifelse(given.higher_is_better, above, below).cast("float64") / extent
    by_invitation = given.group_by("invite_id").aggregate(
        x=share.max(where=given.question_key == one),
        y=share.max(where=given.question_key == other),
        at=given.responded_at.max(),
    )
    pairs = by_invitation.filter(by_invitation.x.notnull(), by_invitation.y.notnull())
    pairs = pairs.mutate(
        span=(pairs["at"].epoch_seconds().cast("float64") / SPAN).floor().cast("int64")
    )
    x, y = pairs.x, pairs.y
    return pairs.group_by("span").aggregate(
        n=pairs.count(), x=x.sum(), y=y.sum(), xx=(x * x).sum(), yy=(y * y).sum(), xy=(x * y).sum()
    )


def agreement(spans: Iterable[Mapping[str, Any]]) -> float | None:
    """The correlation of the span of time where it is lowest, plus three standard errors.

    `spans`: the number n of pairs and the sums of x, y, their squares and products. A span of fewer
    than 30 pairs, or with one answer throughout, has none; None where no span has one.
    """
    found = []
    for span in spans:
        n, xx, yy = span["n"], span["xx"], span["yy"]
        spread_x, spread_y = xx - span["x"] ** 2 / n, yy - span["y"] ** 2 / n
        # what is left of equal numbers by rounding is no spread
        if n < FEWEST_PAIRS or not (spread_x > 1e-9 * xx and spread_y > 1e-9 * yy):
            continue
        correlation = (span["xy"] - span["x"] * span["y"] / n) / math.sqrt(spread_x * spread_y)
        found.append(correlation + 3.0 / math.sqrt(n))
    lowest = min(found, default=math.nan)
    return round(lowest, DIGITS) if math.isfinite(lowest) else None


def _parts(table: ir.Table, column: str) -> ir.Table:
    """A row per part of a day: its rows and different times; how many of the times are rounded, and
    have a number of rows that 2 and 3 do not divide; sums of the times and of their squares."""
    dated = table.filter(table[column].notnull())
    seconds = dated[column].epoch_seconds().cast("int64")
    # as a double: a division of whole numbers cuts towards 0 on some engines
    part = (seconds.cast("float64") / PART).floor().cast("int64")
    rows = dated.select(part=part, time=seconds - part * PART)
    times = rows.group_by("part", "time").aggregate(n=rows.count())
    return times.group_by("part").aggregate(
        n=times.n.sum(),
        times=times.count(),
        coarse=(times.time % COARSE == 0).sum(),
        not_by_2=(times.n % 2 != 0).sum(),
        not_by_3=(times.n % 3 != 0).sum(),
        sum=(times.time * times.n).sum(),
        squares=(times.time * times.time * times.n).sum(),
    )


def repeated_share(parts: Iterable[Mapping[str, Any]]) -> float | None:
    """The share of the rows that repeat others under new ids: on the same day or on another.

    Of a part of a day that has each of its times twice, half the rows, and three times, two thirds;
    of two or three parts that have just the same times, all but those of one. Parts of fewer than
    20 different times, or with rounded times alone, are let be. None of no rows.
    """
    alike: dict[tuple[int, ...], int] = defaultdict(int)
    rows = 0
    for part in parts:
        rows += int(part["n"])
        if part["times"] >= FEWEST_TIMES and part["coarse"] < part["times"]:
            alike[tuple(int(part[name]) for name in KNOWN_BY)] += 1
    repeated = 0.0
    for known, copies in sorted(alike.items()):
        n, not_by_2, not_by_3 = known[:3]
        within = 1 if not_by_2 and not_by_3 else 2 if not_by_3 else 3
        across = copies if copies <= MOST_ALIKE else 1
        repeated += n * (copies - copies / (within * across))
    return round(repeated / rows, DIGITS) if rows else None
