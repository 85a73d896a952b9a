"""The reference mix: what scores by channel are averaged with and comparisons are adjusted to.

A first audit uses its own and keeps it beside the engagement as `mix-<period>.json`; the audits
that follow use that, so that a shift between channels does not look like a change of service.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ibis import _

from cxaudit.errors import EngagementError, Problem
from cxaudit.facts.population import instant

if TYPE_CHECKING:
    from cxaudit.run import Run

CELL = ("channel", "category", "priority")
Cell = tuple[str | None, ...]


@dataclass(frozen=True)
class Mix:
    """Shares of the cases: of each channel, of each channel × category × priority (the cells), and
    of each survey mode among the answers. A mix kept by an early version has channels only.
    """

    id: str
    channel: Mapping[str, float]
    cells: Mapping[Cell, float] = field(default_factory=dict)
    mode: Mapping[str, float] = field(default_factory=dict)

    def document(self) -> dict[str, Any]:
        """The content of the file in which it is kept."""
        cells = [[*cell, share] for cell, share in self.cells.items()]
        return {"channel": dict(self.channel), "cells": cells, "mode": dict(self.mode)}


def own_mix(run: Run) -> Mix:
    """The mix of the audited period: cases in scope created in it, answers given in it.

    A channel with calls has as many cases as calls: not all of them become tickets.
    """
    cells = _counted(run, "contacts", "created_at", CELL)
    attempts = _counted(run, "attempts", "at", ("channel",))
    channels: Counter[str] = Counter()
    for cell, cases in (attempts or cells).items():
        channels[str(cell[0])] += cases
    modes = {mode: n for (mode,), n in _counted(run, "answers", "responded_at", ("mode",)).items()}
    modes.pop(None, None)
    return Mix(own_file(run).stem, _shares(channels), _shares(cells), _shares(modes))


def _counted(run: Run, fact: str, at: str, by: Sequence[str]) -> dict[Cell, int]:
    """The rows of a fact table in the audited period, by some of its columns."""
    path = run.folder("2_validate") / "facts" / f"{fact}.parquet"
    if not path.exists():
        return {}
    table = run.engine().read(path)
    start, end = instant(run.period.start_at), instant(run.period.end_at)
    inside = table.filter(table[at] >= start, table[at] < end)
    rows = run.engine().fetch(inside.group_by(*by).agg(cases=_.count())).to_pylist()
    return {tuple(row[name] for name in by): row["cases"] for row in rows}


def reference_mix(run: Run, own: Mix) -> Mix:
    """The mix to use; raises `EngagementError` where the file of an earlier one is unreadable."""
    path = kept_mix(run)
    if path is None:
        return own
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
        if "channel" not in kept:
            return Mix(path.stem, {str(name): float(share) for name, share in kept.items()})
        return Mix(
            path.stem,
            {str(name): float(share) for name, share in kept["channel"].items()},
            {tuple(cell): float(share) for *cell, share in kept["cells"]},
            {str(name): float(share) for name, share in kept["mode"].items()},
        )
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise EngagementError(
            Problem(
                "engagement, comparison.reference_mix",
                "cannot be read",
                path.name,
                "It is a JSON object with channel, cells and mode, as an audit writes it.",
            )
        ) from error


def kept_mix(run: Run) -> Path | None:
    """The file of the mix to use: the one the engagement names, else the first audit's.

    None where this audit is the first, or the first one again.
    """
    named = run.engagement.comparison.reference_mix
    if named:
        return run.engagement.folder / named
    kept = sorted(run.engagement.folder.glob("mix-*.json"))
    others = [path for path in kept if path != own_file(run)]
    return others[0] if others else None


def own_file(run: Run) -> Path:
    """Where this audit keeps its mix if it is the first."""
    return run.engagement.folder / f"mix-{run.period.label}.json"


def keep_mix(run: Run) -> Path | None:
    """Write the mix of a first audit beside the engagement.

    None where one is already used, or where the engagement's folder cannot be written to: the
    next audit then uses its own mix, and its report names it.
    """
    if kept_mix(run) is not None or not os.access(run.engagement.folder, os.W_OK):
        return None
    text = (run.folder("3_score") / "mix.json").read_text(encoding="utf-8")
    own_file(run).write_text(text, encoding="utf-8")
    return own_file(run)


def _shares(counts: Mapping[Any, int]) -> dict[Any, float]:
    """Shares of the whole, in the order of the names; unknown parts of a cell come first."""
    total = sum(counts.values())
    return {name: counts[name] / total for name in sorted(counts, key=_order)}


def _order(name: Any) -> list[str]:
    return [part or "" for part in name] if isinstance(name, tuple) else [name]
