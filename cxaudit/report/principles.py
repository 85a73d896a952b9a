"""The ten principles as the report shows them, what needs attention first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from cxaudit.report import grades, numbers
from cxaudit.report.axis import Dot
from cxaudit.report.indicators import Card
from cxaudit.report.maturity import Level, Maturity
from cxaudit.report.missing import Gap, wanted
from cxaudit.report.robustness import Robustness, Subject
from cxaudit.report.verdicts import Pair
from cxaudit.report.words import words

TYPICAL, TARGET = 50, 75
ORDER = ("assessed", "indicative", "not assessed")
HEADINGS = {
    "assessed": "Assessed, weakest first",
    "indicative": "Indicative: too little of it is measured to count",
    "not assessed": "Not assessed",
}


@dataclass(frozen=True)
class Principle:
    """One principle: its row of the scorecard and the material of its chapter."""

    id: str
    row: Mapping[str, Any]
    words: Mapping[str, str]
    line: str
    dot: Dot
    cards: tuple[Card, ...]
    gaps: tuple[Gap, ...]
    later: tuple[Mapping[str, Any], ...]
    verdict: Pair | None = None
    maturity: Level | None = None
    robust: Subject | None = None

    @property
    def name(self) -> str:
        """The principle's name."""
        return str(self.row.get("name") or self.words["name"])

    @property
    def state(self) -> str:
        """Assessed, indicative or not assessed."""
        return str(self.row["state"])

    @property
    def score(self) -> float | None:
        """0 to 100; None where not assessed."""
        value = self.row.get("score")
        return None if value is None else float(value)

    @property
    def shown(self) -> str:
        """The score as printed, with a sign where it is the end of a scale."""
        return grades.bounded(self.score, self.row["bound"])

    @property
    def grade(self) -> str:
        """The grade, or the pair of grades where one alone is too uncertain."""
        return str(self.row["grades"] or self.row["grade"] or "")

    @property
    def chances(self) -> str:
        """How probable each grade is, where the likeliest has under 80 %; else empty."""
        return grades.chances(self.row["grade_probability"])

    @property
    def before(self) -> str:
        """The score of the period before, where it was assessed; else empty."""
        return numbers.score(self.row["previous"]) if _is_shown(self.row) else ""

    @property
    def interval(self) -> str:
        """The 95 % interval of the score in whole points."""
        return numbers.score_interval(self.row.get("low"), self.row.get("high"))

    @property
    def level(self) -> str:
        """Where the whole interval lies: low, middle or high; "open" where it says too little."""
        low, high = self.row.get("low"), self.row.get("high")
        if self.score is None or low is None or high is None:
            return "open"
        if low >= TARGET:
            return "high"
        if high < TYPICAL:
            return "low"
        return "middle" if high < TARGET else "open"

    @property
    def title(self) -> str:
        """The chapter's message."""
        if self.state == "not assessed":
            return f"{self.name} could not be assessed"
        if self.state == "indicative":
            return f"{self.name}: too little of it is measured to be judged"
        if self.level == "open":
            return f"{self.name} is near its target, too close to call"
        return f"{self.name}: {self.words[self.level]}"

    @property
    def measured(self) -> tuple[Card, ...]:
        """Its indicators with a result, furthest below the target first."""
        shown = [card for card in self.cards if card.measured]
        return tuple(sorted(shown, key=lambda c: (c.row["utility"], c.id)))

    @property
    def covered(self) -> str:
        """How many of its indicators were measured, and the share of the weight they carry."""
        known = len(self.measured)
        everything = known + len(self.gaps) + len(self.later)
        share = self.row.get("coverage")
        weight = "" if share is None else f", {100 * share:.0f}{numbers.SPACE}% of its weight"
        return f"{known} of {everything} indicators{weight}"


