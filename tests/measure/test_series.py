"""Figures of another scale, form or taxonomy are of another series, and stand beside nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from cxaudit.facts import make_facts
from cxaudit.measure import Measured, measure
from cxaudit.measure.cases import Slice
from tests.workspace import workspace

BEFORE, NOW = "2026-04-{:02d} 10:00", "2026-08-{:02d} 10:00"
DAYS = range(1, 29)


def tickets(before: list[str], now: list[str]) -> list[dict[str, Any]]:
    """28 tickets of either quarter, solved within the hour, with these reasons in turn."""
    return [
        {
            "ticket_id": f"{month[5:7]}-{day}",
            "customer_id": f"c{month[5:7]}{day}",
            "created_at": month.format(day),
            "first_solved_at": month.format(day).replace("10:", "11:"),
            "solved_at": month.format(day).replace("10:", "11:"),
            "first_response_at": month.format(day).replace("10:", "11:"),
            "assignee_id": f"g{day % 4}",
            "category": reasons[day % len(reasons)],
            "status": "closed",
        }
        for month, reasons in ((BEFORE, before), (NOW, now))
        for day in DAYS
    ]


def answers(before: float, now: float) -> list[dict[str, Any]]:
    """One answer to csat a ticket, on a scale up to this."""
    return [
        {
            "invite_id": f"i{month[5:7]}{day}",
            "ticket_id": f"{month[5:7]}-{day}",
            "customer_id": f"c{month[5:7]}{day}",
            "question_key": "csat",
            "value": str(1 + day % 5),
            "scale_max": str(highest),
            "sent_at": month.format(day).replace("10:", "12:"),
            "responded_at": month.format(day).replace("10:", "13:"),
        }
        for month, highest in ((BEFORE, before), (NOW, now))
        for day in DAYS
    ]


def reviews(before: str, now: str) -> list[dict[str, Any]]:
    """One review a ticket, of one item."""
    return [
        {
            "review_id": f"r{month[5:7]}{day}",
            "item_key": "paraphrased_own_words",
            "form_version": version,
            "ticket_id": f"{month[5:7]}-{day}",
            "agent_id": f"g{day % 4}",
            "reviewer_id": f"q{day % 3}",
            "reviewed_at": month.format(day).replace("10:", "14:"),
            "score": str(day % 2),
        }
        for month, version in ((BEFORE, before), (NOW, now))
        for day in DAYS
    ]


def measured(folder: Path, **tables: list[dict[str, Any]]) -> Measured:
    run = workspace(folder, {"tickets": tickets(["bill", "lost"], ["bill", "lost"]), **tables})
    make_facts(run)
    return measure(run)


def of(found: Measured, id: str, period: str) -> tuple[bool, str]:
    """Whether an indicator has a figure in a period, and the reason if not."""
    one = found.of(id, period)
    assert one is not None, f"{id} has nothing for {period}"
    return one.estimate is not None and one.estimate.value is not None, one.reason


def compared(found: Measured, id: str) -> bool:
    return any(c.indicator == id for c in found.comparisons)


def test_answers_on_another_scale_are_no_earlier_figure(tmp_path: Path) -> None:
    found = measured(tmp_path, surveys=answers(5, 7))
    assert of(found, "qua_csat", "2026Q3") == (True, "")
    assert of(found, "qua_csat", "2026Q2") == (False, "asked on another scale in 2026Q2")
    assert not compared(found, "qua_csat"), "a change of scale is not a change of service"
    assert compared(found, "qua_resolution_30d"), "what is asked on no scale compares as before"


def test_answers_on_one_scale_compare(tmp_path: Path) -> None:
    found = measured(tmp_path, surveys=answers(5, 5))
    assert of(found, "qua_csat", "2026Q2") == (True, "")
    assert compared(found, "qua_csat")


@pytest.mark.parametrize(("before", "is_broken"), [("v2", True), ("v3", False)])
def test_reviews_by_another_form_are_no_earlier_figure(
    before: str, is_broken: bool, tmp_path: Path
) -> None:
    found = measured(tmp_path, qa_reviews=reviews(before, "v3"))
    reason = "reviewed by another version of the form in 2026Q2" if is_broken else ""
    assert of(found, "emp_qa_listening", "2026Q2") == (not is_broken, reason)


def test_other_reasons_break_what_goes_by_reason_and_nothing_else(tmp_path: Path) -> None:
    renamed = tickets(["bill", "lost"], ["invoice", "lost"])
    found = measured(tmp_path, tickets=renamed)
    said = "sorted into other categories in 2026Q2"
    assert of(found, "qua_fcr_observed", "2026Q2") == (False, said)
    assert of(found, "qua_fcr_observed", "2026Q3") == (True, "")
    assert of(found, "imp_top_driver_reduction", "2026Q3") == (False, said), (
        "what is itself a change since the quarter before has no figure across a break"
    )
    assert compared(found, "qua_resolution_30d")


def test_a_new_reason_of_few_cases_breaks_nothing(tmp_path: Path) -> None:
    one_more = tickets(["bill", "lost"], [*["bill", "lost"] * 6, "new"])
    found = measured(tmp_path, tickets=one_more)
    assert of(found, "qua_fcr_observed", "2026Q2") == (True, "")


def test_a_month_before_the_break_is_not_on_the_chart(tmp_path: Path) -> None:
    found = measured(tmp_path, surveys=answers(5, 7))
    part = Slice()
    before, after = (found.of("qua_csat", month, part) for month in ("2026-04", "2026-08"))
    assert before is not None
    assert before.estimate is None
    assert after is not None
    assert after.estimate is not None
