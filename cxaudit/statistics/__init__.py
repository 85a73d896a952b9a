"""Statistics: each takes cases and returns an estimate with its own interval and its influence
column.
"""

from cxaudit.statistics.composite import composite
from cxaudit.statistics.estimate import Cases, Estimate
from cxaudit.statistics.gaps import gap
from cxaudit.statistics.incidence import cumulative_incidence
from cxaudit.statistics.influence import Influence, covariance, effective_clusters, two_way
from cxaudit.statistics.means import mean, ratio
from cxaudit.statistics.quantile_ratio import quantile_ratio
from cxaudit.statistics.rates import rate_change
from cxaudit.statistics.shares import mean_of_legs, share
from cxaudit.statistics.survival import quantile, survival_mean, survival_quantile
from cxaudit.statistics.variance_share import variance_share
from cxaudit.statistics.week_spread import week_spread

__all__ = [
    "Cases",
    "Estimate",
    "Influence",
    "composite",
    "covariance",
    "cumulative_incidence",
    "effective_clusters",
    "gap",
    "mean",
    "mean_of_legs",
    "quantile",
    "quantile_ratio",
    "rate_change",
    "ratio",
    "share",
    "survival_mean",
    "survival_quantile",
    "two_way",
    "variance_share",
    "week_spread",
]
