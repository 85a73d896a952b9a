"""The rows of one delivered file, and those of it that could not be read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from cxaudit.errors import Problem, UnreadableData


@dataclass
class FileRows:
    """A file's readable rows, their record numbers and what was left out.

    A record's number is its place in the file: 1 is the header, or the first line skipped.
    """

    name: str
    table: pa.Table
    numbers: np.ndarray
    headers: list[str]
    # kind of finding -> (record numbers left out, what was declared)
    left_out: dict[str, tuple[np.ndarray, str]] = field(default_factory=dict)
    # findings about the file as a whole: (kind, what was declared)
    notes: list[tuple[str, str]] = field(default_factory=list)

    def drop(self, kind: str, numbers: np.ndarray, how: str = "") -> None:
        """Count records that are not in the table."""
        if len(numbers):
            self.left_out[kind] = (numbers, how)

    def drop_where(self, kind: str, mask: np.ndarray, how: str = "") -> None:
        """Take the rows under the mask out of the table and count them."""
        self.drop(kind, self.numbers[mask], how)
        self.table = self.table.filter(pa.array(~mask))
        self.numbers = self.numbers[~mask]

    @property
    def unreadable(self) -> int:
        """The number of rows left out."""
        return sum(len(numbers) for numbers, _ in self.left_out.values())

    @property
    def received(self) -> int:
        """The number of rows in the file, readable or not."""
        return self.table.num_rows + self.unreadable


def unique_names(headers: Sequence[str]) -> list[str]:
    """Headers without surrounding blanks; the second of one name becomes 'name#2'."""
    seen: Counter[str] = Counter()
    names = []
    for number, header in enumerate(headers, start=1):
        name = header.strip() or f"column {number}"
        seen[name] += 1
        names.append(name if seen[name] == 1 else f"{name}#{seen[name]}")
    return names


def unreadable(name: str, what: str, do: str = "") -> UnreadableData:
    """The refusal of a file."""
    return UnreadableData(Problem(name, what, do=do))
