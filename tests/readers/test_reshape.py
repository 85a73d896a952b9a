"""Delivered rows are filtered, joined, looked up and turned before they become a table."""

from __future__ import annotations

from typing import Any

import pytest

from cxaudit.errors import EngagementError

from .conftest import TICKET_COLUMNS, Delivery

LOG = """id,customer,created,state,changes
1,a,2026-07-01,new,0
1,a,2026-07-01,solved,2
1,a,2026-07-01,open,1
2,b,2026-07-02,open,10
2,b,2026-07-02,new,9
"""
MESSAGES = """id,ticket,at,author,text
m1,1,2026-07-01T10:00:00Z,ann,help
m2,1,2026-07-01T11:00:00Z,bob,try this
m3,2,2026-07-01T12:00:00Z,ann,me too
m4,9,2026-07-01T13:00:00Z,ann,lost
m5,2,2026-07-01T14:00:00Z,,whose
"""
MESSAGE_COLUMNS: dict[str, Any] = {
    "message_id": "id",
    "ticket_id": "ticket",
    "at": "at",
    "author_id": "author",
    "author_type": {
        "from": "author",
        "equals": "requester",
        "then": "customer",
        "otherwise": "agent",
    },
    "is_public": {"constant": True},
    "is_auto": {"constant": False},
}


def test_only_rows_that_meet_the_conditions_are_loaded(client: Delivery) -> None:
    client.deliver("tickets.csv", LOG + "3,c,2026-07-03,,\n")
    for condition, expected in [
        ({"in": ["solved", "new"]}, {"new", "solved"}),
        ({"not_in": ["new", "solved"]}, {"open", None}),
        ({"empty": True}, {None}),
        ({"empty": False, "not_in": "new"}, {"open", "solved"}),
    ]:
        client.tickets(filter=[{"column": "state", **condition}], columns={"status": "state"})
        assert set(client.cells("status")) == expected, condition
    client.tickets(
        filter=[{"column": "changes", "at_least": 1, "below": 10}], columns={"status": "state"}
    )
    assert sorted(client.cells("status")) == ["new", "open", "solved"]
    assert client.ledger()["excluded"] == {"row filter": 3}


def test_the_latest_row_of_each_key_stays(client: Delivery) -> None:
    client.deliver("tickets.csv", LOG)
    latest = {"per": "id", "by": "changes", "as": "number"}
    client.tickets(latest=latest, columns={"status": "state"})
    assert client.cells("status") == ["solved", "open"]
    assert client.ledger()["excluded"] == {"older row of the same key": 3}
    assert not client.findings()


def test_latest_by_time_keeps_ties_and_counts_what_it_could_not_order(client: Delivery) -> None:
    client.deliver(
        "tickets.csv",
        "id,customer,created,state\n1,a,2026-07-01,new\n1,a,2026-07-02,open\n1,a,2026-07-02,solved\n"
        "1,a,never,closed\n",
    )
    client.tickets(latest={"per": ["id", "customer"], "by": "created"}, columns={"status": "state"})
    assert client.cells("status") == ["open", "solved"]
    assert client.findings() == {"load-latest-tie-tickets": 1, "load-latest-unknown-tickets": 1}


def test_columns_become_rows(client: Delivery) -> None:
    client.deliver("surveys.csv", "id,sent,q1,q2\ns1,2026-07-01,5,9\ns2,2026-07-02,,7\n")
    source: dict[str, Any] = {
        "table": "surveys",
        "path": "surveys.csv",
        "time_zone": "UTC",
        "unpivot": {"columns": {"csat": "q1", "nps": "q2"}, "key": "question", "value": "answer"},
        "columns": {
            "invite_id": "id",
            "question_key": "question",
            "value": "answer",
            "sent_at": "sent",
        },
    }
    client.load(source)
    rows = client.rows("surveys")
    assert [(r["invite_id"], r["question_key"], r["value"]) for r in rows] == [
        ("s1", "csat", 5.0),
        ("s1", "nps", 9.0),
        ("s2", "csat", None),
        ("s2", "nps", 7.0),
    ]
    assert client.ledger("surveys")["received"] == 4
    source["unpivot"]["keep_empty"] = False
    client.load(source)
    assert client.ledger("surveys")["excluded"] == {"row filter": 1}


