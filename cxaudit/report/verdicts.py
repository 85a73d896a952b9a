"""Whether a change is more than chance, in words: the verdict, its interval, what could be seen."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cxaudit.report import numbers
from cxaudit.report.dates import label_words
from cxaudit.report.words import listed, number_word

IMPROVED, WORSENED = "improved", "worsened"
NO_CHANGE, NOT_COMPARABLE = "no demonstrable change", "not comparable"
SENSES = {IMPROVED: "better", WORSENED: "worse", NO_CHANGE: "same", NOT_COMPARABLE: "none"}
MARKS = {IMPROVED: "▲", WORSENED: "▼"}
POINTS, SHARES = "score_change", ("share", "share_points")


@dataclass(frozen=True)
class Verdict:
    """The verdict on one change: its word, the change with interval, what could not be seen."""

    word: str
    period: str
    moved: str
    interval: str
    least: str
    note: str

    @property
    def sense(self) -> str:
        """Better, worse, same or none."""
        return SENSES[self.word]

    @property
    def mark(self) -> str:
        """An arrow for a demonstrable change, up for the better; empty for none."""
        return MARKS.get(self.word, "")

    @property
    def is_demonstrable(self) -> bool:
        """Whether it improved or worsened."""
        return self.word in MARKS

    @property
    def said(self) -> str:
        """The verdict as one says it."""
        if self.is_demonstrable:
            return f"{self.word} ({'; '.join(filter(None, [self.moved, self.interval]))})"
        if self.word == NO_CHANGE and self.least:
            return f"{self.word} (a change under {self.least} could not be seen)"
        return f"{self.word}: {self.note}" if self.note else self.word


@dataclass(frozen=True)
class Pair:
    """The verdicts of one principle: since the period before, and since a year before."""

    previous: Verdict
    year_before: Verdict


def of_principles(audit: Mapping[str, Any]) -> dict[str, Pair]:
    """The verdicts of each principle by its id; nothing where no change was looked for."""
    zone = audit["period"]["time_zone"]
    return {
        row["principle"]: Pair(_of_score(row, zone), _of_score(row["year_before"], zone))
        for row in audit.get("verdicts") or ()
    }


def of_indicator(row: Mapping[str, Any] | None, unit: str, period: str) -> Verdict | None:
    """The verdict on an indicator's change; None where it was not tested."""
    if not row or row.get("verdict") is None:
        return None
    scale = scale_of(row, unit)
    moved = row["adjusted"]
    change = numbers.figure(scale, moved, row["low"], row["high"], least=_places(scale))
    least = row["detectable"]
    return Verdict(
        word=row["verdict"],
        period=period,
        moved="" if moved is None else change.value,
        interval=change.interval,
        least=_ceiling(scale, least) if least else "",
        note=row["note"],
    )


def scale_of(row: Mapping[str, Any], unit: str) -> str:
    """The unit a change is drawn in: points for shares, per cent for what is relative."""
    if row["scale"] == "relative":
        return "relative_change"
    return "share_change" if unit in SHARES else unit


def headline(pairs: Mapping[str, Pair], names: Mapping[str, str]) -> str:
    """What changed in the principles since the period before, in one sentence."""
    if not pairs:
        return "No change of a principle could be tested"
    found = {id: pair.previous for id, pair in pairs.items()}
    period = next(iter(found.values())).period
    return f"Since {period}, {changed(found, names)}"


def changed(found: Mapping[str, Verdict], names: Mapping[str, str]) -> str:
    """Which principles worsened and improved, and how many of the others cannot tell."""
    of = {
        word: [names.get(id, id).lower() for id, verdict in found.items() if verdict.word == word]
        for word in SENSES
    }
    clauses = [f"{listed(of[word])} {word}" for word in (WORSENED, IMPROVED) if of[word]]
    same, unknown = len(of[NO_CHANGE]), len(of[NOT_COMPARABLE])
    if unknown == len(found):
        return "no principle can be compared"
    said = " and ".join(clauses) if clauses else "no principle changed demonstrably"
    rest = []
    if same and clauses:
        rest.append(f"in {number_word(same)} no change can be shown")
    if unknown:
        rest.append(f"{number_word(unknown)} cannot be compared")
    return "; ".join([said, *rest])


def demonstrable(found: Sequence[Verdict | None], word: str) -> int:
    """How many verdicts are of this kind."""
    return sum(verdict is not None and verdict.word == word for verdict in found)


def _of_score(row: Mapping[str, Any], zone: str) -> Verdict:
    ends = [numbers.figure(POINTS, row[name]).value for name in ("low", "high")]
    moved, least = row["difference"], row["detectable"]
    return Verdict(
        word=row["verdict"],
        period=label_words(row["period"], zone),
        moved="" if moved is None else numbers.figure(POINTS, moved).value,
        interval="" if row["low"] is None else f"{ends[0].split(numbers.SPACE)[0]} to {ends[1]}",
        least=numbers.counted(math.ceil(least), "point", "points") if least else "",
        note=row["note"],
    )


def _places(scale: str) -> int:
    return 1 if scale == "share_change" else 0


def _ceiling(scale: str, least: float) -> str:
    """What could not be seen, rounded up so that nothing is promised that does not hold."""
    if scale not in ("share_change", "relative_change"):
        return numbers.figure(scale, least).value.lstrip("+")
    tenths = 10 ** _places(scale)
    rounded = math.ceil(round(least * 100 * tenths, 6)) / tenths / 100
    return numbers.figure(scale, rounded, least=_places(scale)).value.lstrip("+")
