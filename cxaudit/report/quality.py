"""The data-quality statement: the ledger, the contracts' results and what is unknown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cxaudit.report import numbers
from cxaudit.report.indicators import Card
from cxaudit.report.words import words

SEVERITIES = ("error", "warning", "info")
STATES = ("failed", "could not run")


@dataclass(frozen=True)
class LedgerRow:
    """One table: received = kept + excluded + quarantined."""

    table: str
    received: int
    kept: int
    quarantined: int
    excluded: tuple[tuple[str, int], ...]

    @property
    def out(self) -> int:
        """Rows left out, each with one reason."""
        return sum(rows for _, rows in self.excluded)

    @property
    def adds_up(self) -> bool:
        """Whether every row received is accounted for."""
        return self.received == self.kept + self.out + self.quarantined


@dataclass(frozen=True)
class Quality:
    """Everything the data-quality statement prints."""

    title: str
    ledger: tuple[LedgerRow, ...]
    counts: tuple[tuple[str, Mapping[str, int]], ...]
    failed: tuple[Mapping[str, Any], ...]
    declared: int
    quarantine: tuple[tuple[str, str, int], ...]
    unknown: tuple[Card, ...]
    notes: tuple[tuple[str, int, int], ...]
    authors: tuple[tuple[str, str, int], ...]
    findings: tuple[Mapping[str, Any], ...]
    load_findings: tuple[Mapping[str, Any], ...]


def quality(
    audit: Mapping[str, Any],
    validation: Mapping[str, Any],
    load: Mapping[str, Any],
    cards: Mapping[str, Card],
) -> Quality:
    """The statement of one audit."""
    ledger = tuple(_ledger_row(entry) for entry in audit["tables"])
    counts = audit.get("contracts") or validation.get("counts") or {}
    checks = validation.get("checks") or []
    failed = [check for check in checks if check["state"] in STATES]
    if not checks:
        failed = [{"state": "failed", **entry} for entry in counts.get("failed") or []]
    failed.sort(key=lambda c: (SEVERITIES.index(c["severity"]), c["table"], c["id"]))
    told = {check["message"] for check in failed}
    return Quality(
        title=_title(ledger, failed),
        ledger=ledger,
        counts=tuple((name, counts[name]) for name in SEVERITIES if name in counts),
        failed=tuple(failed),
        declared=sum(check["state"] == "declared, not checked" for check in checks),
        quarantine=tuple(
            (table, reason, rows)
            for table, entry in sorted((validation.get("quarantined") or {}).items())
            for reason, rows in sorted((entry.get("by_reason") or {}).items())
        ),
        unknown=tuple(card for card in cards.values() if card.left_out),
        notes=tuple(
            (
                words()["notes"].get(note["id"], note["id"].replace("_", " ")),
                note["rows"],
                note["of"],
            )
            for note in audit["notes"]
            if note.get("of") and note["rows"]
        ),
        authors=tuple(
            (str(note["rule"]), str(note["author_type"]), note["rows"])
            for note in audit["notes"]
            if note["id"] == "message-authors"
        ),
        findings=tuple(f for f in audit["findings"] if f["text"] not in told),
        load_findings=tuple(load.get("findings") or ()),
    )


def _ledger_row(entry: Mapping[str, Any]) -> LedgerRow:
    return LedgerRow(
        table=entry["table"],
        received=entry["received"],
        kept=entry["kept"],
        quarantined=entry.get("quarantined") or 0,
        excluded=tuple(sorted((entry.get("excluded") or {}).items(), key=lambda e: (-e[1], e[0]))),
    )


def _title(ledger: Sequence[LedgerRow], failed: Sequence[Mapping[str, Any]]) -> str:
    errors = sum(check["severity"] == "error" for check in failed)
    rows = sum(row.received for row in ledger)
    aside = sum(row.quarantined for row in ledger)
    if not rows:
        return "No rows were received"
    kept = f"{numbers.counted(rows, 'row', 'rows')} received, each accounted for"
    if not all(row.adds_up for row in ledger):
        kept = f"{numbers.counted(rows, 'row', 'rows')} received, not all accounted for"
    broken = numbers.counted(errors, "binding rule was", "binding rules were")
    rules = f"{broken} broken" if errors else "no binding rule was broken"
    return f"{kept}; {rules}, {numbers.counted(aside, 'row', 'rows')} set aside"
