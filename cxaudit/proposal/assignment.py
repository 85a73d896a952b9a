"""Which header is which canonical column: names and cells weighed, each used once."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from cxaudit.contracts.canonical import Column, Table
from cxaudit.proposal.fit import fit
from cxaudit.proposal.names import Likeness, concept, inputs, likeness, words_of
from cxaudit.proposal.sample import Sample
from cxaudit.proposal.traits import Traits
from cxaudit.proposal.words import translated

Confidence = Literal["high", "medium", "low"]
MEANING: Mapping[Confidence, str] = {
    "high": "the header is a name of this column, the cells fit it, and nothing else comes near",
    "medium": "header and cells agree in the main: look at it once",
    "low": "a guess: uncomment it if it is right",
}
LEAST = 0.4
MEDIUM, HIGH = 0.62, 0.85
# How much better than any other pairing of it a match of high confidence has to be; another header
# that would do with medium confidence rules it out.
MARGIN = 0.12
FEWEST_CELLS = 20
WEIGHTS = {"table": 1.0, "indicator": 0.7, "optional": 0.5}
LINKED = 1.2
FOR_NAME = 0.15
# What speaks against a table: obligatory columns that are not there, a key that is another's.
MOST_FOR_ABSENT = 0.6
# What is delivered to nearly every audit.
USUAL = frozenset(("tickets", "messages", "calls", "surveys", "agents", "customers"))
FOR_USUAL = 0.4
NOT_ITSELF = 2.0


@dataclass(frozen=True)
class Match:
    """A header proposed for a canonical column; `score` 0 to 1, `why` what spoke for it."""

    header: str
    column: str
    score: float
    confidence: Confidence
    why: str


@dataclass(frozen=True)
class Assignment:
    """What a sample is proposed to be: a table, and which of its columns each header is."""

    table: str
    matches: tuple[Match, ...]
    score: float
    runner_up: str
    confidence: Confidence

    @property
    def by_column(self) -> dict[str, Match]:
        """The matches, by canonical column."""
        return {match.column: match for match in self.matches}


@dataclass(frozen=True)
class Scores:
    """Headers against columns of one table: how well each pair goes together, and why."""

    headers: tuple[str, ...]
    columns: tuple[str, ...]
    values: np.ndarray
    names: Mapping[tuple[int, int], Likeness]
    fits: np.ndarray


def scores(sample: Sample, table: Table, links: Collection[tuple[str, str]] = ()) -> Scores:
    """How well every header goes with every column of a table.

    links: (header, name of a key) where the header's cells are found in that key of another file.
    """
    columns = list(table.columns.values())
    values = np.zeros((len(sample.columns), len(columns)))
    fits = np.zeros_like(values)
    names: dict[tuple[int, int], Likeness] = {}
    for i, traits in enumerate(sample.columns):
        for j, column in enumerate(columns):
            like = likeness(traits.header, table, column)
            alone = _alone(traits, table, column)
            if like.score < 0.3 and not alone:
                continue
            fits[i, j] = fit(traits, table, column)
            values[i, j] = _together(like, fits[i, j], traits, alone)
            values[i, j] = min(1.0, values[i, j] * _by_links(traits.header, column.name, links))
            names[i, j] = like
    headers = tuple(traits.header for traits in sample.columns)
    return Scores(headers, tuple(table.columns), values, names, fits)


def _by_links(header: str, column: str, links: Collection[tuple[str, str]]) -> float:
    """What speaks for a column the cells of whose header are the keys of another file: 1 if they
    are of none; 0 against a column that refers to something else.
    """
    keys = {key for linked, key in links if linked == header}
    if not keys:
        return 1.0
    if column in keys:
        return LINKED
    return 0.0 if any(table.key == (column,) for table in inputs()) else 1.0


def _alone(traits: Traits, table: Table, column: Column) -> float:
    """How far the cells propose a column by themselves, whatever the header: words that are nearly
    all known, or the one id that no two rows share.
    """
    if column.enum and traits.kind == "word" and 2 <= traits.distinct <= 60:
        translation = translated(traits, column)
        if translation.share >= 0.95 and len(set(translation.known.values())) >= 2:
            return 0.45
    is_key = (column.name,) == table.key and traits.kind in ("integer", "word")
    if is_key and traits.is_unique and traits.filled == traits.rows >= FEWEST_CELLS:
        return 0.5 if "whose" in map(concept, words_of(traits.header)) else 0.0
    return 0.0


def _together(like: Likeness, cells: float, traits: Traits, alone: float) -> float:
    if cells == 0:
        return 0.0
    score = like.score * (0.35 + 0.65 * cells)
    if alone:
        score = max(score, min(1.0, alone + 0.35 * like.score))
    # what is filled in more rows is rather meant; so is an earlier name, or one like the column's
    return (
        score
        - 0.04 * (1 - traits.share_filled)
        - 0.001 * min(like.place, 40)
        - 0.03 * (1 - like.own)
    )


def assigned(sample: Sample, links: Collection[tuple[str, str]] = ()) -> Assignment | None:
    """The table a sample is most likely of, with its columns; None if it is like no table."""
    found = [(table, *_matched(sample, table, scores(sample, table, links))) for table in inputs()]
    ranked = sorted(found, key=lambda entry: (-entry[2], entry[0].name))
    table, matches, score = ranked[0]
    if not matches or score < 1.0:
        return None
    lead = score - ranked[1][2]
    sure: Confidence = "high" if lead >= 1.0 else "medium" if lead >= 0.4 else "low"
    if sure != "high":
        matches = [
            _lowered(match) if sure == "low" else _at_most_medium(match) for match in matches
        ]
    return Assignment(table.name, tuple(matches), score, ranked[1][0].name, sure)


def _matched(sample: Sample, table: Table, found: Scores) -> tuple[list[Match], float]:
    """The best one-to-one matches of a table, and how well it goes with the sample as a whole."""
    from scipy.optimize import linear_sum_assignment

    good = np.where(found.values >= LEAST, found.values, 0.0)
    # a name of one column goes to it before it goes to another that it is only like
    named = np.zeros_like(good)
    for place, like in found.names.items():
        named[place] = FOR_NAME * like.is_name * (good[place] > 0)
    if not good.size:
        return [], 0.0
    matches = []
    total = _beforehand(sample, table)
    for i, j in zip(*linear_sum_assignment(good + named, maximize=True), strict=True):
        if good[i, j] == 0:
            continue
        column = table.columns[found.columns[j]]
        weight = WEIGHTS[column.required] + 0.5 * (column.name in table.key)
        # what hardly goes together says little about the table
        total += good[i, j] * weight * min(1.0, (good[i, j] - 0.35) / 0.3)
        matches.append(_match(sample.columns[i], column, found, i, j))
    keys = {match.column for match in matches} & set(table.key)
    missing = [c for c in table.columns.values() if not c.nullable and c.name not in table.key]
    absent = {c.name for c in missing} - {match.column for match in matches}
    total -= min(0.15 * len(absent), MOST_FOR_ABSENT)
    total -= 0.6 * (len(table.key) - len(keys)) / len(table.key)
    total -= NOT_ITSELF if _only_refers(table, matches, found) else 0.0
    return matches, float(total)


def _only_refers(table: Table, matches: Sequence[Match], found: Scores) -> bool:
    """Whether a header is called like the table's key and is not it: the file refers to the table
    and has a key of its own.
    """
    key = table.key[0]
    called = [h for h in found.headers if words_of(h) == words_of(key)]
    return any(m.column == key and called and m.header not in called for m in matches)


def _match(traits: Traits, column: Column, found: Scores, i: int, j: int) -> Match:
    score = float(found.values[i, j])
    like, cells = found.names[i, j], float(found.fits[i, j])
    other_header = float(np.delete(found.values[:, j], i).max(initial=0.0))
    other_column = float(np.delete(found.values[i, :], j).max(initial=0.0))
    is_alone = other_header < MEDIUM and score - max(other_header, other_column) >= MARGIN
    confidence: Confidence = "low"
    if like.is_name and is_alone and cells >= 0.8 and score >= HIGH:
        confidence = "high" if traits.filled >= FEWEST_CELLS else "medium"
    elif score >= MEDIUM and score >= max(other_header, other_column):
        confidence = "medium"
    named = "a name of it" if like.is_name else "like its names" if like.score >= 0.3 else "no name"
    return Match(traits.header, column.name, score, confidence, named)


def _lowered(match: Match) -> Match:
    return Match(match.header, match.column, match.score, "low", match.why)


def _at_most_medium(match: Match) -> Match:
    confidence: Confidence = "medium" if match.confidence == "high" else match.confidence
    return Match(match.header, match.column, match.score, confidence, match.why)


def _beforehand(sample: Sample, table: Table) -> float:
    """What speaks for a table before the file is opened: its name, and what is usual."""
    words = {concept(word.removesuffix("s")) for word in words_of(sample.name.split("/")[-1])}
    own: Sequence[str] = words_of(table.name)
    usual = FOR_USUAL if table.name in USUAL else 0.0
    return usual + (0.8 if concept(own[-1].removesuffix("s")) in words else 0.0)
