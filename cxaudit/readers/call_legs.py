"""Records of parts of a call → times and sums of the whole call."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from cxaudit.readers.cells import decimals
from cxaudit.readers.delivered import FILE, ROW
from cxaudit.readers.findings import Finding
from cxaudit.readers.instants import INSTANT, LATEST_EPOCH, LOCAL, instants
from cxaudit.readers.reshape import looked_up
from cxaudit.sources import Lookup

TEXT = pa.large_string()
UTC = "UTC"
PLACES = (FILE, ROW)


def times(rows: pa.Table, header: str, dates: str = "iso") -> tuple[pd.Series, Finding]:
    """Times of a text column as microseconds since 1970, missing where there is none; and how many
    cells could not be read. Times without an offset are UTC.
    """
    found = instants(rows[header], dates, UTC)
    values = found.values.cast(pa.int64())
    unread = int(found.unreadable.sum())
    finding = Finding("unreadable-cell", "", unread, column=header, how="a time")
    return pd.Series(values.to_numpy(), dtype="Float64").astype("Int64"), finding


def seconds(rows: pa.Table, header: str, unit: float = 1.0) -> pd.Series:
    """Spans of a text column in seconds; `unit` is the length of theirs."""
    values = pc.multiply(decimals(rows[header]).values, unit)
    return pd.Series(values.to_numpy(), dtype="Float64")


def words(rows: pa.Table, header: str) -> pd.Series:
    """A text column, missing where it is empty."""
    return pd.Series(rows[header].to_pylist(), dtype="object")


def per_call(calls: pd.Series, values: pd.Series, ids: pd.Series, how: str) -> pa.ChunkedArray:
    """The 'min', 'max', 'sum' or 'first' of the values of each call in `ids`; null where none is.

    Values that are missing do not count; a sum of none is missing.
    """
    grouped = values[values.notna()].groupby(calls[values.notna()])
    found = ids.map(getattr(grouped, how)()) if len(values) else pd.Series(pd.NA, ids.index)
    if how == "first":
        return pa.chunked_array([pa.array(found.to_list(), TEXT, from_pandas=True)])
    return decimals_of(found) if how == "sum" else instants_of(found)


def decimals_of(numbers: pd.Series) -> pa.ChunkedArray:
    """Numbers as doubles, null where they are missing."""
    plain = numbers.astype("Float64").to_numpy(dtype=float, na_value=np.nan)
    return pa.chunked_array([pa.array(plain, from_pandas=True)])


def instants_of(microseconds: pd.Series) -> pa.ChunkedArray:
    """Instants of microseconds since 1970; null where that is no time from then to 2200."""
    cells = microseconds.astype("Float64")
    whole = decimals_of(cells.where(masked(cells.between(0, LATEST_EPOCH))).round())
    return whole.cast(pa.int64()).cast(LOCAL).cast(INSTANT)


def with_columns(rows: pa.Table, columns: dict[str, pa.ChunkedArray]) -> pa.Table:
    """The rows with derived columns, whose names are in capitals."""
    for name, column in columns.items():
        rows = rows.append_column(name, column)
    return rows


def offset(rows: pa.Table, header: str) -> pa.ChunkedArray:
    """Offsets in milliseconds as seconds."""
    return pc.divide(decimals(rows[header]).values, 1000.0)


def spoken(
    speaker: pa.ChunkedArray, agent: pa.ChunkedArray, customer: pa.ChunkedArray
) -> pa.ChunkedArray:
    """The id of who spoke; null where it was neither the agent nor the customer."""
    is_agent, is_customer = (
        pc.fill_null(pc.equal(speaker, word), False) for word in ("agent", "customer")
    )
    return pc.if_else(is_agent, agent, pc.if_else(is_customer, customer, pa.scalar(None, TEXT)))


def fetched(
    rows: pa.Table, answers: pa.Table, match: dict[str, str], take: dict[str, str]
) -> pa.Table:
    """The rows with columns taken from others by equal text: {ours: theirs}, {new name: theirs}."""
    found = looked_up(rows, answers, Lookup(path="-", match=match, take=take), "", _column)
    return found[0]


def _column(table: pa.Table, header: str) -> pa.ChunkedArray:
    return table[header]


def newest(rows: pa.Table, key: str, by: pd.Series) -> np.ndarray:
    """A mask of one row per key: the newest, of equals the last in sorted order of all its cells.

    Rows without a key are all kept.
    """
    keys = words(rows, key)
    copied = masked(keys.notna() & keys.duplicated(keep=False))
    copies = rows.filter(pa.array(copied))
    cells = [pc.fill_null(copies[name], "") for name in rows.column_names if name not in PLACES]
    whole = pc.binary_join_element_wise(*cells, pa.scalar("\x1f", TEXT))
    frame = pd.DataFrame({"key": keys[copied], "by": by[copied], "whole": whole.to_pylist()})
    frame = frame.sort_values(["by", "whole"], na_position="first")
    mask = ~copied
    mask[frame.drop_duplicates("key", keep="last").index] = True
    return mask


def masked(flags: pd.Series) -> np.ndarray:
    """A mask without missing cells."""
    return np.asarray(flags.fillna(False), dtype=bool)
