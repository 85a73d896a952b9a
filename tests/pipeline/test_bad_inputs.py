"""A client's delivery with one thing spoilt: a clear refusal or a counted finding, nothing lost.

Every case takes the real stages from opening the run to the facts. That what a message holds is
escaped in the report is told in tests/report; that a stage which fails leaves the run folder as it
is, at the end of this module for the first stage and in test_auditing.py for the last.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from cxaudit.errors import CxauditError, UnreadableData

from .small_client import Client
from .spoilt_deliveries import COUNTED, REFUSALS, Counted, Refusal

SOUND: dict[str, dict[str, Any]] = {
    "tickets": {"received": 300, "kept": 150, "excluded": {"outside period": 150}},
    "messages": {"received": 600, "kept": 600, "excluded": {}},
    "surveys": {"received": 300, "kept": 150, "excluded": {"outside period": 150}},
}


def named(case: Refusal | Counted) -> str:
    return case.name


def with_sums_checked(ledger: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """The ledger by table, in which every row received has gone to one place."""
    for entry in ledger:
        gone = entry["kept"] + sum(entry["excluded"].values()) + entry["quarantined"]
        assert entry["received"] == gone, f"{entry['table']}: {entry}"
    return {entry["table"]: entry for entry in ledger}


def assert_every_row_loaded_is_told(client: Client) -> None:
    """As far as the stages came, no table has lost a row."""
    for name, entry in (client.result("1_load/load.json") or {"tables": {}})["tables"].items():
        assert entry["received"] == entry["loaded"] + sum(entry["excluded"].values()), name
    validation = client.result("2_validate/validation.json") or {"tables": {}}
    for name, entry in validation["tables"].items():
        there = entry["checked"] + entry["quarantined"] + entry["unusable"]
        assert entry["loaded"] == there, name


def assert_nothing_private(client: Client, message: str = "") -> None:
    """No message, finding or verdict shows a cell of the client's."""
    written = [message]
    for name in ("1_load/load.json", "2_validate/validation.json", "2_validate/population.json"):
        written.append(json.dumps(client.result(name), ensure_ascii=False))
    shown = [cell for cell in client.private() if any(cell in text for text in written)]
    assert not shown, f"{len(shown)} cells are shown"


@pytest.mark.parametrize("case", REFUSALS, ids=named)
def test_the_audit_is_refused(case: Refusal, tmp_path: Path) -> None:
    client = Client(tmp_path)
    case.spoil(client)
    with pytest.raises(CxauditError) as caught:
        client.audit()
    message = str(caught.value)
    assert (type(caught.value), caught.value.exit_code) == (case.error, case.exit_code), message
    missing = [part for part in case.says if part not in message]
    assert not missing, f"{missing} missing in: {message}"
    population = client.result("2_validate/population.json") or {"tables": []}
    ledger = with_sums_checked(population["tables"])
    assert {name: entry["excluded"] for name, entry in ledger.items()} == case.ledger
    assert_nothing_private(client, message)
    assert_every_row_loaded_is_told(client)


@pytest.mark.parametrize("case", COUNTED, ids=named)
def test_the_fault_is_counted_and_the_audit_goes_on(case: Counted, tmp_path: Path) -> None:
    client = Client(tmp_path)
    case.spoil(client)
    client.audit()
    ledger = with_sums_checked(client.result("2_validate/population.json")["tables"])
    expected = {
        table: {"table": table, "quarantined": 0, **entry, **case.ledger.get(table, {})}
        for table, entry in SOUND.items()
    }
    assert ledger == expected
    validation = client.result("2_validate/validation.json")
    quarantined = validation["quarantined"].items()
    assert {name: entry["by_reason"] for name, entry in quarantined} == case.reasons
    failed = {check["id"] for check in validation["checks"] if check["state"] == "failed"}
    assert set(case.failed) <= failed
    told = client.result("1_load/load.json")["findings"]
    findings = {finding["id"]: finding["rows"] for finding in told}
    assert findings.pop("load-ids-as-delivered") > 0, "this client gives no salt"
    assert findings == case.findings
    for (table, column), values in case.holds.items():
        found = client.clean(table, column)
        # not compared as a whole: a failure would print a text of 300 kB
        counts = [found.count(value) for value in values]
        assert counts == list(values.values()), f"{table}.{column}"
    assert_nothing_private(client)
    assert_every_row_loaded_is_told(client)


def test_a_file_gone_missing_leaves_the_previous_report_as_it_is(service) -> None:
    service.audit().make()
    before = {path: path.read_bytes() for path in service.report.rglob("*") if path.is_file()}
    (service.folder / "exports" / "a.csv").unlink()
    service.break_stage(
        "1_load", "import cxaudit\ncxaudit.load_tables(cxaudit.open_run(engagement, period))"
    )
    with pytest.raises(UnreadableData, match=r"exports/\*.csv: is not there"):
        service.audit().make()
    after = {path: path.read_bytes() for path in service.report.rglob("*") if path.is_file()}
    assert after == before
