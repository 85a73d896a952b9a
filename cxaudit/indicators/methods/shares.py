"""Adapters of shares and means: what they ask of the cases beside the deadline rule."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from cxaudit import statistics
from cxaudit.indicators.declaration import WHOLE, Situation
from cxaudit.indicators.methods.notes import Legs, noted
from cxaudit.statistics import Cases, Estimate

# Answers given at once are higher than later ones: they are not mixed. See facts/answers.py.
DELAY_BANDS = ("within 1 day", "1 to 7 days", "over 7 days")
# Answers of one survey mode: fewer say too little to stand for the mode's part of the mix.
FEWEST_OF_A_MODE = 20


def by_share(legs: Legs, situation: Situation) -> Estimate:
    """The share of hits among the due cases."""
    return statistics.share(legs[WHOLE], strata=situation.strata.get(WHOLE))


def by_share_of_customers(legs: Legs, situation: Situation) -> Estimate:
    """The share of customers with a hit in any of their cases; not known without one of them."""
    cases = legs[WHOLE]
    _, first, place = np.unique(cases.customer, return_index=True, return_inverse=True)
    hits = cases.numbers("hit")
    hit, is_unknown = np.zeros(first.size), np.zeros(first.size, dtype=bool)
    np.maximum.at(hit, place, np.nan_to_num(hits))
    np.logical_or.at(is_unknown, place, np.isnan(hits))
    hit[is_unknown & (hit == 0)] = np.nan
    return statistics.share(Cases(cases.customer[first], None, cases.row[first], {"hit": hit}))


def by_share_in_mode_mix(legs: Legs, situation: Situation) -> Estimate:
    """The share of hits as it would be in the reference mix of survey modes.

    Modes with under 20 answers are one stratum together. One mode, or none in the mix: as it is.
    """
    cases, strata = legs[WHOLE], situation.strata.get(WHOLE)
    if strata is not None:
        return statistics.share(cases, strata=strata)
    modes, mix = situation.labels.get("mode", ()), situation.mix.get("mode", {})
    place, shares, used = _modes(cases.columns["mode"].astype(int), modes, mix)
    if len(used) < 2:
        return statistics.share(cases)
    share = statistics.share(cases, strata=statistics.Strata(place, shares))
    return noted(share, f"standardised to the reference mix of survey modes: {', '.join(used)}")


def _modes(
    codes: np.ndarray, modes: Sequence[str], mix: Mapping[str, float]
) -> tuple[np.ndarray, np.ndarray, list[str]]:
    """The stratum of each answer, the strata's shares in the mix and their names."""
    counts = np.bincount(codes[codes >= 0], minlength=len(modes))
    own = [code for code, n in enumerate(counts) if n >= FEWEST_OF_A_MODE and mix.get(modes[code])]
    used = [modes[code] for code in own]
    shares = [mix[name] for name in used]
    small = [code for code, n in enumerate(counts) if n and code not in own]
    rest = sum(mix.get(modes[code], 0.0) for code in small)
    others = len(codes) - int(counts[own].sum())
    if others and own and (others < FEWEST_OF_A_MODE or not rest):
        # Too few even together: they join the most frequent mode.
        joined = int(np.argmax(counts[own]))
        shares[joined] += rest
    else:
        joined = len(own)
        used, shares = (used, shares) if not others else ([*used, "others"], [*shares, rest])
    stratum = np.full(len(modes) + 1, joined)
    stratum[own] = np.arange(len(own))
    return stratum[codes], np.array(shares), used


def by_share_of_one_scale(legs: Legs, situation: Situation) -> Estimate:
    """The share of hits, with a note of the answers on a scale the question does not have."""
    share = statistics.share(legs[WHOLE], strata=situation.strata.get(WHOLE))
    others = int(np.nansum(legs[WHOLE].numbers("other_scale")))
    note = f"{others:,} answers on another scale than 1 to 7: those above its middle count"
    return noted(share, note) if others else share


def by_share_of_legs(legs: Legs, situation: Situation) -> Estimate:
    """The plain mean of the shares of the legs that reach the minimum."""
    shares = {
        name: statistics.share(cases, strata=situation.strata.get(name))
        for name, cases in legs.items()
    }
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
    """The share of hits among the answers of their question's usual delay since the solve."""
    cases = legs[WHOLE]
    usual = cases.numbers("usual_band")
    if not np.isfinite(usual).any():
        share = statistics.share(cases)
        return noted(share, "delay since the solve not known: one band")
    chosen = cases.numbers("band") == usual
    share = statistics.share(cases.only(chosen))
    bands = np.unique(usual[np.isfinite(usual)]).astype(int)
    name = " or ".join(DELAY_BANDS[band] for band in bands)
    left_out = int((~chosen).sum())
    return noted(share, f"answers {name} after the solve; {left_out:,} of another delay left out")


def by_bounded_mean(legs: Legs, situation: Situation) -> Estimate:
    """The mean of values between 0 and 1."""
    return statistics.mean(legs[WHOLE], bounds=(0.0, 1.0), strata=situation.strata.get(WHOLE))
