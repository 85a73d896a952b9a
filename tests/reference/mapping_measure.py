"""How well `cxaudit map` proposes, against keys written by reading the files.

`python -m tests.reference.mapping_measure` prints the tables of docs/mapping.md.
"""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from cxaudit.proposal import Proposed, proposed
from tests.conftest import REFERENCE

KEYS = {
    "mapping_key.csv": "acceptance: worked on with these in view",
    "mapping_key_second.csv": "second set: looked at after a first run",
    "mapping_key_unseen.csv": "last set: run once, after the last change to the matching",
}


@dataclass
class Counts:
    """Columns of the key, and what was proposed for them."""

    columns: int = 0
    right: int = 0
    mapped: int = 0
    proposed: int = 0
    proposed_right: int = 0
    personal: int = 0
    personal_found: int = 0
    flagged: int = 0
    by_confidence: Counter[tuple[str, bool]] = field(default_factory=Counter)

    def __add__(self, other: Counts) -> Counts:
        names = [n for n in self.__dataclass_fields__ if n != "by_confidence"]
        both = {name: getattr(self, name) + getattr(other, name) for name in names}
        return Counts(**both, by_confidence=self.by_confidence + other.by_confidence)


def keys(name: str) -> dict[str, dict[str, tuple[str, bool]]]:
    """File -> header -> (canonical table and column or '', personal)."""
    found: dict[str, dict[str, tuple[str, bool]]] = defaultdict(dict)
    with (Path(__file__).parent / name).open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            found[row["file"]][row["column"]] = (row["canonical"], row["personal"] == "yes")
    return dict(found)


def runs(name: str) -> Iterator[tuple[str, Proposed, dict[str, tuple[str, bool]]]]:
    """Every file of a key, proposed by itself."""
    for file, key in keys(name).items():
        [one], problems = proposed([REFERENCE / "data" / file])
        assert not problems, file
        headers = {traits.header for traits in one.sample.columns}
        assert headers == set(key), f"{file}: the key and the file have other headers"
        yield file, one, key


def counted(one: Proposed, key: dict[str, tuple[str, bool]]) -> Counts:
    """What was proposed for the columns of one file."""
    counts = Counts()
    table = one.assignment.table if one.assignment else ""
    for header, (canonical, is_personal) in key.items():
        match = one.matches.get(header)
        is_right = (f"{table}.{match.column}" if match else "") == canonical
        counts.columns += 1
        counts.right += is_right
        counts.mapped += bool(canonical)
        counts.personal += is_personal
        counts.flagged += header in one.personal
        counts.personal_found += is_personal and header in one.personal
        if match:
            counts.proposed += 1
            counts.proposed_right += is_right
            counts.by_confidence[match.confidence, is_right] += 1
    return counts


def table(name: str) -> list[str]:
    """The rows of a set's table, one per file and their sum."""
    lines = [
        "| file | table | columns | right | precision | recall | high | medium | low | personal |",
        "|---|---|---|---|---|---|---|---|---|---|",
    ]
    total = Counts()
    for file, one, key in runs(name):
        counts = counted(one, key)
        total += counts
        lines.append(row(file, one.assignment.table if one.assignment else "none", counts))
    return [*lines, row("**all**", "", total)]


def row(file: str, proposed_table: str, counts: Counts) -> str:
    """One row of the table; of the words of confidence: right of proposed."""
    share = counts.right / counts.columns
    sure = [
        f"{right} of {right + counts.by_confidence[word, False]}"
        for word in ("high", "medium", "low")
        for right in [counts.by_confidence[word, True]]
    ]
    cells = [
        file,
        proposed_table,
        str(counts.columns),
        f"{counts.right} ({100 * share:.1f} %)",
        f"{counts.proposed_right} of {counts.proposed}",
        f"{counts.proposed_right} of {counts.mapped}",
        *sure,
        f"{counts.personal_found} of {counts.personal}",
    ]
    return f"| {' | '.join(cells)} |"


def document() -> str:
    """All tables, each under what its files are."""
    parts = [f"{what.capitalize()}.\n\n" + "\n".join(table(name)) for name, what in KEYS.items()]
    return "\n\n".join(parts)


if __name__ == "__main__":
    print(document())
