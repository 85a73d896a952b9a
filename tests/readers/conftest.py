"""A folder with a client's files, and what loading them gives."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from cxaudit.engagement import Engagement
from cxaudit.errors import EngagementError
from cxaudit.load import Loaded, load
from cxaudit.periods import parse_period
from cxaudit.run import Run
from cxaudit.sources import parse_sources

TICKET_COLUMNS = {
    "ticket_id": "id",
    "customer_id": "customer",
    "channel": {"constant": "email"},
    "created_at": "created",
    "created_by": {"constant": "customer"},
}
AS_DELIVERED = "load-ids-as-delivered"


class Delivery:
    """The files a client delivered, in a folder of their own."""

    def __init__(self, folder: Path):
        self.folder = folder

    def deliver(self, name: str, content: str | bytes) -> Path:
        """Put a file into the folder."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def run(self, *sources: dict[str, Any]) -> Run:
        """The run of an engagement with these sources."""
        parsed, problems = parse_sources(list(sources), "engagement.toml")
        if problems:
            raise EngagementError(problems)
        client = {"id": "test", "name": "Test", "time_zone": "UTC", "as_of": "2026-10-03T06:00:00Z"}
        path = self.folder / "engagement.toml"
        settings = {"client": client, "path": path, "sources": tuple(parsed)}
        engagement = Engagement.model_validate(settings)
        return Run(engagement, parse_period("2026Q3", "UTC"), self.folder / "workspace")

    def load(self, *sources: dict[str, Any]) -> Loaded:
        """Load the sources."""
        return load(self.run(*sources))

    def tickets(self, **settings: Any) -> Loaded:
        """Load tickets.csv by the usual columns, with some settings changed."""
        columns = {**TICKET_COLUMNS, **settings.pop("columns", {})}
        source = {"table": "tickets", "path": "tickets.csv", "time_zone": "UTC"}
        return self.load({**source, "columns": columns, **settings})

    def rows(self, table: str = "tickets") -> list[dict[str, Any]]:
        """The rows loaded."""
        return pq.read_table(self.file(table)).to_pylist()

    def cells(self, column: str, table: str = "tickets") -> list[Any]:
        """One column of the rows loaded."""
        return [row[column] for row in self.rows(table)]

    def file(self, table: str) -> Path:
        """The Parquet file of a table."""
        return self.folder / "workspace" / "1_load" / f"{table}.parquet"

    @property
    def result(self) -> dict[str, Any]:
        """`load.json`."""
        return json.loads((self.file("x").parent / "load.json").read_text(encoding="utf-8"))

    def ledger(self, table: str = "tickets") -> dict[str, Any]:
        """A table's entry in `load.json`, which must add up."""
        entry = self.result["tables"][table]
        assert entry["received"] == entry["loaded"] + sum(entry["excluded"].values()), entry
        return entry

    def findings(self, kind: str = "") -> dict[str, int]:
        """The findings whose id holds a word, with their counts.

        That ids stay as delivered is left out: no salt is named here but by tests of pseudonyms.
        """
        return {f["id"]: f["rows"] for f in self.noticed(kind)}

    def noticed(self, kind: str = "") -> list[dict[str, Any]]:
        """The findings as `load.json` has them, those that `findings` counts."""
        found = [f for f in self.result["findings"] if kind in f["id"]]
        return [f for f in found if kind or f["id"] != AS_DELIVERED]


@pytest.fixture
def client(tmp_path: Path) -> Delivery:
    """A client who has delivered nothing yet."""
    return Delivery(tmp_path)
