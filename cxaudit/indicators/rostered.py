"""What indicators of the roster have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from cxaudit.indicators.declaration import Fact


def of_roster(roster: Fact) -> dict[str, ir.Value]:
    """What kind of row it is, when it happened, and when its agent came and went."""
    return {
        "is_course": roster.kind == "course",
        "is_day": roster.kind == "worked",
        "happened_at": roster.at,
        "hired_at": roster.hired_at,
        "left_at": roster.left_at,
    }
