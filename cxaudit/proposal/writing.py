"""How a text file is written, told from its head: encoding, delimiter, where its header stands."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from cxaudit.proposal.traits import DECIMAL, traits
from cxaudit.readers.rows import unreadable
from cxaudit.readers.text_stream import BYTE_ORDER_MARKS

DELIMITERS = (",", ";", "\t", "|")
LOOKED_AT = 200
MOST_ABOVE = 20
GUESSED_FROM = 200_000
# What texts of service desks are written in where they are not UTF-8; others are rarely right.
LIKELY = (
    "cp1252",
    "cp1250",
    "cp1251",
    "cp1253",
    "cp1254",
    "shift_jis",
    "gb18030",
    "big5",
    "euc_kr",
)
LOOKS_LIKE_DATA = re.compile(
    r"^[+-]?\d[\d.,:/ T+-]*Z?$|^[^\s@]+@[^\s@]+\.[^\s@]+$|^[0-9a-f]{8}-[0-9a-f]{4}-", re.IGNORECASE
)
LONGEST_HEADER = 300
TEXT_CONTROLS = (9, 10, 12, 13, 27)
# Of the letters beyond ASCII, so few may be wrong in a text that is UTF-8 all the same.
FEW_WRONG = 0.1


@dataclass
class Writing:
    """How a delimited file is written; `has_header` is false where its first line is a row."""

    delimiter: str
    skip_lines: int = 0
    skip_after_header: int = 0
    has_header: bool = True


def encoding_of(name: str, head: bytes, is_whole: bool) -> tuple[str, str]:
    """The encoding of a file's head and a remark about it. Raises UnreadableData for no text."""
    for mark, announced in BYTE_ORDER_MARKS.items():
        if head.startswith(mark):
            return announced, ""
    start = head[:65536]
    if 0 in start:
        return _without_mark(name, start), "in UTF-16 without its mark"
    controls = sum(start.count(code) for code in range(32) if code not in TEXT_CONTROLS)
    if controls > 0.01 * len(start):
        raise unreadable(name, "holds control characters: it is no text", "Set the right format.")
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head, final=is_whole)
        return "utf-8", ""
    except UnicodeDecodeError:
        pass
    decoded = head.decode("utf-8", "replace")
    wrong = decoded.count("\N{REPLACEMENT CHARACTER}")
    if wrong < FEW_WRONG * sum(not letter.isascii() for letter in decoded):
        return "utf-8", f"{wrong:,} places are not UTF-8: rows with them are left out and counted"
    return _guessed(head), "the encoding is a guess: look at names with accents"


def _without_mark(name: str, start: bytes) -> str:
    """Which UTF-16 bytes with zeros are in: every other one is zero. Raises UnreadableData."""
    halves = {"utf-16-be": start[0::2], "utf-16-le": start[1::2]}
    zeros = {encoding: half.count(0) / max(1, len(half)) for encoding, half in halves.items()}
    likely = max(sorted(zeros), key=lambda encoding: zeros[encoding])
    text = start.decode(likely, "replace")
    controls = sum(letter < " " and ord(letter) not in TEXT_CONTROLS for letter in text)
    if zeros[likely] < 0.5 or min(zeros.values()) > 0.05 or controls > 0.01 * len(text):
        raise unreadable(name, "holds zero bytes: it is no text", "Set the right format.")
    return likely


def _guessed(head: bytes) -> str:
    from charset_normalizer import from_bytes

    start = head[:GUESSED_FROM]
    best = from_bytes(start, cp_isolation=list(LIKELY)).best()
    if best is None:
        return LIKELY[0]
    # several encodings may say the same of these bytes: the commonest of them is meant
    text = start.decode(best.encoding, "replace")
    return next(name for name in (*LIKELY, best.encoding) if start.decode(name, "replace") == text)


def text_of(head: bytes, encoding: str, is_whole: bool) -> str:
    """The head as text that ends with a line, unless the whole file is there."""
    text = codecs.getincrementaldecoder(encoding)("replace").decode(head, final=is_whole)
    text = text.removeprefix("\ufeff")
    end = text.rfind("\n")
    return text if is_whole or end < 0 else text[: end + 1]


