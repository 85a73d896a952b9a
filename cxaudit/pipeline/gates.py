"""The engagement's gates held against a finished audit: what makes an unattended run fail."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from cxaudit.errors import EngagementError, Problem, nearest

if TYPE_CHECKING:
    from cxaudit.engagement import Gates

SEVERITIES = {"error": ("error",), "warning": ("error", "warning")}


def check_gates(gates: Gates, principles: list[str]) -> None:
    """Nothing; raises `EngagementError` for a gate on a principle that does not exist."""
    problems = [
        Problem(
            f"gates.principle_below.{name}", "is not a principle", "", nearest(name, principles)
        )
        for name in gates.principle_below
        if name not in principles
    ]
    if problems:
        raise EngagementError(problems)


def failed_gates(
    gates: Gates, audit: Mapping[str, Any], validation: Mapping[str, Any]
) -> dict[str, str]:
    """The reason of every gate that does not hold, by the gate's name in the engagement."""
    failed = failed_contract_gate(gates, validation)
    if gates.minimum_coverage is not None:
        coverage = mean_coverage(audit)
        if coverage < gates.minimum_coverage:
            failed["minimum_coverage"] = (
                f"{coverage:.1%} of the scorecard is covered by data, "
                f"the gate asks for {gates.minimum_coverage:.1%}"
            )
    principles = {principle["id"]: principle for principle in audit["principles"]}
    for name, least in sorted(gates.principle_below.items()):
        score = principles[name]["score"]
        if score is None:
            failed[f"principle_below.{name}"] = (
                f"{name} has no score to hold against {least:g}: "
                f"{principles[name].get('reason') or 'not assessed'}"
            )
        elif score < least:
            failed[f"principle_below.{name}"] = f"{name} scores {score:.1f}, below {least:g}"
    return failed


def failed_contract_gate(gates: Gates, validation: Mapping[str, Any]) -> dict[str, str]:
    """The reason the gate on contract checks does not hold, by its name; empty where it does."""
    if not gates.contract_severity:
        return {}
    severities = SEVERITIES[gates.contract_severity]
    names = [
        check["id"]
        for check in validation["checks"]
        if check["state"] == "failed" and check["severity"] in severities
    ]
    if not names:
        return {}
    count = f"{len(names)} contract {'check' if len(names) == 1 else 'checks'}"
    reason = f"{count} of severity {' or '.join(severities)} failed: {_listed(names)}"
    return {"contract_severity": reason}


def gate_names(gates: Gates) -> list[str]:
    """The gates the engagement sets, by their names in it."""
    names = [
        name
        for name in ("contract_severity", "minimum_coverage")
        if getattr(gates, name) is not None
    ]
    return names + [f"principle_below.{name}" for name in sorted(gates.principle_below)]


def mean_coverage(audit: Mapping[str, Any]) -> float:
    """The mean share of each principle's weight that data cover; one not assessed counts as 0."""
    shares = [principle.get("coverage") or 0.0 for principle in audit["principles"]]
    return sum(shares) / len(shares) if shares else 0.0


def _listed(names: list[str], most: int = 5) -> str:
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more
