"""Where all is missing, overdue or not yet due: nothing crashes, and missing is never zero."""

from __future__ import annotations

from typing import Any

import pytest

from cxaudit.facts import make_facts
from cxaudit.indicators import CONTEXT, INDICATORS
from cxaudit.measure import Measured, measure
from cxaudit.score import score
from cxaudit.statistics import Estimate
from tests.indicators.conversations import empty_conversations
from tests.indicators.registers import empty_registers
from tests.indicators.ways_in import empty_ways_in
from tests.workspace import workspace

NUMBER = 12
EMPTY = {
    "status": None,
    "first_response_at": None,
    "solved_at": None,
    "first_solved_at": None,
    "assignee_id": None,
    "category": "bill",
    "escalated": None,
    "is_complaint": True,
    "complaint_upheld": None,
    "resolution_code": None,
    "sla_met": None,
    "reopen_count": None,
    "sla_first_response_due_at": None,
    "sla_resolution_due_at": None,
    "priority": None,
}
QUESTIONS = ["csat", "ces", "empathy", "accurate", "honest", "kept_informed", "individual"]
QUESTIONS += ["resolved", "resolved_first", "had_to_repeat"]
BY_CHANNEL = {id for id, declared in (INDICATORS | CONTEXT).items() if declared.per_channel}
# By channel, of answered calls alone: where nobody answers there is no channel to show.
OF_ANSWERED_CALLS = {"handling_time_median", "handling_time_p90"}


def service(answer: dict[str, Any], **ticket: Any) -> dict[str, list[dict[str, Any]]]:
    """Twelve tickets of six customers who came back, each asked every question."""
    tickets = [
        {**EMPTY, "ticket_id": f"t{n}", "customer_id": f"c{n % 6}", **ticket} for n in range(NUMBER)
    ]
    surveys = [
        {
            "invite_id": f"i{n}",
            "ticket_id": f"t{n}",
            "customer_id": f"c{n % 6}",
            "agent_id": None,
            "question_key": key,
            "sent_at": tickets[n]["created_at"],
            **answer,
        }
        for n in range(NUMBER)
        for key in QUESTIONS
    ]
    events = [  # of no ticket here: the service does record such changes
        {
            "event_id": f"e{n}",
            "ticket_id": "elsewhere",
            "at": tickets[n]["created_at"],
            "type": kind,
            "actor_type": "system",
            "actor_id": None,
            "from_value": None,
            "to_value": to,
        }
        for n, (kind, to) in enumerate([("group", None), ("escalation", None), ("status", "new")])
    ]
    target = {"target_id": "1", "policy": "p", "metric": "resolution", "target_seconds": 60}
    nothing = {"segment": None, "language": None, "created_at": None, "active_from": None}
    customers = [{"customer_id": "c99", **nothing}]
    return {
        "tickets": tickets,
        "surveys": surveys,
        "ticket_events": events,
        "customers": customers,
        # Of a priority that no ticket here has.
        "sla_targets": [{**target, "clock": "calendar", "priority": "urgent"}],
        **empty_registers(tickets[0]["created_at"], NUMBER),
        **empty_ways_in(tickets[0]["created_at"], NUMBER),
        **empty_conversations(tickets[0]["created_at"], NUMBER),
    }


def estimates(measured: Measured) -> dict[str, Estimate]:
    """The estimate of each indicator in the period; of e-mail where it has only channels."""
    found = {}
    for m in measured.measurements:
        is_it = m.part.value == "email" if m.indicator in BY_CHANNEL else not m.part.by
        if m.period == "2026Q3" and is_it and m.estimate is not None:
            found[m.indicator] = m.estimate
    return found


@pytest.fixture(scope="module")
def unknown(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Estimate]:
    """Nothing is known of the tickets but that they were created; every answer is empty."""
    answer = {"responded_at": "2026-07-10 09:00", "value": None}
    tables = service(answer, created_at="2026-07-01 09:00")
    run = workspace(tmp_path_factory.mktemp("unknown"), tables)
    make_facts(run)
    measured = measure(run)
    score(run, measured)
    return estimates(measured)


MISSING = ["emp_felt_understood", "acc_customer_rated", "tra_honesty_rated", "axs_ces", "qua_csat"]
MISSING += ["per_treated_individual", "qua_fcr_customer", "qua_complaint_recovery"]
MISSING += ["con_agent_icc", "con_channel_gap", "con_week_stability", "per_no_repeat_info"]
MISSING += ["spd_resolution_rmst", "qua_resolution_30d", "spd_stale_backlog", "per_continuity"]
MISSING += ["emp_qa_listening", "acc_critical_error_free", "tra_candour_qa", "qua_iqs"]
MISSING += ["con_process_adherence", "imp_qa_agreement", "pro_preventable_share"]
MISSING += ["acc_knowledge_certified", "imp_training_currency", "axs_kb_findability"]
MISSING += ["sla_met_as_recorded", "reopened_as_recorded"]


