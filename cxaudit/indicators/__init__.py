"""Indicators: ten files, one per principle; each declares cases and a statistic."""

from __future__ import annotations

from types import ModuleType

from cxaudit.indicators import (
    accessibility,
    accuracy,
    clocks,
    consistency,
    context,
    continuous_improvement,
    empathy,
    handling,
    personalization,
    proactivity,
    quality,
    speed,
    transparency,
)
from cxaudit.indicators.declaration import (
    CHANGE,
    POOLED,
    CaseColumns,
    Fact,
    Indicator,
    Situation,
    whole_seconds,
)

PRINCIPLES = (
    empathy,
    speed,
    accuracy,
    transparency,
    accessibility,
    consistency,
    personalization,
    proactivity,
    quality,
    continuous_improvement,
)


def _declared(*modules: ModuleType) -> dict[str, Indicator]:
    return {
        name: value
        for module in modules
        for name, value in vars(module).items()
        if isinstance(value, Indicator)
    }


INDICATORS: dict[str, Indicator] = _declared(*PRINCIPLES)
CONTEXT: dict[str, Indicator] = _declared(context, clocks, handling)

__all__ = [
    "CHANGE",
    "CONTEXT",
    "INDICATORS",
    "POOLED",
    "CaseColumns",
    "Fact",
    "Indicator",
    "Situation",
    "whole_seconds",
]
