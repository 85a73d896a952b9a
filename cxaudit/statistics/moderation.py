"""Variances of many groups, each known from few clusters, steadied by what they have in common."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import polygamma, psi

from cxaudit.statistics.influence import Numbers

FEWEST_GROUPS = 3
NEWTON_STEPS = 50


@dataclass(frozen=True)
class Moderated:
    """The steadied variances and their degrees of freedom, one entry per group."""

    variance: Numbers
    df: Numbers


def moderated(variance: Numbers, df: Numbers) -> Moderated:
    """Variances drawn towards their common level as far as they differ by no more than chance.

    A team of ten agents gives its variance with nine degrees of freedom; thirty such teams know
    together what a variance is like. How much is common is read from the scatter of their
    logarithms (Smyth 2004). A variance of NaN or 0 is unknown and takes the common level. With
    fewer than three known ones each stays as it is, an unknown one takes their mean.
    """
    variance, df = np.asarray(variance, dtype=np.float64), np.asarray(df, dtype=np.float64)
    known = np.isfinite(variance) & (variance > 0.0) & (df > 0.0)
    if known.sum() < FEWEST_GROUPS:
        level = float(variance[known].mean()) if known.any() else np.nan
        return Moderated(np.where(known, variance, level), np.where(known, df, 1.0))
    level, common_df = _common(variance[known], df[known])
    own_df = np.where(known, df, 0.0)
    own = np.where(known, variance, 0.0)
    if np.isinf(common_df):
        found = np.full(variance.size, level)
    else:
        found = (common_df * level + own_df * own) / (common_df + own_df)
    return Moderated(found, np.minimum(common_df + own_df, own_df.sum()))


def _common(variance: Numbers, df: Numbers) -> tuple[float, float]:
    """The common level and how many degrees of freedom it is worth; infinite: nothing else."""
    centred = np.log(variance) - psi(df / 2.0) + np.log(df / 2.0)
    mean = float(centred.mean())
    excess = float(centred.var(ddof=1) - polygamma(1, df / 2.0).mean())
    if excess <= 0.0:
        return float(np.sum(df * variance) / np.sum(df)), np.inf
    half = _inverse_trigamma(excess)
    return float(np.exp(mean + psi(half) - np.log(half))), 2.0 * half


def _inverse_trigamma(value: float) -> float:
    """The argument at which the trigamma function has this value, by Newton's steps on 1 / it."""
    argument = 0.5 + 1.0 / value
    for _ in range(NEWTON_STEPS):
        trigamma = float(polygamma(1, argument))
        argument += trigamma * (1.0 - trigamma / value) / float(polygamma(2, argument))
    return argument
