"""What to do where several rows share what should be a key: a log, or a key of several columns."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import pyarrow.compute as pc

from cxaudit.contracts.canonical import canonical_tables
from cxaudit.proposal.assignment import Assignment
from cxaudit.proposal.names import words_of
from cxaudit.proposal.sample import Sample
from cxaudit.proposal.traits import Traits
from cxaudit.readers.reshape import joined

VERSION = frozenset(("updated", "modified", "changed", "mod", "version", "revision", "synced"))
MOST_TRIED = 12


@dataclass(frozen=True)
class KeyAdvice:
    """`latest`: the header by which the newest row of each key is told. `joined`: headers that make
    a key together, the key's own among them.
    """

    latest: str = ""
    joined: tuple[str, ...] = ()


def key_advice(sample: Sample, assignment: Assignment) -> KeyAdvice | None:
    """What to do about rows that share a key; None where they do not."""
    key = canonical_tables()[assignment.table].key
    match = assignment.by_column.get(key[0])
    if len(key) != 1 or match is None or not sample.has_header:
        return None
    traits = sample.column(match.header)
    if traits.filled < 2 or traits.distinct == traits.filled:
        return None
    if version := _version(sample):
        return KeyAdvice(latest=version)
    return KeyAdvice(joined=_together(sample, traits))


def _version(sample: Sample) -> str:
    """The header that says how new a row is: a time before a count."""
    ranked = [
        (traits.kind != "time", place, traits.header)
        for place, traits in enumerate(sample.columns)
        if traits.kind in ("time", "integer") and VERSION & set(words_of(traits.header))
    ]
    return min(ranked)[2] if ranked else ""


def _together(sample: Sample, key: Traits) -> tuple[str, ...]:
    """The fewest columns that, with the key's own, no two rows share; empty if none do."""
    others = [
        traits.header
        for traits in sample.columns
        if traits.header != key.header and traits.filled == traits.rows and _may_be_part(traits)
    ][:MOST_TRIED]
    text = {name: sample.whole(name) for name in (key.header, *others)}
    for count in (1, 2):
        for chosen in combinations(others, count):
            cells = joined([text[name] for name in (key.header, *chosen)], "\x1f")
            if len(pc.unique(cells)) == len(cells):
                return tuple(t.header for t in sample.columns if t.header in {key.header, *chosen})
    return ()


def _may_be_part(traits: Traits) -> bool:
    """Lines, sites and days come again; a time of its own for every row is no part of a key."""
    return traits.kind in ("word", "integer", "time") and traits.share_distinct < 0.2
