"""Strata in which two periods are compared: big enough in both, with one mix."""

from __future__ import annotations

import numpy as np
import pytest

from cxaudit.measure.cases import IndicatorCases
from cxaudit.measure.standardise import standard
from cxaudit.statistics import Cases, share

Cell = tuple[str | None, str | None, str | None]


def cases(counts: dict[Cell, tuple[int, int]]) -> IndicatorCases:
    """Cases and hits per channel, category and priority."""
    cells = [cell for cell, (n, _) in counts.items() for _ in range(n)]
    hits = [float(k < hit) for n, hit in counts.values() for k in range(n)]
    labels = {
        by: tuple(sorted({cell[place] or "" for cell in cells} - {""}))
        for place, by in enumerate(("channel", "category", "priority"))
    }
    parts = {
        by: np.array([labels[by].index(c[place]) if c[place] else -1 for c in cells])
        for place, by in enumerate(labels)
    }
    ids = np.arange(len(cells))
    return IndicatorCases({"": Cases(ids, None, ids, {"hit": np.array(hits)})}, {"": parts}, labels)


def shares(*periods: IndicatorCases, mix: dict[Cell, float] | None = None) -> list[float]:
    found = standard(periods, mix)
    assert found is not None
    values = [
        share(p.legs[""], strata=s[""]).value for p, s in zip(periods, found.strata, strict=True)
    ]
    return [value for value in values if value is not None]


def test_a_shift_between_channels_alone_is_no_change() -> None:
    before = cases({("phone", "a", None): (80, 72), ("email", "a", None): (20, 10)})
    now = cases({("phone", "a", None): (40, 36), ("email", "a", None): (60, 30)})
    assert shares(now, before) == pytest.approx([0.82, 0.82]), "0.8 x 0.9 + 0.2 x 0.5 in both"
    crude = [share(period.legs[""]).value for period in (now, before)]
    assert crude == pytest.approx([0.66, 0.82])


def test_the_mix_is_the_baseline_s_or_the_one_given() -> None:
    before = cases({("phone", "a", None): (75, 75), ("email", "a", None): (25, 0)})
    now = cases({("phone", "a", None): (25, 25), ("email", "a", None): (75, 0)})
    assert shares(now, before) == pytest.approx([0.75, 0.75])
    given: dict[Cell, float] = {("phone", "a", None): 0.1, ("email", "a", None): 0.9}
    assert shares(now, before, mix=given) == pytest.approx([0.1, 0.1])


def test_small_cells_are_put_together_without_their_priority_then_without_their_category() -> None:
    one = {("phone", "a", "high"): (12, 12), ("phone", "a", "low"): (12, 0)}
    two = {("phone", "b", "high"): (10, 5), ("phone", "c", "high"): (11, 5)}
    found = standard([cases({**one, **two}), cases({**one, **two})], None)
    assert found is not None
    places = found.strata[0][""].place
    assert set(places[:24].tolist()).isdisjoint(places[24:].tolist()), "category a has 24"
    assert len(set(places.tolist())) == 2, "b and c only together have 20"
    assert found.unadjusted == 0.0


def test_what_has_no_counterpart_is_left_out_and_its_share_of_the_mix_said() -> None:
    before = cases({("phone", "a", None): (75, 60), ("fax", "a", None): (25, 25)})
    now = cases({("phone", "a", None): (40, 20), ("chat", "a", None): (60, 60)})
    found = standard([now, before], None)
    assert found is not None
    assert found.unadjusted == pytest.approx(0.6), "of 100 now, 60 come by a channel that is new"
    assert shares(now, before) == pytest.approx([0.5, 0.8])


def test_every_name_of_the_mix_that_is_gone_counts_as_unadjusted() -> None:
    now = cases({("phone", "a", None): (100, 50)})
    mix: dict[Cell, float] = {("phone", "a", None): 0.7, ("fax", "a", None): 0.15}
    found = standard([now], {**mix, ("telex", "a", None): 0.15})
    assert found is not None
    assert found.unadjusted == pytest.approx(0.3)


def test_a_category_that_was_renamed_is_found_by_its_channel() -> None:
    now = cases({("email", "new", None): (19, 19), ("email", "other", None): (19, 0)})
    found = standard([now], {("email", "old", None): 0.6, ("email", None, None): 0.4})
    assert found is not None
    assert found.unadjusted == 0.0, "the two are one stratum: their channel"


def test_nothing_big_enough_in_both_periods_cannot_be_compared() -> None:
    before = cases({("phone", "a", None): (19, 10)})
    now = cases({("phone", "a", None): (500, 10)})
    assert standard([now, before], None) is None


def test_one_period_alone_has_the_mix_given() -> None:
    now = cases({("phone", "a", None): (50, 50), ("email", None, "low"): (50, 0)})
    given: dict[Cell, float] = {("phone", "a", None): 0.3, ("email", None, "low"): 0.7}
    assert shares(now, mix=given) == pytest.approx([0.3])
