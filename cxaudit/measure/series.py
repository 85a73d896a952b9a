"""Where a series breaks: earlier answers on another scale, reviews by another form, other reasons.

A figure of another period is comparable where the same thing was asked of it. After `model.md`: a
taxonomy, scale or form that changed inside the comparison breaks the time series.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ibis import _

from cxaudit.facts.reviews import counted_items
from cxaudit.indicators import INDICATORS, whole_seconds

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from cxaudit.facts.tables import CheckedTables
    from cxaudit.periods import Period

# A fifth of one period's rows in versions that the other does not have.
OTHER_SHARE = 0.2
# Of fewer rows nobody can say what a period has.
FEWEST_ROWS = 20
# The last answers to an old form do not make it the form in use.
FEWEST_HERE = 5

SCALES, FORMS, CATEGORIES = "surveys.scale_min", "qa_reviews", "tickets.category"
WORDS = {
    SCALES: "asked on another scale, wholly or in part, in {period}",
    FORMS: "reviewed by another version of the form, wholly or in part, in {period}",
    CATEGORIES: "sorted into other categories, wholly or in part, in {period}",
}
# How many of the rows expected of a version may be there, and the period not have it. A reason that
# few wrote about may become one of many.
STRAGGLERS = {SCALES: 0.05, FORMS: 0.05, CATEGORIES: 0.0}
Version = tuple[Any, ...]
Counts = Mapping[str, Mapping[Version, int]]


@dataclass(frozen=True)
class Series:
    """Which figures are of another series than those they would stand beside, and why.

    `breaks` by indicator, later and earlier period; `monthly` by indicator and month, against the
    latest month of the chart.
    """

    breaks: Mapping[tuple[str, str, str], str]
    monthly: Mapping[tuple[str, str], str]

    def between(self, indicator: str, later: Period, earlier: Period) -> str:
        """Why two periods' figures are not of one series; empty where they are."""
        return self.breaks.get((indicator, later.label, earlier.label), "")

    def on_chart(self, indicator: str, month: Period) -> str:
        """Why a month's figure is not of the chart's series; empty where it is."""
        return self.monthly.get((indicator, month.label), "")


def series(
    tables: CheckedTables,
    contacts: ir.Table,
    entries: Iterable[Mapping[str, Any]],
    pairs: Iterable[tuple[Period, Period]],
    months: Iterable[Period],
) -> Series:
    """The breaks of a scorecard's indicators.

    pairs: a later and an earlier period each. months: in their order, held against the last of
    them that has rows enough: a longer period may have both versions.
    """
    compared, monthly = list(pairs), list(months)
    spans = {p.label: p for p in (*(p for pair in compared for p in pair), *monthly)}
    counts = {kind: _counted(tables, rows, spans) for kind, rows in _rows(tables, contacts)}
    breaks: dict[tuple[str, str, str], str] = {}
    by_month: dict[tuple[str, str], str] = {}
    for entry in entries:
        for kind in _rests_on(entry):
            keys = entry["parameters"].get("question_keys", []) if kind == SCALES else []
            rare = STRAGGLERS[kind]
            for of_key in _by_key(counts[kind], keys):
                for later, earlier in compared:
                    if _differ(of_key[later.label], of_key[earlier.label], rare):
                        said = WORDS[kind].format(period=earlier.label)
                        breaks.setdefault((entry["id"], later.label, earlier.label), said)
                enough = [m for m in monthly if sum(of_key[m.label].values()) >= FEWEST_ROWS]
                for month in monthly if enough else ():
                    if _differ(of_key[enough[-1].label], of_key[month.label], rare):
                        said = WORDS[kind].format(period=month.label)
                        by_month.setdefault((entry["id"], month.label), said)
    return Series(breaks, by_month)


def _rests_on(entry: Mapping[str, Any]) -> Iterator[str]:
    """What a figure is of, by what its indicator requires."""
    if SCALES in entry["requires"]:
        yield SCALES
    if entry["id"] in INDICATORS and INDICATORS[entry["id"]].fact == "reviews":
        yield FORMS
    if CATEGORIES in entry["requires"]:
        yield CATEGORIES


def _rows(tables: CheckedTables, contacts: ir.Table) -> Iterator[tuple[str, ir.Table]]:
    """What has a version, a row each: what it is told apart by, its version, and when."""
    answered = tables.in_scope("surveys").filter(_.value.notnull(), _.responded_at.notnull())
    scale = ("question_key", "scale_min", "scale_max", "higher_is_better")
    yield SCALES, answered.select(*scale, when=_.responded_at)
    reviewed = counted_items(tables).select("review_id", "form_version", when=_.reviewed_at)
    yield FORMS, reviewed.distinct().drop("review_id")
    sorted_in = contacts.filter(_.category.notnull())
    yield CATEGORIES, sorted_in.select("category", when=_.created_at)


def _counted(tables: CheckedTables, rows: ir.Table, spans: Mapping[str, Period]) -> Counts:
    """The rows of each version in each span that has some, in one pass."""
    at = whole_seconds(rows.when)
    inside = {
        label: ((at >= int(p.start_at.timestamp())) & (at < int(p.end_at.timestamp()))).sum()
        for label, p in spans.items()
    }
    versions = [name for name in rows.columns if name != "when"]
    found = tables.engine.fetch(rows.group_by(versions).agg(**inside)).to_pylist()
    return {
        label: {tuple(row[name] for name in versions): row[label] for row in found if row[label]}
        for label in spans
    }


def _by_key(counts: Counts, keys: list[str]) -> Iterator[Counts]:
    """The counts of each question that an indicator rests on, one by one; else all together.

    Which question is asked more often changes no series.
    """
    if not keys:
        yield counts
    for key in keys:
        yield {
            label: {version: n for version, n in of.items() if version[0] == key}
            for label, of in counts.items()
        }


def _differ(one: Mapping[Version, int], two: Mapping[Version, int], rare: float) -> bool:
    """Whether a fifth of the rows of either are of versions the other does not have.

    More than chance explains: a small period lacks many of the rarer categories.
    """
    if min(sum(one.values()), sum(two.values())) < FEWEST_ROWS:
        return False
    return max(_share_unknown(one, two, rare), _share_unknown(two, one, rare)) >= OTHER_SHARE


def _share_unknown(
    these: Mapping[Version, int], those: Mapping[Version, int], rare: float
) -> float:
    """The share of these rows of versions that those do not have, less what chance explains.

    As many rows of versions not seen before are to come next as there are versions seen once
    (Good, 1953); two standard errors more are let be.
    """
    of_these, of_those = sum(these.values()), sum(those.values())
    unknown = 0
    for version, rows in these.items():
        there, expected = those.get(version, 0), rows / of_these * of_those
        is_rare = rows >= FEWEST_HERE and there <= rare * expected
        unknown += rows if is_rare or not there else 0
    chance = sum(rows == 1 for rows in those.values()) / of_those
    error = math.sqrt(chance * (1.0 - chance) / of_these)
    return unknown / of_these - chance - 2.0 * error
