"""The exports of vendors' products: one module each, which declares its `LAYOUT`."""

from __future__ import annotations

from importlib import import_module

from cxaudit.readers.layouts.declaration import Layout
from cxaudit.sources import vendors


def layout(vendor: str) -> Layout:
    """What a vendor's module declares."""
    declared: Layout = import_module(f"cxaudit.readers.layouts.{vendor}").LAYOUT
    return declared


def layouts() -> dict[str, Layout]:
    """Every layout, by the name in `reader = "..."`."""
    return {vendor: layout(vendor) for vendor in vendors()}
