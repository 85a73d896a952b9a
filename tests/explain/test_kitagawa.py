"""The split of a change into mix and rate."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cxaudit.explain.kitagawa import split

BEFORE = {"phone": (600, 0.9), "chat": (300, 0.85), "email": (100, 0.7)}
NOW = {"phone": (300, 0.92), "chat": (300, 0.87), "email": (400, 0.73)}


def rate(groups: dict[str, tuple[int, float]]) -> float:
    return sum(n * r for n, r in groups.values()) / sum(n for n, _ in groups.values())


def test_golden_split() -> None:
    """Every channel rose and the whole fell: the mix moved to e-mail."""
    parts = split(BEFORE, NOW)
    assert rate(NOW) - rate(BEFORE) == pytest.approx(-0.036)
    assert sum(part.mix for part in parts.values()) == pytest.approx(-0.0585)
    assert sum(part.rate for part in parts.values()) == pytest.approx(0.0225)


@pytest.mark.reference
def test_the_golden_split_is_that_of_the_reference(reference_data: Path) -> None:
    text = (reference_data / "measurement" / "golden.json").read_text(encoding="utf-8")
    golden = json.loads(text)["kitagawa"]["expected"]
    before, now = (
        {channel: (cases, hits / cases) for channel, (cases, hits) in golden[quarter].items()}
        for quarter in ("q1", "q2")
    )
    assert (before, now) == (BEFORE, NOW)
    parts = split(before, now).values()
    assert sum(p.mix for p in parts) == pytest.approx(golden["mix_effect"])
    assert sum(p.rate for p in parts) == pytest.approx(golden["rate_effect"])
    assert rate(now) - rate(before) == pytest.approx(golden["delta"])


GROUPS = st.dictionaries(
    st.sampled_from(["email", "chat", "phone", "social"]),
    st.tuples(st.integers(1, 10_000), st.floats(0, 1)),
    min_size=1,
)


@settings(deadline=None, derandomize=True)
@given(before=GROUPS, now=GROUPS)
def test_the_parts_add_up_to_the_change_and_turn_with_it(
    before: dict[str, tuple[int, float]], now: dict[str, tuple[int, float]]
) -> None:
    parts = split(before, now)
    whole = sum(part.mix + part.rate for part in parts.values())
    assert whole == pytest.approx(rate(now) - rate(before), abs=1e-12)
    back = split(now, before)
    for group, part in parts.items():
        assert part.mix == pytest.approx(-back[group].mix, abs=1e-12)
        assert part.rate == pytest.approx(-back[group].rate, abs=1e-12)


def test_a_group_of_one_period_only_is_all_mix() -> None:
    parts = split({"email": (100, 0.8)}, {"email": (50, 0.8), "chat": (50, 0.6)})
    assert (parts["chat"].mix, parts["chat"].rate) == (pytest.approx(0.3), 0.0)
    assert parts["email"].mix == pytest.approx(-0.4)


def test_without_a_shift_of_the_mix_all_is_rate() -> None:
    parts = split({"a": (10, 0.5), "b": (30, 0.6)}, {"a": (20, 0.7), "b": (60, 0.5)})
    assert [part.mix for part in parts.values()] == [0.0, 0.0]
    assert parts["a"].rate == pytest.approx(0.2 * 0.25)
