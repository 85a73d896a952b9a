"""A client's own figures beside ours: the checked tables, the comparison, its files and summary."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from cxaudit.pipeline.lock import locked
from cxaudit.pipeline.verdict import as_columns
from cxaudit.reconcile import tool_of
from cxaudit.reconcile.comparison import compare
from cxaudit.reconcile.terminal import METRICS, cause_rows, metric_rows, sentences, step_rows
from cxaudit.reconcile.written import DOCUMENT, ROWS, write

if TYPE_CHECKING:
    from cxaudit.pipeline.auditing import Audit

STEPS = ("From theirs to ours", "Median")


def reconcile(audit: Audit, output: Path) -> str:
    """What to print once the reconciliation is written to `output`.

    The stages up to the contracts run first, as far as nothing of them can be reused. Raises
    `EngagementError` where no source is of a tool whose definitions are known.
    """
    tool = tool_of(audit.run.engagement)
    audit.check()
    with locked(audit.run.workspace):
        found = compare(audit.run, tool)
        document = write(found, output)
    headings, causes = cause_rows(found)
    parts = [
        "\n".join(sentences(document)),
        as_columns(METRICS, metric_rows(document)),
        as_columns(headings, causes),
        as_columns(STEPS, step_rows(document)),
        f"Every ticket that differs: {output / ROWS}\nThe whole in figures: {output / DOCUMENT}",
    ]
    return "\n\n".join(parts)
