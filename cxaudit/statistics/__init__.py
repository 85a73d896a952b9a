"""Statistics: each takes cases and returns an estimate with its own interval and its influence
column.
"""

from cxaudit.statistics.composite import composite
from cxaudit.statistics.contrasts import incidence_difference, mean_of_ratios, share_ratio
from cxaudit.statistics.differences import Difference, difference
from cxaudit.statistics.estimate import Cases, Estimate
from cxaudit.statistics.exact import census, exact_share, index
from cxaudit.statistics.gaps import gap
from cxaudit.statistics.incidence import cumulative_incidence
from cxaudit.statistics.influence import Influence, covariance, effective_clusters, two_way
from cxaudit.statistics.means import mean, ratio
from cxaudit.statistics.quantile_ratio import quantile_ratio
from cxaudit.statistics.rates import rate_change
from cxaudit.statistics.shares import mean_of_legs, share
from cxaudit.statistics.strata import Strata
from cxaudit.statistics.survival import quantile, survival_mean, survival_quantile
from cxaudit.statistics.variance_share import variance_share
from cxaudit.statistics.week_spread import week_spread

__all__ = [
    "Cases",
    "Difference",
    "Estimate",
    "Influence",
    "Strata",
    "census",
    "composite",
    "covariance",
    "cumulative_incidence",
    "difference",
    "effective_clusters",
    "exact_share",
    "gap",
    "incidence_difference",
    "index",
    "mean",
    "mean_of_legs",
    "mean_of_ratios",
    "quantile",
    "quantile_ratio",
    "rate_change",
    "ratio",
    "share",
    "share_ratio",
    "survival_mean",
    "survival_quantile",
    "two_way",
    "variance_share",
    "week_spread",
]
