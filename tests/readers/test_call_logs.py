"""Logs that give a start and spans, and say by a word what came of it."""

from __future__ import annotations

from typing import Any

import pytest

from cxaudit.errors import EngagementError
from tests.readers.conftest import Delivery

LOG = """id;day;start;menu;queue;end
1;260706;23:59:50;6;20;AGENT
2;260706;10:00:00;-3;8;AGENT
3;260706;10:00:00;5;9.5;HANG
4;260706;10:00:00;5;?;AGENT
5;260706;10:00:00;5;soon;AGENT
"""
START: dict[str, Any] = {"date": "day", "time": "start"}


def calls(client: Delivery, **columns: Any) -> None:
    client.deliver("calls.csv", LOG)
    client.load(
        {
            "table": "calls",
            "path": "calls.csv",
            "delimiter": ";",
            "dates": "%y%m%d %H:%M:%S",
            "time_zone": "UTC",
            "missing": ["?"],
            "columns": {
                "call_id": "id",
                "channel": {"constant": "phone"},
                "queue": {"constant": "line"},
                "offered_at": START,
                "ended_at": START,
                **columns,
            },
        }
    )


def cells(client: Delivery, column: str) -> list[str | None]:
    return [f"{at:%d %H:%M:%S.%f}"[:13] if at else None for at in client.cells(column, "calls")]


def test_spans_are_added_to_a_time_over_midnight_and_below_a_second(client: Delivery) -> None:
    calls(client, answered_at={**START, "plus_seconds": ["menu", "queue"]})
    assert cells(client, "answered_at") == [
        "07 00:00:16.0",
        "06 10:00:08.0",
        "06 10:00:14.5",
        None,
        None,
    ]


def test_a_negative_span_counts_as_none_and_is_reported(client: Delivery) -> None:
    calls(client, answered_at={**START, "plus_seconds": "menu"})
    assert cells(client, "answered_at")[1] == "06 10:00:00.0"
    assert client.findings() == {"load-negative-span-calls-answered_at": 1}


def test_an_unreadable_span_leaves_the_cell_empty_and_is_reported(client: Delivery) -> None:
    calls(client, answered_at={**START, "plus_seconds": "queue"})
    assert client.findings() == {"load-unreadable-cell-calls-answered_at": 1}


def test_a_cell_is_empty_where_its_row_does_not_meet_the_condition(client: Delivery) -> None:
    calls(client, answered_at={**START, "where": {"column": "end", "in": ["AGENT"]}})
    assert [at is None for at in cells(client, "answered_at")] == [False, False, True, False, False]


def test_what_is_wrong_with_these_settings_is_said(client: Delivery) -> None:
    with pytest.raises(EngagementError, match="adds to a time, and this column holds none"):
        calls(client, hold_s={"from": "menu", "plus_seconds": "queue"})
    with pytest.raises(EngagementError, match="no header 'ended'"):
        calls(client, answered_at={**START, "where": {"column": "ended", "in": ["AGENT"]}})
    with pytest.raises(EngagementError, match=r"unknown key 'is'.*one of: .*in, not_in"):
        calls(client, answered_at={**START, "where": {"column": "end", "is": "AGENT"}})


def test_a_second_rule_decides_between_equally_late_rows(client: Delivery) -> None:
    client.deliver(
        "tickets.csv",
        "id,customer,created,changes,changed,state\n"
        "1,c,2026-07-01 09:00,4,2026-07-02 09:00,open\n"
        "1,c,2026-07-01 09:00,4,2026-07-03 09:00,closed\n"
        "1,c,2026-07-01 09:00,3,2026-07-04 09:00,new\n",
    )
    by_number = {"per": "id", "by": "changes", "as": "number"}
    client.tickets(latest=[by_number, {"per": "id", "by": "changed"}], columns={"status": "state"})
    assert client.cells("status") == ["closed"]
    assert client.ledger()["excluded"] == {"older row of the same key": 2}
    assert client.findings() == {}, "no key is left with several rows"
