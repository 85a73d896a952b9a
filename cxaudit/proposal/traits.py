"""What the cells of one column are: filled, unique, times, numbers, words, prose."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from cxaudit.proposal.names import words_of
from cxaudit.proposal.shapes import commonest_shapes
from cxaudit.proposal.times import Written, written
from cxaudit.proposal.vocabulary import FLAG, MIDNIGHTS, MISSING, WHEN_WORDS, YES_AND_NO

Kind = Literal["empty", "yes or no", "integer", "decimal", "time", "clock", "word", "prose", "list"]
INTEGER = re.compile(r"^[+-]?\d+$")
DECIMAL = re.compile(r"^[+-]?\d+\.\d+(?:[eE][+-]?\d+)?$|^[+-]?\d+$")
COMMA = re.compile(r"^[+-]?\d{1,3}(?:\.\d{3})*,\d+$|^[+-]?\d+$")
GROUPED = re.compile(r"^[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?$|^[+-]?\d+(?:\.\d+)?$")
LIST = re.compile(r"^\[.*\]$|^[^\s;]+(;[^\s;]*)+$")
LONGEST_CELL = 2000
ENOUGH = 0.98


@dataclass(frozen=True)
class Traits:
    """What a column's cells are. `words` holds cells themselves: nothing of it is shown as it is.

    `filled` and `distinct` are counts of cells; `missing` are cells of ours that say "none".
    """

    header: str
    rows: int
    filled: int
    distinct: int
    kind: Kind
    words: Counter[str] = field(repr=False)
    shapes: tuple[str, ...]
    missing: tuple[str, ...] = ()
    written: Written | None = None
    yes_and_no: tuple[str, str] | None = None
    decimal: str = "."
    thousands: str = ""
    lowest: float | None = None
    highest: float | None = None

    @property
    def is_unique(self) -> bool:
        """Whether no cell occurs twice; one row alone says nothing."""
        return self.distinct == self.filled and self.filled > 1

    @property
    def share_filled(self) -> float:
        """The share of rows that have a cell, 0 to 1."""
        return self.filled / self.rows if self.rows else 0.0

    @property
    def share_distinct(self) -> float:
        """Different cells per cell, 0 to 1."""
        return self.distinct / self.filled if self.filled else 0.0

    @property
    def is_small_vocabulary(self) -> bool:
        """Whether few different cells come again and again."""
        return 0 < self.distinct <= 60 and self.share_distinct <= 0.34


def traits(header: str, cells: Sequence[str | None]) -> Traits:
    """What the cells of a column are; None is an empty cell."""
    counts = Counter(cell[:LONGEST_CELL] for cell in cells if cell is not None)
    called = set(words_of(header))
    missing = _missing(counts)
    words = Counter({cell: n for cell, n in counts.items() if cell not in missing})
    distinct = list(words)
    kind, details = _kind(distinct, called, words)
    if kind == "clock":
        zero = _midnight(words)
        missing += zero
        words = Counter({cell: n for cell, n in words.items() if cell not in zero})
    return Traits(
        header=header,
        rows=len(cells),
        filled=words.total(),
        distinct=len(words),
        kind=kind,
        words=words,
        shapes=commonest_shapes(words),
        missing=missing,
        **details,
    )


def _missing(counts: Counter[str]) -> tuple[str, ...]:
    """Cells that say there is none; a word only if it comes again and again, for it may as well be
    somebody's name.
    """
    often = 0.005 * counts.total()
    said = (cell for cell in counts if cell.strip().casefold() in MISSING)
    return tuple(sorted(c for c in said if counts[c] >= often or not any(map(str.isalpha, c))))


def _midnight(words: Counter[str]) -> tuple[str, ...]:
    """Midnight, in a column of times of day in which it is far too common to be one."""
    total = words.total()
    return tuple(zero for zero in MIDNIGHTS if words[zero] > max(2, 0.01 * total))


def _kind(distinct: list[str], called: set[str], words: Counter[str]) -> tuple[Kind, dict]:
    if not distinct:
        return "empty", {}
    if (pair := _yes_and_no(distinct, called)) is not None:
        return "yes or no", {"yes_and_no": pair}
    is_called_time = bool(called & WHEN_WORDS)
    if (times := written(distinct, is_called_time)) is not None:
        return ("clock" if times.dates.startswith("clock") else "time"), {"written": times}
    if (number := _number(distinct)) is not None:
        return number
    if _share(LIST, distinct) >= ENOUGH:
        return "list", {}
    return ("prose" if _is_prose(distinct, words) else "word"), {}


def _yes_and_no(distinct: list[str], called: set[str]) -> tuple[str, str] | None:
    """The words for true and false; 1 and 0 only in a column that is called like a statement."""
    found = {cell.casefold() for cell in distinct}
    for yes, no in YES_AND_NO:
        if found <= {yes, no} and (not yes[0].isdigit() or found == {yes, no} or called & FLAG):
            return yes, no
    return None


def _number(distinct: list[str]) -> tuple[Kind, dict] | None:
    patterns: tuple[tuple[re.Pattern[str], Kind, str, str], ...] = (
        (INTEGER, "integer", ".", ""),
        (DECIMAL, "decimal", ".", ""),
        (COMMA, "decimal", ",", "."),
        (GROUPED, "decimal", ".", ","),
    )
    for pattern, kind, decimal, thousands in patterns:
        if _share(pattern, distinct) == 1.0:
            plain = (cell.replace(thousands, "") if thousands else cell for cell in distinct)
            numbers = [float(cell.replace(decimal, ".")) for cell in plain]
            details = {"decimal": decimal, "thousands": thousands}
            return kind, {**details, "lowest": min(numbers), "highest": max(numbers)}
    return None


def _share(pattern: re.Pattern[str], cells: list[str]) -> float:
    return sum(bool(pattern.match(cell)) for cell in cells) / len(cells)


def _is_prose(distinct: list[str], words: Counter[str]) -> bool:
    """Sentences or markup: several words in most cells, hardly ever the same twice."""
    several = sum(cell.count(" ") >= 2 or "<" in cell or "\n" in cell for cell in distinct)
    length = sum(map(len, distinct)) / len(distinct)
    varied = len(distinct) > 0.5 * words.total()
    return varied and (several > 0.5 * len(distinct) or length > 60)
