"""A first response on the phone is taken from the calls, and who hung up waited until then."""

from __future__ import annotations

import pytest

from cxaudit.facts import make_facts
from cxaudit.measure import Measured, measure
from cxaudit.measure.cases import Slice
from tests.workspace import workspace

PHONE = Slice("channel", "phone")
QUEUED = {"offered_at": "2026-07-06 10:00:00", "queued_at": "2026-07-06 10:00:05"}
ANSWERED = {**QUEUED, "answered_at": "2026-07-06 10:00:15", "ended_at": "2026-07-06 10:05"}
LATE = {**ANSWERED, "answered_at": "2026-07-06 10:00:45"}
HUNG_UP = {**QUEUED, "answered_at": None, "ended_at": "2026-07-06 10:00:35"}
IN_THE_MENU = {**HUNG_UP, "queued_at": None}
TICKETS = """ticket_id|created_at|channel|first_response_at
1|2026-07-06 10:00|phone|2026-07-06 12:00
2|2026-07-06 10:00|email|2026-07-06 12:00
"""


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> Measured:
    """Nine answered after 10 seconds, one after 40; two hung up after 30, three in the menu."""
    rows = [ANSWERED] * 9 + [LATE] + [HUNG_UP] * 2 + [IN_THE_MENU] * 3
    calls = [{**row, "call_id": str(n), "customer_id": f"c{n}"} for n, row in enumerate(rows)]
    run = workspace(tmp_path_factory.mktemp("waits"), {"tickets": TICKETS, "calls": calls})
    make_facts(run)
    return measure(run)


def test_who_hung_up_waited_until_then(measured: Measured) -> None:
    """S is 3/12 after 10 s; of the one still waiting after 30 s none is left after 40 s."""
    found = measured.of("spd_first_response_p90", "2026Q3", PHONE)
    assert found is not None
    assert found.estimate is not None
    assert (found.estimate.cases, found.estimate.value) == (12, 40.0)


def test_the_ticket_of_a_call_tells_no_wait(measured: Measured) -> None:
    median = measured.of("spd_first_response", "2026Q3", PHONE)
    email = measured.of("spd_first_response", "2026Q3", Slice("channel", "email"))
    assert median is not None
    assert email is not None
    assert median.estimate is not None
    assert email.estimate is not None
    assert (median.estimate.value, email.estimate.value) == (10.0, 7200.0)
