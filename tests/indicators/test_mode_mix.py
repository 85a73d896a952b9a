"""Satisfaction as it would be if the survey modes were asked in the reference mix."""

from __future__ import annotations

import numpy as np
import pytest

from cxaudit.indicators import Situation
from cxaudit.indicators.methods import by_share_in_mode_mix
from cxaudit.periods import parse_period
from cxaudit.statistics import Cases, Estimate

MIX = {"email": 0.5, "ivr": 0.3, "sms": 0.2}


def standardised(
    answers: dict[str, tuple[int, int]], mix: dict[str, float] | None = None
) -> Estimate:
    """The figure of so many hits of so many answers by mode, each customer and agent once."""
    labels = tuple(sorted(answers))
    counts = [answers[mode] for mode in labels]
    hit = np.concatenate([np.arange(n) < hits for hits, n in counts]).astype(float)
    mode = np.repeat(np.arange(len(labels)), [n for _, n in counts])
    codes = np.arange(hit.size)
    period = parse_period("2026Q3", "UTC")
    shares = MIX if mix is None else mix
    situation = Situation({}, {}, period, 0, mix={"mode": shares}, labels={"mode": labels})
    return by_share_in_mode_mix(
        {"": Cases(codes, codes, codes, {"hit": hit, "mode": mode})}, situation
    )


def test_each_mode_counts_as_much_as_in_the_mix() -> None:
    """0.9 by e-mail, 0.5 by telephone, 0.8 by text message, however many answered by each."""
    found = standardised({"email": (90, 100), "ivr": (200, 400), "sms": (40, 50)})
    assert found.value == pytest.approx(0.5 * 0.9 + 0.3 * 0.5 + 0.2 * 0.8)
    assert found.cases == 550


def test_a_mode_without_answers_leaves_its_part_to_the_others() -> None:
    found = standardised({"email": (90, 100), "ivr": (200, 400)})
    assert found.value == pytest.approx((0.5 * 0.9 + 0.3 * 0.5) / 0.8)


def test_a_mode_with_few_answers_joins_the_most_frequent() -> None:
    """10 text messages are too few: with the 400 by telephone they are 205 of 410."""
    found = standardised({"email": (90, 100), "ivr": (200, 400), "sms": (5, 10)})
    assert found.value == pytest.approx(0.5 * 0.9 + 0.5 * 0.5)


def test_few_answers_of_several_modes_are_one_stratum() -> None:
    """15 by telephone and 15 by text message, 12 satisfied: half of the mix."""
    found = standardised({"email": (90, 100), "ivr": (6, 15), "sms": (6, 15)})
    assert found.value == pytest.approx(0.5 * 0.9 + 0.5 * 12 / 30)


def test_a_mode_new_since_the_mix_is_not_dropped() -> None:
    """40 answers on the web, a mode the mix does not have, count with those by telephone."""
    found = standardised({"email": (90, 100), "ivr": (200, 400), "web": (40, 40)})
    assert found.cases == 540
    assert found.value == pytest.approx((0.5 * 0.9 + 0.3 * 240 / 440) / 0.8)


@pytest.mark.parametrize("mix", [{}, {"email": 1.0}])
def test_one_mode_or_no_mix_is_the_plain_share(mix: dict[str, float]) -> None:
    found = standardised({"email": (90, 100), "ivr": (10, 100)}, mix)
    assert found.value == pytest.approx(0.5)
    assert not found.notes
