"""The rows of the audit for scores: principles, the overall, the client's departures."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from cxaudit.score.draws import printed_grades, seed_of
from cxaudit.score.grade_probability import of_overall, of_principle
from cxaudit.score.overall import Overall
from cxaudit.score.principles import Score
from cxaudit.scorecards import open_scorecard

if TYPE_CHECKING:
    from cxaudit.engagement import Override

PARTS_OF_AN_OVERRIDE = ("weight", "anchors", "parameters")


def principle_row(
    score: Score, previous: Sequence[Score], year_before: Sequence[Score], seed: tuple[str, ...]
) -> dict[str, Any]:
    """A principle's score as the audit keeps it, with those of the earlier periods.

    The gates hold in every period: an earlier score is printed with its own state. `grades` is the
    grade as it is printed, with a second one where it is not sure enough.
    """
    probability = of_principle(score, seed_of(*seed, score.id))
    row = {name: value for name, value in vars(score).items() if name != "parts"}
    row["grade_probability"] = probability
    row["grades"] = (
        printed_grades(score.grade, probability) if score.grade and probability else None
    )
    for name, earlier in (("previous", previous), ("year_before", year_before)):
        found = next(s for s in earlier if s.id == score.id)
        row |= {name: found.score, f"{name}_state": found.state}
    return row


def overall_row(whole: Overall, scores: Sequence[Score], seed: tuple[str, ...]) -> dict[str, Any]:
    """The overall score as the audit keeps it."""
    probability = of_overall(scores, seed_of(*seed, "overall"))
    return {
        **vars(whole),
        "principles": list(whole.principles),
        "grade_probability": probability,
        "grades": printed_grades(whole.grade, probability),
    }


def override_rows(overrides: Iterable[Override]) -> list[dict[str, Any]]:
    """The client's departures from the scorecard, each with its reason and what the house has."""
    scorecard = open_scorecard()
    house = {entry["id"]: entry for entry in scorecard["indicators"] + scorecard["principles"]}
    rows = []
    for override in overrides:
        given = override.model_dump(exclude_none=True)
        entry = house[override.subject]
        was: dict[str, Any] = {}
        for part in PARTS_OF_AN_OVERRIDE:
            if part in given:
                changed, own = given[part], entry[part]
                was[part] = {k: own[k] for k in changed} if isinstance(changed, dict) else own
        rows.append({**given, "house": was})
    return rows
