"""Write the house scorecard from the catalogue: python -m cxaudit.scorecards.generate FILE."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import yaml

from cxaudit.resources import PACKAGE
from cxaudit.scorecards import HOUSE

PRINCIPLES = {
    "empathy": "Empathy",
    "speed": "Speed",
    "accuracy": "Accuracy",
    "transparency": "Transparency",
    "accessibility": "Accessibility",
    "consistency": "Consistency",
    "personalization": "Personalization",
    "proactivity": "Proactivity",
    "quality": "Quality",
    "continuous_improvement": "Continuous improvement",
}
KEPT = ("version", "utility_points", "conventions", "lists", "indicators", "sources")


def scorecard_of(catalogue: dict[str, Any]) -> dict[str, Any]:
    """The scorecard a catalogue defines: its indicators, conventions and sources, whole."""
    scorecard = {key: catalogue[key] for key in KEPT}
    scorecard["principles"] = [
        {"id": id, "name": name, "weight": 1.0} for id, name in PRINCIPLES.items()
    ]
    return scorecard


def written(scorecard: dict[str, Any]) -> str:
    """The scorecard as the YAML text that is committed."""
    return "# Generated from the catalogue; changed there, not here.\n" + yaml.safe_dump(
        scorecard, sort_keys=False, allow_unicode=True, width=110
    )


if __name__ == "__main__":
    catalogue = yaml.safe_load(Path(sys.argv[1]).read_text(encoding="utf-8"))
    target = PACKAGE / "scorecards" / f"{HOUSE}.yaml"
    target.write_text(written(scorecard_of(catalogue)), encoding="utf-8")
