"""The head of a JSON document → text that ends with a record, and where its records are."""

from __future__ import annotations

import json
import re
from typing import Any

# a string that is cut off goes to the end, whatever marks it holds
TOKENS = re.compile(r'"(?:[^"\\]|\\.)*(?:"|\\?\Z)|[\[\]{}]', re.DOTALL)
CLOSING = {"[": "]", "{": "}"}


def closed(head: str) -> str:
    """The longest part of a document's head that ends with a record of a list, made whole."""
    opened: list[str] = []
    best: tuple[int, int, list[str]] | None = None
    for token in TOKENS.finditer(head):
        mark = token[0]
        if mark in CLOSING:
            opened.append(mark)
        elif mark in "]}":
            if not opened:
                break
            opened.pop()
            # the outermost list of records counts: a list within a record ends no record
            is_record = mark == "}" and opened[-1:] == ["["]
            if is_record and (best is None or len(opened) <= best[0]):
                best = (len(opened), token.end(), list(opened))
    if best is None:
        return head
    _, end, still_open = best
    return head[:end] + "".join(CLOSING[mark] for mark in reversed(still_open))


def lists_of_records(document: Any) -> dict[str, int]:
    """How long each list of objects in a document is, by its dotted path; '' is the top."""
    found: dict[str, int] = {}

    def look(value: Any, path: tuple[str, ...]) -> None:
        if isinstance(value, list):
            records = sum(isinstance(entry, dict) for entry in value)
            if records and records >= 0.5 * len(value):
                found[".".join(path)] = len(value)
        elif isinstance(value, dict):
            for key, inner in value.items():
                if "." not in key:
                    look(inner, (*path, key))

    look(document, ())
    return found


def parsed(text: str) -> Any:
    """A document, or None if the text is none."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def is_lines(text: str) -> bool:
    """Whether the text is JSON Lines: its first lines are objects, each whole."""
    lines = [line for line in text.split("\n", 5)[:5] if line.strip()]
    return (
        bool(lines)
        and all(isinstance(parsed(line), dict) for line in lines)
        and (len(lines) > 1 or parsed(text) is None)
    )
