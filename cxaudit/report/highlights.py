"""What to look at, what is strong, and which data to add next: chosen by rule, not by opinion."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cxaudit.report import numbers
from cxaudit.report.indicators import Card
from cxaudit.report.missing import Wanted
from cxaudit.report.principles import TARGET, TYPICAL
from cxaudit.report.words import capital, listed, number_word, words

HOW_MANY = 3


@dataclass(frozen=True)
class Highlight:
    """A sentence, its reference, and the place in the report it links to."""

    text: str
    note: str
    anchor: str


def to_look_at(cards: Iterable[Card]) -> tuple[Highlight, ...]:
    """Assessed indicators furthest below their target; those below it beyond chance come first."""
    below = [card for card in _counting(cards) if card.row["utility"] < TARGET]
    below.sort(key=lambda c: (_ends(c)[1] >= TARGET, c.row["utility"], -c.weight, c.id))
    return tuple(Highlight(card.sentence, _note(card), card.id) for card in below[:HOW_MANY])


def strengths(cards: Iterable[Card]) -> tuple[Highlight, ...]:
    """Assessed indicators at least typical beyond chance; those clearly at target come first."""
    above = [card for card in _counting(cards) if _clearly_typical(card)]
    above.sort(key=lambda c: (_ends(c)[0] < TARGET, -c.row["utility"], -c.weight, c.id))
    reached = [card for card in above if card.row["utility"] >= TARGET]
    return tuple(
        Highlight(card.best_sentence, _note(card, best=True), card.id)
        for card in (reached or above)[:HOW_MANY]
    )


def to_add(offers: Sequence[Wanted]) -> tuple[Highlight, ...]:
    """The deliveries of data that would let the most indicator weight be measured."""
    return tuple(
        Highlight(
            capital(offer.need.text),
            f"would let {_indicators(offer)} in {listed(_principles(offer))} be measured",
            "not-assessed",
        )
        for offer in offers[:HOW_MANY]
    )


def _counting(cards: Iterable[Card]) -> list[Card]:
    return [c for c in cards if c.state == "assessed" and c.measured and c.weight > 0]


def _clearly_typical(card: Card) -> bool:
    """Whether the worse end of its interval, and of the channel it is told of, is typical."""
    ends = [card.row.get("utility_low")]
    if card.best:
        ends.append(card.best.row.get("utility_low"))
    stated = card.best is None or card.best.state == "assessed"
    return stated and all(end is not None and end >= TYPICAL for end in ends)


def _ends(card: Card) -> tuple[float, float]:
    """The interval of its score, or twice the score where it has none."""
    ends = [card.row[k] for k in ("utility_low", "utility_high") if card.row.get(k) is not None]
    ends = ends or [card.row["utility"]]
    return min(ends), max(ends)


def _note(card: Card, best: bool = False) -> str:
    target, typical = card.reference("target", best), card.reference("typical", best)
    evidence = card.row.get("evidence")
    parts = [
        f"target {target}, typical {typical}" if target else "",
        f"evidence {evidence}" if evidence else "",
    ]
    interval = card.best if best else card.poorest
    ends = interval.figure.interval if interval else card.figure.interval
    return "; ".join(
        part for part in [f"95{numbers.SPACE}% interval {ends}" if ends else "", *parts] if part
    )


def _indicators(offer: Wanted) -> str:
    number = len(offer.gaps)
    return f"{number_word(number)} more {'indicator' if number == 1 else 'indicators'}"


def _principles(offer: Wanted) -> list[str]:
    known = words()["principles"]
    ids = dict.fromkeys(str(gap.card.row["principle"]) for gap in offer.gaps)
    return [str(known.get(id, {"name": id})["name"]).lower() for id in ids]
