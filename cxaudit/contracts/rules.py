"""A rule of the data contracts: one model, whoever renders it.

Row rules say of each row whether it fails; table rules say it of the table as a whole.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

ROW_KINDS = ("required", "unique", "enum", "range", "length", "pattern", "exists", "condition")
# Kinds that look at the columns there are and at no row.
STRUCTURE_KINDS = ("columns", "types")
# Kinds that find a value of the table, to be held against a bound.
VALUE_KINDS = ("value", "duplicates", "gap", "agreement", "repetition")
STOP_ABOVE = 0.02
HOLDS_FOR = 0.99


@dataclass(frozen=True)
class Rule:
    """A rule of a contract.

    `arguments` by kind: unique `columns`; enum `values`; range and length `minimum`, `maximum`,
    `strict_minimum`, `strict_maximum`; pattern `pattern` (and `strftime` of dates); exists and
    relation `table`, `columns` (and `at_least`); condition `query`; columns `columns`; types
    `types`; expectation `type`, `kwargs`; declared nothing. Kinds with a value have `operator` and
    `bound`, and value `query`; duplicates `columns`, `percent`; gap `unit`; agreement `one`,
    `other`; repetition nothing more.
    """

    id: str
    table: str
    kind: str
    severity: str
    description: str
    contract: str
    column: str | None = None
    columns: tuple[str, ...] = ()
    arguments: Mapping[str, Any] = field(default_factory=dict)
    dimension: str = ""
    stop_above: float = STOP_ABOVE
    degrades: tuple[str, ...] = ()
    grade_cap: str = "C"
    cascades: bool = False
    becomes: str | None = None
    replaces: bool = False
    line: int = 0

    @property
    def is_row_rule(self) -> bool:
        """True where the rule names the rows that fail."""
        return self.kind in ROW_KINDS

    @property
    def quarantines(self) -> bool:
        """True where the rows that fail leave the audit."""
        return self.is_row_rule and self.severity == "error"
