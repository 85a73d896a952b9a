"""Score: measures × scorecard → indicators, principles and, where its rule allows, an overall."""

from __future__ import annotations

from cxaudit.score.scored import Scored
from cxaudit.score.stage import score

__all__ = ["Scored", "score"]
