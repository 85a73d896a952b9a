"""Reader `zendesk`: a folder with Zendesk's tables in Fivetran's layout.

Three steps for each table: as delivered → the columns expected, missing ones as typed nulls →
renamed and cast, one column a line (`zendesk_layout.MAPPINGS`).
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path

import pyarrow as pa

from cxaudit.contracts.canonical import canonical_tables
from cxaudit.errors import Problem, UnreadableData, nearest
from cxaudit.readers.cells import as_text
from cxaudit.readers.columns import Columns
from cxaudit.readers.delivered import Delivered, Deliveries
from cxaudit.readers.extract import FILTERED, UNREADABLE, Extract
from cxaudit.readers.files import FORMATS
from cxaudit.readers.mapped import typed
from cxaudit.readers.mapping import header_hint
from cxaudit.readers.zendesk_derived import DERIVATIONS, PLACES, unchanged
from cxaudit.readers.zendesk_layout import CHANNELS, EXPECTED, MAPPINGS
from cxaudit.sources import FileSettings, MappedSource, ZendeskSource


@dataclass(frozen=True)
class Layout:
    """The delivered tables of one folder: text columns, every expected one present."""

    tables: dict[str, Delivered]
    present: dict[str, frozenset[str]]

    def columns(self, name: str) -> pa.Table:
        """An expected table; without rows if it was not delivered."""
        if name in self.tables:
            return self.tables[name].table
        return pa.table({h: pa.array([], pa.large_string()) for h in EXPECTED[name]})


def paths(source: ZendeskSource, deliveries: Deliveries) -> list[Path]:
    """The files of the folder that are read."""
    return [Path(settings.path[0]) for settings in _found(source, deliveries).values()]


def announce(source: ZendeskSource, deliveries: Deliveries) -> list[Problem]:
    """What is wrong with the settings alone."""
    where = f"source '{source.name}'"
    columns = canonical_tables()["tickets"].columns
    problems = [
        Problem(where, f"table tickets has no column '{name}'", do=nearest(name, columns))
        for name in source.ticket_columns
        if name not in columns
    ]
    words = columns["channel"].enum
    return problems + [
        Problem(f"{where}, channels", f"'{word}' is no channel", do=nearest(word, words))
        for word in (*source.channels.values(), source.default_channel)
        if word not in words
    ]


def check(source: ZendeskSource, deliveries: Deliveries) -> tuple[list[Problem], list[Problem]]:
    """What is wrong between settings and files: (settings to correct, files not as declared)."""
    where = f"source '{source.name}'"
    found = _found(source, deliveries)
    if "ticket" not in found:
        what = f"no table 'ticket' in {source.path}"
        do = "Put ticket_data.csv there, or ticket.parquet."
        return [], [Problem(where, what, do=do)]
    wrong: list[Problem] = []
    unread: list[Problem] = []
    for name, settings in found.items():
        wanted = {*EXPECTED[name], *(source.ticket_columns.values() if name == "ticket" else ())}
        deliveries.announce(settings, wanted)
        try:
            headers = {h for names in deliveries.headers(settings).values() for h in names}
        except UnreadableData as error:
            unread += [p if isinstance(p, Problem) else Problem(where, p) for p in error.problems]
            continue
        is_header = bool(headers & set(EXPECTED[name]))
        lacking = [] if name != "ticket" else sorted(set(source.ticket_columns.values()) - headers)
        wrong += [
            Problem(
                where, f"table ticket has no column '{h}'", do=header_hint(h, headers, is_header)
            )
            for h in lacking
        ]
        key = EXPECTED[name][0]
        if key not in headers:
            what = f"table {name} has no column '{key}'"
            unread.append(Problem(where, what, do=header_hint(key, headers, is_header)))
    return wrong, unread


def read(source: ZendeskSource, deliveries: Deliveries) -> list[Extract]:
    """Every canonical table the folder's tables make. Raises UnreadableData."""
    found = _found(source, deliveries)
    tables, present = {}, {}
    for name, settings in found.items():
        delivered = deliveries.rows(settings, source.name)
        present[name] = frozenset(delivered.table.column_names)
        tables[name] = replace(delivered, table=_expected(name, delivered.table))
    layout = Layout(tables, present)
    return [_extract(source, layout, table) for table in MAPPINGS if MAPPINGS[table][0] in tables]


def _found(source: ZendeskSource, deliveries: Deliveries) -> dict[str, FileSettings]:
    """The files of the folder that are tables of the layout, 'user' and 'user_data' alike.

    A table may come in parts, 'ticket_data_1' and 'ticket_data_2': they are read as one.
    """
    folder = deliveries.folder / Path(source.path).expanduser()
    parts: dict[str, list[str]] = {}
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        stem, *suffixes = path.name.lower().split(".")
        name = re.sub(r"[_-]\d+$", "", stem).removesuffix("_data")
        if name in EXPECTED and suffixes and f".{suffixes[0]}" in FORMATS:
            parts.setdefault(name, []).append(str(path))
    return {name: FileSettings(path=tuple(paths)) for name, paths in parts.items()}


def _expected(name: str, table: pa.Table) -> pa.Table:
    """Text in every column, and a null column for each expected one that is missing."""
    for number, field in enumerate(table.schema):
        if field.name not in PLACES:
            table = table.set_column(number, field.name, as_text(table.column(number)))
    for header in EXPECTED[name]:
        if header not in table.column_names:
            table = table.append_column(header, pa.nulls(table.num_rows, pa.large_string()))
    return table


def _extract(source: ZendeskSource, layout: Layout, table: str) -> Extract:
    """One canonical table: derived columns added, then renamed and cast."""
    name, mapping = MAPPINGS[table]
    delivered = layout.tables[name]
    shaped = DERIVATIONS.get(table, unchanged)(source, layout)
    settings = _settings(source, layout, table, name, mapping)
    columns = Columns(settings, delivered.files)
    cast, unreadable = typed(settings, shaped.rows, columns)
    excluded: Counter[str] = Counter({UNREADABLE: int(unreadable.sum()) + delivered.unreadable})
    excluded[FILTERED] += shaped.left_out
    received = shaped.rows.num_rows + shaped.left_out + delivered.unreadable
    noticed = (*delivered.findings, *shaped.findings, *columns.findings)
    named = [replace(finding, table=table) for finding in noticed]
    return Extract(table, cast.filter(pa.array(~unreadable)), received, +excluded, named)


def _settings(
    source: ZendeskSource, layout: Layout, table: str, name: str, mapping: dict[str, object]
) -> MappedSource:
    """The mapping of one table as settings, without the columns nothing was delivered for."""
    columns = {}
    for column, origin in mapping.items():
        header = origin["from"] if isinstance(origin, dict) and "from" in origin else origin
        if isinstance(header, str) and header.islower() and header not in layout.present[name]:
            continue
        columns[column] = origin
    if table == "tickets":
        columns["channel"] = {
            "from": "via_channel",
            "values": {**CHANNELS, **source.channels},
            "otherwise": source.default_channel,
            "when_empty": source.default_channel,
        }
        columns |= source.ticket_columns
    return MappedSource.model_validate(
        {
            "table": table,
            "name": f"{source.name}, table {name}",
            "path": name,
            "time_zone": source.time_zone,
            "columns": columns,
        }
    )
