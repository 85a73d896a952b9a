"""The words of a vendor's history → those of the tickets, so that both say the same."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from cxaudit.contracts.canonical import canonical_tables
from cxaudit.readers.cells import mask_of, words_of
from cxaudit.readers.findings import Finding
from cxaudit.readers.vendor.derived import is_any, worded
from cxaudit.sources import VendorSource


def changed_words(
    source: VendorSource,
    words: Mapping[str, Mapping[str, str]],
    kinds: pa.ChunkedArray,
    cells: pa.ChunkedArray,
    column: str,
) -> tuple[pa.ChunkedArray, list[Finding]]:
    """The values of changes in the words of the tickets, and how many nobody knows.

    words: column of the tickets -> the vendor's words for it; the engagement's come on top.
    kinds: which of those columns each row changes; values of others stay as they are. column:
    `from_value` or `to_value`. A word nobody knows is `unknown` or, where that is none, null.
    """
    findings = []
    tickets = canonical_tables()["tickets"].columns
    for kind, known in words.items():
        enum = tickets[kind].enum
        is_kind = is_any(kinds, (kind,))
        read = words_of(worded(cells, {**known, **source.words.get(kind, {})}), enum)
        lost = int(np.count_nonzero(read.unreadable & mask_of(is_kind)))
        how = "unknown" if "unknown" in enum else "empty"
        findings.append(Finding("unmapped", "", lost, column, how))
        cells = pc.if_else(is_kind, read.values, cells)
    return cells, findings
