"""Which principles a client's data can carry, by the tables and columns there are."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from cxaudit.contracts.canonical import canonical_tables
from cxaudit.facts.tables import CheckedTables
from cxaudit.indicators import INDICATORS
from cxaudit.measure.availability import fallbacks, why_not
from cxaudit.score.principles import principle
from cxaudit.scorecards import open_scorecard
from tests.score.making import ENTRIES, part
from tests.workspace import workspace

SCORECARD = open_scorecard()
DUE = ("sla_first_response_due_at", "sla_resolution_due_at")
FEW = ("csat", "ces", "resolved", "resolved_first")
ALL = (*FEW, "empathy", "accurate", "honest", "kept_informed", "individual", "had_to_repeat")
QA_ITEMS = sorted({item for e in ENTRIES.values() for item in e["parameters"].get("qa_items", ())})
EVENTS = ("status", "assignee", "group", "escalation")

Rows = list[dict[str, Any]]


def every_column(table: str, *without: str, **values: Any) -> dict[str, Any]:
    """A row with all columns of a table, most of them empty."""
    names = [name for name in canonical_tables()[table].columns if name not in without]
    return {**dict.fromkeys(names), **values}


def tables(*names: str, questions: tuple[str, ...] = FEW, due: bool = True) -> dict[str, Rows]:
    """Tables with all their columns, and a survey of these questions."""
    rows = {name: [every_column(name)] for name in names}
    rows["tickets"] = [every_column("tickets", *(() if due else DUE))]
    rows["surveys"] = [every_column("surveys", question_key=key) for key in questions]
    if "qa_reviews" in rows:
        rows["qa_reviews"] = [every_column("qa_reviews", item_key=item) for item in QA_ITEMS]
    if "ticket_events" in rows:
        rows["ticket_events"] = [every_column("ticket_events", type=kind) for kind in EVENTS]
    if "messages" in rows:
        rows["messages"] = [every_column("messages", author_type="customer")]
    return rows


PEOPLE = ("agents", "customers")
HISTORY = (*PEOPLE, "ticket_events", "messages")
TIERS: dict[str, tuple[dict[str, Rows], int, str]] = {
    # tables, indicators, and per principle: assessed (a), indicative (i) or not assessed (-)
    "tickets and a short survey": (tables(due=False), 19, "-a---a--ai"),
    "with due times": (tables(), 20, "-a---a--ai"),
    "with agents and customers": (tables(*PEOPLE), 21, "-a---ai-ai"),
    "with events and messages": (tables(*HISTORY), 23, "-ai--ai-ai"),
    "with every survey question": (tables(*HISTORY, questions=ALL), 28, "iaai-aa-ai"),
    "with every table": (tables(*canonical_tables(), questions=ALL), 61, "aaaaaaaaaa"),
}
LETTERS = {"assessed": "a", "indicative": "i", "not assessed": "-"}


@pytest.mark.parametrize("tier", TIERS)
def test_coverage_by_the_data_there_are(tier: str, tmp_path: Path) -> None:
    given, number, states = TIERS[tier]
    checked = CheckedTables(workspace(tmp_path, given))
    measured = [id for id in INDICATORS if not why_not(checked, ENTRIES[id])]
    assert len(measured) == number, f"{tier}: {sorted(set(INDICATORS) - set(measured))} are not"
    found = ""
    for each in SCORECARD["principles"]:
        entries = [e for e in SCORECARD["indicators"] if e["principle"] == each["id"]]
        parts = [part(0.6, e["weight"], e["core"]) for e in entries if e["id"] in measured]
        found += LETTERS[principle(each["id"], each["name"], entries, parts).state]
    assert found == states, f"{tier}: by principle, in the scorecard's order"


@pytest.fixture
def bare(tmp_path: Path) -> CheckedTables:
    """A service whose events are assignments alone, and whose survey asks for csat alone."""
    rows = tables("ticket_events", questions=("csat",))
    rows["tickets"] = [every_column("tickets", "escalated", "status", "first_solved_at")]
    rows["ticket_events"] = [every_column("ticket_events", type="assignee")]
    return CheckedTables(workspace(tmp_path, rows))


@pytest.mark.parametrize(
    ("id", "why"),
    [
        # No reopen, no change of group, no escalation was ever seen: all would be perfect.
        ("acc_reopen_14d", "tickets.first_solved_at, ticket_events.type"),
        ("acc_right_first_routing", "ticket_events.type"),
        ("qua_frontline_resolution", "tickets.first_solved_at, tickets.escalated | ticket_ev"),
        # Events without changes of status do not tell the status.
        ("spd_resolution_rmst", "not supplied: tickets.status"),
        # Never asked is not never confirmed.
        ("tra_resolution_confirmed", "tickets.first_solved_at"),
        ("emp_felt_understood", "not asked in any survey: empathy"),
        ("tra_honesty_rated", "not asked in any survey: honest, kept_informed"),
        ("per_profile_360", "no data of the kind: customers"),
    ],
)
def test_what_the_data_never_record_is_not_assessed(id: str, why: str, bare: CheckedTables) -> None:
    assert why in why_not(bare, ENTRIES[id])


def test_a_survey_that_never_asks_whether_it_is_resolved_confirms_nothing(tmp_path: Path) -> None:
    checked = CheckedTables(workspace(tmp_path, tables(questions=("csat",))))
    why = why_not(checked, ENTRIES["tra_resolution_confirmed"])
    assert why == "not asked in any survey: resolved"


def test_one_of_two_questions_is_enough_where_the_scorecard_says_so(tmp_path: Path) -> None:
    checked = CheckedTables(workspace(tmp_path, tables(questions=("honest",))))
    assert why_not(checked, ENTRIES["tra_honesty_rated"]) == ""


STANDS_IN = {
    "spd_first_response": "Phone is not scored from tickets",
    "qua_fcr_observed": "Reopens not seen",
    "spd_resolution_rmst": "solved_at as delivered",
    "per_continuity": "tickets.group_id stands for the team.",
}


def test_what_stands_in_for_data_that_are_not_there_is_said_and_only_then(tmp_path: Path) -> None:
    bare = CheckedTables(workspace(tmp_path / "bare", tables()))
    full = CheckedTables(workspace(tmp_path / "full", tables(*canonical_tables(), questions=ALL)))
    for id, words in STANDS_IN.items():
        assert any(words in note for note in fallbacks(bare, ENTRIES[id])), id
        assert not any(words in note for note in fallbacks(full, ENTRIES[id])), id
