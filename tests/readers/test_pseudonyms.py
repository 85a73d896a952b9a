"""Ids of people become pseudonyms while loading, with the client's salt, and nothing else does."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from cxaudit.contracts.canonical import PLACEHOLDERS, canonical_tables
from cxaudit.engagement import Actors
from cxaudit.errors import EngagementError
from cxaudit.load import Loaded, load
from cxaudit.privacy import Privacy, Salt
from cxaudit.readers.extract import Extract, wide_schema
from cxaudit.readers.pseudonyms import pseudonymised

from .conftest import TICKET_COLUMNS, Delivery

VARIABLE, SALT = "CXAUDIT_TEST_SALT", "pepper and thyme, 2026"
TICKETS: dict[str, Any] = {
    "table": "tickets",
    "path": "tickets.csv",
    "time_zone": "UTC",
    "columns": {**TICKET_COLUMNS, "assignee_id": "agent"},
}
MESSAGES: dict[str, Any] = {
    "table": "messages",
    "path": "messages.csv",
    "time_zone": "UTC",
    "columns": {
        "message_id": "id",
        "ticket_id": "ticket",
        "at": "at",
        "author_type": {"constant": "agent"},
        "author_id": "author",
        "is_public": {"constant": True},
        "is_auto": {"constant": False},
        "text": "text",
    },
}


@pytest.fixture(autouse=True)
def salt(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The client's salt in the environment."""
    monkeypatch.setenv(VARIABLE, SALT)
    yield


def pseudonym(id: str) -> str:
    """The pseudonym of an id, worked out from the definition."""
    return hmac.new(SALT.encode(), id.encode(), hashlib.sha256).hexdigest()[:16]


def load_salted(
    client: Delivery, *sources: dict[str, Any], actors: Actors | None = None, salted: bool = True
) -> Loaded:
    """Load the sources with the salt, and with authors named by the engagement."""
    run = client.run(*sources)
    named = {
        "privacy": Privacy(salt_variable=VARIABLE if salted else None),
        "delivered_actors": actors or Actors(),
    }
    return load(replace(run, engagement=run.engagement.model_copy(update=named)))


def deliver_tickets(client: Delivery, *customers: str) -> None:
    rows = "".join(f"{n},{c},2026-07-01,jane\n" for n, c in enumerate(customers))
    client.deliver("tickets.csv", "id,customer,created,agent\n" + rows)


def test_a_pseudonym_is_what_the_data_team_can_work_out_itself(client: Delivery) -> None:
    deliver_tickets(client, "ann@example.com")
    load_salted(client, TICKETS)
    assert client.cells("customer_id") == [pseudonym("ann@example.com")]
    assert client.cells("ticket_id") == ["0"], "a ticket is nobody"


def test_one_id_has_one_pseudonym_in_every_table(client: Delivery) -> None:
    deliver_tickets(client, "c1", " c1 ", "c2")
    client.deliver("messages.csv", "id,ticket,at,author,text\n1,0,2026-07-02,jane,hello c1\n")
    load_salted(client, TICKETS, MESSAGES)
    one, same, other = client.cells("customer_id")
    assert one == same != other
    assert client.cells("author_id", "messages") == [client.cells("assignee_id")[0]]
    assert client.cells("text", "messages") == ["hello c1"], "words stay what they are"


@pytest.mark.parametrize("nobody", [word for word in PLACEHOLDERS if word] + ["Unknown", "NULL"])
def test_ids_that_name_nobody_stay(client: Delivery, nobody: str) -> None:
    deliver_tickets(client, nobody, "", "c1")
    load_salted(client, TICKETS)
    assert client.cells("customer_id") == [nobody, None, pseudonym("c1")]


def test_lists_are_changed_element_by_element() -> None:
    schema = wide_schema(canonical_tables()["channel_catalogue"])
    rows = pa.table(
        {"observer_ids": pa.array([["a", "b"], None, [], ["b", "0"]], pa.list_(pa.string()))}
    )
    assert schema.field("observer_ids").type == rows.schema.field("observer_ids").type
    extract = Extract("channel_catalogue", rows.slice(0, 4), 4)
    made, _ = pseudonymised(extract, Privacy(salt_variable=VARIABLE).salt(), settings())
    a, b = pseudonym("a"), pseudonym("b")
    assert made.rows["observer_ids"].to_pylist() == [[a, b], None, [], [b, "0"]]


def settings() -> Any:
    """An engagement with the salt and nobody named."""
    client = Delivery(Path("nowhere"))
    run = client.run(TICKETS)
    return run.engagement.model_copy(update={"privacy": Privacy(salt_variable=VARIABLE)})


def test_the_value_of_an_event_is_an_id_only_where_the_assignee_changed(client: Delivery) -> None:
    client.deliver(
        "events.csv",
        "id,ticket,at,type,old,new\n"
        "1,0,2026-07-01,assignee,jane,john\n2,0,2026-07-02,status,open,solved\n",
    )
    columns = {"event_id": "id", "ticket_id": "ticket", "at": "at", "type": "type"}
    columns |= {"from_value": "old", "to_value": "new", "actor_type": {"constant": "agent"}}
    source = {"table": "ticket_events", "path": "events.csv", "time_zone": "UTC"}
    load_salted(client, {**source, "columns": columns})
    values = zip(
        client.cells("from_value", "ticket_events"),
        client.cells("to_value", "ticket_events"),
        strict=True,
    )
    assert list(values) == [(pseudonym("jane"), pseudonym("john")), ("open", "solved")]


