"""The checks made from what the load stage could not read: rows left out, cells left empty."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from cxaudit.contracts.canonical import canonical_tables
from cxaudit.contracts.checks import FAILED, PASSED, Check
from cxaudit.contracts.outcome import Outcome
from cxaudit.contracts.rules import STOP_ABOVE
from cxaudit.errors import Problem

UNREADABLE = "unreadable"
# A table nobody requires is let go before the rows left of it are taken for all of them.
UNUSABLE_ABOVE = 0.10
DEGRADE_ABOVE = 0.05
GRADE_CAP = "C"
SERIOUS = ("error", "warning")


@dataclass(frozen=True)
class Reading:
    """How well the tables could be read: the checks of it, and what follows from them."""

    checks: tuple[Check, ...]
    stops: tuple[Problem, ...] = ()
    unusable: tuple[str, ...] = ()
    degraded: Mapping[str, str] = field(default_factory=dict)

    def added_to(self, outcome: Outcome) -> Outcome:
        """The outcome of the contracts' own checks with that of reading; the stricter holds."""
        degraded = dict(outcome.degraded)
        for indicator, cap in self.degraded.items():
            degraded[indicator] = max(degraded.get(indicator, ""), cap)
        return replace(
            outcome,
            stops=(*self.stops, *outcome.stops),
            unusable=tuple(sorted({*outcome.unusable, *self.unusable})),
            degraded=degraded,
        )


def judge_reading(
    report: Mapping[str, Any],
    contracts: Mapping[str, str],
    required_tables: Iterable[str],
    scorecard: Mapping[str, Any],
) -> Reading:
    """The reading judged from `load.json`; `contracts` names the contract's file of each table."""
    required = set(required_tables)
    known = canonical_tables()
    checks: list[Check] = []
    stops: list[Problem] = []
    unusable: list[str] = []
    degraded: dict[str, str] = {}
    for table in sorted(name for name in report["tables"] if name in known):
        received = int(report["tables"][table]["received"])
        serious = [
            finding
            for finding in report["findings"]
            if finding["table"] == table and finding["severity"] in SERIOUS
        ]
        whole = _of_table(table, report["tables"][table], contracts[table])
        checks.append(whole)
        if table in required and (whole.share or 0.0) > STOP_ABOVE:
            stops.append(_stop(whole, serious))
        elif table not in required and (whole.share or 0.0) > UNUSABLE_ABOVE:
            unusable.append(table)
        for column, found in _by_column(serious).items():
            check = _of_column(table, column, found, received, contracts[table])
            checks.append(check)
            if (check.share or 0.0) > DEGRADE_ABOVE:
                degraded |= dict.fromkeys(_needing(f"{table}.{column}", scorecard), GRADE_CAP)
    return Reading(tuple(checks), tuple(stops), tuple(unusable), degraded)


def _by_column(findings: Iterable[Mapping[str, Any]]) -> dict[str, list[Mapping[str, Any]]]:
    columns: dict[str, list[Mapping[str, Any]]] = {}
    for finding in findings:
        if finding["column"]:
            columns.setdefault(finding["column"], []).append(finding)
    return dict(sorted(columns.items()))


def _of_table(table: str, ledger: Mapping[str, Any], contract: str) -> Check:
    received, failed = int(ledger["received"]), int(ledger["excluded"].get(UNREADABLE, 0))
    message = "Every row could be read"
    if failed:
        message = (
            f"{failed:,} of {received:,} rows could not be read; "
            "see the findings of 1_load for files and row numbers"
        )
    return _check(table, None, "error", failed, received, message, contract)


def _of_column(
    table: str, column: str, found: list[Mapping[str, Any]], received: int, contract: str
) -> Check:
    # Each finding counts other cells of the column; keys or files never outnumber the rows.
    failed = min(sum(int(finding["rows"]) for finding in found), received)
    message = " ".join(finding["message"] for finding in found)
    return _check(table, column, "warning", failed, received, message, contract)


def _check(
    table: str,
    column: str | None,
    severity: str,
    failed: int,
    received: int,
    message: str,
    contract: str,
) -> Check:
    return Check(
        id=".".join(part for part in (table, column, "readable") if part),
        table=table,
        column=column,
        kind="readable",
        severity=severity,
        # A column has a check only where something was found in it.
        state=FAILED if failed or column else PASSED,
        rows=received,
        failed_rows=failed,
        share=float(f"{failed / received:.12g}") if received else None,
        value=None,
        message=message,
        dimension="validity",
        contract=contract,
    )


def _stop(check: Check, findings: list[Mapping[str, Any]]) -> Problem:
    counted = f"{check.failed_rows:,} of {check.rows:,} rows ({check.share:.2%}) of {check.table}"
    told = " ".join(finding["message"] for finding in findings).rstrip(".")
    return Problem(
        f"{check.contract}, {check.id}",
        f"the audit cannot go on, more than {STOP_ABOVE:.2%} of the table",
        f"{counted} could not be read{': ' + told if told else ''}",
        "Mend the dates, the encoding or the values of the source, in the export or in the "
        "engagement; the findings of 1_load name files and row numbers.",
    )


def _needing(column: str, scorecard: Mapping[str, Any]) -> list[str]:
    """The indicators that require a column, or one of several of which it is one."""
    return [
        entry["id"]
        for entry in scorecard["indicators"]
        if any(
            column == option.strip()
            for requirement in entry["requires"]
            for option in requirement.split("|")
        )
    ]
