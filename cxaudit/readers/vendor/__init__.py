"""Reader of vendors' exports: what a layout declares, made of the files delivered.

Three steps for each table: as delivered → the columns expected, missing ones as nulls → what the
layout makes of it, by the settings of a mapped source.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pyarrow as pa

from cxaudit.errors import Problem, UnreadableData
from cxaudit.readers import mapped
from cxaudit.readers.cells import as_text
from cxaudit.readers.delivered import FILE, ROW, Delivered, Deliveries
from cxaudit.readers.extract import FILTERED, OLDER, Extract
from cxaudit.readers.findings import SHOWN, Finding
from cxaudit.readers.layouts import layout as layout_of
from cxaudit.readers.layouts.declaration import Delivered as Declared
from cxaudit.readers.layouts.declaration import Layout, Made, Shaped, Tables
from cxaudit.readers.mapping import header_hint
from cxaudit.readers.vendor.files import file_paths, renamed, tables_found
from cxaudit.readers.vendor.settings import asked, mapped_source, setting_problems
from cxaudit.sources import VendorSource

PLACES = (FILE, ROW)
TEXT = pa.large_string()


def paths(source: VendorSource, deliveries: Deliveries) -> list[Path]:
    """The files that are read."""
    return file_paths(source, layout_of(source.reader), deliveries.folder)


def announce(source: VendorSource, deliveries: Deliveries) -> list[Problem]:
    """What is wrong with the settings alone; tells the deliveries which columns will be needed."""
    layout = layout_of(source.reader)
    problems = setting_problems(source, layout)
    found = {} if problems else tables_found(source, layout, deliveries.folder)[0]
    for name, settings in found.items():
        deliveries.announce(settings, _nameable(source, layout, name))
    return problems


def check(source: VendorSource, deliveries: Deliveries) -> tuple[list[Problem], list[Problem]]:
    """What is wrong between settings and files: (settings to correct, files not as declared)."""
    where = f"source '{source.name}'"
    layout = layout_of(source.reader)
    found, _ = tables_found(source, layout, deliveries.folder)
    if not any(made.of in found for made in layout.made):
        return [], [_nothing_found(source, layout)]
    unread: list[Problem] = []
    headers: dict[str, set[str]] = {}
    for name, settings in found.items():
        declared = layout.tables[name]
        try:
            delivered = {h for names in deliveries.headers(settings).values() for h in names}
        except UnreadableData as error:
            unread += [p if isinstance(p, Problem) else Problem(where, p) for p in error.problems]
            continue
        changes = renamed(delivered, declared)
        headers[name] = {changes.get(header, header) for header in delivered}
        deliveries.want(settings, _wanted(source, layout, name, headers[name]) | set(changes))
        key = declared.headers[0]
        if delivered and key not in headers[name]:
            is_header = bool(headers[name] & set(declared.headers))
            what = f"table {name} has no column '{key}'"
            unread.append(Problem(where, what, do=header_hint(key, delivered, is_header)))
    return ([] if unread else _lacking(source, layout, headers)), unread


def read(source: VendorSource, deliveries: Deliveries) -> list[Extract]:
    """Every canonical table that the files delivered make. Raises UnreadableData."""
    layout = layout_of(source.reader)
    found, unused = tables_found(source, layout, deliveries.folder)
    delivered = {}
    present = {}
    for name, settings in found.items():
        raw = _told(deliveries.rows(settings, source.name), layout.tables[name])
        rows, there = _expected(layout.tables[name], raw.table)
        findings = [*raw.findings, Finding("header-first", "", _twice(layout.tables[name], raw))]
        delivered[name] = replace(raw, table=rows, findings=findings)
        present[name] = there
    rows = {name: delivered[name].table for name in delivered}
    empty = {name: _without_rows(table) for name, table in layout.tables.items()}
    tables = Tables({**empty, **rows}, present)
    extracts = [
        _extract(source, made, layout.tables[made.of], delivered, tables)
        for made in layout.made
        if made.of in delivered
    ]
    extracts[0].findings.append(_left_lying(source, unused))
    return extracts


def _left_lying(source: VendorSource, names: list[str]) -> Finding:
    """The files that hold no table of the layout, the first of them named."""
    more = ["..."] if len(names) > SHOWN else []
    return Finding("unused-files", source.name, len(names), how=", ".join(names[:SHOWN] + more))


def _nothing_found(source: VendorSource, layout: Layout) -> Problem:
    first, *others = dict.fromkeys(made.of for made in layout.made)
    what = f"no table '{first}' in {', '.join(source.path)}"
    do = f"Put {first}.csv (or .json, .parquet, ...) there; also read: {', '.join(others)}."
    return Problem(f"source '{source.name}'", what, do=do)


def _nameable(source: VendorSource, layout: Layout, name: str) -> set[str]:
    """The headers that may be asked for in a table, whatever is delivered."""
    declared = layout.tables[name]
    of = {made.table for made in layout.made if made.of == name}
    own = [s for table in of for s in source.columns.get(table, {}).values()]
    used = {header for settings in own for header in settings.used_headers()}
    return {*declared.headers, *declared.aliases, *used, *source.questions}


def _wanted(source: VendorSource, layout: Layout, name: str, present: set[str]) -> set[str]:
    """The headers that are used of a table."""
    # a question may be called by its header or by the survey's own id for it
    wanted = set(layout.tables[name].headers) | (present if source.questions else set())
    for made in layout.made:
        if made.of == name:
            for settings in asked(source, made.table, frozenset(present)).values():
                wanted.update(settings.used_headers())
    return wanted


def _lacking(source: VendorSource, layout: Layout, headers: dict[str, set[str]]) -> list[Problem]:
    """The engagement's own columns that no delivered table has the headers for."""
    problems = []
    for table, columns in source.columns.items():
        of = [made.of for made in layout.made if made.table == table and made.of in headers]
        for settings in columns.values():
            used = set(settings.used_headers())
            if any(used <= headers[name] for name in of):
                continue
            known = {header for name in of for header in headers[name]}
            problems += [
                Problem(
                    f"source '{source.name}'",
                    f"table {' or '.join(dict.fromkeys(of)) or table} has no column '{header}'",
                    do=header_hint(header, known, True),
                )
                for header in sorted(used - known) or sorted(used)
            ]
    return problems


