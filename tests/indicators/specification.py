"""Specifications of indicators: a few rows, and the figures worked out of them by hand.

One file per indicator in `cxaudit/indicators/specifications/`, in Markdown. Of the tables the
columns `why` and `times` are not data: `why` says what a row is there for, `times` how many alike
it stands for, each with ids of its own. `-` is a missing value. The ids are made for the file
alone: a ticket that names no customer has one of its own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from cxaudit.report.examples import FOLDER
from tests.workspace import text_table

OWN_IDS = ("ticket_id", "customer_id", "message_id", "event_id", "invite_id", "session_id")
OWN_IDS += ("call_id", "article_id", "commitment_id")
GROWS = ("id", "merged_into", "duplicate_of")
NOBODY = ("0", "unknown")
GROUPS_OF_A_CHANGE = ("from_value", "to_value")
KEYS = {
    "messages": "message_id",
    "ticket_events": "event_id",
    "surveys": "invite_id",
    "bot_sessions": "session_id",
    "kb_sessions": "session_id",
    "calls": "call_id",
    "commitments": "commitment_id",
    "outreach": "outreach_id",
}

Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class Specification:
    """The rows of one indicator's example, the settings it changes, and what must come out."""

    id: str
    name: str
    how: str
    tables: dict[str, Rows]
    settings: dict[str, str]
    expected: dict[str, str]

    @property
    def as_of(self) -> str:
        """The instant the example is looked at from."""
        return self.settings.get("as_of", "2026-10-03T06:00:00Z")

    @property
    def parameters(self) -> dict[str, int]:
        """The parameters of the scorecard that the example changes."""
        return {name: int(text) for name, text in self.settings.items() if name != "as_of"}

    @property
    def value(self) -> float | None:
        """The figure worked out, None where there must be none."""
        text = self.expected["value"]
        return None if text == "-" else float(Fraction(text))

    def count(self, name: str) -> int:
        """A count worked out: cases, missing or not yet due."""
        return int(self.expected[name])


def read_specification(path: Path) -> Specification:
    """The specification in a file; raises ValueError where a part of it is lacking."""
    head, *parts = re.split(r"^## ", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    title, _, how = head.partition("\n")
    id, _, name = title.removeprefix("# ").partition(": ")
    tables = {}
    for part in parts:
        section, _, body = part.partition("\n")
        tables[section.strip()] = _rows(body)
    expected = tables.pop("expected", [])
    settings = tables.pop("settings", [])
    if not (name and how.strip() and tables and expected):
        raise ValueError(f"{path.name} lacks its title, its text, its rows or what is expected")
    return Specification(
        id=id,
        name=name,
        how=" ".join(how.split()),
        tables=tables,
        settings={row["name"]: row["value"] for row in settings},
        expected={row["figure"]: row["expected"] or "-" for row in expected},
    )


def read_specifications() -> dict[str, Specification]:
    """Every specification by the name of its file."""
    return {path.stem: read_specification(path) for path in sorted(FOLDER.glob("*.md"))}


def together(specifications: list[Specification]) -> dict[str, Rows]:
    """The tables of several specifications in one, each the tickets of a group of its own.

    The group's team is named after the specification, so that its figures are those of a team; so
    is the category of calls, which belong to no team.
    """
    tables: dict[str, Rows] = {"groups": []}
    for specification in specifications:
        mark = specification.id
        customers = {r["ticket_id"]: _customer(r) for r in specification.tables.get("tickets", ())}
        tables["groups"].append({"group_id": mark, "team_id": mark})
        for table, rows in specification.tables.items():
            for number, row in enumerate(rows):
                filled = {k: v for k, v in row.items() if k not in ("why", "times")}
                if table in ("tickets", "surveys"):
                    filled["customer_id"] = customers.get(row["ticket_id"])
                if table == "tickets":
                    filled["group_id"] = ""
                if table in KEYS:
                    filled.setdefault(KEYS[table], f"{number:03}")
                if table == "calls":
                    filled.setdefault("category", mark)
                if table == "ticket_events" and row.get("type") == "group":
                    filled |= {k: row.get(k) and f"{mark}/{row[k]}" for k in GROUPS_OF_A_CHANGE}
                if table == "surveys":
                    filled["sent_at"] = "2026-07-01 00:00"
                for copy in range(int(row.get("times") or 1)):
                    tables.setdefault(table, []).append(_marked(filled, mark, copy))
    return tables


def _customer(ticket: dict[str, Any]) -> str | None:
    return ticket["customer_id"] if "customer_id" in ticket else f"of-{ticket['ticket_id']}"


def _marked(row: dict[str, Any], mark: str, copy: int) -> dict[str, Any]:
    """The row with ids that no other specification and no other copy has."""
    marked = dict(row)
    for name, text in row.items():
        if text is None or text in NOBODY or not name.endswith(GROWS):
            continue
        number = f"/{copy}" if name in OWN_IDS else ""
        marked[name] = f"{mark}/{text}{number}" if text else mark
    return marked


def _rows(body: str) -> Rows:
    lines = [line.strip().strip("|") for line in body.strip().splitlines()]
    return text_table("\n".join(line for line in lines if set(line) - set("-| ")))
