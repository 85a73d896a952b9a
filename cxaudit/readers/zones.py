"""Local wall-clock times → instants, for any IANA zone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import numpy as np

SECOND = 1_000_000
DAY = 86_400 * SECOND
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# changes outside are not looked for, so that a '9999-12-31' that means never costs nothing
FIRST_YEAR, LAST_YEAR = 1900, 2100
YEAR = 365.2425 * DAY


def to_utc(local: np.ndarray, zone: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Instants, and masks of the local times that happened twice and of those that never did.

    `local` and the instants are int64 microseconds. One rule for both hard cases, that of
    PEP 495's fold=0: the offset in force before the clocks changed applies. A time that happened
    twice is then its first occurrence.
    """
    nothing = np.zeros(len(local), dtype=bool)
    if len(local) == 0:
        return local, nothing, nothing
    first, last = _year(int(local.min()) - DAY), _year(int(local.max()) + DAY)
    parts = [_changes(zone, year) for year in range(first, last + 1)]
    changes, before, after = (np.concatenate(columns) for columns in zip(*parts, strict=True))
    if len(changes) == 0:
        return local - _offset(zone, _start(first)), nothing, nothing
    # the wall clock jumps from change + before to change + after
    lower, upper = changes + np.minimum(before, after), changes + np.maximum(before, after)
    index = np.searchsorted(upper, local, side="right")
    offsets = np.concatenate([before[:1], after])
    following = np.minimum(index, len(changes) - 1)
    inside = (index < len(changes)) & (local >= lower[following])
    forward = (after > before)[following]
    return local - offsets[index], inside & ~forward, inside & forward


def _year(instant: int) -> int:
    """The year of an instant, or the nearest in which changes are looked for."""
    return min(max(int(1970 + instant // YEAR), FIRST_YEAR), LAST_YEAR)


def _start(year: int) -> int:
    """A midnight about the start of a year: the end of the year before."""
    return int((year - 1970) * YEAR // DAY) * DAY


@lru_cache(maxsize=1024)
def _changes(zone: str, year: int) -> tuple[np.ndarray, ...]:
    """Instants at which the zone's offset changes in a year, offset before and after each."""
    changes = [
        _bisected(zone, start, start + DAY)
        for start in range(_start(year), _start(year + 1), DAY)
        if _offset(zone, start) != _offset(zone, start + DAY)
    ]
    before = [_offset(zone, change - SECOND) for change in changes]
    after = [_offset(zone, change) for change in changes]
    return tuple(np.array(values, dtype=np.int64) for values in (changes, before, after))


def _bisected(zone: str, start: int, end: int) -> int:
    """The first whole second after `start` at which the offset is that of `end`."""
    after = _offset(zone, end)
    low, high = start // SECOND, end // SECOND
    while high - low > 1:
        middle = (low + high) // 2
        if _offset(zone, middle * SECOND) == after:
            high = middle
        else:
            low = middle
    return high * SECOND


def _offset(zone: str, instant: int) -> int:
    """The zone's offset from UTC at an instant, in microseconds."""
    try:
        at = EPOCH + timedelta(microseconds=instant)
        offset = ZoneInfo(zone).utcoffset(at.astimezone(ZoneInfo(zone)))
    except OverflowError:
        return 0
    return (offset or timedelta()) // timedelta(microseconds=1)
