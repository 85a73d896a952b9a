"""Totals that hide a channel: what a channel did that the figure of the whole does not show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cxaudit.report import numbers
from cxaudit.report.indicators import Card, Part
from cxaudit.report.numbers import count
from cxaudit.report.words import channel_phrase

STORIES = 3
FEWEST_TOLD = 100  # cases a channel needs to be told of
WORTH_TELLING = 0.03  # of a share


@dataclass(frozen=True)
class Moved:
    """One crude change, of an indicator (`part` None) or of one of its channels."""

    card: Card
    part: Part | None
    channel: str
    previous: float
    change: float
    said: str


def stories(moved: Sequence[Moved]) -> tuple[str, ...]:
    """Sentences on channels that moved the other way than the total, the weightiest first.

    Told are shares in channels of enough cases that moved by at least three points, to where the
    channel's own interval leaves its earlier figure out.
    """
    wholes = {m.card.id: m for m in moved if m.part is None and m.card.row["unit"] == "share"}
    told = [
        (whole, m, m.part)
        for m in moved
        if m.part is not None and (whole := wholes.get(m.card.id)) and _is_opposed(m, m.part, whole)
    ]
    told.sort(key=lambda of: (-abs(of[1].change) * (of[2].cases or 0), of[1].card.id))
    return tuple(_said(*of) for of in told[:STORIES])


def unsigned(change: str) -> str:
    """A drawn change without its sign."""
    return change.lstrip(f"+{numbers.MINUS}")


def _is_opposed(moved: Moved, part: Part, whole: Moved) -> bool:
    if (part.cases or 0) < FEWEST_TOLD or part.row["low"] is None:
        return False
    is_outside = not part.row["low"] <= moved.previous <= (part.row["high"] or moved.previous)
    return is_outside and whole.change * moved.change < 0 and abs(moved.change) >= WORTH_TELLING


def _said(whole: Moved, moved: Moved, part: Part) -> str:
    verbs = ("rose", "fell") if whole.change > 0 else ("fell", "rose")
    verdict = whole.card.verdict
    total = f"{verbs[0]} by {unsigned(whole.said)} in all"
    if verdict is not None and not verdict.is_demonstrable:
        total = f"{verdict.word} in all ({whole.said})"
    return (
        f"{whole.card.name}: {total}, but {channel_phrase(moved.channel)} it {verbs[1]} by "
        f"{unsigned(moved.said)}, to {part.figure.value} of {count(part.cases)}"
    )
