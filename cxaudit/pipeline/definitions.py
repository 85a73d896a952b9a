"""The indicators in words: the list of all, and the whole definition of one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from textwrap import fill
from typing import Any

from cxaudit.errors import EngagementError, Problem, nearest
from cxaudit.indicators import INDICATORS
from cxaudit.report.numbers import SPACE, short
from cxaudit.scorecards import ANCHORS, open_scorecard

HEADINGS = ("Id", "Principle", "State", "Name")
WIDTH = 96
LABEL_WIDTH = 14
HOUSE_JUDGEMENT = "H"


def indicator_rows() -> list[tuple[str, str, str, str]]:
    """One row per indicator under `HEADINGS`, in the scorecard's order."""
    return [
        (entry["id"], entry["principle"], state_of(entry), entry["name"])
        for entry in open_scorecard()["indicators"]
    ]


def state_of(entry: Mapping[str, Any]) -> str:
    """How far an indicator is: its status in the scorecard if computed, else 'not yet computed'."""
    if entry["status"] == "refused":
        return "refused"
    return entry["status"] if entry["id"] in INDICATORS else "not yet computed"


def definition_text(name: str) -> str:
    """All that is laid down about an indicator, as text.

    Raises `EngagementError`, with the nearest id, where there is no such indicator.
    """
    scorecard = open_scorecard()
    entries = {entry["id"]: entry for entry in scorecard["indicators"]}
    if name not in entries:
        raise EngagementError(
            Problem("define", f"there is no indicator '{name}'", "", nearest(name, entries))
        )
    text = "\n".join(_lines(entries[name], scorecard["sources"], entries))
    return text.replace(SPACE, " ") + "\n"


def _lines(
    entry: Mapping[str, Any], sources: Mapping[str, Any], entries: Mapping[str, Any]
) -> Iterator[str]:
    yield f"{entry['name']}  ({entry['id']})"
    yield ""
    core = ", core" if entry["core"] else ""
    yield _labelled("Principle", f"{entry['principle']}, weight {entry['weight']:g}{core}")
    yield _labelled("State", state_of(entry))
    yield _labelled("Question", entry["question"])
    if found := INDICATORS.get(entry["id"]):
        yield _labelled("Definition", found.definition)
    yield _labelled("Cases", entry["cases"])
    values = [f"{part}: {text}" for part, text in entry["value"].items() if text is not None]
    yield from (_labelled("" if number else "Value", v) for number, v in enumerate(values))
    yield _labelled("Statistic", f"{entry['statistic']}, in the unit {entry['unit']}")
    yield _labelled("Parameters", _listed(entry["parameters"]))
    yield _labelled("Better", entry["direction"])
    yield from _anchor_lines(entry)
    yield _labelled("Minimum", _listed(entry["minimum"]))
    yield _labelled("Requires", ", ".join(entry["requires"]))
    for use in entry["uses_if_present"]:
        yield _labelled("Uses", f"{', '.join(use['columns'])}; without: {use['fallback']}")
    yield _labelled("Caveat", entry["caveat"])
    read_with = [f"{name} ({entries[name]['name']})" for name in entry["read_with"]]
    yield _labelled("Read with", ", ".join(read_with))
    yield from _source_lines(entry, sources)


def _anchor_lines(entry: Mapping[str, Any]) -> Iterator[str]:
    """The four anchors with where each comes from; one line per channel where they differ."""
    anchors, provenance = entry["anchors"], entry["provenance"]
    by_channel = anchors.get("by_channel")
    channels = {"": (anchors, provenance)}
    if by_channel:
        channels = {name: (by_channel[name], provenance["by_channel"][name]) for name in by_channel}
    label = "Anchors"
    for channel, (points, origins) in channels.items():
        said = [_anchor(name, points[name], origins, entry["unit"]) for name in ANCHORS]
        yield _labelled(label, (f"{channel}: " if channel else "") + ", ".join(said))
        label = ""
        adapted = origins.get("adapted_from", {})
        for name, origin in adapted.items():
            yield _labelled("", f"{name} adapted from {origin}")
    if entry["anchor_scale"] != "linear":
        yield _labelled("", f"between the anchors the scale is {entry['anchor_scale']}")


def _anchor(name: str, value: float | None, origins: Mapping[str, Any], unit: str) -> str:
    if value is None:
        return f"{name} none"
    origin = origins[name]
    said = "house judgement" if origin == HOUSE_JUDGEMENT else origin
    return f"{name} {short(unit, value)} [{said}]"


def _source_lines(entry: Mapping[str, Any], sources: Mapping[str, Any]) -> Iterator[str]:
    """Each published source that the provenance or the caveat names, in full."""
    named = f"{entry['provenance']} {entry['caveat']}"
    label = "Sources"
    for code, source in sources.items():
        if code in named and code != HOUSE_JUDGEMENT:
            yield _labelled(label, f"{code}: {source['text']} {source.get('url') or ''}".rstrip())
            label = ""


def _labelled(label: str, text: str) -> str:
    indent = " " * LABEL_WIDTH
    # A number stays on one line with its unit: the space between them is no place to break.
    flat = re.sub(r"[ \t\n]+", " ", str(text)).strip() or "none"
    return fill(
        flat,
        WIDTH,
        initial_indent=f"{label:<{LABEL_WIDTH}}",
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _listed(settings: Mapping[str, Any]) -> str:
    said = [
        f"{name} {', '.join(map(str, value)) if isinstance(value, list) else value}"
        for name, value in settings.items()
        if value is not None
    ]
    return "; ".join(said) or "none"
