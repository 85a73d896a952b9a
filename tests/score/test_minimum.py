"""The scorecard's minimums: what is counted, and what follows where nothing tells."""

from __future__ import annotations

from typing import Any

import pytest

from cxaudit.score.indicators import Judged, judge
from cxaudit.score.minimum import CONDITIONS, WORDS
from tests.score.making import ENTRIES, estimate, measurement

NARROW = {"cases": 5000, "value": 0.8}


def judged(id: str, known_agents: int | None = None, value: float = 0.8, **counts: float) -> Judged:
    """An indicator with 5,000 cases and these counts."""
    found = estimate(value, 0.001, cases=5000)
    return judge(measurement(id, found, counts=counts, known_agents=known_agents), ENTRIES[id])


@pytest.mark.parametrize(
    ("id", "name", "needed", "word"),
    [
        ("axs_abandonment", "days", 20, "days"),
        ("pro_notified_first", "events", 5, "service events"),
        ("acc_kb_currency", "views", 500, "views"),
        ("imp_qa_agreement", "reviewers", 2, "reviewers"),
        ("axs_channel_visibility", "observers", 2, "observers"),
    ],
)
def test_what_is_counted_beside_cases(id: str, name: str, needed: int, word: str) -> None:
    short = judged(id, **{name: needed - 1})
    assert short.state == "not assessed"
    assert short.reason == f"too little data: {needed - 1:,} {word}; {needed:,} needed"
    assert judged(id, **{name: needed}).counts
    unknown = judged(id)
    assert (unknown.state, unknown.reason) == (
        "indicative",
        f"not known: {word}; {needed:,} needed",
    ), "what nothing tells may be enough or not"


def test_two_minimums_missed_are_both_said() -> None:
    short = judged("con_peak_resilience", days=19, peak_cases=150)
    assert short.reason == "too little data: 19 days; 20 needed, 150 cases at peak; 200 needed"


def test_categories_have_to_be_filled() -> None:
    short = judged("con_process_documented", filled_category_share=0.795)
    assert short.reason == "too little data: 79.5% of the cases with a category; 80.0% needed"
    assert judged("con_process_documented", filled_category_share=0.8).counts


def test_traces_are_asked_for_only_where_the_figure_is_made_of_them() -> None:
    assert judged("con_process_adherence").state == "assessed", "scored on reviews"
    assert "150 traces; 200 needed" in judged("con_process_adherence", traces=150).reason


def test_a_census_of_agents_counts_them() -> None:
    assert judged("imp_training_currency", agents=9).reason == (
        "too little data: 9 agents; 10 needed"
    )
    assert judged("imp_training_currency", agents=10).counts


def test_a_condition_in_words_makes_a_figure_indicative_only() -> None:
    """The preventable share rests on coders who agree; nothing else of it is wrong."""
    enough = {"filled_category_share": 0.9}
    unknown = judged("pro_preventable_share", value=0.2, **enough)
    assert unknown.state == "indicative"
    assert unknown.reason == (
        "not known: coders; 2 needed; not known: agreement of the coders; 0.6 needed"
    )
    apart = judged("pro_preventable_share", value=0.2, coders=2, kappa=0.5, **enough)
    assert apart.reason == "agreement of the coders: 0.5; 0.6 needed"
    agreed = judged("pro_preventable_share", value=0.2, coders=2, kappa=0.6, **enough)
    assert agreed.state == "assessed"


def test_every_kind_of_minimum_in_the_scorecard_is_known() -> None:
    """One that is not judged would be a promise nobody keeps; words are judged where they are."""
    known = {*WORDS, "per", "other", "cases_per_agent"}
    of_words: dict[str, Any] = {}
    for id, entry in ENTRIES.items():
        if entry["stage"] == "D":
            continue
        asked = {name for name, needed in entry["minimum"].items() if needed}
        assert asked <= known, f"{id}: nothing judges {sorted(asked - known)}"
        if "other" in asked:
            of_words[id] = entry["minimum"]["other"]
    assert set(CONDITIONS) <= set(of_words)
