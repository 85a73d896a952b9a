"""What is proposed about small files made by hand: columns, confidence, what is personal."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cxaudit.proposal import Proposed, entries, listing, proposed
from cxaudit.proposal.personal import why_personal
from cxaudit.proposal.traits import traits

HEAD = "ticket_id,created_at,solved_at,status,channel,customer_id,assignee_id,priority,subject"


def row(number: int) -> str:
    status = ("open", "solved", "pending")[number % 3]
    channel = ("email", "phone", "chat")[number % 3]
    priority = ("low", "high")[number % 2]
    return (
        f"{number},2026-01-{number % 28 + 1:02}T08:00:00Z,2026-02-01T08:00:00Z,{status},{channel},"
        f"c{number % 17},a{number % 5},{priority},Help me with order {number} please"
    )


def of(folder: Path, *files: tuple[str, str]) -> list[Proposed]:
    for name, text in files:
        (folder / name).write_text(text, encoding="utf-8")
    found, problems = proposed([folder / name for name, _ in files])
    assert not problems
    return found


def columns(one: Proposed) -> dict[str, str]:
    return {header: match.column for header, match in one.matches.items()}


def test_names_of_columns_with_cells_that_fit_are_proposed_with_high_confidence(tmp_path: Path):
    rows = "\n".join(map(row, range(100)))
    [one] = of(tmp_path, ("export.csv", f"{HEAD}\n{rows}\n"))
    assert one.assignment is not None and one.assignment.table == "tickets"
    expected = {name: name for name in HEAD.split(",") if name != "subject"}
    assert columns(one) == expected
    assert {match.confidence for match in one.matches.values()} == {"high"}


def test_cells_that_do_not_fit_speak_against_a_name(tmp_path: Path):
    """A column called created_at that holds names of places is no time."""
    rows = "\n".join(
        row(n).replace(f"2026-01-{n % 28 + 1:02}T08:00:00Z", "Rome") for n in range(50)
    )
    [one] = of(tmp_path, ("export.csv", f"{HEAD}\n{rows}\n"))
    assert "created_at" not in columns(one)


def test_two_headers_for_one_column_leave_neither_sure(tmp_path: Path):
    head = HEAD.replace("subject", "opened_at")
    rows = "\n".join(row(n).rsplit(",", 1)[0] + ",2026-01-02T08:00:00Z" for n in range(60))
    [one] = of(tmp_path, ("export.csv", f"{head}\n{rows}\n"))
    assert columns(one)["created_at"] == "created_at", "its own name comes first"
    assert one.matches["created_at"].confidence == "medium"
    assert "opened_at" not in columns(one), "each column is proposed once"


def test_few_rows_are_never_enough_for_high_confidence(tmp_path: Path):
    rows = "\n".join(map(row, range(6)))
    [one] = of(tmp_path, ("export.csv", f"{HEAD}\n{rows}\n"))
    assert "high" not in {match.confidence for match in one.matches.values()}


def test_a_file_with_another_tables_key_and_one_of_its_own_is_not_that_table(tmp_path: Path):
    rows = "\n".join(
        f"{n},{n % 20},2026-01-02T08:00:00Z,u{n % 7},We are on it and will write again"
        for n in range(60)
    )
    [one] = of(tmp_path, ("export.csv", f"id,ticket_id,created_at,user_id,body\n{rows}\n"))
    assert one.assignment is not None and one.assignment.table == "messages"
    assert columns(one) == {
        "id": "message_id",
        "ticket_id": "ticket_id",
        "created_at": "at",
        "user_id": "author_id",
        "body": "text",
    }


def test_keys_that_files_share_are_found(tmp_path: Path):
    tickets = "\n".join(row(n) for n in range(1000, 1100))
    parts = "\n".join(
        f"m{n},{1000 + n % 100},2026-01-02T08:00:00Z,c{n % 9},I still wait for an answer"
        for n in range(200)
    )
    found = of(
        tmp_path,
        ("tickets.csv", f"{HEAD}\n{tickets}\n"),
        ("parts.csv", f"id,belongs to,created_at,author,body\n{parts}\n"),
    )
    assert [(link.header, link.key, link.share) for link in found[1].links] == [
        ("belongs to", "ticket_id", 1.0)
    ]


def test_the_order_of_rows_and_columns_changes_nothing(tmp_path: Path):
    rows = [row(n).split(",") for n in range(80)]
    names = HEAD.split(",")
    order = list(range(len(names)))
    random.Random(1).shuffle(order)
    random.Random(2).shuffle(rows)
    mixed = "\n".join(",".join(cells[i] for i in order) for cells in [names, *rows])
    plain = "\n".join(",".join(cells) for cells in [names, *sorted(rows)])
    [one] = of(tmp_path, ("export.csv", f"{plain}\n"))
    [other] = of(tmp_path, ("export.csv", f"{mixed}\n"))
    sure = {header: match.confidence for header, match in one.matches.items()}
    assert columns(one) == columns(other)
    assert sure == {header: match.confidence for header, match in other.matches.items()}


@pytest.mark.parametrize(
    ("header", "cells", "expected"),
    [
        ("Requester e-mail", ["abc"] * 3, "e-mail"),
        ("field 7", ["ann@example.com", "bob@example.com"], "e-mail"),
        ("to_emails", ["abc"], "e-mail"),
        ("Last name", ["Example"], "name"),
        ("Phone", ["+49 30 1234567"], "telephone"),
        ("field 8", ["+49 30 1234567", "+49 30 7654321"], "telephone"),
        ("zip_code", ["10115"], "address"),
        ("IPAddress", ["192.0.2.1"], "internet address"),
        ("field 9", ["192.0.2.1", "192.0.2.2"], "internet address"),
        ("resolved_by", ["17", "18"], "a person"),
        ("author_id", ["17", "18"], "a person"),
        ("description", ["abc"], "written text"),
        ("field 10", ["I wrote to you last week", "Nobody has answered me"], "written text"),
        ("field 11", ["Ann Example", "Bob Example", "Cy Example"], "words of its own"),
        ("date of birth", ["1980-01-01"], "identity"),
        ("created_at", ["2026-01-01"], ""),
        ("customer_count", ["3", "4"], ""),
        ("author_role", ["agent", "customer"], ""),
        ("group_name", ["billing"] * 5, ""),
        ("is_spam", ["true"], ""),
        ("status", ["open"] * 9, ""),
    ],
)
def test_what_may_tell_who_somebody_is(header: str, cells: list[str], expected: str):
    assert why_personal(traits(header, cells)) == expected


# without a letter that words of ours, which may be shown, have
SECRETS = st.text("bcdfghjklmpqvwxyzäöü", min_size=6, max_size=12)


@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    names=st.lists(SECRETS, min_size=3, max_size=8, unique=True), zone=st.sampled_from(["", "UTC"])
)
def test_no_cell_of_a_personal_column_is_shown(tmp_path: Path, names: list[str], zone: str):
    """Nor of one whose words are none of ours, though it is called like a column of words."""
    head = "ticket_id,created_at,status,customer_id,solved_by,agent_name,comment,author_type,source"
    rows = "\n".join(
        f"{n},2026-01-02 08:00:00,{('open', 'closed')[n % 2]},{who},{who},{who},{who} {who} {who},"
        f"{who},{who}{n}"
        for n in range(60)
        for who in [names[n % len(names)]]
    )
    found = of(tmp_path, ("export.csv", f"{head}\n{rows}\n"))
    shown = listing(found, 120) + entries(found, tmp_path, zone)
    personal = set(found[0].personal)
    assert {"customer_id", "solved_by", "agent_name", "comment"} <= personal
    allowed = head + str(tmp_path)
    leaked = [name for name in names if name in shown and name not in allowed]
    assert not leaked, f"shown: {len(leaked)} of {len(names)} names"


@pytest.mark.parametrize("width", [40, 80, 100, 120, 200])
def test_the_listing_fits_its_width(tmp_path: Path, width: int):
    rows = "\n".join(row(n) + ",日本語の長い説明文" for n in range(60))
    head = f"{HEAD},とても長い見出しとても長い見出しとても長い見出し\x1b[2J"
    found = of(tmp_path, ("export.csv", f"{head}\n{rows}\n"))
    lines = listing(found, width).splitlines()
    table = lines[lines.index("") + 1 :][: len(HEAD.split(",")) + 2]
    wide = [sum(2 if ord(letter) > 0x2E7F else 1 for letter in line) for line in table]
    assert max(wide) <= max(width, 60)
    assert "\x1b" not in "".join(lines)
