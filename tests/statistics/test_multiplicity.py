"""p values adjusted for the number of tests."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from cxaudit.statistics.multiplicity import benjamini_hochberg


@pytest.mark.reference
def test_the_golden_family(reference_data: Path) -> None:
    text = (reference_data / "measurement" / "golden.json").read_text(encoding="utf-8")
    golden = json.loads(text)["bh"]["expected"]
    adjusted = benjamini_hochberg(golden["p"])
    assert adjusted == pytest.approx(golden["p_adj"])
    assert list(adjusted <= 0.10) == golden["rejected_at_q10"]


def test_worked_by_hand() -> None:
    """.01 x 3 / 1, .04 x 3 / 2 and .05 x 3 / 3: the second may not exceed the third."""
    assert benjamini_hochberg([0.05, 0.01, 0.04]) == pytest.approx([0.05, 0.03, 0.05])


def test_a_test_that_was_not_made_is_not_of_the_family() -> None:
    adjusted = benjamini_hochberg([0.02, np.nan, 0.5])
    assert adjusted[[0, 2]] == pytest.approx([0.04, 0.5])
    assert np.isnan(adjusted[1])
    assert benjamini_hochberg([]).size == 0


def test_nothing_planted_nothing_found() -> None:
    """Of 2,000 families of ten tests of nothing, a tenth at most has a discovery."""
    rng = np.random.default_rng(4)
    found = [benjamini_hochberg(rng.random(10)).min() <= 0.10 for _ in range(2000)]
    assert np.mean(found) == pytest.approx(0.10, abs=0.02)
