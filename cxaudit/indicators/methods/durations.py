"""Adapters of durations: quantiles, means and incidences of times to an event."""

from __future__ import annotations

from cxaudit import statistics
from cxaudit.indicators.declaration import WHOLE, Situation
from cxaudit.indicators.methods.notes import DAY, Legs
from cxaudit.statistics import Estimate


def by_median(legs: Legs, situation: Situation) -> Estimate:
    """The median of uncensored values."""
    return statistics.quantile(legs[WHOLE], 0.5)


def by_ninetieth(legs: Legs, situation: Situation) -> Estimate:
    """The 90th percentile of uncensored values."""
    return statistics.quantile(legs[WHOLE], 0.9)


def by_survival_quantile(legs: Legs, situation: Situation) -> Estimate:
    """The time by which the share `quantile` of the cases has had its event."""
    quantile, strata = situation.parameters["quantile"], situation.strata.get(WHOLE)
    return statistics.survival_quantile(legs[WHOLE], quantile, strata)


def by_survival_median(legs: Legs, situation: Situation) -> Estimate:
    """The time by which half of the cases have had their event."""
    return statistics.survival_quantile(legs[WHOLE], 0.5)


def by_ratio_of_spans(legs: Legs, situation: Situation) -> Estimate:
    """The part of the time `den` of all cases that is their time `num`."""
    return statistics.ratio(legs[WHOLE], bounded=True)


def by_survival_ninetieth(legs: Legs, situation: Situation) -> Estimate:
    """The time by which nine cases in ten have had their event."""
    return statistics.survival_quantile(legs[WHOLE], 0.9)


def by_mean_span(legs: Legs, situation: Situation) -> Estimate:
    """The mean of uncensored spans of time."""
    return statistics.mean(legs[WHOLE])


def by_survival_mean(legs: Legs, situation: Situation) -> Estimate:
    """The mean time to the event, counted up to `tau_days`."""
    tau, strata = situation.parameters["tau_days"] * DAY, situation.strata.get(WHOLE)
    return statistics.survival_mean(legs[WHOLE], tau, strata)


def by_cumulative_incidence(legs: Legs, situation: Situation) -> Estimate:
    """The share of cases that have their event within `window_days`."""
    window = situation.parameters["window_days"] * DAY
    return statistics.cumulative_incidence(legs[WHOLE], window, strata=situation.strata.get(WHOLE))


def by_survival_at_window(legs: Legs, situation: Situation) -> Estimate:
    """The share of cases that have no event within `window_days`."""
    window = situation.parameters["window_days"] * DAY
    return statistics.cumulative_incidence(
        legs[WHOLE], window, complement=True, strata=situation.strata.get(WHOLE)
    )


def by_cumulative_incidence_in_business_days(legs: Legs, situation: Situation) -> Estimate:
    """The share of cases with the event in `window_business_days`; each counts as a whole day."""
    window = situation.parameters["window_business_days"] * DAY
    return statistics.cumulative_incidence(legs[WHOLE], window, strata=situation.strata.get(WHOLE))
