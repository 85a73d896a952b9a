"""Figures of another scale, form or taxonomy are of another series, and compare with none."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from cxaudit.facts import make_facts
from cxaudit.measure import Measured, measure
from cxaudit.measure.series import _differ
from tests.workspace import workspace

BEFORE, NOW = "2026-04-{:02d} 10:00", "2026-08-{:02d} 10:00"
DAYS = range(1, 29)
SCALE = "asked on another scale, wholly or in part, in {}"
FORM = "reviewed by another version of the form, wholly or in part, in {}"
CATEGORY = "sorted into other categories, wholly or in part, in {}"


def later(month: str, day: int, hour: int) -> str:
    return month.format(day).replace("10:", f"{hour}:")


def tickets(before: list[str], now: list[str], months=(BEFORE, NOW)) -> list[dict[str, Any]]:
    """28 tickets of either month, solved within the hour, with these reasons in turn."""
    return [
        {
            "ticket_id": f"{month[5:7]}-{day}",
            "customer_id": f"c{month[5:7]}{day}",
            "created_at": month.format(day),
            "first_solved_at": later(month, day, 11),
            "solved_at": later(month, day, 11),
            "first_response_at": later(month, day, 11),
            "assignee_id": f"g{day % 4}",
            "category": reasons[day % len(reasons)],
            "status": "closed",
        }
        for month, reasons in zip(months, (before, now), strict=True)
        for day in DAYS
    ]


def answers(
    before: float, now: float, key: str = "csat", months=(BEFORE, NOW), **changed: Any
) -> list[dict[str, Any]]:
    """One answer a ticket, on a scale up to this; `changed` cells of those now."""
    return [
        {
            "invite_id": f"{key}{month[5:7]}{day}",
            "ticket_id": f"{month[5:7]}-{day}",
            "customer_id": f"c{month[5:7]}{day}",
            "question_key": key,
            "value": str(1 + day % 5),
            "scale_max": str(highest),
            "sent_at": later(month, day, 12),
            "responded_at": later(month, day, 13),
            **(changed if month == months[-1] else {}),
        }
        for month, highest in zip(months, (before, now), strict=True)
        for day in DAYS
    ]


def reviews(
    before: str, now: str, item: str = "paraphrased_own_words", **changed: Any
) -> list[dict[str, Any]]:
    """One review a ticket, of one item; `changed` cells of those now."""
    return [
        {
            "review_id": f"r{month[5:7]}{day}",
            "item_key": item,
            "form_version": version,
            "ticket_id": f"{month[5:7]}-{day}",
            "agent_id": f"g{day % 4}",
            "reviewer_id": f"q{day % 3}",
            "reviewed_at": later(month, day, 14),
            "score": str(day % 2),
            **(changed if month == NOW else {}),
        }
        for month, version in ((BEFORE, before), (NOW, now))
        for day in DAYS
    ]


def measured(folder: Path, period: str = "2026Q3", **tables: list[dict[str, Any]]) -> Measured:
    given = {"tickets": tickets(["bill", "lost"], ["bill", "lost"]), **tables}
    run = workspace(folder, given, period=period)
    make_facts(run)
    return measure(run)


def broken(found: Measured, id: str, period: str = "2026Q2") -> str:
    """Why an indicator's figure of a period compares with none; it has a figure all the same."""
    one = found.of(id, period)
    assert one is not None, f"{id} has nothing for {period}"
    assert one.estimate is not None
    assert one.estimate.value is not None, "what was printed then is not taken back"
    return one.broken


def compared(found: Measured, id: str) -> bool:
    return any(c.indicator == id for c in found.comparisons)


def test_answers_on_another_scale_compare_with_none(tmp_path: Path) -> None:
    found = measured(tmp_path, surveys=answers(5, 7))
    assert broken(found, "qua_csat") == SCALE.format("2026Q2")
    assert broken(found, "qua_csat", "2026Q3") == ""
    assert not compared(found, "qua_csat"), "a change of scale is not a change of service"
    assert compared(found, "qua_resolution_30d"), "what is asked on no scale compares as before"


