"""Non-response (model §2.4): beside each figure of a survey, how far those who are silent matter.

Per question: who was invited and who answered, the figure without and with weights, what it could
be at worst, and what it would be if satisfied customers answered more, or less, readily.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from cxaudit.facts.response import FEWEST_UNANSWERED, WITHOUT_SILENT, response_records
from cxaudit.indicators import INDICATORS
from cxaudit.measure.invitations import Coverage, Invited, coverage, invited_of
from cxaudit.measure.measurement import WHOLE, Measurement
from cxaudit.measure.weighing import Weighing

if TYPE_CHECKING:
    from cxaudit.measure.stage import Measured
    from cxaudit.run import Run

RATIOS = (0.5, 1.0, 2.0)


def bounds(share: float, response_rate: float) -> tuple[float, float]:
    """The share if none, and if all, of those who did not answer were hits (Manski)."""
    answered = share * response_rate
    return answered, answered + 1.0 - response_rate


def share_at(share: float, ratio: float) -> float:
    """The share among all if those who are a hit answer `ratio` times as readily as the others."""
    hits = share / ratio
    return hits / (hits + 1.0 - share)


def nonresponse(run: Run, measured: Measured, entries: Mapping[str, Any]) -> list[dict[str, Any]]:
    """One record per survey question behind a figure that is weighted wherever it can be.

    entries: the scorecard's, by id. Writes them to `3_score/nonresponse.json`, too.
    """
    found = [m for m in measured.measurements if _has_weighing(m, run.period.label)]
    records = _records(run, found, entries) if found else []
    text = json.dumps(records, indent=1)
    (run.folder("3_score") / "nonresponse.json").write_text(text, encoding="utf-8")
    return records


def _has_weighing(found: Measurement, period: str) -> bool:
    of_indicator = found.indicator in INDICATORS and found.period == period
    return of_indicator and found.part == WHOLE and bool(found.weighing)


def _records(
    run: Run, found: Sequence[Measurement], entries: Mapping[str, Any]
) -> list[dict[str, Any]]:
    parameters = {m.indicator: entries[m.indicator]["parameters"] for m in found}
    asked = {
        (m.indicator, leg): leg or parameters[m.indicator]["question_keys"][0]
        for m in found
        for leg in m.weighing
    }
    invited = invited_of(run, {id: INDICATORS[id] for id in parameters}, parameters)
    covered = coverage(run, sorted(set(asked.values())))
    told = response_records(run)
    records = []
    for m in found:
        for leg, weighing in m.weighing.items():
            question = asked[m.indicator, leg]
            record = _record(weighing, invited[m.indicator, leg], covered[question])
            record["notes"] += _notes(told.get(question, {}))
            records.append({"indicator": m.indicator, "question": question, **record})
    return records


def _record(weighing: Weighing, sent: Invited, covered: Coverage) -> dict[str, Any]:
    plain, value = weighing.plain, weighing.weighted if weighing.carry else None
    rate, notes = _response_rate(sent)
    # Without the silent invitations: the answers among all solved cases, so as wide as can be.
    base = rate if rate is not None else _at_most_one(sent.answered, covered.solved)
    shown = plain if value is None else value
    line = [] if shown is None else [(ratio, share_at(shown, ratio)) for ratio in RATIOS]
    return {
        "invited": sent.invited,
        "answered": sent.answered,
        "response_rate": rate,
        "raw": plain,
        "weighted": value,
        "bounds": None if plain is None else list(bounds(plain, base)),
        "sensitivity": [{"ratio": ratio, "value": share} for ratio, share in line],
        "moved_more_than_se": _moved(weighing) if weighing.carry else None,
        "invitation_coverage": covered.invited / covered.solved if covered.solved else None,
        "agents_compared": covered.agents,
        "agents_outside_funnel": covered.outside,
        "notes": notes,
    }


def _response_rate(sent: Invited) -> tuple[float | None, list[str]]:
    """The share of invitations answered; None where those not answered were not delivered."""
    if sent.invited - sent.answered <= FEWEST_UNANSWERED * sent.invited:
        text = "the bounds are those of all solved cases"
        return None, [f"response rate not known: {WITHOUT_SILENT}; {text}"]
    return sent.answered / sent.invited, []


def _at_most_one(answered: int, solved: int) -> float:
    """Answers per solved case; 0, and with it bounds of 0 and 1, where no case is known."""
    return min(1.0, answered / solved) if solved else 0.0


def _moved(weighing: Weighing) -> bool | None:
    """Whether the weights move the figure by more than its standard error; None at 0 and 1."""
    if weighing.plain is None or weighing.weighted is None or weighing.se is None:
        return None
    return abs(weighing.weighted - weighing.plain) > weighing.se


def _notes(record: Mapping[str, Any]) -> list[str]:
    reason = record.get("reason", "")
    return [f"not weighted: {reason}"] if reason else list(record.get("notes", ()))
