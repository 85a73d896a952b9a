"""Delivered rows → the rows a table is made of: look-ups, filters, latest per key, wide to long."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from cxaudit.readers.cells import decimals, mask_of
from cxaudit.readers.findings import Finding
from cxaudit.sources import Filter, Lookup, Unpivot

UNIT_SEPARATOR = "\x1f"

# fetches a column of a delivered table as text, missing-value markers made null
TextOf = Callable[[pa.Table, str], pa.ChunkedArray]


def joined(columns: Sequence[pa.ChunkedArray], separator: str) -> pa.ChunkedArray:
    """Cells of several text columns joined; null where one of them is null."""
    if len(columns) == 1:
        return columns[0]
    return pc.binary_join_element_wise(*columns, pa.scalar(separator, pa.large_string()))


def looked_up(
    rows: pa.Table, answers: pa.Table, lookup: Lookup, place: str, text_of: TextOf
) -> tuple[pa.Table, list[Finding]]:
    """The rows with the columns fetched from `answers`, null where nothing matches."""
    keys = joined([text_of(answers, theirs) for theirs in lookup.match.values()], UNIT_SEPARATOR)
    columns = {"key": keys}
    for name, theirs in lookup.take.items():
        columns[f"take {name}"] = text_of(answers, theirs)
    frame = pa.table(columns).filter(pc.is_valid(keys)).to_pandas().drop_duplicates()
    several = frame.loc[frame["key"].duplicated(), "key"].nunique()
    # sorted, so that the answer does not depend on the order of the file
    frame = frame.sort_values(list(columns)).drop_duplicates("key")
    found = pc.index_in(
        joined([text_of(rows, ours) for ours in lookup.match], UNIT_SEPARATOR),
        value_set=pa.array(frame["key"], pa.large_string()),
        skip_nulls=True,
    )
    for name in lookup.take:
        fetched = pa.array(frame[f"take {name}"], pa.large_string(), from_pandas=True)
        rows = rows.append_column(name, pc.take(fetched, found))
    return rows, [
        Finding("lookup-nothing", "", int(mask_of(pc.is_null(found)).sum()), how=place),
        Finding("lookup-several", "", int(several), how=place),
    ]


def meets(rows: pa.Table, conditions: Sequence[Filter], text_of: TextOf) -> np.ndarray:
    """A mask of the rows that meet every condition; an empty cell meets only 'not_in', 'empty'."""
    mask = np.ones(rows.num_rows, dtype=bool)
    for condition in conditions:
        text = text_of(rows, condition.column)
        if condition.is_in is not None:
            mask &= mask_of(pc.is_in(text, value_set=pa.array(condition.is_in, pa.large_string())))
        if condition.not_in is not None:
            outside = pa.array(condition.not_in, pa.large_string())
            mask &= ~mask_of(pc.is_in(text, value_set=outside))
        if condition.empty is not None:
            mask &= mask_of(pc.is_null(text)) == condition.empty
        if condition.at_least is not None:
            mask &= mask_of(pc.greater_equal(decimals(text).values, condition.at_least))
        if condition.below is not None:
            mask &= mask_of(pc.less(decimals(text).values, condition.below))
    return mask


def is_latest(keys: pa.ChunkedArray, by: pa.ChunkedArray) -> tuple[np.ndarray, int]:
    """A mask of each key's latest rows, and the number of keys that have several.

    Rows without a key are all kept: a contract, not this rule, decides on them. A null in `by`
    counts as the oldest.
    """
    codes = pd.factorize(keys.to_pandas())[0]
    ranks = pc.rank(by, sort_keys="ascending", tiebreaker="min").to_numpy()
    rank = pd.Series(np.where(by.is_null().to_numpy(), 0, ranks))
    newest = rank.groupby(codes).transform("max")
    latest = (rank == newest).to_numpy() | (codes < 0)
    per_key = np.bincount(codes[latest & (codes >= 0)])
    return latest, int((per_key > 1).sum())


def lengthened(rows: pa.Table, unpivot: Unpivot, text_of: TextOf) -> pa.Table:
    """One row per key and row: the key's column becomes the value."""
    parts = []
    for key, header in unpivot.columns.items():
        words = pa.array([key], pa.large_string()).take(pa.array(np.zeros(rows.num_rows, int)))
        part = rows.append_column(unpivot.key, words)
        parts.append(part.append_column(unpivot.value, text_of(rows, header)))
    return pa.concat_tables(parts)
