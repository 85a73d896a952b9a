"""Tables and queries of a PostgreSQL database: read like files, by the same ledger."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from cxaudit.errors import CxauditError, EngagementError, UnreadableData
from cxaudit.readers.database import database_hashes
from cxaudit.sources import DatabaseSource, parse_sources

from .conftest import Delivery

pytestmark = pytest.mark.postgres
COLUMNS: dict[str, Any] = {
    "ticket_id": "id",
    "customer_id": "customer",
    "channel": {"constant": "email"},
    "created_at": "created",
    "created_by": {"constant": "customer"},
    "is_complaint": "complaint",
    "cost": "cost",
    "category": "topic",
    "kb_article_ids": "articles",
    "solved_at": "solved",
}


@pytest.fixture
def crm(postgres_variable: str) -> Iterator[Any]:
    """A schema with the tickets of a help desk, in a database of its own types."""
    import psycopg

    with psycopg.connect(os.environ[postgres_variable], autocommit=True) as connection:
        connection.execute("DROP SCHEMA IF EXISTS crm CASCADE")
        connection.execute("CREATE SCHEMA crm")
        connection.execute(
            """CREATE TABLE crm.tickets (id bigint, customer uuid, created timestamptz,
            solved timestamp, complaint boolean, cost numeric(10, 2), topic text, articles text[],
            state varchar(10))"""
        )
        connection.execute(
            """INSERT INTO crm.tickets VALUES
            (2, '00000000-0000-0000-0000-00000000000b', '2026-07-01 12:00:00.25+02',
             '2026-07-02 09:00', true, 12.30, E'late,\nagain "here"', '{k1,"k 2"}', 'open'),
            (1, '00000000-0000-0000-0000-00000000000a', '2026-07-01 00:00+00', 'infinity',
             NULL, NULL, '', NULL, 'open'),
            (3, NULL, '2026-08-01 00:00+00', NULL, false, 0.1, NULL, '{}', 'test')"""
        )
        yield connection
        connection.execute("DROP SCHEMA crm CASCADE")


def source(variable: str, **settings: Any) -> dict[str, Any]:
    origin = {} if "query" in settings else {"relation": "crm.tickets"}
    return {
        "reader": "database",
        "table": "tickets",
        "url_variable": variable,
        "time_zone": "Europe/Berlin",
        "columns": COLUMNS,
        **origin,
        **settings,
    }


@pytest.fixture
def delivery(tmp_path: Path) -> Delivery:
    return Delivery(tmp_path)


def rows(delivery: Delivery) -> dict[str, dict[str, Any]]:
    import pyarrow.parquet as pq

    table = pq.read_table(delivery.folder / "workspace" / "1_load" / "tickets.parquet")
    return {row["ticket_id"]: row for row in table.to_pylist()}


def test_every_type_arrives_as_it_was(crm: Any, postgres_variable: str, delivery: Delivery) -> None:
    loaded = delivery.load(source(postgres_variable))
    first, second, third = (rows(delivery)[id] for id in "123")
    assert second["created_at"] == datetime(2026, 7, 1, 10, 0, 0, 250_000, tzinfo=UTC)
    assert second["solved_at"] == datetime(2026, 7, 2, 7, tzinfo=UTC), "a Berlin clock"
    assert (second["cost"], second["category"]) == (12.3, 'late,\nagain "here"')
    assert (second["is_complaint"], third["is_complaint"]) == (True, False)
    assert second["kb_article_ids"] == ["k1", "k 2"]
    assert first["customer_id"] == "00000000-0000-0000-0000-00000000000a"
    assert (first["solved_at"], first["cost"], first["kb_article_ids"]) == (None, None, None)
    (received,) = loaded.inputs.to_dict("records")
    assert (received["path"], received["rows"]) == (f"{postgres_variable}, crm.tickets", 3)


def test_the_ledger_is_that_of_a_file(crm: Any, postgres_variable: str, delivery: Delivery) -> None:
    kept = {"column": "state", "not_in": ["test"]}
    loaded = delivery.load(source(postgres_variable, filter=[kept]))
    (entry,) = loaded.ledger.to_dict("records")
    assert entry == {"table": "tickets", "received": 3, "row filter": 1, "loaded": 2}


def test_a_query_may_stand_for_the_table(
    crm: Any, postgres_variable: str, delivery: Delivery
) -> None:
    query = "SELECT * FROM crm.tickets WHERE complaint IS NOT NULL;"
    delivery.load(source(postgres_variable, query=query))
    assert set(rows(delivery)) == {"2", "3"}


def test_the_order_of_rows_in_the_database_means_nothing(
    crm: Any, postgres_variable: str, delivery: Delivery
) -> None:
    hashes = delivery.load(source(postgres_variable)).inputs["sha256"][0]
    crm.execute("CREATE TABLE crm.other AS SELECT * FROM crm.tickets ORDER BY id DESC")
    again = delivery.load(source(postgres_variable, relation="crm.other")).inputs["sha256"][0]
    assert hashes == again


def test_an_audit_is_made_anew_when_a_row_changes_and_only_then(
    crm: Any, postgres_variable: str
) -> None:
    (entry,), _ = parse_sources([source(postgres_variable)], "engagement.toml")
    before = database_hashes([entry])
    assert database_hashes([entry]) == before
    crm.execute("UPDATE crm.tickets SET topic = 'other' WHERE id = 3")
    assert database_hashes([entry]) != before


def test_a_table_that_need_not_be_there_is_a_finding(
    crm: Any, postgres_variable: str, delivery: Delivery
) -> None:
    absent = source(postgres_variable, name="calls", relation="crm.calls", required=False)
    loaded = delivery.load(source(postgres_variable), absent)
    assert "load-not-delivered-tickets" in set(loaded.findings["id"])


@pytest.mark.parametrize(
    ("settings", "error", "says"),
    [
        (
            {"relation": "crm.ticket"},
            UnreadableData,
            "the database has no table or view named 'crm.ticket'",
        ),
        ({"query": "SELECT nothing FROM crm.tickets"}, UnreadableData, '"nothing" does not exist'),
        ({"query": "DELETE FROM crm.tickets"}, UnreadableData, "the database refuses it"),
        (
            {"columns": {**COLUMNS, "category": "topik"}},
            EngagementError,
            "no header 'topik' in CXAUDIT_TEST_POSTGRES_URL, crm.tickets. Did you mean 'topic'?",
        ),
        (
            {"time_zone": None},
            UnreadableData,
            "column solved_at: 1 time(s) carry no offset and no zone is declared",
        ),
    ],
)
def test_what_is_wrong_is_said(
    crm: Any,
    postgres_variable: str,
    delivery: Delivery,
    settings: dict[str, Any],
    error: type[CxauditError],
    says: str,
) -> None:
    with pytest.raises(error) as raised:
        delivery.load(source(postgres_variable, **settings))
    assert says in str(raised.value)
    assert crm.execute("SELECT count(*) FROM crm.tickets").fetchone() == (3,)


def test_a_value_that_fails_is_not_shown(
    crm: Any, postgres_variable: str, delivery: Delivery
) -> None:
    with pytest.raises(UnreadableData) as raised:
        delivery.load(source(postgres_variable, query="SELECT topic::int FROM crm.tickets"))
    assert "InvalidTextRepresentation" in str(raised.value)
    assert "again" not in str(raised.value)


def test_a_source_has_one_origin(postgres_variable: str) -> None:
    sources, problems = parse_sources(
        [source(postgres_variable, relation="a", query="SELECT 1")], "engagement.toml"
    )
    assert not sources
    assert "exactly one of 'relation' (a table or view) or 'query'" in str(problems[0])


def test_a_url_has_no_place_in_a_source() -> None:
    _, problems = parse_sources([source("postgresql://u:hunter2@h/d")], "engagement.toml")
    assert "name of an environment variable" in str(problems[0])
    assert "hunter2" not in str(problems[0])


def test_a_source_keeps_what_a_file_source_has(postgres_variable: str) -> None:
    (entry,), _ = parse_sources([source(postgres_variable, missing=["?"])], "engagement.toml")
    assert isinstance(entry, DatabaseSource)
    as_file = entry.as_file("somewhere.parquet")
    assert (as_file.table, as_file.name, as_file.missing) == ("tickets", "tickets", ("?",))
    assert as_file.columns == entry.columns
