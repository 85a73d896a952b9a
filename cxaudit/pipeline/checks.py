"""The contract checks as lines for a terminal, the ones to look at last, where the eye is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from cxaudit.pipeline.verdict import as_columns, by_severity

HEADINGS = ("State", "Severity", "Check", "Failed rows", "Message")
ACCOUNT = ("Table", "Received", "Loaded", "Set aside", "Not loaded, why")
ORDER = ("passed", "not applicable", "declared, not checked", "could not run", "failed")
TO_LOOK_AT = ("could not run", "failed")
FILES_SHOWN, ROWS_SHOWN = 3, 5


def checks_text(
    validation: Mapping[str, Any], load: Mapping[str, Any], is_full: bool = False
) -> str:
    """The account of the rows, what loading noticed, the checks that need a look; or all checks.

    `validation` and `load` are the documents of the two stages.
    """
    account = [_account_row(table, validation, load) for table in sorted(load["tables"])]
    parts = [as_columns(ACCOUNT, account)]
    if noticed := by_severity(load["findings"]):
        lines = [f"- {f['severity']}: {f['message']}{_places(f)}" for f in noticed]
        parts.append("\n".join(["Noticed while loading:", *lines]))
    checks = sorted(
        validation["checks"], key=lambda check: (ORDER.index(check["state"]), check["id"])
    )
    shown = [check for check in checks if is_full or check["state"] in TO_LOOK_AT]
    parts.append("\n".join(_counts(checks, load["tables"])))
    if shown:
        parts.append(as_columns(HEADINGS, [_row(check) for check in shown]))
    return "\n\n".join(parts)


def outcome_text(validation: Mapping[str, Any]) -> str:
    """What the checks mean for the audit, in a sentence or two; of checks that do not stop it."""
    unusable, capped = validation["unusable"], len(validation["degraded"])
    said = ["Nothing found here stops the audit."]
    if unusable:
        said.append(f"Not usable, so that nothing rests on it: {', '.join(unusable)}.")
    if capped:
        figures = "1 indicator" if capped == 1 else f"{capped} indicators"
        said.append(f"The evidence of {figures} is limited by what was found.")
    return " ".join(said)


def _account_row(
    table: str, validation: Mapping[str, Any], load: Mapping[str, Any]
) -> tuple[str, ...]:
    ledger = load["tables"][table]
    aside = (validation.get("quarantined") or {}).get(table, {}).get("rows", 0)
    why = [f"{rows:,} {reason}" for reason, rows in sorted(ledger["excluded"].items()) if rows]
    if table in (validation.get("unusable") or ()):
        why.append("the table is not usable")
    counts = (f"{rows:,}" for rows in (ledger["received"], ledger["loaded"], aside))
    return table, *counts, "; ".join(why)


def _places(finding: Mapping[str, Any]) -> str:
    """Where a finding was met: its first files, each with its first rows."""
    positions = finding.get("positions") or []
    places = []
    for position in positions[:FILES_SHOWN]:
        rows = position["rows"]
        more = ", …" if len(rows) > ROWS_SHOWN else ""
        places.append(f"{position['path']} rows {', '.join(map(str, rows[:ROWS_SHOWN]))}{more}")
    if len(positions) > FILES_SHOWN:
        places.append(f"and {len(positions) - FILES_SHOWN} more files")
    return f" See {'; '.join(places)}." if places else ""


def _counts(checks: list[Mapping[str, Any]], supplied: Iterable[str]) -> list[str]:
    states = [check["state"] for check in checks]
    others = [f"{states.count(state)} {state}" for state in ORDER[1:] if state in states]
    passed = states.count("passed")
    lines = [f"{passed} {'check' if passed == 1 else 'checks'} passed; {', '.join(others)}."]
    if not others:
        lines = [f"{passed} {'check' if passed == 1 else 'checks'} passed."]
    from cxaudit.contracts.canonical import canonical_tables

    asked = {name for name, table in canonical_tables().items() if table.source == "input"}
    if absent := sorted({check["table"] for check in checks} & asked - set(supplied)):
        lines.append(f"Tables not supplied: {', '.join(absent)}.")
    return lines


def _row(check: Mapping[str, Any]) -> tuple[str, ...]:
    failed = check.get("failed_rows") or 0
    rows = f"{failed:,} of {check['rows']:,}" if failed else ""
    message = check.get("message") or ""
    return check["state"], check["severity"], check["id"], rows, message
