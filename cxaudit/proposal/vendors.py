"""Whose export a file looks like, by the headers that the vendors' layouts expect."""

from __future__ import annotations

from pathlib import Path

from cxaudit.proposal.sample import Sample
from cxaudit.readers.layouts import layout as layout_of
from cxaudit.readers.layouts import layouts
from cxaudit.readers.vendor.files import file_paths
from cxaudit.sources import VendorSource

FEWEST = 4
MOST_OF_THEM = 0.6


def vendor_of(sample: Sample) -> str:
    """The `reader` whose export a sample looks like; empty if it looks like none."""
    if not sample.has_header:
        return ""
    there = {traits.header.casefold() for traits in sample.columns}
    best = (0.0, "")
    for name, layout in layouts().items():
        for delivered in layout.tables.values():
            expected = {header.casefold() for header in delivered.headers}
            found = expected & there
            is_first = delivered.headers[0].casefold() in there
            if is_first and len(found) >= FEWEST and len(found) >= MOST_OF_THEM * len(expected):
                best = max(best, (len(found) / len(expected) + len(found) / 1000, name))
    return best[1]


def read_by(vendor: str, folder: Path) -> set[Path]:
    """The files of a folder that the vendor's reader takes for tables of its export."""
    source = VendorSource(reader=vendor, path=(str(folder.resolve()),))
    return {path.resolve() for path in file_paths(source, layout_of(vendor), folder)}