def principles(
    audit: Mapping[str, Any],
    scorecard: Mapping[str, Any],
    cards: Mapping[str, Card],
    gaps: Sequence[Gap],
    verdicts: Mapping[str, Pair] | None = None,
    maturity: Maturity | None = None,
    robustness: Robustness | None = None,
) -> tuple[Principle, ...]:
    """All principles of the audit: assessed by score, then indicative, then not assessed."""
    made = [
        replace(
            _principle(row, scorecard, cards, gaps),
            verdict=(verdicts or {}).get(row["id"]),
            maturity=maturity.of(row["id"]) if maturity else None,
            robust=robustness.of(row["id"]) if robustness else None,
        )
        for row in audit["principles"]
    ]
    return tuple(
        sorted(made, key=lambda p: (ORDER.index(p.state), p.score if p.score else 0, p.name))
    )


def telling(shown: Sequence[Card], score: float | None) -> Card | None:
    """The indicator that costs most points or, at target, the one that earns most."""
    counting = [card for card in shown if card.state == "assessed" and card.weight > 0]
    weighty = counting or list(shown)
    if not weighty:
        return None
    if score is not None and score >= TARGET:
        return max(weighty, key=lambda c: (c.weight * c.row["utility"], c.id))
    return max(weighty, key=lambda c: (c.weight * (100 - c.row["utility"]), c.id))


def _principle(
    row: Mapping[str, Any],
    scorecard: Mapping[str, Any],
    cards: Mapping[str, Card],
    gaps: Sequence[Gap],
) -> Principle:
    own = tuple(card for card in cards.values() if card.row["principle"] == row["id"])
    own_gaps = tuple(gap for gap in gaps if gap.card.row["principle"] == row["id"])
    later = tuple(
        entry
        for entry in scorecard["indicators"]
        if entry["principle"] == row["id"]
        and entry["id"] not in cards
        and entry["status"] == "scored"
    )
    known = words()["principles"].get(row["id"]) or {"name": row["id"], "asks": ""}
    made = Principle(
        row["id"], row, known, "", _dot(row, row.get("name") or known["name"]), own, own_gaps, later
    )
    return replace(made, line=_line(made))


def _line(principle: Principle) -> str:
    """One line: its most telling indicator, or what it would take to judge it."""
    card = telling(principle.measured, principle.score)
    if principle.state != "not assessed":
        if card is None:
            return str(principle.row.get("reason") or "")
        above = principle.score is not None and principle.score >= TARGET
        return card.best_sentence if above else card.sentence
    known = f"{card.sentence}. " if card else ""
    offers = wanted(principle.gaps)
    if offers:
        return f"{known}Needs {', and '.join(offer.need.text for offer in offers[:2])}"
    if not principle.cards and principle.later:
        return "cxaudit does not measure any of its indicators yet"
    if principle.gaps:
        return known + max(principle.gaps, key=lambda gap: gap.card.weight).said
    if principle.later:
        everything = len(principle.cards) + len(principle.later)
        share = f"{len(principle.later)} of its {everything} indicators"
        return f"{known}cxaudit does not measure {share} yet"
    return f"{known}{principle.row.get('reason') or 'No reason was recorded'}"


def _dot(row: Mapping[str, Any], name: str) -> Dot:
    if row.get("score") is None:
        return Dot(f"{name}: not assessed")
    ends = numbers.score_interval(row.get("low"), row.get("high"))
    between = f", 95 % interval {ends}" if ends else ""
    return Dot(
        label=f"{name}: {numbers.score(row['score'])} of 100{between}, {row['state']}",
        at=row["score"],
        low=row.get("low"),
        high=row.get("high"),
        previous=row["previous"] if _is_shown(row) else None,
        hatched=row["state"] == "indicative",
        least=row.get("coverage_low"),
        most=row.get("coverage_high"),
    )


def _is_shown(row: Mapping[str, Any]) -> bool:
    """Whether the score of the period before may stand beside: both were assessed."""
    return row["state"] == row["previous_state"] == "assessed" and row["previous"] is not None
