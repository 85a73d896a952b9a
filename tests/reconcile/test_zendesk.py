"""Zendesk's definitions beside ours on tickets worked by hand, and each difference's cause."""

from __future__ import annotations

import json
import math
import shutil
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from cxaudit.reconcile.comparison import Reconciliation, compare
from cxaudit.reconcile.definitions import ZENDESK
from cxaudit.reconcile.loaded import LoadedTables
from cxaudit.reconcile.terminal import cause_rows, metric_rows, sentences, step_rows
from cxaudit.reconcile.written import differences, document_of, write
from tests.reconcile.desk import desk
from tests.workspace import workspace

NOTHING = None


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Reconciliation:
    return compare(desk(tmp_path_factory.mktemp("desk")), ZENDESK)


def cell(found: Reconciliation, ticket: str, metric: str) -> tuple[float | None, float | None, str]:
    """Theirs, ours and the cause; None where there is no figure, '' where they are alike."""
    compared = next(c for c in found.compared if metric in c.definition.metrics)
    theirs, ours = compared.theirs.loc[ticket, metric], compared.ours.loc[ticket, metric]
    cause = compared.causes.loc[ticket, metric]
    plain = [None if math.isnan(figure) else round(float(figure), 4) for figure in (theirs, ours)]
    return plain[0], plain[1], cause or ""


REPLY = "first_reply_time_calendar_minutes"
REPLY_OPEN = "first_reply_time_business_minutes"
LAST = "final_resolution_calendar_minutes"
WAIT = "requester_wait_time_in_calendar_minutes"
WORKED = [
    ("plain", REPLY, 30, 30, ""),
    ("plain", REPLY_OPEN, 30, 30, ""),
    ("plain", "first_resolution_calendar_minutes", 120, 120, ""),
    ("plain", LAST, 120, 120, ""),
    ("plain", "first_resolution_business_minutes", 120, 120, ""),
    ("plain", "full_resolution_business_minutes", 120, 120, ""),
    # new 30, open 30 and 30, hold 10, pending 20 minutes
    ("plain", WAIT, 100, 100, ""),
    ("plain", "agent_wait_time_in_calendar_minutes", 20, 20, ""),
    ("plain", "agent_work_time_in_calendar_minutes", 90, 90, ""),
    ("plain", "on_hold_time_in_calendar_minutes", 10, 10, ""),
    ("plain", "solve_time_in_calendar_minutes", 120, 120, ""),
    ("plain", "solve_time_in_business_minutes", 120, 120, ""),
    ("plain", "count_reopens", 0, 0, ""),
    ("plain", "is_one_touch_resolution", 1, 1, ""),
    ("plain", "is_two_touch_resolution", 0, 0, ""),
    ("plain", "count_public_agent_comments", 1, 1, ""),
    ("plain", "total_comments", 2, 2, ""),
    ("bot", REPLY, 1, 60, "bot counted as an agent"),
    ("bot", "is_one_touch_resolution", 0, 1, "bot counted as an agent"),
    ("bot", "is_two_touch_resolution", 1, 0, "bot counted as an agent"),
    ("bot", "count_agent_comments", 2, 1, "bot counted as an agent"),
    ("former", REPLY, NOTHING, 20, "author was an agent when writing"),
    ("former", "count_end_user_comments", 2, 1, "author was an agent when writing"),
    ("receipt", REPLY, 0.5, 60, "automatic acknowledgement counted"),
    ("deleted", REPLY, 10, NOTHING, "out of our scope: deleted"),
    ("deleted", "total_comments", 2, NOTHING, "out of our scope: deleted"),
    ("both", REPLY, 1, NOTHING, "out of our scope: deleted; bot counted as an agent"),
    ("both", "first_resolution_calendar_minutes", 120, NOTHING, "out of our scope: deleted"),
    ("both", "total_comments", 3, NOTHING, "out of our scope: deleted"),
    ("opening", REPLY, 240, 0, "opening comment is no reply"),
    ("note", REPLY, 5, 5, ""),
    ("note", "count_internal_comments", 1, 1, ""),
    ("early", REPLY, -10, NOTHING, "reply older than its ticket"),
    ("own", REPLY, 30, 30, ""),
    ("own", "count_agent_comments", 2, 1, "requester is an agent"),
    ("stranger", "total_comments", 2, 3, "author not among the users"),
    ("back", "first_resolution_calendar_minutes", 120, 120, ""),
    ("back", LAST, 120, NOTHING, "solved once, not solved now"),
    ("back", "first_resolution_business_minutes", NOTHING, 120, "solved once, not solved now"),
    ("back", "full_resolution_business_minutes", NOTHING, NOTHING, ""),
    ("back", "count_reopens", 0, 1, "reopen counted as solves minus one"),
    # 2 hours new, then open from 13:00 until 10:00 of the next day, 5 hours of both days open
    ("back", WAIT, 1380, NOTHING, "open: billed to as-of by them, censored by us"),
    (
        "back",
        "requester_wait_time_in_business_minutes",
        420,
        NOTHING,
        "open: billed to as-of by them, censored by us",
    ),
    ("closed", LAST, 120, 240, "closed again without a solve"),
    ("closed", "count_reopens", 0, 1, "reopen counted as solves minus one"),
    ("never", REPLY, NOTHING, NOTHING, ""),
    ("never", LAST, NOTHING, NOTHING, ""),
    ("never", "count_reopens", NOTHING, 0, "never solved: no reopens of theirs"),
    ("slip", "count_reopens", 1, 0, "reopened without a word of the customer"),
    # closed from 18:00 to 19:00 by the office hours that hold until then
    ("later", REPLY, 120, 120, ""),
    ("later", REPLY_OPEN, 60, 120, "schedule set later"),
    ("later", "agent_work_time_in_business_minutes", 60, 120, "schedule set later"),
    ("at once", REPLY_OPEN, 119.95, 120, "schedule set later"),
    ("rule", LAST, 120, NOTHING, "automated closure counted as a resolution"),
    (
        "rule",
        "first_resolution_calendar_minutes",
        120,
        NOTHING,
        "automated closure counted as a resolution",
    ),
    ("untold", WAIT, 90, 120, "status before the first change"),
    ("silent", WAIT, 0, NOTHING, "no history of changes"),
    ("silent", LAST, NOTHING, NOTHING, ""),
    ("aside", REPLY, 5, NOTHING, "set aside by a contract"),
]


