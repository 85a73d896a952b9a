"""What changed in each indicator since the period before, and against the same period last year."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from cxaudit.explain.kitagawa import split_rows
from cxaudit.explain.points import points_of, unbounded
from cxaudit.explain.verdicts import NOT_COMPARABLE, PREVIOUS, YEAR_BEFORE, number, verdict
from cxaudit.measure.standardise import MOST_UNADJUSTED
from cxaudit.score.suppression import FEWEST_CASES
from cxaudit.statistics.differences import CENSUS
from cxaudit.statistics.multiplicity import benjamini_hochberg

KEYS = ["indicator", "slice", "value of slice"]
ADJUSTED = "adjusted"
CRUDE = "crude: not adjusted for the mix"
NO_FIGURE = "no figure in {period}"
TOO_FEW = "too few cases in {period}"
OTHER_MIX = "too much of the mix has cases enough in one of the periods only"
TESTED = ("adjusted", "low", "high", "p", "adjusted_p", "detectable", "scale")
Key = tuple[str, str, str]
Row = dict[str, Any]


@dataclass(frozen=True)
class Comparing:
    """What is set beside what: the audited period, the earlier ones by name, the scorecard's
    entries by id, the tests of each earlier period by indicator and part, and by indicator and
    period why the series is broken there.
    """

    period: str
    references: Mapping[str, str]
    entries: Mapping[str, Mapping[str, Any]]
    tests: Mapping[str, Mapping[Key, Row]]
    breaks: Mapping[tuple[str, str], str]


def tests_of(differences: pd.DataFrame) -> dict[str, dict[Key, Row]]:
    """The test of each indicator and part by reference: of the adjusted change, else of the crude.

    Takes the table of differences as the measuring step saved it, and adds `adjusted_p`: all tests
    of one reference are one family. What counts everything there is has no chance in it and is no
    test: it would make room for others.
    """
    found = {}
    for reference in (PREVIOUS, YEAR_BEFORE):
        rows = differences[differences["reference"] == reference].sort_values([*KEYS, "kind"])
        rows = rows[(rows["kind"] != ADJUSTED) | rows["difference"].notna()]
        kept = rows.drop_duplicates(KEYS)  # 'adjusted' comes before 'crude'
        p_values = kept["p"].to_numpy(dtype=float)
        is_certain = (kept["method"] == CENSUS).to_numpy()
        adjusted = benjamini_hochberg(np.where(is_certain, np.nan, p_values))
        kept = kept.assign(adjusted_p=np.where(is_certain, p_values, adjusted))
        found[reference] = {_key(row): row for row in kept.to_dict("records")}
    return found


def breaks_of(measures: pd.DataFrame) -> dict[tuple[str, str], str]:
    """Why a period's figure of an indicator compares with none, by indicator and period."""
    broken = measures[measures["broken"] != ""]
    return {(row.indicator, row.period): row.broken for row in broken.itertuples()}


def change_rows(comparing: Comparing, measures: pd.DataFrame, assessed: Iterable[Key]) -> list[Row]:
    """One row per indicator, and per channel of it, that is assessed now; in order of id and part.

    The crude figures and their split by channel stand beside the mix-adjusted change with its
    interval and verdict, and beside the same of a year before. An indicator without a figure before
    is *not comparable*; of a channel without one nothing is said. A channel's own change is tested
    where the indicator has no figure of the whole.
    """
    compares = measures["estimate"].notna() & (measures["broken"] == "")
    rows = measures[compares & measures["slice"].isin(["", "channel"])].to_dict("records")
    figures = {(row["period"], _key(row)): row for row in rows}
    found = []
    for key in sorted(key for key in assessed if key[1] in ("", "channel")):
        if (comparing.period, key) not in figures:
            continue
        row = _row(comparing, key, figures)
        if row["previous"] is not None or not key[1] or key in comparing.tests[PREVIOUS]:
            found.append(row)
    return found