@pytest.mark.parametrize("place", [{"source": "tickets"}, {"path": "tickets.csv"}])
def test_the_author_is_the_customer_where_the_ticket_says_so(
    client: Delivery, place: dict[str, str]
) -> None:
    client.deliver("tickets.csv", "id,customer,created\n1,ann,2026-07-01\n2,eve,2026-07-01\n")
    client.deliver("messages.csv", MESSAGES)
    tickets = {"table": "tickets", "path": "tickets.csv", "time_zone": "UTC"}
    messages = {
        "table": "messages",
        "path": "messages.csv",
        "columns": MESSAGE_COLUMNS,
        "lookup": [{**place, "match": {"ticket": "id"}, "take": {"requester": "customer"}}],
    }
    client.load({**tickets, "columns": TICKET_COLUMNS}, messages)
    assert client.cells("author_type", "messages") == ["customer", "agent", "agent", "agent", None]
    assert client.findings() == {"load-lookup-nothing-messages": 1}


def test_a_key_with_several_answers_takes_the_first_in_order_and_is_counted(
    client: Delivery,
) -> None:
    client.deliver("people.csv", "mail,name\nx,zoe\nx,amy\ny,bob\ny,bob\n")
    client.deliver("tickets.csv", "id,customer,created\n1,x,2026-07-01\n2,y,2026-07-01\n")
    lookup = {"path": "people.csv", "match": {"customer": "mail"}, "take": {"who": "name"}}
    client.tickets(lookup=[lookup], columns={"assignee_id": "who"})
    assert client.cells("assignee_id") == ["amy", "bob"]
    assert client.findings() == {"load-lookup-several-tickets": 1}


def test_wrong_headers_of_a_lookup_are_named(client: Delivery) -> None:
    client.deliver("people.csv", "mail,name\nx,amy\n")
    client.deliver("tickets.csv", "id,customer,created\n1,x,2026-07-01\n")
    lookup = {"path": "people.csv", "match": {"custmer": "mial"}, "take": {"created": "name"}}
    with pytest.raises(EngagementError) as caught:
        client.tickets(lookup=[lookup])
    text = str(caught.value)
    assert "no header 'custmer' in tickets.csv. Did you mean 'customer'?" in text
    assert "no header 'mial' in people.csv. Did you mean 'mail'?" in text
    assert "the new column 'created' has the name of a header" in text


def test_compound_keys_and_date_plus_time(client: Delivery) -> None:
    client.deliver(
        "calls.csv",
        "line,call,date,start,exit,answered\nAA,1,990101,0:00:31,23:59:59,0:00:00\n"
        "AA,1,990102,0:00:00,0:01:00,0:00:30\n",
    )
    source = {
        "table": "calls",
        "path": "calls.csv",
        "time_zone": "Asia/Jerusalem",
        "dates": "%y%m%d %H:%M:%S",
        "columns": {
            "call_id": {"from": ["line", "call", "date"], "join": "/"},
            "channel": {"constant": "phone"},
            "queue": {"constant": "all"},
            "offered_at": {"date": "date", "time": "start"},
            "answered_at": {"date": "date", "time": "answered", "missing": "0:00:00"},
            "ended_at": {"date": "date", "time": "exit"},
        },
    }
    client.load(source)
    first, second = client.rows("calls")
    assert (first["call_id"], second["call_id"]) == ("AA/1/990101", "AA/1/990102")
    assert first["offered_at"].isoformat() == "1998-12-31T22:00:31+00:00"
    assert (first["answered_at"], second["answered_at"].minute) == (None, 0)
    assert second["offered_at"].isoformat() == "1999-01-01T22:00:00+00:00"


def test_empty_cells_can_be_given_a_word(client: Delivery) -> None:
    client.deliver("tickets.csv", "id,customer,created,ok\n1,a,2026-07-01,true\n2,b,2026-07-01,\n")
    status = {
        "from": "ok",
        "values": {"true": "solved", "false": "open"},
        "when_empty": "unknown",
    }
    client.tickets(columns={"status": status})
    assert client.cells("status") == ["solved", "unknown"]
    assert not client.findings()
