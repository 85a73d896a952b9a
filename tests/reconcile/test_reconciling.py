"""`cxaudit reconcile`: whose figures it can tell, and what it says where it cannot."""

from __future__ import annotations

from pathlib import Path

import pytest

from cxaudit.errors import EngagementError
from cxaudit.pipeline.auditing import prepare_audit
from cxaudit.pipeline.reconciling import reconcile
from cxaudit.reconcile.definitions import TOOLS
from cxaudit.resources import PACKAGE

ENGAGEMENT = """
[client]
id = "other"
name = "Another desk"
time_zone = "UTC"
as_of = 2026-10-03T06:00:00Z
period = "2026Q3"

[[source]]
table = "tickets"
path = "tickets.csv"
[source.columns]
ticket_id = "id"
"""


def test_a_client_of_another_tool_is_told_what_is_needed(tmp_path: Path) -> None:
    (tmp_path / "engagement.toml").write_text(ENGAGEMENT, encoding="utf-8")
    with pytest.raises(EngagementError) as refused:
        reconcile(prepare_audit(str(tmp_path), "", tmp_path / "reports"), tmp_path / "output")
    (problem,) = refused.value.problems
    assert str(problem) == (
        "engagement.toml, source: comes from no tool whose definitions are known. "
        'Found: readers mapped. Reconcile needs a source with reader = "zendesk": '
        "read the tool's own export with it."
    )
    left = [path.name for path in tmp_path.iterdir()]
    assert left == ["engagement.toml"], "nothing was run and nothing written"


def test_the_document_has_every_cause_in_the_words_of_the_rules() -> None:
    text = (PACKAGE.parent / "docs" / "reconcile.md").read_text(encoding="utf-8")
    rules = {rule for tool in TOOLS.values() for d in tool.definitions for rule in d.rules}
    rows = {f"| {rule.cause} | {rule.theirs} | {rule.ours} |" for rule in rules}
    assert {row for row in text.splitlines() if row in rows} == rows


def test_every_definition_has_its_decision_page() -> None:
    pages = {d.decision for tool in TOOLS.values() for d in tool.definitions}
    assert [page for page in sorted(pages) if not (PACKAGE.parent / page).is_file()] == []
