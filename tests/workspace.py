"""A workspace made by hand: small tables as text, as if loaded and checked by the contracts."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from cxaudit.contracts.canonical import canonical_tables
from cxaudit.engagement import Client, Engagement
from cxaudit.periods import parse_period
from cxaudit.run import Run

DEFAULTS: dict[str, dict[str, Any]] = {
    "tickets": {"channel": "email", "created_by": "customer", "customer_id": "c1"},
    "messages": {"is_public": True, "is_auto": False},
    "ticket_events": {"type": "status", "actor_type": "agent"},
    "calls": {"channel": "phone", "queue": "line"},
    "qa_reviews": {"sample_method": "random", "max_score": 1.0, "applicable": True},
    "service_events": {"requires_outreach": False, "requires_confirmation": False},
    "outreach": {"delivered": True},
    "improvement_actions": {"verified": "not_yet"},
    "surveys": {"mode": "email", "scale_min": 1.0, "scale_max": 5.0, "higher_is_better": True},
}


def text_table(text: str) -> list[dict[str, str | None]]:
    """Rows of a table of '|'-separated columns; '-' is a missing value."""
    header, *rows = (
        [cell.strip() for cell in line.split("|")] for line in text.strip().splitlines()
    )
    return [
        {name: None if cell == "-" else cell for name, cell in zip(header, row, strict=True)}
        for row in rows
    ]


def workspace(
    folder: Path,
    tables: Mapping[str, str | list[dict[str, Any]]],
    *,
    period: str = "2026Q3",
    as_of: str = "2026-10-03T06:00:00Z",
    time_zone: str = "UTC",
    excluded: dict[str, dict[str, int]] | None = None,
    quarantined: dict[str, int] | None = None,
    unusable: tuple[str, ...] = (),
    degraded: dict[str, str] | None = None,
    **settings: Any,
) -> Run:
    """A run whose stages 'load' and 'validate' have left these tables.

    `excluded` (by table and reason) and `quarantined` (by table) are rows left out before: they
    come on top of those given. `settings` are further parts of the engagement.
    """
    client = Client(
        id="test", name="Test", time_zone=time_zone, as_of=datetime.fromisoformat(as_of)
    )
    path = folder / "engagement.toml"
    engagement = Engagement.model_validate(
        {"client": client, "path": path, "sources": (), **settings}
    )
    run = Run(engagement, parse_period(period, time_zone), folder / "workspace")
    loaded = {}
    for name, given in tables.items():
        rows = text_table(given) if isinstance(given, str) else given
        supplied = sorted({*DEFAULTS.get(name, {}), *(key for row in rows for key in row)})
        table = typed(name, [{**DEFAULTS.get(name, {}), **row} for row in rows])
        target = run.folder("2_validate") / "checked"
        target.mkdir(exist_ok=True)
        pq.write_table(table, target / f"{name}.parquet")
        left_out = (excluded or {}).get(name, {})
        number = len(rows) + (quarantined or {}).get(name, 0)
        loaded[name] = {
            "received": number + sum(left_out.values()),
            "excluded": left_out,
            "loaded": number,
            "supplied": supplied,
        }
    counts = {"passed": 0, "failed": 0, "could_not_run": 0}
    _write(run.folder("1_load") / "load.json", {"tables": loaded, "inputs": [], "findings": []})
    validation = {
        "counts": {"error": counts, "warning": counts, "info": counts},
        "checks": [],
        "unusable": list(unusable),
        "degraded": degraded or {},
        "quarantined": {table: {"rows": n} for table, n in (quarantined or {}).items()},
    }
    _write(run.folder("2_validate") / "validation.json", validation)
    return run


def typed(name: str, rows: list[dict[str, Any]]) -> pa.Table:
    """Rows as a canonical table; texts are read as the column's type."""
    columns = canonical_tables()[name].columns
    data = {
        column.name: [_cell(row.get(column.name), column.type) for row in rows]
        for column in columns.values()
    }
    return pa.table(data, schema=canonical_tables()[name].arrow_schema())


def _cell(value: Any, kind: str) -> Any:
    if value is None or not isinstance(value, str):
        return value
    if kind == "instant":
        return datetime.fromisoformat(value).replace(tzinfo=UTC)
    if kind == "boolean":
        return value == "true"
    if kind == "list":
        return value.split(";")
    if kind in ("decimal", "integer"):
        return float(value) if kind == "decimal" else int(value)
    return value


def _write(path: Path, content: Any) -> None:
    path.write_text(json.dumps(content), encoding="utf-8")
