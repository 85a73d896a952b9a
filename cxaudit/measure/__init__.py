"""Measure: facts × indicators → one estimate with its interval per indicator, slice and period."""

from __future__ import annotations

from cxaudit.measure.stage import Measured, Measurement, measure

__all__ = ["Measured", "Measurement", "measure"]
