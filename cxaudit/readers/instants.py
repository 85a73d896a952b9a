"""Cells → instants in UTC and dates, by the format and zone declared."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import product

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from cxaudit.readers.cells import Cells, as_text, decimals, mask_of
from cxaudit.readers.zones import to_utc

INSTANT = pa.timestamp("us", "UTC")
LOCAL = pa.timestamp("us")
MICROSECONDS = {"epoch_seconds": 1e6, "epoch_milliseconds": 1e3}
# epoch numbers outside 1970 to 2200 are of another unit
LATEST_EPOCH = 7_258_118_400_000_000

OFFSET = r"\s*(?:Z|z|UTC|[+-]\d\d(?::?\d\d)?)"
ISO_OFFSET = rf"{OFFSET}$"
ISO = rf"^\d{{4}}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:[.,]\d{{1,9}})?)?(?:{OFFSET})?)?$"

AUTO_DATES = [order.replace("-", mark) for mark, order in product("/.-", ("%d-%m-%Y", "%m-%d-%Y"))]
AUTO_TIMES = ("", " %H:%M", " %H:%M:%S", " %I:%M %p", " %I:%M:%S %p")


@dataclass(frozen=True)
class Instants:
    """Instants of a column, and masks of the cells that were hard to read.

    `naive` cells have neither an offset nor a declared zone: they are null, and the caller refuses.
    """

    values: pa.ChunkedArray
    unreadable: np.ndarray
    naive: np.ndarray
    ambiguous: np.ndarray
    nonexistent: np.ndarray


class Undecided(Exception):
    """`auto` cannot tell the date format, none fitting every cell or more than one; or the format
    given is none.
    """


def instants(column: pa.ChunkedArray, dates: str, zone: str | None) -> Instants:
    """Instants of a column. Raises Undecided if `dates` is 'auto' and the cells do not decide."""
    times, filled, unreadable, aware = _times(column, dates)
    none = np.zeros(len(times), dtype=bool)
    local = filled & ~aware
    naive, ambiguous, nonexistent = none, none.copy(), none.copy()
    if local.any() and zone is None:
        naive = local
        filled = filled & aware
    elif local.any():
        assert zone is not None
        times = times.copy()
        times[local], ambiguous[local], nonexistent[local] = to_utc(times[local], zone)
    values = pa.array(times, pa.int64(), mask=~filled).cast(LOCAL).cast(INSTANT)
    return Instants(pa.chunked_array([values]), unreadable, naive, ambiguous, nonexistent)


def days(column: pa.ChunkedArray, dates: str) -> Cells:
    """Calendar dates as written, whatever the zone."""
    if pa.types.is_date(column.type):
        return Cells(column.cast(pa.date32()), np.zeros(len(column), dtype=bool))
    text = as_text(column)
    if dates == "iso":
        shaped = pc.match_substring_regex(text, ISO)
        text = pc.if_else(shaped, pc.utf8_slice_codeunits(text, 0, 10), text)
    times, filled, unreadable, _ = _times(text, dates)
    values = pa.array(times, pa.int64(), mask=~filled).cast(LOCAL).cast(pa.date32())
    return Cells(pa.chunked_array([values]), unreadable)


def _times(
    column: pa.ChunkedArray, dates: str
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Microseconds (UTC where `aware`, wall clock elsewhere); masks filled, unreadable, aware."""
    kind = column.type
    if pa.types.is_timestamp(kind):
        aware = np.full(len(column), kind.tz is not None)
        return (*_unpacked(column.cast(pa.timestamp("us", kind.tz))), aware)
    if pa.types.is_date(kind):
        return (*_unpacked(column.cast(LOCAL)), np.zeros(len(column), dtype=bool))
    if dates in MICROSECONDS:
        return _epochs(column, MICROSECONDS[dates])
    text = as_text(column)
    if dates == "auto":
        dates = _decided(text)
    if dates == "iso":
        return _iso(text)
    aware = np.full(len(text), "%z" in dates)
    return (*_parsed(text, dates, utc="%z" in dates), aware)


