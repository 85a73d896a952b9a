"""Cells become numbers, words, booleans and lists, or are counted as unreadable."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxaudit.readers.cells import (
    as_text,
    booleans,
    decimals,
    integers,
    lists,
    replaced,
    without,
    words_of,
)

from .conftest import Delivery


def column(*cells: Any) -> pa.ChunkedArray:
    return pa.chunked_array([pa.array(cells, pa.large_string())])


@pytest.mark.parametrize(
    ("cell", "decimal", "thousands", "expected"),
    [
        ("1.5", ".", None, 1.5),
        ("1,5", ",", None, 1.5),
        ("1.234,5", ",", ".", 1234.5),
        ("1 234 567", ".", " ", 1234567.0),
        ("-.5", ".", None, -0.5),
        ("+7", ".", None, 7.0),
        ("2e3", ".", None, 2000.0),
        ("3.", ".", None, 3.0),
        ("1.23", ",", ".", None),
        ("1,5", ".", None, None),
        ("12 s", ".", None, None),
        ("nan", ".", None, None),
        ("inf", ".", None, None),
        ("1.2.3", ".", None, None),
    ],
)
def test_numbers(cell: str, decimal: str, thousands: str | None, expected: float | None) -> None:
    cells = decimals(column(cell, None), decimal, thousands)
    assert cells.values.to_pylist() == [expected, None]
    assert cells.unreadable.tolist() == [expected is None, False]


def test_whole_numbers_refuse_fractions_and_what_a_double_cannot_hold() -> None:
    cells = integers(column("3", "3.0", "3.5", "99999999999999999999", None))
    assert cells.values.to_pylist() == [3, 3, None, None, None]
    assert cells.unreadable.tolist() == [False, False, True, True, False]


def test_boolean_words_are_compared_without_case() -> None:
    cells = booleans(column("Yes", "FALSE", "0", "maybe", None))
    assert cells.values.to_pylist() == [True, False, False, None, None]
    assert cells.unreadable.tolist() == [False, False, False, True, False]
    assert booleans(column("Ja", "nein"), ("ja",), ("nein",)).values.to_pylist() == [True, False]


def test_words_are_recognised_in_any_writing_and_others_become_unknown() -> None:
    cells = words_of(column("On Hold", "on-hold", "open", "lost", None), ("open", "on_hold"))
    assert cells.values.to_pylist() == ["on_hold", "on_hold", "open", None, None]
    assert cells.unreadable.tolist() == [False, False, False, True, False]
    assert words_of(column("lost"), ("open", "unknown")).values.to_pylist() == ["unknown"]


def test_lists_in_both_writings() -> None:
    cells = lists(column("a; b;", '["a", "b"]', "[]", "one", None))
    assert cells.values.to_pylist() == [["a", "b"], ["a", "b"], [], ["one"], None]
    assert lists(column("a|b"), "|").values.to_pylist() == [["a", "b"]]


def test_value_maps_keep_or_replace_other_words() -> None:
    kept, decided = replaced(column("1", "2", "", None), {"1": "low", "": "x"}, None)
    assert kept.to_pylist() == ["low", "2", "x", None]
    assert not decided.any()
    changed, decided = replaced(column("1", "2", "3", None), {"1": "low", "3": ""}, "other")
    assert changed.to_pylist() == ["low", "other", None, None]
    assert decided.tolist() == [False, True, False, False]


def test_blank_cells_and_markers_are_missing() -> None:
    assert without(as_text(column(" a ", "  ", "NULL", None)), ("NULL",)).to_pylist() == [
        "a",
        None,
        None,
        None,
    ]


@given(st.lists(st.none() | st.integers(-(2**53), 2**53)))
def test_whole_numbers_survive_their_own_writing(numbers: list[int | None]) -> None:
    text = column(*(None if n is None else str(n) for n in numbers))
    cells = integers(text)
    assert cells.values.to_pylist() == numbers
    assert not cells.unreadable.any()


@given(st.lists(st.none() | st.floats(allow_nan=False, allow_infinity=False)))
def test_doubles_survive_their_own_writing(numbers: list[float | None]) -> None:
    text = column(*(None if n is None else repr(n) for n in numbers))
    assert decimals(text).values.to_pylist() == numbers


def test_an_unknown_word_is_counted_and_read_as_unknown_where_the_column_has_it(
    client: Delivery,
) -> None:
    client.deliver(
        "tickets.csv",
        "id,customer,created,status,priority\n1,a,2026-07-01,lost,top\n2,b,2026-07-01,Solved,low\n",
    )
    client.tickets(columns={"status": "status", "priority": "priority"})
    assert client.cells("status") == ["unknown", "solved"]
    assert client.cells("priority") == [None, "low"]
    assert client.findings() == {
        "load-unmapped-tickets-priority": 1,
        "load-unmapped-tickets-status": 1,
    }


def test_an_unknown_word_in_an_obligatory_column_leaves_the_row_out(client: Delivery) -> None:
    client.deliver(
        "tickets.csv", "id,customer,created,via\n1,a,2026-07-01,fax\n2,b,2026-07-01,email\n"
    )
    client.tickets(columns={"channel": "via"})
    assert client.cells("ticket_id") == ["2"]
    assert client.ledger()["excluded"] == {"unreadable": 1}
    client.tickets(columns={"channel": {"from": "via", "values": {"fax": "web_form"}}})
    assert client.cells("channel") == ["web_form", "email"]
    otherwise = {"from": "via", "values": {"email": "email"}, "otherwise": "phone"}
    client.tickets(columns={"channel": otherwise})
    assert client.cells("channel") == ["phone", "email"]
    assert client.findings() == {"load-otherwise-tickets-channel": 1}


def test_words_a_value_map_may_not_give_are_refused_before_reading(client: Delivery) -> None:
    from cxaudit.errors import EngagementError

    client.deliver("tickets.csv", "id,customer,created,via\n1,a,2026-07-01,mail\n")
    with pytest.raises(EngagementError, match="'e-mail' is not a word of this column. Did you"):
        client.tickets(columns={"channel": {"from": "via", "values": {"mail": "e-mail"}}})


def test_missing_markers_numbers_and_booleans_by_column(client: Delivery) -> None:
    client.deliver(
        "tickets.csv",
        "id;customer;created;cost;spam;reopens\n1;?;2026-07-01;1.234,50;ja;2\n2;b;2026-07-01;?;nein;many\n",
    )
    client.tickets(
        delimiter=";",
        decimal=",",
        thousands=".",
        missing="?",
        true_words=["ja"],
        false_words=["nein"],
        columns={
            "cost": "cost",
            "is_spam": "spam",
            "reopen_count": {"from": "reopens", "missing": ["many"]},
        },
    )
    assert client.cells("customer_id") == [None, "b"]
    assert client.cells("cost") == [1234.5, None]
    assert client.cells("is_spam") == [True, False]
    assert client.cells("reopen_count") == [2, None]
    assert not client.findings()


def test_unreadable_cells_become_null_and_are_counted_without_their_content(
    client: Delivery,
) -> None:
    client.deliver("tickets.csv", "id,customer,created,cost\n1,a,2026-07-01,secret\n")
    client.tickets(columns={"cost": "cost"})
    assert client.cells("cost") == [None]
    assert client.findings() == {"load-unreadable-cell-tickets-cost": 1}
    assert "secret" not in str(client.result)


def test_a_number_that_is_none_is_missing():
    """Parquet and Excel may hold 'not a number' where a cell is empty."""
    column = pa.chunked_array([[1.5, float("nan"), None]])
    assert decimals(column).values.to_pylist() == [1.5, None, None], "not a number is no value"
