"""What is written about a file is an engagement that loads it, and says what needs a look."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxaudit.errors import EngagementError
from cxaudit.load import load
from cxaudit.proposal import entries, proposed, toml
from cxaudit.proposal.output import appended, write
from cxaudit.readers.mapping import setting_problems
from cxaudit.run import open_run
from cxaudit.sources import MappedSource, parse_sources

CLIENT = """[client]
id = "acme"
name = "Acme"
time_zone = "Europe/Paris"
as_of = 2026-03-01T00:00:00Z

"""
TICKETS = "\n".join(
    [
        "Ticket No;Opened;Solved;Reached us by;State;Requester;Agent;Fee;SLA kept",
        *(
            f"{number};{number % 27 + 1:02}.01.2026 09:{number % 60:02};"
            f"{'-' if number % 5 == 0 else '28.01.2026 10:00'};{('Telephone', 'Mail')[number % 2]};"
            f"{('Open', 'Resolved', 'Waiting on customer')[number % 3]};"
            f"c{number % 40};ann.{number % 7}@example.com;{number},50;{('ja', 'nein')[number % 2]}"
            for number in range(1, 121)
        ),
        "",
    ]
)
COMMENTS = "\n".join(
    [
        "Comment ID,Ticket ID,Created at,User ID,Body",
        *(
            f"{9000 + number},{number % 120 + 1},2026-01-28T11:{number % 60:02}:00Z,"
            f"{('ann', f'c{(number + 1) % 40}')[number % 2]},We looked into it: number {number}."
            for number in range(300)
        ),
        "",
    ]
)


def entry_of(folder: Path, files: dict[str, str], zone: str = "Europe/Paris") -> str:
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    found, problems = proposed([folder / name for name in files])
    assert not problems
    return entries(found, folder, zone)


def parsed(text: str) -> list[dict[str, Any]]:
    """The entries of the text, which cxaudit's own parser has no objection to."""
    raw = tomllib.loads(text).get("source", [])
    sources, problems = parse_sources(raw, "engagement.toml")
    assert not problems, problems
    for source in sources:
        assert isinstance(source, MappedSource)
        assert not setting_problems(source)
    return raw


def test_a_semicolon_file_of_a_german_desk_is_understood(tmp_path: Path):
    text = entry_of(tmp_path, {"tickets.csv": TICKETS})
    [entry] = parsed(text)
    assert entry["table"] == "tickets" and entry["path"] == "tickets.csv"
    assert entry["delimiter"] == ";" and entry["dates"] == "%d.%m.%Y %H:%M"
    assert entry["missing"] == ["-"] and entry["time_zone"] == "Europe/Paris"
    columns = entry["columns"]
    assert columns["ticket_id"] == "Ticket No"
    assert columns["created_at"] == "Opened" and columns["solved_at"] == "Solved"
    assert columns["status"]["values"] == {
        "Open": "open",
        "Resolved": "solved",
        "Waiting on customer": "pending",
    }
    assert columns["customer_id"] == "Requester"


def test_the_entry_loads_every_row(tmp_path: Path):
    text = entry_of(tmp_path, {"tickets.csv": TICKETS, "comments.csv": COMMENTS})
    (tmp_path / "engagement.toml").write_text(CLIENT + text, encoding="utf-8")
    run = open_run(tmp_path, "2026-01", tmp_path / "workspace")
    loaded = load(run).ledger
    assert dict(zip(loaded["table"], loaded["loaded"], strict=True)) == {
        "messages": 300,
        "tickets": 120,
    }
    tickets = pq.read_table(run.folder("1_load") / "tickets.parquet").to_pandas()
    assert tickets["created_at"].notna().all() and tickets["solved_at"].isna().sum() == 24
    messages = pq.read_table(run.folder("1_load") / "messages.parquet").to_pandas()
    assert set(messages["author_type"]) == {"customer", "agent"}, "told by who asked"


def test_who_wrote_is_looked_up_with_the_ticket(tmp_path: Path):
    entry = parsed(entry_of(tmp_path, {"tickets.csv": TICKETS, "comments.csv": COMMENTS}))[1]
    assert entry["lookup"][0]["match"] == {"Ticket ID": "Ticket No"}
    assert entry["columns"]["author_type"]["from"] == "User ID"


def test_a_zone_that_is_not_known_is_left_to_be_set(tmp_path: Path):
    text = entry_of(tmp_path, {"tickets.csv": TICKETS}, zone="")
    assert "time_zone" not in parsed(text)[0]
    assert "# time_zone" in text and "SET" in text


def test_dates_that_could_be_either_are_left_to_be_decided(tmp_path: Path):
    rows = "\n".join(f"{n},0{n % 9 + 1}/02/2026,open" for n in range(1, 31))
    text = entry_of(tmp_path, {"tickets.csv": f"ticket_id,created_at,status\n{rows}\n"})
    assert parsed(text)[0]["columns"]["created_at"]["dates"] == "auto", "auto refuses to guess"
    assert "%d/%m/%Y or %m/%d/%Y" in text


