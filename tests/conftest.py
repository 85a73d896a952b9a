"""What every test may use: the reference data, left out and counted where they are absent."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

SETTING = "CXAUDIT_REFERENCE_DATA"
BESIDE = Path(__file__).parents[2] / "shared"
REFERENCE = Path(os.environ.get(SETTING) or BESIDE)
LEFT_OUT = "reference data absent"


@pytest.fixture(scope="session")
def reference_data() -> Path:
    """The folder with the reference data; for tests marked `reference`."""
    return REFERENCE


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leaves out the tests marked `reference` where the reference data are absent."""
    if REFERENCE.is_dir():
        return
    for item in items:
        if item.get_closest_marker("reference"):
            item.add_marker(pytest.mark.skip(reason=LEFT_OUT))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Says how many tests were left out for want of the reference data."""
    skipped = terminalreporter.stats.get("skipped", [])
    count = sum(LEFT_OUT in str(report.longrepr) for report in skipped)
    terminalreporter.write_line(
        f"Left out for want of reference data ({SETTING}, or a folder 'shared' beside the "
        f"repository): {count} tests"
    )
