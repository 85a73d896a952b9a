"""Rows and cells that could not be read are checks, and stop or weaken an audit."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from cxaudit.contracts.validate import validate
from cxaudit.errors import AuditStopped
from cxaudit.run import Run
from tests.contracts.loading import answer, check_of, loaded_run, rows_of, ticket, validation


def unread(run: Run, table: str, rows: int) -> Run:
    """The run, with rows of a table that the load stage could not read."""
    return changed(
        run,
        lambda load: load["tables"][table].update(
            received=load["tables"][table]["received"] + rows, excluded={"unreadable": rows}
        ),
    )


def noticed(run: Run, column: str, rows: int, **given: Any) -> Run:
    """The run, with a finding of the load stage about a column of the tickets."""
    finding = {
        "id": f"load-unmapped-tickets-{column}",
        "severity": "warning",
        "table": "tickets",
        "column": column,
        "rows": rows,
        "message": f"tickets.{column}: {rows} cell(s) could not be read.",
        "positions": [{"path": "a.csv", "rows": [2]}],
    }
    return changed(run, lambda load: load["findings"].append(finding | given))


def changed(run: Run, change: Any) -> Run:
    path = run.folder("1_load") / "load.json"
    load = json.loads(path.read_text("utf-8"))
    change(load)
    path.write_text(json.dumps(load), "utf-8")
    return run


def tickets(count: int) -> list[dict[str, Any]]:
    return [ticket(number) for number in range(count)]


def test_a_table_read_whole_passes(tmp_path: Path) -> None:
    run = loaded_run(tmp_path, {"tickets": tickets(10)})
    validate(run)
    found = check_of(run, "tickets.readable")
    assert (found["state"], found["rows"], found["failed_rows"]) == ("passed", 10, 0)
    assert validation(run)["passed"] is True


def test_two_of_a_hundred_unread_rows_fail_the_check_and_the_audit_goes_on(tmp_path: Path) -> None:
    run = unread(loaded_run(tmp_path, {"tickets": tickets(98)}), "tickets", 2)
    validate(run)
    found = check_of(run, "tickets.readable")
    assert (found["state"], found["severity"], found["share"]) == ("failed", "error", 0.02)
    assert found["message"].startswith("2 of 100 rows could not be read; see the findings of")
    assert (validation(run)["passed"], validation(run)["stop"]) == (False, False)


def test_more_unread_rows_of_a_required_table_stop_and_say_which_columns(tmp_path: Path) -> None:
    run = unread(loaded_run(tmp_path, {"tickets": tickets(97)}), "tickets", 3)
    noticed(run, "created_at", 3)
    with pytest.raises(AuditStopped) as stop:
        validate(run)
    said = str(stop.value)
    assert "tickets.odcs.yaml, tickets.readable" in said
    assert "3 of 100 rows (3.00%) of tickets could not be read" in said
    assert "tickets.created_at: 3 cell(s) could not be read." in said
    assert "Mend the dates" in said
    assert validation(run)["stop"] is True


@pytest.mark.parametrize(("rows", "unusable"), [(10, []), (11, ["surveys"])])
def test_a_table_that_is_not_required_is_unusable_above_a_tenth(
    tmp_path: Path, rows: int, unusable: list[str]
) -> None:
    surveys = [answer(number) for number in range(100 - rows)]
    run = loaded_run(tmp_path, {"tickets": tickets(100), "surveys": surveys})
    validate(unread(run, "surveys", rows))
    assert validation(run)["unusable"] == unusable
    assert bool(rows_of(run, "checked", "surveys")) is not bool(unusable)


@pytest.mark.parametrize(("rows", "cap"), [(5, None), (6, "C")])
def test_a_column_unread_in_more_than_a_twentieth_caps_what_requires_it(
    tmp_path: Path, rows: int, cap: str | None
) -> None:
    run = noticed(loaded_run(tmp_path, {"tickets": tickets(100)}), "status", rows)
    validate(run)
    found = check_of(run, "tickets.status.readable")
    assert (found["state"], found["severity"], found["failed_rows"]) == ("failed", "warning", rows)
    degraded = validation(run)["degraded"]
    assert degraded.get("qua_resolution_30d") == cap, "it requires tickets.status"
    assert "qua_csat" not in degraded, "it does not"


def test_one_of_several_columns_an_indicator_may_use_counts(tmp_path: Path) -> None:
    run = noticed(loaded_run(tmp_path, {"tickets": tickets(10)}), "sla_resolution_due_at", 1)
    validate(run)
    assert validation(run)["degraded"]["spd_sla_attainment"] == "C"


def test_two_findings_of_a_column_are_one_check(tmp_path: Path) -> None:
    run = noticed(loaded_run(tmp_path, {"tickets": tickets(10)}), "status", 2)
    validate(noticed(run, "status", 1, id="load-other-tickets-status", message="Other."))
    same = [c for c in validation(run)["checks"] if c["id"] == "tickets.status.readable"]
    assert [(c["failed_rows"], c["message"]) for c in same] == [
        (3, "tickets.status: 2 cell(s) could not be read. Other.")
    ]


def test_what_is_only_worth_knowing_is_no_check(tmp_path: Path) -> None:
    run = noticed(loaded_run(tmp_path, {"tickets": tickets(10)}), "status", 2, severity="info")
    validate(run)
    assert not [c for c in validation(run)["checks"] if c["id"] == "tickets.status.readable"]
    (finding,) = validation(run)["load_findings"]
    assert "positions" not in finding, "they depend on how the rows were delivered"
