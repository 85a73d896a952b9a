"""The hand-worked example of each indicator: a few rows, and the figures worked out of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from cxaudit.report.indicators import Card
from cxaudit.resources import PACKAGE

FOLDER = PACKAGE / "indicators" / "specifications"
SETTINGS, EXPECTED = "settings", "expected"


@dataclass(frozen=True)
class Grid:
    """A small table: its name, its headings and its rows of text."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Example:
    """The worked example of one indicator.

    `settings` are the parameters it changes, `rows` the tables it begins with, `expected` the
    figures that must come out, with how they were worked out.
    """

    id: str
    name: str
    how: str
    settings: Grid | None
    tables: tuple[Grid, ...]
    expected: Grid
    markdown: str


def read_example(path: Path) -> Example:
    """The example in a Markdown file."""
    head, *parts = re.split(r"^## ", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    title, _, how = head.partition("\n")
    id, _, name = title.removeprefix("# ").partition(": ")
    grids = [_grid(*part.partition("\n")[::2]) for part in parts]
    named = {grid.name: grid for grid in grids}
    return Example(
        id=id,
        name=name.strip(),
        how=" ".join(how.split()),
        settings=named.get(SETTINGS),
        tables=tuple(grid for grid in grids if grid.name not in (SETTINGS, EXPECTED)),
        expected=named[EXPECTED],
        markdown="\n".join([how.strip(), *(f"\n### {part.strip()}" for part in parts)]),
    )


@cache
def examples() -> dict[str, Example]:
    """Every worked example by the id of its indicator."""
    read = (read_example(path) for path in sorted(FOLDER.glob("*.md")))
    return {example.id: example for example in read}


def shown(cards: Mapping[str, Card]) -> tuple[Example, ...]:
    """The worked examples of the indicators that were measured, in the order of the audit."""
    worked = examples()
    return tuple(worked[id] for id, card in cards.items() if card.measured and id in worked)


def _grid(name: str, body: str) -> Grid:
    lines = [line.strip().strip("|") for line in body.strip().splitlines()]
    header, *rows = [_cells(line) for line in lines if set(line) - set("-| ")]
    return Grid(name.strip(), header, tuple(rows))


def _cells(line: str) -> tuple[str, ...]:
    cells: Iterable[str] = (cell.strip() for cell in line.split("|"))
    return tuple(cells)
