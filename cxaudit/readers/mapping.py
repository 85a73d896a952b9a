"""What a mapped source's settings ask for, checked against the tables and the files' headers."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterable, Iterator

from cxaudit.contracts.canonical import Column, canonical_tables
from cxaudit.errors import Problem, UnreadableData, nearest
from cxaudit.readers.delimited import better_delimiter
from cxaudit.readers.delivered import Deliveries
from cxaudit.readers.rows import unreadable
from cxaudit.sources import ColumnSettings, FileSettings, Lookup, MappedSource


def plain_header(header: str) -> str:
    """The delivered column that a setting means: 'name#1' is the first, written 'name'."""
    return header.removesuffix("#1")


def lookup_places(
    source: MappedSource, lookup: Lookup, deliveries: Deliveries
) -> list[FileSettings]:
    """The files a look-up searches; a bare path is written as the source's own files are."""
    if lookup.source is not None:
        return list(deliveries.named[lookup.source])
    shared = {"encoding", "delimiter", "quote", "escape"}
    return [FileSettings(path=(str(lookup.path),), **source.model_dump(include=shared))]


def lookup_headers(lookup: Lookup) -> set[str]:
    """The headers a look-up needs in the file it searches."""
    return {plain_header(h) for h in (*lookup.match.values(), *lookup.take.values())}


def references(source: MappedSource) -> Iterator[tuple[str, str]]:
    """(where in the settings, header named there) for everything taken from the rows."""
    for number, lookup in enumerate(source.lookup, start=1):
        yield from ((f"lookup {number}", header) for header in lookup.match)
    yield from ((f"filter {n}", c.column) for n, c in enumerate(source.filter, start=1))
    for rule in source.latest:
        yield from (("latest", header) for header in (*rule.per, rule.by))
    if source.unpivot:
        yield from (("unpivot", header) for header in source.unpivot.columns.values())
    for name, column in source.columns.items():
        yield from ((f"column {name}", header) for header in column.used_headers())


def made_names(source: MappedSource) -> set[str]:
    """The columns the source's own settings add to the files' headers."""
    made = {name for lookup in source.lookup for name in lookup.take}
    return made | ({source.unpivot.key, source.unpivot.value} if source.unpivot else set())


def header_hint(header: str, known: Collection[str], is_header: bool) -> str:
    """What to do about a header that is not there.

    `is_header`: the file's first line is one, some name asked for being in it. Else it may be a row
    of customers' data, and is not shown.
    """
    if is_header or difflib.get_close_matches(header, known, n=1):
        return nearest(header, known)
    return (
        f"None of the {len(known)} cells of its first line is asked for: copy the names from it, "
        "or set skip_lines if the header stands lower."
    )


def needed_headers(source: MappedSource) -> set[str]:
    """The headers of the files that have to be read."""
    return {plain_header(header) for _, header in references(source)} - made_names(source)


def setting_problems(source: MappedSource) -> list[Problem]:
    """What is wrong with a source's settings, whatever its files hold."""
    where = f"source '{source.name}'"
    inputs = {name: table for name, table in canonical_tables().items() if table.source == "input"}
    if source.table not in inputs:
        what = f"no table to load is named '{source.table}'"
        return [Problem(where, what, do=nearest(source.table, inputs))]
    columns = inputs[source.table].columns
    problems = []
    for name, settings in source.columns.items():
        if name not in columns:
            what = f"table {source.table} has no column '{name}'"
            problems.append(Problem(where, what, do=nearest(name, columns)))
        elif settings.plus_seconds and columns[name].type != "instant":
            what = "'plus_seconds' adds to a time, and this column holds none"
            problems.append(Problem(f"{where}, column {name}", what, do="Take it out."))
        elif columns[name].enum:
            problems += _wrong_words(f"{where}, column {name}", settings, columns[name])
    return problems