@pytest.mark.parametrize(
    ("ticket", "metric", "theirs", "ours", "cause"),
    WORKED,
    ids=[f"{ticket} {metric}" for ticket, metric, *_ in WORKED],
)
def test_a_ticket_worked_by_hand(
    found: Reconciliation,
    ticket: str,
    metric: str,
    theirs: float | None,
    ours: float | None,
    cause: str,
) -> None:
    assert cell(found, ticket, metric) == (theirs, ours, cause)


def test_every_difference_of_the_desk_is_explained(found: Reconciliation) -> None:
    rows = differences(found)
    unexplained = rows[rows["cause"] == "unexplained"]
    assert unexplained.empty, unexplained.to_string()
    assert sentences(document_of(found))[0].startswith("Every difference is explained.")


def test_tickets_of_another_period_are_counted_and_left_out(found: Reconciliation) -> None:
    assert "june" not in found.tickets.index
    assert (len(found.tickets), found.outside) == (21, 1)


def test_a_ticket_delivered_twice_is_one_and_one_without_id_is_none(tmp_path: Path) -> None:
    tickets = """
    ticket_id | created_at       | status
    1         | 2026-07-06 11:00 | solved
    1         | 2026-07-06 10:00 | open
    -         | 2026-07-06 10:00 | open
    """
    run = workspace(tmp_path, {"tickets": tickets})
    checked = run.folder("2_validate") / "checked" / "tickets.parquet"
    shutil.copy(checked, run.folder("1_load") / "tickets.parquet")
    tables = LoadedTables(run)
    rows = tables.engine.fetch(tables.read("tickets").select("ticket_id", "status")).to_pylist()
    assert rows == [{"ticket_id": "1", "status": "open"}]


def test_the_headline_goes_from_theirs_to_ours_step_by_step(found: Reconciliation) -> None:
    metric = next(m for m in document_of(found)["metrics"] if m["metric"] == REPLY)
    # -10, 0.5, 1, 1, 5, 5, 10, 120, 120, 240 and eight times 30
    assert metric["theirs"] == {"figure": 30.0, "tickets": 18}
    first = metric["steps"][0]
    # The replies of the two bots are an hour and ten minutes after the creation without them.
    assert first == {"rule": "bot counted as an agent", "figure": 30.0, "tickets": 18}
    assert metric["steps"][-1]["figure"] == metric["ours"]["figure"]
    assert metric["alike"] + metric["differ"] == 21
    assert sum(metric["causes"].values()) == metric["differ"]


def test_what_the_audit_has_and_no_rule_tells_is_unexplained_and_comes_first(
    tmp_path: Path,
) -> None:
    run = desk(tmp_path)
    path = run.folder("2_validate") / "facts" / "contacts.parquet"
    contacts = pd.read_parquet(path)
    # As if a change of ours had moved the reply of one ticket and nobody had told the rules.
    is_moved = contacts["ticket_id"] == "plain"
    contacts.loc[is_moved, "first_response_at"] += pd.Timedelta(minutes=7)
    contacts.to_parquet(path)
    found = compare(run, replace(ZENDESK, definitions=ZENDESK.definitions[:1]))
    assert cell(found, "plain", REPLY) == (30, 37, "unexplained")
    assert differences(found).iloc[0]["ticket_id"] == "plain"
    assert sentences(document_of(found))[0].startswith("1 differences unexplained.")
    headings, rows = cause_rows(found)
    assert (headings[0], rows[0][:2]) == ("Cause (tickets)", ("unexplained", "1"))


def test_the_files_hold_a_row_per_difference_and_valid_json(
    found: Reconciliation, tmp_path: Path
) -> None:
    document = write(found, tmp_path)
    rows = pd.read_csv(tmp_path / "reconciliation.csv")
    assert list(rows) == ["ticket_id", "metric", "theirs", "ours", "difference", "cause"]
    assert len(rows) == sum(metric["differ"] for metric in document["metrics"])
    bot = rows[(rows["ticket_id"] == "bot") & (rows["metric"] == REPLY)].iloc[0]
    assert (bot["theirs"], bot["ours"], bot["difference"]) == (1, 60, -59)
    assert json.loads((tmp_path / "reconciliation.json").read_text(encoding="utf-8")) == document


def test_the_terminal_has_every_metric_and_every_step(found: Reconciliation) -> None:
    document = document_of(found)
    rows = {row[0]: row[1:] for row in metric_rows(document)}
    assert len(rows) == 24
    assert rows[REPLY][2:5] == ("0", "30.0 min", "30.0 min")
    steps = step_rows(document)
    assert steps[0] == (f"{REPLY}: theirs", "30.0 min")
    assert ("  no more: bot counted as an agent", "30.0 min") in steps
