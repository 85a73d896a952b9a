"""Groups that differ: the variance between them, and what to think of each when most are alike.

All arrays have one entry per group; values and variances are on one scale (logit, log or own).
Source: DerSimonian and Laird 1986; Paule and Mandel 1982; Huber 1981 for the robust version.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cxaudit.statistics.influence import Numbers

CLIP = 2.0  # residuals beyond so many standard deviations count as that far
CLIPPED_SQUARE = 0.920537  # the mean square of a standard normal deviate clipped at CLIP
UNCLIPPED = 1e12
MANY = 200
HALVINGS, REWEIGHTINGS, LAST_STEPS = 40, 3, 5


@dataclass(frozen=True)
class Between:
    """The mean of groups, its variance, and the variance between them; one entry per question."""

    centre: Numbers
    centre_variance: Numbers
    tau_squared: Numbers


@dataclass(frozen=True)
class Posterior:
    """What to think of each group: mean, standard deviation, and the weight of its own figure."""

    mean: Numbers
    sd: Numbers
    weight: Numbers


def dersimonian_laird(values: Numbers, variances: Numbers) -> Between:
    """The moment estimate of the variance between groups, and their mean with it (one entry)."""
    weights = 1.0 / variances
    centre = np.sum(weights * values) / np.sum(weights)
    excess = np.sum(weights * (values - centre) ** 2) - (values.size - 1)
    scale = np.sum(weights) - np.sum(weights**2) / np.sum(weights)
    tau_squared = max(0.0, float(excess / scale)) if scale > 0.0 else 0.0
    weights = 1.0 / (variances + tau_squared)
    total = np.sum(weights)
    centre = np.sum(weights * values) / total
    return Between(np.array([centre]), np.array([1.0 / total]), np.array([tau_squared]))


def paule_mandel(values: Numbers, variances: Numbers) -> Between:
    """The variance between groups at which they scatter as much as it says (one entry)."""
    asked = np.ones((1, values.size), dtype=bool)
    return _between(values, variances, asked, UNCLIPPED, 1.0)


def robust(values: Numbers, variances: Numbers) -> Between:
    """As `paule_mandel`, hardly moved by one far group of many (one entry)."""
    asked = np.ones((1, values.size), dtype=bool)
    return _between(values, variances, asked, CLIP, CLIPPED_SQUARE)


def others(values: Numbers, variances: Numbers) -> Between:
    """For each group the robust mean and variance of the *other* groups: one entry per group.

    A group far from the rest moves neither what it is held against nor how much groups are said to
    differ. Of two groups, the other one's value; alone, NaN. Above two hundred groups all are taken
    for the others: one of them, counted as `CLIP` away at most, moves next to nothing.
    """
    if values.size > MANY:
        found = robust(values, variances)
        everyone = (found.centre, found.centre_variance, found.tau_squared)
        return Between(*(np.repeat(one, values.size) for one in everyone))
    asked = ~np.eye(values.size, dtype=bool)
    return _between(values, variances, asked, CLIP, CLIPPED_SQUARE)


def posterior(values: Numbers, variances: Numbers, between: Between) -> Posterior:
    """Each group's figure drawn towards the mean, the more the less it rests on.

    The standard deviation counts the uncertainty of the mean, not that of the variance between.
    """
    weight = between.tau_squared / (between.tau_squared + variances)
    mean = weight * values + (1.0 - weight) * between.centre
    spread = weight * variances + (1.0 - weight) ** 2 * between.centre_variance
    return Posterior(mean, np.sqrt(spread), weight)


def cases_for_reliability(intraclass_correlation: float, reliability: float) -> float:
    """How many cases a group needs for its figure to be so reliable (Spearman and Brown)."""
    odds = reliability / (1.0 - reliability)
    return odds * (1.0 - intraclass_correlation) / intraclass_correlation


def _between(
    values: Numbers, variances: Numbers, asked: np.ndarray, clip: float, expected: float
) -> Between:
    """Row by row of `asked` (which groups enter): mean and variance between, by halving.

    The scatter falls as the variance between rises. Each step starts from the mean of the last.
    """
    count = asked.sum(axis=1)
    wanted = expected * np.maximum(count - 1, 1)
    low = np.zeros(len(asked))
    high = np.full(len(asked), 4.0 * np.ptp(values) ** 2) if values.size else low
    centre = np.array([np.median(values[row]) if row.any() else np.nan for row in asked])

    def scatter(tau_squared: Numbers, centre: Numbers) -> tuple[Numbers, Numbers]:
        total = variances + tau_squared[:, None]
        centre = _centre(values, asked / total, total, centre, clip)
        residuals = np.abs(values - centre[:, None]) / np.sqrt(total)
        return np.asarray((asked * np.minimum(residuals, clip) ** 2).sum(axis=1)), centre

    squares, centre = scatter(low, centre)
    is_wider = (count >= 2) & (squares > wanted)
    if is_wider.any():
        for _ in range(HALVINGS):
            middle = 0.5 * (low + high)
            squares, centre = scatter(middle, centre)
            low, high = (
                np.where(squares > wanted, middle, low),
                np.where(squares > wanted, high, middle),
            )
    tau_squared = np.where(is_wider, 0.5 * (low + high), 0.0)
    for _ in range(LAST_STEPS):
        _, centre = scatter(tau_squared, centre)
    precision = (asked / (variances + tau_squared[:, None])).sum(axis=1)
    return Between(centre, _over(np.ones(len(asked)), precision), tau_squared)


def _centre(
    values: Numbers, precision: Numbers, total: Numbers, start: Numbers, clip: float
) -> Numbers:
    """The mean by precision; residuals beyond `clip` count as that far (Huber), by reweighting."""
    centre = start
    for _ in range(REWEIGHTINGS):
        far = np.abs(values - centre[:, None]) / np.sqrt(total)
        weights = precision * (clip / np.maximum(far, clip))
        centre = _over((weights * values).sum(axis=1), weights.sum(axis=1))
    return centre


def _over(top: Numbers, bottom: Numbers) -> Numbers:
    """The quotients; NaN where there is nothing to divide by."""
    return np.divide(top, bottom, out=np.full(top.shape, np.nan), where=bottom > 0.0)
