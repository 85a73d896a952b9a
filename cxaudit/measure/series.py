"""Where a series breaks: earlier answers on another scale, reviews by another form, other reasons.

A figure of another period is comparable where the same thing was asked of it. After `model.md`: a
taxonomy, scale or form that changed inside the comparison breaks the time series.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ibis import _

from cxaudit.indicators import INDICATORS, whole_seconds

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from cxaudit.facts.tables import CheckedTables
    from cxaudit.periods import Period

# A fifth of one period's rows in versions that the other does not have.
OTHER_SHARE = 0.2
# That it does not have one is said where chance would not say it: five rows expected, and at most
# a twentieth of them there. Stragglers of an old form do not make it the form in use.
FEWEST_EXPECTED, RARE = 5.0, 0.05

SCALES, FORMS, CATEGORIES = "surveys.scale_min", "qa_reviews", "tickets.category"
WORDS = {
    SCALES: "asked on another scale in {period}",
    FORMS: "reviewed by another version of the form in {period}",
    CATEGORIES: "sorted into other categories in {period}",
}
Version = tuple[Any, ...]
Counts = Mapping[str, Mapping[Version, int]]


@dataclass(frozen=True)
class Series:
    """Which earlier figures are of another series than the latest, by indicator and period."""

    breaks: Mapping[tuple[str, str], str]

    def broken(self, indicator: str, period: Period) -> str:
        """Why a period's figure is not of the series; empty where it is."""
        return self.breaks.get((indicator, period.label), "")


def series(
    tables: CheckedTables,
    contacts: ir.Table,
    entries: Iterable[Mapping[str, Any]],
    periods: Iterable[Period],
    months: Iterable[Period],
) -> Series:
    """The breaks of a scorecard's indicators.

    periods: the audited one, and the earlier ones held against it. months: in their order, held
    against the last of them that has rows: the audited period may have both versions.
    """
    now, *earlier = periods
    monthly = list(months)
    spans = [now, *earlier, *monthly]
    counts = {kind: _counted(tables, rows, spans) for kind, rows in _rows(tables, contacts)}
    found: dict[tuple[str, str], str] = {}
    for entry in entries:
        for kind in _rests_on(entry):
            keys = entry["parameters"].get("question_keys", []) if kind == SCALES else []
            latest = [month for month in monthly if sum(counts[kind][month.label].values())][-1:]
            pairs = [(now, other) for other in earlier]
            pairs += [(last, month) for last in latest for month in monthly]
            for later, other in pairs:
                if _is_another(counts[kind], keys, later.label, other.label):
                    said = WORDS[kind].format(period=other.label)
                    found.setdefault((entry["id"], other.label), said)
    return Series(found)


def _rests_on(entry: Mapping[str, Any]) -> Iterator[str]:
    """What a figure is of, by what its indicator requires."""
    if SCALES in entry["requires"]:
        yield SCALES
    if entry["id"] in INDICATORS and INDICATORS[entry["id"]].fact == "reviews":
        yield FORMS
    if CATEGORIES in entry["requires"]:
        yield CATEGORIES


def _rows(tables: CheckedTables, contacts: ir.Table) -> Iterator[tuple[str, ir.Table]]:
    """What has a version, a row each: which version, and when."""
    yield (
        SCALES,
        tables.in_scope("surveys")
        .filter(_.value.notnull(), _.responded_at.notnull())
        .select("question_key", "scale_min", "scale_max", "higher_is_better", when=_.responded_at),
    )
    yield (
        FORMS,
        tables.in_scope("qa_reviews")
        .select("review_id", "form_version", when=_.reviewed_at)
        .distinct()
        .drop("review_id"),
    )
    yield (
        CATEGORIES,
        contacts.filter(_.category.notnull()).select("category", when=_.created_at),
    )


def _counted(tables: CheckedTables, rows: ir.Table, spans: Iterable[Period]) -> Counts:
    """The rows of each version in each span, in one pass."""
    at = whole_seconds(rows.when)
    inside = {
        p.label: ((at >= int(p.start_at.timestamp())) & (at < int(p.end_at.timestamp()))).sum()
        for p in spans
    }
    versions = [name for name in rows.columns if name != "when"]
    found = tables.engine.fetch(rows.group_by(versions).agg(**inside)).to_pylist()
    return {
        label: {tuple(row[name] for name in versions): row[label] or 0 for row in found}
        for label in inside
    }


def _is_another(counts: Counts, keys: list[str], later: str, other: str) -> bool:
    """Whether a fifth of the rows of either period are of versions the other does not have.

    Survey questions are looked at one by one: which of them are asked more often changes nothing.
    """
    if not keys:
        return _differ(counts[later], counts[other])
    return any(
        _differ(
            *({v: n for v, n in counts[span].items() if v[0] == key} for span in (later, other))
        )
        for key in keys
    )


def _differ(one: Mapping[Version, int], two: Mapping[Version, int]) -> bool:
    return max(_share_unknown(one, two), _share_unknown(two, one)) >= OTHER_SHARE


def _share_unknown(these: Mapping[Version, int], those: Mapping[Version, int]) -> float:
    """The share of these rows that are of versions of which those have none to speak of."""
    of_these, of_those = sum(these.values()), sum(those.values())
    if not of_these or not of_those:
        return 0.0
    unknown = 0
    for version, rows in these.items():
        expected = rows / of_these * of_those
        if expected >= FEWEST_EXPECTED and those.get(version, 0) <= RARE * expected:
            unknown += rows
    return unknown / of_these
