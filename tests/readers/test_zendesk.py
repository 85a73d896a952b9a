"""Zendesk's tables in Fivetran's layout, in a folder made by hand."""

from __future__ import annotations

from typing import Any
from zoneinfo import available_timezones

import pytest

from cxaudit.errors import EngagementError, UnreadableData
from cxaudit.readers.layouts.zendesk.zones import ZONES

from .conftest import Delivery

TICKET_HEADER = (
    "id,_fivetran_deleted,created_at,requester_id,submitter_id,assignee_id,status,priority,"
    "via_channel,merged_ticket_ids,topic,via_followup_source_id\n"
)
TABLES = {
    "ticket_data.csv": TICKET_HEADER
    + """1,false,2026-07-01 10:00:00,100,100,10,hold,high,web,[],billing,
2,false,2026-07-01 11:00:00,100,10,10,solved,,voice,"[3, 4]",billing,
3,false,2026-07-01 12:00:00,101,101,,closed,low,pigeon,[],,
4,false,2026-07-01 12:30:00,101,101,,closed,low,,[],,1
5,true,2026-07-01 13:00:00,101,101,,deleted,low,email,[],,
6,false,2026-07-01 14:00:00,999,999,,new,low,email,[],,
7,false,2026-07-01 15:00:00,101,101,,closed,low,email,,,
""",
    "ticket_comment_data.csv": """id,ticket_id,user_id,created,public,body
51,1,100,2026-07-01 10:00:00,true,help
52,1,10,2026-07-01 10:05:00,false,note
53,1,11,2026-07-01 10:06:00,true,answer
54,1,101,2026-07-01 10:07:00,true,copied in
55,6,999,2026-07-01 14:00:00,true,spam
""",
    "ticket_field_history_data.csv": """field_name,ticket_id,updated,user_id,value
status,1,2026-07-01 10:00:00,100,new
status,1,2026-07-01 10:05:00,10,open
status,1,2026-07-01 10:05:00,10,hold
status,1,2026-07-01 10:05:00,10,hold
priority,1,2026-07-01 10:00:00,100,high
assignee_id,1,2026-07-01 10:01:00,,10
status,1,2026-07-03 10:05:00,-1,solved
satisfaction_score,1,2026-07-01 10:05:00,100,good
""",
    "ticket_tag_data.csv": "tag,ticket_id\nclosed_by_merge,7\nclosed_by_merge,3\nvip,1\n",
    "user_data.csv": """id,role,created_at,locale
10,agent,2019-01-01 00:00:00,en-US
11,admin,2019-01-01 00:00:00,en-US
100,end-user,2020-01-01 00:00:00,it
101,end-user,2020-01-01 00:00:00,en-US
""",
    "group_data.csv": "id,name,_fivetran_deleted\n1,Front,FALSE\n2,Gone,TRUE\n",
    "schedule_data.csv": """id,time_zone,start_time,end_time,created_at,_fivetran_deleted
8,Pacific Time (US & Canada),1980,2460,2019-02-01 00:00:00,false
9,Europe/Rome,0,10080,2019-01-01 00:00:00,false
""",
    "schedule_holiday_data.csv": """schedule_id,name,start_date,end_date,_fivetran_deleted
8,Year's end,2026-12-31,2027-01-02,false
8,Withdrawn,2026-05-01,2026-05-01,true
""",
    "ticket_schedule_data.csv": "ticket_id,schedule_id,created_at\n1,8,2026-07-01 10:00:00\n",
}
SOURCE = {"reader": "zendesk", "path": "export"}


@pytest.fixture
def desk(client: Delivery) -> Delivery:
    """A client who delivered every table."""
    for name, text in TABLES.items():
        client.deliver(f"export/{name}", text)
    return client


def by_id(client: Delivery, table: str, key: str, *columns: str) -> dict[str, Any]:
    """Cells of a table by their row's id, alone or as a tuple."""
    rows = client.rows(table)
    cells = {row[key]: tuple(row[column] for column in columns) for row in rows}
    return {key: found[0] if len(columns) == 1 else found for key, found in cells.items()}


def test_tickets(desk: Delivery) -> None:
    desk.load(SOURCE)
    tickets = {n: by_id(desk, "tickets", "ticket_id", n) for n in desk.rows("tickets")[0]}
    assert tickets["customer_id"]["1"] == "100"
    assert tickets["customer_id"]["6"] is None, "a requester no user is known by is missing"
    assert [*tickets["created_by"].values()] == ["customer", "agent", *["customer"] * 5]
    assert [*tickets["channel"].values()] == [
        *("web_form", "phone", "web_form", "web_form"),
        *("email", "email", "email"),
    ]
    assert [*tickets["status"].values()] == [
        *("on_hold", "solved", "closed", "closed", "unknown", "new", "closed"),
    ]
    assert [*tickets["is_deleted"].values()] == [False] * 4 + [True, False, False]
    assert [*tickets["merged_into"].values()] == [None, None, "2", "2", None, None, "unknown"]
    assert tickets["created_at"]["1"].isoformat() == "2026-07-01T10:00:00+00:00"
    assert desk.findings() == {
        "load-otherwise-tickets-channel": 1,
        "load-unknown-requester-tickets-customer_id": 1,
    }


def test_columns_that_were_not_delivered_are_not_called_supplied(desk: Delivery) -> None:
    desk.load(SOURCE)
    supplied = desk.ledger("tickets")["supplied"]
    assert "group_id" not in supplied
    assert "solved_at" not in supplied
    assert "merged_into" in supplied