def test_a_log_with_several_rows_per_ticket_is_read_by_its_latest(tmp_path: Path):
    rows = "\n".join(
        f"{n // 3},2026-01-01,2026-01-{n % 28 + 1:02},{n % 3},{('new', 'open', 'closed')[n % 3]}"
        for n in range(90)
    )
    head = "case_number,opened_at,updated_at,reopen_count,state"
    text = entry_of(tmp_path, {"log.csv": f"{head}\n{rows}\n"})
    assert parsed(text)[0]["latest"] == {"per": "case_number", "by": "updated_at"}


def test_a_key_of_two_columns_is_joined(tmp_path: Path):
    rows = "\n".join(
        f"{n // 2},line {n % 2},2026-01-02 10:{n % 60:02}:00Z,2026-01-02 11:00:00Z"
        for n in range(80)
    )
    text = entry_of(tmp_path, {"calls.csv": f"call_id,queue,offered_at,ended_at\n{rows}\n"})
    assert parsed(text)[0]["columns"]["call_id"] == ["call_id", "queue"]


def test_a_time_of_day_goes_with_its_day(tmp_path: Path):
    rows = "\n".join(f"{n},2026-01-{n % 28 + 1:02},{n % 24}:15:00,x" for n in range(60))
    text = entry_of(tmp_path, {"calls.csv": f"call_id,day,start_time,skill\n{rows}\n"})
    assert parsed(text)[0]["columns"]["offered_at"] == {
        "date": "day",
        "time": "start_time",
        "dates": "%Y-%m-%d %H:%M:%S",
    }


def test_the_contrary_changes_places(tmp_path: Path):
    rows = "\n".join(
        f"{n},{n % 9},2026-01-02T10:00:00Z,a{n},{('true', 'false')[n % 2]},It is done now"
        for n in range(40)
    )
    head = "message_id,ticket_id,created_at,author_id,private,body"
    text = entry_of(tmp_path, {"messages.csv": f"{head}\n{rows}\n"})
    assert parsed(text)[0]["columns"]["is_public"] == {
        "from": "private",
        "true_words": ["false"],
        "false_words": ["true"],
    }


def test_headers_twice_are_told_apart(tmp_path: Path):
    rows = "\n".join(f"{n},2026-01-02T10:00:00Z,a{n % 3},b{n % 5}" for n in range(40))
    text = entry_of(tmp_path, {"t.csv": f"ticket_id,created_at,category,category\n{rows}\n"})
    columns = parsed(text)[0]["columns"]
    assert (columns["category"], columns["subcategory"]) == ("category#1", "category#2")


def test_hostile_headers_stay_inside_their_quotes(tmp_path: Path):
    bad = '"x"" ]\n[[source]]\ntable = ""tickets""","a\x1b[2Jb\u202ec","d\te"'
    rows = "\n".join(f"{n},2026-01-02T10:00:00Z,1,2,3" for n in range(30))
    text = entry_of(tmp_path, {"t.csv": f"ticket_id,created_at,{bad}\n{rows}\n"})
    assert len(parsed(text)) == 1
    assert "\x1b" not in text and "\u202e" not in text


@given(st.text(st.characters(exclude_categories=["Cs"])), st.text())
def test_any_text_is_itself_again_after_toml(key: str, remark: str):
    line = f"{toml.key(key)} = {toml.value({key: key})}  # {toml.readable(remark)}"
    assert tomllib.loads(line) == {key: {key: key}}


def test_an_entry_for_a_file_that_has_one_is_refused(tmp_path: Path):
    text = entry_of(tmp_path, {"tickets.csv": TICKETS})
    path = tmp_path / "engagement.toml"
    write(CLIENT + text, path)
    with pytest.raises(EngagementError, match="has an entry for this file already"):
        appended(text, path)


def test_an_engagement_keeps_what_it_had(tmp_path: Path):
    path = tmp_path / "engagement.toml"
    write(CLIENT + "# a remark of the consultant's\n", path)
    whole = appended(entry_of(tmp_path, {"tickets.csv": TICKETS}), path)
    assert whole.startswith(CLIENT + "# a remark of the consultant's\n")
    assert tomllib.loads(whole)["source"][0]["table"] == "tickets"


def test_an_engagement_that_cannot_be_read_is_left_alone(tmp_path: Path):
    path = tmp_path / "engagement.toml"
    path.write_text("[client\n", encoding="utf-8")
    with pytest.raises(EngagementError, match="is not valid TOML"):
        appended(entry_of(tmp_path, {"tickets.csv": TICKETS}), path)
    assert path.read_text(encoding="utf-8") == "[client\n"


@pytest.mark.parametrize(
    ("name", "text"),
    [("rows.csv", "1,2026-01-01\n2,2026-01-02\n"), ("other.csv", "colour,shoe size\nred,42\n")],
)
def test_what_is_like_no_table_is_a_comment(tmp_path: Path, name: str, text: str):
    found = entry_of(tmp_path, {name: text})
    assert parsed(found) == [] and "Nothing is proposed" in found
