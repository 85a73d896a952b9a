"""What one indicator asks of another, and how good evidence can be at best."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from cxaudit.score.conditions import with_conditions
from cxaudit.score.indicators import Judged, judge
from tests.score.making import ENTRIES, estimate, measurement

FRONTLINE, REVIEWS, OBSERVED = (
    "qua_frontline_resolution",
    "acc_critical_error_free",
    "qua_fcr_observed",
)


def judged(id: str, value: float = 0.75, **more: Any) -> Judged:
    """An indicator known to a tenth of a point from 10,000 cases of 40 agents."""
    found = estimate(value, 0.001, cases=10_000, effective_agents=40.0)
    return judge(measurement(id, found, known_agents=40, **more), ENTRIES[id])


def evidence(*every: Judged) -> str | None:
    return with_conditions(every)[0].evidence


def test_the_best_evidence_is_borne_out_by_another_source() -> None:
    """Escalations are in tickets and their events; so are repeat contacts, but not reviews."""
    alone = judged(FRONTLINE)
    assert alone.evidence == "A"
    assert evidence(alone) == "B", "nothing bears it out"
    assert evidence(alone, judged(OBSERVED)) == "B", "made of the same tickets"
    assert evidence(alone, judged(REVIEWS, 0.95)) == "A"
    none = replace(judged(REVIEWS), state="not assessed")
    assert evidence(alone, none) == "B", "not measured bears nothing out"


@pytest.mark.parametrize(
    ("agreement", "state", "reason"),
    [
        (0.75, "assessed", ""),
        (0.74, "indicative", "agreement of the reviewers: 74%; 75% needed"),
        (None, "indicative", "agreement of the reviewers: not known; 75% needed"),
    ],
)
def test_reviews_of_listening_need_reviewers_who_agree(
    agreement: float | None, state: str, reason: str
) -> None:
    every = [judged("emp_qa_listening", 0.8, counts={"reviewers": 4})]
    if agreement is not None:
        every.append(judged("imp_qa_agreement", agreement, counts={"reviewers": 4}))
    found = with_conditions(every)[0]
    assert (found.state, found.reason) == (state, reason)


@pytest.mark.parametrize(
    ("id", "counts", "best"),
    [
        ("axs_channel_visibility", {"observers": 2}, "B"),  # somebody walked through it
        ("con_process_documented", {"filled_category_share": 1.0}, "B"),  # the client's documents
        ("imp_actions_on_time", {}, "B"),  # the client's own register
        ("acc_kb_currency", {"views": 1e6}, "A"),  # a system's log
        ("qua_csat", {}, "C"),  # those who answered
        ("qua_csat", {"weighted": 9_800}, "A"),  # weighted to all that were asked
        ("imp_closed_loop_48h", {}, "A"),  # about the answers, not about the silent
    ],
)
def test_evidence_is_as_good_as_its_source(id: str, counts: dict[str, float], best: str) -> None:
    exact = estimate(0.8, 0.0, cases=10_000, se=None)
    assert judge(measurement(id, exact, counts=counts), ENTRIES[id]).evidence == best


def test_a_census_has_no_interval_and_a_grade_all_the_same() -> None:
    """12 agents of 12: nothing is left to chance, so the interval is the figure itself."""
    found = judge(
        measurement(
            "acc_knowledge_certified", estimate(0.9, 0.0, cases=12, se=None), counts={"agents": 12}
        ),
        ENTRIES["acc_knowledge_certified"],
    )
    assert found.utility == found.utility_low == found.utility_high
    assert (found.state, found.evidence) == ("assessed", "B")


def test_what_the_measuring_step_calls_indicative_is() -> None:
    said = "indicative: reviews were picked by stratum and carry no weights"
    found = judged(REVIEWS, 0.95, notes=(said, "every review weighs 1"))
    assert (found.state, found.reason) == (
        "indicative",
        "reviews were picked by stratum and carry no weights",
    )
