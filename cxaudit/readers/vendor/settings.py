"""What a layout makes of a table, as the settings of a mapped source."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from cxaudit.contracts.canonical import canonical_tables
from cxaudit.errors import Problem, nearest
from cxaudit.readers.layouts.declaration import Delivered, Layout, Made, Tables
from cxaudit.sources import CellSettings, ColumnSettings, MappedSource, VendorSource
from cxaudit.sources.questions import COMMENT


def setting_problems(source: VendorSource, layout: Layout) -> list[Problem]:
    """What is wrong with the engagement's settings, whatever the files hold."""
    where = f"source '{source.name}'"
    canonical = canonical_tables()
    made = dict.fromkeys(made.table for made in layout.made)
    problems = [
        Problem(where, f"the layout has no table '{name}'", do=nearest(name, layout.tables))
        for name in source.files
        if name not in layout.tables
    ]
    for table, columns in source.columns.items():
        if table not in made:
            what = f"the layout makes no table '{table}'"
            problems.append(Problem(f"{where}, columns", what, do=nearest(table, made)))
            continue
        known = canonical[table].columns
        problems += [
            Problem(where, f"table {table} has no column '{name}'", do=nearest(name, known))
            for name in columns
            if name not in known
        ]
    enums = {
        name: column.enum
        for table in made
        for name, column in canonical[table].columns.items()
        if column.enum
    }
    for column, words in source.words.items():
        if column not in enums:
            what = f"no column '{column}' takes a word of a list"
            problems.append(Problem(f"{where}, words", what, do=nearest(column, enums)))
            continue
        problems += _wrong_words(f"{where}, words", column, words.values(), enums[column])
    problems += _question_problems(where, source, layout, enums.get("question_key", ()))
    if source.default_channel and "channel" in enums:
        given = [source.default_channel]
        problems += _wrong_words(f"{where}, default_channel", "channel", given, enums["channel"])
    return problems


def _question_problems(
    where: str, source: VendorSource, layout: Layout, known: tuple[str, ...]
) -> Iterator[Problem]:
    if layout.asks and not source.questions:
        do = 'Say what is asked, for example questions = { Q1 = "nps" }.'
        yield Problem(where, "key 'questions' is missing", do=do)
    if source.questions and not layout.asks:
        yield Problem(where, f"the layout {layout.name} asks no questions", do="Take them out.")
    keys = [question.key for question in source.questions.values() if question.key != COMMENT]
    if source.questions and not keys:
        yield Problem(f"{where}, questions", "no question but a comment", do="Name one more.")
    yield from _wrong_words(f"{where}, questions", "question_key", keys, known)


def _wrong_words(where: str, column: str, words: Any, known: tuple[str, ...]) -> Iterator[Problem]:
    for word in dict.fromkeys(words):
        if word and word not in known:
            yield Problem(where, f"'{word}' is no {column}", do=nearest(word, known))


def mapped_source(
    source: VendorSource, made: Made, declared: Delivered, tables: Tables
) -> MappedSource:
    """The settings of one canonical table; columns nothing was delivered for are left out."""
    present = tables.present[made.of]
    origins = {name: _origin(value) for name, value in made.columns.items()}
    there = {*present, *tables.present}
    needs = {name: set(origin.pop("needs", there)) for name, origin in origins.items()}
    origins |= _completed(source, made.table, origins)
    missing = {*declared.headers, *declared.aliases} - present
    columns: dict[str, Any] = {
        name: origin
        for name, origin in origins.items()
        if not _is_absent(origin, missing) and there & needs.get(name, there)
    }
    columns |= asked(source, made.table, present)
    return MappedSource.model_validate(
        {
            **made.cells,
            **source.model_dump(include=set(CellSettings.model_fields), exclude_none=True),
            "table": made.table,
            "name": f"{source.name}, table {made.of}",
            "path": made.of,
            "time_zone": source.time_zone or declared.time_zone,
            "columns": columns,
            "filter": made.filter,
            # a rule needs the column it goes by
            "latest": [rule for rule in made.latest if rule["by"] not in missing],
            "unpivot": made.unpivot,
            "lookup": [_lookup(lookup) for lookup in made.lookup],
        }
    )


def asked(source: VendorSource, table: str, present: frozenset[str]) -> dict[str, ColumnSettings]:
    """The engagement's own columns of a canonical table that delivered headers can make."""
    return {
        name: settings
        for name, settings in source.columns.get(table, {}).items()
        if set(settings.used_headers()) <= present
    }


def _origin(value: Any) -> dict[str, Any]:
    return dict(value) if isinstance(value, Mapping) else {"from": value}


def _completed(
    source: VendorSource, table: str, origins: Mapping[str, dict[str, Any]]
) -> dict[str, dict[str, Any]]:
    """The engagement's words, and its defaults for channel and team, put into the columns."""
    changed = {}
    for name, words in source.words.items():
        if name in origins and "from" in origins[name]:
            origin = origins[name]
            changed[name] = {**origin, "values": {**(origin.get("values") or {}), **words}}
    if table == "tickets" and source.default_channel and "channel" in origins:
        origin = changed.get("channel", origins["channel"])
        default = source.default_channel
        if "from" in origin:
            changed["channel"] = {**origin, "otherwise": default, "when_empty": default}
        else:
            changed["channel"] = {"constant": default}
    if table == "agents":
        delivered = origins.get("team_id")
        changed["team_id"] = (
            {**delivered, "when_empty": source.team} if delivered else {"constant": source.team}
        )
    return changed


def _is_absent(origin: Mapping[str, Any], missing: set[str]) -> bool:
    """True if the column would be made of headers alone that were not delivered."""
    used = ColumnSettings.model_validate(origin).used_headers()
    return bool(used) and "when_empty" not in origin and set(used) <= missing


def _lookup(lookup: Mapping[str, Any]) -> dict[str, Any]:
    return {"path" if key == "table" else key: value for key, value in lookup.items()}
