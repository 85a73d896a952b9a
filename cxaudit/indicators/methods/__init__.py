"""How an indicator's cases become an estimate: its statistic, fed from the scorecard.

Each adapter takes the cases by leg ('' where there are no legs) and the situation.
"""

from __future__ import annotations

from cxaudit.indicators.methods.durations import (
    by_cumulative_incidence,
    by_median,
    by_ninetieth,
    by_survival_at_window,
    by_survival_mean,
    by_survival_quantile,
)
from cxaudit.indicators.methods.notes import DAY, HOUR, Legs
from cxaudit.indicators.methods.rates import (
    by_rate_change_of_top,
)
from cxaudit.indicators.methods.shares import (
    by_bounded_mean,
    by_share,
    by_share_of_legs,
    by_share_of_one_delay,
    by_share_of_one_scale,
)
from cxaudit.indicators.methods.spreads import (
    by_gap_in_one_mode,
    by_quantile_ratio,
    by_variance_share,
    by_week_spread,
)

__all__ = [
    "DAY",
    "HOUR",
    "Legs",
    "by_bounded_mean",
    "by_cumulative_incidence",
    "by_gap_in_one_mode",
    "by_median",
    "by_ninetieth",
    "by_quantile_ratio",
    "by_rate_change_of_top",
    "by_share",
    "by_share_of_legs",
    "by_share_of_one_delay",
    "by_share_of_one_scale",
    "by_survival_at_window",
    "by_survival_mean",
    "by_survival_quantile",
    "by_variance_share",
    "by_week_spread",
]