def _unpacked(values: pa.ChunkedArray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    filled = np.asarray(values.is_valid().to_numpy(), dtype=bool)
    numbers = np.asarray(pc.fill_null(values.cast(pa.int64()), 0).to_numpy())
    return numbers, filled, np.zeros(len(numbers), dtype=bool)


def _epochs(
    column: pa.ChunkedArray, unit: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    cells = decimals(column)
    with np.errstate(over="ignore"):  # infinite is not sane either
        scaled = np.asarray(pc.fill_null(cells.values, 0.0).to_numpy()) * unit
    filled = np.asarray(cells.values.is_valid().to_numpy(), dtype=bool)
    sane = (scaled >= 0) & (scaled < LATEST_EPOCH)
    unreadable = cells.unreadable | (filled & ~sane)
    times = np.where(sane, np.rint(scaled), 0).astype(np.int64)
    return times, filled & sane, unreadable, np.ones(len(times), dtype=bool)


def _iso(text: pa.ChunkedArray) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    shaped = pc.match_substring_regex(text, ISO)
    has_time = pc.match_substring_regex(text, r"\d\d:\d\d")
    aware = mask_of(pc.and_(has_time, pc.match_substring_regex(text, ISO_OFFSET)))
    odd = mask_of(pc.and_(pc.is_valid(text), pc.invert(shaped)))
    readable = pc.if_else(shaped, text, pa.scalar(None, pa.large_string()))
    times = np.zeros(len(text), dtype=np.int64)
    filled = np.zeros(len(text), dtype=bool)
    for mask, kind in ((aware, INSTANT), (~aware & ~odd, LOCAL)):
        if mask.any():
            part = readable.filter(pa.array(mask))
            times[mask], filled[mask] = _iso_cast(part, kind)
    present = mask_of(pc.is_valid(text))
    return times, filled, present & ~filled, aware


def _iso_cast(text: pa.ChunkedArray, kind: pa.DataType) -> tuple[np.ndarray, np.ndarray]:
    """Arrow's parser where every cell is fine (nearly always); pandas' where some day is not."""
    plain = pc.replace_substring_regex(text, r"\s*(z|UTC)$", "Z")
    plain = pc.replace_substring_regex(plain, r"\s+([+-]\d\d:?\d?\d?)$", r"\1")
    plain = pc.replace_substring_regex(plain, r"[.,](\d{1,6})\d*", r".\1")
    try:
        numbers, filled, _ = _unpacked(plain.cast(kind))
    except pa.ArrowInvalid:
        return _parsed(plain, "ISO8601", utc=kind.tz is not None)[:2]
    return numbers, filled


def _parsed(
    text: pa.ChunkedArray, dates: str, utc: bool
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Microseconds, filled and unreadable by pandas' parser; a format must fit the whole cell."""
    cells = pd.Series(text.to_pandas(), dtype="str")
    try:
        parsed = pd.to_datetime(cells, format=dates, utc=utc, errors="coerce")
    except ValueError:
        raise Undecided(f"'{dates}' does not say which day") from None
    stamps = parsed.dt.tz_localize(None) if utc else parsed
    filled = stamps.notna().to_numpy()
    numbers = stamps.to_numpy().astype("datetime64[us]").astype(np.int64)
    return np.where(filled, numbers, 0), filled, cells.notna().to_numpy() & ~filled


def _decided(text: pa.ChunkedArray) -> str:
    """The one format every cell of a column fits."""
    distinct = pc.drop_null(text.unique())
    if len(distinct) == 0:
        return "iso"
    distinct = pa.chunked_array([distinct])
    if _iso(distinct)[1].all():
        return "iso"
    sample = distinct[0].as_py()
    marks = [mark for mark in "/.-" if re.match(rf"^\d\d?{re.escape(mark)}", sample)]
    fitting = [
        day + time
        for day, time in product(AUTO_DATES, AUTO_TIMES)
        if any(mark in day for mark in marks) and _parsed(distinct, day + time, False)[1].all()
    ]
    if len(fitting) != 1:
        why = "several formats fit" if fitting else "no one format fits every cell"
        raise Undecided(f"'auto' cannot tell the date format: {why}")
    return fitting[0]
