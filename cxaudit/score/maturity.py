"""How mature the service is in each principle, levels 1 to 5: an axis of its own, never a score.

A level holds when every gate of it and of the levels below is met. The gates of levels 3 and 5
that are about data are held against the audit's own evidence: what it contradicts does not count.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from cxaudit.score.indicators import NOT_ASSESSED
from cxaudit.score.principles import Score

if TYPE_CHECKING:
    from cxaudit.facts.tables import CheckedTables

LEVELS = {1: "Investigate", 2: "Initiate", 3: "Mobilize", 4: "Scale", 5: "Embed"}
TABLE, ACTIONS = "maturity_evidence", "improvement_actions"
WORST_EVIDENCE = "C"
A_YEAR = timedelta(days=365)
HOLDS, FAILS, UNKNOWN = "holds", "does not hold", "cannot be told"
MEASURED = "measured at evidence C or better in this period and the one before"
VERIFIED = "an improvement action on one of its indicators, verified within twelve months"


@dataclass(frozen=True)
class Gate:
    """One gate of a principle, as last observed by as-of."""

    principle: str
    level: int
    gate: str
    is_met: bool
    evidence_ref: str


def maturity(
    tables: CheckedTables,
    now: Sequence[Score],
    before: Sequence[Score],
    principle_of: Mapping[str, str],
) -> list[dict[str, Any]]:
    """One row per principle: its level with the gates, or why there is none.

    `before`: the scores of the period before. `principle_of`: the principle of each indicator.
    """
    gates = observed_gates(tables)
    verified = verified_actions(tables, principle_of)
    had = {score.id: score for score in before}
    is_known_before = any(score.state != NOT_ASSESSED for score in before)
    rows = []
    for score in now:
        checks = {
            3: _measured(score, had[score.id], is_known_before),
            5: UNKNOWN if verified is None else (HOLDS if score.id in verified else FAILS),
        }
        rows.append(row(score.id, [gate for gate in gates if gate.principle == score.id], checks))
    return rows


def row(principle: str, gates: Sequence[Gate], checks: Mapping[int, str]) -> dict[str, Any]:
    """The level that gates and checks of one principle allow, as the audit keeps it."""
    level = 1
    while level < max(LEVELS) and _is_met(level + 1, gates, checks):
        level += 1
    missing = [gate.gate for gate in gates if gate.level == level + 1 and not gate.is_met]
    failed = checks.get(level + 1) == FAILS
    return {
        "id": principle,
        "state": "assessed" if gates else NOT_ASSESSED,
        "reason": "" if gates else "no evidence of maturity was supplied",
        "level": level if gates else None,
        "name": LEVELS[level] if gates else "",
        "next": _next(level, gates, missing, failed) if gates else "",
        "gates": [
            {
                "level": gate.level,
                "gate": gate.gate,
                "is_met": gate.is_met,
                "evidence_ref": gate.evidence_ref,
            }
            for gate in gates
        ],
        "checks": [
            {"level": at, "check": text, "result": checks.get(at, UNKNOWN)}
            for at, text in ((3, MEASURED), (5, VERIFIED))
        ]
        if gates
        else [],
    }


def observed_gates(tables: CheckedTables) -> list[Gate]:
    """Every gate as it was last observed by as-of, ordered by principle, level and name."""
    if not tables.has(TABLE):
        return []
    rows = tables.engine.fetch(tables.read(TABLE)).to_pylist()
    latest: dict[tuple[str, int, str], dict[str, Any]] = {}
    for found in sorted(rows, key=lambda r: (r["observed_at"], r["evidence_ref"])):
        if _at(found["observed_at"], tables) <= tables.run.engagement.as_of:
            latest[found["principle"], found["level"], found["gate"]] = found
    return [
        Gate(principle, level, gate, latest[principle, level, gate]["is_met"], ref)
        for principle, level, gate in sorted(latest)
        for ref in [latest[principle, level, gate]["evidence_ref"]]
    ]


def verified_actions(tables: CheckedTables, principle_of: Mapping[str, str]) -> set[str] | None:
    """Principles with an action that verifiably worked in the last twelve months; None: unknown."""
    if not tables.supplies(f"{ACTIONS}.closed_at"):
        return None
    rows = tables.engine.fetch(tables.read(ACTIONS)).to_pylist()
    as_of = tables.run.engagement.as_of
    return {
        principle_of[found["target_indicator"]]
        for found in rows
        if found["verified"] == "yes"
        and found["target_indicator"] in principle_of
        and found["closed_at"] is not None
        and as_of - A_YEAR <= _at(found["closed_at"], tables) <= as_of
    }


def _at(instant: datetime, tables: CheckedTables) -> datetime:
    """An instant of a table, which is UTC whether it says so or not."""
    zone = tables.run.engagement.as_of.tzinfo
    return instant if instant.tzinfo else instant.replace(tzinfo=zone)


def _is_met(level: int, gates: Sequence[Gate], checks: Mapping[int, str]) -> bool:
    asked = [gate for gate in gates if gate.level == level]
    return bool(asked) and all(g.is_met for g in asked) and checks.get(level) != FAILS


def _measured(now: Score, before: Score, is_known_before: bool) -> str:
    """Whether both periods could be assessed on evidence that is good enough."""
    if not _is_good(now):
        return FAILS
    if not is_known_before:
        return UNKNOWN
    return HOLDS if _is_good(before) else FAILS


def _is_good(score: Score) -> bool:
    return score.evidence is not None and score.evidence <= WORST_EVIDENCE


def _next(level: int, gates: Sequence[Gate], missing: Sequence[str], failed: bool) -> str:
    """What the next level waits for."""
    if level == max(LEVELS):
        return ""
    wanted = list(missing)
    if not any(gate.level == level + 1 for gate in gates):
        wanted.append("evidence of its gates")
    if failed:
        wanted.append(f"the audit does not bear out: {MEASURED if level + 1 == 3 else VERIFIED}")
    return f"level {level + 1} ({LEVELS[level + 1]}): {'; '.join(wanted)}"
