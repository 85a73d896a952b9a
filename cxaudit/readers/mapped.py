"""Reader `mapped`: any table, each canonical column made from headers the engagement names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from cxaudit.contracts.canonical import canonical_tables
from cxaudit.errors import Problem, UnreadableData
from cxaudit.readers.columns import Columns
from cxaudit.readers.delivered import Delivered, Deliveries, positions
from cxaudit.readers.extract import FILTERED, OLDER, UNREADABLE, Extract
from cxaudit.readers.files import found_paths
from cxaudit.readers.findings import Finding
from cxaudit.readers.mapping import (
    header_problems,
    lookup_headers,
    lookup_places,
    needed_headers,
    repeated_unused,
    setting_problems,
)
from cxaudit.readers.reshape import is_latest, joined, lengthened, looked_up, meets
from cxaudit.sources import FileSettings, Latest, Lookup, MappedSource

TIE = "latest-tie"


def paths(source: MappedSource, deliveries: Deliveries) -> list[Path]:
    """The files that the source and its look-ups name."""
    places: list[FileSettings] = [source]
    for lookup in source.lookup:
        places += lookup_places(source, lookup, deliveries)
    return [path for place in places for path in found_paths(deliveries.folder, place)[0]]


def announce(source: MappedSource, deliveries: Deliveries) -> list[Problem]:
    """What is wrong with the settings alone; tells the deliveries which columns will be needed."""
    problems = setting_problems(source)
    deliveries.announce(source, needed_headers(source))
    for lookup in source.lookup:
        for place in lookup_places(source, lookup, deliveries):
            deliveries.announce(place, lookup_headers(lookup))
    return problems


def check(source: MappedSource, deliveries: Deliveries) -> tuple[list[Problem], list[Problem]]:
    """What is wrong between settings and files: (settings to correct, files not as declared)."""
    return header_problems(source, deliveries)


def read(source: MappedSource, deliveries: Deliveries) -> list[Extract]:
    """The rows of the source's table. Raises UnreadableData for a zone or format left open."""
    delivered = deliveries.rows(source, source.name)
    answers = [
        (lookup, deliveries.rows(place, source.name))
        for lookup in source.lookup
        for place in lookup_places(source, lookup, deliveries)
    ]
    twice = Finding("header-twice", "", repeated_unused(source, delivered.headers))
    return [extract(source, delivered, answers, [twice])]


def extract(
    source: MappedSource,
    delivered: Delivered,
    answers: Sequence[tuple[Lookup, Delivered]] = (),
    noticed: Sequence[Finding] = (),
) -> Extract:
    """What delivered rows are of the source's table. Raises UnreadableData.

    answers: each look-up with the rows it searches. noticed: findings before this.
    """
    findings = [*delivered.findings, *noticed]
    excluded: Counter[str] = Counter({UNREADABLE: delivered.unreadable})
    received = delivered.received
    columns = Columns(source, delivered.files)

    rows = delivered.table
    for lookup, answer in answers:
        name = ", ".join(answer.files)
        rows, found = looked_up(rows, answer.table, lookup, name, columns.text)
        findings += found
    if source.filter:
        kept = meets(rows, source.filter, columns.text)
        excluded[FILTERED] += int((~kept).sum())
        rows = rows.filter(pa.array(kept))
    for rule in source.latest:
        rows, older, found = _latest(rule, rows, columns)
        # Keys that are still equal are so only where no further rule decides.
        found = [f for f in found if f.kind != TIE or rule is source.latest[-1]]
        excluded[OLDER] += older
        findings += found
    if source.unpivot:
        # the ledger counts rows of the table, so a delivered row counts once for each it became
        times = len(source.unpivot.columns)
        received, excluded = received * times, Counter({k: n * times for k, n in excluded.items()})
        rows = lengthened(rows, source.unpivot, columns.text)
        if not source.unpivot.keep_empty:
            filled = pc.is_valid(rows[source.unpivot.value])
            excluded[FILTERED] += rows.num_rows - pc.sum(filled).as_py() if rows.num_rows else 0
            rows = rows.filter(filled)

    table, unreadable = typed(source, rows, columns)
    excluded[UNREADABLE] += int(unreadable.sum())
    findings += columns.findings
    named = [replace(finding, table=source.table) for finding in findings]
    return Extract(source.table, table.filter(pa.array(~unreadable)), received, +excluded, named)


def typed(source: MappedSource, rows: pa.Table, columns: Columns) -> tuple[pa.Table, np.ndarray]:
    """The canonical columns supplied, and a mask of rows in which an obligatory one is unreadable.

    Raises UnreadableData, with the problems of every column.
    """
    declared = canonical_tables()[source.table].columns
    unreadable = np.zeros(rows.num_rows, dtype=bool)
    problems: list[Any] = []
    made = {}
    for name, settings in source.columns.items():
        try:
            made[name], broken = columns.make(rows, declared[name], settings)
            unreadable |= broken
        except UnreadableData as error:
            problems.extend(error.problems)
    if problems:
        raise UnreadableData(problems)
    return pa.table(made), unreadable


def _latest(rule: Latest, rows: pa.Table, columns: Columns) -> tuple[pa.Table, int, list[Finding]]:
    """Each key's latest rows, the number of older ones, and what was unsure about it."""
    by = columns.comparable(rows, rule.by, rule.kind)
    unknown = np.asarray(pc.is_null(by).to_numpy(), dtype=bool)
    keys = joined([columns.text(rows, header) for header in rule.per], "\x1f")
    latest, ties = is_latest(keys, by)
    how = rule.by
    where = positions(columns.files, rows, unknown)
    findings = [
        Finding("latest-unknown", "", int(unknown.sum()), how=how, positions=where),
        Finding(TIE, "", ties, how=how),
    ]
    return rows.filter(pa.array(latest)), int((~latest).sum()), findings
