"""The SQL of some facts and cases in every dialect, kept in docs/sql: `make sql` writes it anew."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

import ibis
import ibis.expr.types as ir
from ibis.common.exceptions import IbisError

from cxaudit.contracts.canonical import canonical_tables
from cxaudit.contracts.compilation import compile_rules
from cxaudit.contracts.document import open_contracts
from cxaudit.contracts.violations import failing
from cxaudit.engagement import Actors
from cxaudit.engine.dialects import sql_of
from cxaudit.facts.population import instant
from cxaudit.facts.replies import first_human_replies
from cxaudit.facts.resolution import reopens, solves, status_changes
from cxaudit.indicators import INDICATORS, Fact
from cxaudit.scorecards import open_scorecard

FOLDER = Path(__file__).parents[2] / "docs" / "sql"
# The first three are run; the others are compiled for people who keep their data there.
RUN = ("duckdb", "postgres", "pyspark")
DIALECTS = (*RUN, "bigquery", "databricks", "mssql", "snowflake", "trino")
AS_OF = datetime(2026, 10, 3, 6, tzinfo=UTC)
SEEN_AT = int(AS_OF.timestamp())
NAMED = Actors(bot_ids=("bot_lumi",), bot_patterns=("*autoreply*",))
RULES = ("tickets.status.enum", "messages.ticket_id.exists")
CASES = ("qua_resolution_30d", "spd_sla_attainment")
# The columns of the fact table of contacts that these indicators read.
CONTACTS = {
    "row": "int64",
    "created_at": "timestamp('UTC', 6)",
    "first_response_at": "timestamp('UTC', 6)",
    "solved_at": "timestamp('UTC', 6)",
    "first_solved_at": "timestamp('UTC', 6)",
    "response_due": "timestamp('UTC', 6)",
    "resolution_due": "timestamp('UTC', 6)",
    "resolution_code": "string",
    "solve_is_known": "boolean",
}


def queries() -> dict[str, ir.Table]:
    """The queries by name, over tables that nobody has to have."""
    tables = {
        name: ibis.table(ibis.Schema.from_pyarrow(table.arrow_schema()), name=name)
        for name, table in canonical_tables().items()
    }
    changes = status_changes(tables["ticket_events"], NAMED)
    return {
        "first_human_replies": first_human_replies(tables["messages"], tables["tickets"], NAMED),
        "solves": solves(changes, instant(AS_OF)),
        "reopens": reopens(changes, tables["messages"], NAMED, by_message=True),
        **dict(_broken_rules(tables)),
        **dict(_cases()),
    }


def _broken_rules(tables: Mapping[str, ir.Table]) -> Iterator[tuple[str, ir.Table]]:
    rules = {rule.id: rule for rule in compile_rules(open_contracts())}
    for id in RULES:
        rule = rules[id]
        yield f"broken_{id.replace('.', '_')}", tables[rule.table].filter(failing(rule, tables))


def _cases() -> Iterator[tuple[str, ir.Table]]:
    entries = {entry["id"]: entry for entry in open_scorecard()["indicators"]}
    contacts = ibis.table(CONTACTS, name="contacts")
    for id in CASES:
        fact = Fact(contacts, SEEN_AT, SEEN_AT, INDICATORS[id].anchor)
        for leg, cases in INDICATORS[id].cases(fact, entries[id]["parameters"]).items():
            name = "_".join(part for part in ("cases", id, leg) if part)
            rows = contacts.filter(cases.where)
            yield name, rows.select("row", at=cases.at, **cases.columns).order_by("row")


def written(expression: ir.Table, dialect: str) -> str:
    """The SQL of a query in a dialect, or why there is none."""
    try:
        return sql_of(expression, dialect) + "\n"
    except IbisError as error:
        return f"-- Ibis cannot write this for {dialect}: {error}\n"


def main() -> None:
    """Write every query in every dialect."""
    for name, expression in queries().items():
        for dialect in DIALECTS:
            path = FOLDER / dialect / f"{name}.sql"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(written(expression, dialect), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
