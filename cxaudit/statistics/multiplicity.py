"""Many tests at once: p values adjusted so that few of the differences called real are not."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from cxaudit.statistics.influence import Numbers

FALSE_DISCOVERIES = 0.10


def benjamini_hochberg(p_values: Sequence[float] | Numbers) -> Numbers:
    """The adjusted p values, one per test, in the order given; NaN (no test) stays NaN.

    A test is called at rate q when its adjusted p value is at most q: of all tests called, a share
    q at most is false on average (Benjamini and Hochberg 1995). Tests that were not made are not of
    the family.
    """
    given = np.asarray(p_values, dtype=np.float64)
    adjusted = np.full(given.shape, np.nan)
    made = np.flatnonzero(~np.isnan(given))
    if made.size == 0:
        return adjusted
    order = made[np.argsort(given[made], kind="stable")]
    steps = given[order] * made.size / np.arange(1, made.size + 1)
    adjusted[order] = np.minimum(1.0, np.minimum.accumulate(steps[::-1])[::-1])
    return adjusted
