"""The reference mix: the channels' shares that scores by channel are averaged with.

A first audit uses its own and keeps it beside the engagement as `mix-<period>.json`; the audits
that follow use that, so that a shift between channels does not look like a change of service.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cxaudit.errors import EngagementError, Problem

if TYPE_CHECKING:
    from cxaudit.measure import Measured
    from cxaudit.run import Run


def kept_mix(run: Run) -> Path | None:
    """The file of the mix to use: the one the engagement names, else the first audit's.

    None where this audit is the first, or the first one again.
    """
    named = run.engagement.comparison.reference_mix
    if named:
        return run.engagement.folder / named
    kept = sorted(run.engagement.folder.glob("mix-*.json"))
    others = [path for path in kept if path != own_mix(run)]
    return others[0] if others else None


def own_mix(run: Run) -> Path:
    """Where this audit keeps its mix if it is the first."""
    return run.engagement.folder / f"mix-{run.period.label}.json"


def reference_mix(run: Run, measured: Measured) -> dict[str, Any]:
    """The id and the shares of the mix; raises `EngagementError` where the file is unreadable."""
    path = kept_mix(run)
    if path is None:
        return {"id": f"mix-{run.period.label}", "mix": measured.mix}
    try:
        mix = json.loads(path.read_text(encoding="utf-8"))
        return {"id": path.stem, "mix": {str(name): float(share) for name, share in mix.items()}}
    except (OSError, ValueError, TypeError, AttributeError) as error:
        raise EngagementError(
            Problem(
                "engagement, comparison.reference_mix",
                "cannot be read",
                path.name,
                "It is a JSON object of channels and shares, as an audit writes it.",
            )
        ) from error


def keep_mix(run: Run) -> Path | None:
    """Write the mix of a first audit beside the engagement.

    None where one is already used, or where the engagement's folder cannot be written to: the
    next audit then uses its own mix, and its report names it.
    """
    if kept_mix(run) is not None or not os.access(run.engagement.folder, os.W_OK):
        return None
    text = (run.folder("3_score") / "mix.json").read_text(encoding="utf-8")
    own_mix(run).write_text(text, encoding="utf-8")
    return own_mix(run)
