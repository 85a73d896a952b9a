"""Adapters of access: waits in a queue, peaks, searches, views and channels."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from cxaudit import statistics
from cxaudit.indicators.declaration import WHOLE, Situation
from cxaudit.indicators.methods.notes import LATER_TIME, Legs, noted, tells_of_later_time
from cxaudit.statistics import Cases, Estimate


def by_share_of_waits(legs: Legs, situation: Situation) -> Estimate:
    """The share of hits, with a note of those who hung up at once: `due` is unknown for them."""
    cases = legs[WHOLE]
    share = statistics.share(cases, strata=situation.strata.get(WHOLE))
    short = int(np.isnan(cases.numbers("due")).sum())
    seconds = situation.parameters["short_abandon_seconds"]
    return noted(share, f"{short:,} abandoned within {seconds:g} s left out") if short else share


def by_peak_ratio(legs: Legs, situation: Situation) -> Estimate:
    """The share of hits in the busiest tenth of intervals over that in the others, by channel.

    Intervals without an arrival are none. A peak has more arrivals than the quantile, so that where
    all intervals are alike there is no peak. Averaged with the reference mix of the channels.
    """
    cases, names = legs[WHOLE], situation.labels.get("group", ())
    group, interval = cases.columns["group"], _intervals(cases, situation)
    mix = _mix_of(names, group, situation)
    quantile, peak, parts = situation.parameters["peak_quantile"], 0, []
    for code, name in enumerate(names):
        _, place, arrivals = np.unique(
            interval[group == code], return_inverse=True, return_counts=True
        )
        if not arrivals.size:
            continue
        usual = np.quantile(arrivals, quantile, method="inverted_cdf")
        of_channel, is_peak = cases.only(group == code), arrivals[place] > usual
        parts.append((mix[name], of_channel.only(is_peak), of_channel.only(~is_peak)))
        peak += statistics.share(parts[-1][1]).cases
    return replace(statistics.mean_of_ratios(parts), counts={"peak_cases": float(peak)})


def _intervals(cases: Cases, situation: Situation) -> np.ndarray:
    """The interval each case arrived in: half an hour of calls, a local day of e-mail."""
    at = cases.numbers("arrived_at")
    days = np.searchsorted(situation.period.midnights(), at, side="right")
    spans = at // (60 * situation.parameters["interval_minutes"])
    return np.where(cases.numbers("is_call") == 1.0, spans, days)


def _mix_of(names: tuple[str, ...], group: np.ndarray, situation: Situation) -> Mapping[str, float]:
    """The share of each channel in the reference mix; in the cases where that lacks one."""
    mix = situation.mix.get("channel", {})
    counts = np.bincount(group.astype(np.int64), minlength=len(names))
    own = {
        name: float(counts[code] / group.size) for code, name in enumerate(names) if counts[code]
    }
    return mix if all(mix.get(name) for name in own) else own


def by_ratio_of_searches(legs: Legs, situation: Situation) -> Estimate:
    """The share of all searches that returned something; each search is a case."""
    ratio = statistics.ratio(legs[WHOLE], bounded=True, strata=situation.strata.get(WHOLE))
    searches = np.nansum(legs[WHOLE].known("num", "den")[0].numbers("den"))
    return replace(ratio, cases=int(searches))


def by_share_of_views(legs: Legs, situation: Situation) -> Estimate:
    """The share of views that go to articles that hit.

    The register tells of as-of alone: no figure for an earlier period, or for one that a later one
    has followed.
    """
    cases = legs[WHOLE]
    if tells_of_later_time(situation):
        return Estimate.nothing("logit", notes=[LATER_TIME])
    share = statistics.share(cases)
    return replace(share, counts={"views": float(np.sum(cases.numbers("weight")))})


def by_visibility(legs: Legs, situation: Situation) -> Estimate:
    """The points of each channel, averaged with the demand for it.

    Demand: the mean of the channel's shares of tickets and of customers' wishes, of whichever there
    are any; without both each channel counts alike. A channel that cannot apply is left out.
    """
    cases = legs[WHOLE]
    applies = cases.only(cases.numbers("applies") == 1.0)
    sources = [applies.numbers(name) for name in ("created", "preferred")]
    shares = [source / source.sum() for source in sources if source.sum() > 0.0]
    demand = sum(shares) if shares else np.ones(len(applies))
    counts = {"observers": float(cases.numbers("observers").min(initial=np.inf))}
    if not len(applies):
        return Estimate.nothing("identity", len(cases), notes=["no channel applies"])
    value = float(np.sum(demand * applies.numbers("points")) / np.sum(demand))
    found = replace(statistics.index(value, len(cases)), counts=counts)
    left_out = len(cases) - len(applies)
    return noted(found, f"{left_out} channels that cannot apply left out") if left_out else found
