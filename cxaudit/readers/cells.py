"""Text of cells → typed values, and which cells could not be read."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

TRUE_WORDS = ("true", "t", "yes", "y", "1")
FALSE_WORDS = ("false", "f", "no", "n", "0")
LIST_SEPARATOR = ";"

# 2^53: beyond it a double no longer holds every whole number
LARGEST_WHOLE = float(2**53)


@dataclass(frozen=True)
class Cells:
    """A column of values, and a mask of the cells that held something unreadable."""

    values: pa.ChunkedArray
    unreadable: np.ndarray


def emptied(cells: Cells, mask: np.ndarray) -> Cells:
    """The cells with those under the mask made null, whatever they held."""
    nothing = pa.scalar(None, cells.values.type)
    values = pc.if_else(pa.array(mask), nothing, cells.values)
    return Cells(values, cells.unreadable & ~mask)


def as_text(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Cells as trimmed text, empty ones null; whole numbers without a decimal point."""
    kind = column.type
    if pa.types.is_timestamp(kind):
        fraction = pc.strftime(column, "%Y-%m-%dT%H:%M:%S")
        text = fraction if kind.tz is None else pc.binary_join_element_wise(fraction, "Z", "")
        if kind.tz not in (None, "UTC"):
            text = as_text(column.cast(pa.timestamp(kind.unit, "UTC")))
    else:
        text = column
    text = pc.utf8_trim_whitespace(text.cast(pa.large_string()))
    return pc.if_else(pc.equal(text, ""), pa.scalar(None, pa.large_string()), text)


def without(text: pa.ChunkedArray, markers: Sequence[str]) -> pa.ChunkedArray:
    """Text with the cells that hold a missing-value marker made null."""
    if not markers:
        return text
    marked = pc.is_in(text, value_set=pa.array(markers, pa.large_string()))
    return pc.if_else(marked, pa.scalar(None, pa.large_string()), text)


def replaced(
    text: pa.ChunkedArray, words: dict[str, str], otherwise: str | None
) -> tuple[pa.ChunkedArray, np.ndarray]:
    """Text after a value map ('' means empty), and which cells `otherwise` decided."""
    keys = pa.array(list(words), pa.large_string())
    new = pa.array([word or None for word in words.values()], pa.large_string())
    found = pc.index_in(text, value_set=keys, skip_nulls=True)
    unnamed = pc.and_(pc.is_valid(text), pc.is_null(found))
    rest = text if otherwise is None else pa.scalar(otherwise or None, pa.large_string())
    result = pc.if_else(unnamed, rest, pc.take(new, found))
    decided = unnamed if otherwise is not None else pc.and_(unnamed, False)
    return result, mask_of(decided)


def mask_of(flags: pa.ChunkedArray) -> np.ndarray:
    """A boolean column as a numpy mask; null is False."""
    return np.asarray(pc.fill_null(flags, False).to_numpy(), dtype=bool)


def _kept(text: pa.ChunkedArray, readable: pa.ChunkedArray) -> tuple[pa.ChunkedArray, np.ndarray]:
    unreadable = mask_of(pc.and_(pc.is_valid(text), pc.invert(readable)))
    return pc.if_else(readable, text, pa.scalar(None, pa.large_string())), unreadable


def decimals(column: pa.ChunkedArray, decimal: str = ".", thousands: str | None = None) -> Cells:
    """Doubles; a thousands mark counts only where it separates groups of three."""
    if pa.types.is_integer(column.type) or pa.types.is_floating(column.type):
        numbers = column.cast(pa.float64())
        known = pc.if_else(pc.is_nan(numbers), pa.scalar(None, pa.float64()), numbers)
        return Cells(known, np.zeros(len(column), dtype=bool))
    text = as_text(column)
    whole = r"\d+"
    if thousands:
        whole = rf"(?:\d{{1,3}}(?:{re.escape(thousands)}\d{{3}})+|\d+)"
    mark = re.escape(decimal)
    pattern = rf"^[+-]?(?:{whole}(?:{mark}\d*)?|{mark}\d+)(?:[eE][+-]?\d+)?$"
    text, unreadable = _kept(text, pc.match_substring_regex(text, pattern))
    if thousands:
        text = pc.replace_substring(text, thousands, "")
    text = pc.utf8_ltrim(pc.replace_substring(text, decimal, "."), "+")
    return Cells(text.cast(pa.float64()), unreadable)


