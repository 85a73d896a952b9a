"""How much a header is called like a canonical column."""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache

from cxaudit.contracts.canonical import Column, Table, canonical_tables
from cxaudit.proposal.vocabulary import CONCEPTS, FLAG, OPPOSITES, WHEN, WHOSE, WRAPPING

OWN, SYNONYM, STEM, POOLED, CONCEPT, PARTIAL = 1.0, 0.97, 0.92, 0.82, 0.78, 0.72
TWO_STEPS = 0.65
CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
LIGHT = 0.25
OF_WORD = {word: concept for concept, words in CONCEPTS.items() for word in words}


@dataclass(frozen=True)
class Likeness:
    """How much a header is like a column's name, 0 to 1, and whether it is one of its names.

    `place`: which of the column's names it is like; names that come first are meant more often.
    `own`: the share of the words of the column's own name that the header has too.
    """

    score: float
    is_name: bool = False
    place: int = 0
    own: float = 0.0


@dataclass(frozen=True)
class Name:
    """A name of a column, in words."""

    words: tuple[str, ...]
    concepts: frozenset[str]
    ceiling: float
    place: int


@cache
def words_of(header: str) -> tuple[str, ...]:
    """The words of a header, lower case and without accents: 'TicketID' and 'ticket_id' agree."""
    text = unicodedata.normalize("NFKC", re.sub(r"#\d+$", "", header))
    text = re.sub(r"__c$", "", text)
    text = CAMEL.sub(" ", text).casefold()
    text = "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
    words = re.findall(r"[^\W_]+", text)
    return tuple(part for word in words for part in _parts(word))


def _parts(word: str) -> tuple[str, ...]:
    """'subcategory' is a sub-category."""
    rest = word.removeprefix("sub")
    return ("sub", rest) if rest != word and rest in OF_WORD else (word,)


def stem(word: str) -> str:
    """A word without the endings that say when or how many."""
    for ending in ("ies", "ed", "es", "s", "e"):
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word.removesuffix(ending)
    return word


def concept(word: str) -> str:
    """What a word of a header speaks of; a word that is in no list speaks of itself."""
    if word in WHEN:
        return "when"
    if word in WHOSE:
        return "whose"
    if word in FLAG:
        return "flag"
    return OF_WORD.get(word) or stem(word)


@cache
def names_of(table: str, column: str) -> tuple[Name, ...]:
    """A column's own name, its synonyms, then what columns of that name are called elsewhere."""
    tables = canonical_tables()
    declared = tables[table].columns[column]
    texts: dict[str, float] = {column: OWN}
    texts |= {text: SYNONYM for text in declared.synonyms if text not in texts}
    texts |= dict.fromkeys(OPPOSITES.get(column, ()), CONCEPT)
    for word in declared.enum if is_state(declared) else ():
        texts.setdefault(f"is_{word}", CONCEPT)
    for other in tables.values():
        if other.name != table and column in other.columns and column not in ("at", "name", "type"):
            for text in other.columns[column].synonyms:
                # 'id' is the key of the other table, and says nothing here
                if not _is_light(frozenset(map(concept, words_of(text)))):
                    texts.setdefault(text, POOLED)
    names: dict[tuple[str, ...], Name] = {}
    for place, (text, ceiling) in enumerate(texts.items()):
        words = words_of(text)
        names.setdefault(words, Name(words, frozenset(map(concept, words)), ceiling, place))
    return tuple(names.values())


def is_state(column: Column) -> bool:
    """Whether a column says where a case stands; then a header like 'is_solved' may be it."""
    return {"open", "solved"} <= set(column.enum)


def _is_light(concepts: frozenset[str]) -> bool:
    """Whether words only say what kind of thing a column holds, not of what."""
    return all(word in ("when", "whose", "flag") or word in WRAPPING for word in concepts)


@cache
def _rarity() -> dict[str, float]:
    """How much a concept tells columns apart: what many columns' names hold tells little."""
    counts: Counter[str] = Counter()
    total = 0
    for table in inputs():
        for column in table.columns:
            total += 1
            counts.update({c for name in names_of(table.name, column) for c in name.concepts})
    return {c: math.log(1 + total / count) / math.log(1 + total) for c, count in counts.items()}


def inputs() -> list[Table]:
    """The canonical tables that are delivered."""
    return [table for table in canonical_tables().values() if table.source == "input"]


def _weight(word: str, grain: str) -> float:
    if word in ("when", "whose", "flag") or word == grain or word in WRAPPING:
        return LIGHT
    return _rarity().get(word, 1.0)


def likeness(header: str, table: Table, column: Column) -> Likeness:
    """How much a header is called like a column of a table."""
    words = words_of(header)
    bare = tuple(word for word in words if word not in WRAPPING) or words
    concepts = frozenset(map(concept, words))
    if header.endswith("#2"):
        # the second of two headers of one name is the level below, where there is one
        words, bare, concepts = (*words, "sub"), (*bare, "sub"), concepts | {"sub"}
    grain = concept(words_of(table.name)[0].removesuffix("s"))
    best = Likeness(0.0)
    for name in names_of(table.name, column.name):
        if not words or not (name.concepts & concepts or "".join(words) == "".join(name.words)):
            continue
        found = _alike(words, bare, concepts, name, grain)
        if found.score > best.score:
            best = found
    if "when" in concepts and column.type in ("text", "boolean", "list"):
        # it says that it is a time, and the column holds none
        best = replace(best, score=0.6 * best.score, is_name=False)
    return replace(best, own=_own_like(concepts, column))


def _own_like(concepts: frozenset[str], column: Column) -> float:
    own = frozenset(map(concept, words_of(column.name)))
    return len(own & concepts) / len(own)


def _alike(
    words: tuple[str, ...],
    bare: tuple[str, ...],
    concepts: frozenset[str],
    name: Name,
    grain: str,
) -> Likeness:
    is_own = name.ceiling >= SYNONYM
    if words == name.words or "".join(words) == "".join(name.words):
        return Likeness(name.ceiling, is_own, name.place)
    unwrapped = tuple(word for word in name.words if word not in WRAPPING) or name.words
    if bare == unwrapped or list(map(stem, words)) == list(map(stem, name.words)):
        return Likeness(min(STEM, name.ceiling), is_own, name.place)
    if name.ceiling == POOLED:
        # like a name that is another table's: two steps away
        name = replace(name, ceiling=TWO_STEPS)
    if concepts == name.concepts and not _is_light(concepts):
        return Likeness(min(CONCEPT, name.ceiling), False, name.place)
    shared = _sum(concepts & name.concepts, grain)
    # a word of the name that is lacking counts for more than one around it
    other = 0.4 * _sum(concepts - name.concepts, grain) + 0.8 * _sum(
        name.concepts - concepts, grain
    )
    overlap = shared / (shared + other)
    return Likeness(min(PARTIAL, name.ceiling) * overlap, False, name.place)


def _sum(concepts: Iterable[str], grain: str) -> float:
    # sorted: the sum of floats depends on the order, and a set has none
    return sum(_weight(word, grain) for word in sorted(concepts))
