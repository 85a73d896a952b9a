"""Figures shown beside the indicators because clients know them; they enter no score."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cxaudit.indicators import CONTEXT
from cxaudit.report import numbers
from cxaudit.report.indicators import SMALLEST_GROUP, base_of
from cxaudit.report.numbers import Figure
from cxaudit.report.words import capital, channel_name, clock_of, words

OTHERS = "Other figures"


@dataclass(frozen=True)
class Beside:
    """One figure, of the whole or of a channel."""

    name: str
    definition: str
    channel: str
    figure: Figure
    clock: str
    base: str
    method: str


def beside(audit: Mapping[str, Any]) -> tuple[tuple[str, tuple[Beside, ...]], ...]:
    """The figures of the audit's context in groups, small channels left out."""
    channels = {row["slice"]["channel"] for row in audit["context"] if row["slice"]}
    shown = [
        row
        for row in audit["context"]
        if row["estimate"] is not None and row["cases"] >= SMALLEST_GROUP
        if not row["slice"] or len(channels) > 1
    ]
    group_of = {id: name for name, ids in words()["context_groups"].items() for id in ids}
    made = []
    for group, ids in words()["context_groups"].items():
        of = [row for row in shown if group_of.get(row["id"], OTHERS) == group]
        of.sort(key=lambda row: (_place(row["id"], ids), row["id"], bool(row["slice"])))
        if of:
            made.append((str(group), tuple(_beside(row) for row in of)))
    return tuple(made)


def other_clocks(audit: Mapping[str, Any]) -> dict[str, tuple[Beside, ...]]:
    """By indicator its time on the clock that it is not scored on, of the whole or by channel."""
    found: dict[str, list[Beside]] = {}
    for row in audit["context"]:
        declared = CONTEXT.get(row["id"])
        is_shown = row["estimate"] is not None and row["cases"] >= SMALLEST_GROUP
        if declared and declared.beside and is_shown and bool(row["slice"]) == declared.per_channel:
            found.setdefault(declared.beside, []).append(_beside(row))
    return {id: tuple(sorted(rows, key=lambda row: row.channel)) for id, rows in found.items()}


def _place(id: str, ids: list[str]) -> int:
    return ids.index(id) if id in ids else len(ids)


def _beside(row: Mapping[str, Any]) -> Beside:
    unit = str(words()["context_units"].get(row["id"], row["unit"]))
    return Beside(
        name=str(words()["context"].get(row["id"], capital(row["id"].replace("_", " ")))),
        definition=row["definition"],
        channel=channel_name(row["slice"]["channel"]) if row["slice"] else "",
        figure=numbers.figure(unit, row["estimate"], row["low"], row["high"], least=1),
        clock=clock_of(row),
        base=base_of(row, unit),
        method=row["method"],
    )
