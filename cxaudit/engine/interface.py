"""What every engine can do; the methods that differ are left to each."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import ibis
    import ibis.expr.types as ir
    import pandas as pd
    import pyarrow as pa


class Engine(ABC):
    """A database that reads and writes Parquet files and runs Ibis expressions."""

    _connection: Any

    @abstractmethod
    def read(self, path: Path) -> ir.Table:
        """The table in a Parquet file, as it stands at this moment."""

    @abstractmethod
    def table(self, arrow: pa.Table) -> ir.Table:
        """An Arrow table as an Ibis table of this engine."""

    @abstractmethod
    def cached(self, expression: ir.Table) -> ir.Table:
        """The result of an expression, computed once and kept by the engine."""

    @abstractmethod
    def write(self, expression: ir.Table, path: Path, order_by: Sequence[str] = ()) -> None:
        """Write an expression to one Parquet file, ordered by the columns named.

        Equal rows in a total order give equal tables on every engine: types as the expression
        declares them, instants in UTC microseconds.
        """

    @abstractmethod
    def fetch(self, expression: ir.Expr) -> pa.Table:
        """The result of an expression as an Arrow table (of one row for a scalar)."""

    def frame(self, expression: ir.Table) -> pd.DataFrame | Any:
        """The rows as the data frame that contracts are judged on: of Spark there, else pandas.

        Columns of pandas are Arrow-backed: nulls stay nulls of their type.
        """
        import pandas as pd

        return self.fetch(expression).to_pandas(types_mapper=pd.ArrowDtype)

    def sql(self, expression: ir.Expr) -> str:
        """The SQL this engine runs for an expression."""
        return str(self._connection.compile(expression, pretty=True))


def as_table(expression: ir.Expr) -> ir.Table:
    """The expression itself, or a scalar or column as a table of one column."""
    return expression.as_table() if not hasattr(expression, "columns") else expression


def ordered(expression: ir.Table, order_by: Sequence[str]) -> ir.Table:
    """The expression in the order of the columns named; as it comes where none is."""
    return expression.order_by(list(order_by)) if order_by else expression


def kept_schema(schema: ibis.Schema) -> ibis.Schema:
    """The schema of rows once they are kept: instants in microseconds, as Parquet has them."""
    import ibis
    import ibis.expr.datatypes as dt

    return ibis.schema(
        {
            name: dt.Timestamp(timezone=kind.timezone, scale=6) if kind.is_timestamp() else kind
            for name, kind in schema.items()
        }
    )
