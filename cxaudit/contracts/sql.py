"""The SQL that contract rules may use, parsed and held to what can be rendered for any engine.

A rule's query is one SELECT of one value over its own table. Joins, sub-queries, windows and
functions that reach outside are refused.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

import sqlglot
from sqlglot import exp

from cxaudit.contracts.patterns import portable

TABLE = "this_table"
DIALECT = "postgres"
SUPPORTED = (
    "comparisons, AND, OR, NOT, IS NULL, IN, BETWEEN, LIKE, ~, + - * / %, CASE, COALESCE, NULLIF, "
    "ABS, ROUND, LENGTH, LOWER, UPPER, EXTRACT(EPOCH FROM column), TIMESTAMP literals, and in the "
    "SELECT list COUNT, SUM, AVG, MIN, MAX with FILTER"
)


@dataclass(frozen=True)
class Query:
    """A parsed rule query: what it selects, from which rows."""

    text: str

    @cached_property
    def _select(self) -> exp.Select:
        return parse(self.text)

    @property
    def value(self) -> exp.Expression:
        """The one expression selected, without its alias."""
        return self._select.expressions[0].unalias()

    @property
    def condition(self) -> exp.Expression | None:
        """The condition of WHERE, if any."""
        where = self._select.args.get("where")
        return where.this if where else None

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns it reads, in alphabetical order."""
        return tuple(sorted({column.name for column in self._select.find_all(exp.Column)}))

    @property
    def counts_rows(self) -> bool:
        """True of SELECT COUNT(*) ... WHERE: a query whose condition names the failing rows."""
        plain = isinstance(self.value, exp.Count) and isinstance(self.value.this, exp.Star)
        return plain and self.condition is not None

    @property
    def share_of(self) -> exp.Expression | None:
        """The condition c of AVG(CASE WHEN c THEN 1 ELSE 0 END), with or without a factor."""
        value = self.value.expression if isinstance(self.value, exp.Mul) else self.value
        case = value.this if isinstance(value, exp.Avg) else None
        if not isinstance(case, exp.Case) or len(case.args["ifs"]) != 1 or case.this:
            return None
        branch, otherwise = case.args["ifs"][0], case.args.get("default")
        values = [node.this for node in (branch.args["true"], otherwise) if node is not None]
        if [float(value) for value in values if _is_number(value)] == [1.0, 0.0]:
            return branch.this
        return None


def _is_number(text: Any) -> bool:
    return str(text).replace(".", "", 1).isdigit()


def prepare(query: str, column: str | None, table: str = "") -> str:
    """The query with the standard's placeholders for the table and the column filled in.

    The table may also go by its own name.
    """
    for placeholder in ("{object}", "${object}", "${table}", "{table}"):
        query = query.replace("$" + placeholder, TABLE).replace(placeholder, TABLE)
    for placeholder in ("${property}", "${column}", "{property}", "{column}"):
        query = query.replace(placeholder, f'"{column}"' if column else placeholder)
    own = rf'\bFROM\s+"?{re.escape(table)}"?(?![\w."])'
    return re.sub(own, f"FROM {TABLE}", query, flags=re.IGNORECASE) if table else query


def parse(text: str) -> exp.Select:
    """The syntax tree of a rule query; raises ValueError saying what is not supported."""
    try:
        statements = sqlglot.parse(text, dialect=DIALECT)
    except sqlglot.errors.SqlglotError as error:
        raise ValueError("is not SQL that can be parsed") from error
    if len(statements) != 1 or not isinstance(statements[0], exp.Select):
        raise ValueError("is not one SELECT statement; rules read and never write")
    select = statements[0]
    tables = list(select.find_all(exp.Table))
    if len(tables) != 1 or tables[0].sql() != TABLE:
        raise ValueError("does not select from its own table alone, written {object}")
    if len(select.expressions) != 1:
        raise ValueError("does not select exactly one value")
    clauses = {name for name, value in select.args.items() if value}
    for clause in sorted(clauses - {"expressions", "from", "from_", "where", "kind"}):
        raise ValueError(f"has a {clause.upper()} clause, which rules do not support")
    for node in _nodes(select):
        if type(node) not in _KNOWN or not _is_supported_form(node):
            raise ValueError(f"uses {node.sql(DIALECT)[:60]}; supported: {SUPPORTED}")
    condition = select.args.get("where")
    if condition is not None and condition.find(exp.AggFunc):
        raise ValueError("aggregates inside WHERE")
    if not select.expressions[0].find(exp.AggFunc):
        raise ValueError("selects rows; it has to select one value, such as COUNT(*)")
    return select


