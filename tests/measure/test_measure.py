"""Which cases belong to a period and a part, and what is said beside the figure."""

from __future__ import annotations

import pytest

from cxaudit.facts import make_facts
from cxaudit.measure import Measured, measure
from cxaudit.measure.cases import Slice
from tests.workspace import workspace

TICKETS = """ticket_id|created_at|channel|group_id|assignee_id|first_response_at
1|2026-06-30 21:59:59|email|north|g1|-
2|2026-06-30 22:00:00|email|north|g1|2026-07-01 10:00
3|2026-07-15 10:00|chat|south|unknown|2026-07-15 10:01
4|2026-09-30 21:59:59.900|chat|-|-|-
5|2026-09-30 22:00:00|email|south|g1|-
6|2026-03-31 22:00:00|email|south|g1|-
7|2026-03-31 21:59:59|email|south|g1|-
"""


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> Measured:
    """Tickets at the ends of two quarters in Berlin, two hours before UTC."""
    run = workspace(
        tmp_path_factory.mktemp("measure"), {"tickets": TICKETS}, time_zone="Europe/Berlin"
    )
    make_facts(run)
    return measure(run)


def cases(measured: Measured, period: str, by: str = "", value: str = "") -> int:
    found = measured.of("not_answered_by_as_of", period, Slice(by, value))
    return found.estimate.cases if found and found.estimate else 0


def test_a_case_belongs_to_the_client_s_period_to_the_second(measured: Measured) -> None:
    assert cases(measured, "2026Q3") == 3, "tickets 2, 3 and 4, a tenth of a second before its end"
    assert cases(measured, "2026Q2") == 2, "tickets 1 and 6"


def test_parts_are_channels_and_teams_that_have_cases(measured: Measured) -> None:
    parts = [
        (m.part.by, m.part.value)
        for m in measured.measurements
        if (m.indicator, m.period) == ("not_answered_by_as_of", "2026Q3")
    ]
    assert parts == [
        ("", ""),
        ("channel", "chat"),
        ("channel", "email"),
        ("team", "north"),
        ("team", "south"),
    ]
    assert cases(measured, "2026Q3", "channel", "chat") == 2
    assert cases(measured, "2026Q3", "team", "north") == 1, "a ticket without a team is in none"


def test_the_mix_is_that_of_the_audited_period(measured: Measured) -> None:
    assert measured.mix == pytest.approx({"chat": 2 / 3, "email": 1 / 3})


def test_without_a_known_agent_the_interval_is_one_on_customers(measured: Measured) -> None:
    def known(id: str, part: Slice) -> tuple[int | None, str]:
        found = measured.of(id, "2026Q3", part)
        assert found is not None
        assert found.estimate is not None
        return found.known_agents, found.estimate.method

    assert known("answered_within_24_hours", Slice()) == (1, "Wilson, two-way")
    chat = Slice("channel", "chat")
    assert known("answered_within_24_hours", chat) == (0, "Wilson, customers only")
    assert known("not_answered_by_as_of", chat) == (None, "Wilson, customers only")


def test_what_cannot_be_measured_is_there_once_with_its_reason(measured: Measured) -> None:
    found = measured.of("qua_csat", "2026Q3")
    assert found is not None
    assert (found.estimate, found.reason) == (None, "no data of the kind: surveys")
    assert measured.of("qua_csat", "2026Q2") is None


def test_the_table_has_a_row_per_measurement(measured: Measured) -> None:
    assert len(measured.table) == len(measured.measurements)
    keys = ["indicator", "slice", "value of slice", "period"]
    assert not measured.table.duplicated(keys).any()
