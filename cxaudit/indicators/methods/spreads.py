"""Adapters of differences inside the service: between agents, channels, weeks, cases."""

from __future__ import annotations

import numpy as np

from cxaudit import statistics
from cxaudit.indicators.declaration import WHOLE, Situation
from cxaudit.indicators.methods.notes import Legs, noted
from cxaudit.statistics import Cases, Estimate

# What cases differ in beside the agent: its effect is taken off before agents are compared.
MIX = ("channel", "category", "priority")


def by_variance_share(legs: Legs, situation: Situation) -> Estimate:
    """The share of the variance that lies between agents, what they answer and how taken off."""
    fewest = situation.parameters["min_per_agent"]
    return statistics.variance_share(legs[WHOLE], fewest, effects=(*MIX, "mode"))


def by_gap_in_one_mode(legs: Legs, situation: Situation) -> Estimate:
    """The shrunken gap between groups, among answers of the most frequent survey mode.

    What else differs between them, categories and priorities, is taken off.
    """
    cases = legs[WHOLE]
    mode = cases.columns["mode"].astype(int)
    if mode.size == 0:
        return Estimate.nothing("identity")
    most = int(np.argmax(np.bincount(mode + 1))) - 1
    chosen = cases.only(mode == most)
    gap = statistics.gap(chosen, situation.parameters["min_per_channel"], effects=MIX[1:])
    left_out = len(cases) - len(chosen)
    return noted(gap, f"{left_out:,} answers of other survey modes left out") if left_out else gap


def by_week_spread(legs: Legs, situation: Situation) -> Estimate:
    """The swing between local weeks beyond chance and trend."""
    cases = legs[WHOLE]
    weeks = np.searchsorted(situation.period.mondays(), cases.numbers("responded_at"), side="right")
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
    return noted(ratio, f"{left_out:,} cases in small strata left out") if left_out else ratio
