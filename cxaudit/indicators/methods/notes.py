"""What adapters share: legs of cases, and notes on an estimate."""

from __future__ import annotations

from dataclasses import replace

from cxaudit.statistics import Cases, Estimate

DAY = 86_400
HOUR = 3_600
Legs = dict[str, Cases]
# The score takes a figure with a note that begins so as indicative.
INDICATIVE = "indicative: "


def noted(estimate: Estimate, note: str) -> Estimate:
    """The estimate with one more note."""
    return replace(estimate, notes=(*estimate.notes, note))


def counted(estimate: Estimate, **counts: float) -> Estimate:
    """The estimate with more counts that a minimum may ask for."""
    return replace(estimate, counts={**estimate.counts, **counts})
