"""How many clusters and cases an interval needs to hold what it says; below, it is indicative.

The one table of these figures. Where they come from: influence.md, section 6, and
docs/intervals.md. Scores have none: where the study finds their intervals off, they are too wide,
more than 24 points, and indicative for that.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cxaudit.statistics import Estimate


@dataclass(frozen=True)
class Fewest:
    """What the statistics named need (none named: every one); 0 asks for nothing.

    `agents` and `customers` are effective clusters: so many equal ones they are worth. With
    `near_an_end` the rule is about shares nearer to 0 or 1 than that, with `weighted` about
    weighted figures. `because` ends the sentence that says so.
    """

    statistics: tuple[str, ...] = ()
    agents: float = 0
    customers: float = 0
    cases: int = 0
    near_an_end: float = 0.5
    weighted: bool = False
    because: str = ""

    def concerns(self, entry: Mapping[str, Any], estimate: Estimate) -> bool:
        """Whether the rule is about such an estimate."""
        if self.statistics and entry["statistic"] not in self.statistics:
            return False
        if self.weighted and not estimate.counts.get("weighted"):
            return False
        return self.near_an_end >= 0.5 or (
            estimate.value is not None and _rare(estimate.value) < self.near_an_end
        )


FEWEST = (
    Fewest(agents=5),
    # The spread of a few agents says little about the spread of agents. The agents' share of the
    # variance has limits made for few agents, and the catalogue's own minimum.
    Fewest(statistics=("spread",), agents=30, because="a spread needs 30"),
    Fewest(
        statistics=("share", "ratio", "cumulative_incidence"),
        agents=8,
        cases=1_000,
        near_an_end=0.02,
        because="a share so near its end needs 8",
    ),
    Fewest(statistics=("share",), cases=100, weighted=True),
)


def too_few(entry: Mapping[str, Any], estimate: Estimate) -> list[str]:
    """Why the interval of an estimate may not hold what it says, by the first rule of each kind."""
    found: dict[str, str] = {}
    for rule in FEWEST:
        if not rule.concerns(entry, estimate):
            continue
        for name, effective, needed in (
            ("agents", estimate.effective_agents, rule.agents),
            ("customers", estimate.effective_customers, rule.customers),
        ):
            if effective is not None and effective < needed:
                found.setdefault(name, _said(name, effective, rule.because))
        if estimate.cases < rule.cases:
            found.setdefault("cases", f"{estimate.cases:,} cases; {rule.cases:,} needed")
    return list(found.values())


def _rare(share: float) -> float:
    """How near a share is to 0 or 1."""
    return min(share, 1.0 - share)


def _said(name: str, effective: float, because: str) -> str:
    if because:
        return f"{name} worth {effective:.0f} equal ones; {because}"
    return f"few {name}: worth {effective:.1f} equal ones"
