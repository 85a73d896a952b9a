"""Rule queries evaluated by whoever brings the operations: expressions here, data frames there."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any, Protocol

from sqlglot import exp

from cxaudit.contracts.patterns import like, portable
from cxaudit.contracts.sql import SUPPORTED


class Operations(Protocol):
    """What differs between engines: everything beyond Python's own operators."""

    def is_null(self, value: Any) -> Any:
        """True where there is no value."""
        ...

    def is_in(self, value: Any, options: list[Any]) -> Any:
        """True where the value is one of the options; null where it is null."""
        ...

    def coalesce(self, values: list[Any]) -> Any:
        """The first value that is not null."""
        ...

    def null_if(self, value: Any, unwanted: Any) -> Any:
        """The value, null where it is the unwanted one."""
        ...

    def case(self, branches: list[tuple[Any, Any]], otherwise: Any) -> Any:
        """The value of the first branch whose condition is true, else the default."""
        ...

    def remainder(self, value: Any, divisor: Any) -> Any:
        """What is left of an integer division."""
        ...

    def divide(self, value: Any, divisor: Any) -> Any:
        """The quotient; null where the divisor is zero."""
        ...

    def epoch_seconds(self, instant: Any) -> Any:
        """Whole seconds from 1970-01-01 UTC to the instant."""
        ...

    def instant(self, text: str) -> Any:
        """The instant an ISO text names."""
        ...

    def length(self, text: Any) -> Any:
        """The number of characters."""
        ...

    def lower(self, text: Any) -> Any:
        """The text in lower case."""
        ...

    def upper(self, text: Any) -> Any:
        """The text in upper case."""
        ...

    def absolute(self, number: Any) -> Any:
        """The number without its sign."""
        ...

    def rounded(self, number: Any) -> Any:
        """The nearest whole number."""
        ...

    def matches(self, text: Any, pattern: str) -> Any:
        """True where a portable pattern is found in the text; null where it is null."""
        ...

    def aggregate(self, name: str, value: Any, condition: Any) -> Any:
        """count, count distinct, sum, avg, min or max over the rows of the condition."""
        ...


def evaluate(
    node: exp.Expression,
    column: Callable[[str], Any],
    operations: Operations,
    where: Any = None,
) -> Any:
    """The value of a node, in the terms of the columns and operations given.

    `where` restricts the rows that aggregates see.
    """

    def value(inner: Any) -> Any:
        return evaluate(inner, column, operations, where)

    def both(left: Any, right: Any) -> Any:
        if left is None or right is None:
            return right if left is None else left
        return left & right

    def turned(condition: Any) -> Any:
        return ~condition if node.args.get("negate") else condition

    kind = type(node)
    if kind in _BINARY:
        return _BINARY[kind](value(node.this), value(node.expression))
    match node:
        case exp.Column():
            return column(node.name)
        case exp.Paren():
            return value(node.this)
        case exp.Literal():
            return node.this if node.is_string else _number(node.this)
        case exp.Boolean():
            return bool(node.this)
        case exp.Neg():
            return -value(node.this)
        case exp.Not():
            return ~value(node.this)
        case exp.Is():
            return turned(operations.is_null(value(node.this)))
        case exp.In():
            options = [value(option) for option in node.expressions]
            return turned(operations.is_in(value(node.this), options))
        case exp.Between():
            subject, low, high = (value(node.args[name]) for name in ("this", "low", "high"))
            return turned((subject >= low) & (subject <= high))
        case exp.Div():
            return operations.divide(value(node.this), value(node.expression))
        case exp.Mod():
            return operations.remainder(value(node.this), value(node.expression))
        case exp.Cast():
            return operations.instant(node.this.this)
        case exp.Extract():
            return operations.epoch_seconds(value(node.expression))
        case exp.Length():
            return operations.length(value(node.this))
        case exp.Lower():
            return operations.lower(value(node.this))
        case exp.Upper():
            return operations.upper(value(node.this))
        case exp.Abs():
            return operations.absolute(value(node.this))
        case exp.Round():
            return operations.rounded(value(node.this))
        case exp.Like():
            return turned(operations.matches(value(node.this), like(node.expression.this)))
        case exp.RegexpLike():
            return operations.matches(value(node.this), portable(node.expression.this))
        case exp.Nullif():
            return operations.null_if(value(node.this), value(node.expression))
        case exp.Coalesce():
            return operations.coalesce([value(e) for e in (node.this, *node.expressions)])
        case exp.Case():
            branches = [(value(b.this), value(b.args["true"])) for b in node.args["ifs"]]
            default = node.args.get("default")
            return operations.case(branches, None if default is None else value(default))
        case exp.Filter():
            inner = value(node.expression.this)
            return evaluate(node.this, column, operations, both(where, inner))
        case exp.Count():
            if isinstance(node.this, exp.Distinct):
                counted = value(node.this.expressions[0])
                return operations.aggregate("count distinct", counted, where)
            counted = None if isinstance(node.this, exp.Star) else value(node.this)
            return operations.aggregate("count", counted, where)
        case exp.Sum() | exp.Avg() | exp.Min() | exp.Max():
            return operations.aggregate(node.key, value(node.this), where)
    raise ValueError(f"uses {node.key.upper()}; supported: {SUPPORTED}")


def _number(text: str) -> int | float:
    return float(text) if any(mark in text for mark in ".eE") else int(text)


_BINARY: dict[type[exp.Expression], Callable[[Any, Any], Any]] = {
    exp.EQ: operator.eq,
    exp.NEQ: operator.ne,
    exp.LT: operator.lt,
    exp.LTE: operator.le,
    exp.GT: operator.gt,
    exp.GTE: operator.ge,
    exp.And: operator.and_,
    exp.Or: operator.or_,
    exp.Add: operator.add,
    exp.Sub: operator.sub,
    exp.Mul: operator.mul,
}

OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    "mustBe": operator.eq,
    "mustNotBe": operator.ne,
    "mustBeGreaterThan": operator.gt,
    "mustBeGreaterOrEqualTo": operator.ge,
    "mustBeLessThan": operator.lt,
    "mustBeLessOrEqualTo": operator.le,
    "mustBeBetween": lambda value, bounds: bounds[0] <= value <= bounds[1],
    "mustNotBeBetween": lambda value, bounds: not bounds[0] <= value <= bounds[1],
}
