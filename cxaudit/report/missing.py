"""What was not assessed, why, and which data would change it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cxaudit.report import numbers
from cxaudit.report.indicators import Card
from cxaudit.report.words import listed, table_name, words

# Where the rows of the second table are delivered, the column is derived from them.
DERIVED = {
    "tickets.first_response_at": "messages",
    "tickets.first_solved_at": "ticket_events",
    "tickets.solved_at": "ticket_events",
    "tickets.status": "ticket_events",
}


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
    """An indicator that was not assessed: the reason, and what it would take."""

    card: Card
    reason: str
    needs: tuple[Need, ...]


@dataclass(frozen=True)
class Wanted:
    """One delivery of data, with the indicators it would let be measured."""

    need: Need
    gaps: tuple[Gap, ...]

    @property
    def weight(self) -> float:
        """The weight of those indicators together."""
        return sum(gap.card.weight for gap in self.gaps)


def gaps(
    cards: Mapping[str, Card], load: Mapping[str, Any], validation: Mapping[str, Any]
) -> tuple[Gap, ...]:
    """Every indicator of the audit that was not assessed, in the audit's order."""
    supplied = {
        table: set(entry.get("supplied") or []) for table, entry in load.get("tables", {}).items()
    }
    unusable = set(validation.get("unusable") or [])
    return tuple(
        Gap(card, str(card.row.get("reason") or "no reason was recorded"), found)
        for card in cards.values()
        if card.state == "not assessed"
        for found in [_needs(card, supplied, unusable)]
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


def tables_of(definitions: list[Mapping[str, Any]]) -> str:
    """The records that indicators rest on, as one can ask for them."""
    names = {
        part.strip().split(".")[0]
        for definition in definitions
        for group in definition["requires"]
        for part in group.split("|")
    }
    return listed(sorted(table_name(name) for name in names - {"tickets"} or names))


def _needs(card: Card, supplied: dict[str, set[str]], unusable: set[str]) -> tuple[Need, ...]:
    required = [group.split("|") for group in card.definition.get("requires") or []]
    tables = {option[0].strip().split(".")[0] for option in required}
    broken = sorted(tables & unusable)
    if broken:
        return tuple(Need(f"{table_name(t)} that keep their contract") for t in broken)
    lacking: dict[str, list[str]] = {}
    for options in required:
        columns = [option.strip() for option in options]
        if not any(_there(column, supplied) for column in columns):
            lacking.setdefault(columns[0].split(".")[0], []).append(" or ".join(columns))
    if lacking:
        return tuple(
            _lacking(table, columns, table in supplied)
            for table, columns in sorted(lacking.items())
        )
    return _more(card)


def _there(column: str, supplied: dict[str, set[str]]) -> bool:
    table, _, name = column.partition(".")
    return name in supplied.get(table, ()) or bool(supplied.get(DERIVED.get(column, "")))


def _lacking(table: str, columns: list[str], has_table: bool) -> Need:
    if not has_table:
        return Need(table_name(table), columns=tuple(columns))
    known = words()["columns"]
    firsts = [column.split(" or ")[0] for column in columns]
    names = [str(known.get(c, c.split(".")[-1].replace("_", " "))) for c in firsts]
    return Need(f"{table_name(table)} with", tuple(dict.fromkeys(names)), tuple(columns))


def _more(card: Card) -> tuple[Need, ...]:
    """All columns are there: an answer is lacking, or cases are."""
    cases = card.row.get("cases") or 0
    minimum = (card.definition.get("minimum") or {}).get("cases")
    keys = (card.definition.get("parameters") or {}).get("question_keys") or []
    if keys and not cases:
        asked = tuple(f"“{words()['questions'].get(key, key)}”" for key in keys)
        return (Need("survey answers to", asked, tuple(f"surveys, question {k}" for k in keys)),)
    if minimum and cases < minimum:
        return (Need(f"more cases for “{card.name}”: {numbers.count(cases)} of {minimum} needed"),)
    return ()
