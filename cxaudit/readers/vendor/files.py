"""Which of the files named are which tables of a layout."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from cxaudit.readers.files import format_of, found_paths
from cxaudit.readers.layouts.declaration import Delivered, Layout
from cxaudit.readers.nested import plain
from cxaudit.sources import FileSettings, VendorSource

JSON = ("json", "jsonl")
# What the name of one part of a table ends in: _data, _2026-07-01, _2026Q3, _page2, _part_1_of_3.
PART = r"_(?:data|(?:(?:page|part|of)_?)?(?:\d+(?:t\d+z?)?|(?:\d{4})?q[1-4]))$"


def tables_found(
    source: VendorSource, layout: Layout, folder: Path
) -> tuple[dict[str, FileSettings], list[str]]:
    """The files of each delivered table, and the names of files that are none of the layout's.

    A table may come in parts, 'ticket_data_1' and 'ticket_data_2' or 'tickets_2026-07': they are
    read as one. A JSON document may hold several tables.
    """
    unused = []
    parts: dict[str, list[str]] = {name: list(paths) for name, paths in source.files.items()}
    for path in _paths(source, folder):
        names = [name for name in _tables_of(path, layout) if name not in source.files]
        unused += [] if names else [path.name]
        for name in names:
            parts.setdefault(name, []).append(str(path))
    found = {name: _settings(source, layout.tables[name], parts[name]) for name in parts}
    return found, sorted(unused)


def file_paths(source: VendorSource, layout: Layout, folder: Path) -> list[Path]:
    """The files that are read, in order."""
    found = tables_found(source, layout, folder)[0]
    paths = {path for settings in found.values() for path in found_paths(folder, settings)[0]}
    return sorted(paths)


def renamed(names: Iterable[str], declared: Delivered) -> dict[str, str]:
    """Delivered header -> expected one, for those that are written otherwise."""
    names = list(names)
    written = {plain(name): name for name in reversed(names)}
    wanted = {header: header for header in declared.headers} | dict(declared.aliases)
    changes: dict[str, str] = {}
    for header, expected in wanted.items():
        found = header if header in names else written.get(plain(header))
        is_there = expected in names or expected in changes.values()
        if found is not None and not is_there and found not in (*declared.headers, *changes):
            changes[found] = expected
    return changes


def _paths(source: VendorSource, folder: Path) -> list[Path]:
    return found_paths(folder, FileSettings(path=source.path))[0] if source.path else []


def _tables_of(path: Path, layout: Layout) -> list[str]:
    """The tables a file of this name holds; in JSON, those that say where their records are."""
    stem = re.sub(r"[\s-]+", "_", path.name.lower().split(".")[0])
    while not (named := _called(stem, layout)) and (shorter := re.sub(PART, "", stem)) != stem:
        stem = shorter
    is_json = format_of(path.name) in JSON
    inside = [name for name in named if layout.tables[name].records]
    if is_json and inside:
        return inside
    return [name for name in named if name not in inside]


def _called(stem: str, layout: Layout) -> list[str]:
    return [name for name, table in layout.tables.items() if stem in (name.lower(), *table.files)]


def _settings(source: VendorSource, declared: Delivered, paths: list[str]) -> FileSettings:
    records = {"records": declared.records} if declared.records else {}
    given = source.model_dump(include={"encoding", "delimiter"}, exclude_none=True)
    return FileSettings.model_validate({"path": paths, **records, **declared.written, **given})
