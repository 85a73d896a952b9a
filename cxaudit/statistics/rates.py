"""The change of a rate between two periods."""

from __future__ import annotations

import math

import numpy as np

from cxaudit.errors import Fault, Problem
from cxaudit.statistics.estimate import Cases, Estimate
from cxaudit.statistics.influence import Influence, Numbers, two_way
from cxaudit.statistics.intervals import exp, t_quantile

DAYS_OF_A_WEEK = 7


def rate_change(now: Cases, before: Cases, exposure_now: float, exposure_before: float) -> Estimate:
    """The relative change of cases per exposure: (now / exposure) / (before / exposure) - 1.

    Columns: `block`, the number of the day; `portion`, how much of the case counts (all of it where
    the column is absent). Scale: log of the ratio; limits exp(ln ratio -+ t se) - 1. `cases` is the
    number now; that before is in a note. No value when either period has no case or no exposure.

    Variance: by customer (how many cases each had now and before), by day and by case, combined as
    in `two_way`. A period has its days whatever happens, so a day counts with its distance from the
    mean of the same day of the week in its period: the rhythm of the week is not noise. The days
    are a dimension of this statistic alone; the influence has customers only, scaled so that its
    variance is the whole one.
    """
    portions = [_portions(cases) for cases in (now, before)]
    count, count_before = (math.fsum(portion) for portion in portions)
    if min(count, count_before) <= 0.0 or min(exposure_now, exposure_before) <= 0.0:
        reason = "no cases or no exposure in one of the two periods"
        return Estimate.nothing("log", len(now), notes=(reason,))
    ratio = (count / exposure_now) / (count_before / exposure_before)
    steps = [portions[0] / count, -portions[1] / count_before]
    column = Influence(
        np.concatenate([now.customer, before.customer]),
        None,
        np.concatenate([now.row, before.row]),
        np.concatenate(steps),
    )
    customers = two_way(column)
    by_day = [
        _day_part(cases.numbers("block"), portion)
        for cases, portion in zip((now, before), portions, strict=True)
    ]
    days = math.fsum(variance for variance, _ in by_day)
    rows = math.fsum(float(np.sum(step**2)) for step in steps)
    variance = max(customers.variance + days - rows, customers.variance, days)
    df = max(1.0, min(customers.df, *(df for _, df in by_day)))
    se = math.sqrt(variance)
    factor = exp(t_quantile(df) * se)
    scaled = None
    if customers.variance > 0.0:
        scaled = column.scaled(math.sqrt(variance / customers.variance))
    return Estimate(
        ratio - 1.0,
        ratio / factor - 1.0,
        ratio * factor - 1.0,
        se,
        "log",
        df,
        scaled,
        cases=len(now),
        method="log, customers and days",
        effective_customers=customers.effective_customers,
        notes=(f"cases in the period before: {len(before)}",),
        offset=1.0,
    )


def _portions(cases: Cases) -> Numbers:
    """How much of each case counts."""
    return cases.numbers("portion") if "portion" in cases.columns else np.ones(len(cases))


def _day_part(block: Numbers, portion: Numbers) -> tuple[float, float]:
    """The variance of ln(number of cases) by day, and its degrees of freedom.

    Days from the first to the last with a case; each against the mean of its day of the week.
    """
    if not np.all(np.isfinite(block)):
        raise Fault(Problem("statistics.rate_change", "a case without a day"))
    day = block.astype(np.int64)
    first = int(day.min())
    counts = np.bincount(day - first, weights=portion)
    weekday = (np.arange(counts.size) + first) % DAYS_OF_A_WEEK
    size = np.bincount(weekday, minlength=DAYS_OF_A_WEEK)
    level = np.bincount(weekday, weights=counts, minlength=DAYS_OF_A_WEEK) / np.maximum(size, 1)
    if counts.size < 2 * DAYS_OF_A_WEEK:  # too short to know the rhythm of the week
        level, fitted = np.full(DAYS_OF_A_WEEK, counts.mean()), 1
    else:
        fitted = DAYS_OF_A_WEEK
    if counts.size <= fitted:
        return 0.0, 1.0
    distance = (counts - level[weekday]) / math.fsum(portion)
    correction = counts.size / (counts.size - fitted)
    return correction * float(np.sum(distance**2)), float(counts.size - fitted)
