"""Which canonical word a client's word stands for, in a column that knows a few words only."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from cxaudit.contracts.canonical import Column
from cxaudit.proposal.traits import Traits
from cxaudit.proposal.vocabulary import WORDS

MOST_WORDS = 40
LONGEST_WORD = 40
# A word that is not ours is shown where it is one of few and comes this often.
OFTEN = 3


@dataclass(frozen=True)
class Translation:
    """What becomes of a column's words.

    `known`: their word -> ours, of known words that may be shown. `unknown`: words that are not
    known, common enough to be no one's own. `unshown`: how many more there are. `share`: of the
    cells that are known words, 0 to 1.
    """

    known: dict[str, str]
    unknown: tuple[str, ...]
    unshown: int
    share: float

    @property
    def is_needed(self) -> bool:
        """Whether any word has to be named; the reader knows canonical words by itself."""
        return bool(self.unknown) or any(
            re.sub(r"[\s-]+", "_", theirs.lower()) != ours for theirs, ours in self.known.items()
        )


@cache
def plain(word: str) -> str:
    """A word in lower case with single blanks: 'On-Hold' and 'on_hold' agree."""
    return re.sub(r"[\W_]+", " ", word.casefold()).strip()


@cache
def _phrases(name: str, enum: tuple[str, ...]) -> dict[str, str]:
    """Phrases in plain letters -> the canonical word of a column they stand for."""
    of_column = WORDS.get(name, {})
    found = {
        plain(other): canonical
        for canonical, others in of_column.items()
        if canonical in enum
        for other in (canonical, *others)
    }
    return found | {plain(canonical): canonical for canonical in enum}


@cache
def canonical_word(word: str, name: str, enum: tuple[str, ...]) -> str | None:
    """The canonical word of a column that a client's word stands for; None if it is not known.

    A longer phrase is known if it begins or ends with phrases of one canonical word only.
    """
    named = plain(word)
    phrases = _phrases(name, enum)
    if named in phrases:
        return phrases[named]
    if name not in WORDS or " " not in named:
        return None
    found = {
        canonical
        for phrase, canonical in phrases.items()
        if len(phrase) > 3 and (named.startswith(f"{phrase} ") or named.endswith(f" {phrase}"))
    }
    return found.pop() if len(found) == 1 else None


def translated(traits: Traits, column: Column) -> Translation:
    """What becomes of the words of a column of the client's."""
    known: dict[str, str] = {}
    unknown: list[str] = []
    unshown = cells = 0
    phrases = _phrases(column.name, column.enum)
    for word, count in sorted(traits.words.items(), key=lambda entry: (-entry[1], entry[0])):
        ours = canonical_word(word, column.name, column.enum)
        cells += count if ours else 0
        is_common = traits.is_small_vocabulary and count >= OFTEN and _is_word(word)
        # a phrase of ours tells nothing; around one, or in place of it, anything may stand
        if ours and (is_common or plain(word) in phrases) and len(known) < MOST_WORDS:
            known[word] = ours
        elif is_common and not ours and len(unknown) < MOST_WORDS:
            unknown.append(word)
        else:
            unshown += 1
    share = cells / traits.filled if traits.filled else 0.0
    return Translation(known, tuple(unknown), unshown, share)


def _is_word(word: str) -> bool:
    """Whether it may be shown: short, of letters and few digits, no address of any kind."""
    digits = sum(map(str.isdigit, word))
    return len(word) <= LONGEST_WORD and "@" not in word and digits <= 8 and word.isprintable()
