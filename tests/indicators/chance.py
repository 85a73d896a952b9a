"""Chance that is always the same: what happens to somebody is fixed by the words that name it."""

from __future__ import annotations

import hashlib


def share(*what: object) -> float:
    """A number from 0 to 1 that belongs to these words for ever."""
    text = "/".join(str(part) for part in what)
    return int(hashlib.sha256(text.encode()).hexdigest()[:8], 16) / 16**8
