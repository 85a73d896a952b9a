"""How a fact table is declared: rows made of checked tables, and who stands behind each row."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from cxaudit.facts.tables import CheckedTables

Make = Callable[["CheckedTables", "ir.Table"], "ir.Table"]


@dataclass(frozen=True)
class FactTable:
    """A fact table: one row per case of some indicators.

    make: from the checked tables and the contacts (tickets in scope) to its rows, those in scope
    at as-of only. key: the columns that identify a row. needs: canonical tables without any of
    which it is not made. customer: the column with the customer's id; where the rows have none,
    each is a customer of its own. agents, blocks: further dimensions in which rows move together,
    by the name of the code and the column it is made of.
    """

    name: str
    make: Make
    key: tuple[str, ...]
    needs: tuple[str, ...]
    customer: str = "customer_id"
    agents: Mapping[str, str] = field(default_factory=dict)
    blocks: Mapping[str, str] = field(default_factory=dict)
