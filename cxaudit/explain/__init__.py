"""Explain: what changed since the last period, and how much of it is a shift between channels."""

from __future__ import annotations

from cxaudit.explain.stage import Explained, explain

__all__ = ["Explained", "explain"]
