"""ServiceNow's incidents as lists, as JSON and as Fivetran's tables, made by hand."""

from __future__ import annotations

import json

import pytest

from cxaudit.errors import UnreadableData

from .conftest import Delivery

SOURCE = {"reader": "servicenow", "path": "export", "time_zone": "UTC"}
TABLES = {
    "incident.csv": """sys_id,number,caller_id,opened_at,resolved_at,closed_at,state,hold_reason,\
assigned_to,assignment_group,priority,contact_type,made_sla,reopen_count,close_code,category
i1,INC1,u1,2026-07-01 10:00:00,2026-07-02 10:00:00,,6,,u2,g1,1 - Critical,phone,true,1,\
Solution provided,network
i2,INC2,u2,2026-07-01 10:00:00,,,3,1,u2,g1,4,self-service,false,0,,
i3,INC3,,2026-07-01 10:00:00,,,42,,,,,alien,,,Something else,
""",
    "sys_journal_field.csv": """sys_id,name,element,element_id,value,sys_created_by,sys_created_on
j1,incident,comments,i1,it broke,caller.one,2026-07-01 10:00:00
j2,incident,work_notes,i1,looking,agent.two,2026-07-01 11:00:00
j3,incident,comments,i1,done,agent.two,2026-07-01 12:00:00
j4,incident,comments,i1,reminder,system,2026-07-01 13:00:00
j5,change_request,comments,c1,no incident,agent.two,2026-07-01 12:00:00
j6,incident,comments,i1,left us,somebody.gone,2026-07-01 14:00:00
""",
    "sys_audit.csv": """sys_id,tablename,documentkey,fieldname,oldvalue,newvalue,user,sys_created_on
a1,incident,i1,state,1,2,agent.two,2026-07-01 11:00:00
a2,incident,i1,incident_state,1,2,agent.two,2026-07-01 11:00:00
a3,incident,i1,state,2,6,system,2026-07-02 10:00:00
a4,incident,i1,assigned_to,,u2,agent.two,2026-07-01 10:30:00
a5,incident,i1,short_description,a,b,agent.two,2026-07-01 10:30:00
a6,problem,p1,state,1,2,agent.two,2026-07-01 11:00:00
a7,incident,i1,state,6,2,caller.one,2026-07-03 10:00:00
""",
    "sys_user.csv": """sys_id,user_name,sys_created_on
u1,caller.one,2020-01-01 00:00:00
u2,agent.two,2020-01-01 00:00:00
u3,nobody.three,2020-01-01 00:00:00
""",
    "sys_user_group.csv": "sys_id,name\ng1,Network\n",
    "sys_user_grmember.csv": "user,group\nu2,g1\n",
}


@pytest.fixture
def desk(client: Delivery) -> Delivery:
    """A client who exported the lists."""
    for name, text in TABLES.items():
        client.deliver(f"export/{name}", text)
    return client


def test_incidents(desk: Delivery) -> None:
    desk.load(SOURCE)
    one, two, three = desk.rows()
    assert (one["status"], one["priority"], one["channel"]) == ("solved", "urgent", "phone")
    assert (one["resolution_code"], one["sla_met"], one["reopen_count"]) == ("solved", True, 1)
    assert (one["customer_id"], one["assignee_id"], one["group_id"]) == ("u1", "u2", "g1")
    assert (two["status"], two["channel"]) == ("pending", "self_service"), "held for its caller"
    assert (three["status"], three["channel"]) == ("unknown", "web_form")
    assert (three["resolution_code"], three["customer_id"]) == ("other", None)
    assert desk.findings("tickets")["load-unmapped-tickets-status"] == 1


def test_times_of_a_list_need_the_zone_of_whoever_exported_it(desk: Delivery) -> None:
    without = {key: value for key, value in SOURCE.items() if key != "time_zone"}
    with pytest.raises(UnreadableData, match="no zone is declared"):
        desk.load(without)
    desk.load({**SOURCE, "time_zone": "Europe/Rome"})
    assert desk.cells("created_at")[0].isoformat() == "2026-07-01T08:00:00+00:00"


