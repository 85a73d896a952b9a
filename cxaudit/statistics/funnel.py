"""Where groups of a size lie that differ no more than groups do: the lines of a funnel plot."""

from __future__ import annotations

import numpy as np
from scipy.special import ndtri

from cxaudit.statistics.influence import Numbers
from cxaudit.statistics.shrinkage import Between

WITHIN = 0.998


def funnel_limits(
    between: Between, variances: Numbers, within: float = WITHIN
) -> tuple[Numbers, Numbers]:
    """The lower and upper limit of each group, on the scale of the variances.

    Over-dispersed by an additive random effect: centre -+ z sqrt(variance + tau squared)
    (Spiegelhalter 2005). Wide for small groups, and no narrower than groups differ.
    """
    half = float(ndtri(0.5 + within / 2.0)) * np.sqrt(variances + between.tau_squared)
    return between.centre - half, between.centre + half
