"""What the scenarios vary: the scores of an audit with the other figures their indicators have."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from cxaudit.measure.desk import Alternative
from cxaudit.score.overall import Overall, counted
from cxaudit.score.principles import Contribution, Score
from cxaudit.score.scenarios import Piece, Subject
from cxaudit.score.withdrawn import Withdrawn

NON_RESPONSE = "non-response"
SAME_AS_SCORED = 1e-9
# By indicator, assumption and option: the channel ('' is the whole) and the value.
Others = Mapping[str, Mapping[str, Mapping[str, tuple[str, float]]]]


def subjects(
    scores: Sequence[Score],
    whole: Overall | None,
    gone: Sequence[Withdrawn],
    others: Others,
) -> list[Subject]:
    """Every principle that has a score, and the overall where there is one."""
    pieces = {
        score.id: (
            *(_piece(part, others.get(part.id, {})) for part in score.parts),
            *(_piece(w.part, {}, True) for w in gone if w.principle == score.id),
        )
        for score in scores
    }
    found = [
        Subject(score.id, score.score, score.grade, {score.id: pieces[score.id]})
        for score in scores
        if score.score is not None and score.grade is not None
    ]
    if whole is not None:
        of_assessed = {score.id: pieces[score.id] for score in counted(scores)}
        weights = tuple(score.weight for score in counted(scores))
        found.append(Subject("overall", whole.score, whole.grade, of_assessed, weights))
    return found


def other_figures(
    alternatives: Iterable[Alternative], nonresponse: Iterable[Mapping[str, Any]]
) -> Others:
    """What indicators would be under other settings, and if the silent were as unlike as may be.

    `nonresponse`: rows per question with its indicator and `sensitivity`, the value by ratio of
    how readily the satisfied answer; the mean of an indicator's questions is taken.
    """
    found: dict[str, dict[str, dict[str, tuple[str, float]]]] = defaultdict(
        lambda: defaultdict(dict)
    )
    for other in alternatives:
        value = math.inf if other.estimate.value is None else other.estimate.value
        found[other.indicator][other.assumption][other.option] = (other.part.value, value)
    legs: dict[tuple[str, str], list[float]] = defaultdict(list)
    for row in nonresponse:
        for point in row["sensitivity"]:
            if point["ratio"] != 1:
                option = f"the satisfied answer {point['ratio']:g} times as readily"
                legs[row["indicator"], option].append(point["value"])
    for (id, option), values in legs.items():
        found[id][NON_RESPONSE][option] = ("", math.fsum(values) / len(values))
    return found


def _piece(
    part: Contribution,
    others: Mapping[str, Mapping[str, tuple[str, float]]],
    is_withdrawn: bool = False,
) -> Piece:
    by_assumption = {}
    for name, options in others.items():
        values = {option: _values(part, *other) for option, other in options.items()}
        as_scored = _values(part, "", math.nan)
        kept = {option: v for option, v in values.items() if not _are_alike(v, as_scored)}
        if kept:
            by_assumption[name] = kept
    return Piece(part.id, part.weight, part.terms, by_assumption, is_withdrawn)


def _values(part: Contribution, channel: str, value: float) -> tuple[float, ...]:
    """The value of each term, that of the channel ('' is the whole) replaced; by NaN: none."""
    return tuple(
        value
        if term.channel == channel and not math.isnan(value)
        else math.inf
        if term.estimate.value is None
        else term.estimate.value
        for term in part.terms
    )


def _are_alike(values: Sequence[float], others: Sequence[float]) -> bool:
    return all(
        value == other or abs(value - other) <= SAME_AS_SCORED * max(abs(value), abs(other))
        for value, other in zip(values, others, strict=True)
        if math.isfinite(value) or math.isfinite(other)
    )
