"""Adapters of reviews: points and items of reviewed contacts, and how far reviewers agree."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from cxaudit import statistics
from cxaudit.indicators.declaration import WHOLE, Situation
from cxaudit.indicators.methods.notes import INDICATIVE, Legs, counted, noted
from cxaudit.statistics import Cases, Estimate


def by_ratio_of_reviews(legs: Legs, situation: Situation) -> Estimate:
    """What was reached of all that could be, `num` of `den`; a case is a review."""
    items = legs[WHOLE]
    reviews = _weighed(_summed(items))
    ratio = statistics.ratio(reviews, bounded=True)
    return _of_reviewers(ratio, items)


def by_share_of_reviews(legs: Legs, situation: Situation) -> Estimate:
    """The share of reviews without a failed item; a case is a review."""
    items = legs[WHOLE]
    reviews = _summed(items)
    passed, items_due = reviews.numbers("num"), reviews.numbers("den")
    hit = np.where(np.isnan(passed), np.nan, passed >= items_due)
    columns = {**reviews.columns, "hit": hit}
    share = statistics.share(_weighed(replace(reviews, columns=columns)))
    return _of_reviewers(share, items)


def by_pooled_items(legs: Legs, situation: Situation) -> Estimate:
    """What was reached of all that could be; a case is an item that applied.

    Where this period has fewer than the minimum, but some, the period before is taken with it.
    """
    every, period = legs[WHOLE], situation.period
    items = every.only(every.numbers("reviewed_at") >= period.start_at.timestamp())
    is_pooled = 0 < len(items) < situation.minimum["cases"] and len(every) > len(items)
    items = every if is_pooled else items
    reviews = _weighed(_summed(items))
    found = _of_reviewers(statistics.ratio(reviews, bounded=True), items)
    known = np.isfinite(reviews.numbers("num"))
    found = replace(found, cases=int(reviews.numbers("den")[known].sum()))
    pooled = f"pooled with {period.previous().label}: too few items apply in {period.label}"
    return noted(found, pooled) if is_pooled else found


def by_adherence(legs: Legs, situation: Situation) -> Estimate:
    """The share of reviewed items passed, with the traces beside; without reviews the traces'."""
    traces = legs["traces"]
    share = statistics.share(traces)
    if len(traces) and traces.numbers("is_scored").all():
        by_traces = noted(share, "no review asks for it: by the changes of status of solved cases")
        return counted(by_traces, traces=share.cases)
    found = by_ratio_of_reviews({WHOLE: legs["reviews"]}, situation)
    if share.value is None:
        return found
    return noted(found, f"traces: {share.value:.1%} of {share.cases:,} follow the process")


def by_agreement(legs: Legs, situation: Situation) -> Estimate:
    """The share of pairs of reviewers that agree; a case is a contact."""
    share = statistics.share(legs[WHOLE])
    pairs, _ = legs[WHOLE].known("hit")
    names = {
        situation.labels[side][code]
        for side in ("first_reviewer", "second_reviewer")
        for code in np.unique(pairs.columns[side].astype(int))
        if code >= 0
    }
    contacts = 0 if pairs.agent is None else np.unique(pairs.agent).size
    share = counted(replace(share, cases=contacts), reviewers=len(names))
    alpha = _alpha(pairs)
    return share if alpha is None else noted(share, f"Krippendorff's alpha {alpha:.2f}")


def _summed(items: Cases) -> Cases:
    """One case per review, with the sums over its items; in the order of the reviews' numbers."""
    review = items.numbers("review")
    _, first, place = np.unique(review, return_index=True, return_inverse=True)
    columns = {name: column[first] for name, column in items.columns.items()}
    for name in ("num", "den"):
        columns[name] = np.bincount(place, weights=items.numbers(name), minlength=first.size)
    agent = None if items.agent is None else items.agent[first]
    return Cases(items.customer[first], agent, items.row[first], columns)


def _weighed(reviews: Cases) -> Cases:
    """The reviews; one of unknown weight stands for as many contacts as the others on average."""
    weight = reviews.numbers("weight")
    known = np.isfinite(weight)
    if not known.any():
        return reviews.unweighted()
    filled = np.where(known, weight, weight[known].mean())
    return replace(reviews, columns={**reviews.columns, "weight": filled})


def _of_reviewers(found: Estimate, items: Cases) -> Estimate:
    """The estimate with the number of reviewers, and whether their sample can stand for all."""
    reviewers = np.unique(items.columns["reviewer"]).size
    found = counted(found, reviewers=reviewers)
    without = (items.numbers("is_stratified") == 1) & np.isnan(items.numbers("weight"))
    if not without.any():
        return found
    number = np.unique(items.numbers("review")[without]).size
    return noted(found, f"{INDICATIVE}{number:,} reviews of a stratified sample have no weight")


def _alpha(pairs: Cases) -> float | None:
    """Krippendorff's alpha for points, over all pairs; None where the points do not differ."""
    first, second = pairs.numbers("first_points"), pairs.numbers("second_points")
    weight = 1.0 / (pairs.numbers("set_size") - 1.0)
    count = 2.0 * float(np.sum(weight))
    if count <= 1.0:
        return None
    observed = 2.0 * float(np.sum(weight * (first - second) ** 2)) / count
    mean = float(np.sum(weight * (first + second))) / count
    squares = float(np.sum(weight * (first**2 + second**2))) - count * mean**2
    expected = 2.0 * squares / (count - 1.0)
    return 1.0 - observed / expected if expected > 1e-9 else None
