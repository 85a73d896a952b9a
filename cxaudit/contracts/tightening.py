"""A client's own contracts beside those of the workbook: they may ask for more, never for less.

A rule of both is the stricter of the two; a rule of one holds as it is. What a client's contract
would make looser is refused, with the line of either contract.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from cxaudit.contracts.canonical import custom, has_custom
from cxaudit.contracts.compilation import compile_rules
from cxaudit.contracts.document import Contract, open_contracts
from cxaudit.contracts.inheritance import TYPES_FOR, workbook_table
from cxaudit.contracts.lines import Steps
from cxaudit.contracts.quality import identity_of
from cxaudit.contracts.rules import STOP_ABOVE, Rule
from cxaudit.contracts.strictness import LOOSER, stricter
from cxaudit.errors import EngagementError, Problem


def effective_rules(folder: Path | None, as_of: datetime | None) -> tuple[Rule, ...]:
    """The rules of the workbook's contracts, tightened by those of a client's folder, if any.

    Raises `EngagementError` with every fault of the client's contracts, loosenings included.
    """
    workbook = open_contracts()
    rules = compile_rules(workbook, as_of)
    if folder is None:
        return rules
    if not folder.is_dir():
        do = "Name a folder with *.odcs.yaml files, from the engagement's folder."
        raise EngagementError(Problem("contracts.folder", "is not a folder", str(folder), do))
    theirs = open_contracts(folder, beside=workbook)
    problems = [problem for contract in theirs for problem in _loosened(contract, workbook)]
    combined, more = combine(rules, compile_rules(theirs, as_of, beside=workbook))
    if problems or more:
        raise EngagementError([*problems, *more])
    return combined


def combine(ours: Sequence[Rule], theirs: Iterable[Rule]) -> tuple[tuple[Rule, ...], list[Problem]]:
    """All rules, ours in their order and then the client's own; and what would be looser."""
    by_id = {rule.id: rule for rule in ours}
    tables = {rule.table for rule in ours}
    added: dict[str, Rule] = {}
    problems: list[Problem] = []
    for rule in theirs:
        own = by_id.get(rule.id)
        if own is None:
            added[rule.id] = _counting(rule) if rule.table in tables else rule
        elif own.kind == rule.kind == "pattern" and own.arguments != rule.arguments:
            # Which of two patterns asks for more cannot be told: both hold.
            added[f"{rule.id}.client"] = _counting(replace(rule, id=f"{rule.id}.client"))
        else:
            try:
                by_id[rule.id] = stricter(own, rule)
            except ValueError as error:
                problems.append(_problem(rule, own, str(error)))
    return (*by_id.values(), *added.values()), problems


def _counting(rule: Rule) -> Rule:
    """A client's further rule of a column of ours: what the column's own invalid values become is
    for the workbook's rules alone; values that only this one minds are found, and stay.
    """
    return replace(rule, becomes=None, replaces=False)


def _problem(rule: Rule, own: Rule, what: str) -> Problem:
    return Problem(
        f"{rule.contract}, line {rule.line}, {rule.id}",
        f"{LOOSER}: {what}",
        f"{own.contract}, line {own.line} of the workbook: {own.description}",
        "A client's contract may tighten a rule or add one of its own; leave out what it does not.",
    )


def _loosened(contract: Contract, workbook: Sequence[Contract]) -> Iterator[Problem]:
    """What a client's contract takes back, or away, in so many words."""
    for number, table in enumerate(contract.tables):
        ours = workbook_table(table["name"], workbook)
        if ours is None:
            continue
        where = next(c for c in workbook if any(t is ours for t in c.tables))
        index = next(at for at, t in enumerate(where.tables) if t is ours)
        mine: Steps = ("schema", number)
        theirs: Steps = ("schema", index)
        found = [(mine, theirs, table["name"], step, said) for step, said in _stops(table, ours)]
        known = {p["name"]: (at, p) for at, p in enumerate(ours.get("properties", []))}
        for at, declared in enumerate(table.get("properties", [])):
            name = declared["name"]
            # A column only the client knows may not set aside more of our rows either.
            place, own = known.get(name, (None, {}))
            there: Steps = theirs if place is None else (*theirs, "properties", place)
            said_of = [*_stops(declared, own), *_replaced(declared, own)]
            said_of += _taken_back(declared, own) if own else []
            here: Steps = (*mine, "properties", at)
            found += [
                (here, there, f"{table['name']}.{name}", step, said) for step, said in said_of
            ]
        for here, there, name, step, said in found:
            word = step[:1] if step[0] != "quality" else ()
            yield Problem(
                f"{contract.name}, line {contract.line(*here, *step)}, {name}",
                f"{LOOSER}: {said}",
                f"{where.name}, line {where.line(*there, *word)} of the workbook",
                "Leave it out, or write what the workbook's contract writes.",
            )


def _stops(element: Mapping[str, Any], own: Mapping[str, Any]) -> Iterator[tuple[Steps, str]]:
    """Rules of the client's own that would set more rows aside than the house lets pass.

    Those that share an id with one of ours are held against ours.
    """
    known = {identity_of(rule) for rule in own.get("quality", [])}
    for place, rule in enumerate(element.get("quality", [])):
        given = custom(rule, "stopAbove", STOP_ABOVE)
        if given > STOP_ABOVE and identity_of(rule) not in known:
            said = f"stopAbove of {identity_of(rule)} is {given:g}, and at most {STOP_ABOVE:g} here"
            yield ("quality", place, "customProperties"), said


def _replaced(declared: Mapping[str, Any], own: Mapping[str, Any]) -> Iterator[tuple[Steps, str]]:
    """Values a client would have replaced that the workbook leaves as they are, or otherwise."""
    word = "invalidBecomes"
    if not has_custom(declared, word):
        return
    given = custom(declared, word)
    if not has_custom(own, word):
        said = f"{word} is {_in_yaml(given)}, and the workbook replaces no value of this column"
        yield ("customProperties",), said
    elif given != (known := custom(own, word)):
        said = f"{word} is {_in_yaml(given)}, and {_in_yaml(known)} in the workbook"
        yield ("customProperties",), said


def _in_yaml(value: Any) -> str:
    return "null" if value is None else str(value)


def _taken_back(declared: Mapping[str, Any], own: Mapping[str, Any]) -> Iterator[tuple[Steps, str]]:
    for word in ("required", "unique"):
        if declared.get(word) is False and own.get(word):
            yield (word,), f"{word} is false, and true in the workbook"
    if "primaryKey" in declared and bool(declared["primaryKey"]) != bool(own.get("primaryKey")):
        yield ("primaryKey",), "the primary key is not that of the workbook"
    logical, known = declared.get("logicalType"), own["logicalType"]
    if logical and logical != known and logical not in TYPES_FOR.get(known, ()):
        yield ("logicalType",), f"logicalType is {logical}, and {known} in the workbook"