def test_channels_and_further_columns_are_the_engagements_to_say(desk: Delivery) -> None:
    settings = {
        "channels": {"web": "chat", "pigeon": "social"},
        "default_channel": "messaging",
        "ticket_columns": {"category": "topic"},
    }
    desk.load({**SOURCE, **settings})
    channels = by_id(desk, "tickets", "ticket_id", "channel")
    assert (channels["1"], channels["3"], channels["4"]) == ("chat", "social", "messaging")
    assert by_id(desk, "tickets", "ticket_id", "category")["1"] == "billing"


def test_a_follow_up_names_the_ticket_it_follows(desk: Delivery) -> None:
    desk.load(SOURCE)
    followed = by_id(desk, "tickets", "ticket_id", "follow_up_of")
    assert followed == {**dict.fromkeys("123567"), "4": "1"}


def test_authors_of_messages(desk: Delivery) -> None:
    desk.load(SOURCE)
    assert by_id(desk, "messages", "message_id", "author_type", "is_public") == {
        "51": ("customer", True),
        "52": ("agent", False),
        "53": ("agent", True),
        "54": ("customer", True),
        "55": ("third_party", True),
    }
    assert set(desk.cells("is_auto", "messages")) == {False}


def test_changes_know_the_value_before_them_even_within_one_second(desk: Delivery) -> None:
    desk.load(SOURCE)
    changes = by_id(desk, "ticket_events", "event_id", "from_value", "to_value", "actor_type")
    assert changes == {
        "1-assignee_id-0001": (None, "10", "system"),
        "1-priority-0001": (None, "high", "customer"),
        "1-status-0001": (None, "new", "customer"),
        "1-status-0002": ("new", "open", "agent"),
        "1-status-0003": ("open", "on_hold", "agent"),
        "1-status-0004": ("on_hold", "solved", "system"),
    }
    assert desk.ledger("ticket_events")["excluded"] == {"exact duplicate": 1, "row filter": 1}


def test_users_groups_and_schedules(desk: Delivery) -> None:
    desk.load({**SOURCE, "team": "front"})
    assert by_id(desk, "agents", "agent_id", "team_id") == {"10": "front", "11": "front"}
    assert by_id(desk, "customers", "customer_id", "language") == {"100": "it", "101": "en-US"}
    assert by_id(desk, "groups", "group_id", "name") == {"1": "Front"}
    assert by_id(desk, "schedules", "schedule_id", "time_zone", "is_default") == {
        "8": ("America/Los_Angeles", False),
        "9": ("Europe/Rome", True),
    }
    assert [str(day) for day in desk.cells("date", "schedule_holidays")] == [
        *("2026-12-31", "2027-01-01", "2027-01-02"),
    ]
    assert desk.ledger("schedule_holidays")["excluded"] == {"row filter": 1}
    assert desk.cells("schedule_id", "ticket_schedules") == ["8"]


def test_tables_without_the_suffix_and_missing_tables(client: Delivery) -> None:
    client.deliver("export/ticket.csv", "id,created_at,requester_id\n1,2026-07-01 10:00:00,100\n")
    client.load(SOURCE)
    assert list(client.result["tables"]) == ["tickets"]
    (ticket,) = client.rows()
    assert (ticket["customer_id"], ticket["created_by"]) == ("100", "system")


def test_order_of_rows_means_nothing(desk: Delivery) -> None:
    tables = ("tickets", "messages", "ticket_events", "schedules", "schedule_holidays")
    desk.load(SOURCE)
    before = [desk.file(table).read_bytes() for table in tables]
    for name, text in TABLES.items():
        header, *rows = text.splitlines(keepends=True)
        desk.deliver(f"export/{name}", header + "".join(rows[::-1]))
    desk.load(SOURCE)
    assert [desk.file(table).read_bytes() for table in tables] == before


def test_mistakes_are_named(desk: Delivery) -> None:
    with pytest.raises(EngagementError) as caught:
        desk.load({**SOURCE, "channels": {"web": "webform"}, "ticket_columns": {"categry": "x"}})
    assert "'webform' is no channel. Did you mean 'web_form'?" in str(caught.value)
    assert "no column 'categry'. Did you mean 'category'?" in str(caught.value)
    with pytest.raises(EngagementError, match="no column 'topc'. Did you mean 'topic'?"):
        desk.load({**SOURCE, "ticket_columns": {"category": "topc"}})
    with pytest.raises(UnreadableData, match="no table 'ticket' in elsewhere"):
        desk.load({**SOURCE, "path": "elsewhere"})


def test_every_zone_zendesk_names_exists() -> None:
    assert not set(ZONES.values()) - available_timezones()
    assert ZONES["Eastern Time (US & Canada)"] == "America/New_York"


def test_a_table_that_comes_in_parts_is_read_whole(desk: Delivery) -> None:
    whole = desk.load(SOURCE).ledger.to_dict("records")
    header, *rows = TABLES["ticket_comment_data.csv"].splitlines(keepends=True)
    desk.deliver("export/ticket_comment_data.csv", header + "".join(rows[:2]))
    desk.deliver("export/ticket_comment_data_2.csv", header + "".join(rows[2:]))
    assert desk.load(SOURCE).ledger.to_dict("records") == whole, "a part was not read"
