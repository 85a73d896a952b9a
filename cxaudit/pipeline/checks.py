"""The contract checks as lines for a terminal, the ones to look at first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cxaudit.pipeline.verdict import as_columns

HEADINGS = ("State", "Severity", "Check", "Failed rows", "Message")
ORDER = ("failed", "could not run", "declared, not checked", "not applicable", "passed")


def checks_text(validation: Mapping[str, Any]) -> str:
    """Every check by state, then a count of each state."""
    checks = sorted(
        validation["checks"], key=lambda check: (ORDER.index(check["state"]), check["id"])
    )
    states = [check["state"] for check in checks]
    counts = [f"{states.count(state)} {state}" for state in ORDER if state in states]
    return f"{as_columns(HEADINGS, [_row(check) for check in checks])}\n\n{', '.join(counts)}"


def _row(check: Mapping[str, Any]) -> tuple[str, ...]:
    failed = check.get("failed_rows") or 0
    rows = f"{failed:,} of {check['rows']:,}" if failed else ""
    message = check.get("message") or ""
    return check["state"], check["severity"], check["id"], rows, message
