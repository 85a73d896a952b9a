"""A call centre's log and an incident log, by an engagement file alone, give the known figures."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cxaudit.statistics import Estimate
from tests.reference.test_whole_audits import HOUR, Audited, audited

pytestmark = pytest.mark.reference

# The log's own waits are spans; its clocks of menu, queue and agent differ by a second or two.
CALLS = """
[client]
id = "bank"
name = "A bank's call centre"
time_zone = "Asia/Jerusalem"
as_of = 1999-02-01T00:00:00+02:00

[contracts]
required_tables = ["calls"]

[[source]]
table = "calls"
path = "{folder}/calls.csv.gz"
dates = "%y%m%d %H:%M:%S"
time_zone = "Asia/Jerusalem"
{filter}
[source.columns]
call_id = ["vru_line", "call_id", "date"]
channel = {{ constant = "phone" }}
queue = "vru_line"
customer_id = "customer_id"
category = "type"
agent_id = {{ from = "server", missing = ["NO_SERVER"] }}
offered_at = {{ date = "date", time = "vru_entry" }}
[source.columns.queued_at]
date = "date"
time = "vru_entry"
plus_seconds = "vru_time"
where = {{ column = "q_start", not_in = ["0:00:00"] }}
[source.columns.answered_at]
date = "date"
time = "vru_entry"
plus_seconds = ["vru_time", "q_time"]
where = {{ column = "outcome", in = ["AGENT"] }}
[source.columns.ended_at]
date = "date"
time = "vru_entry"
plus_seconds = ["vru_time", "q_time", "ser_time"]
{overrides}
"""
WITHOUT_PHANTOMS = 'filter = [{ column = "outcome", not_in = ["PHANTOM"] }]'
EVERY_WAIT = """
[[override]]
indicator = "{indicator}"
reason = "the client counts every wait, however short"
parameters = {{ short_abandon_seconds = 0 }}
"""
INCIDENTS = """
[client]
id = "it-desk"
name = "An IT service desk"
time_zone = "UTC"
as_of = 2017-03-01T00:00:00Z

[[source]]
table = "tickets"
path = "{folder}/incident_event_log.zip"
dates = "%d/%m/%Y %H:%M"
time_zone = "UTC"
missing = ["?"]
latest = [
    {{ per = "number", by = "sys_mod_count", as = "number" }},
    {{ per = "number", by = "sys_updated_at" }},
]
[source.columns]
ticket_id = "number"
customer_id = {{ from = "caller_id", when_empty = "unknown" }}
created_at = "opened_at"
solved_at = "resolved_at"
assignee_id = "assigned_to"
group_id = "assignment_group"
category = "category#1"
subcategory = "category#2"
sla_met = "made_sla"
reopen_count = "reopen_count"
created_by = {{ constant = "customer" }}
[source.columns.channel]
from = "contact_type"
values = {{ Email = "email", "Self service" = "self_service" }}
otherwise = "phone"
[source.columns.status]
from = "ident_state"
values = {{ New = "new", Active = "open", Resolved = "solved", Closed = "closed" }}
otherwise = "pending"
"""


@pytest.fixture(scope="module")
def bank(reference_data: Path) -> str:
    return str(reference_data / "data" / "bank_calls_1999_01")


@pytest.fixture(scope="module")
def every_wait(bank: str, tmp_path_factory: pytest.TempPathFactory) -> Audited:
    """January 1999, where however short a wait counts."""
    scored = ("spd_answered_in_target", "axs_abandonment")
    overrides = "".join(EVERY_WAIT.format(indicator=id) for id in scored)
    text = CALLS.format(folder=bank, filter=WITHOUT_PHANTOMS, overrides=overrides)
    return audited(tmp_path_factory.mktemp("bank"), text, "1999-01")


def negative_spans(folder: Path) -> set[int]:
    """The counts of the findings on negative spans, by column."""
    text = next(folder.rglob("load.json")).read_text(encoding="utf-8")
    findings = json.loads(text)["findings"]
    return {f["rows"] for f in findings if f["id"].startswith("load-negative-span")}


def has_interval(estimate: Estimate) -> bool:
    return 0 < estimate.low < estimate.value < estimate.high < 1


def test_the_service_level_of_the_bank_over_every_wait(every_wait: Audited) -> None:
    in_time = every_wait.figure("spd_answered_in_target")
    assert (in_time.cases, round(in_time.value, 3)) == (30_161, 0.544)
    abandoned = every_wait.figure("axs_abandonment")
    assert (abandoned.cases, round(abandoned.value, 3)) == (30_161, 0.103)
    answered = every_wait.figure("answered_in_target_among_answered")
    assert (answered.cases, round(answered.value, 3)) == (27_060, 0.606)
    assert has_interval(in_time)
    assert has_interval(abandoned)
    assert has_interval(answered)


def test_no_call_of_the_bank_is_lost(every_wait: Audited) -> None:
    calls = every_wait.tables["calls"]
    assert calls["received"] == 31_599
    assert calls["excluded"] == {"row filter": 240}, "phantom calls"
    assert (calls["kept"], calls["quarantined"]) == (31_359, 0)


def test_who_hung_up_at_once_is_left_out_and_counted(bank: str, tmp_path: Path) -> None:
    """With the phantom calls: all 33 negative times are found, one of them a phantom's."""
    text = CALLS.format(folder=bank, filter=WITHOUT_PHANTOMS, overrides="")
    found = audited(tmp_path, text, "1999-01")
    abandoned = found.figure("axs_abandonment")
    assert round(abandoned.value, 3) == 0.098
    assert has_interval(abandoned)
    at_once = found.figure("abandoned_at_once")
    assert at_once.cases - round(at_once.value * at_once.cases) == abandoned.cases
    assert negative_spans(tmp_path) == {32}
    everything = tmp_path / "with phantoms"
    everything.mkdir()
    audited(everything, CALLS.format(folder=bank, filter="", overrides=""), "1999-01")
    assert negative_spans(everything) == {33}


def test_the_incident_log_by_its_own_definitions(reference_data: Path, tmp_path: Path) -> None:
    folder = reference_data / "data" / "servicenow_incident_log"
    found = audited(tmp_path, INCIDENTS.format(folder=folder), "2016..2017")
    tickets = found.tables["tickets"]
    assert tickets["received"] == 141_712
    assert tickets["excluded"] == {"older row of the same key": 141_712 - 24_918}
    assert (tickets["kept"], tickets["quarantined"]) == (24_918, 0)
    kept = found.figure("sla_met_as_recorded")
    assert (kept.cases, round(kept.value, 3)) == (24_918, 0.634)
    reopened = found.figure("reopened_as_recorded")
    assert (reopened.cases, round(reopened.value, 3)) == (24_918, 0.011)
    median = found.figure("resolution_median_among_solved")
    assert (median.cases, round(median.value / HOUR, 1)) == (23_362, 22.1)
    slow = found.figure("resolution_p90_among_solved")
    # A time that occurs, 381.55; counted elsewhere between two such times, 381.548.
    assert slow.value / HOUR == pytest.approx(381.5, abs=0.06)
    assert has_interval(kept)
    assert has_interval(reopened)