def test_who_is_a_bot_is_decided_on_the_delivered_id(client: Delivery) -> None:
    client.deliver(
        "messages.csv",
        "id,ticket,at,author,text\n1,0,2026-07-02,Helper-Bot 2,x\n2,0,2026-07-02,17,x\n"
        "3,0,2026-07-02,abbot,x\n4,0,2026-07-02,left,x\n",
    )
    actors = Actors(bot_ids=("17",), bot_patterns=("*-bot*",), former_agent_ids=("left",))
    load_salted(client, MESSAGES, actors=actors)
    bot, named, abbot, former = client.cells("author_id", "messages")
    assert bot == "bot-" + pseudonym("Helper-Bot 2")
    assert named == "bot-" + pseudonym("17")
    assert (abbot, former) == (pseudonym("abbot"), pseudonym("left"))
    carried = settings().model_copy(update={"delivered_actors": actors}).actors
    assert carried.former_agent_ids == (former,)
    assert carried.bot_patterns == ("bot-" + 16 * "?",), "no pattern of the client's is left"


def test_without_a_salt_ids_stay_and_the_load_says_so(client: Delivery) -> None:
    deliver_tickets(client, "c1", "c2")
    load_salted(client, TICKETS, salted=False)
    assert client.cells("customer_id") == ["c1", "c2"]
    assert client.findings("as-delivered") == {"load-ids-as-delivered": 4}


@pytest.mark.parametrize(
    ("id", "reaches"),
    [
        ("ann.other@mail.example.com", True),
        ("+49 30 1234567", True),
        ("tel:+15550100123", True),
        ("(555) 010-0199", True),
        ("360012345678", False),
        ("2026-07-01", False),
        ("a@b", False),
        ("c-1", False),
        ("00123456789", False),
    ],
)
def test_addresses_and_telephone_numbers_are_warned_of(
    client: Delivery, id: str, reaches: bool
) -> None:
    deliver_tickets(client, id, "c1")
    load_salted(client, TICKETS, salted=False)
    assert client.findings("reach-people") == ({"load-ids-that-reach-people": 1} if reaches else {})
    (*_, warned) = [f for f in client.result["findings"] if f["table"] == ""]
    assert id not in warned["message"]
    load_salted(client, TICKETS)
    assert client.findings("reach-people") == {}


def test_a_short_salt_is_warned_of(client: Delivery, monkeypatch: pytest.MonkeyPatch) -> None:
    deliver_tickets(client, "c1")
    load_salted(client, TICKETS)
    assert client.findings("salt") == {}
    monkeypatch.setenv(VARIABLE, "pepper")
    load_salted(client, TICKETS)
    assert client.findings("salt") == {"load-short-salt": 1}
    assert "pepper" not in json.dumps(client.result)


def test_a_variable_that_is_not_set_is_refused_before_anything_is_read(
    client: Delivery, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(VARIABLE)
    with pytest.raises(EngagementError, match=f"variable {VARIABLE} is not set"):
        load_salted(client, TICKETS)


def test_every_personal_column_says_whether_it_holds_ids() -> None:
    held = {
        f"{table.name}.{column.name}": column.pseudonymised
        for table in canonical_tables().values()
        for column in table.columns.values()
        if column.personal or column.pseudonymised
    }
    words = {name for name, given in held.items() if not given}
    assert words == {
        "customers.preferred_name",
        "messages.text",
        "social_mentions.text",
        "surveys.comment",
    }
    missing = {
        name
        for name in held
        if name.endswith(("customer_id", "agent_id", "author_id")) and held[name] is not True
    }
    assert not missing, f"ids of people that would stay: {missing}"


def test_a_million_cells_of_few_people_take_no_time_worth_naming() -> None:
    cells = pa.chunked_array([pa.array([f"c{n % 1000}" for n in range(200_000)])] * 5)
    made: list[str] = []

    class Counted(Salt):
        def pseudonym(self, id: str) -> str:
            made.append(id)
            return super().pseudonym(id)

    rows = pa.table({"customer_id": cells.cast(pa.large_string())})
    pseudonymised(Extract("tickets", rows, len(cells)), Counted(SALT.encode()), settings())
    assert len(made) == 1000, "each id is changed once, however often it occurs"


def test_the_files_hold_no_id_as_delivered(client: Delivery) -> None:
    people = [f"person-{n}@example.com" for n in range(50)]
    deliver_tickets(client, *people)
    load_salted(client, TICKETS)
    held = {str(cell) for row in pq.read_table(client.file("tickets")).to_pylist() for cell in row}
    assert not held & {*people, "jane"}
    assert "example.com" not in json.dumps(client.result)