def integers(column: pa.ChunkedArray, decimal: str = ".", thousands: str | None = None) -> Cells:
    """64-bit integers; '3.0' is 3, '3.5' is unreadable."""
    if pa.types.is_integer(column.type):
        return Cells(column.cast(pa.int64()), np.zeros(len(column), dtype=bool))
    numbers = decimals(column, decimal, thousands)
    readable = pc.and_(
        pc.equal(numbers.values, pc.round(numbers.values)),
        pc.less_equal(pc.abs(numbers.values), LARGEST_WHOLE),
    )
    values = pc.if_else(readable, numbers.values, pa.scalar(None, pa.float64())).cast(pa.int64())
    broken = mask_of(pc.and_(pc.is_valid(numbers.values), pc.invert(readable)))
    return Cells(values, numbers.unreadable | broken)


def booleans(
    column: pa.ChunkedArray,
    true_words: Sequence[str] = TRUE_WORDS,
    false_words: Sequence[str] = FALSE_WORDS,
) -> Cells:
    """Booleans, words compared without regard to case."""
    text = pc.utf8_lower(as_text(column))
    yes = pc.is_in(text, value_set=pa.array([w.lower() for w in true_words], pa.large_string()))
    no = pc.is_in(text, value_set=pa.array([w.lower() for w in false_words], pa.large_string()))
    values = pc.if_else(pc.or_(yes, no), yes, pa.scalar(None, pa.bool_()))
    return Cells(values, mask_of(pc.and_(pc.is_valid(text), pc.is_null(values))))


def words_of(column: pa.ChunkedArray, valid: Sequence[str]) -> Cells:
    """The valid words, 'On Hold' read as on_hold; any other word is unreadable, null or unknown."""
    text = as_text(column)
    known = pa.array(valid, pa.large_string())
    plain = pc.replace_substring_regex(pc.utf8_lower(text), r"[\s-]+", "_")
    exact = pc.index_in(text, value_set=known, skip_nulls=True)
    loose = pc.index_in(
        plain, value_set=pa.array([w.lower() for w in valid], pa.large_string()), skip_nulls=True
    )
    values = pc.take(known, pc.coalesce(exact, loose))
    unmapped = pc.and_(pc.is_valid(text), pc.is_null(values))
    if "unknown" in valid:
        values = pc.if_else(unmapped, "unknown", values)
    return Cells(values.cast(pa.large_string()), mask_of(unmapped))


def lists(column: pa.ChunkedArray, separator: str = LIST_SEPARATOR) -> Cells:
    """Lists of words; '["a", "b"]' and 'a;b' are the same list, empty words dropped."""
    text = as_text(column).combine_chunks()
    is_json = pc.fill_null(pc.match_substring_regex(text, r"^\[.*\]$"), False)
    inside = pc.utf8_trim(text, "[]")
    comma = pc.replace_substring_regex(inside, r"\s*,\s*", separator.replace("\\", r"\\"))
    split = pc.split_pattern(pc.if_else(is_json, comma, text), separator)
    owner = np.asarray(pc.list_parent_indices(split))
    words = pc.utf8_trim(pc.list_flatten(split), " \t\"'")
    filled = np.asarray(pc.not_equal(words, ""))
    counts = np.bincount(owner[filled], minlength=len(text))
    offsets = np.concatenate([[0], np.cumsum(counts)]).astype(np.int32)
    empty = pc.is_null(text)
    values = pa.ListArray.from_arrays(
        pa.array(offsets), words.filter(pa.array(filled)).cast(pa.string()), mask=empty
    )
    return Cells(pa.chunked_array([values]), np.zeros(len(text), dtype=bool))
