"""Sources in a database: their rows are put into Parquet files first, and read like any other."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from cxaudit.engine.extraction import Extraction
from cxaudit.errors import Problem, UnreadableData
from cxaudit.sources import DatabaseSource, Source


def extracted(sources: Iterable[Source], folder: Path) -> tuple[list[Source], dict[Path, str]]:
    """The sources, those of a database as files in the folder; and what messages call the files.

    A relation that is not there leaves no file. Raises `EngagementError` where a database cannot
    be reached, `UnreadableData` with every problem of what it delivers.
    """
    found: list[Source] = []
    names: dict[Path, str] = {}
    problems: list[str | Problem] = []
    for number, source in enumerate(sources):
        if isinstance(source, DatabaseSource):
            path = folder / f"{number}.parquet"
            try:
                is_there = extraction(source).write(path)
            except UnreadableData as error:
                problems += error.problems
                continue
            if source.required and not is_there:
                problems.append(_absent(source))
            names[path] = f"{source.url_variable}, {source.relation or source.name}"
            source = source.as_file(str(path))
        found.append(source)
    if problems:
        raise UnreadableData(problems)
    return found, names


def database_hashes(sources: Iterable[Source]) -> dict[str, str]:
    """A hash of the rows of each source in a database: what a reuse of the load rests on."""
    return {
        f"{source.url_variable}, {source.name}": extraction(source).fingerprint()
        for source in sources
        if isinstance(source, DatabaseSource)
    }


def _absent(source: DatabaseSource) -> Problem:
    what = f"the database has no table or view named '{source.relation}'"
    do = "Check relation, with its schema, and the right to read it; or set required = false."
    return Problem(f"source '{source.name}'", what, do=do)


def extraction(source: DatabaseSource) -> Extraction:
    """What a source takes from its database."""
    where = f"source '{source.name}'"
    return Extraction(source.url_variable, where, source.relation, source.query)
