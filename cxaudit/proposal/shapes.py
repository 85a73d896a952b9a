"""What a cell looks like, without what it says: '2026-07-01 09:00' is '9999-99-99 99:99'."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping

LONGEST = 28
RUN = 8
SHOWN = 3
LONG_RUN = re.compile(rf"([aA9])\1{{{RUN},}}")


def shape(cell: str) -> str:
    """Letters as 'a' or 'A', digits as '9', long runs as '…', anything unprintable as '·'."""
    letters = "".join(_mark(letter) for letter in cell[: 4 * LONGEST])
    text = LONG_RUN.sub(lambda found: found[0][0] * RUN + "…", letters)
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def _mark(letter: str) -> str:
    if letter.isdigit() or letter.isnumeric():
        return "9"
    if letter.isalpha():
        return "A" if letter.isupper() else "a"
    if letter == " " or (letter.isascii() and letter.isprintable()):
        return letter
    return " " if letter.isspace() else "·" if unicodedata.category(letter) != "Mn" else ""


def commonest_shapes(cells: Mapping[str, int]) -> tuple[str, ...]:
    """The three commonest shapes of a column's cells, given with how often each occurs."""
    counts: Counter[str] = Counter()
    for cell, count in cells.items():
        counts[shape(cell)] += count
    ordered = sorted(counts.items(), key=lambda entry: (-entry[1], entry[0]))
    return tuple(found for found, _ in ordered[:SHOWN])
