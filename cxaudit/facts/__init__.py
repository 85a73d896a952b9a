"""Facts: what several indicators need, derived once after quarantine and saved."""

from __future__ import annotations

from cxaudit.facts.stage import Facts, make_facts

__all__ = ["Facts", "make_facts"]
