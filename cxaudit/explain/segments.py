"""Where: each indicator by channel, team, site, category, segment and language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from cxaudit.explain.points import points_of
from cxaudit.explain.standing import SCALES, Groups, Standing, flags, standing
from cxaudit.explain.verdicts import number
from cxaudit.measure import Measurement
from cxaudit.measure.cases import Slice
from cxaudit.score.suppression import suppressed
from cxaudit.statistics import Estimate
from cxaudit.statistics.multiplicity import benjamini_hochberg

FIGURES = ("shrunken", "low", "high", "p", "better", "worse", "funnel_low", "funnel_high")
COLUMNS = [
    "indicator",
    "by",
    "name",
    "cases",
    "estimate",
    *FIGURES[:3],
    "p",
    "adjusted_p",
    "probability",
    "flag",
    "suppressed",
    *FIGURES[-2:],
]


def segments(
    measures: pd.DataFrame,
    period: str,
    entries: Mapping[str, Mapping[str, Any]],
    assessed: Iterable[str],
) -> pd.DataFrame:
    """One row per indicator and part of the service in a period, in the order of their names.

    `estimate` is the part's own figure; `shrunken` what to think of it, drawn towards the other
    parts, with the limits `low` and `high` (the figure's own limits where it has no standing). A
    flag takes both: `adjusted_p`, of the test against the others in the family of all cells of that
    kind of part (all team x indicator cells are one family), at most 0.10; and a `probability` of
    at least 0.8 that it lies five score points or more from the others. Nobody is ranked. A small
    cell has no figure, and its reason in `suppressed`; it is not among the others either.
    """
    parts = measures[(measures["period"] == period) & (measures["slice"] != "")]
    parts = parts[parts["indicator"].isin(set(assessed)) & (parts["cases"] > 0)]
    parts = parts.drop_duplicates(["indicator", "slice", "value of slice"])
    parts = parts.sort_values(["slice", "indicator", "value of slice"])
    hidden = _hidden(measures[measures["period"] == period])
    keys = list(zip(parts["indicator"], parts["slice"], parts["value of slice"], strict=True))
    parts = parts.assign(suppressed=[hidden.get(key, "") for key in keys])
    found = [
        _of_indicator(rows, entries[str(id)], str(by))
        for (by, id), rows in parts.groupby(["slice", "indicator"], sort=True)
    ]
    if not found:
        return pd.DataFrame(columns=COLUMNS)
    table = pd.concat(found, ignore_index=True)
    table["adjusted_p"] = np.nan
    for by in sorted(set(table["by"])):
        family = table["by"] == by
        p_values = table.loc[family, "p"].to_numpy(dtype=float)
        table.loc[family, "adjusted_p"] = benjamini_hochberg(p_values)
    table["probability"] = table[["better", "worse"]].max(axis=1)
    sides = (table[name].to_numpy(dtype=float) for name in ("adjusted_p", "better", "worse"))
    table["flag"] = flags(*sides)
    return table[COLUMNS]


def segment_rows(table: pd.DataFrame) -> list[dict[str, Any]]:
    """The segments as audit.json has them: no number where there is none."""
    texts = ("indicator", "by", "name", "flag", "suppressed")
    rows = []
    for row in table.to_dict("records"):
        numbers = {name: number(row[name]) for name in COLUMNS if name not in texts}
        cases = None if numbers["cases"] is None else int(numbers["cases"])
        said = {name: row[name] or None for name in texts}
        rows.append(
            {**{name: said.get(name, numbers.get(name)) for name in COLUMNS}, "cases": cases}
        )
    return rows


def _of_indicator(rows: pd.DataFrame, entry: Mapping[str, Any], by: str) -> pd.DataFrame:
    """The cells of one indicator, each held against the others that are shown."""
    shown = rows["suppressed"] == ""
    found = _standing(rows[shown], entry, by)
    table = pd.DataFrame(
        {
            "indicator": rows["indicator"],
            "by": by,
            "name": rows["value of slice"],
            "suppressed": rows["suppressed"],
        }
    )
    for name in ("cases", "estimate"):
        table[name] = rows[name].where(shown).astype(float)
    for name in FIGURES:
        table[name] = pd.Series(getattr(found, name), index=rows.index[shown]).reindex(rows.index)
    for name in ("low", "high"):
        own = rows[name].where(shown).astype(float)
        table[name] = table[name].where(table["shrunken"].notna(), own)
    return table


def _standing(rows: pd.DataFrame, entry: Mapping[str, Any], by: str) -> Standing:
    """How the cells stand; channels with anchors of their own are not held against each other."""
    scales = sorted(set(rows["scale"]))
    is_comparable = len(scales) == 1 and scales[0] in SCALES
    if not is_comparable or (by == "channel" and "by_channel" in entry["anchors"]):
        return Standing(*[np.full(len(rows), np.nan)] * len(FIGURES))
    numbers = {name: rows[name].to_numpy(dtype=float) for name in ("estimate", "cases", "se", "df")}
    return standing(Groups(**numbers, scale=scales[0]), points_of(entry))


def _hidden(measures: pd.DataFrame) -> dict[tuple[str, str, str], str]:
    """Why a cell is not shown, by the rule that holds for every figure of the audit."""
    rows = measures.astype({"agents": float}).to_dict("records")
    found = suppressed(
        Measurement(
            row["indicator"],
            Slice(row["slice"], row["value of slice"]),
            row["period"],
            Estimate.nothing(row["scale"], int(row["cases"])),
            known_agents=None if pd.isna(row["agents"]) else int(row["agents"]),
        )
        for row in rows
    )
    return {(id, part.by, part.value): reason for (id, _, part), reason in found.items()}
