"""From the saved results to report.html; nothing is measured here."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from cxaudit.errors import EngagementError, Problem
from cxaudit.report import (
    axis,
    beside,
    changes,
    dates,
    examples,
    highlights,
    indicators,
    maturity,
    method,
    missing,
    months,
    numbers,
    overall,
    principles,
    quality,
    robustness,
    surveys,
    verdicts,
    where,
    wording,
    words,
)
from cxaudit.scorecards import open_scorecard

if TYPE_CHECKING:
    from cxaudit.run import Run

TEMPLATES = Path(__file__).parent / "templates"
POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; "
    "base-uri 'none'; form-action 'none'"
)


@dataclass(frozen=True)
class Report:
    """The finished report: where it is."""

    path: Path


def render(run: Run) -> Report:
    """The report of a run, written to its folder 5_report.

    Raises `EngagementError` where a stage it draws from has not been run.
    """
    sources = {
        name: run.folder(stage) / f"{name}.json"
        for stage, name in (
            ("4_explain", "audit"),
            ("2_validate", "validation"),
            ("1_load", "load"),
        )
    }
    absent = [path for path in sources.values() if not path.is_file()]
    if absent:
        raise EngagementError(
            [
                Problem(
                    "report",
                    f"{path.parent.name}/{path.name} is not there",
                    "",
                    "Run that stage first.",
                )
                for path in absent
            ]
        )
    saved = {name: json.loads(path.read_text("utf-8")) for name, path in sources.items()}
    scorecard = open_scorecard(saved["audit"]["scorecard"], run.engagement.overrides)
    path = run.folder("5_report") / "report.html"
    path.write_text(
        render_html(saved["audit"], saved["validation"], saved["load"], scorecard), encoding="utf-8"
    )
    return Report(path)


def render_html(
    audit: Mapping[str, Any],
    validation: Mapping[str, Any],
    load: Mapping[str, Any],
    scorecard: Mapping[str, Any],
) -> str:
    """The report as one self-contained page; everything that came from data is escaped."""
    cards = indicators.cards(audit, scorecard)
    names = {entry["id"]: entry["name"] for entry in scorecard["indicators"]}
    called = {row["id"]: row["name"] for row in audit["principles"]}
    gaps = missing.gaps(cards, validation)
    offers = missing.wanted(gaps)
    tested = verdicts.of_principles(audit)
    matured = maturity.maturity(audit, called)
    robust = robustness.robustness(audit, called, names)
    found = principles.principles(audit, scorecard, cards, gaps, tested, matured, robust)
    whole = overall.overall(audit, called, robust.of(robustness.OVERALL) if robust else None)
    said = overall.overall_words(audit, whole)
    look_at = highlights.to_look_at(cards.values())
    zone = audit["period"]["time_zone"]
    view = {
        "audit": audit,
        "load": load,
        "period": _period_words(audit["period"]),
        "previous": dates.label_words(audit["period"]["previous"], zone),
        "a_year_ago": dates.label_words(audit["period"]["year_before"], zone),
        "as_of": dates.instant_words(audit["as_of"], zone),
        "as_of_day": dates.day_words(dates.local(audit["as_of"], zone)),
        "verdict": wording.verdict(found, look_at[0].text if look_at else ""),
        "status_reasons": wording.status_reasons(audit),
        "how_sure": wording.how_sure(audit, found, said),
        "overall": whole,
        "overall_words": said,
        "principles": found,
        "headings": principles.HEADINGS,
        "cards": cards,
        "beside": beside.beside(audit),
        "other_clocks": beside.other_clocks(audit),
        "look_at": look_at,
        "strengths": highlights.strengths(cards.values()),
        "to_add": highlights.to_add(offers),
        "changes": changes.changes(audit, cards, called),
        "tested": tested,
        "a_year_ago_said": verdicts.changed({k: v.year_before for k, v in tested.items()}, called),
        "months": months.months(audit, cards),
        "where": where.where(audit, cards),
        "maturity": matured,
        "surveys": surveys.surveys(audit, cards),
        "robustness": robust,
        "examples": examples.shown(cards),
        "worked": {example.id for example in examples.shown(cards)},
        "quality": quality.quality(audit, validation, load, cards),
        "gaps": gaps,
        "offers": offers,
        "not_built": wording.not_built(audit),
        "unasked": missing.unasked(gaps),
        "later": [entry for principle in found for entry in principle.later],
        "method": method.method(cards, scorecard, audit["overrides"], called),
        "names": names,
        "called": called,
        "words": words.words(),
    }
    return _environment().get_template("page.html.j2").render(view)


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_printable,
    )
    environment.globals |= {
        "across": axis.across,
        "anchor_rows": method.anchor_rows,
        "channel_name": words.channel_name,
        "chart_size": (months.WIDTH, months.HEIGHT),
        "policy": POLICY,
        "style": Markup((TEMPLATES / "style.css").read_text("utf-8")),
    }
    environment.filters |= {
        "capital": words.capital,
        "clock": words.clock_of,
        "in_words": words.number_word,
        "count": numbers.count,
        "counted": numbers.counted,
        "listed": words.listed,
        "percent": numbers.percent,
        "slice": indicators.slice_words,
        "table": words.table_name,
    }
    return environment


def _printable(value: object) -> object:
    """Text without control characters, which no browser shows and some obey."""
    if isinstance(value, str) and not isinstance(value, Markup):
        return "".join(c for c in value if c.isprintable() or c in "\n\t\u00a0")
    return value


def _period_words(period: Mapping[str, str]) -> str:
    zone = period["time_zone"]
    first, end = (dates.local(period[name], zone) for name in ("start", "end"))
    last = end - timedelta(microseconds=1)  # an end at midnight belongs to the day before
    return dates.period_words(first.date(), last.date() + timedelta(days=1))
