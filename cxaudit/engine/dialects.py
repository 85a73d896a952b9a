"""SQL that means the same on every engine, where Ibis leaves the meaning to each.

A number written with a point is a double, not a decimal that rounds; an instant's epoch seconds
are whole and cut; a division by zero is null; a number with decimals becomes an integer by cutting
them off; true and false become any kind of number.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ibis.expr.datatypes as dt
import ibis.expr.operations as ops
import sqlglot.expressions as sge
from ibis.backends.sql import compilers
from ibis.backends.sql.compilers.base import SQLGlotCompiler
from ibis.backends.sql.compilers.duckdb import DuckDBCompiler
from ibis.backends.sql.compilers.postgres import PostgresCompiler
from ibis.backends.sql.compilers.pyspark import PySparkCompiler

if TYPE_CHECKING:
    import ibis.expr.types as ir


class _SameMeaning:
    """Corrections for any of Ibis's compilers; their methods are named after Ibis's operations."""

    def visit_ExtractEpochSeconds(self: Any, op: Any, *, arg: Any) -> Any:
        seconds = super().visit_ExtractEpochSeconds(op, arg=arg)  # type: ignore[misc]  # of the compiler it is mixed into
        return self.cast(self.f.floor(seconds), dt.int64)

    def visit_Literal(self: Any, op: Any, *, value: Any, dtype: Any) -> Any:
        literal = super().visit_Literal(op, value=value, dtype=dtype)  # type: ignore[misc]  # as above, of the compiler
        is_plain = dtype.is_floating() and value is not None
        return self.cast(literal, dt.float64) if is_plain else literal

    def visit_Divide(self: Any, op: Any, *, left: Any, right: Any) -> Any:
        return super().visit_Divide(op, left=left, right=self._not_zero(op, right))  # type: ignore[misc]  # as above, of the compiler

    def visit_FloorDivide(self: Any, op: Any, *, left: Any, right: Any) -> Any:
        left, right = self.cast(left, dt.float64), self._not_zero(op, right)
        return super().visit_FloorDivide(op, left=left, right=right)  # type: ignore[misc]  # as above, of the compiler

    def visit_Cast(self: Any, op: Any, *, arg: Any, to: Any) -> Any:
        given = op.arg.dtype
        if given.is_boolean() and to.is_numeric():
            arg = self.cast(arg, dt.int32)
        elif given.is_floating() and to.is_integer():
            arg = self.f.trunc(arg)
        return super().visit_Cast(op, arg=arg, to=to)  # type: ignore[misc]  # as above, of the compiler

    def _not_zero(self: Any, op: Any, right: Any) -> Any:
        known = isinstance(op.right, ops.Literal) and op.right.value
        return right if known else self.f.nullif(right, 0)


class Duck(_SameMeaning, DuckDBCompiler):
    """DuckDB's SQL."""

    def visit_ExtractEpochSeconds(self, op: Any, *, arg: Any) -> Any:
        """Whole seconds from 1970 to an instant."""
        # Of the instant, not of its local time: Ibis's cast to that takes ten times as long.
        return self.cast(self.f.floor(self.f.epoch(arg)), dt.int64)


class Postgres(_SameMeaning, PostgresCompiler):
    """PostgreSQL's SQL."""


class Spark(_SameMeaning, PySparkCompiler):
    """Spark's SQL."""

    def visit_ExtractEpochSeconds(self, op: Any, *, arg: Any) -> Any:
        # Ibis's UNIX_TIMESTAMP counts from 1970 towards zero before it.
        return self.f.unix_seconds(arg)

    def visit_Cast(self: Any, op: Any, *, arg: Any, to: Any) -> Any:
        """A value in another type."""
        # Spark cuts by itself, and its TRUNC is of dates.
        return PySparkCompiler.visit_Cast(self, op, arg=arg, to=to)

    def visit_IsNull(self, op: Any, *, arg: Any) -> Any:
        """Whether there is no value."""
        # Ibis leaves out the brackets of (x IS NOT NULL) IS NULL, which Spark needs.
        plain = isinstance(arg, sge.Column)
        return super().visit_IsNull(op, arg=arg if plain else sge.paren(arg))


OURS: dict[str, type[SQLGlotCompiler]] = {"duckdb": Duck, "postgres": Postgres, "pyspark": Spark}


def compiler_of(dialect: str) -> SQLGlotCompiler:
    """What writes the SQL of a dialect; beyond our own engines any that Ibis knows by that name.

    Those are compiled alone: nothing of them is run here.
    """
    if dialect in OURS:
        return OURS[dialect]()
    theirs = type(getattr(compilers, dialect).compiler)
    return type(theirs.__name__, (_SameMeaning, theirs), {})()


def sql_of(expression: ir.Expr, dialect: str) -> str:
    """The SQL of an expression in a dialect; raises what Ibis raises where there is none."""
    import ibis

    if dialect == "pyspark":
        ibis.pyspark  # noqa: B018  # its options come with its first use
    compiler = compiler_of(dialect)
    return compiler.to_sqlglot(expression.as_table()).sql(compiler.dialect, pretty=True)
