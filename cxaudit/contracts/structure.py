"""The rules on the columns there are, as the engine sees them: none missing, each of its type."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from cxaudit.contracts.rules import Rule

if TYPE_CHECKING:
    import ibis.expr.datatypes as dt
    import ibis.expr.types as ir


def failing_columns(rule: Rule, table: ir.Table, supplied: Collection[str]) -> list[str]:
    """The columns that break a rule of kind `columns` (not supplied) or `types` (of another)."""
    if rule.kind == "columns":
        return [name for name in rule.arguments["columns"] if name not in supplied]
    schema = table.schema()
    return [
        name
        for name, logical in rule.arguments["types"].items()
        if name in schema and name in supplied and not _is_of(schema[name], logical)
    ]


def sentence(rule: Rule, columns: list[str]) -> str:
    """What a rule of these kinds has to say of the columns that break it."""
    if not columns:
        return rule.description
    what = "not supplied" if rule.kind == "columns" else "not of the type declared"
    return f"{what}: {', '.join(columns)}"


def _is_of(kind: dt.DataType, logical: str) -> bool:
    tests = {
        "string": kind.is_string,
        "timestamp": kind.is_timestamp,
        "date": kind.is_date,
        "integer": kind.is_integer,
        "number": kind.is_floating,
        "boolean": kind.is_boolean,
        "array": kind.is_array,
    }
    return logical not in tests or tests[logical]()
