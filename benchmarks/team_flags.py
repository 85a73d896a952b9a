"""How often does a team flag mean nothing, and how often is a team that differs flagged?

    python benchmarks/team_flags.py [--audits 100] [--planted 1000]

Simulated audits of 30 teams x 40 indicators, all shares; the two-fold rule as the product applies
it. Nothing planted: the mean number of flags. One team 10 percentage points below in one of the 40
indicators: how often it is flagged. Beside it the rule that takes the chance of a difference that
matters from the shrunken figure. Writes docs/team_flags.md; a few minutes of one core.
"""

from __future__ import annotations

import argparse
import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.special import logit

from cxaudit.explain.standing import (
    Groups,
    Standing,
    chances,
    flags,
    standing,
)
from cxaudit.score.utility import utility
from cxaudit.statistics import Cases, share
from cxaudit.statistics.multiplicity import (
    benjamini_hochberg,
)

ROOT = Path(__file__).resolve().parents[1]

TEAMS, INDICATORS, GAP, AGENTS = 30, 40, 0.10, 12
MOST_FALSE_ALARMS, LEAST_POWER = 0.5, 0.80
# Those of satisfaction: between typical and target 5 points are 1.8 percentage points.
POINTS = utility({"floor": 0.6, "typical": 0.81, "target": 0.9, "world": 0.95}, "linear")
NORMAL = 1.959964


@dataclass(frozen=True)
class Setting:
    """What is simulated: base share, cases a team, design effect; known or estimated errors."""

    name: str
    base: float = 0.85
    cases: int = 400
    design_effect: float = 1.0
    is_clustered: bool = False  # standard errors estimated from customers and twelve agents a team
    is_unequal: bool = False  # teams of log-normal size; the one that differs has `cases`
    team_sd: float = 0.0  # real differences between teams, on the logit scale
    is_bar: bool = False


SETTINGS = (
    Setting("as the bar asks", is_bar=True),
    Setting("design effect 1.8", design_effect=1.8),
    Setting("base 0.75", base=0.75),
    Setting("base 0.75, design effect 1.8", base=0.75, design_effect=1.8),
    Setting("base 0.95, 60 cases", base=0.95, cases=60),
    Setting("teams differ (sd 0.15 on the logit)", team_sd=0.15),
    Setting("estimated errors", is_clustered=True),
    Setting("estimated errors, unequal teams", is_clustered=True, is_unequal=True),
    Setting(
        "estimated errors, unequal teams, design effect 1.8",
        design_effect=1.8,
        is_clustered=True,
        is_unequal=True,
    ),
)


@dataclass(frozen=True)
class Cells:
    """One indicator's cells: p of the test, and the chances by the own and the shrunken figure."""

    p: np.ndarray
    better: np.ndarray
    worse: np.ndarray
    shrunken_better: np.ndarray
    shrunken_worse: np.ndarray


def indicator(setting: Setting, rng: np.random.Generator, gap: float) -> Cells:
    """The cells of one simulated indicator; its first team lies `gap` below the base."""
    spread = setting.team_sd * rng.normal(size=TEAMS)
    truth = 1.0 / (1.0 + np.exp(-logit(setting.base) - spread))
    if gap:
        truth[0] = setting.base - gap
    sizes = np.full(TEAMS, setting.cases)
    if setting.is_unequal:
        drawn = setting.cases * rng.lognormal(-0.32, 0.8, TEAMS)
        sizes = np.maximum(20, np.round(drawn)).astype(int)
        sizes[0] = setting.cases
    groups = (clustered if setting.is_clustered else known)(setting, rng, truth, sizes)
    found = standing(groups, POINTS)
    shrunken = of_shrunken(groups, found)
    return Cells(found.p, found.better, found.worse, *shrunken)


def known(
    setting: Setting, rng: np.random.Generator, truth: np.ndarray, sizes: np.ndarray
) -> Groups:
    """Shares with the standard errors that their effective number of cases implies."""
    effective = np.round(sizes / setting.design_effect).astype(int)
    value = rng.binomial(effective, truth) / effective
    inner = (value > 0.0) & (value < 1.0)
    information = effective * np.where(inner, value * (1.0 - value), 1.0)
    se = np.where(inner, 1.0 / np.sqrt(information), np.nan)
    return Groups(value, sizes.astype(float), se, effective - 1.0, "logit")


def clustered(
    setting: Setting, rng: np.random.Generator, truth: np.ndarray, sizes: np.ndarray
) -> Groups:
    """Shares of agents who differ as the design effect asks, with two-way standard errors."""
    found = []
    for share_of_hits, size in zip(truth, sizes, strict=True):
        volume = rng.lognormal(0.0, 0.5, AGENTS)
        agent = rng.choice(AGENTS, size, p=volume / volume.sum())
        level = np.full(AGENTS, share_of_hits)
        if setting.design_effect > 1.0:
            alike = (setting.design_effect - 1.0) / (size / AGENTS - 1.0)
            worth = 1.0 / min(0.5, alike) - 1.0
            level = rng.beta(share_of_hits * worth, (1.0 - share_of_hits) * worth, AGENTS)
        hit = (rng.random(size) < level[agent]).astype(float)
        rows = np.arange(size)
        estimate = share(Cases(rows, agent, rows, {"hit": hit}))
        found.append((estimate.value, estimate.se or math.nan, estimate.df))
    value, se, df = (np.array(column, dtype=float) for column in zip(*found, strict=True))
    return Groups(value, sizes.astype(float), se, df, "logit")


