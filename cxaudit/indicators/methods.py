"""How an indicator's cases become an estimate: its statistic, fed from the scorecard.

Each takes the cases by leg ('' where there are no legs) and the situation.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from cxaudit import statistics
from cxaudit.indicators.declaration import WHOLE, Situation
from cxaudit.periods import Period
from cxaudit.statistics import Cases, Estimate

DAY = 86_400
HOUR = 3_600
Legs = dict[str, Cases]
# Answers given at once are higher than later ones: they are not mixed.
DELAY_BANDS_DAYS = (1.0, 7.0)


def by_share(legs: Legs, situation: Situation) -> Estimate:
    """The share of hits among the due cases."""
    return statistics.share(legs[WHOLE])


def by_share_of_one_scale(legs: Legs, situation: Situation) -> Estimate:
    """The share of hits, with a note of the answers on a scale the question does not have."""
    share = statistics.share(legs[WHOLE])
    others = int(np.nansum(legs[WHOLE].numbers("other_scale")))
    note = f"{others:,} answers on another scale than 1 to 7: those above its middle count"
    return _noted(share, note) if others else share


def by_share_of_legs(legs: Legs, situation: Situation) -> Estimate:
    """The plain mean of the shares of the legs that reach the minimum."""
    shares = {name: statistics.share(cases) for name, cases in legs.items()}
    enough = {
        name: share for name, share in shares.items() if share.cases >= situation.minimum["cases"]
    }
    if enough:
        return statistics.mean_of_legs([enough[name] for name in sorted(enough)])
    return Estimate.nothing(
        "logit",
        max(share.cases for share in shares.values()),
        sum(share.missing for share in shares.values()),
        sum(share.not_yet_due for share in shares.values()),
        ["no leg reaches the minimum"],
    )


def by_share_of_one_delay(legs: Legs, situation: Situation) -> Estimate:
    """The share of hits among the answers of the most frequent delay since the solve."""
    cases = legs[WHOLE]
    delay = cases.numbers("delay_days")
    known = np.isfinite(delay)
    if not known.any():
        share = statistics.share(cases)
        return _noted(share, "delay since the solve not known: one band")
    band = np.digitize(delay[known], DELAY_BANDS_DAYS)
    most = int(np.argmax(np.bincount(band)))
    chosen = known.copy()
    chosen[known] = band == most
    share = statistics.share(cases.only(chosen))
    name = ("within 1 day", "1 to 7 days", "over 7 days")[most]
    left_out = int((~chosen).sum())
    return _noted(share, f"answers {name} after the solve; {left_out:,} of another delay left out")


def by_bounded_mean(legs: Legs, situation: Situation) -> Estimate:
    """The mean of values between 0 and 1."""
    return statistics.mean(legs[WHOLE], bounds=(0.0, 1.0))


def by_median(legs: Legs, situation: Situation) -> Estimate:
    """The median of uncensored values."""
    return statistics.quantile(legs[WHOLE], 0.5)


def by_ninetieth(legs: Legs, situation: Situation) -> Estimate:
    """The 90th percentile of uncensored values."""
    return statistics.quantile(legs[WHOLE], 0.9)


def by_survival_quantile(legs: Legs, situation: Situation) -> Estimate:
    """The time by which the share `quantile` of the cases has had its event."""
    return statistics.survival_quantile(legs[WHOLE], situation.parameters["quantile"])


def by_survival_mean(legs: Legs, situation: Situation) -> Estimate:
    """The mean time to the event, counted up to `tau_days`."""
    return statistics.survival_mean(legs[WHOLE], situation.parameters["tau_days"] * DAY)


def by_cumulative_incidence(legs: Legs, situation: Situation) -> Estimate:
    """The share of cases that have their event within `window_days`."""
    window = situation.parameters["window_days"] * DAY
    return statistics.cumulative_incidence(legs[WHOLE], window)


def by_survival_at_window(legs: Legs, situation: Situation) -> Estimate:
    """The share of cases that have no event within `window_days`."""
    window = situation.parameters["window_days"] * DAY
    return statistics.cumulative_incidence(legs[WHOLE], window, complement=True)


def by_variance_share(legs: Legs, situation: Situation) -> Estimate:
    """The share of the variance that lies between agents."""
    return statistics.variance_share(
        legs[WHOLE], min_per_agent=situation.parameters["min_per_agent"]
    )


def by_gap_in_one_mode(legs: Legs, situation: Situation) -> Estimate:
    """The shrunken gap between groups, among answers of the most frequent survey mode."""
    cases = legs[WHOLE]
    mode = cases.columns["mode"].astype(int)
    if mode.size == 0:
        return Estimate.nothing("identity")
    most = int(np.argmax(np.bincount(mode + 1))) - 1
    chosen = cases.only(mode == most)
    gap = statistics.gap(chosen, min_per_group=situation.parameters["min_per_channel"])
    left_out = len(cases) - len(chosen)
    return _noted(gap, f"{left_out:,} answers of other survey modes left out") if left_out else gap


def by_week_spread(legs: Legs, situation: Situation) -> Estimate:
    """The swing between local weeks beyond chance and trend."""
    cases = legs[WHOLE]
    weeks = np.searchsorted(
        _local_days(situation.period, step=7), cases.numbers("responded_at"), side="right"
    )
    chosen = Cases(
        cases.customer,
        cases.agent,
        cases.row,
        {"value": cases.columns["value"], "week": weeks},
    )
    return statistics.week_spread(chosen, min_per_week=situation.parameters["min_per_week"])


def by_quantile_ratio(legs: Legs, situation: Situation) -> Estimate:
    """The mean of P90 / P50 over strata, weighted by the strata's shares of the cases."""
    cases = legs[WHOLE]
    stratum = cases.columns["stratum"].astype(int)
    counts = np.bincount(stratum) if stratum.size else np.zeros(0, dtype=int)
    used = [code for code, n in enumerate(counts) if n >= situation.parameters["min_per_stratum"]]
    total = sum(int(counts[code]) for code in used)
    strata = [(counts[code] / total, cases.only(stratum == code)) for code in used]
    ratio = statistics.quantile_ratio(strata)
    left_out = len(cases) - total
    return _noted(ratio, f"{left_out:,} cases in small strata left out") if left_out else ratio


