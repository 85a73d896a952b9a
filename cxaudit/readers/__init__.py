"""Readers: found by the name in `reader = "..."`, imported when they are used."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import Any

from cxaudit.sources import vendors


class _Readers(Mapping[str, Any]):
    """Modules with paths, announce, check and read, all of (source, deliveries)."""

    def __getitem__(self, name: str) -> Any:
        if name != "mapped" and name not in vendors():
            raise KeyError(name)
        return import_module(f"cxaudit.readers.{'mapped' if name == 'mapped' else 'vendor'}")

    def __iter__(self) -> Iterator[str]:
        return iter(("mapped", *vendors()))

    def __len__(self) -> int:
        return 1 + len(vendors())


READERS = _Readers()
