"""Text from data → TOML that says it and nothing else."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping, Sequence

Value = str | int | bool | Sequence[str] | Mapping[str, "Value"]
BARE = re.compile(r"[A-Za-z0-9_-]+")


def key(name: str) -> str:
    """A name as a key, quoted where it has to be."""
    return name if BARE.fullmatch(name) else quoted(name)


def quoted(text: str) -> str:
    """Text as a TOML string on one line."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def value(given: Value) -> str:
    """A value, on one line."""
    if isinstance(given, bool):
        return "true" if given else "false"
    if isinstance(given, int):
        return str(given)
    if isinstance(given, str):
        return quoted(given)
    if isinstance(given, Mapping):
        inside = ", ".join(f"{key(name)} = {value(entry)}" for name, entry in given.items())
        return f"{{ {inside} }}"
    return f"[{', '.join(quoted(entry) for entry in given)}]"


def readable(text: str) -> str:
    """Text for a terminal or a comment: on one line, without marks that move or hide anything."""
    plain = (
        "\N{REPLACEMENT CHARACTER}"
        if unicodedata.category(letter) in ("Cc", "Cf", "Cs", "Zl", "Zp")
        else letter
        for letter in text
    )
    return "".join(plain)


def commented(lines: Sequence[str]) -> list[str]:
    """Lines that are read as nothing."""
    return [f"# {line}" if line else "#" for line in lines]
