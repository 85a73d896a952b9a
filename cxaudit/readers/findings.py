"""What reading noticed: counted, with positions, never with a cell's content."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

# kind -> severity, sentence; {n} is the count, {at} table or table.column, {how} what was declared
KINDS: dict[str, tuple[str, str]] = {
    "undecodable": (
        "warning",
        "{at}: {n} row(s) hold bytes that are not {how}; they are left out as unreadable. "
        "Two encodings may be mixed in one file.",
    ),
    "undecodable-unused": (
        "info",
        "{at}: {n} file(s) hold bytes that are not {how}, in columns that are not used.",
    ),
    "ragged": (
        "warning",
        "{at}: {n} row(s) have more or fewer cells than the header; they are left out "
        "as unreadable.",
    ),
    "broken": ("warning", "{at}: {n} record(s) are not {how}; they are left out as unreadable."),
    "open-quote": (
        "error",
        "{at}: {n} file(s) end inside a quoted cell; the row in which the quote was opened is "
        "left out as unreadable, with every line it swallowed.",
    ),
    "formula-without-value": (
        "warning",
        "{at}: {n} cell(s) hold a formula whose value the workbook does not store; they are read "
        "as empty. Open the workbook in Excel and save it.",
    ),
    "no-rows": ("warning", "{at}: {n} file(s) have a header and no rows."),
    "not-delivered": ("info", "{at}: {n} optional source(s) were not delivered."),
    "ignored-files": ("info", "{at}: {n} file(s) in the folder are of no format read here."),
    "unused-files": (
        "warning",
        "{at}: {n} file(s) delivered hold no table that the layout reads: {how}.",
    ),
    "header-twice": (
        "warning",
        "{at}: {n} header(s) occur more than once; the mapping uses none of them.",
    ),
    "header-first": (
        "warning",
        "{at}: {n} header(s) that are used occur more than once; the first of each is read.",
    ),
    "header-missing-in-file": (
        "warning",
        "{at}: {n} row(s) come from files that lack the column '{how}'; it is empty there.",
    ),
    "unreadable-cell": (
        "warning",
        "{at}: {n} cell(s) could not be read as {how}; they are left empty.",
    ),
    "unreadable-row": (
        "warning",
        "{at}: {n} cell(s) of this obligatory column could not be read as {how}; their rows are "
        "left out as unreadable.",
    ),
    "unmapped": (
        "warning",
        "{at}: {n} cell(s) hold a word that no value map names; read as {how}.",
    ),
    "otherwise": ("info", "{at}: {n} cell(s) hold a word read as 'otherwise' says: '{how}'."),
    "ambiguous-time": (
        "warning",
        "{at}: {n} time(s) happened twice when the clocks of {how} went back; the first is taken.",
    ),
    "nonexistent-time": (
        "warning",
        "{at}: {n} time(s) did not exist when the clocks of {how} went forward; they are read "
        "with the offset in force before.",
    ),
    "negative-span": (
        "warning",
        "{at}: {n} span(s) in '{how}' are negative; they are read as 0 seconds.",
    ),
    "lookup-nothing": ("info", "{at}: {n} row(s) found nothing in the look-up in {how}."),
    "lookup-several": (
        "warning",
        "{at}: {n} key(s) of the look-up in {how} have several answers; the first in sorted order "
        "is taken.",
    ),
    "latest-unknown": (
        "warning",
        "{at}: {n} row(s) have no readable '{how}', by which the latest is chosen; they count as "
        "the oldest.",
    ),
    "latest-tie": (
        "warning",
        "{at}: {n} key(s) have several latest rows by '{how}'; all of those are kept.",
    ),
    "pseudonymised": (
        "info",
        "{n} id(s) of people were replaced by pseudonyms, made with the salt in {how}.",
    ),
    "short-salt": (
        "warning",
        "The salt in {how} has fewer than 16 characters: whoever knows one id can find it by "
        "trying. Choose a longer one.",
    ),
    "ids-as-delivered": (
        "info",
        "{n} id(s) of people stay as they are delivered: no [privacy] salt_variable is named.",
    ),
    "ids-that-reach-people": (
        "warning",
        "{n} id(s) are e-mail addresses or telephone numbers and stay as they are delivered, in "
        "{how}. Name a salt with [privacy] salt_variable.",
    ),
    "leg-of-call": (
        "info",
        "{at}: {n} record(s) are legs of a contact delivered with them (transfers, call-backs); "
        "they are made one with it.",
    ),
    "not-offered": (
        "info",
        "{at}: {n} record(s) are no live contact offered to the service ({how}); they are left "
        "out.",
    ),
    "not-sent": (
        "info",
        "{at}: {n} message(s) failed or were not delivered; they are left out.",
    ),
    "no-invitation": (
        "info",
        "{at}: {n} record(s) are tests, reminders or thanks; they are left out.",
    ),
    "answer-without-response": (
        "warning",
        "{at}: {n} response(s) were not delivered, but answers of them; those are left out.",
    ),
    "choice-unknown": (
        "warning",
        "{at}: {n} answer(s) name a choice that the survey's details do not hold; read as empty.",
    ),
    "header-rows": ("info", "{at}: {n} row(s) are further headers."),
    "test-response": ("info", "{at}: {n} response(s) are previews or tests; they are left out."),
    "unfinished-response": (
        "info",
        "{at}: {n} response(s) are unfinished; they count as invitations without an answer.",
    ),
    "not-asked": (
        "warning",
        "{at}: {n} response(s) are to surveys in which nobody answered any of the questions named; "
        "they are left out.",
    ),
    "several-answers": (
        "warning",
        "{at}: {n} response(s) chose several answers to a question that asks for one; read as "
        "empty.",
    ),
    "question-unanswered": (
        "warning",
        "{at}: {n} question(s) have no answer in what was delivered: {how}.",
    ),
    "unknown-requester": (
        "info",
        "{at}: {n} ticket(s) name a requester whom the users delivered do not hold; read as empty.",
    ),
}

SHOWN = 20


@dataclass(frozen=True)
class Finding:
    """Something noticed in a table or one of its columns, and where: (file, record numbers)."""

    kind: str
    table: str
    rows: int
    column: str = ""
    how: str = ""
    positions: tuple[tuple[str, tuple[int, ...]], ...] = ()


def merged(findings: Iterable[Finding]) -> list[dict[str, Any]]:
    """Findings as `load.json` lists them: one per kind, table and column, counts added up.

    `message` depends on the counts alone; `positions` depends on how the rows were delivered.
    """
    groups: dict[tuple[str, str, str], list[Finding]] = {}
    for finding in findings:
        if finding.rows:
            groups.setdefault((finding.table, finding.column, finding.kind), []).append(finding)
    return [_entry(*key, groups[key]) for key in sorted(groups)]


def _entry(table: str, column: str, kind: str, group: list[Finding]) -> dict[str, Any]:
    severity, sentence = KINDS[kind]
    count = sum(finding.rows for finding in group)
    how = " or ".join(sorted({finding.how for finding in group if finding.how}))
    at = f"{table}.{column}" if column else table
    rows_by_file: dict[str, set[int]] = {}
    for finding in group:
        for file, rows in finding.positions:
            rows_by_file.setdefault(file, set()).update(rows)
    return {
        "id": "-".join(part for part in ("load", kind, table, column) if part),
        "severity": severity,
        "table": table,
        "column": column or None,
        "rows": count,
        "message": sentence.format(at=at, n=f"{count:,}", how=how),
        "positions": [
            {"path": file, "rows": sorted(rows)[:SHOWN]}
            for file, rows in sorted(rows_by_file.items())
        ],
    }