def test_every_indicator_is_tried(unknown: dict[str, Estimate]) -> None:
    assert set(unknown) == (set(INDICATORS) | set(CONTEXT)) - OF_ANSWERED_CALLS


@pytest.mark.parametrize("id", MISSING)
def test_what_is_not_known_is_missing_and_counted(id: str, unknown: dict[str, Estimate]) -> None:
    found = unknown[id]
    assert (found.value, found.cases) == (None, 0), "missing is missing, not a zero"
    assert found.missing > 0, "and counted"


def test_what_can_be_known_without_it_is_measured(unknown: dict[str, Estimate]) -> None:
    """No reply is a wait, no record is a miss; no solve is no case of a solve."""
    assert unknown["spd_first_response"].not_reached
    assert unknown["not_answered_by_as_of"].value == 1
    assert unknown["per_profile_360"].value == 0
    assert unknown["acc_reopen_14d"].value is None
    assert unknown["imp_feedback_coverage"].cases == 0


@pytest.fixture(scope="module")
def overdue(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Estimate]:
    """Nothing that was due has happened: no reply, no solve in time, no answer to any survey."""
    tables = service(
        {"responded_at": None, "value": None},
        created_at="2026-07-01 09:00",
        status="solved",
        solved_at="2026-08-20 09:00",
        first_solved_at="2026-08-20 09:00",
        sla_first_response_due_at="2026-07-01 12:00",
        sla_resolution_due_at="2026-07-05 09:00",
    )
    tables["tickets"] = [
        {**t, "ticket_id": f"{t['ticket_id']}.{n}"} for n in range(9) for t in tables["tickets"]
    ]
    tables["ticket_events"] = []
    run = workspace(tmp_path_factory.mktemp("overdue"), tables)
    make_facts(run)
    measured = measure(run)
    score(run, measured)
    return estimates(measured)


@pytest.mark.parametrize(
    "id",
    ["answered_within_24_hours", "spd_sla_attainment", "imp_feedback_coverage"]
    + ["tra_resolution_confirmed"],
)
def test_what_was_due_and_has_not_happened_is_a_miss(id: str, overdue: dict[str, Estimate]) -> None:
    found = overdue[id]
    legs = 2 if id == "spd_sla_attainment" else 1
    assert (found.value, found.cases) == (0.0, NUMBER * 9 * legs)
    assert (found.missing, found.not_yet_due) == (0, 0)
    assert found.high is not None, "even none of many has an interval"
    assert 0 < found.high < 0.2


@pytest.fixture(scope="module")
def early(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Estimate]:
    """All was just created, answered, solved and praised, and every deadline is still to come."""
    tables = service(
        {"responded_at": "2026-07-01 11:00", "value": 1.0},
        created_at="2026-07-01 09:00",
        status="solved",
        first_response_at="2026-07-01 10:00",
        solved_at="2026-07-01 10:00",
        first_solved_at="2026-07-01 10:00",
        sla_first_response_due_at="2026-07-02 12:00",
        sla_resolution_due_at="2026-07-05 09:00",
    )
    tables["ticket_events"] = []
    run = workspace(tmp_path_factory.mktemp("early"), tables, as_of="2026-07-02T00:00:00Z")
    make_facts(run)
    measured = measure(run)
    score(run, measured)
    return estimates(measured)


@pytest.mark.parametrize(
    ("id", "legs"),
    [
        ("answered_within_24_hours", 1),
        ("spd_sla_attainment", 2),
        ("imp_feedback_coverage", 1),
        ("tra_resolution_confirmed", 1),
    ],
)
def test_what_is_not_yet_due_is_left_out_though_it_happened(
    id: str, legs: int, early: dict[str, Estimate]
) -> None:
    found = early[id]
    assert (found.value, found.cases) == (None, 0), "counting only early hits flatters"
    assert found.not_yet_due == NUMBER * legs


def test_an_unknown_customer_is_a_customer_of_its_own(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """Of the same four placeholders each is somebody else; of one id all are the same."""
    who = {"email": ["0", "", "unknown", "NULL"], "chat": ["c1"] * 4}
    tickets = [
        {
            "ticket_id": f"{channel}{n}",
            "customer_id": ids[n % 4],
            "channel": channel,
            "created_at": "2026-07-01 09:00",
            "first_response_at": "2026-07-01 10:00" if n % 3 else None,
        }
        for channel, ids in who.items()
        for n in range(NUMBER)
    ]
    run = workspace(tmp_path_factory.mktemp("placeholders"), {"tickets": tickets})
    make_facts(run)
    worth = {
        m.part.value: m.estimate.effective_customers
        for m in measure(run).measurements
        if m.indicator == "answered_within_24_hours" and m.part.by == "channel" and m.estimate
    }
    assert worth == {"email": NUMBER, "chat": 1}
