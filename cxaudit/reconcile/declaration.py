"""What a definition to be reconciled is: their function, ours, and the rules they may differ in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from cxaudit.reconcile.loaded import LoadedTables
    from cxaudit.reconcile.rules import Rule
    from cxaudit.reconcile.seen import Rules, Seen

Unit = Literal["minutes", "count", "yes or no"]


@dataclass(frozen=True)
class Definition:
    """Metrics that are computed together: a row per ticket, ticket_id and a column for each.

    `waiting`: metrics whose figure is missing because something has not happened yet; our median
    counts those who still wait. `decision` is the page that says why ours differs.
    """

    name: str
    metrics: Mapping[str, Unit]
    theirs: Callable[[Any], ir.Table]
    ours: Callable[[Seen, Rules], ir.Table]
    rules: tuple[Rule, ...]
    decision: str
    waiting: tuple[str, ...] = ()


@dataclass(frozen=True)
class Tool:
    """A client's own tool: who defines its figures, and what it is given."""

    reader: str
    name: str
    source: str
    desk: Callable[[LoadedTables], Any]
    definitions: tuple[Definition, ...]