def test_answers_on_one_scale_compare(tmp_path: Path) -> None:
    found = measured(tmp_path, surveys=answers(5, 5))
    assert broken(found, "qua_csat") == ""
    assert compared(found, "qua_csat")


def test_a_scale_whose_good_end_was_turned_is_another(tmp_path: Path) -> None:
    found = measured(tmp_path, surveys=answers(5, 5, higher_is_better=False))
    assert broken(found, "qua_csat") == SCALE.format("2026Q2")


def test_another_question_s_scale_breaks_nothing(tmp_path: Path) -> None:
    both = [*answers(5, 5), *answers(5, 7, "honest"), *answers(5, 5, "kept_informed")]
    found = measured(tmp_path, surveys=both)
    assert broken(found, "qua_csat") == ""
    said = SCALE.format("2026Q2")
    of_two = found.of("tra_honesty_rated", "2026Q2")
    assert of_two is not None
    assert of_two.broken == said, "one of its two questions changed"


@pytest.mark.parametrize(("before", "is_broken"), [("v2", True), ("v3", False)])
def test_reviews_by_another_form_compare_with_none(
    before: str, is_broken: bool, tmp_path: Path
) -> None:
    found = measured(tmp_path, qa_reviews=reviews(before, "v3"))
    assert broken(found, "emp_qa_listening") == (FORM.format("2026Q2") if is_broken else "")


def test_a_form_for_reviews_that_do_not_count_breaks_nothing(tmp_path: Path) -> None:
    chosen = [
        {**review, "review_id": f"{review['review_id']}x"}
        for review in reviews("none", "onboarding", sample_method="targeted")[28:]
    ]
    found = measured(tmp_path, qa_reviews=[*reviews("v3", "v3"), *chosen])
    assert broken(found, "emp_qa_listening") == ""


def moments(before: str, now: str) -> list[dict[str, Any]]:
    """Reviews of whom 12 of 28 a quarter had to admit not knowing something."""
    admitted = [
        {**review, "item_key": "admitted_unknown"}
        for number, review in enumerate(reviews(before, now))
        if number % 28 < 12
    ]
    return [*reviews(before, now), *admitted]


@pytest.mark.parametrize(("before", "cases"), [("v2", 12), ("v3", 24)])
def test_moments_of_another_form_are_not_pooled_with_this_period_s(
    before: str, cases: int, tmp_path: Path
) -> None:
    """Of fewer than 30 moments the period before is taken in, but not over a break."""
    found = measured(tmp_path, qa_reviews=moments(before, "v3")).of("tra_candour_qa", "2026Q3")
    assert found is not None
    assert found.estimate is not None
    assert found.estimate.cases == cases


def test_an_earlier_period_has_no_figure_over_its_own_break_either(tmp_path: Path) -> None:
    """As it was printed then: the audit of the second quarter had none."""
    january = "2026-01-{:02d} 10:00"
    both = ["bill", "lost"]
    given = [
        *tickets(["invoice", "lost"], both, (january, BEFORE)),
        *tickets(both, both, ("2026-05-{:02d} 10:00", NOW)),
    ]
    found = measured(tmp_path, tickets=given).of("imp_top_driver_reduction", "2026Q2")
    assert found is not None
    assert (found.estimate, found.reason) == (None, CATEGORY.format("2026Q1"))


def test_a_thin_last_month_does_not_join_two_series(tmp_path: Path) -> None:
    september = "2026-09-{:02d} 10:00"
    both = ["bill", "lost"]
    given = [*tickets(both, both), *tickets(both, both, ("2026-05-{:02d} 10:00", september))[28:]]
    few = answers(7, 7, months=("2026-05-{:02d} 10:00", september))[28:40]
    found = measured(tmp_path, tickets=given, surveys=[*answers(5, 7), *few])
    assert broken(found, "qua_csat", "2026-04") == SCALE.format("2026-04")
    assert broken(found, "qua_csat", "2026-08") == ""


