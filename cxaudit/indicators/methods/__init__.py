"""How an indicator's cases become an estimate: its statistic, fed from the scorecard.

Each adapter takes the cases by leg ('' where there are no legs) and the situation.
"""

from __future__ import annotations

from cxaudit.indicators.methods.access import (
    by_peak_ratio,
    by_ratio_of_searches,
    by_share_of_views,
    by_share_of_waits,
    by_visibility,
)
from cxaudit.indicators.methods.durations import (
    by_cumulative_incidence,
    by_cumulative_incidence_in_business_days,
    by_mean_span,
    by_median,
    by_ninetieth,
    by_ratio_of_spans,
    by_survival_at_window,
    by_survival_mean,
    by_survival_median,
    by_survival_ninetieth,
    by_survival_quantile,
)
from cxaudit.indicators.methods.events import (
    by_incidence_difference,
    by_incidence_in_hours,
    by_quantile_of_events,
)
from cxaudit.indicators.methods.notes import DAY, HOUR, Legs
from cxaudit.indicators.methods.rates import (
    by_contact_rate,
    by_mean_count,
    by_rate_change_of_top,
)
from cxaudit.indicators.methods.registers import (
    by_census_of_documented,
    by_share_of_actions,
    by_share_of_past_actions,
    by_share_of_reasons,
)
from cxaudit.indicators.methods.reviews import (
    by_adherence,
    by_agreement,
    by_pooled_items,
    by_ratio_of_reviews,
    by_share_of_reviews,
)
from cxaudit.indicators.methods.roster import by_census_of_certified, by_census_of_trained
from cxaudit.indicators.methods.shares import (
    by_bounded_mean,
    by_share,
    by_share_in_mode_mix,
    by_share_of_customers,
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

# Adapters that give the figure of a fixed mix where the situation has strata.
STANDARDISABLE = frozenset(
    {
        by_bounded_mean,
        by_cumulative_incidence,
        by_cumulative_incidence_in_business_days,
        by_incidence_in_hours,
        by_quantile_of_events,
        by_ratio_of_searches,
        by_share,
        by_share_in_mode_mix,
        by_share_of_legs,
        by_share_of_one_scale,
        by_share_of_reasons,
        by_share_of_waits,
        by_survival_at_window,
        by_survival_mean,
        by_survival_quantile,
    }
)

__all__ = [
    "DAY",
    "HOUR",
    "STANDARDISABLE",
    "Legs",
    "by_adherence",
    "by_agreement",
    "by_bounded_mean",
    "by_census_of_certified",
    "by_census_of_documented",
    "by_census_of_trained",
    "by_contact_rate",
    "by_cumulative_incidence",
    "by_cumulative_incidence_in_business_days",
    "by_gap_in_one_mode",
    "by_incidence_difference",
    "by_incidence_in_hours",
    "by_mean_count",
    "by_mean_span",
    "by_median",
    "by_ninetieth",
    "by_peak_ratio",
    "by_pooled_items",
    "by_quantile_of_events",
    "by_quantile_ratio",
    "by_rate_change_of_top",
    "by_ratio_of_reviews",
    "by_ratio_of_searches",
    "by_ratio_of_spans",
    "by_share",
    "by_share_in_mode_mix",
    "by_share_of_actions",
    "by_share_of_customers",
    "by_share_of_legs",
    "by_share_of_one_delay",
    "by_share_of_one_scale",
    "by_share_of_past_actions",
    "by_share_of_reasons",
    "by_share_of_reviews",
    "by_share_of_views",
    "by_share_of_waits",
    "by_survival_at_window",
    "by_survival_mean",
    "by_survival_median",
    "by_survival_ninetieth",
    "by_survival_quantile",
    "by_variance_share",
    "by_visibility",
    "by_week_spread",
]
