"""A reconciliation for the terminal: what is unexplained first, then metrics, causes, steps."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from cxaudit.reconcile.rules import UNEXPLAINED

if TYPE_CHECKING:
    from cxaudit.reconcile.comparison import Reconciliation

METRICS = ("Metric", "Alike", "Differ", "Unexplained", "Theirs", "Ours", "Ours, with those waiting")
NOTHING = "–"
"""In place of a figure or a count that there is none of."""


def metric_rows(document: Mapping[str, Any]) -> list[tuple[str, ...]]:
    """One row per metric under `METRICS`."""
    return [
        (
            metric["metric"],
            f"{metric['alike']:,}",
            f"{metric['differ']:,}",
            f"{metric['unexplained']:,}",
            figure_text(metric["unit"], metric["theirs"]["figure"]),
            figure_text(metric["unit"], metric["ours"]["figure"]),
            figure_text(metric["unit"], metric["ours"]["with_those_still_waiting"])
            if "with_those_still_waiting" in metric["ours"]
            else "",
        )
        for metric in document["metrics"]
    ]


def cause_rows(found: Reconciliation) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """Headings and rows: by cause, how many tickets differ for it in each definition.

    A ticket that differs for two causes together is counted under both.
    """
    columns = [(c.definition.name, _parts_of(c.causes.to_numpy())) for c in found.compared]
    total: Counter[str] = sum((counts for _, counts in columns), Counter())
    causes = sorted(total, key=lambda cause: (cause != UNEXPLAINED, -total[cause], cause))
    rows = [
        (cause, *(f"{counts[cause]:,}" if counts[cause] else NOTHING for _, counts in columns))
        for cause in causes
    ]
    return ("Cause (tickets)", *(name for name, _ in columns)), rows


def step_rows(document: Mapping[str, Any]) -> list[tuple[str, str]]:
    """How the figures with people still waiting go from theirs to ours, rule by rule."""
    rows = []
    for metric in document["metrics"]:
        if "with_those_still_waiting" not in metric["ours"]:
            continue
        unit, ours = metric["unit"], metric["ours"]
        rows += [(f"{metric['metric']}: theirs", figure_text(unit, metric["theirs"]["figure"]))]
        rows += [
            (f"  no more: {step['rule']}", figure_text(unit, step["figure"]))
            for step in metric["steps"]
        ]
        waiting = figure_text(unit, ours["with_those_still_waiting"])
        rows += [("  those still waiting counted: ours", waiting)]
    return rows


def figure_text(unit: str, figure: float | None) -> str:
    """A figure with its unit, as a dashboard shows it."""
    if figure is None:
        return NOTHING
    if unit == "minutes":
        return f"{figure:,.1f} min"
    return f"{figure:,.0f}" if unit == "count" else f"{figure:.1%}"


def sentences(document: Mapping[str, Any]) -> list[str]:
    """What was compared, and first of all what no rule explains."""
    unexplained = sum(metric["unexplained"] for metric in document["metrics"])
    differ = sum(metric["differ"] for metric in document["metrics"])
    figures = document["tickets"] * len(document["metrics"])
    opening = (
        f"{unexplained:,} differences unexplained."
        if unexplained
        else "Every difference is explained."
    )
    inside = document["scope"].get("in scope", 0)
    lines = [
        f"{opening} {differ:,} of {figures:,} figures differ.",
        f"{document['tickets']:,} tickets created in {document['period']}, {inside:,} of them in "
        f"our scope; as of {document['as_of']}.",
        f"Theirs: {document['source']}.",
    ]
    if document["outside_period"]:
        lines.append(f"{document['outside_period']:,} tickets created outside the period left out.")
    if document["without_own_id"]:
        lines.append(f"{document['without_own_id']:,} rows of tickets without an id of their own.")
    return lines


def _parts_of(causes: Sequence[Sequence[str | None]]) -> Counter[str]:
    """How many tickets differ for each cause in any of the metrics."""
    counts: Counter[str] = Counter()
    whole = Counter(frozenset(text for text in row if text) for row in causes)
    for texts, tickets in whole.items():
        for cause in {part for text in texts for part in _split(text)}:
            counts[cause] += tickets
    return counts


def _split(text: str) -> Iterable[str]:
    return text.split("; ") if text else ()