def _row(comparing: Comparing, key: Key, figures: Mapping[tuple[str, Key], Row]) -> Row:
    id, by, part = key
    now = figures[comparing.period, key]
    label = comparing.references[PREVIOUS]
    before = _shown(figures.get((label, key)), comparing.entries[id])
    parts: list[Row] = []
    channels = [_channels(figures, at, id) for at in (label, comparing.period)]
    # A channel too small to be shown is not shown here either.
    is_small = any(n < FEWEST_CASES for of in channels for n, _ in of.values())
    if not by and before is not None and not is_small:
        parts = split_rows(
            channels[0],
            channels[1],
            (before["cases"], before["estimate"]),
            (now["cases"], now["estimate"]),
        )
    return {
        "indicator": id,
        "slice": {by: part} if by else {},
        "from_period": label,
        "broken": comparing.breaks.get((id, label), ""),
        "previous": None if before is None else before["estimate"],
        "current": now["estimate"],
        "change": None if before is None else now["estimate"] - before["estimate"],
        "mix": math.fsum(p["mix"] for p in parts) if parts else None,
        "rate": math.fsum(p["rate"] for p in parts) if parts else None,
        "parts": parts,
        **_judged(comparing, PREVIOUS, key, figures),
        "year_before": _a_year_ago(comparing, key, figures),
    }


def _a_year_ago(
    comparing: Comparing, key: Key, figures: Mapping[tuple[str, Key], Row]
) -> Row | None:
    """The same against the same period a year before; None where it has no figure to show.

    Where the series is broken there it is said: there is a figure, of something else.
    """
    label = comparing.references[YEAR_BEFORE]
    figure = _shown(figures.get((label, key)), comparing.entries[key[0]])
    if figure is None and (key[0], label) not in comparing.breaks:
        return None
    judged = _judged(comparing, YEAR_BEFORE, key, figures)
    return {"period": label, "previous": figure["estimate"] if figure else None, **judged}


def _judged(
    comparing: Comparing, reference: str, key: Key, figures: Mapping[tuple[str, Key], Row]
) -> Row:
    """The adjusted change with its limits, verdict and note. A part without a test has neither."""
    label, (id, by, part) = comparing.references[reference], key
    entry = comparing.entries[id]
    figure, test = figures.get((label, key)), comparing.tests[reference].get(key)
    if _shown(figure, entry) is None:
        broken = comparing.breaks.get((id, label), "")
        note = broken or (NO_FIGURE if figure is None else TOO_FEW).format(period=label)
        return {**dict.fromkeys(TESTED), "verdict": NOT_COMPARABLE, "note": note}
    if test is None:
        return {**dict.fromkeys(TESTED), "verdict": None, "note": CRUDE}
    notes = [] if test["kind"] == ADJUSTED else [CRUDE]
    notes += [str(test["note"])] if test["note"] else []
    is_other_mix = (number(test["unadjusted_mass"]) or 0.0) > MOST_UNADJUSTED
    if is_other_mix:
        notes.append(OTHER_MIX)
    moved = number(test["difference"])
    found = {name: number(test[name]) for name in TESTED if name not in ("adjusted", "scale")}
    said = NOT_COMPARABLE
    if moved is not None and not is_other_mix:
        sign = 1.0 if entry["direction"] == "higher" else -1.0
        points = _points(entry, part if by == "channel" else "", test)
        said = verdict(sign * moved, found["low"], found["high"], found["adjusted_p"], points)
    told = {"adjusted": moved, **found, "scale": str(test["scale"])}
    return {**told, "verdict": said, "note": "; ".join(notes)}


def _points(entry: Mapping[str, Any], channel: str, test: Row) -> float | None:
    """What the change is worth in score points; None where no scale can tell."""
    scale = points_of(entry, channel)
    now, before = number(test["now"]), number(test["before"])
    if scale is None or now is None or before is None:
        return None
    return unbounded(scale, now) - unbounded(scale, before)


def _shown(figure: Row | None, entry: Mapping[str, Any]) -> Row | None:
    """The figure, if it rests on as many cases as a figure needs to be shown."""
    if figure is None or figure["cases"] < (entry["minimum"]["cases"] or 0):
        return None
    return figure


def _channels(
    figures: Mapping[tuple[str, Key], Row], label: str, id: str
) -> dict[str, tuple[int, float]]:
    """Cases and figure of an indicator's channels in a period, of those that have a figure."""
    return {
        key[2]: (int(row["cases"]), row["estimate"])
        for (period, key), row in figures.items()
        if period == label and key[:2] == (id, "channel")
    }


def _key(row: Row) -> Key:
    return row["indicator"], row["slice"], row["value of slice"]
