"""cxaudit: the customer-experience audit workbook.

The names the notebooks use, each resolved when it is first used, so that importing is cheap.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cxaudit.audit import open_audit
    from cxaudit.charts import (
        change_figure,
        parts_figure,
        run_chart_figure,
        scorecard_figure,
    )
    from cxaudit.contracts.validate import validate as validate_tables
    from cxaudit.explain import explain as explain_changes
    from cxaudit.facts import make_facts
    from cxaudit.load import load as load_tables
    from cxaudit.measure import measure as measure_indicators
    from cxaudit.pipeline.principle import open_principle
    from cxaudit.report.render import render as render_report
    from cxaudit.run import open_run
    from cxaudit.score import score as score_principles

# Each name, its module, and the function there. The names are not those of the modules: a module
# that was imported would otherwise stand in the function's place.
_NAMES = {
    "open_audit": ("cxaudit.audit", "open_audit"),
    "open_principle": ("cxaudit.pipeline.principle", "open_principle"),
    "open_run": ("cxaudit.run", "open_run"),
    "load_tables": ("cxaudit.load", "load"),
    "validate_tables": ("cxaudit.contracts.validate", "validate"),
    "make_facts": ("cxaudit.facts", "make_facts"),
    "measure_indicators": ("cxaudit.measure", "measure"),
    "score_principles": ("cxaudit.score", "score"),
    "explain_changes": ("cxaudit.explain", "explain"),
    "render_report": ("cxaudit.report", "render"),
    "change_figure": ("cxaudit.charts", "change_figure"),
    "parts_figure": ("cxaudit.charts", "parts_figure"),
    "run_chart_figure": ("cxaudit.charts", "run_chart_figure"),
    "scorecard_figure": ("cxaudit.charts", "scorecard_figure"),
}

__all__ = [
    "change_figure",
    "explain_changes",
    "load_tables",
    "make_facts",
    "measure_indicators",
    "open_audit",
    "open_principle",
    "open_run",
    "parts_figure",
    "render_report",
    "run_chart_figure",
    "score_principles",
    "scorecard_figure",
    "validate_tables",
]


def __getattr__(name: str) -> Any:
    if name not in _NAMES:
        raise AttributeError(f"cxaudit has no '{name}'. It has: {', '.join(__all__)}.")
    module, function = _NAMES[name]
    return getattr(import_module(module), function)


def __dir__() -> list[str]:
    return __all__
