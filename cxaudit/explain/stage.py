"""The explaining step: the crude change of every indicator, split by channel where it can be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from cxaudit.audit import Audit, open_audit
from cxaudit.explain.kitagawa import split
from cxaudit.scorecards import open_scorecard

if TYPE_CHECKING:
    from cxaudit.run import Run

CRUDE = "crude: not adjusted for the mix, and not tested against chance"
TOLERANCE = 1e-9
# The cases and the figure of each channel.
Groups = dict[str, tuple[int, float]]
NONE = (0, None)


@dataclass(frozen=True)
class Explained:
    """The audit with its changes, and small tables of them."""

    audit: Audit
    changes: pd.DataFrame
    mix_and_rate: pd.DataFrame
    teams: pd.DataFrame


def explain(run: Run) -> Explained:
    """The crude change to the previous period of everything measured in both.

    Reads what the scoring step wrote; writes `4_explain/audit.json` and the tables beside it.
    """
    folder = run.folder("3_score")
    audit = open_audit(folder / "audit.json")
    measures = pd.read_parquet(folder / "measures.parquet")
    entries = open_scorecard(overrides=run.engagement.overrides)["indicators"]
    minimum = {entry["id"]: entry["minimum"]["cases"] or 0 for entry in entries}
    pairs = _pairs(measures, run.period.label, run.period.previous().label)
    assessed = {
        (row["id"], *_only(row["slice"]))
        for row in audit.data["indicators"]
        if row["estimate"] is not None and row["state"] != "not assessed"
    }
    before = _channels(measures, run.period.previous().label)
    now = _channels(measures, run.period.label)
    changes = [
        _change(pair, before, now, run.period.previous().label)
        for pair in pairs
        if (pair["indicator"], pair["by"], pair["part"]) in assessed and pair["by"] != "team"
        if _is_enough(pair, minimum)
    ]
    explained = Audit({**audit.data, "changes": changes})
    explained.save(run.folder("4_explain") / "audit.json")
    teams = [
        pair
        for pair in pairs
        if pair["by"] == "team" and (pair["indicator"], "team", pair["part"]) in assessed
        if _is_enough(pair, minimum)
    ]
    frames = Explained(explained, _changes_frame(changes), _parts_frame(changes), _teams(teams))
    frames.changes.to_parquet(run.folder("4_explain") / "changes.parquet", index=False)
    frames.mix_and_rate.to_parquet(run.folder("4_explain") / "mix_and_rate.parquet", index=False)
    frames.teams.to_parquet(run.folder("4_explain") / "teams.parquet", index=False)
    return frames


def _is_enough(pair: dict[str, Any], minimum: dict[str, int]) -> bool:
    """Whether the earlier figure rests on as many cases as a figure needs to be shown."""
    return bool(pair["cases_before"] >= minimum[pair["indicator"]])


def _only(part: dict[str, str]) -> tuple[str, str]:
    return next(iter(part.items())) if part else ("", "")


def _pairs(measures: pd.DataFrame, label: str, previous: str) -> list[dict[str, Any]]:
    """Both periods' figures of each indicator and part that has an estimate in both."""
    measures = measures[measures["estimate"].notna()].rename(
        columns={"slice": "by", "value of slice": "part"}
    )
    keys = ["indicator", "by", "part"]
    columns = [*keys, "cases", "estimate"]
    now = measures[measures["period"] == label][columns]
    before = measures[measures["period"] == previous][columns]
    both = now.merge(before, on=keys, suffixes=("", "_before"))
    return both.sort_values(keys).to_dict("records")


def _channels(measures: pd.DataFrame, label: str) -> dict[str, Groups]:
    """Cases and figure of each indicator's channels in a period, of those that have a figure."""
    of_channels = (measures["slice"] == "channel") & (measures["period"] == label)
    rows = measures[of_channels & measures["estimate"].notna()]
    found: dict[str, Groups] = {}
    for row in rows.to_dict("records"):
        figure = (int(row["cases"]), row["estimate"])
        found.setdefault(row["indicator"], {})[row["value of slice"]] = figure
    return found


def _change(
    pair: dict[str, Any], before: dict[str, Groups], now: dict[str, Groups], previous: str
) -> dict[str, Any]:
    id = pair["indicator"]
    parts = [] if pair["by"] else _parts(pair, before.get(id, {}), now.get(id, {}))
    return {
        "indicator": pair["indicator"],
        "slice": {pair["by"]: pair["part"]} if pair["by"] else {},
        "from_period": previous,
        "previous": pair["estimate_before"],
        "current": pair["estimate"],
        "change": pair["estimate"] - pair["estimate_before"],
        "mix": sum(p["mix"] for p in parts) if parts else None,
        "rate": sum(p["rate"] for p in parts) if parts else None,
        "note": CRUDE,
        "parts": parts,
    }


def _parts(whole: dict[str, Any], before: Groups, now: Groups) -> list[dict[str, Any]]:
    """The channels' parts of a change; none where the channels do not add up to the whole.

    A share is the mean of its channels' shares; a median or a curve is not, and has no split. A
    channel of one period only has no figure in the other, and is all mix.
    """
    for groups, cases, value in (
        (before, whole["cases_before"], whole["estimate_before"]),
        (now, whole["cases"], whole["estimate"]),
    ):
        total = sum(n * rate for n, rate in groups.values())
        if sum(n for n, _ in groups.values()) != cases or abs(total / cases - value) > TOLERANCE:
            return []
    parts = split(before, now)
    return [
        {
            "channel": channel,
            "previous_cases": before.get(channel, NONE)[0],
            "cases": now.get(channel, NONE)[0],
            "previous": before.get(channel, NONE)[1],
            "current": now.get(channel, NONE)[1],
            "mix": part.mix,
            "rate": part.rate,
        }
        for channel, part in parts.items()
    ]


def _changes_frame(changes: list[dict[str, Any]]) -> pd.DataFrame:
    columns = ["indicator", "channel", "previous", "current", "change", "mix", "rate"]
    rows = [{**change, "channel": change["slice"].get("channel", "")} for change in changes]
    return pd.DataFrame(rows, columns=columns)


def _parts_frame(changes: list[dict[str, Any]]) -> pd.DataFrame:
    rows = [{"indicator": c["indicator"], **part} for c in changes for part in c["parts"]]
    names = ("channel", "previous_cases", "cases", "previous", "current", "mix", "rate")
    return pd.DataFrame(rows, columns=["indicator", *names])


def _teams(pairs: list[dict[str, Any]]) -> pd.DataFrame:
    frame = pd.DataFrame(
        pairs, columns=["indicator", "part", "cases", "estimate_before", "estimate"]
    )
    frame["change"] = frame["estimate"] - frame["estimate_before"]
    return frame.rename(
        columns={"part": "team", "estimate_before": "previous", "estimate": "current"}
    )