def _is_supported_form(node: exp.Expression) -> bool:
    """False for the forms of known nodes that `evaluate` does not take.

    A node may carry arguments that change its meaning, so those not known are refused.
    """
    given = {name for name, value in node.args.items() if value}
    if given - _ARGUMENTS.get(type(node), {"this", "expression", "expressions"}):
        return False
    match node:
        case exp.Is():
            return isinstance(node.expression, exp.Null)
        case exp.Null():
            return isinstance(node.parent, exp.Is)
        case exp.Lower() | exp.Upper() | exp.Length():
            return not node.expressions
        case exp.Like() | exp.RegexpLike():
            pattern = node.expression
            if not (isinstance(pattern, exp.Literal) and pattern.is_string):
                return False
            if isinstance(node, exp.RegexpLike):
                portable(pattern.this)
        case exp.Cast():
            if not isinstance(node.this, exp.Literal):
                return False
            instant_of(node.this.this)
            return node.to.is_type("timestamp", "timestamptz")
        case exp.Extract():
            return node.name.upper() == "EPOCH"
        case exp.Case():
            return node.this is None
        case exp.In():
            return bool(node.expressions)
        case exp.Distinct():
            return len(node.expressions) == 1
    return True


def instant_of(text: str) -> datetime:
    """The instant an ISO text names; without an offset it is UTC. Raises ValueError."""
    named = datetime.fromisoformat(text)
    return named if named.tzinfo else named.replace(tzinfo=UTC)


def _nodes(select: exp.Select) -> list[exp.Expression]:
    """Every node that carries meaning, below the SELECT itself."""
    parts = [select.expressions[0].unalias()]
    if select.args.get("where"):
        parts.append(select.args["where"].this)
    return [node for part in parts for node in part.walk()]


_ARGUMENTS: dict[type[exp.Expression], set[str]] = {
    exp.Is: {"this", "expression", "negate"},
    exp.In: {"this", "expressions", "negate"},
    exp.Between: {"this", "low", "high", "negate"},
    exp.Literal: {"this", "is_string"},
    exp.Identifier: {"this", "quoted"},
    exp.Column: {"this", "table"},
    exp.Div: {"this", "expression", "typed", "safe"},
    exp.Count: {"this", "big_int"},
    exp.Cast: {"this", "to"},
    exp.Case: {"ifs", "default"},
    exp.If: {"this", "true"},
    exp.Length: {"this", "encoding"},
    exp.Like: {"this", "expression", "negate"},
    exp.RegexpLike: {"this", "expression"},
    exp.Round: {"this"},
}
_KNOWN: frozenset[type[exp.Expression]] = frozenset(
    (
        *(exp.EQ, exp.NEQ, exp.LT, exp.LTE, exp.GT, exp.GTE, exp.And, exp.Or),
        *(exp.Add, exp.Sub, exp.Mul, exp.Div),
        *(
            exp.Column,
            exp.Identifier,
            exp.Paren,
            exp.Literal,
            exp.Boolean,
            exp.Null,
            exp.Neg,
            exp.Not,
        ),
        *(exp.Is, exp.In, exp.Between, exp.Mod, exp.Cast, exp.DataType, exp.Extract, exp.Var),
        *(exp.Abs, exp.Round, exp.Upper, exp.Like, exp.RegexpLike),
        *(
            exp.Length,
            exp.Lower,
            exp.Coalesce,
            exp.Nullif,
            exp.Case,
            exp.If,
            exp.Filter,
            exp.Where,
            exp.Count,
        ),
        *(exp.Distinct, exp.Star, exp.Sum, exp.Avg, exp.Min, exp.Max),
    )
)
