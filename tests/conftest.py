"""What every test may use: reference data, Spark and PostgreSQL, left out and counted if absent."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.contracts.datacontract import VARIABLE as DATACONTRACT_VARIABLE
from tests.contracts.datacontract import datacontract_command
from tests.servers import URL_VARIABLE, has_postgres, has_spark, postgres_server

# Spark takes a process whose main module has no file, as a worker of the tests, for its own tests
# of the documentation, and ends it when Great Expectations looks whether Spark is there.
if not hasattr(sys.modules["__main__"], "__file__"):
    sys.modules["__main__"].__file__ = __file__

SETTING = "CXAUDIT_REFERENCE_DATA"
BESIDE = Path(__file__).parents[2] / "shared"
REFERENCE = Path(os.environ.get(SETTING) or BESIDE)
# Marker -> whether it is there, and what a test is left out for want of.
NEEDS = {
    "reference": (
        REFERENCE.is_dir(),
        f"reference data ({SETTING}, or a folder 'shared' beside the repository)",
    ),
    "spark": (has_spark(), "Spark (Java 17 or 21, and the extra 'spark')"),
    "datacontract": (
        datacontract_command() is not None,
        f"datacontract-cli (make datacontract, or {DATACONTRACT_VARIABLE})",
    ),
    "postgres": (
        has_postgres(),
        f"PostgreSQL (a server's programs or {URL_VARIABLE}, and the extra 'postgres')",
    ),
}


@pytest.fixture(scope="session")
def reference_data() -> Path:
    """The folder with the reference data; for tests marked `reference`."""
    return REFERENCE


@pytest.fixture(scope="session")
def postgres_variable() -> Iterator[str]:
    """The environment variable with the URL of a PostgreSQL server; for tests marked `postgres`."""
    if os.environ.get(URL_VARIABLE):
        yield URL_VARIABLE
        return
    with postgres_server() as url:
        os.environ[URL_VARIABLE] = url
        yield URL_VARIABLE
        del os.environ[URL_VARIABLE]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leaves out the tests whose marker names something absent here."""
    for marker, (is_there, what) in NEEDS.items():
        for item in items:
            if not is_there and item.get_closest_marker(marker):
                item.add_marker(pytest.mark.skip(reason=f"for want of {what}"))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Says how many tests were left out, for want of what."""
    skipped = terminalreporter.stats.get("skipped", [])
    for _, what in NEEDS.values():
        count = sum(f"for want of {what}" in str(report.longrepr) for report in skipped)
        terminalreporter.write_line(f"Left out for want of {what}: {count} tests")
