"""`cxaudit map` as a user calls it."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from cxaudit.__main__ import commands
from cxaudit.engagement import open_engagement
from cxaudit.errors import EngagementError, UnreadableData
from cxaudit.readers.layouts import layout
from tests.proposal.test_entry import CLIENT, COMMENTS, TICKETS


@pytest.fixture
def exports(tmp_path: Path) -> Path:
    folder = tmp_path / "acme" / "exports"
    folder.mkdir(parents=True)
    (folder / "tickets.csv").write_text(TICKETS, encoding="utf-8")
    (folder / "comments.csv").write_text(COMMENTS, encoding="utf-8")
    return folder


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(commands, ["map", *map(str, arguments)])


def test_a_folder_is_shown_file_by_file_with_the_entries(exports: Path):
    found = run(exports)
    assert found.exit_code == 0, found.output
    assert "Proposed table: tickets" in found.output
    assert "Proposed table: messages" in found.output
    assert 'ticket_id = "Ticket No"' in found.output


def test_a_new_engagement_gets_the_entries_in_place_of_the_example(exports: Path):
    found = run(exports, "--output", exports.parent, "--time-zone", "Europe/Paris")
    assert found.exit_code == 0, found.output
    engagement = open_engagement(exports.parent)
    assert [source.name for source in engagement.sources] == ["messages", "tickets"]
    assert engagement.sources[1].path == ("exports/tickets.csv",), "from the engagement's folder"


def test_an_engagement_that_is_there_is_added_to(exports: Path):
    path = exports.parent / "engagement.toml"
    path.write_text(CLIENT, encoding="utf-8")
    assert run(exports / "tickets.csv", "--output", path).exit_code == 0
    assert run(exports / "comments.csv", "--output", path).exit_code == 0
    assert len(tomllib.loads(path.read_text(encoding="utf-8"))["source"]) == 2


def test_what_was_proposed_is_checked(exports: Path, tmp_path: Path):
    """From exports to contracts without a line written by hand."""
    assert run(exports, "--output", exports.parent, "--time-zone", "Europe/Paris").exit_code == 0
    path = exports.parent / "engagement.toml"
    text = path.read_text(encoding="utf-8").replace("2026Q3", "2026-01")
    path.write_text(text, encoding="utf-8")
    arguments = ["check", str(exports.parent), "--reports", str(tmp_path / "reports")]
    checked = CliRunner().invoke(commands, arguments)
    assert checked.exit_code == 0, (checked.output, checked.exception)
    assert "tickets" in checked.output


def test_files_that_cannot_be_read_are_said_after_the_others(exports: Path):
    (exports / "broken.csv").write_bytes(b"\x00\x01" * 500)
    found = run(exports, exports / "absent.csv")
    assert "Proposed table: tickets" in found.output
    assert isinstance(found.exception, UnreadableData)
    assert len(found.exception.problems) == 2, "all of them, at once"


def test_a_zone_that_is_none_is_refused(exports: Path):
    found = run(exports, "--time-zone", "Europe/Pari")
    assert isinstance(found.exception, EngagementError)
    assert "Europe/Paris" in str(found.exception)


AGENTS = [{"id": 7, "available": True, "occasional": False, "type": "support_agent"}]


def test_a_vendor_s_export_is_one_entry_thin_tables_included(tmp_path: Path) -> None:
    exports = tmp_path / "acme" / "exports"
    exports.mkdir(parents=True)
    headers = layout("freshdesk").tables["tickets"].headers
    tickets = [dict.fromkeys(headers) | {"id": id} for id in (1, 2)]
    (exports / "tickets.json").write_text(json.dumps(tickets), encoding="utf-8")
    (exports / "agents.json").write_text(json.dumps(AGENTS), encoding="utf-8")
    found = run(exports, "--output", exports.parent)
    assert found.exit_code == 0, found.output
    (source,) = open_engagement_text(exports.parent)["source"]
    assert source == {"reader": "freshdesk", "path": "exports"}
    (exports / "notes.csv").write_text(COMMENTS, encoding="utf-8")
    found = run(exports)
    assert "agents.json" in found.output, found.output
    assert 'table = "messages"' in found.output, "what the vendor's reader does not take stays"


def open_engagement_text(folder: Path) -> dict[str, Any]:
    return tomllib.loads((folder / "engagement.toml").read_text(encoding="utf-8"))


def test_where_nothing_is_proposed_nothing_is_added(tmp_path: Path) -> None:
    (tmp_path / "odd.csv").write_text("alpha,beta\nx,y\nz,w\n", encoding="utf-8")
    found = run(tmp_path / "odd.csv", "--output", tmp_path)
    assert "nothing was added" in found.output, found.output
    assert not (tmp_path / "engagement.toml").exists()
