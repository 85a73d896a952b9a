"""How well the cells of a delivered column fit what a canonical column holds."""

from __future__ import annotations

import re

from cxaudit.contracts.canonical import Column, Table
from cxaudit.proposal.names import is_state, words_of
from cxaudit.proposal.traits import Traits
from cxaudit.proposal.vocabulary import WHEN_WORDS
from cxaudit.proposal.words import translated

TAG = re.compile(r"^[A-Za-z]{2,3}([-_][A-Za-z]{2,4}(_[A-Za-z]+)?)?$")
UNKNOWN = 0.6
NUMBERS = ("integer", "decimal")


def fit(traits: Traits, table: Table, column: Column) -> float:
    """How well the cells fit the column, 0 (they cannot be it) to 1; 0.6 if there are no cells."""
    if traits.kind == "empty":
        return UNKNOWN if column.name not in table.key else 0.3
    match column.type:
        case "instant" | "date":
            return _as_time(traits, column)
        case "boolean":
            return {"yes or no": 1.0, "integer": _as_flag(traits)}.get(traits.kind, 0.0)
        case "integer" | "decimal":
            return _as_number(traits, column)
        case "list":
            return {"list": 1.0, "word": 0.4, "integer": 0.3}.get(traits.kind, 0.1)
    if column.enum:
        return _as_enum(traits, column)
    if column.name in table.key and _is_id(column):
        return _as_key(traits, is_only=len(table.key) == 1)
    if _is_id(column):
        return _as_reference(traits)
    if column.name in ("language", "lang"):
        return _as_language(traits)
    if column.name in ("text", "comment"):
        return _as_prose(traits)
    return _as_label(traits, column)


def _is_id(column: Column) -> bool:
    return column.name.endswith("_id") or column.name in (
        "merged_into",
        "split_from",
        "duplicate_of",
    )


def _as_time(traits: Traits, column: Column) -> float:
    if traits.kind == "clock":
        return 0.8 if column.type == "instant" else 0.0
    if traits.kind != "time" or traits.written is None:
        return 0.0
    return 1.0 if traits.written.has_time or column.type == "date" else 0.85


def _as_flag(traits: Traits) -> float:
    return 0.9 if traits.lowest in (0, 1) and traits.highest in (0, 1) else 0.0


def _as_number(traits: Traits, column: Column) -> float:
    if traits.kind not in NUMBERS:
        return 0.0
    if traits.is_unique and traits.filled > 50 and traits.kind == "integer":
        # a number of its own for every row is an identifier
        return 0.2
    is_whole = traits.kind == "integer"
    return 1.0 if column.type == "decimal" or is_whole else 0.3


def _as_enum(traits: Traits, column: Column) -> float:
    """Words that are known speak for it, words none of which is known against it, codes neither."""
    if traits.kind in ("prose", "list", "time", "clock", "decimal"):
        return 0.0
    if traits.kind == "yes or no":
        return 0.5 if is_state(column) else 0.2
    if traits.distinct > 60 or (traits.share_distinct > 0.5 and traits.filled > 12):
        # ids of persons tell who it was, compared with the customer's
        return 0.3 if says_who(column) and traits.kind in ("integer", "word") else 0.1
    share = translated(traits, column).share
    if share:
        return 0.7 + 0.3 * share if share >= 0.5 else 0.5
    is_code = all(any(letter.isdigit() for letter in word) for word in traits.words)
    return 0.6 if is_code else 0.1


def says_who(column: Column) -> bool:
    """Whether a column says if it was the customer or an agent."""
    return {"customer", "agent"} <= set(column.enum)


def _as_key(traits: Traits, is_only: bool) -> float:
    if traits.kind not in ("integer", "word", "decimal"):
        return 0.05
    if traits.share_filled < 0.98:
        return 0.3
    if traits.distinct == traits.filled:
        return 1.0 if traits.filled > 1 else 0.7
    # several rows per key: a log of changes, or part of a key
    return (0.55 if is_only else 0.8) if traits.share_distinct > 0.05 else 0.2


def _as_reference(traits: Traits) -> float:
    if traits.kind in ("prose", "time", "clock", "yes or no"):
        return 0.0
    if traits.kind == "list":
        return 0.2
    return 1.0 if traits.distinct > 1 or traits.rows < 5 else 0.7


def _as_language(traits: Traits) -> float:
    tags = sum(n for word, n in traits.words.items() if TAG.match(word))
    return 1.0 if tags > 0.9 * traits.filled else 0.1


def _as_prose(traits: Traits) -> float:
    if traits.kind == "prose":
        return 1.0
    has_blanks = sum(" " in word for word in traits.words) > 0.5 * traits.distinct
    return 0.7 if traits.kind == "word" and has_blanks else 0.3 if traits.kind == "word" else 0.1


def _as_label(traits: Traits, column: Column) -> float:
    """A name of something that many rows share."""
    if traits.kind in ("prose", "time", "clock", "list"):
        return 0.1
    if traits.kind == "yes or no":
        return 0.2
    if column.personal:
        return 1.0
    if traits.distinct == 1 and traits.filled > 20:
        # one word throughout tells cases apart no more than none
        return 0.55
    if traits.share_distinct > 0.6 and traits.filled > 20:
        return 0.3
    return 1.0


def is_called_time(header: str) -> bool:
    """Whether a header has a word for a time."""
    return bool(set(words_of(header)) & WHEN_WORDS)
