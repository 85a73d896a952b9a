"""What is proposed about a table, as lines for a terminal of any width."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from cxaudit.contracts.canonical import canonical_tables
from cxaudit.proposal.assignment import MEANING
from cxaudit.proposal.proposing import Proposed
from cxaudit.proposal.toml import readable
from cxaudit.proposal.traits import Traits

HEADINGS = ("Header", "Proposed column", "Sure", "Personal", "Cells", "Shapes")
# At most so wide; what is left over goes to the shapes.
WIDEST = (30, 26, 6, 14, 18)
# The order in which columns give way where the width does not do, and how far.
LEAST = ((3, 8), (4, 9), (1, 15), (0, 20), (1, 12), (0, 12))
LEAST_SHAPES = 16
GAP = "  "


def listing(found: Sequence[Proposed], width: int) -> str:
    """The tables, one below the other, and what the words of confidence mean."""
    parts = [_table(one, found, width) for one in found]
    meanings = [f"  {word}: {meaning}" for word, meaning in MEANING.items()]
    parts.append("\n".join(["How sure:", *meanings]))
    return "\n\n".join(parts)


def _table(one: Proposed, found: Sequence[Proposed], width: int) -> str:
    sample = one.sample
    rows = "every row" if sample.is_whole else f"{sample.rows:,} rows of more"
    lines = [_cut(f"{readable(sample.name.split('/')[-1])} ({rows} looked at)", width)]
    if one.vendor:
        lines.append(f'This looks like an export of {one.vendor}: use reader = "{one.vendor}".')
    lines += [remark.capitalize() + "." for remark in sample.remarks]
    if not sample.has_header:
        lines.append("Its first line is no header: ask for the export with one.")
    elif one.assignment is None:
        lines.append("It is like no table of data_contracts/.")
    else:
        sure = one.assignment.confidence
        lines.append(f"Proposed table: {one.assignment.table} ({sure} confidence).")
    lines += ["", *_aligned([_row(one, traits) for traits in sample.columns], width)]
    return "\n".join([*lines, *_footing(one, found, width)])


def _row(one: Proposed, traits: Traits) -> tuple[str, ...]:
    match = one.matches.get(traits.header)
    return (
        readable(traits.header),
        match.column if match else "-",
        match.confidence if match else "",
        one.personal.get(traits.header, ""),
        _kind(traits),
        "  ".join(traits.shapes) or "-",
    )


def _kind(traits: Traits) -> str:
    if traits.kind == "empty":
        return "empty"
    if traits.written:
        written = traits.written.dates.removeprefix("clock ")
        return f"time {written}" if written != "iso" else "time"
    unique = ", unique" if traits.is_unique and traits.kind in ("integer", "word") else ""
    return f"{traits.kind}{unique}"


def _footing(one: Proposed, found: Sequence[Proposed], width: int) -> list[str]:
    if one.assignment is None:
        return []
    table = canonical_tables()[one.assignment.table]
    there = {match.column for match in one.assignment.matches}
    absent = [c.name for c in table.columns.values() if not c.nullable and c.name not in there]
    lines = []
    if absent:
        lines += _wrapped("Obligatory, and no header found: " + ", ".join(absent) + ".", width)
    for link in one.links:
        share = f"{link.share:.0%}".replace("%", " %")
        text = f"{readable(link.header)}: {share} of its cells are {link.key} in the rows looked at"
        text += f" of {readable(found[link.sample].sample.name.split('/')[-1])}."
        lines += _wrapped(text, width)
    if one.key and one.key.latest:
        text = f"Rows share the key: the newest of each by {readable(one.key.latest)} is proposed."
        lines += _wrapped(text, width)
    elif one.key:
        names = ", ".join(map(readable, one.key.joined))
        text = f"Rows share the key; together these are one: {names}." if names else ""
        lines += _wrapped(text or "Rows share the key: say which of them counts.", width)
    if one.latest is not None:
        lines.append(f"Latest time in these rows: {one.latest:%Y-%m-%d %H:%M:%S}.")
    return lines


def _aligned(rows: Sequence[tuple[str, ...]], width: int) -> list[str]:
    everything = [HEADINGS, *rows]
    sizes = [
        min(widest, max(_size(row[i]) for row in everything)) for i, widest in enumerate(WIDEST)
    ]
    if not any(row[3] for row in rows):
        sizes[3] = len(HEADINGS[3])
    room = max(width, 60) - len(GAP) * len(WIDEST)
    for number, least in LEAST:
        over = sum(sizes) - (room - LEAST_SHAPES)
        sizes[number] -= max(0, min(over, sizes[number] - least))
    sizes.append(room - sum(sizes))
    return [
        GAP.join(_padded(cell, size) for cell, size in zip(row, sizes, strict=True)).rstrip()
        for row in everything
    ]


def _padded(text: str, size: int) -> str:
    text = _cut(text, size)
    return text + " " * (size - _size(text))


def _size(text: str) -> int:
    """The cells of a terminal that a text takes up; some letters take two, some none."""
    return sum(
        0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1
        for c in text
    )


def _cut(text: str, size: int) -> str:
    if _size(text) <= size:
        return text
    while text and _size(text) > size - 1:
        text = text[:-1]
    return text + "…"


def _wrapped(text: str, width: int) -> list[str]:
    import textwrap

    return textwrap.wrap(text, max(width, 60), subsequent_indent="  ")
