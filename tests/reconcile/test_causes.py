"""A cause is tested: the rule that, done their way, makes our figure theirs."""

from __future__ import annotations

import pandas as pd
import pytest

from cxaudit.reconcile.causes import causes
from cxaudit.reconcile.rules import SCOPE, Rule

RED, BLUE, GREEN = (Rule(name, "theirs", "ours") for name in ("red", "blue", "green"))


def cause_of(theirs: float, effects: dict[frozenset[Rule], float], ours: float = 0.0) -> str | None:
    """The cause for one ticket, whose figure under rules is that of the largest set in them."""

    def figures(rules: frozenset[Rule]) -> pd.DataFrame:
        fitting = [some for some in effects if some <= rules]
        figure = effects[max(fitting, key=len)] if fitting else ours
        return pd.DataFrame({"metric": [figure]}, ["t"])

    told = pd.DataFrame({"metric": [theirs]}, ["t"])
    reasons = pd.Series(["merged"], ["t"])
    return causes(told, figures, (SCOPE, RED, BLUE, GREEN), reasons).loc["t", "metric"]


def one(*rules: Rule) -> frozenset[Rule]:
    return frozenset(rules)


def test_one_rule_that_makes_it_theirs_is_the_cause() -> None:
    assert cause_of(5.0, {one(BLUE): 5.0}) == "blue"


def test_two_rules_that_are_needed_together_are_both_the_cause() -> None:
    assert cause_of(5.0, {one(RED): 2.0, one(RED, BLUE): 5.0}) == "red; blue"


def test_of_two_rules_that_do_it_alone_the_first_is_the_cause() -> None:
    both = {one(RED): 5.0, one(GREEN): 5.0, one(RED, GREEN): 5.0}
    assert cause_of(5.0, both) == "red", "neither is needed, either is enough"


def test_why_a_ticket_is_out_of_our_scope_is_said() -> None:
    assert cause_of(5.0, {one(SCOPE): 5.0}) == "out of our scope: merged"
    assert cause_of(5.0, {one(SCOPE, RED): 5.0}) == "out of our scope: merged; red"


def test_what_all_rules_together_do_not_make_theirs_is_unexplained() -> None:
    assert cause_of(5.0, {one(RED): 4.0}) == "unexplained"
    by_chance = {one(RED): 5.0, one(RED, BLUE): 6.0}
    assert cause_of(5.0, by_chance) == "unexplained", "one rule agrees, all together do not"


@pytest.mark.parametrize("theirs", [0.0, 0.01, -0.01])
def test_figures_a_hundredth_apart_are_alike(theirs: float) -> None:
    assert cause_of(theirs, {one(RED): 5.0}) is None


def test_two_figures_that_are_missing_are_alike_and_one_is_not() -> None:
    nan = float("nan")
    assert cause_of(nan, {one(RED): 5.0}, ours=nan) is None
    assert cause_of(nan, {one(RED): nan}) == "red"
