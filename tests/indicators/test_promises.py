"""What holds for every indicator, whatever it measures."""

from __future__ import annotations

import hashlib
import json
import random
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from cxaudit.contracts.canonical import canonical_tables
from cxaudit.explain import explain
from cxaudit.facts import make_facts
from cxaudit.facts.population import HAPPENED_AT
from cxaudit.indicators import INDICATORS
from cxaudit.measure import measure
from cxaudit.run import Run
from cxaudit.score import score
from tests.indicators.service import Tables, service
from tests.workspace import workspace

AS_OF = datetime(2026, 10, 3, 6, tzinfo=UTC)
IDS: tuple[str, ...] = (
    "ticket_id",
    "customer_id",
    "assignee_id",
    "message_id",
    "author_id",
    "event_id",
)
IDS += ("actor_id", "invite_id", "agent_id", "review_id", "reviewer_id", "calibrated_set_id")
IDS += ("outreach_id", "mention_id", "action_id", "call_id", "session_id", "article_id")
SAME = ("indicators", "context", "principles", "changes")


def audited(folder: Path, tables: Tables) -> Run:
    """The run of a service after its last stage but the report."""
    run = workspace(folder, tables, as_of=AS_OF.isoformat())
    make_facts(run)
    score(run, measure(run))
    explain(run)
    return run


def saved(run: Run) -> bytes:
    return (run.folder("4_explain") / "audit.json").read_bytes()


def figures(run: Run) -> dict[str, Any]:
    """Every figure and word of the audit by where it stands."""
    data = json.loads(saved(run))
    return {place: value for part in SAME for place, value in _leaves(data[part], part)}


def _leaves(value: Any, place: str) -> list[tuple[str, Any]]:
    if isinstance(value, dict):
        name = f"{place} {value.get('id') or value.get('indicator') or ''}"
        return [leaf for key, v in value.items() for leaf in _leaves(v, f"{name}.{key}")]
    if isinstance(value, list):
        return [leaf for n, v in enumerate(value) for leaf in _leaves(v, f"{place}[{n}]")]
    return [(place, value)]


@pytest.fixture(scope="module")
def tables() -> Tables:
    """The tables of the small service."""
    return service()


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory, tables: Tables) -> Run:
    """The small service, audited."""
    return audited(tmp_path_factory.mktemp("service"), tables)


def test_with_all_its_data_every_indicator_has_a_figure(run: Run) -> None:
    rows = [row for row in json.loads(saved(run))["indicators"] if not row["slice"]]
    without = {
        row["id"]: row["reason"]
        for row in rows
        if row["id"] in INDICATORS and row["utility"] is None
    }
    assert not without, f"not measured in a service that has data for all: {without}"


def test_the_order_of_the_rows_changes_nothing(run: Run, tables: Tables, tmp_path: Path) -> None:
    chance = random.Random(7)
    shuffled = {name: chance.sample(rows, len(rows)) for name, rows in tables.items()}
    assert saved(audited(tmp_path, shuffled)) == saved(run), "not the same bytes"


def test_other_ids_change_no_figure(run: Run, tables: Tables, tmp_path: Path) -> None:
    """Ids in another order too: what rests on the order of ids shows."""
    renamed = {
        name: [{k: _renamed(k, v) for k, v in row.items()} for row in rows]
        for name, rows in tables.items()
    }
    _assert_same(figures(audited(tmp_path, renamed)), figures(run))


def test_what_happens_after_as_of_changes_no_figure(
    run: Run, tables: Tables, tmp_path: Path
) -> None:
    later = {name: [*rows, *_later(name, rows)] for name, rows in tables.items()}
    assert sum(len(rows) for rows in later.values()) > sum(len(rows) for rows in tables.values())
    _assert_same(figures(audited(tmp_path, later)), figures(run))


def _renamed(name: str, value: Any) -> Any:
    if name not in IDS or value in (None, "system"):
        return value
    return hashlib.sha256(str(value).encode()).hexdigest()[:12]


def _later(name: str, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """A tenth of the rows once more, after as-of: on the same tickets, and as new tickets."""
    if name not in HAPPENED_AT:
        return []
    moved = {HAPPENED_AT[name], *({"responded_at"} if name == "surveys" else ())}
    id = canonical_tables()[name].key[0]
    return [
        {**row, id: f"{row[id]} later"}
        | dict.fromkeys(moved, AS_OF + timedelta(seconds=1 + number))
        for number, row in enumerate(rows[::10])
    ]


def _assert_same(found: dict[str, Any], expected: dict[str, Any]) -> None:
    assert found.keys() == expected.keys()
    differing = {
        place: (found[place], value)
        for place, value in expected.items()
        if found[place]
        != (pytest.approx(value, rel=1e-8, abs=1e-10) if isinstance(value, float) else value)
    }
    assert not differing, f"{len(differing)} figures differ: {dict(list(differing.items())[:8])}"
