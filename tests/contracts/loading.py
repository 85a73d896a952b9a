"""Small tables as the load stage leaves them, and contracts written for one test."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import yaml

from cxaudit.contracts.canonical import canonical_tables
from cxaudit.engagement import Client, Engagement
from cxaudit.periods import parse_period
from cxaudit.run import Run

JULY = "2026-07-01T09:00:07"
LATER = "2026-07-02T10:00:11"


def instant(text: str | None) -> datetime | None:
    """A UTC instant of an ISO text; None of None."""
    return None if text is None else datetime.fromisoformat(text).replace(tzinfo=UTC)


def ticket(number: int, **given: Any) -> dict[str, Any]:
    """A ticket that breaks no rule, with a creation time of its own."""
    created = f"2026-07-01T{number // 3600 % 24:02d}:{number // 60 % 60:02d}:{number % 60:02d}"
    return {
        "ticket_id": f"t{number}",
        "customer_id": f"c{number % 7}",
        "channel": "chat",
        "created_at": created,
        "first_response_at": LATER,
        "solved_at": LATER,
        "status": "solved",
        "assignee_id": "a1",
        "category": "delivery",
        "created_by": "customer",
        **given,
    }


def message(number: int, ticket_id: str, **given: Any) -> dict[str, Any]:
    """A message that breaks no rule."""
    return {
        "message_id": f"m{number}",
        "ticket_id": ticket_id,
        "at": LATER,
        "author_type": "agent" if number % 2 else "customer",
        "author_id": "a1",
        "is_public": True,
        "is_auto": number == 0,
        **given,
    }


def answer(number: int, **given: Any) -> dict[str, Any]:
    """A survey row that breaks no rule; every third one is not answered."""
    answered = number % 3 != 0
    return {
        "invite_id": f"i{number}",
        "question_key": "csat",
        "ticket_id": f"t{number}",
        "customer_id": "c1",
        "sent_at": LATER,
        "mode": "email",
        "responded_at": "2026-07-03T10:00:00" if answered else None,
        "value": 1.0 + number % 5 if answered else None,
        "scale_min": 1.0,
        "scale_max": 5.0,
        "higher_is_better": True,
        **given,
    }


def typed(name: str, rows: Iterable[Mapping[str, Any]]) -> pa.Table:
    """Rows as a canonical table; instants may be given as ISO texts."""
    columns = canonical_tables()[name].columns
    data = {
        column.name: [
            instant(row.get(column.name)) if column.type == "instant" else row.get(column.name)
            for row in rows
        ]
        for column in columns.values()
    }
    return pa.table(data, schema=canonical_tables()[name].arrow_schema())


def loaded_run(
    folder: Path,
    tables: Mapping[str, list[dict[str, Any]]],
    supplied: Mapping[str, set[str]] | None = None,
    **settings: Any,
) -> Run:
    """A run whose load stage has left these rows; supplied are the columns that any row names."""
    client = Client(id="test", name="Test", time_zone="UTC", as_of="2026-10-03T06:00:00Z")
    engagement = Engagement.model_validate(
        {"client": client, "path": folder / "engagement.toml", "sources": (), **settings}
    )
    run = Run(engagement, parse_period("2026Q3", "UTC"), folder / "workspace")
    report = {}
    for name, rows in tables.items():
        given = (supplied or {}).get(name) or {key for row in rows for key in row}
        pq.write_table(typed(name, rows), run.folder("1_load") / f"{name}.parquet")
        report[name] = {
            "received": len(rows),
            "excluded": {},
            "loaded": len(rows),
            "supplied": sorted(given),
        }
    load = {"tables": report, "inputs": [], "findings": []}
    (run.folder("1_load") / "load.json").write_text(json.dumps(load), encoding="utf-8")
    return run


def validation(run: Run) -> dict[str, Any]:
    """The validation.json of a run."""
    return json.loads((run.folder("2_validate") / "validation.json").read_text("utf-8"))


def check_of(run: Run, identity: str) -> dict[str, Any]:
    """One check of validation.json."""
    return next(check for check in validation(run)["checks"] if check["id"] == identity)


def rows_of(run: Run, place: str, table: str) -> list[dict[str, Any]]:
    """The rows of a table that validation wrote; none where it wrote no such table."""
    path = run.folder("2_validate") / place / f"{table}.parquet"
    return pq.read_table(path).to_pylist() if path.exists() else []


@dataclass
class Draft:
    """A contract of one table in the making."""

    columns: list[dict[str, Any]]
    quality: list[dict[str, Any]]
    name: str = "visits"
    version: str = "v3.2.0"

    def document(self) -> dict[str, Any]:
        """The contract as a document of the standard."""
        table: dict[str, Any] = {"name": self.name, "properties": self.columns}
        if self.quality:
            table["quality"] = self.quality
        return {
            "apiVersion": self.version,
            "kind": "DataContract",
            "id": self.name,
            "version": "1.0.0",
            "status": "active",
            "schema": [table],
        }

    def write(self, folder: Path) -> Path:
        """The contract's file in a folder."""
        path = folder / f"{self.name}.odcs.yaml"
        path.write_text(yaml.safe_dump(self.document(), sort_keys=False), encoding="utf-8")
        return path


def draft(**given: Any) -> Draft:
    """A valid contract of a table 'visits' with a key, a number and a text."""
    columns = given.pop("columns", None) or [
        {"name": "visit_id", "logicalType": "string", "required": True, "primaryKey": True},
        {"name": "pages", "logicalType": "integer"},
        {"name": "site", "logicalType": "string"},
    ]
    return Draft(columns=columns, quality=given.pop("quality", []), **given)
