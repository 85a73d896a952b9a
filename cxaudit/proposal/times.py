"""How the times of a column are written, if its cells are times."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from cxaudit.readers.instants import ISO, ISO_OFFSET

# Of this many different cells; formats are told by many cells, not by all.
TRIED = 400
ENOUGH = 0.98
CLOCK = re.compile(r"^(\d{1,2}):(\d{2})(:\d{2})?(\.\d+)?( ?[AaPp]\.?[Mm]\.?)?$")
TIMES = ("", " %H:%M", " %H:%M:%S", " %I:%M %p", " %I:%M:%S %p", " %H:%M:%S.%f", "T%H:%M:%S")
OFFSETS = ("", "%z", " %z")
ORDERS = ("%d{0}%m{0}%Y", "%m{0}%d{0}%Y", "%d{0}%m{0}%y", "%m{0}%d{0}%y", "%Y{0}%m{0}%d")
NAMED = ("%d %b %Y", "%d-%b-%Y", "%d-%b-%y", "%b %d, %Y", "%B %d, %Y", "%d %B %Y", "%b %d %Y")
PACKED = {8: "%Y%m%d", 6: "%y%m%d", 14: "%Y%m%d%H%M%S"}
EARLIEST, LATEST = datetime(1990, 1, 1), datetime(2100, 1, 1)
EPOCHS = {10: ("epoch_seconds", 1.0), 13: ("epoch_milliseconds", 1000.0)}


@dataclass(frozen=True)
class Written:
    """How times are written: in the words of the setting `dates`; 'clock' is a time of day alone.

    `is_aware`: each carries its offset. `rival`: another format that fits every cell as well.
    `first` and `last`: the extremes, in UTC if aware, else as written.
    """

    dates: str
    has_time: bool
    is_aware: bool = False
    rival: str = ""
    first: datetime | None = None
    last: datetime | None = None


def clock_format(cells: Sequence[str]) -> str:
    """The format of times of the day, such as '%H:%M:%S'; empty if the cells are none."""
    found = [CLOCK.match(cell) for cell in cells]
    if not found or not all(match and int(match[1]) < 24 for match in found):
        return ""
    has_seconds = {bool(match and match[3]) for match in found}
    half = {bool(match and match[5]) for match in found}
    if len(has_seconds) > 1 or len(half) > 1:
        return ""
    seconds = ":%S" if True in has_seconds else ""
    return f"%I:%M{seconds} %p" if True in half else f"%H:%M{seconds}"


def written(cells: Sequence[str], is_called_time: bool) -> Written | None:
    """How the cells, different and none of them empty, are written as times; None if they are none.

    `is_called_time`: the header says so; without it a bare number is no time.
    """
    tried = cells[:TRIED]
    if not tried:
        return None
    if _share(re.compile(ISO), tried) >= ENOUGH:
        return _iso(cells)
    if clock := clock_format(tried):
        return Written(f"clock {clock}", True)
    if all(cell.isascii() and cell.isdigit() for cell in tried):
        return _of_digits(tried) if is_called_time else None
    if not any(character.isdigit() for character in tried[0]):
        return None
    fitting = [found for found in _candidates(tried[0]) if _fits(tried, found)]
    if not fitting:
        return None
    best = fitting[0]
    first, last = _extremes(cells, best)
    rival = next((other for other in fitting[1:] if _differs(tried, best, other)), "")
    return Written(best, "%H" in best or "%I" in best, "%z" in best, rival, first, last)


def _share(pattern: re.Pattern[str], cells: Sequence[str]) -> float:
    return sum(bool(pattern.match(cell)) for cell in cells) / len(cells)


def _iso(cells: Sequence[str]) -> Written:
    timed = [cell for cell in cells if ":" in cell]
    aware = [cell for cell in timed if re.search(ISO_OFFSET, cell)]
    stamps = [stamp for cell in cells if (stamp := _instant(cell))]
    is_aware = bool(timed) and len(aware) >= ENOUGH * len(timed)
    return Written(
        "iso", bool(timed), is_aware, "", min(stamps, default=None), max(stamps, default=None)
    )


def _instant(cell: str) -> datetime | None:
    text = re.sub(r"\s*(UTC|z|Z)$", "+00:00", cell)
    text = re.sub(r"\s+([+-]\d\d:?\d?\d?)$", r"\1", text)
    try:
        stamp = datetime.fromisoformat(text)
    except ValueError:
        return None
    return stamp.astimezone(UTC).replace(tzinfo=None) if stamp.tzinfo else stamp


def _of_digits(cells: Sequence[str]) -> Written | None:
    lengths = {len(cell) for cell in cells}
    if lengths == {10} or lengths == {13}:
        name, unit = EPOCHS[lengths.pop()]
        seconds = [int(cell) / unit for cell in cells]
        if min(seconds) < EARLIEST.timestamp() or max(seconds) > LATEST.timestamp():
            return None
        first, last = (datetime.fromtimestamp(f(seconds), UTC) for f in (min, max))
        return Written(name, True, True, "", first.replace(tzinfo=None), last.replace(tzinfo=None))
    if len(lengths) != 1 or (packed := PACKED.get(lengths.pop())) is None:
        return None
    if not _fits(cells, packed):
        return None
    return Written(packed, "%H" in packed, False, "", *_extremes(cells, packed))


def _candidates(cell: str) -> list[str]:
    """The formats a cell may be in, by its marks."""
    if match := re.match(r"^\d{1,4}([/.-])\d{1,2}\1\d{1,4}", cell):
        days = [order.format(match[1]) for order in ORDERS]
    elif re.search(r"[A-Za-z]{3}", cell):
        days = list(NAMED)
    else:
        return []
    return [
        day + time + offset
        for day in days
        for time in TIMES
        for offset in OFFSETS
        if time or not offset
    ]


def _fits(cells: Sequence[str], pattern: str) -> bool:
    stamps = [_parsed(cell, pattern) for cell in cells]
    fine = [stamp for stamp in stamps if stamp and EARLIEST <= stamp < LATEST]
    return len(fine) >= ENOUGH * len(cells)


def _parsed(cell: str, pattern: str) -> datetime | None:
    try:
        stamp = datetime.strptime(cell, pattern)
    except ValueError:
        return None
    return stamp.astimezone(UTC).replace(tzinfo=None) if stamp.tzinfo else stamp


def _extremes(cells: Sequence[str], pattern: str) -> tuple[datetime | None, datetime | None]:
    stamps = [stamp for cell in cells if (stamp := _parsed(cell, pattern))]
    return min(stamps, default=None), max(stamps, default=None)


def _differs(cells: Sequence[str], one: str, other: str) -> bool:
    return any(_parsed(cell, one) != _parsed(cell, other) for cell in cells)
