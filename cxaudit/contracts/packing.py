"""Which rules of a table Great Expectations judges together, on one batch of columns.

It copies a whole batch to judge a column that has nulls: of a large table it is given a few columns
at a time, which keeps the memory it takes to that of these columns.
"""

from __future__ import annotations

from collections.abc import Iterable

from cxaudit.contracts.rules import STRUCTURE_KINDS, VALUE_KINDS, Rule

# Rules that look at one column are given few cells; others more, which are not copied.
COLUMN_CELLS, QUERY_CELLS = 3_000_000, 40_000_000
QUERY_KINDS = ("condition", *VALUE_KINDS, "expectation")


def packed(rules: Iterable[Rule], rows: int) -> list[list[Rule]]:
    """The rules of one table of so many rows, in groups that share a batch.

    Rules of the table's structure are apart: they are judged on no rows.
    """
    structure: list[Rule] = []
    queries: list[Rule] = []
    columns: list[Rule] = []
    for rule in rules:
        if rule.kind in STRUCTURE_KINDS:
            structure.append(rule)
        elif rule.kind in QUERY_KINDS:
            queries.append(rule)
        else:
            columns.append(rule)
    everything = {name for rule in (*columns, *queries) for name in rule.columns}
    if rows * len(everything) <= COLUMN_CELLS:
        return [group for group in (structure, [*columns, *queries]) if group]
    # A length is read as a column of its own; rules of one column are neighbours.
    columns.sort(key=lambda rule: (rule.kind == "length", rule.columns))
    return [
        *([structure] if structure else ()),
        *_groups(columns, COLUMN_CELLS // rows),
        *_groups(queries, QUERY_CELLS // rows),
    ]


def _groups(rules: list[Rule], most: int) -> list[list[Rule]]:
    """The rules in their order, in groups that read so many columns at most, or one rule's."""
    groups: list[list[Rule]] = []
    read: set[str] = set()
    for rule in rules:
        read |= set(rule.columns)
        if not groups or len(read) > most:
            groups.append([])
            read = set(rule.columns)
        groups[-1].append(rule)
    return groups