def by_rate_change_of_top(legs: Legs, situation: Situation) -> Estimate:
    """The change in the daily rate of the categories that were largest in the period before."""
    cases, period = legs[WHOLE], situation.period
    earlier = period.previous()
    start, end = int(period.start_at.timestamp()), int(period.end_at.timestamp())
    created = cases.numbers("created_at")
    is_now = created >= start
    before = cases.only(~is_now)
    first_at = int(earlier.start_at.timestamp())
    if not len(before) or created.min() > first_at + 0.05 * (start - first_at):
        note = f"the data do not cover {earlier.label} from its start"
        return Estimate.nothing("log", int(is_now.sum()), notes=[note])
    category = cases.columns["category"].astype(int)
    counts = np.bincount(category[~is_now])
    top = np.argsort(-counts, kind="stable")[: situation.parameters["top"]]
    top = top[counts[top] > 0]  # a reason that is new in this period was none of the largest
    days = np.searchsorted(_local_days(period, step=1), created, side="right")
    blocked = Cases(cases.customer, cases.agent, cases.row, {"block": days})
    is_top = np.isin(category, top)
    fewest = min(int((is_now & is_top).sum()), int((~is_now & is_top).sum()))
    if fewest < situation.minimum["cases"]:
        return Estimate.nothing("log", fewest, notes=["too few in one of the two periods"])
    return statistics.rate_change(
        blocked.only(is_now & is_top),
        blocked.only(~is_now & is_top),
        (min(end, situation.as_of) - start) / DAY,
        (start - first_at) / DAY,
    )


def _noted(estimate: Estimate, note: str) -> Estimate:
    return replace(estimate, notes=(*estimate.notes, note))


def _local_days(period: Period, step: int) -> np.ndarray:
    """Local midnights, in seconds, of this period and the one before: every day or Monday."""
    zone = ZoneInfo(period.time_zone)
    day = period.previous().first_on
    if step == 7:
        day = period.first_on - timedelta(days=period.first_on.weekday())
    midnights = []
    while day < period.end_on:
        midnights.append(datetime.combine(day, time(), zone).timestamp())
        day += timedelta(days=step)
    return np.array(midnights)
