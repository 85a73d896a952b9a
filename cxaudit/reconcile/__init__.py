"""The definitions of the client's own tool beside ours, ticket by ticket, with causes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cxaudit.errors import EngagementError, Problem

if TYPE_CHECKING:
    from cxaudit.engagement import Engagement
    from cxaudit.reconcile.declaration import Tool


def tool_of(engagement: Engagement) -> Tool:
    """The tool whose definitions are known, among the engagement's sources.

    Raises `EngagementError` where none is.
    """
    from cxaudit.reconcile.definitions import TOOLS

    readers = [source.reader for source in engagement.sources]
    for reader in readers:
        if reader in TOOLS:
            return TOOLS[reader]
    known = ", ".join(f'reader = "{reader}"' for reader in TOOLS)
    raise EngagementError(
        Problem(
            f"{engagement.path.name}, source",
            "comes from no tool whose definitions are known",
            f"readers {', '.join(sorted(set(readers)))}" if readers else "no source",
            f"Reconcile needs a source with {known}: read the tool's own export with it.",
        )
    )
