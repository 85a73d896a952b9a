"""What one source delivers for one canonical table."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

import pyarrow as pa

from cxaudit.contracts.canonical import Table
from cxaudit.readers.findings import Finding

UNREADABLE = "unreadable"
FILTERED = "row filter"
OLDER = "older row of the same key"
DUPLICATE = "exact duplicate"


@dataclass
class Extract:
    """Rows of a canonical table, with supplied columns only, and the ledger of what was left out.

    received = rows + sum(excluded).
    """

    table: str
    rows: pa.Table
    received: int
    excluded: Counter[str] = field(default_factory=Counter)
    findings: list[Finding] = field(default_factory=list)


def wide_schema(table: Table) -> pa.Schema:
    """The table's schema with 64-bit text offsets, so that a column may exceed two gigabytes."""
    return pa.schema(
        pa.field(column.name, pa.large_string() if column.type == pa.string() else column.type)
        for column in table.arrow_schema()
    )
