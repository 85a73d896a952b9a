"""How each group of an indicator stands against the others: what is known of it, and how surely."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.special import expit, logit, stdtr

from cxaudit.explain.points import value_at
from cxaudit.score.utility import Utility
from cxaudit.statistics.funnel import funnel_limits
from cxaudit.statistics.influence import Numbers
from cxaudit.statistics.intervals import t_quantile
from cxaudit.statistics.moderation import moderated
from cxaudit.statistics.multiplicity import FALSE_DISCOVERIES
from cxaudit.statistics.shrinkage import Between, others, paule_mandel, posterior

MATTERS = 5.0  # score points
SURE = 0.8
BETTER, WORSE = "better", "worse"
Transform = Callable[[Numbers], Numbers]


@dataclass(frozen=True)
class Groups:
    """One indicator's figures, one entry per group; `se` on `scale`, NaN where it is not known."""

    estimate: Numbers
    cases: Numbers
    se: Numbers
    df: Numbers
    scale: str


@dataclass(frozen=True)
class Standing:
    """One entry per group, NaN where a figure has no place on the scale or no group beside it.

    `shrunken`, `low` and `high` are the figure drawn towards the others' mean with its 95 % limits;
    `p` tests it against the others; `better` and `worse` are how likely it differs from their mean
    by at least five score points; the funnel is where 99.8 % of groups of this size lie if they
    differ no more than the others do.
    """

    shrunken: Numbers
    low: Numbers
    high: Numbers
    p: Numbers
    better: Numbers
    worse: Numbers
    funnel_low: Numbers
    funnel_high: Numbers


@dataclass(frozen=True)
class _Placed:
    """Figures on the scale: values, their own variances and those at the level of all of them."""

    values: Numbers
    own: Numbers
    usual: Numbers
    df: Numbers


def standing(groups: Groups, points: Utility | None) -> Standing:
    """Each group held against the other groups, by a mean and a spread it has no part in.

    Variances are the cluster-robust ones per case, steadied over the groups. `better` and `worse`
    come from the group's own figure, not from the shrunken one: `p` has already asked whether it is
    one of the others, and where it is not, what they are like says nothing about it. Without
    `points` nobody can say what matters: both are NaN.
    """
    empty = np.full(groups.estimate.size, np.nan)
    places, placed = _placed(groups)
    if places.size < 2:
        return Standing(*[empty] * 8)
    to, back = SCALES[groups.scale]
    against = others(placed.values, placed.usual)
    variance = placed.own + against.tau_squared + against.centre_variance
    between_df = max(places.size - 2, 1)
    df = variance**2 / (placed.own**2 / placed.df + against.tau_squared**2 / between_df)
    ratio = np.abs(placed.values - against.centre) / np.sqrt(variance)
    everyone = paule_mandel(placed.values, placed.usual)
    prior = Between(against.centre, against.centre_variance, everyone.tau_squared)
    known = posterior(placed.values, placed.own, prior)
    half = np.array([t_quantile(each) for each in df]) * known.sd
    error = np.sqrt(placed.own + against.centre_variance)
    better, worse = chances(points, groups.scale, placed.values, error, against.centre, placed.df)
    funnel = funnel_limits(against, placed.usual)
    found = (
        back(known.mean),
        back(known.mean - half),
        back(known.mean + half),
        2.0 * stdtr(df, -ratio),
        better,
        worse,
        back(funnel[0]),
        back(funnel[1]),
    )
    columns = [empty.copy() for _ in found]
    for column, numbers in zip(columns, found, strict=True):
        column[places] = numbers
    return Standing(*columns)


def flags(adjusted_p: Numbers, better: Numbers, worse: Numbers) -> np.ndarray:
    """'better', 'worse' or '' for each cell: a flag takes a test and a difference that matters.

    `adjusted_p` is of the test against the others, adjusted in the family of all cells: at most
    0.10. The chance of lying five score points or more from the others: at least 0.8.
    """
    is_other = (adjusted_p <= FALSE_DISCOVERIES) & (np.maximum(better, worse) >= SURE)
    return np.where(is_other, np.where(better > worse, BETTER, WORSE), "")


def chances(
    points: Utility | None, scale: str, mean: Numbers, sd: Numbers, centre: Numbers, df: Numbers
) -> tuple[Numbers, Numbers]:
    """How likely each group is better, and worse, than its centre by at least five score points.

    All but `points` on the scale, one entry per group; t with `df`.
    """
    if points is None:
        return np.full(mean.size, np.nan), np.full(mean.size, np.nan)
    to, back = SCALES[scale]
    rises = points.sign > 0.0
    found = []
    for step in (MATTERS, -MATTERS):
        chance = np.zeros(mean.size)
        for k, level in enumerate(back(centre)):
            value = value_at(points, points(float(level)) + step)
            if value is not None:
                beyond = mean[k] - float(to(np.array([value]))[0])
                upward = (step > 0.0) == rises
                chance[k] = float(stdtr(df[k], (beyond if upward else -beyond) / sd[k]))
        found.append(chance)
    return found[0], found[1]


def _placed(groups: Groups) -> tuple[np.ndarray, _Placed]:
    """Which groups have a place on the scale, and where.

    A share counts half a case more on either side: 0 of n has a place then, and its own level does
    not make a small group certain.
    """
    is_share, is_log = groups.scale == "logit", groups.scale == "log"
    has_place = np.isfinite(groups.estimate) & (groups.cases > 0)
    if is_log:
        has_place &= groups.estimate > 0.0
    places = np.flatnonzero(has_place)
    value, cases = groups.estimate[places], groups.cases[places]
    information = value * (1.0 - value) if is_share else np.ones(places.size)
    unit = moderated(groups.se[places] ** 2 * cases * information, groups.df[places])
    if not places.size or not np.all(unit.variance > 0.0):
        return places[:0], _Placed(value[:0], value[:0], value[:0], value[:0])
    worth = cases / unit.variance
    if not is_share:
        values = np.log(value) if is_log else value
        return places, _Placed(values, 1.0 / worth, 1.0 / worth, unit.df)
    share = (worth * value + 0.5) / (worth + 1.0)
    level = float(np.sum(worth * share) / np.sum(worth))
    usual = 1.0 / (worth * level * (1.0 - level))
    return places, _Placed(logit(share), 1.0 / (worth * share * (1.0 - share)), usual, unit.df)


def _same(values: Numbers) -> Numbers:
    return values


SCALES: dict[str, tuple[Transform, Transform]] = {
    "logit": (logit, expit),
    "log": (np.log, np.exp),
    "identity": (_same, _same),
}
