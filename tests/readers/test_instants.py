"""Times become instants by the declared format and zone, and are refused where either is open."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cxaudit.errors import UnreadableData
from cxaudit.readers.instants import days, instants
from cxaudit.readers.zones import to_utc

from .conftest import Delivery

ZONES = (
    "America/New_York",
    "Europe/London",
    "Australia/Lord_Howe",
    "Asia/Kolkata",
    "Africa/Casablanca",
    "America/Sao_Paulo",
    "Pacific/Apia",
    "UTC",
)


def read(dates: str, zone: str | None, *cells: str | None) -> list[str | None]:
    found = instants(pa.chunked_array([pa.array(cells, pa.large_string())]), dates, zone)
    return [value and value.isoformat() for value in found.values.to_pylist()]


@pytest.mark.parametrize(
    ("dates", "zone", "cell", "expected"),
    [
        ("iso", None, "2026-07-01 10:00:00 +0200", "2026-07-01T08:00:00+00:00"),
        ("iso", None, "2026-07-01T10:00:00.1234567Z", "2026-07-01T10:00:00.123456+00:00"),
        ("iso", None, "2026-07-01T10:00+05:30", "2026-07-01T04:30:00+00:00"),
        ("iso", None, "2026-07-01 10:00 UTC", "2026-07-01T10:00:00+00:00"),
        ("iso", "Europe/Rome", "2026-07-01 10:00:00", "2026-07-01T08:00:00+00:00"),
        ("iso", "Europe/Rome", "2026-07-01T10:00:00Z", "2026-07-01T10:00:00+00:00"),
        ("iso", "Europe/Rome", "2026-01-01", "2025-12-31T23:00:00+00:00"),
        ("%d/%m/%Y %H:%M", "UTC", "1/7/2026 9:05", "2026-07-01T09:05:00+00:00"),
        ("%d.%m.%y %H:%M %z", None, "01.07.26 10:00 +0200", "2026-07-01T08:00:00+00:00"),
        ("epoch_seconds", None, "1782900000", "2026-07-01T10:00:00+00:00"),
        ("epoch_seconds", None, "1782900000.5", "2026-07-01T10:00:00.500000+00:00"),
        ("epoch_milliseconds", None, "1782900000001", "2026-07-01T10:00:00.001000+00:00"),
        ("iso", None, "2026-02-30T10:00:00Z", None),
        ("iso", "UTC", "2026", None),
        ("iso", "UTC", "1/7/2026", None),
        ("%d/%m/%Y", "UTC", "31/02/2026", None),
        ("%d/%m/%Y", "UTC", "01/07/2026 10:00", None),
        ("epoch_seconds", None, "1782900000000", None),
        ("epoch_seconds", None, "soon", None),
    ],
)
def test_formats(dates: str, zone: str | None, cell: str, expected: str | None) -> None:
    found = instants(pa.chunked_array([pa.array([cell, None], pa.large_string())]), dates, zone)
    assert read(dates, zone, cell, None) == [expected, None]
    assert found.unreadable.tolist() == [expected is None, False]


def test_one_impossible_day_does_not_spoil_its_column() -> None:
    assert read("iso", None, "2026-02-30T10:00:00Z", "2026-02-28T10:00:00Z") == [
        None,
        "2026-02-28T10:00:00+00:00",
    ]


def test_dates_are_the_days_as_written() -> None:
    cells = pa.chunked_array(
        [pa.array(["2026-07-01", "2026-07-01T23:00:00-08:00", "1/7/2026"], pa.large_string())]
    )
    found = days(cells, "iso")
    assert [str(day) for day in found.values.to_pylist()] == ["2026-07-01", "2026-07-01", "None"]
    assert found.unreadable.tolist() == [False, False, True]


def microseconds(moment: datetime) -> int:
    return (moment - datetime(1970, 1, 1, tzinfo=moment.tzinfo)) // timedelta(microseconds=1)


@given(
    st.sampled_from(ZONES),
    st.lists(st.datetimes(datetime(1980, 1, 1), datetime(2037, 1, 1)), min_size=1, max_size=9),
)
@settings(deadline=None)
def test_local_times_agree_with_the_standard_library(zone: str, local: list[datetime]) -> None:
    found, _, _ = to_utc(np.array([microseconds(moment) for moment in local]), zone)
    expected = [
        microseconds(moment.replace(tzinfo=ZoneInfo(zone), fold=0).astimezone(UTC))
        for moment in local
    ]
    assert found.tolist() == expected


def test_every_half_hour_around_the_clock_changes_agrees_too() -> None:
    for zone in ZONES:
        local = [datetime(2011, 1, 1) + timedelta(minutes=30) * n for n in range(48 * 370)]
        moments = [m.replace(tzinfo=ZoneInfo(zone)) for m in local]
        found, twice, never = to_utc(np.array([microseconds(m) for m in local]), zone)
        assert found.tolist() == [microseconds(m.astimezone(UTC)) for m in moments], zone
        both = [m.utcoffset() != m.replace(fold=1).utcoffset() for m in moments]
        back = [m.astimezone(UTC).astimezone(m.tzinfo).replace(tzinfo=None) for m in moments]
        gone = [b != m for b, m in zip(back, local, strict=True)]
        assert never.tolist() == gone, zone
        assert (twice | never).tolist() == both, zone


def test_times_without_offset_and_zone_are_refused(client: Delivery) -> None:
    client.deliver(
        "tickets.csv",
        "id,customer,created,solved\n1,a,2026-07-01 10:00:00,2026-07-01 11:00\n"
        "2,b,2026-07-01T10:00:00Z,2026-07-01T11:00:00Z\n",
    )
    with pytest.raises(UnreadableData) as caught:
        client.tickets(time_zone=None, columns={"solved_at": "solved"})
    text = str(caught.value)
    assert "column created_at: 1 time(s) carry no offset and no zone is declared" in text
    assert "column solved_at: 1 time(s) carry no offset" in text
    zone = {"from": "solved", "time_zone": "Europe/Rome"}
    client.tickets(columns={"solved_at": zone})
    assert client.cells("created_at")[0].hour == 10
    assert client.cells("solved_at")[0].hour == 9


def test_times_that_happened_twice_or_never_are_counted(client: Delivery) -> None:
    client.deliver(
        "tickets.csv",
        "id,customer,created\n1,a,2026-10-25 02:30:00\n2,a,2026-03-29 02:30:00\n3,a,2026-07-01\n",
    )
    client.tickets(time_zone="Europe/Rome")
    assert [moment.isoformat() for moment in client.cells("created_at")[:2]] == [
        "2026-10-25T00:30:00+00:00",
        "2026-03-29T01:30:00+00:00",
    ]
    assert client.findings() == {
        "load-ambiguous-time-tickets-created_at": 1,
        "load-nonexistent-time-tickets-created_at": 1,
    }


def test_dates_in_two_formats_cost_the_row_or_the_cell(client: Delivery) -> None:
    client.deliver(
        "tickets.csv",
        "id,customer,created,solved\n1,a,01/07/2026,02/07/2026\n2,b,2026-07-01,02/07/2026\n"
        "3,c,03/07/2026,2026-07-04\n",
    )
    client.tickets(dates="%d/%m/%Y", columns={"solved_at": "solved"})
    assert client.cells("ticket_id") == ["1", "3"]
    assert client.cells("solved_at")[1] is None
    assert client.ledger()["excluded"] == {"unreadable": 1}
    assert client.findings() == {
        "load-unreadable-cell-tickets-solved_at": 1,
        "load-unreadable-row-tickets-created_at": 1,
    }


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (("13/07/2026", "01/02/2026"), "2026-02-01"),
        (("07/13/2026", "01/02/2026"), "2026-01-02"),
        (("2026-02-01", "2026-02-01"), "2026-02-01"),
        (("13.07.2026 10:00", "01.02.2026 11:00"), "2026-02-01"),
    ],
)
def test_auto_takes_the_one_format_that_fits(
    client: Delivery, cells: tuple[str, str], expected: str
) -> None:
    client.deliver("tickets.csv", "id,customer,created\n1,a,{}\n2,b,{}\n".format(*cells))
    client.tickets(dates="auto")
    assert client.cells("created_at")[1].date().isoformat() == expected


@pytest.mark.parametrize(
    ("cells", "why"),
    [
        (("01/02/2026", "03/04/2026"), "several formats fit"),
        (("13/02/2026", "02/13/2026"), "no one format fits every cell"),
    ],
)
def test_auto_refuses_to_guess(client: Delivery, cells: tuple[str, str], why: str) -> None:
    client.deliver("tickets.csv", "id,customer,created\n1,a,{}\n2,b,{}\n".format(*cells))
    with pytest.raises(UnreadableData, match=why):
        client.tickets(dates="auto")
