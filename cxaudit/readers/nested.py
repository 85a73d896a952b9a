"""Records of JSON → flat cells; lists within lists → records with the cells of their parents."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

LIST = "[]"
LIST_SEPARATOR = ";"
_ABSENT = object()


@dataclass(frozen=True)
class _Level:
    """A list inside a record: its name, and the keys that may lead to it."""

    name: str
    ways: tuple[tuple[str, ...], ...]

    def of(self, record: Any) -> Any:
        """What stands where the list should."""
        for keys in self.ways:
            found = record
            for key in keys:
                found = found.get(key, _ABSENT) if isinstance(found, dict) else _ABSENT
            if found is not _ABSENT:
                return found
        return _ABSENT


class Nested:
    """The records of lists within lists that a path asks for; no levels if it asks for none.

    `path` is the keys to a list, written `tickets[]`, for each level: `tickets[].comments[]`. The
    outermost list may be the document itself, a list of pages that each hold it, or one record
    alone; `tickets|results[]` takes it from either key, and is called by the first. A list that is
    missing or null has no records.
    """

    def __init__(self, path: str, wanted: Collection[str] = ()):
        parts = path.removesuffix(LIST).split(f"{LIST}.") if path.endswith(LIST) else []
        self.levels = [_level(part.split("|")) for part in parts]
        self.wanted = {plain(name) for name in wanted}
        # names of the parents' cells that nobody wanted
        self.passed_over: set[str] = set()

    def records(self, document: Any) -> Iterator[Any]:
        """The records of the innermost list, in order, with their parents' cells as 'tickets.id'.

        Of the parents, lists are not carried along, nor is what is not wanted (if anything is).
        What is no JSON object comes as it is, for the reader to count.
        """
        outermost = self.levels[0]
        for page in document if isinstance(document, list) else [document]:
            found = outermost.of(page)
            for record in [page] if found is _ABSENT else _listed(found):
                yield from self._inside(record, 0, {})

    def _inside(self, record: Any, depth: int, parents: dict[str, Any]) -> Iterator[Any]:
        if not isinstance(record, dict):
            yield record
        elif depth == len(self.levels) - 1:
            yield {**parents, **record}
        else:
            children = _listed(self.levels[depth + 1].of(record))
            own = self._carried(record, self.levels[depth].name) if children else {}
            for child in children:
                yield from self._inside(child, depth + 1, {**parents, **own})

    def _carried(self, record: dict[str, Any], name: str) -> dict[str, str | None]:
        cells = dict(flat(_without_lists(record), f"{name}."))
        if not self.wanted:
            return cells
        carried = {key: cell for key, cell in cells.items() if plain(key) in self.wanted}
        self.passed_over |= cells.keys() - carried.keys()
        return carried


@lru_cache(maxsize=4096)
def plain(name: str) -> str:
    """A name as connectors and databases agree on it: no case, blanks, dots and underscores."""
    return re.sub(r"[\s_.]+", "", name.lower())


def flat(record: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, str | None]]:
    """Names and cells of a record; nested objects have dotted names."""
    for key, value in record.items():
        name = f"{prefix}{key}".strip()
        if isinstance(value, dict):
            yield from flat(value, f"{name}.")
        elif isinstance(value, list):
            yield name, _list_text(value)
        elif isinstance(value, bool):
            yield name, "true" if value else "false"
        else:
            yield name, value


def _list_text(values: list[Any]) -> str:
    """Words of a list joined; a list of objects as JSON."""
    if any(isinstance(value, (dict, list)) for value in values):
        return json.dumps(values, ensure_ascii=False, sort_keys=True)
    words = ("" if value is None else str(value) for value in values)
    return LIST_SEPARATOR.join(words)


def _level(ways: list[str]) -> _Level:
    return _Level(ways[0].split(".")[-1], tuple(tuple(way.split(".")) for way in ways))


def _listed(found: Any) -> list[Any]:
    if found is _ABSENT or found is None:
        return []
    return found if isinstance(found, list) else [found]


def _without_lists(record: dict[str, Any]) -> dict[str, Any]:
    return {
        key: _without_lists(cell) if isinstance(cell, dict) else cell
        for key, cell in record.items()
        if not isinstance(cell, list)
    }
