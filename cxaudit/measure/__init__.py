"""Measure: facts × indicators → one estimate with its interval per indicator, slice and period."""

from __future__ import annotations

from cxaudit.measure.measurement import Measurement
from cxaudit.measure.stage import Measured, measure

__all__ = ["Measured", "Measurement", "measure"]