def writing_of(text: str, delimiter: str | None = None) -> Writing:
    """How the lines of a delimited text are written."""
    marks = (delimiter,) if delimiter else DELIMITERS
    rows = {mark: _rows(text, mark) for mark in marks}
    mark = max(marks, key=lambda mark: _evenness(rows[mark]))
    found = rows[mark]
    width = _width(found)
    # a title may be padded with empty cells to the width of the table
    above = title_rows([_filled(row) if len(row) == width else 0 for row in found])
    writing = Writing(mark, skip_lines=_lines_above(text, above))
    body = [row for row in found[above + 1 :] if len(row) == width]
    if found:
        _look_at_header(writing, found[above], body)
    return writing


def title_rows(filled: Sequence[int]) -> int:
    """How many rows stand above the header, of the number of filled cells of each row.

    A title fills a cell or two, and less than half of the columns; the header is the first other
    row. Where there are two columns, a row with one name may as well be the header.
    """
    most = max(filled[: MOST_ABOVE + 1], default=0)
    headers = (i for i, n in enumerate(filled[:MOST_ABOVE]) if n > 2 or (n and 2 * n >= most))
    return next(headers, 0)


def _filled(row: Sequence[str]) -> int:
    return sum(bool(cell.strip()) for cell in row)


def _rows(text: str, mark: str) -> list[list[str]]:
    """The first rows; blank lines are none."""
    csv.field_size_limit(max(csv.field_size_limit(), len(text) + 1))
    rows: list[list[str]] = []
    for row in csv.reader(io.StringIO(text.replace("\0", ""), newline=""), delimiter=mark):
        rows += [row] if row else []
        if len(rows) > LOOKED_AT:
            break
    return rows


def _width(rows: Sequence[Sequence[str]]) -> int:
    counts = Counter(len(row) for row in rows)
    return max(
        counts, key=lambda width: (counts[width] * (width > 1), counts[width], width), default=0
    )


def _evenness(rows: list[list[str]]) -> tuple[float, int]:
    """How many rows have the same number of cells, where that is more than one."""
    width = _width(rows)
    if width < 2:
        return 0.0, width
    return round(sum(len(row) == width for row in rows) / len(rows), 1), width


def _lines_above(text: str, rows: int) -> int:
    """The lines that the first rows take up, blank ones among them."""
    lines = 0
    for line in io.StringIO(text, newline=""):
        if not rows:
            break
        lines += 1
        rows -= bool(line.strip())
    return lines


def _look_at_header(writing: Writing, first: list[str], body: list[list[str]]) -> None:
    """Notes whether the first row is a header, and how many rows under it belong to it."""
    names = [cell.strip() for cell in first]
    filled = [name for name in names if name]
    like_data = sum(bool(LOOKS_LIKE_DATA.match(name)) for name in filled)
    again = sum(
        any(row[i].strip() == name and row != first for row in body)
        for i, name in enumerate(names)
        if name
    )
    is_long = any(len(name) > LONGEST_HEADER for name in filled)
    if not filled or like_data > 0.3 * len(filled) or again > max(1, 0.3 * len(filled)) or is_long:
        writing.has_header = False
        return
    writing.skip_after_header = _more_headers(body)


def _more_headers(body: list[list[str]]) -> int:
    """The rows under the header that are not like the rest: labels of questions, import ids."""
    for count in (2, 1):
        rest = body[count:]
        if not rest:
            continue
        columns = list(zip(*rest, strict=True))
        kinds = [traits("date", [cell or None for cell in column]) for column in columns]
        typed = [i for i, t in enumerate(kinds) if t.kind in ("integer", "decimal", "time")]
        tops = body[:count]
        unlike = [i for i in typed if all(row[i] and not _is_alike(row[i]) for row in tops)]
        if len(unlike) >= 2 and len(unlike) >= 0.7 * len(typed):
            return count
    return 0


def _is_alike(cell: str) -> bool:
    return bool(DECIMAL.match(cell)) or traits("date", [cell]).kind in ("time", "integer")
