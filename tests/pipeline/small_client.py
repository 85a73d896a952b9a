"""An invented client of three hundred tickets in two quarters, delivered as CSV, to be spoilt.

Ticket n of 0 to 149 is of 2026Q2, of 150 to 299 of 2026Q3; each has two messages and one survey
invitation, two in three of which are answered.
"""

from __future__ import annotations

import csv
import io
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from cxaudit.contracts.validate import validate
from cxaudit.facts import make_facts
from cxaudit.load import load
from cxaudit.run import Run, open_run

Row = dict[str, str]

SOURCES = """
[client]
id = "small"
name = "Small"
time_zone = "UTC"
as_of = 2026-10-03T06:00:00Z

[[source]]
table = "tickets"
path = "exports/tickets.csv"
delimiter = ","
[source.columns]
ticket_id = "ticket no"
customer_id = "customer"
channel = "channel"
created_at = "created"
first_response_at = "answered"
solved_at = "solved"
status = "state"
assignee_id = "agent"
category = "topic"
created_by = { constant = "customer" }

[[source]]
table = "messages"
path = "exports/messages.csv"
[source.columns]
message_id = "message no"
ticket_id = "ticket no"
at = "written"
author_type = "author"
author_id = "author no"
is_public = { constant = "true" }
is_auto = { constant = "false" }
text = "text"

[[source]]
table = "surveys"
path = "exports/surveys.csv"
[source.columns]
invite_id = "invitation"
question_key = { constant = "csat" }
ticket_id = "ticket no"
customer_id = "customer"
sent_at = "sent"
responded_at = "returned"
value = "stars"
mode = { constant = "email" }
scale_min = { constant = "1" }
scale_max = { constant = "5" }
higher_is_better = { constant = "true" }
"""
# Words of the audit's own language; every other cell is the client's and nobody else's.
PUBLIC = {"email", "chat", "solved", "customer", "agent", "delivery", "billing"}


def _ticket(number: int) -> Row:
    quarter = datetime(2026, 4, 1, tzinfo=UTC) if number < 150 else datetime(2026, 7, 1, tzinfo=UTC)
    created = quarter + timedelta(hours=14 * (number % 150), minutes=7, seconds=number)
    return {
        "ticket no": f"tn-{number:05d}",
        "customer": f"cn-{number % 90:05d}",
        "channel": "chat" if number % 2 else "email",
        "created": _text(created),
        "answered": _text(created + timedelta(hours=1, seconds=number)),
        "solved": _text(created + timedelta(hours=20)),
        "state": "solved",
        "agent": f"an-{number % 6:05d}",
        "topic": "delivery" if number % 3 else "billing",
    }


def _text(instant: datetime) -> str:
    return instant.strftime("%Y-%m-%dT%H:%M:%SZ")


def _messages(ticket: Row) -> list[Row]:
    number = ticket["ticket no"].removeprefix("tn-")
    asked = {"written": ticket["created"], "author": "customer", "author no": ticket["customer"]}
    replied = {"written": ticket["answered"], "author": "agent", "author no": ticket["agent"]}
    return [
        {
            "message no": f"mn-{number}-{place}",
            "ticket no": ticket["ticket no"],
            **said,
            "text": f"Words {place} about order {number}.",
        }
        for place, said in enumerate((asked, replied))
    ]


def _survey(ticket: Row) -> Row:
    number = int(ticket["ticket no"].removeprefix("tn-"))
    sent = datetime.fromisoformat(ticket["solved"]) + timedelta(hours=2)
    is_answered = number % 3 != 0
    return {
        "invitation": f"in-{number:05d}",
        "ticket no": ticket["ticket no"],
        "customer": ticket["customer"],
        "sent": _text(sent),
        "returned": _text(sent + timedelta(hours=3)) if is_answered else "",
        "stars": str(1 + number % 5) if is_answered else "",
    }


@dataclass
class Client:
    """What a client delivers: rows by table, an engagement, and files that are not as they should.

    `files` replaces what the rows of a table would be written as; None delivers no file.
    """

    folder: Path
    engagement: str = SOURCES
    period: str = "2026Q3"
    tickets: list[Row] = field(default_factory=lambda: [_ticket(n) for n in range(300)])
    files: dict[str, bytes | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.messages = [row for ticket in self.tickets for row in _messages(ticket)]
        self.surveys = [_survey(ticket) for ticket in self.tickets]

    def rows(self, table: str) -> list[Row]:
        """The rows of a table, to be spoilt."""
        found: list[Row] = getattr(self, table)
        return found

    def csv(self, table: str, delimiter: str = ",") -> str:
        """A table's rows as the text of a CSV file."""
        text = io.StringIO()
        rows = self.rows(table)
        writer = csv.DictWriter(text, list(rows[0]), delimiter=delimiter, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
        return text.getvalue()

    def replace(self, old: str, new: str) -> None:
        """Write something else in the engagement, once."""
        assert old in self.engagement
        self.engagement = self.engagement.replace(old, new, 1)

    def audit(self) -> None:
        """Deliver, then take every stage from opening the run to the facts."""
        self.deliver()
        run = self.run()
        load(run)
        validate(run)
        make_facts(run)

    def deliver(self) -> None:
        """Write the exports and the engagement."""
        exports = self.folder / "exports"
        exports.mkdir()
        for table in ("tickets", "messages", "surveys"):
            content = self.files.get(table, b"")
            if table not in self.files:
                content = self.csv(table).encode()
            if content is not None:
                (exports / f"{table}.csv").write_bytes(content)
        (self.folder / "engagement.toml").write_text(self.engagement, encoding="utf-8")

    def run(self) -> Run:
        """The run of the client's engagement."""
        return open_run(self.folder, self.period, workspace=self.workspace)

    @property
    def workspace(self) -> Path:
        """Where the stages write."""
        return self.folder / "workspace"

    def private(self) -> set[str]:
        """Every cell that no message may show; those too short to be told from a count left out."""
        rows = [row for table in ("tickets", "messages", "surveys") for row in self.rows(table)]
        cells = {cell for row in rows for cell in row.values() if len(cell) >= 4}
        return cells - PUBLIC

    def result(self, name: str) -> Any:
        """A JSON file of the workspace; None where no stage wrote it."""
        path = self.workspace / name
        return json.loads(path.read_text(encoding="utf-8")) if path.exists() else None

    def clean(self, table: str, column: str) -> list[Any]:
        """A column of a table's rows in scope, as the facts are made from them."""
        path = self.workspace / "2_validate" / "tables" / f"{table}.parquet"
        found: list[Any] = pq.read_table(path)[column].to_pylist()
        return found
