"""An invented help desk whose every ticket differs from ours by one rule, or by none."""

from __future__ import annotations

import shutil
from pathlib import Path

import pyarrow.parquet as pq

from cxaudit.facts import make_facts
from cxaudit.run import Run
from tests.workspace import text_table, typed, workspace

# Open Monday to Friday from 9 to 17 UTC, and always. 6 July 2026 is a Monday.
SCHEDULES = """
schedule_id | time_zone | opens_minute | closes_minute | is_default
office      | UTC       | 1980         | 2460          | true
office      | UTC       | 3420         | 3900          | true
office      | UTC       | 4860         | 5340          | true
office      | UTC       | 6300         | 6780          | true
office      | UTC       | 7740         | 8220          | true
always      | UTC       | 0            | 10080         | false
"""
TICKETS = """
ticket_id | created_at       | customer_id | status | is_deleted
plain     | 2026-07-06 10:00 | c1          | solved | false
bot       | 2026-07-06 10:00 | c1          | solved | false
former    | 2026-07-06 10:00 | c1          | solved | false
receipt   | 2026-07-06 10:00 | c1          | solved | false
deleted   | 2026-07-06 10:00 | c1          | solved | true
both      | 2026-07-06 10:00 | c1          | solved | true
opening   | 2026-07-06 10:00 | c1          | solved | false
note      | 2026-07-06 10:00 | c1          | solved | false
early     | 2026-07-06 10:00 | c1          | solved | false
own       | 2026-07-06 10:00 | g1          | solved | false
stranger  | 2026-07-06 10:00 | c1          | solved | false
back      | 2026-07-06 10:00 | c1          | open   | false
closed    | 2026-07-06 10:00 | c1          | closed | false
never     | 2026-07-06 10:00 | c1          | open   | false
slip      | 2026-07-06 10:00 | c1          | solved | false
later     | 2026-07-06 18:00 | c1          | solved | false
at once   | 2026-07-06 18:00 | c1          | solved | false
rule      | 2026-07-06 10:00 | c1          | solved | false
untold    | 2026-07-06 10:00 | c1          | solved | false
silent    | 2026-07-06 10:00 | c1          | solved | false
aside     | 2026-07-06 10:00 | c1          | solved | false
june      | 2026-06-29 10:00 | c1          | solved | false
"""
# f1 was an agent and is a customer now, b1 is a bot with the role of an agent, x9 is nobody known.
MESSAGES = """
ticket_id | at                  | author_type | author_id | is_public | is_auto
plain     | 2026-07-06 10:00    | customer    | c1        | true      | false
plain     | 2026-07-06 10:30    | agent       | g1        | true      | false
bot       | 2026-07-06 10:00    | customer    | c1        | true      | false
bot       | 2026-07-06 10:01    | agent       | b1        | true      | false
bot       | 2026-07-06 11:00    | agent       | g1        | true      | false
former    | 2026-07-06 10:00    | customer    | c1        | true      | false
former    | 2026-07-06 10:20    | customer    | f1        | true      | false
receipt   | 2026-07-06 10:00    | customer    | c1        | true      | false
receipt   | 2026-07-06 10:00:30 | agent       | g1        | true      | true
receipt   | 2026-07-06 11:00    | agent       | g1        | true      | false
deleted   | 2026-07-06 10:00    | customer    | c1        | true      | false
deleted   | 2026-07-06 10:10    | agent       | g1        | true      | false
both      | 2026-07-06 10:00    | customer    | c1        | true      | false
both      | 2026-07-06 10:01    | agent       | b1        | true      | false
both      | 2026-07-06 10:10    | agent       | g1        | true      | false
opening   | 2026-07-06 10:00    | agent       | g1        | true      | false
opening   | 2026-07-06 14:00    | agent       | g1        | true      | false
note      | 2026-07-06 10:00    | agent       | g1        | false     | false
note      | 2026-07-06 10:05    | agent       | g1        | true      | false
early     | 2026-07-06 09:40    | customer    | c1        | true      | false
early     | 2026-07-06 09:50    | agent       | g1        | true      | false
own       | 2026-07-06 10:00    | customer    | g1        | true      | false
own       | 2026-07-06 10:30    | agent       | g2        | true      | false
stranger  | 2026-07-06 10:00    | customer    | c1        | true      | false
stranger  | 2026-07-06 10:10    | third_party | x9        | true      | false
stranger  | 2026-07-06 10:30    | agent       | g1        | true      | false
back      | 2026-07-06 10:00    | customer    | c1        | true      | false
back      | 2026-07-06 10:30    | agent       | g1        | true      | false
back      | 2026-07-06 12:59    | customer    | c1        | true      | false
closed    | 2026-07-06 10:00    | customer    | c1        | true      | false
closed    | 2026-07-06 10:30    | agent       | g1        | true      | false
closed    | 2026-07-06 12:59    | customer    | c1        | true      | false
never     | 2026-07-06 10:00    | customer    | c1        | true      | false
slip      | 2026-07-06 10:00    | customer    | c1        | true      | false
slip      | 2026-07-06 10:30    | agent       | g1        | true      | false
later     | 2026-07-06 18:00    | customer    | c1        | true      | false
later     | 2026-07-06 20:00    | agent       | g1        | true      | false
at once   | 2026-07-06 18:00    | customer    | c1        | true      | false
at once   | 2026-07-06 20:00    | agent       | g1        | true      | false
rule      | 2026-07-06 10:00    | customer    | c1        | true      | false
untold    | 2026-07-06 10:00    | customer    | c1        | true      | false
untold    | 2026-07-06 10:30    | agent       | g1        | true      | false
silent    | 2026-07-06 10:00    | customer    | c1        | true      | false
silent    | 2026-07-06 10:30    | agent       | g1        | true      | false
aside     | 2026-07-06 10:00    | customer    | c1        | true      | false
june      | 2026-06-29 10:00    | customer    | c1        | true      | false
"""
SET_ASIDE = """
message_id | ticket_id | at               | author_type | author_id | is_public | is_auto
late       | aside     | 2026-07-06 10:05 | agent       | g1        | true      | false
"""
# Every ticket not named here is new at its creation, open at 10:30 and solved at 12:00.
STORIES = {
    "plain": "10:00 new, 10:30 open, 11:00 pending, 11:20 on_hold, 11:30 open, 12:00 solved",
    "back": "10:00 new, 12:00 solved, 13:00 open",
    "closed": "10:00 new, 12:00 solved, 13:00 open, 14:00 closed",
    "never": "10:00 new",
    "slip": "10:00 new, 12:00 solved, 12:05 open, 12:06 solved",
    "later": "18:00 new, 20:00 solved",
    "at once": "18:00 new, 20:00 solved",
    "untold": "10:30 open, 12:00 solved",
    "silent": "",
    "june": "",
}
USUAL = "10:00 new, 10:30 open, 12:00 solved"
UNDER = """
ticket_id | schedule_id | from_at
later     | always      | 2026-07-06 19:00
at once   | always      | 2026-07-06 18:00:03
"""
AS_OF = "2026-07-07T10:00:00Z"


