"""What cells are: times in every writing, numbers, yes and no, missing words, shapes."""

from __future__ import annotations

import re
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxaudit.proposal.shapes import LONGEST, shape
from cxaudit.proposal.times import written
from cxaudit.proposal.traits import traits


@pytest.mark.parametrize(
    ("cells", "dates", "is_aware"),
    [
        (["2026-01-02 03:04:05", "2026-11-30 23:00:00"], "iso", False),
        (["2026-01-02T03:04:05Z", "2026-11-30 23:00:00 +0000"], "iso", True),
        (["2026-01-02"], "iso", False),
        (["13/2/2026 09:11", "1/12/2026 10:00"], "%d/%m/%Y %H:%M", False),
        (["2/13/26", "12/1/26"], "%m/%d/%y", False),
        (["24.12.2026", "01.02.2026"], "%d.%m.%Y", False),
        (["3 Mar 2026", "24 Dec 2026"], "%d %b %Y", False),
        (["02/13/2026 01:02 PM"], "%m/%d/%Y %I:%M %p", False),
        (["20260102", "20261231"], "%Y%m%d", False),
        (["990102", "990131"], "%y%m%d", False),
        (["1767225600", "1767312000"], "epoch_seconds", True),
        (["1767225600000"], "epoch_milliseconds", True),
        (["9:05:00", "23:59:59"], "clock %H:%M:%S", False),
    ],
)
def test_how_times_are_written(cells: list[str], dates: str, is_aware: bool):
    found = written(cells, is_called_time=True)
    assert found is not None and (found.dates, found.is_aware) == (dates, is_aware)


def test_day_and_month_that_could_be_swapped_are_said():
    found = written(["01/02/2026", "03/04/2026"], is_called_time=True)
    assert found is not None
    assert {found.dates, found.rival} == {"%d/%m/%Y", "%m/%d/%Y"}


def test_one_day_over_twelve_decides():
    found = written(["01/02/2026", "25/04/2026"], is_called_time=True)
    assert found is not None and (found.dates, found.rival) == ("%d/%m/%Y", "")


@pytest.mark.parametrize(
    "cells", [["20260102"], ["1767225600"], ["12.5", "3.1"], ["a-b-c"], ["1/2"], ["99/99/9999"]]
)
def test_numbers_and_words_are_no_times(cells: list[str]):
    assert written(cells, is_called_time=False) is None


def test_the_extremes_of_times_are_told_in_utc():
    found = traits("at", ["2026-01-01 00:00:00 +0200", "2026-01-03T00:00:00Z", None]).written
    assert found is not None
    assert (found.first, found.last) == (datetime(2025, 12, 31, 22), datetime(2026, 1, 3))


@pytest.mark.parametrize(
    ("header", "cells", "kind"),
    [
        ("made_sla", ["true", "FALSE"], "yes or no"),
        ("ok", ["Yes", "Yes"], "yes or no"),
        ("is_open", ["1", "1"], "yes or no"),
        ("count", ["1", "1"], "integer"),
        ("gelöst", ["ja", "nein"], "yes or no"),
        ("id", ["0017", "0018"], "integer"),
        ("cost", ["1.50", "2"], "decimal"),
        ("cost", ["1.234,50", "2,00"], "decimal"),
        ("cost", ["1,234.50", "2.00"], "decimal"),
        ("tags", ["a;b", "a;"], "list"),
        ("tags", ['["a"]', "[]"], "list"),
        ("topic", ["refund", "login"], "word"),
        ("text", ["I cannot log in to my account", "The parcel has not arrived yet"], "prose"),
        ("body", ["<p>no</p>", "<p>yes</p>"], "prose"),
        ("nothing", [None, None], "empty"),
    ],
)
def test_the_kind_of_cells(header: str, cells: list[str | None], kind: str):
    assert traits(header, cells).kind == kind


def test_marks_that_say_none_are_missing():
    found = traits("resolved_at", ["?"] * 3 + ["2026-01-01 00:00:00"] * 7)
    assert found.missing == ("?",) and found.filled == 7 and found.kind == "time"


def test_a_rare_word_may_be_a_name_and_is_not_missing():
    cells = ["undefined", *(f"user{number}" for number in range(999))]
    assert traits("author", cells).missing == ()


def test_midnight_far_too_often_is_missing():
    cells = ["0:00:00"] * 40 + [f"{hour}:10:00" for hour in range(1, 24)] * 5
    assert traits("queue_start", cells).missing == ("0:00:00",)
    assert traits("queue_start", cells[39:]).missing == (), "one midnight may be one"


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("2026-07-01 09:00", "9999-99-99 99:99"),
        ("Ann.Example@example.com", "Aaa.Aaaaaaa@aaaaaaa.aaa"),
        ("+49 (30) 1234567890", "+99 (99) 99999999…"),
        ("Zürich", "Aaaaaa"),
        ("١٢٣", "999"),
        ("a\nb\x1b[31m", "a a·[99a"),
        ("\u202eabc", "·aaa"),
    ],
)
def test_a_shape_shows_letters_and_digits_as_such(cell: str, expected: str):
    assert shape(cell) == expected


@given(st.text())
def test_no_shape_tells_a_letter_or_a_digit(cell: str):
    found = shape(cell)
    told = re.sub(r"[aA9·…]", "", found)
    assert not any(letter.isalnum() for letter in told)
    assert len(found) <= LONGEST and found.isprintable()