def test_other_reasons_break_what_goes_by_reason_and_nothing_else(tmp_path: Path) -> None:
    found = measured(tmp_path, tickets=tickets(["bill", "lost"], ["invoice", "lost"]))
    said = CATEGORY.format("2026Q2")
    assert broken(found, "qua_fcr_observed") == said
    assert broken(found, "qua_fcr_observed", "2026Q3") == ""
    assert compared(found, "qua_resolution_30d")
    of_change = found.of("imp_top_driver_reduction", "2026Q3")
    assert of_change is not None
    assert (of_change.estimate, of_change.reason) == (None, said), (
        "what is itself a change since the quarter before has no figure across a break"
    )


def test_a_month_before_the_break_says_so(tmp_path: Path) -> None:
    found = measured(tmp_path, surveys=answers(5, 7))
    assert broken(found, "qua_csat", "2026-04") == SCALE.format("2026-04")
    assert broken(found, "qua_csat", "2026-08") == ""


def test_the_months_of_a_monthly_audit_are_held_against_the_latest(tmp_path: Path) -> None:
    """The month before and the audited one are periods, and months of the chart as well."""
    july, august, september = (f"2026-0{month}-{{:02d}} 10:00" for month in (7, 8, 9))
    both = ["bill", "lost"]
    given = [
        *tickets(both, both, (july, august)),
        *tickets(both, both, (BEFORE, september)),
    ]
    asked = [
        *answers(5, 5, months=(july, august)),
        *answers(5, 7, months=(BEFORE, september)),
    ]
    found = measured(tmp_path, "2026-09", tickets=given, surveys=asked)
    for month in ("2026-04", "2026-07", "2026-08"):
        assert broken(found, "qua_csat", month) == SCALE.format(month)
    assert broken(found, "qua_csat", "2026-09") == ""


def versions(**rows: int) -> dict[tuple[str], int]:
    return {(name,): count for name, count in rows.items()}


MANY = {(f"c{n}",): 5 for n in range(60)}
DIFFER = [
    ("all new", versions(a=100), versions(b=100), True),
    ("a fifth new", versions(a=80, b=20), versions(a=100), True),
    ("less than a fifth", versions(a=81, b=19), versions(a=100), False),
    ("the last of the old", versions(a=100), versions(a=3, b=100), True),
    ("more than the last", versions(a=100), versions(a=6, b=100), True),
    ("both in use in both", versions(a=30, b=70), versions(a=70, b=30), False),
    ("too few to say", versions(a=100), versions(b=19), False),
    # hundreds of categories, and tickets enough for one of each: nothing can be said
    (
        "by the hundred",
        {(f"c{n}",): 1 for n in range(25)},
        {(f"d{n}",): 1 for n in range(25)},
        False,
    ),
    # twenty tickets cannot have sixty categories
    ("a small month", MANY, {(f"c{n}",): 1 for n in range(20)}, False),
    ("sixty renamed", MANY, {(f"d{n}",): 2 for n in range(60)}, True),
    ("half of sixty renamed", MANY, {(f"c{n + 30}",): 5 for n in range(60)}, True),
    ("nothing there", versions(), versions(a=100), False),
]


@pytest.mark.parametrize(("name", "one", "two", "differ"), DIFFER)
def test_a_fifth_of_either_that_the_other_does_not_have_is_a_break(
    name: str, one: dict, two: dict, differ: bool
) -> None:
    assert _differ(one, two, 0.05) == differ, name
    assert _differ(two, one, 0.05) == differ, f"{name}, the other way round"


def test_a_reason_that_becomes_one_of_many_is_the_same_reason() -> None:
    before, now = versions(bill=910, move=20), versions(bill=644, move=900)
    assert _differ(before, now, 0.05), "of forms these would be the last of the old one"
    assert not _differ(before, now, 0.0)
