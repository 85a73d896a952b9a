"""Who answered the surveys, and how far those who are silent could matter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cxaudit.report import numbers
from cxaudit.report.axis import across
from cxaudit.report.indicators import Card
from cxaudit.report.words import capital, words

SHARE = "share"
EQUAL = 1.0


@dataclass(frozen=True)
class Line:
    """One survey question behind a figure; places are per cent of the drawing's width."""

    card: Card
    question: str
    asked: str
    answered: str
    rate: str
    raw: str
    weighted: str
    bounds: str
    as_readily: tuple[tuple[str, str], ...]
    coverage: str
    agents: str
    moved: str
    at: float | None
    span: tuple[float, float] | None
    worst: tuple[float, float] | None
    label: str


@dataclass(frozen=True)
class Surveys:
    """The page on surveys."""

    title: str
    lines: tuple[Line, ...]
    notes: tuple[str, ...]


def surveys(audit: Mapping[str, Any], cards: Mapping[str, Card]) -> Surveys | None:
    """The survey questions that figures rest on; None where there is none."""
    records = [row for row in audit.get("nonresponse") or () if row["indicator"] in cards]
    if not records:
        return None
    notes = dict.fromkeys(note for row in records for note in row["notes"])
    return Surveys(
        title=_title(records),
        lines=tuple(_line(row, cards[row["indicator"]]) for row in records),
        notes=tuple(capital(note.rstrip(".")) for note in notes),
    )


def _title(records: Sequence[Mapping[str, Any]]) -> str:
    rates = [row["response_rate"] for row in records if row["response_rate"] is not None]
    weighed = [row for row in records if row["weighted"] is not None]
    moved = sum(bool(row["moved_more_than_se"]) for row in weighed)
    if rates:
        least, most = (numbers.figure(SHARE, end).value for end in (min(rates), max(rates)))
        said = least if least == most else f"{least} to {most}"
        answered = f"{said} of those asked answered"
    else:
        answered = "How many of those asked answered is not known"
    if not weighed:
        return f"{answered}; the figures are not weighted"
    if not moved:
        return f"{answered}; weighting for who answers moves no figure by more than its error"
    verb = "moves" if moved == 1 else "move"
    return f"{answered}; {moved} of {len(weighed)} figures {verb} by more than their error"


def _line(row: Mapping[str, Any], card: Card) -> Line:
    shown = row["raw"] if row["weighted"] is None else row["weighted"]
    others = [point for point in row["sensitivity"] if point["ratio"] != EQUAL]
    ends = [point["value"] for point in others]
    worst = row["bounds"]
    question = words()["questions"].get(row["question"], row["question"])
    weighted = "not weighted" if row["weighted"] is None else _share(row["weighted"])
    bounds = "–" if worst is None else f"{_share(worst[0])} to {_share(worst[1])}"
    told = ", ".join(f"{_share(p['value'])} {_readily(p['ratio'])}" for p in others)
    return Line(
        card=card,
        question=str(question),
        asked=numbers.count(row["invited"]),
        answered=numbers.count(row["answered"]),
        rate="not known" if row["response_rate"] is None else _share(row["response_rate"]),
        raw=_share(row["raw"]),
        weighted=weighted,
        bounds=bounds,
        as_readily=tuple((_readily(p["ratio"]), _share(p["value"])) for p in others),
        coverage=_share(row["invitation_coverage"]),
        agents=_agents(row),
        moved={True: "by more than its error", False: "within its error", None: ""}[
            row["moved_more_than_se"]
        ],
        at=None if shown is None else across(100 * shown),
        span=_span(ends),
        worst=_span(worst or ()),
        label=f"{card.name}: {weighted}; {told}; at worst {bounds}",
    )


def _share(value: float | None) -> str:
    return "–" if value is None else numbers.figure(SHARE, value).value


def _readily(ratio: float) -> str:
    """How readily satisfied customers answer, beside the others."""
    times = {0.5: "half", 2.0: "twice"}.get(ratio, f"{ratio:g} times")
    return f"if {times} as readily"


def _agents(row: Mapping[str, Any]) -> str:
    if not row["agents_compared"]:
        return "–"
    return f"{numbers.count(row['agents_outside_funnel'])} of {row['agents_compared']}"


def _span(ends: Sequence[float]) -> tuple[float, float] | None:
    if not ends:
        return None
    places = [across(100 * end) for end in ends]
    return min(places), round(max(places) - min(places), 2)
