"""From values to 0–100."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest

from cxaudit.score.utility import utility
from tests.score.making import ENTRIES

E_MAIL = ENTRIES["spd_first_response"]["anchors"]["by_channel"]["email"]
GOLDEN = {
    "fcr_072": (ENTRIES["qua_fcr_customer"]["anchors"], "linear", 0.72, 60.0),
    "email_first_reply_6h_log": (E_MAIL, "log", 6 * 3600, 65.77324383928644),
    "email_first_reply_30h": (E_MAIL, "log", 30 * 3600, 0.0),
    "abandon_05": (ENTRIES["axs_abandonment"]["anchors"], "linear", 0.05, 65.0),
}


@pytest.mark.parametrize("name", sorted(GOLDEN))
def test_golden_utilities(name: str) -> None:
    anchors, scale, value, points = GOLDEN[name]
    assert utility(anchors, scale)(value) == pytest.approx(points, abs=1e-9)


@pytest.mark.reference
def test_the_golden_utilities_are_those_of_the_reference(reference_data: Path) -> None:
    text = (reference_data / "measurement" / "golden.json").read_text(encoding="utf-8")
    expected = json.loads(text)["utility"]["expected"]
    assert {name: golden[3] for name, golden in GOLDEN.items()} == pytest.approx(expected)


@pytest.mark.parametrize("id", sorted(id for id, e in ENTRIES.items() if e["status"] == "scored"))
def test_the_anchors_of_every_indicator_are_worth_0_50_75_100(id: str) -> None:
    entry = ENTRIES[id]
    scales = entry["anchors"].get("by_channel", {"": entry["anchors"]}).values()
    for anchors in scales:
        worth = utility(anchors, entry["anchor_scale"])
        names = ("floor", "typical", "target", "world")
        found = [worth(anchors[name]) for name in names]
        assert found == pytest.approx([0, 50, 75, 100]), f"{id}: {anchors}"
        rises = entry["direction"] == "higher"
        assert (anchors["world"] > anchors["floor"]) is rises, (
            f"{id} is better {entry['direction']}"
        )


def test_beyond_the_anchors_there_is_no_more_and_no_less() -> None:
    worth = utility(E_MAIL, "log")
    assert (worth(0.0), worth(1.0), worth(math.inf)) == (100.0, 100.0, 0.0)
    linear = utility(ENTRIES["qua_csat"]["anchors"], "linear")
    assert (linear(-math.inf), linear(0.2), linear(0.99), linear(math.inf)) == (0, 0, 100, 100)


def test_a_change_below_zero_may_be_good() -> None:
    worth = utility(ENTRIES["imp_top_driver_reduction"]["anchors"], "linear")
    assert worth(-0.05) == pytest.approx(62.5), "half-way between typical and target"
    assert worth(0.2) == 0


@pytest.mark.parametrize("id", ["qua_csat", "spd_resolution_rmst", "imp_top_driver_reduction"])
def test_many_values_at_once_are_worth_what_each_is(id: str) -> None:
    entry = ENTRIES[id]
    worth = utility(entry["anchors"], entry["anchor_scale"])
    lowest, highest = sorted((entry["anchors"]["floor"], entry["anchors"]["world"]))
    reach = highest - lowest
    values = np.array(
        [lowest - reach, *np.linspace(lowest, highest, 41), highest + reach, math.inf]
    )
    found = worth.at(worth.steps(values), np.array(worth.places))
    assert found == pytest.approx([worth(float(value)) for value in values])
    ends = worth.straight(worth.steps(values), np.array(worth.places))
    assert (ends.min(), ends.max()) == (0, 100)
    assert worth.span > 0
