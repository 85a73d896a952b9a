"""Adapters of shares and means: what they ask of the cases beside the deadline rule."""

from __future__ import annotations

import numpy as np

from cxaudit import statistics
from cxaudit.indicators.declaration import WHOLE, Situation
from cxaudit.indicators.methods.notes import Legs, noted
from cxaudit.statistics import Estimate

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
    return noted(share, note) if others else share


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
        return noted(share, "delay since the solve not known: one band")
    band = np.digitize(delay[known], DELAY_BANDS_DAYS)
    most = int(np.argmax(np.bincount(band)))
    chosen = known.copy()
    chosen[known] = band == most
    share = statistics.share(cases.only(chosen))
    name = ("within 1 day", "1 to 7 days", "over 7 days")[most]
    left_out = int((~chosen).sum())
    return noted(share, f"answers {name} after the solve; {left_out:,} of another delay left out")


def by_bounded_mean(legs: Legs, situation: Situation) -> Estimate:
    """The mean of values between 0 and 1."""
    return statistics.mean(legs[WHOLE], bounds=(0.0, 1.0))