def _expected(declared: Declared, table: pa.Table) -> tuple[pa.Table, frozenset[str]]:
    """Text in every column under its expected name, and a null column for each that is missing."""
    changes = renamed(table.column_names, declared)
    table = table.rename_columns([changes.get(name, name) for name in table.column_names])
    present = frozenset(table.column_names) - {*PLACES}
    if not present and not table.num_rows:
        # a JSON list without records has no headers to be missing
        present = frozenset(declared.headers)
    for number, field in enumerate(table.schema):
        if field.name not in PLACES:
            table = table.set_column(number, field.name, as_text(table.column(number)))
    for header in declared.headers:
        if header not in table.column_names:
            table = table.append_column(header, pa.nulls(table.num_rows, TEXT))
    return table, present


def _told(raw: Delivered, declared: Declared) -> Delivered:
    """A file without lists inside its records is nothing to tell."""
    if "[]." not in declared.records:
        return raw
    return replace(raw, findings=[f for f in raw.findings if f.kind != "no-rows"])


def _twice(declared: Declared, raw: Delivered) -> int:
    """The number of expected headers that were delivered twice."""
    changes = renamed(raw.headers, declared)
    names = {name.removesuffix("#2") for name in raw.headers if name.endswith("#2")}
    return len({changes.get(name, name) for name in names} & set(declared.headers))


def _without_rows(declared: Declared) -> pa.Table:
    return pa.table({header: pa.array([], TEXT) for header in declared.headers})


def _extract(
    source: VendorSource,
    made: Made,
    declared: Declared,
    delivered: dict[str, Delivered],
    tables: Tables,
) -> Extract:
    """One canonical table: derived columns added, then made as a mapped source makes it."""
    whole = delivered[made.of]
    shaped = made.derive(source, tables) if made.derive else Shaped(whole.table)
    settings = mapped_source(source, made, declared, tables)
    answers = [
        (lookup, delivered.get(name, Delivered(tables.rows[name], [], [])))
        for lookup in settings.lookup
        for name in [lookup.path or ""]
    ]
    found = mapped.extract(settings, replace(whole, table=shaped.rows), answers, shaped.findings)
    found.received += shaped.left_out
    found.excluded[FILTERED] += shaped.left_out - shaped.older
    found.excluded[OLDER] += shaped.older
    found.excluded = +found.excluded
    return found
