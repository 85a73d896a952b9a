"""Which columns of one file hold the keys of another: their cells are found there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cxaudit.contracts.canonical import canonical_tables
from cxaudit.proposal.assignment import Assignment
from cxaudit.proposal.sample import Sample
from cxaudit.proposal.traits import Traits

FEWEST = 10
MOST_OF_THEM = 0.5
# Of a file of which only a part was looked at, fewer can be found.
SOME_OF_THEM = 0.05
LONG_ENOUGH = 4


@dataclass(frozen=True)
class Link:
    """The cells of a header that are found in a key of another sample; `share` 0 to 1."""

    header: str
    key: str
    sample: int
    share: float


def links(found: Sequence[tuple[Sample, Assignment | None]]) -> list[list[Link]]:
    """For every sample the links from its columns to the keys of the others."""
    keys = [_key(sample, assignment) for sample, assignment in found]
    all_links = []
    for number, (sample, _) in enumerate(found):
        own: list[Link] = []
        for other, key in enumerate(keys):
            if key is None or other == number:
                continue
            name, traits = key
            for column in sample.columns:
                share = _found_in(column, traits, found[other][0].is_whole)
                if share:
                    own.append(Link(column.header, name, other, share))
        all_links.append(own)
    return all_links


def _key(sample: Sample, assignment: Assignment | None) -> tuple[str, Traits] | None:
    """The name of a sample's one key and its cells, where no two rows share one."""
    if assignment is None:
        return None
    key = canonical_tables()[assignment.table].key
    match = assignment.by_column.get(key[0])
    if len(key) != 1 or match is None:
        return None
    traits = sample.column(match.header)
    return (key[0], traits) if traits.is_unique else None


def _found_in(column: Traits, key: Traits, is_whole: bool) -> float:
    """The share of a column's different cells that are keys; 0 where that may be chance."""
    if column.kind not in ("integer", "word") or column.distinct < FEWEST:
        return 0.0
    long = sum(len(word) >= LONG_ENOUGH for word in column.words)
    if long < 0.5 * column.distinct:
        # small numbers are found anywhere
        return 0.0
    share = sum(word in key.words for word in column.words) / column.distinct
    return share if share >= (MOST_OF_THEM if is_whole else SOME_OF_THEM) else 0.0