def of_shrunken(groups: Groups, found: Standing) -> tuple[np.ndarray, np.ndarray]:
    """The chances of a difference that matters, taken from the shrunken figures."""
    total = np.sum(groups.cases)
    hits = np.sum(groups.cases * groups.estimate)
    centre = logit((hits - groups.cases * groups.estimate) / (total - groups.cases))
    sd = (logit(found.high) - logit(found.low)) / (2.0 * NORMAL)
    endless = np.full(TEAMS, 1e9)
    return chances(POINTS, "logit", logit(found.shrunken), sd, centre, endless)


def flagged(family: list[Cells], is_shrunken: bool) -> np.ndarray:
    """Which cells of an audit are flagged, indicator by team."""
    adjusted = benjamini_hochberg(np.concatenate([cells.p for cells in family]))
    sides = [
        (cells.shrunken_better, cells.shrunken_worse)
        if is_shrunken
        else (cells.better, cells.worse)
        for cells in family
    ]
    better, worse = (np.concatenate(side) for side in zip(*sides, strict=True))
    return (flags(adjusted, better, worse) != "").reshape(len(family), TEAMS)


@dataclass(frozen=True)
class Result:
    """Mean number of flags with nothing planted and its error; share of planted teams flagged."""

    setting: Setting
    false_alarms: float
    false_alarms_error: float
    power: float
    power_error: float
    shrunken_false_alarms: float
    shrunken_power: float


def measured(setting: Setting, seed: int, audits: int, planted: int) -> Result:
    """The figures of one setting. A planted indicator is judged among 39 drawn from the others."""
    rng = np.random.default_rng(seed)
    pool = [indicator(setting, rng, 0.0) for _ in range(audits * INDICATORS)]
    alarms = {}
    for is_shrunken in (False, True):
        families = (pool[k : k + INDICATORS] for k in range(0, len(pool), INDICATORS))
        alarms[is_shrunken] = [int(flagged(family, is_shrunken).sum()) for family in families]
    hits: dict[bool, list[bool]] = {False: [], True: []}
    for _ in range(planted):
        others = rng.choice(len(pool), INDICATORS - 1, replace=False)
        family = [indicator(setting, rng, GAP), *(pool[k] for k in others)]
        for is_shrunken, found in hits.items():
            found.append(bool(flagged(family, is_shrunken)[0, 0]))
    counts, power = np.array(alarms[False]), float(np.mean(hits[False]))
    return Result(
        setting,
        float(counts.mean()),
        float(counts.std(ddof=1) / math.sqrt(audits)),
        power,
        math.sqrt(power * (1.0 - power) / planted),
        float(np.mean(alarms[True])),
        float(np.mean(hits[True])),
    )


PAGE = """# Team flags: false alarms and power

Made by `python benchmarks/team_flags.py`: simulated audits of 30 teams x 40 indicators,
{audits} with nothing planted and {planted:,} with one team 10 percentage points below the
base in one of the 40 (a quarter of each where errors are estimated). 400 cases a team
unless said. Anchors: those of satisfaction.

A flag takes both: p against the other teams, adjusted over all team x indicator cells, at
most 0.10; and a chance of at least 0.8 that the team lies five score points or more from
the others. Bars, for the first row: fewer than 0.5 flags an audit with nothing planted,
and at least 80 % of the planted teams flagged.

| setting | flags, nothing planted | planted flagged % | flags, shrunken | flagged %, shrunken |
|---|--:|--:|--:|--:|
{rows}

Both bars {held}. ± is one standard error.

The last two columns are the rule not taken: the chance of a difference that matters from
the figure shrunken towards the others. It halves the distance of the one team that is
unlike them, and misses the bar of power. A team that the test has set apart is not one of
the others, so what they are like says nothing about it; its own figure is asked instead.

*Estimated errors*: clustered by customer and by the team's twelve agents of unequal
volume, then steadied over the teams. Unequal teams have log-normal sizes (sd 0.8 of the
logarithm). Where teams really differ, a flag says that a team is unlike the others even
so: what is counted there as "nothing planted" are teams at the end of a real range.
"""


def page(results: list[Result], audits: int, planted: int) -> str:
    """The results as a page of the documentation."""
    rows = [
        f"| {r.setting.name} | {r.false_alarms:.2f} ± {r.false_alarms_error:.2f} "
        f"| {100 * r.power:.1f} ± {100 * r.power_error:.1f} "
        f"| {r.shrunken_false_alarms:.2f} | {100 * r.shrunken_power:.1f} |"
        for r in results
    ]
    bar = next(r for r in results if r.setting.is_bar)
    holds = bar.false_alarms < MOST_FALSE_ALARMS and bar.power >= LEAST_POWER
    held = "hold" if holds else "do not hold"
    return PAGE.format(audits=audits, planted=planted, rows="\n".join(rows), held=held)


def main() -> None:
    """Simulate every setting and write the page."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--audits", type=int, default=100)
    parser.add_argument("--planted", type=int, default=1000)
    parser.add_argument("--output", type=Path, default=ROOT / "docs/team_flags.md")
    given = parser.parse_args()
    results = []
    for number, setting in enumerate(SETTINGS):
        # Estimated errors cost ten times as much, and are there for comparison.
        share_of = 4 if setting.is_clustered else 1
        found = measured(setting, 1 + number, given.audits // share_of, given.planted // share_of)
        print(found, flush=True)
        results.append(found)
    given.output.write_text(page(results, given.audits, given.planted), encoding="utf-8")


if __name__ == "__main__":
    main()
