"""What one figure asks of another: reviewers who agree, a second source that bears it out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from cxaudit.measure.cases import Slice
from cxaudit.score.evidence import tables
from cxaudit.score.indicators import INDICATIVE, NOT_ASSESSED, Judged

# Reviews tell about listening only where reviewers agree on what they see.
AGREEMENT = "imp_qa_agreement"
LEAST_AGREEMENT = {"emp_qa_listening": 0.75}


def with_conditions(judged: Sequence[Judged]) -> list[Judged]:
    """The judged measurements of one period, after a look at what the others of them say."""
    wholes = _of_the_whole(judged)
    return [_agreed(_corroborated(j, wholes), wholes) for j in judged]


def _of_the_whole(judged: Sequence[Judged]) -> dict[str, Judged]:
    """The best figure of each indicator for the whole; of one scored by channel, of a channel."""
    found: dict[str, Judged] = {}
    for j in judged:
        id = j.measurement.indicator
        is_whole = j.measurement.part == Slice()
        if j.state != NOT_ASSESSED and (is_whole or id not in found):
            found[id] = j
    return found


def _corroborated(judged: Judged, wholes: Mapping[str, Judged]) -> Judged:
    """Without another indicator that rests on other tables, evidence is B at best."""
    if judged.evidence != "A":
        return judged
    own = tables(judged.entry)
    others = [wholes[id] for id in judged.entry["read_with"] if id in wholes]
    if any(not own & tables(other.entry) for other in others):
        return judged
    return replace(judged, evidence="B")


def _agreed(judged: Judged, wholes: Mapping[str, Judged]) -> Judged:
    least = LEAST_AGREEMENT.get(judged.measurement.indicator)
    if least is None or judged.state == NOT_ASSESSED:
        return judged
    agreement = wholes.get(AGREEMENT)
    value = agreement.estimate.value if agreement else None
    if value is not None and value >= least:
        return judged
    found = "not known" if value is None else f"{value:.0%}"
    reason = f"agreement of the reviewers: {found}; {least:.0%} needed"
    reasons = [judged.reason] if judged.state == INDICATIVE else []
    return replace(judged, state=INDICATIVE, reason="; ".join([*reasons, reason]))
