"""Evidence grades A to D: how good the data behind a figure are, whatever the figure says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from cxaudit.measure import Measurement

LETTERS = "ABCD"
HALF_WIDTHS = (("A", 5.0), ("B", 10.0), ("C", 20.0))
TIMES_THE_MINIMUM = 4
UNWEIGHTED = "not weighted for non-response"
WEIGHTED = "weighted"
SURVEYS = "surveys"
# What the client writes down about itself: documents, registers kept by hand, walk-throughs.
SELF_REPORTS = {"channel_catalogue", "process_catalogue", "improvement_actions", "trainings"}
BEST_OF_SELF_REPORTS, BEST_OF_UNWEIGHTED = "B", "C"
# About those who answered, and no sample of others.
OF_RESPONDENTS_ALONE = ("imp_closed_loop_48h",)


def evidence_grade(
    measurement: Measurement, entry: Mapping[str, Any], half_width: float, grade_cap: str
) -> str:
    """The grade of one figure: A to D by the half-width of its utility's interval, and capped.

    A also needs four times the minimum of cases. Documents and self-reports are B at best, survey
    answers that are not weighted for non-response C at best, and nothing is better than
    `grade_cap`. What corroborates an A is looked for once all are known.
    """
    letter = next((grade for grade, most in HALF_WIDTHS if half_width <= most), "D")
    cases = measurement.estimate.cases if measurement.estimate else 0
    if letter == "A" and cases < TIMES_THE_MINIMUM * (entry["minimum"].get("cases") or 0):
        letter = "B"
    if tables(entry) & SELF_REPORTS:
        letter = max(letter, BEST_OF_SELF_REPORTS)
    if is_survey(entry) and not is_weighted(measurement):
        letter = max(letter, BEST_OF_UNWEIGHTED)
    return max(letter, grade_cap)


def tables(entry: Mapping[str, Any]) -> set[str]:
    """The canonical tables an indicator requires."""
    return {
        option.strip().split(".")[0]
        for requirement in entry["requires"]
        for option in requirement.split("|")
    }


def is_survey(entry: Mapping[str, Any]) -> bool:
    """Whether a figure is a figure of survey answers, which stand for those who did not answer."""
    is_of_answers = entry["period_anchor"].startswith(SURVEYS)
    return is_of_answers and entry["id"] not in OF_RESPONDENTS_ALONE


def is_weighted(measurement: Measurement) -> bool:
    """Whether its answers carry weights for non-response: `counts` then holds how many do."""
    return measurement.counts.get(WEIGHTED, 0) > 0


def weighted_median(letters: Sequence[tuple[str, float]]) -> str:
    """The evidence grade that half of the weight reaches; the worse of two."""
    total = sum(weight for _, weight in letters)
    seen = 0.0
    for letter in LETTERS:
        seen += sum(weight for found, weight in letters if found == letter)
        if seen > total / 2:
            return letter
    return LETTERS[-1]
