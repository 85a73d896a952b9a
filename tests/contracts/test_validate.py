"""Validation sets rows aside, says why, and stops where there is nothing sound to audit."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from cxaudit.contracts.validate import validate
from cxaudit.errors import AuditStopped
from cxaudit.run import Run
from tests.contracts.loading import (
    answer,
    check_of,
    loaded_run,
    message,
    rows_of,
    ticket,
    validation,
)

BEFORE = "2026-06-01T00:00:00"


def tickets(count: int, **given: Any) -> list[dict[str, Any]]:
    return [ticket(number, **given) for number in range(count)]


def ids(rows: list[dict[str, Any]], column: str) -> list[str]:
    return sorted(row[column] for row in rows)


def stopped(run: Run) -> str:
    """What validation says when it stops."""
    with pytest.raises(AuditStopped) as stop:
        validate(run)
    return str(stop.value)


def test_sound_tables_pass_unchanged(tmp_path: Path) -> None:
    run = loaded_run(tmp_path, {"tickets": tickets(10), "messages": [message(0, "t1")]})
    validated = validate(run)
    assert len(rows_of(run, "checked", "tickets")) == 10
    assert rows_of(run, "quarantine", "tickets") == []
    assert validation(run)["passed"] is True
    assert validated.quarantine.empty


def test_an_answer_before_the_question_is_quarantined_with_its_reason(tmp_path: Path) -> None:
    rows = [*tickets(99), ticket(99, first_response_at=BEFORE)]
    run = loaded_run(tmp_path, {"tickets": rows})
    validate(run)
    (row,) = rows_of(run, "quarantine", "tickets")
    assert (row["ticket_id"], row["reasons"]) == ("t99", ["tickets.answered_after_created"])
    assert len(rows_of(run, "checked", "tickets")) == 99
    found = check_of(run, "tickets.answered_after_created")
    assert (found["state"], found["failed_rows"], found["rows"], found["share"]) == (
        "failed",
        1,
        100,
        0.01,
    )
    assert validation(run)["passed"] is False


def test_a_row_has_all_its_reasons_and_is_counted_under_the_first(tmp_path: Path) -> None:
    rows = [*tickets(99), ticket(99, first_response_at=BEFORE, solved_at=BEFORE)]
    run = loaded_run(tmp_path, {"tickets": rows})
    validated = validate(run)
    (row,) = rows_of(run, "quarantine", "tickets")
    both = ["tickets.answered_after_created", "tickets.solved_after_created"]
    assert row["reasons"] == both
    assert validation(run)["quarantined"] == {"tickets": {"rows": 1, "by_reason": {both[0]: 1}}}
    assert validated.quarantine.to_dict("records") == [
        {"table": "tickets", "reason": both[0], "rows": 1}
    ]


def test_copies_of_one_id_that_differ_are_all_quarantined(tmp_path: Path) -> None:
    rows = [*tickets(198), ticket(198), ticket(198, category="billing")]
    run = loaded_run(tmp_path, {"tickets": rows})
    validate(run)
    gone = rows_of(run, "quarantine", "tickets")
    assert ids(gone, "ticket_id") == ["t198", "t198"]
    assert {tuple(row["reasons"]) for row in gone} == {("tickets.ticket_id.unique",)}


def test_children_of_a_quarantined_parent_go_with_it(tmp_path: Path) -> None:
    rows = [*tickets(99), ticket(99, solved_at=BEFORE)]
    messages = [message(0, "t1"), message(1, "t99")]
    surveys = [answer(number) for number in (1, 2, 3, 99)]
    run = loaded_run(tmp_path, {"tickets": rows, "messages": messages, "surveys": surveys})
    validate(run)
    (gone,) = rows_of(run, "quarantine", "messages")
    assert (gone["message_id"], gone["reasons"]) == ("m1", ["parent quarantined"])
    (gone,) = rows_of(run, "quarantine", "surveys")
    assert (gone["invite_id"], gone["reasons"]) == ("i99", ["parent quarantined"])
    assert ids(rows_of(run, "checked", "messages"), "message_id") == ["m0"]


def test_children_stay_while_a_row_of_their_parent_stays(tmp_path: Path) -> None:
    """Agents are not quarantined with a ticket, and nothing else that only refers to it."""
    rows = [*tickets(99), ticket(99, solved_at=BEFORE)]
    agents = [{"agent_id": "a1", "team_id": "x"}]
    run = loaded_run(tmp_path, {"tickets": rows, "agents": agents})
    validate(run)
    assert rows_of(run, "quarantine", "agents") == []


def test_orphans_are_quarantined_where_the_relation_holds_otherwise(tmp_path: Path) -> None:
    messages = [message(number, f"t{number % 10}") for number in range(199)]
    run = loaded_run(
        tmp_path, {"tickets": tickets(10), "messages": [*messages, message(199, "t77")]}
    )
    validate(run)
    (gone,) = rows_of(run, "quarantine", "messages")
    assert (gone["message_id"], gone["reasons"]) == ("m199", ["messages.ticket_id.exists"])
    assert check_of(run, "messages.ticket_id.relation")["state"] == "passed"


def test_nobody_is_an_orphan_where_the_parents_table_came_empty(tmp_path: Path) -> None:
    unassigned = tickets(60, assignee_id=None)
    run = loaded_run(tmp_path, {"tickets": unassigned, "agents": []}, {"agents": {"agent_id"}})
    validate(run)
    assert check_of(run, "tickets.assignee_id.relation")["failed_rows"] == 0


def test_a_table_whose_relation_does_not_hold_is_unusable(tmp_path: Path) -> None:
    messages = [message(number, f"t{number}") for number in range(50)]
    run = loaded_run(tmp_path, {"tickets": tickets(49), "messages": messages})
    validated = validate(run)
    assert validation(run)["unusable"] == ["messages"]
    assert rows_of(run, "checked", "messages") == []
    ledger = validated.ledger.set_index("table").loc["messages"]
    assert (ledger["loaded"], ledger["checked"], ledger["unusable"]) == (50, 0, 50)
    assert len(rows_of(run, "checked", "tickets")) == 49


def test_a_required_table_whose_relation_does_not_hold_stops(tmp_path: Path) -> None:
    messages = [message(number, f"t{number}") for number in range(50)]
    run = loaded_run(
        tmp_path,
        {"tickets": tickets(49), "messages": messages},
        contracts={"required_tables": ("tickets", "messages")},
    )
    assert "messages.ticket_id.relation" in stopped(run)
    assert validation(run)["stop"] is True


@pytest.mark.parametrize(("broken", "stops"), [(2, False), (3, True)])
def test_more_than_two_per_cent_of_a_required_table_stop(
    tmp_path: Path, broken: int, stops: bool
) -> None:
    rows = [*tickets(100 - broken), *(ticket(900 + n, solved_at=BEFORE) for n in range(broken))]
    run = loaded_run(tmp_path, {"tickets": rows})
    if stops:
        said = stopped(run)
        assert "tickets.odcs.yaml, tickets.solved_after_created" in said
        assert "more than 2.00% of the table" in said
        assert "3 of 100 rows (3.00%)" in said
    else:
        validate(run)
    assert validation(run)["stop"] is stops
    assert len(rows_of(run, "quarantine", "tickets")) == broken, "the rows to mend are shown"


def test_other_tables_lose_the_rows_and_go_on(tmp_path: Path) -> None:
    calls = [
        {
            "call_id": f"k{number}",
            "channel": "phone",
            "queue": "q",
            "offered_at": "2026-07-02T10:00:00",
            "answered_at": None,
            "ended_at": "2026-07-02T10:01:00" if number else "2026-07-02T09:00:00",
        }
        for number in range(10)
    ]
    run = loaded_run(tmp_path, {"tickets": tickets(5), "calls": calls})
    validate(run)
    assert ids(rows_of(run, "quarantine", "calls"), "call_id") == ["k0"]
    assert len(rows_of(run, "checked", "calls")) == 9


def test_a_required_column_that_is_not_supplied_fails_the_table(tmp_path: Path) -> None:
    messages = [
        {key: value for key, value in message(n, "t1").items() if key != "is_public"}
        for n in range(3)
    ]
    run = loaded_run(tmp_path, {"tickets": tickets(5), "messages": messages})
    validate(run)
    assert validation(run)["unusable"] == ["messages"]
    assert check_of(run, "messages.columns")["message"] == "not supplied: is_public"
    assert check_of(run, "messages.is_public.required")["state"] == "not applicable"


def test_a_required_column_that_may_be_empty_need_not_be_supplied(tmp_path: Path) -> None:
    keep = ("ticket_id", "customer_id", "channel", "created_at", "created_by")
    rows = [{key: row[key] for key in keep} for row in tickets(5)]
    run = loaded_run(tmp_path, {"tickets": rows})
    validate(run)
    assert validation(run)["passed"] is True
    assert check_of(run, "tickets.solved_after_created")["message"] == "solved_at not supplied"


@pytest.mark.parametrize("tables", [{"tickets": []}, {"messages": [message(0, "t1")]}])
def test_without_tickets_there_is_nothing_to_audit(
    tmp_path: Path, tables: dict[str, list[dict[str, Any]]]
) -> None:
    run = loaded_run(tmp_path, tables, supplied={"tickets": {"ticket_id"}})
    assert "nothing to audit" in stopped(run)
    assert validation(run)["stop"] is True


def test_a_warning_is_a_counted_finding_and_caps_the_grade(tmp_path: Path) -> None:
    """Nobody is among these surveys who did not answer."""
    surveys = [answer(number) for number in range(30) if number % 3]
    run = loaded_run(tmp_path, {"tickets": tickets(30), "surveys": surveys})
    validate(run)
    found = validation(run)
    assert check_of(run, "surveys.includes_non_respondents")["state"] == "failed"
    assert found["degraded"]["qua_csat"] == "C"
    assert found["degraded"]["qua_fcr_customer"] == "C"
    assert found["passed"] is True, "a warning does not fail the contracts"
    assert rows_of(run, "quarantine", "surveys") == []


def test_the_lower_of_two_caps_holds(tmp_path: Path) -> None:
    """Created on the hour (cap D) and answered at once on e-mail (cap C)."""
    rows = [
        ticket(
            n,
            channel="email",
            created_at="2026-07-01T09:00:00",
            first_response_at="2026-07-01T09:00:01",
        )
        for n in range(20)
    ]
    run = loaded_run(tmp_path, {"tickets": rows})
    validate(run)
    failed = {c["id"] for c in validation(run)["checks"] if c["state"] == "failed"}
    assert {"tickets.created_at_not_rounded", "tickets.email_answers_by_people"} <= failed
    assert validation(run)["degraded"]["spd_first_response"] == "D"


def test_answers_off_the_scale_are_quarantined(tmp_path: Path) -> None:
    surveys = [*(answer(number) for number in range(30)), answer(31, value=9.0)]
    run = loaded_run(tmp_path, {"tickets": tickets(32), "surveys": surveys})
    validate(run)
    (gone,) = rows_of(run, "quarantine", "surveys")
    assert (gone["invite_id"], gone["reasons"]) == ("i31", ["surveys.value_on_scale"])
    assert validation(run)["unusable"] == []


def test_surveys_whose_scale_is_wrong_are_unusable(tmp_path: Path) -> None:
    """A third of the answers are above the scale: those left would be the low ones."""
    surveys = [answer(number, scale_max=3.0) for number in range(30)]
    run = loaded_run(tmp_path, {"tickets": tickets(30), "surveys": surveys})
    validate(run)
    assert validation(run)["unusable"] == ["surveys"]


def test_yes_or_no_answers_are_zero_or_one(tmp_path: Path) -> None:
    surveys = [
        answer(1, question_key="resolved_first", value=1.0, scale_min=0.0),
        answer(2, question_key="resolved_first", value=2.0, scale_min=0.0),
    ]
    run = loaded_run(tmp_path, {"tickets": tickets(3), "surveys": surveys})
    validate(run)
    (gone,) = rows_of(run, "quarantine", "surveys")
    assert gone["reasons"] == ["surveys.yes_or_no"]


def test_an_unknown_status_becomes_unknown_and_is_counted(tmp_path: Path) -> None:
    run = loaded_run(tmp_path, {"tickets": [*tickets(9), ticket(9, status="archived")]})
    validate(run)
    found = check_of(run, "tickets.status.enum")
    assert (found["state"], found["severity"], found["failed_rows"]) == ("failed", "warning", 1)
    kept = {row["ticket_id"]: row["status"] for row in rows_of(run, "checked", "tickets")}
    assert kept["t9"] == "unknown"
    assert kept["t1"] == "solved"


def test_an_absurd_instant_of_an_optional_column_is_missing(tmp_path: Path) -> None:
    rows = [*tickets(9), ticket(9, sla_resolution_due_at="9999-12-31T00:00:00")]
    run = loaded_run(tmp_path, {"tickets": rows})
    validate(run)
    kept = {row["ticket_id"]: row for row in rows_of(run, "checked", "tickets")}
    assert kept["t9"]["sla_resolution_due_at"] is None
    assert check_of(run, "tickets.sla_resolution_due_at.range")["failed_rows"] == 1


def test_an_unknown_channel_costs_the_row(tmp_path: Path) -> None:
    run = loaded_run(tmp_path, {"tickets": [*tickets(99), ticket(99, channel="fax")]})
    validate(run)
    (gone,) = rows_of(run, "quarantine", "tickets")
    assert gone["reasons"] == ["tickets.channel.enum"]


def test_a_row_without_its_key_is_quarantined(tmp_path: Path) -> None:
    run = loaded_run(tmp_path, {"tickets": [*tickets(99), ticket(99, ticket_id=None)]})
    validate(run)
    (gone,) = rows_of(run, "quarantine", "tickets")
    assert gone["reasons"] == ["tickets.ticket_id.required"]


def test_instants_after_the_as_of_instant_stay(tmp_path: Path) -> None:
    late = "2026-12-24T00:00:00"
    rows = [*tickets(9), ticket(9, created_at=late, first_response_at=late, solved_at=late)]
    run = loaded_run(tmp_path, {"tickets": rows})
    validate(run)
    assert len(rows_of(run, "checked", "tickets")) == 10


def test_a_very_long_message_is_a_finding_and_stays(tmp_path: Path) -> None:
    messages = [message(0, "t1", text="x" * 300_000), message(1, "t1", text="hello")]
    run = loaded_run(tmp_path, {"tickets": tickets(3), "messages": messages})
    validate(run)
    found = check_of(run, "messages.text.length")
    assert (found["severity"], found["failed_rows"]) == ("info", 1)
    assert len(rows_of(run, "checked", "messages")) == 2


def test_the_ledger_adds_up(tmp_path: Path) -> None:
    rows = [*tickets(197), ticket(197, solved_at=BEFORE), ticket(198), ticket(198, channel="chat")]
    rows[-1]["category"] = "billing"
    messages = [message(n, f"t{n % 197}") for n in range(400)]
    run = loaded_run(tmp_path, {"tickets": rows, "messages": [*messages, message(400, "t198")]})
    validated = validate(run)
    ledger = validated.ledger
    parts = ledger["checked"] + ledger["quarantined"] + ledger["unusable"]
    assert (ledger["loaded"] == parts).all()
    for table, entry in validation(run)["quarantined"].items():
        assert entry["rows"] == sum(entry["by_reason"].values())
        assert entry["rows"] == len(rows_of(run, "quarantine", table))


def test_messages_show_no_values_of_cells(tmp_path: Path) -> None:
    secret = "rosalind"
    rows = [*tickets(95), *(ticket(900 + n, channel=secret, status=secret) for n in range(5))]
    run = loaded_run(tmp_path, {"tickets": rows})
    assert secret not in stopped(run)
    assert secret not in json.dumps(validation(run))


def test_the_order_of_rows_changes_nothing(tmp_path: Path) -> None:
    rows = [*tickets(197), ticket(197, solved_at=BEFORE), ticket(198), ticket(198, category="x")]
    shuffled = random.Random(7).sample(rows, len(rows))
    written = []
    for name, given in (("one", rows), ("two", shuffled)):
        run = loaded_run(tmp_path / name, {"tickets": given})
        validate(run)
        folder = run.folder("2_validate")
        written.append(
            (
                (folder / "validation.json").read_bytes(),
                (folder / "quarantine" / "tickets.parquet").read_bytes(),
            )
        )
    assert written[0] == written[1]


def test_a_second_validation_leaves_nothing_of_the_first(tmp_path: Path) -> None:
    run = loaded_run(tmp_path, {"tickets": [*tickets(99), ticket(99, solved_at=BEFORE)]})
    validate(run)
    assert rows_of(run, "quarantine", "tickets")
    again = loaded_run(tmp_path, {"tickets": tickets(99)})
    validate(again)
    assert rows_of(again, "quarantine", "tickets") == []


def test_no_data_docs_are_left_behind(tmp_path: Path) -> None:
    run = loaded_run(tmp_path, {"tickets": tickets(9)})
    validate(run)
    kinds = {path.suffix for path in run.workspace.rglob("*") if path.is_file()}
    assert kinds == {".json", ".parquet"}


def test_great_expectations_is_imported_by_the_validating_stage_alone() -> None:
    """It takes seconds, and the command line's help and every other stage do without it."""
    code = (
        "import sys, cxaudit.contracts, cxaudit.contracts.validate, cxaudit.contracts.rules;"
        "sys.exit('great_expectations' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_share_within_its_bound_counts_no_failing_rows(tmp_path: Path) -> None:
    surveys = [answer(number) for number in range(30)]
    run = loaded_run(tmp_path, {"tickets": tickets(30), "surveys": surveys})
    validate(run)
    found = check_of(run, "surveys.includes_non_respondents")
    assert (found["state"], found["failed_rows"]) == ("passed", 0)
    assert found["value"] == pytest.approx(1 / 3, rel=1e-11)
