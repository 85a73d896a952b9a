"""What failed checks mean: the audit stops, tables cannot be used, grades are capped."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from cxaudit.contracts.checks import COULD_NOT_RUN, FAILED, PASSED, Check
from cxaudit.contracts.rules import Rule
from cxaudit.errors import Problem


@dataclass(frozen=True)
class Outcome:
    """The consequences of the checks of an audit.

    `stops` are the reasons to stop; `faults` the checks that could not run; `unusable` the tables
    whose table rules failed; `degraded` maps an indicator to the best evidence grade it may have.
    """

    stops: tuple[Problem, ...]
    faults: tuple[Problem, ...]
    unusable: tuple[str, ...]
    degraded: Mapping[str, str]


def decide(
    rules: Iterable[Rule],
    checks: Iterable[Check],
    rows: Mapping[str, int],
    required_tables: Iterable[str],
) -> Outcome:
    """The outcome of checks; `rules` and `checks` are in the same order."""
    required = tuple(required_tables)
    stops = [_absent(table) for table in required if not rows.get(table)]
    faults: list[Problem] = []
    unusable: set[str] = set()
    degraded: dict[str, str] = {}
    for rule, check in zip(rules, checks, strict=True):
        if check.state == COULD_NOT_RUN:
            do = "Please report it."
            if rule.kind == "expectation":
                do = f"Mend its implementation in {check.contract}, line {check.line}."
            faults.append(Problem(check.id, "could not run", check.message, do))
        if check.state != FAILED:
            continue
        if rule.severity == "warning":
            for indicator in rule.degrades:
                degraded[indicator] = max(degraded.get(indicator, ""), rule.grade_cap)
        elif rule.severity == "error" and not rule.is_row_rule:
            if rule.table in required:
                stops.append(_stop(rule, check, ""))
            else:
                unusable.add(rule.table)
        elif rule.severity == "error" and rule.table in required:
            share = check.failed_rows / rows[rule.table]
            if share > rule.stop_above:
                stops.append(_stop(rule, check, f", more than {rule.stop_above:.2%} of the table"))
    unusable -= set(required)
    return Outcome(tuple(stops), tuple(faults), tuple(sorted(unusable)), degraded)


def _absent(table: str) -> Problem:
    do = "Check the sources, row filters and period of the engagement."
    return Problem(table, "nothing to audit", f"no rows in {table}", do)


def _stop(rule: Rule, check: Check, limit: str) -> Problem:
    do = "Mend the export or the mapping in the engagement."
    if rule.is_row_rule:
        do = f"See quarantine/{rule.table}.parquet. {do}"
    where = f"{check.contract}, {check.id}"
    return Problem(where, f"the audit cannot go on{limit}", check.message, do)


def totals(checks: Iterable[Check]) -> dict[str, dict[str, int]]:
    """Passed, failed and not run checks, by severity."""
    counts = {
        severity: {"passed": 0, "failed": 0, "could_not_run": 0}
        for severity in ("error", "warning", "info")
    }
    keys = {PASSED: "passed", FAILED: "failed", COULD_NOT_RUN: "could_not_run"}
    for check in checks:
        if check.state in keys:
            counts[check.severity][keys[check.state]] += 1
    return counts