def _wrong_words(where: str, settings: ColumnSettings, column: Column) -> list[Problem]:
    """Words the settings put into a column that the column does not know."""
    given = [settings.constant, settings.then, settings.otherwise, settings.when_empty]
    words = dict.fromkeys([*given, *(settings.values or {}).values()])
    return [
        Problem(where, f"'{word}' is not a word of this column", do=nearest(word, column.enum))
        for word in words
        if word and word not in column.enum
    ]


def header_problems(
    source: MappedSource, deliveries: Deliveries
) -> tuple[list[Problem], list[Problem]]:
    """What is wrong between settings and files: (settings to correct, files not as declared)."""
    where = f"source '{source.name}'"
    try:
        headers = deliveries.headers(source)
    except UnreadableData as error:
        return [], [p if isinstance(p, Problem) else Problem(where, p) for p in error.problems]
    needed = needed_headers(source)
    undelimited = _undelimited(headers, needed)
    if undelimited:
        return [], undelimited
    known = {name for names in headers.values() for name in names}
    asked = [(at, h) for at, h in references(source) if plain_header(h) not in made_names(source)]
    problems = _missing(where, asked, known, ", ".join(headers))
    problems += _twice(where, source, known)
    clash = made_names(source) & known
    problems += [
        Problem(where, f"the new column '{name}' has the name of a header", do="Choose another.")
        for name in sorted(clash)
    ]
    files: list[Problem] = []
    for number, lookup in enumerate(source.lookup, start=1):
        for place in lookup_places(source, lookup, deliveries):
            wrong, unread = _lookup_problems(f"{where}, lookup {number}", lookup, place, deliveries)
            problems, files = problems + wrong, files + unread
    return problems, files


def _lookup_problems(
    where: str, lookup: Lookup, place: FileSettings, deliveries: Deliveries
) -> tuple[list[Problem], list[Problem]]:
    try:
        headers = deliveries.headers(place)
    except UnreadableData as error:
        return [], [p if isinstance(p, Problem) else Problem(where, p) for p in error.problems]
    known = {name for names in headers.values() for name in names}
    asked = [(where, header) for header in (*lookup.match.values(), *lookup.take.values())]
    return _missing("", asked, known, ", ".join(headers)), []


def _missing(
    where: str, asked: Collection[tuple[str, str]], known: set[str], files: str
) -> list[Problem]:
    places: dict[str, list[str]] = {}
    is_header = any(plain_header(header) in known for _, header in asked)
    for at, header in asked:
        if plain_header(header) not in known:
            places.setdefault(header, []).append(at)
    return [
        Problem(
            ", ".join(part for part in (where, *dict.fromkeys(at)) if part),
            f"no header '{header}' in {files}",
            do=header_hint(header, known, is_header),
        )
        for header, at in places.items()
    ]


def _twice(where: str, source: MappedSource, known: set[str]) -> list[Problem]:
    """Bare names of headers that occur twice, unless the mapping tells the two apart."""
    asked = dict.fromkeys(header for _, header in references(source))
    told_apart = {re.sub(r"#\d+$", "", header) for header in asked if re.search(r"#\d+$", header)}
    return [
        Problem(
            where,
            f"the header '{header}' occurs more than once",
            do=f"Say which: '{header}#1' is the first, '{header}#2' the second.",
        )
        for header in asked
        if f"{header}#2" in known and header not in told_apart
    ]


def repeated_unused(source: MappedSource, known: Iterable[str]) -> int:
    """The number of headers that occur twice and are not asked for."""
    repeated = {name.removesuffix("#2") for name in known if name.endswith("#2")}
    asked = {re.sub(r"#\d+$", "", header) for _, header in references(source)}
    return len(repeated - asked)


def _undelimited(headers: dict[str, list[str]], needed: set[str]) -> list[Problem]:
    """Files whose only header holds the expected ones, cut at no delimiter."""
    problems: list[Problem] = []
    for name, names in headers.items():
        if len(names) == 1 and needed and not needed & set(names):
            better = better_delimiter(names[0], needed)
            if better:
                what = "has one column only: its cells are not separated as declared"
                error = unreadable(name, what, f"They are separated by {better}.")
                problems += [p for p in error.problems if isinstance(p, Problem)]
    return problems
