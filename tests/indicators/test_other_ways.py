"""Another way to a figure where the required columns are not there, and what is said of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from cxaudit.facts.tables import CheckedTables
from cxaudit.measure.availability import fallbacks, why_not
from cxaudit.scorecards import open_scorecard
from tests.workspace import workspace

ENTRIES = {entry["id"]: entry for entry in open_scorecard()["indicators"]}
TICKET: dict[str, Any] = {
    "ticket_id": "1",
    "customer_id": "c1",
    "created_at": "2026-07-06 09:00",
    "category": "a",
}
REVIEW: dict[str, Any] = {
    "review_id": "q1",
    "agent_id": "g1",
    "reviewer_id": "p1",
    "reviewed_at": "2026-07-08 09:00",
    "item_key": "greeting",
    "score": 1.0,
    "is_critical": False,
}
FLOW: dict[str, Any] = {"category": "a", "from_value": "new", "to_value": "solved"}
CHANGE: dict[str, Any] = {
    "event_id": "e1",
    "ticket_id": "1",
    "at": "2026-07-06 10:00",
    "to_value": "solved",
}


def tables(folder: Path, **rows: dict[str, Any]) -> CheckedTables:
    """A service with a ticket and one row of each of these tables."""
    return CheckedTables(
        workspace(folder, {name: [row] for name, row in {"tickets": TICKET, **rows}.items()})
    )


def test_without_reviews_adherence_is_measured_by_traces(tmp_path: Path) -> None:
    found = tables(tmp_path, process_flows=FLOW, ticket_events=CHANGE)
    entry = ENTRIES["con_process_adherence"]
    assert why_not(found, entry) == ""
    assert fallbacks(found, entry) == [], "what would refine reviews is no matter"


def test_items_that_no_review_has_are_named(tmp_path: Path) -> None:
    found = tables(tmp_path, qa_reviews=REVIEW)
    assert why_not(found, ENTRIES["con_process_adherence"]) == "in no review: process_followed"
    assert why_not(found, ENTRIES["tra_candour_qa"]).startswith("in no review: admitted_unknown")
    assert why_not(found, ENTRIES["qua_iqs"]) == "", "any item will do"


def test_that_any_contact_counts_is_said_where_no_ticket_names_an_event(tmp_path: Path) -> None:
    event: dict[str, Any] = {
        "event_id": "v1",
        "customer_id": "c1",
        "occurred_at": "2026-07-06 08:00",
    }
    event |= {"detected_at": "2026-07-06 08:00", "type": "outage"}
    message: dict[str, Any] = {
        "outreach_id": "o1",
        "customer_id": "c1",
        "event_id": "v1",
        "type": "alert",
    }
    message |= {"sent_at": "2026-07-06 09:00", "asks_contact": False}
    entry = ENTRIES["pro_notified_first"]
    for name, ticket, expected in (
        ("absent", TICKET, 1),
        ("empty", {**TICKET, "event_id": None}, 1),
        ("named", {**TICKET, "event_id": "v1"}, 0),
    ):
        rows: dict[str, Any] = {"tickets": ticket, "service_events": event, "outreach": message}
        found = tables(tmp_path / name, **rows)
        assert why_not(found, entry) == "", name
        assert len(fallbacks(found, entry)) == expected, name
        assert len(fallbacks(found, ENTRIES["pro_outreach_backfire"])) == expected, name
