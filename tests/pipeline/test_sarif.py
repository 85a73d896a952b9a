"""Findings of the contracts as SARIF: valid by its schema, each at the line that it breaks."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from cxaudit.contracts.validate import validate
from cxaudit.pipeline.junit import junit_xml
from cxaudit.pipeline.sarif import sarif_json
from cxaudit.resources import resource
from tests.contracts.loading import loaded_run, ticket, validation

SCHEMA = json.loads(Path(__file__).with_name("sarif.schema.json").read_text(encoding="utf-8"))
BEFORE = "2026-06-01T00:00:00"
SECRET = "rosalind"


@pytest.fixture
def found(tmp_path: Path) -> dict[str, Any]:
    """A validation with an error and a warning in it, on values that must not be shown."""
    rows = [ticket(number) for number in range(99)]
    rows.append(ticket(99, solved_at=BEFORE, status=SECRET))
    run = loaded_run(tmp_path, {"tickets": rows})
    validate(run)
    return validation(run)


def results(log: bytes) -> dict[str, dict[str, Any]]:
    document = json.loads(log)
    jsonschema.validate(document, SCHEMA)
    (run,) = document["runs"]
    for result in run["results"]:
        assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
    return {result["ruleId"]: result for result in run["results"]}


def test_a_finding_stands_at_the_line_of_its_rule(found: dict[str, Any]) -> None:
    late = results(sarif_json(found))["tickets.solved_after_created"]
    assert (late["kind"], late["level"], late["properties"]["failedRows"]) == ("fail", "error", 1)
    place = late["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "data_contracts/tickets.odcs.yaml"
    text = (resource("data_contracts") / "tickets.odcs.yaml").read_text(encoding="utf-8")
    assert "id: solved_after_created" in text.splitlines()[place["region"]["startLine"] - 1]


def test_levels_are_severities_and_what_passed_is_left_out(found: dict[str, Any]) -> None:
    shown = results(sarif_json(found))
    assert shown["tickets.status.enum"]["level"] == "warning"
    assert "tickets.ticket_id.unique" not in shown


def test_a_check_that_could_not_run_is_open_and_a_declared_one_does_not_apply() -> None:
    entry = {"id": "a", "table": "t", "severity": "error", "rows": 0, "failed_rows": 0}
    entry |= {"message": "m", "dimension": "", "contract": "contracts/t.odcs.yaml", "line": 7}
    declared = {**entry, "id": "b", "state": "declared, not checked"}
    shown = results(sarif_json({"checks": [{**entry, "state": "could not run"}, declared]}))
    assert [(r["kind"], r["level"]) for r in shown.values()] == [
        ("open", "none"),
        ("notApplicable", "none"),
    ]
    place = shown["a"]["locations"][0]["physicalLocation"]["artifactLocation"]
    assert place["uri"] == "contracts/t.odcs.yaml"


def test_no_value_of_a_cell_is_shown(found: dict[str, Any]) -> None:
    assert SECRET.encode() not in sarif_json(found, stopped=SECRET)


def test_a_run_that_stopped_did_not_succeed() -> None:
    log = json.loads(sarif_json(None, stopped="there is nothing to audit"))
    jsonschema.validate(log, SCHEMA)
    assert log["runs"][0]["invocations"][0]["executionSuccessful"] is False


def test_junit_names_file_and_line_too(found: dict[str, Any]) -> None:
    line = next(c["line"] for c in found["checks"] if c["id"] == "tickets.status.enum")
    written = junit_xml(found).decode()
    assert (
        f'name="tickets.status.enum" file="data_contracts/tickets.odcs.yaml" line="{line}"'
        in written
    )
