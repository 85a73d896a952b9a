"""How peaks are found, channels weighted, and registers kept to the period they tell of."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from cxaudit.indicators import methods
from cxaudit.indicators.declaration import WHOLE
from cxaudit.statistics import Estimate
from tests.indicators.test_methods import NAN, at, cases, situation

Rows = list[tuple[str, str, float, float]]


def peak(rows: Rows, mix: dict[str, float] | None = None) -> Estimate:
    """The ratio over rows of channel, instant, hit and due; e-mail arrives by days."""
    names = tuple(sorted({channel for channel, *_ in rows}))
    found = cases(
        hit=[hit for *_, hit, _ in rows],
        due=[due for *_, due in rows],
        group=[names.index(channel) for channel, *_ in rows],
        arrived_at=[at(instant) for _, instant, *_ in rows],
        is_call=[float(channel != "email") for channel, *_ in rows],
    )
    asked = situation(interval_minutes=30, peak_quantile=0.9)
    asked = replace(asked, labels={"group": names}, mix={"channel": mix} if mix else {})
    return methods.by_peak_ratio({WHOLE: found}, asked)


def quiet(channel: str, instants: list[str], hits: int) -> Rows:
    """One arrival at each instant, the first `hits` of them in time."""
    return [(channel, text, float(n < hits), 1.0) for n, text in enumerate(instants)]


CALM = [f"2026-07-06 {hour:02}:00" for hour in range(8, 17)]
BUSY = [
    ("phone", "2026-07-06 17:00", 1.0, 1.0),
    ("phone", "2026-07-06 17:29", 0.0, 1.0),
]
DAYS = [f"2026-07-{day:02} 12:00" for day in range(6, 15)]
RUSH = [("email", f"2026-07-20 {hour:02}:00", float(hour < 3), 1.0) for hour in (1, 2, 3, 4)]


def test_the_peak_is_what_has_more_arrivals_than_nine_intervals_in_ten() -> None:
    found = peak([*quiet("phone", CALM, 9), *BUSY])
    assert found.value == pytest.approx(1 / 2)
    assert found.counts["peak_cases"] == 2


def test_where_all_intervals_are_alike_there_is_no_peak() -> None:
    found = peak(quiet("phone", [*CALM, "2026-07-06 17:00"], 9))
    assert found.value is None
    assert found.counts["peak_cases"] == 0


def test_who_hung_up_at_once_arrived_but_is_no_case() -> None:
    short = [("phone", "2026-07-06 08:10", 0.0, NAN)] * 2
    found = peak([*quiet("phone", CALM, 9), BUSY[0], *short])
    assert found.counts["peak_cases"] == 1, "the first half hour has three arrivals, one a case"
    assert found.value == pytest.approx(1.0)


def test_email_peaks_are_days_and_channels_are_averaged_with_the_mix() -> None:
    rows = [*quiet("phone", CALM, 9), *BUSY, *quiet("email", DAYS, 9), *RUSH]
    own = (11 * 0.5 + 13 * 0.5) / 24
    assert peak(rows).value == pytest.approx(own)
    worse = [row if row[1] != "2026-07-20 02:00" else (*row[:2], 0.0, 1.0) for row in rows]
    assert peak(worse).value == pytest.approx((11 * 0.5 + 13 * 0.25) / 24)
    given = {"phone": 0.6, "email": 0.2, "chat": 0.2}
    assert peak(worse, given).value == pytest.approx((0.6 * 0.5 + 0.2 * 0.25) / 0.8)
    assert peak(worse, {"email": 1.0}).value == peak(worse).value, "a mix without the phone"


def visibility(**columns: Any) -> Estimate:
    return methods.by_visibility({WHOLE: cases(**columns)}, situation())


def test_channels_are_weighted_with_demand_and_alike_where_none_is_known() -> None:
    usual: dict[str, Any] = {"points": [1.0, 0.4], "applies": [1.0, 1.0], "observers": [2.0, 3.0]}
    wanted = visibility(**usual, created=[3.0, 1.0], preferred=[0.0, 0.0])
    assert wanted.value == pytest.approx(0.75 * 1.0 + 0.25 * 0.4)
    assert wanted.counts == {"observers": 2.0}, "those that saw every channel"
    nobody = visibility(**usual, created=[0.0, 0.0], preferred=[0.0, 0.0])
    assert nobody.value == pytest.approx(0.7)
    none = visibility(**usual | {"applies": [0.0, 0.0]}, created=[3.0, 1.0], preferred=[0.0, 0.0])
    assert (none.value, none.notes) == (None, ("no channel applies",))


def test_a_register_tells_nothing_of_a_period_that_another_has_followed() -> None:
    articles = cases(hit=[1.0, 0.0], weight=np.array([30.0, 10.0]))
    now = methods.by_share_of_views({WHOLE: articles}, situation())
    assert (now.value, now.cases, now.counts) == (pytest.approx(0.75), 2, {"views": 40.0})
    later = methods.by_share_of_views({WHOLE: articles}, situation(as_of="2027-01-03"))
    assert later.value is None
    earlier = methods.by_share_of_views({WHOLE: articles}, replace(situation(), is_earlier=True))
    assert earlier.notes == ("the register tells of a later time",)
