"""Below which clusters and cases an interval may not hold what it says."""

from __future__ import annotations

from dataclasses import replace

from cxaudit.score.fewest import too_few
from cxaudit.statistics import Estimate

SHARE = {"statistic": "share"}


def share(value: float, cases: int, agents: float, **others: float) -> Estimate:
    """A share of so many cases, agents worth so many equal ones."""
    nothing = Estimate.nothing("logit", cases)
    return replace(nothing, value=value, effective_agents=agents, counts=others)


def test_an_ordinary_share_needs_five_agents() -> None:
    assert too_few(SHARE, share(0.8, 300, 5.0)) == []
    assert too_few(SHARE, share(0.8, 300, 4.9)) == ["few agents: worth 4.9 equal ones"]


def test_a_share_near_its_end_needs_more_of_both() -> None:
    assert too_few(SHARE, share(0.985, 1_000, 8.0)) == []
    assert too_few(SHARE, share(0.985, 999, 8.0)) == ["999 cases; 1,000 needed"]
    said = too_few(SHARE, share(0.015, 8_000, 6.7))
    assert said == ["agents worth 7 equal ones; a share so near its end needs 8"]
    assert too_few({"statistic": "survival_mean"}, share(0.015, 90, 6.7)) == [], "no share"


def test_a_weighted_share_needs_a_hundred_answers() -> None:
    assert too_few(SHARE, share(0.8, 99, 9.0, weighted=90)) == ["99 cases; 100 needed"]
    assert too_few(SHARE, share(0.8, 99, 9.0)) == [], "not weighted"
