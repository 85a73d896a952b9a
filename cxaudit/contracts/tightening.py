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

from cxaudit.contracts.compilation import compile_rules
from cxaudit.contracts.document import Contract, open_contracts
from cxaudit.contracts.inheritance import TYPES_FOR, workbook_table
from cxaudit.contracts.rules import Rule
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
    added: dict[str, Rule] = {}
    problems: list[Problem] = []
    for rule in theirs:
        own = by_id.get(rule.id)
        if own is None:
            added[rule.id] = rule
        elif own.kind == rule.kind == "pattern" and own.arguments != rule.arguments:
            # Which of two patterns asks for more cannot be told: both hold.
            added[f"{rule.id}.client"] = replace(rule, id=f"{rule.id}.client")
        else:
            try:
                by_id[rule.id] = stricter(own, rule)
            except ValueError as error:
                problems.append(_problem(rule, own, str(error)))
    return (*by_id.values(), *added.values()), problems


def _problem(rule: Rule, own: Rule, what: str) -> Problem:
    return Problem(
        f"{rule.contract}, line {rule.line}, {rule.id}",
        f"{LOOSER}: {what}",
        f"{own.contract}, line {own.line} of the workbook: {own.description}",
        "A client's contract may tighten a rule or add one of its own; leave out what it does not.",
    )


def _loosened(contract: Contract, workbook: Sequence[Contract]) -> Iterator[Problem]:
    """What a client's contract takes back in so many words, which makes no rule of its own."""
    for number, table in enumerate(contract.tables):
        ours = workbook_table(table["name"], workbook)
        if ours is None:
            continue
        known = {p["name"]: (at, p) for at, p in enumerate(ours.get("properties", []))}
        where = next(c for c in workbook if any(t is ours for t in c.tables))
        index = next(at for at, t in enumerate(where.tables) if t is ours)
        for at, declared in enumerate(table.get("properties", [])):
            if declared["name"] not in known:
                continue
            place, own = known[declared["name"]]
            for word, said in _taken_back(declared, own):
                line = contract.line("schema", number, "properties", at, word)
                theirs = where.line("schema", index, "properties", place, word)
                yield Problem(
                    f"{contract.name}, line {line}, {table['name']}.{declared['name']}",
                    f"{LOOSER}: {said}",
                    f"{where.name}, line {theirs} of the workbook",
                    "Leave it out, or write what the workbook's contract writes.",
                )


def _taken_back(declared: Mapping[str, Any], own: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for word in ("required", "unique"):
        if declared.get(word) is False and own.get(word):
            yield word, f"{word} is false, and true in the workbook"
    if "primaryKey" in declared and bool(declared["primaryKey"]) != bool(own.get("primaryKey")):
        yield "primaryKey", "the primary key is not that of the workbook"
    logical, known = declared.get("logicalType"), own["logicalType"]
    if logical and logical != known and logical not in TYPES_FOR.get(known, ()):
        yield "logicalType", f"logicalType is {logical}, and {known} in the workbook"
