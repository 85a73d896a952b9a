"""Real exports, read by settings alone, give the figures counted in them by other means."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest

from .conftest import Delivery

pytestmark = pytest.mark.reference

FORUM_TICKETS: dict[str, Any] = {
    "ticket_id": "ticket_id",
    "customer_id": "customer_id",
    "channel": {"constant": "web_form"},
    "created_at": "created_at",
    "status": {
        "from": "is_solved",
        "values": {"true": "solved", "false": "open"},
        "when_empty": "unknown",
    },
    "language": "locale",
    "category": "topic",
    "created_by": {"constant": "customer"},
    "is_spam": "is_spam",
}
FORUM_MESSAGES: dict[str, Any] = {
    "message_id": "message_id",
    "ticket_id": "ticket_id",
    "at": "created_at",
    "author_type": {
        "from": "author_id",
        "equals": "requester",
        "then": "customer",
        "otherwise": "agent",
    },
    "author_id": "author_id",
    "is_public": {"constant": True},
    "is_auto": {"constant": False},
    "text": "body_html",
}


@pytest.fixture
def forum(client: Delivery, reference_data: Path) -> Delivery:
    """The support forum, loaded."""
    folder = reference_data / "data" / "support_forum_2023_2024"
    lookup = {
        "source": "tickets",
        "match": {"ticket_id": "ticket_id"},
        "take": {"requester": "customer_id"},
    }
    client.load(
        {"table": "tickets", "path": str(folder / "tickets.csv.gz"), "columns": FORUM_TICKETS},
        {
            "table": "messages",
            "path": str(folder / "messages.csv.gz"),
            "columns": FORUM_MESSAGES,
            "lookup": [lookup],
        },
    )
    return client


def test_the_forum_is_read_whole(forum: Delivery) -> None:
    assert forum.ledger("tickets")["loaded"] == 27_594
    assert forum.ledger("messages")["loaded"] == 59_855
    # members who took an address for their name
    assert forum.findings() == {"load-ids-that-reach-people": 101}
    statuses = Counter(forum.cells("status"))
    assert statuses["unknown"] == 12_976, "an absent flag is unknown, not unsolved"
    assert sum(is_spam is True for is_spam in forum.cells("is_spam")) == 26


def test_first_replies_in_the_forum(forum: Delivery) -> None:
    tickets = pq.read_table(forum.file("tickets")).to_pandas().set_index("ticket_id")
    messages = pq.read_table(forum.file("messages")).to_pandas()
    replies = messages[messages["author_type"] == "agent"].groupby("ticket_id")["at"].min()
    waits = (replies.reindex(tickets.index) - tickets["created_at"]).dt.total_seconds() / 3600
    assert (waits <= 24).mean() == pytest.approx(0.612, abs=0.0005)
    assert waits.isna().mean() == pytest.approx(0.285, abs=0.0005)
    assert waits.quantile(0.5) == pytest.approx(3.81, abs=0.005)
    assert waits.quantile(0.9) == pytest.approx(40.5, abs=0.05)


def test_the_zendesk_export_tells_the_exclusions_apart(
    client: Delivery, reference_data: Path
) -> None:
    path = str(reference_data / "conformance" / "zendesk_export")
    client.load({"reader": "zendesk", "path": path})
    rows = client.rows()
    assert len(rows) == 1000
    assert sum(row["is_deleted"] for row in rows) == 27
    assert sum(row["merged_into"] is not None for row in rows) == 38
    assert sum(row["customer_id"] is None for row in rows) == 12
    assert sum(row["created_by"] == "agent" for row in rows) == 68
    reasons = [
        (row["is_deleted"], row["merged_into"] is not None, row["customer_id"] is None)
        for row in rows
    ]
    assert max(sum(reason) for reason in reasons) == 1, "no ticket is excluded for two reasons"
    assert client.ledger("messages")["loaded"] == 4752
    assert Counter(client.cells("author_type", "messages"))["third_party"] == 12


def test_calls_with_date_and_time_apart_and_midnight_for_missing(
    client: Delivery, reference_data: Path
) -> None:
    def at(time: str) -> dict[str, str]:
        return {"date": "date", "time": time, "missing": "0:00:00"}

    source = {
        "table": "calls",
        "path": str(reference_data / "data" / "bank_calls_1999_01" / "calls.csv.gz"),
        "time_zone": "Asia/Jerusalem",
        "dates": "%y%m%d %H:%M:%S",
        "columns": {
            "call_id": {"from": ["vru_line", "call_id", "date"]},
            "channel": {"constant": "phone"},
            "customer_id": {"from": "customer_id", "missing": "0"},
            "queue": "type",
            "offered_at": {"date": "date", "time": "vru_entry"},
            "queued_at": at("q_start"),
            "answered_at": at("ser_start"),
            "ended_at": {"date": "date", "time": "vru_exit"},
            "agent_id": {"from": "server", "missing": "NO_SERVER"},
            "category": "outcome",
        },
    }
    client.load({**source, "filter": [{"column": "outcome", "not_in": ["PHANTOM"]}]})
    ledger = client.ledger("calls")
    assert (ledger["received"], ledger["excluded"]) == (31_599, {"row filter": 240})
    calls = pq.read_table(client.file("calls")).to_pandas()
    served = calls["category"] == "AGENT"
    assert calls["call_id"].is_unique
    assert (calls["queued_at"].notna() | served).sum() == 30_161
    assert served.sum() == 27_060
    assert (served & calls["answered_at"].isna()).sum() == 42
    assert calls["customer_id"].isna().mean() == pytest.approx(0.57, abs=0.01)


def test_an_event_log_becomes_its_last_row_per_incident(
    client: Delivery, reference_data: Path
) -> None:
    path = reference_data / "data" / "servicenow_incident_log" / "incident_event_log.zip"
    client.load(
        {
            "table": "tickets",
            "path": str(path),
            "time_zone": "UTC",
            "dates": "%d/%m/%Y %H:%M",
            "missing": "?",
            "latest": {"per": "number", "by": "sys_mod_count", "as": "number"},
            "columns": {
                "ticket_id": "number",
                "customer_id": "caller_id",
                "channel": {
                    "from": "contact_type",
                    "otherwise": "phone",
                    "values": {"Email": "email"},
                },
                "created_at": "opened_at",
                "solved_at": "resolved_at",
                "category": "category",
                "subcategory": "category#2",
                "reopen_count": "reopen_count",
                "created_by": {"constant": "agent"},
            },
        }
    )
    ledger = client.ledger()
    assert ledger["received"] == 141_712
    tickets = pq.read_table(client.file("tickets")).to_pandas()
    assert tickets["ticket_id"].nunique() == 24_918
    hours = (tickets["solved_at"] - tickets["created_at"]).dt.total_seconds().dropna() / 3600
    assert len(hours) == 23_362
    assert np.quantile(hours, [0.5, 0.9]) == pytest.approx([22.1, 381.5], abs=0.05)
