"""`cxaudit contracts`: a client's contracts are linted, and contracts are written for others."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from cxaudit.__main__ import commands
from cxaudit.errors import EngagementError
from tests.contracts.test_tightening import client


def run(*arguments: str) -> str:
    """What the command says; raises what it raises."""
    result = CliRunner().invoke(commands, ["contracts", *arguments], catch_exceptions=False)
    if result.exception:
        raise result.exception
    return result.output


def test_a_clients_contracts_are_linted_without_an_audit(tmp_path: Path) -> None:
    said = run("lint", str(client(tmp_path, {"category": {"required": True}})))
    assert "1 of the client" in said


def test_the_workbooks_contracts_are_written_for_a_catalogue(tmp_path: Path) -> None:
    assert "30 contracts" in run("export", "--output", str(tmp_path / "out"))
    written = (tmp_path / "out" / "tickets.odcs.yaml").read_text(encoding="utf-8")
    assert written.startswith("apiVersion: v3.1.0")


def test_a_version_that_is_not_written_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EngagementError, match=r"Use one of: 3\.1, 3\.2\."):
        run("export", "--version", "2.2", "--output", str(tmp_path))
