"""What adapters share: legs of cases, and notes on an estimate."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from cxaudit.statistics import Cases, Estimate

if TYPE_CHECKING:
    from cxaudit.indicators.declaration import Situation

DAY = 86_400
HOUR = 3_600
Legs = dict[str, Cases]
# The score takes a figure with a note that begins so as indicative.
INDICATIVE = "indicative: "


LATER_TIME = "the register tells of a later time"


def tells_of_later_time(situation: Situation) -> bool:
    """Whether a register without a history says nothing of the period: a later one has followed."""
    period = situation.period
    length = period.end_at - period.start_at
    return situation.is_earlier or situation.as_of > (period.end_at + length).timestamp()


def noted(estimate: Estimate, note: str) -> Estimate:
    """The estimate with one more note."""
    return replace(estimate, notes=(*estimate.notes, note))


def counted(estimate: Estimate, **counts: float) -> Estimate:
    """The estimate with more counts that a minimum may ask for."""
    return replace(estimate, counts={**estimate.counts, **counts})
