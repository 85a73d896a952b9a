"""Score: measures × scorecard → indicators, principles and, where its rule allows, an overall."""

from __future__ import annotations

from cxaudit.score.stage import Scored, score

__all__ = ["Scored", "score"]