def test_comments_and_work_notes(desk: Delivery) -> None:
    desk.load(SOURCE)
    assert [
        (m["message_id"], m["author_type"], m["author_id"], m["is_public"])
        for m in desk.rows("messages")
    ] == [
        ("j1", "customer", "u1", True),
        ("j2", "agent", "u2", False),
        ("j3", "agent", "u2", True),
        ("j4", "system", "system", True),
        ("j6", "agent", "somebody.gone", True),
    ]
    assert desk.ledger("messages")["excluded"] == {"row filter": 1}


def test_the_audit(desk: Delivery) -> None:
    desk.load(SOURCE)
    assert [
        (e["event_id"], e["type"], e["from_value"], e["to_value"], e["actor_type"])
        for e in desk.rows("ticket_events")
    ] == [
        ("a1", "status", "new", "open", "agent"),
        ("a3", "status", "open", "solved", "system"),
        ("a4", "assignee", None, "u2", "agent"),
        ("a7", "status", "solved", "open", "customer"),
    ]
    assert desk.ledger("ticket_events")["excluded"] == {"row filter": 3}


def test_the_audit_has_the_words_of_the_tickets(desk: Delivery) -> None:
    header = TABLES["sys_audit.csv"].splitlines()[0]
    rows = ["priority,4,1 - Critical", "priority,9,2", "state,42,6"]
    lines = [f"a{n},incident,i1,{row},x,2026-07-01 11:00:00" for n, row in enumerate(rows)]
    desk.deliver("export/sys_audit.csv", "\n".join([header, *lines]))
    desk.load(SOURCE)
    assert [(e["from_value"], e["to_value"]) for e in desk.rows("ticket_events")] == [
        ("low", "urgent"),
        (None, "high"),
        ("unknown", "solved"),
    ]
    found = desk.findings("ticket_events-from_value")
    assert found == {"load-unmapped-ticket_events-from_value": 2}


def test_agents_are_in_a_group_or_assigned(desk: Delivery) -> None:
    desk.load(SOURCE)
    assert [(a["agent_id"], a["team_id"]) for a in desk.rows("agents")] == [("u2", "g1")]
    assert desk.cells("customer_id", "customers") == ["u1", "u2", "u3"], "an agent called, too"


def test_an_incident_and_its_task_in_two_tables(client: Delivery) -> None:
    client.deliver(
        "export/incident_data.csv",
        "sys_id,_fivetran_deleted,caller_id_value,incident_state,sys_created_on\n"
        "i1,FALSE,u1,2,2026-07-01 10:00:05\ni2,FALSE,u1,1,2026-07-01 10:00:05\n",
    )
    client.deliver(
        "export/task_data.csv",
        "sys_id,opened_at,assigned_to_value,priority,contact_type,made_sla\n"
        "i1,2026-07-01 10:00:00,u2,2,email,TRUE\nc1,2026-07-01 10:00:00,u9,1,,TRUE\n",
    )
    client.load(SOURCE)
    one, two = client.rows()
    assert one["created_at"].isoformat() == "2026-07-01T10:00:00+00:00"
    assert (one["assignee_id"], one["priority"], one["channel"]) == ("u2", "high", "email")
    assert two["created_at"].isoformat() == "2026-07-01T10:00:05+00:00", "its task is missing"
    assert client.ledger()["received"] == 2, "the change request is no incident"


def test_the_table_api_names_references_by_value(client: Delivery) -> None:
    record = {"sys_id": "i1", "opened_at": "2026-07-01 10:00:00", "state": "1", "caller_id": ""}
    with_people = {
        **{**record, "sys_id": "i2"},
        "caller_id": {"link": "https://example.com/u1", "value": "u1"},
        "assigned_to": {"link": "https://example.com/u2", "value": "u2"},
    }
    lines = "\n".join(map(json.dumps, [record, with_people]))
    client.deliver("export/incident.jsonl", lines)
    client.load(SOURCE)
    assert client.cells("customer_id") == [None, "u1"]
    assert client.cells("assignee_id") == [None, "u2"]
    (client.folder / "export" / "incident.jsonl").unlink()
    client.deliver("export/incident.json", json.dumps({"result": [record, with_people]}))
    client.load(SOURCE)
    assert client.cells("customer_id") == [None, "u1"]