def desk(folder: Path) -> Run:
    """The run of the desk with its tables loaded, checked, and made facts of."""
    tickets = text_table(TICKETS)
    messages = [
        {"message_id": f"m{number:02d}", **row} for number, row in enumerate(text_table(MESSAGES))
    ]
    tables = {
        "tickets": tickets,
        "messages": messages,
        "ticket_events": [event for row in tickets for event in _story(str(row["ticket_id"]))],
        "schedules": SCHEDULES,
        "ticket_schedules": UNDER,
        "customers": "customer_id\nc1\nf1",
        "agents": "agent_id\ng1\ng2\nb1",
    }
    run = workspace(
        folder,
        tables,
        as_of=AS_OF,
        quarantined={"messages": 1},
        actors={"bot_ids": ["b1"], "former_agent_ids": ["f1"]},
        scope={"bot_only": "never"},
    )
    checked, loaded = run.folder("2_validate") / "checked", run.folder("1_load")
    for path in checked.glob("*.parquet"):
        shutil.copy(path, loaded / path.name)
    whole = typed("messages", [*messages, *text_table(SET_ASIDE)])
    pq.write_table(whole, loaded / "messages.parquet")
    make_facts(run)
    return run


def _story(ticket: str) -> list[dict[str, str | None]]:
    steps = [step.split() for step in STORIES.get(ticket, USUAL).split(", ") if step]
    before = [None, *(status for _, status in steps)]
    return [
        {
            "event_id": f"{ticket}-{number}",
            "ticket_id": ticket,
            "at": f"2026-07-06 {at}",
            "from_value": from_value,
            "to_value": status,
            "actor_type": "system" if ticket == "rule" else "agent",
            "actor_id": None if ticket == "rule" else "g1",
        }
        for number, ((at, status), from_value) in enumerate(zip(steps, before, strict=False))
    ]
