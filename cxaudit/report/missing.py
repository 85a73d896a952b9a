"""What was not assessed, why, and which data would change it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cxaudit.report.indicators import Card
from cxaudit.report.words import capital, listed, table_name, words

# How the reasons of the audit begin. Only the first two say that data were not there.
NO_COLUMNS = "not supplied: "
NO_TABLES = "no data of the kind: "
NOT_ASKED = "not asked in any survey: "
TOO_LITTLE = "too little data: "


@dataclass(frozen=True)
class Need:
    """Something that would let an indicator be measured, as one can ask for it.

    Needs with the same `start` are asked for together: the survey questions, in one survey.
    """

    start: str
    rest: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The need in words."""
        return f"{self.start} {listed(self.rest)}" if self.rest else self.start


@dataclass(frozen=True)
class Gap:
    """An indicator that was not assessed: the reason, and which data it lacks."""

    card: Card
    reason: str
    needs: tuple[Need, ...]

    @property
    def questions(self) -> tuple[str, ...]:
        """The survey questions it rests on that no survey asked."""
        known = words()["questions"]
        return tuple(f"“{known.get(key, key)}”" for key in _named(self.reason, NOT_ASKED))

    @property
    def said(self) -> str:
        """The reason as one says it."""
        if self.questions:
            return f"{NOT_ASKED.capitalize()}{listed(self.questions)}"
        if self.reason.startswith(TOO_LITTLE) and self.card.asks:
            return capital(re.sub(r"\bcases\b", "answers", self.reason))
        return capital(self.reason)


@dataclass(frozen=True)
class Wanted:
    """One delivery of data, with the indicators it would let be measured."""

    need: Need
    gaps: tuple[Gap, ...]

    @property
    def weight(self) -> float:
        """The weight of those indicators together."""
        return sum(gap.card.weight for gap in self.gaps)


def gaps(cards: Mapping[str, Card], validation: Mapping[str, Any]) -> tuple[Gap, ...]:
    """Every indicator of the audit that was not assessed, in the audit's order."""
    unusable = set(validation.get("unusable") or [])
    return tuple(
        Gap(card, reason, _needs(reason, unusable))
        for card in cards.values()
        if card.state == "not assessed"
        for reason in [str(card.row.get("reason") or "no reason was recorded")]
    )


def wanted(found: tuple[Gap, ...]) -> tuple[Wanted, ...]:
    """What to ask for next, most weight first; an indicator counts for each thing it lacks."""
    together: dict[str, list[tuple[Gap, Need]]] = {}
    for gap in found:
        for need in gap.needs:
            together.setdefault(need.start, []).append((gap, need))
    offers = [_offer(start, entries) for start, entries in together.items()]
    return tuple(sorted(offers, key=lambda offer: (-offer.weight, offer.need.text)))


def _offer(start: str, entries: list[tuple[Gap, Need]]) -> Wanted:
    needs = [need for _, need in entries]
    rest = dict.fromkeys(part for need in needs for part in need.rest)
    columns = dict.fromkeys(column for need in needs for column in need.columns)
    return Wanted(Need(start, tuple(rest), tuple(columns)), tuple(gap for gap, _ in entries))


def unasked(found: tuple[Gap, ...]) -> tuple[str, ...]:
    """The survey questions that no survey asked, each once."""
    return tuple(dict.fromkeys(question for gap in found for question in gap.questions))


def _needs(reason: str, unusable: set[str]) -> tuple[Need, ...]:
    """What a reason names as not there; nothing for one that does not speak of absent data."""
    tables = _named(reason, NO_TABLES)
    if tables:
        return tuple(
            Need(f"{table_name(t)} that keep their contract" if t in unusable else table_name(t))
            for t in tables
        )
    lacking: dict[str, list[str]] = {}
    for group in _named(reason, NO_COLUMNS):
        lacking.setdefault(group.split(".")[0], []).append(group)
    return tuple(_columns(table, groups) for table, groups in sorted(lacking.items()))


def _columns(table: str, groups: list[str]) -> Need:
    """A table's absent columns; alternatives are joined by "or"."""
    options = [[option.strip() for option in group.split("|")] for group in groups]
    said = (_either(list(dict.fromkeys(map(_column, group)))) for group in options)
    columns = tuple(" or ".join(group) for group in options)
    return Need(f"{table_name(table)} with", tuple(dict.fromkeys(said)), columns)


def _either(names: list[str]) -> str:
    return f"either {' or '.join(names)}" if len(names) > 1 else names[0]


def _column(name: str) -> str:
    return str(words()["columns"].get(name, name.split(".")[-1].replace("_", " ")))


def _named(reason: str, start: str) -> list[str]:
    """What a reason that begins in this way goes on to name."""
    return reason.removeprefix(start).split(", ") if reason.startswith(start) else []
