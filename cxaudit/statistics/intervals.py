"""95 % limits of an estimate: Wilson for shares, and logit, log and identity scales; t and F
quantiles.
"""

from __future__ import annotations

import math

from scipy.special import fdtri, ndtri, stdtrit

UPPER_TAIL = 0.975


def t_quantile(df: float) -> float:
    """The 97.5 % quantile of Student's t; of the normal when `df` is infinite."""
    return float(ndtri(UPPER_TAIL) if math.isinf(df) else stdtrit(df, UPPER_TAIL))


def f_quantiles(df_between: float, df_within: float) -> tuple[float, float]:
    """The 2.5 % and 97.5 % quantiles of the F distribution."""
    return (
        float(fdtri(df_between, df_within, 1.0 - UPPER_TAIL)),
        float(fdtri(df_between, df_within, UPPER_TAIL)),
    )


def effective_cases(share: float, variance: float, most: float) -> float:
    """How many independent cases a share with this variance (natural scale) is worth, at most
    `most`.
    """
    if variance <= 0.0:
        return most
    return min(most, share * (1.0 - share) / variance)


def wilson(share: float, n_effective: float, df: float = math.inf) -> tuple[float, float]:
    """Wilson's limits of a share with t in place of z; defined at 0 and at 1, and [0, 1] without
    cases.
    """
    if n_effective <= 0.0:
        return 0.0, 1.0
    t_squared = t_quantile(df) ** 2
    shrink = 1.0 + t_squared / n_effective
    centre = (share + t_squared / (2.0 * n_effective)) / shrink
    spread = share * (1.0 - share) / n_effective + t_squared / (4.0 * n_effective**2)
    half = math.sqrt(t_squared * spread) / shrink
    low = 0.0 if share <= 0.0 else max(0.0, centre - half)
    high = 1.0 if share >= 1.0 else min(1.0, centre + half)
    return low, high


def logit_limits(share: float, se: float, df: float) -> tuple[float, float]:
    """Limits of a share strictly between 0 and 1 whose `se` is on the logit scale."""
    half = t_quantile(df) * se
    return expit(logit(share) - half), expit(logit(share) + half)


def log_limits(value: float, se: float, df: float) -> tuple[float, float]:
    """Limits of a positive value whose standard error `se` is on the log scale."""
    factor = exp(t_quantile(df) * se)
    return value / factor, value * factor


def identity_limits(value: float, se: float, df: float) -> tuple[float, float]:
    """Limits of a value whose standard error is on its own scale."""
    half = t_quantile(df) * se
    return value - half, value + half


def logit(share: float) -> float:
    """The log odds of a share strictly between 0 and 1."""
    return math.log(share / (1.0 - share))


def expit(log_odds: float) -> float:
    """The share with these log odds."""
    if log_odds >= 0.0:
        return 1.0 / (1.0 + exp(-log_odds))
    return exp(log_odds) / (1.0 + exp(log_odds))


def exp(power: float) -> float:
    """e to the power, infinite instead of an overflow."""
    return math.exp(power) if power < 709.0 else math.inf
