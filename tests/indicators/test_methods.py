"""How cases become an estimate: legs, delays, modes, weeks, reasons."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest

from cxaudit.indicators import methods
from cxaudit.indicators.declaration import WHOLE, Situation
from cxaudit.periods import parse_period
from cxaudit.statistics import Cases

NAN = float("nan")


def cases(**columns: list[Any]) -> Cases:
    """Cases of customers of their own, without agents."""
    arrays = {name: np.asarray(values) for name, values in columns.items()}
    numbers = np.arange(next(iter(arrays.values())).size)
    return Cases(numbers, None, numbers, arrays)


def situation(
    minimum: int = 0, zone: str = "UTC", as_of: str = "2026-10-03", **parameters: Any
) -> Situation:
    at = int(datetime.fromisoformat(as_of).replace(tzinfo=UTC).timestamp())
    return Situation(parameters, {"cases": minimum}, parse_period("2026Q3", zone), at)


def at(text: str) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()


def test_the_mean_of_legs_is_of_those_that_reach_the_minimum() -> None:
    legs = {"reply": cases(hit=[1.0, 1.0, 0.0, 0.0]), "solution": cases(hit=[1.0, 1.0, 0.0])}
    both = methods.by_share_of_legs(legs, situation(3))
    assert both.value == pytest.approx((1 / 2 + 2 / 3) / 2)
    one = methods.by_share_of_legs(legs, situation(4))
    assert (one.value, one.cases) == (0.5, 4)


def test_without_a_leg_that_reaches_the_minimum_all_is_counted() -> None:
    legs = {
        "reply": cases(hit=[1.0, NAN], due=[1.0, 1.0]),
        "solution": cases(hit=[1.0, 0.0, NAN], due=[0.0, 1.0, 1.0]),
    }
    none = methods.by_share_of_legs(legs, situation(4))
    assert (none.value, none.cases, none.missing, none.not_yet_due) == (None, 1, 2, 1)
    assert none.notes == ("no leg reaches the minimum",)


def test_answers_of_one_delay_only_and_what_is_left_out_is_said() -> None:
    answers = cases(
        hit=[1.0, 0.0, 0.0, 0.0, 0.0], band=[1.0, 1.0, 0.0, 2.0, NAN], usual_band=[1.0] * 5
    )
    found = methods.by_share_of_one_delay({WHOLE: answers}, situation())
    assert (found.value, found.cases) == (0.5, 2)
    assert found.notes == ("answers 1 to 7 days after the solve; 3 of another delay left out",)


def test_where_no_delay_is_known_all_are_one_band() -> None:
    answers = cases(hit=[1.0, 0.0], band=[NAN, NAN], usual_band=[NAN, NAN])
    found = methods.by_share_of_one_delay({WHOLE: answers}, situation())
    assert (found.value, found.cases) == (0.5, 2)
    assert found.notes == ("delay since the solve not known: one band",)


def test_answers_on_a_scale_that_the_question_does_not_have_are_flagged() -> None:
    answers = cases(hit=[1.0, 0.0, NAN], other_scale=[0.0, 1.0, 1.0])
    found = methods.by_share_of_one_scale({WHOLE: answers}, situation())
    assert (found.value, found.missing) == (0.5, 1)
    assert found.notes == ("2 answers on another scale than 1 to 7: those above its middle count",)
    usual = methods.by_share_of_one_scale(
        {WHOLE: answers.only(np.array([1, 0, 0]) == 1)}, situation()
    )
    assert usual.notes == ()


def reasons(before: dict[int, int], now: dict[int, int], first: str = "2026-04-01") -> Cases:
    """So many cases of each reason, by its code: by turns in two weeks, and now at the start."""
    week = 7 * 86_400
    codes = [code for code, n in before.items() for _ in range(n)]
    turns = [at(first) + week * (number % 2) for n in before.values() for number in range(n)]
    codes_now = [code for code, n in now.items() for _ in range(n)]
    created = turns + [at("2026-07-01")] * len(codes_now)
    every = [*codes, *codes_now]
    return cases(category=every, created_at=created, active_customers=[NAN] * len(every))


def change(found: Cases, minimum: int = 1, **more: Any) -> Any:
    return methods.by_rate_change_of_top({WHOLE: found}, situation(minimum, **more))


def test_the_largest_reasons_are_those_of_the_period_before() -> None:
    found = change(reasons({0: 5, 1: 91, 2: 91}, {0: 900, 1: 46, 2: 46}), top=2)
    assert found.value == pytest.approx((92 / 92) / (182 / 91) - 1)
    assert "cases in the period before: 182" in found.notes


def test_a_new_reason_is_none_of_the_largest_though_there_are_few() -> None:
    found = change(reasons({1: 91}, {0: 500, 1: 92, 2: 500}), top=5)
    assert found.value == pytest.approx(0.0), "92 in 92 days after 91 in 91 days"
    assert found.cases == 92


def test_a_period_that_is_not_over_counts_its_days_so_far() -> None:
    found = change(reasons({0: 91}, {0: 46}), top=1, as_of="2026-08-16")
    assert found.value == pytest.approx(0.0), "46 in 46 days"


def test_the_minimum_holds_in_both_periods() -> None:
    assert change(reasons({0: 9}, {0: 10}), minimum=10, top=1).value is None
    assert change(reasons({0: 10}, {0: 9}), minimum=10, top=1).value is None
    assert change(reasons({0: 10}, {0: 10}), minimum=10, top=1).value is not None


def test_data_that_begin_late_in_the_period_before_give_no_change() -> None:
    late = change(reasons({0: 50}, {0: 50}, first="2026-04-20"), top=1)
    assert (late.value, late.notes) == (None, ("the data do not cover 2026Q2 from its start",))
    assert change(reasons({}, {0: 50}), top=1).value is None
    assert change(cases(category=[], created_at=[]), top=1).value is None


def test_weeks_begin_on_the_client_s_monday() -> None:
    """In New York an answer of Monday 03:00 UTC belongs to the week before."""
    monday, hours = at("2026-07-06T00:00"), [3.0, 5.0]
    responded = [monday + 3600 * h + 7 * 86400 * w for w in range(5) for h in hours * 4]
    value = [float(h == 3.0) for _ in range(5) for h in hours * 4]
    answers = cases(value=value, responded_at=responded)
    here = methods.by_week_spread({WHOLE: answers}, situation(min_per_week=8))
    assert here.groups == 5, "five whole weeks"
    there = methods.by_week_spread(
        {WHOLE: answers}, situation(zone="America/New_York", min_per_week=4)
    )
    assert there.groups == 6, "each Monday is cut in two: all good before it, none after it"


def test_the_spread_of_waits_without_a_stratum_that_is_large_enough() -> None:
    waits = cases(stratum=[0, 0], seconds=[60.0, 120.0], event=[1.0, 1.0])
    found = methods.by_quantile_ratio({WHOLE: waits}, situation(min_per_stratum=3))
    assert found.value is None
    assert "2 cases in small strata left out" in found.notes


def test_the_most_frequent_survey_mode_is_compared() -> None:
    alike = {"category": [0, 0, 0] * 4, "priority": [-1, -1, -1] * 4}
    answers = cases(value=[1.0, 0.0, 1.0] * 4, group=[0, 1, 0] * 4, mode=[1, 1, 0] * 4, **alike)
    found = methods.by_gap_in_one_mode({WHOLE: answers}, situation(min_per_channel=2))
    assert (found.cases, found.groups) == (8, 2)
    assert "4 answers of other survey modes left out" in found.notes
    none = methods.by_gap_in_one_mode(
        {WHOLE: cases(value=[], group=[], mode=[], category=[], priority=[])},
        situation(min_per_channel=2),
    )
    assert none.value is None
