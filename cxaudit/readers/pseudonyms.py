"""Ids of people → pseudonyms, while loading: the same id has the same one in every table.

The contracts say which columns hold ids of people (`pseudonymised`); words that the audit reads,
texts, comments and names, stay what they are.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from cxaudit.contracts.canonical import PLACEHOLDERS, canonical_tables
from cxaudit.engagement import Actors, Engagement, any_of
from cxaudit.privacy import BOT, Salt
from cxaudit.readers.cells import mask_of
from cxaudit.readers.extract import Extract
from cxaudit.readers.findings import Finding

# Ids turned into Python's texts at once.
BATCH = 1 << 18
# What plainly reaches somebody: an e-mail address, or a telephone number written as one.
ADDRESS = r"^[^@\s]+@[^@\s]+\.[A-Za-z][^@\s]*$"
TELEPHONE = r"^(?:tel:)?\+[1-9][\d ()./-]{5,18}\d$|^\(?[2-9]\d\d\)?[ .-]\d{3}[ .-]\d{4}$"


def pseudonymised(
    extract: Extract, salt: Salt | None, engagement: Engagement
) -> tuple[Extract, list[Finding]]:
    """What a source delivers with pseudonyms for the ids of people, and what was noticed.

    Ids that name nobody, such as '0' and 'unknown', stay. An id that the engagement takes for a
    bot is marked as one: afterwards no pattern fits it.
    """
    actors, variable = engagement.delivered_actors, engagement.privacy.salt_variable or ""
    declared = canonical_tables()[extract.table].columns
    rows, found = extract.rows, []
    for name in rows.column_names:
        given = declared[name].pseudonymised
        if not given:
            continue
        held = _ids(rows, name, given)
        count = _named(held)
        where = f"{extract.table}.{name}"
        if salt is None:
            found.append(Finding("ids-as-delivered", "", count))
            found.append(Finding("ids-that-reach-people", "", _reaching(held), how=where))
            continue
        found.append(Finding("pseudonymised", "", count, how=variable))
        made = _changed(held, partial(_pseudonyms, salt=salt, actors=actors))
        if isinstance(given, Mapping):
            made = pc.if_else(pc.is_valid(held), made, rows[name])
        rows = rows.set_column(rows.column_names.index(name), name, made)
    return replace(extract, rows=rows), found


def _ids(rows: pa.Table, name: str, given: Any) -> pa.ChunkedArray:
    """The cells of a column that hold ids; null in rows where it holds something else.

    Where the column that tells is not there, all of them do.
    """
    column = rows[name]
    if isinstance(given, Mapping):
        for other, words in given.items():
            if other in rows.column_names:
                is_id = pc.is_in(rows[other], value_set=pa.array(words, rows[other].type))
                column = pc.if_else(is_id, column, pa.scalar(None, column.type))
    return column


def _flat(column: pa.ChunkedArray) -> pa.ChunkedArray:
    return pc.list_flatten(column) if pa.types.is_list(column.type) else column


def _named(column: pa.ChunkedArray) -> int:
    """The number of cells that name somebody."""
    flat = _flat(column)
    return len(flat) - flat.null_count - int(mask_of(_is_nobody(flat)).sum())


def _reaching(column: pa.ChunkedArray) -> int:
    """The number of cells that are e-mail addresses or telephone numbers."""
    flat = _flat(column)
    return int(mask_of(pc.match_substring_regex(flat, f"{ADDRESS}|{TELEPHONE}")).sum())


def _is_nobody(ids: Any) -> Any:
    plain = pc.utf8_lower(pc.utf8_trim_whitespace(ids))
    return pc.is_in(plain, value_set=pa.array(PLACEHOLDERS, ids.type))


def _changed(column: pa.ChunkedArray, make: Callable[[Any], Any]) -> pa.ChunkedArray:
    """The column with every distinct id changed once, lists element by element."""
    if not pa.types.is_list(column.type):
        distinct = pc.drop_null(pc.unique(column))
        place = pc.index_in(column, value_set=distinct, skip_nulls=True)
        return pc.take(make(distinct), place)
    cells = column.combine_chunks()
    counts = np.asarray(pc.fill_null(pc.list_value_length(cells), 0))
    offsets = pa.array(np.concatenate([[0], np.cumsum(counts)]), pa.int32())
    elements = _changed(pa.chunked_array([pc.list_flatten(cells)]), make).combine_chunks()
    made = pa.ListArray.from_arrays(offsets, elements, mask=pc.is_null(cells))
    return pa.chunked_array([made])


def _pseudonyms(ids: pa.Array, salt: Salt, actors: Actors) -> pa.Array:
    """The pseudonym of each id, none of them null."""
    parts = [
        pa.array([salt.pseudonym(id) for id in ids.slice(start, BATCH).to_pylist()], ids.type)
        for start in range(0, len(ids), BATCH)
    ]
    made = pa.concat_arrays(parts) if parts else ids
    is_bot = pc.is_in(ids, value_set=pa.array(actors.bot_ids, ids.type))
    if actors.bot_patterns:
        fits = pc.match_substring_regex(pc.utf8_lower(ids), any_of(actors.bot_patterns))
        is_bot = pc.or_(is_bot, fits)
    marked = pc.binary_join_element_wise(pa.scalar(BOT, ids.type), made, pa.scalar("", ids.type))
    return pc.if_else(_is_nobody(ids), ids, pc.if_else(is_bot, marked, made))
