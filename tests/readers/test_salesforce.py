"""Salesforce's cases as the CSV files of a data export, made by hand."""

from __future__ import annotations

import pytest

from .conftest import Delivery

QUEUE, AGENT, PORTAL, ROBOT = "00G1", "0051", "0052", "0053"
TABLES = {
    "Case.csv": f'''"Id","IsDeleted","ContactId","Origin","Status","Priority","Reason","IsClosed",\
"ClosedDate","IsEscalated","OwnerId","CreatedDate","MasterRecordId"
"5001","false","0031","Email","Closed","Medium","Billing","true","2026-07-02T10:00:00.000Z",\
"true","{AGENT}","2026-07-01T10:00:00.000+0000",""
"5002","false","","Fax","Waiting on Customer","High","","false","","false","{QUEUE}",\
"2026-07-01 10:00:00",""
"5003","true","0031","Web","Abgeschlossen","","","true","2026-07-01 12:00:00","","{AGENT}",\
"2026-07-01 10:00:00","5001"
''',
    "EmailMessage.csv": f'''"Id","ParentId","Incoming","MessageDate","CreatedDate","CreatedById",\
"Status","TextBody","HtmlBody"
"02s1","5001","true","2026-07-01 10:00:00","2026-07-01 10:00:05","{ROBOT}","1","say ""help"",
please",""
"02s2","5001","false","","2026-07-01 11:00:00","{AGENT}","3","","<p>hi</p>"
"02s3","5001","false","2026-07-01 11:00:00","2026-07-01 11:00:00","{AGENT}","5","draft",""
"02s4","","true","2026-07-01 11:00:00","2026-07-01 11:00:00","{ROBOT}","1","of no case",""
''',
    "CaseComment.csv": f'''"Id","ParentId","IsPublished","CommentBody","CreatedById","CreatedDate"
"00a1","5001","true","from the portal","{PORTAL}","2026-07-01 12:00:00"
"00a2","5001","false","inside","{AGENT}","2026-07-01 12:30:00"
"00a3","5001","","by somebody gone","0059","2026-07-01 12:40:00"
''',
    "CaseHistory.csv": f'''"Id","CaseId","Field","OldValue","NewValue","CreatedById","CreatedDate"
"0171","5001","created","","","{ROBOT}","2026-07-01 10:00:00"
"0172","5001","Owner","Front desk","A person","{AGENT}","2026-07-01 10:30:00"
"0173","5001","Owner","{QUEUE}","{AGENT}","{AGENT}","2026-07-01 10:30:00"
"0174","5001","Owner","{AGENT}","{QUEUE}","{AGENT}","2026-07-01 10:40:00"
"0175","5001","Status","Working","Closed","{AGENT}","2026-07-02 10:00:00"
"0176","5001","Subject","a","b","{AGENT}","2026-07-02 10:00:00"
''',
    "User.csv": f'''"Id","UserType","UserRoleId"
"{AGENT}","Standard","00E1"
"{PORTAL}","CspLitePortal",""
"{ROBOT}","AutomatedProcess",""
''',
    "Group.csv": f'"Id","Name","Type"\n"{QUEUE}","Front desk","Queue"\n"00G9","All","Regular"\n',
    "Contact.csv": '"Id","CreatedDate","MailingCountry"\n"0031","2020-01-01 00:00:00","IT"\n',
}
SOURCE = {"reader": "salesforce", "path": "export"}


@pytest.fixture
def cloud(client: Delivery) -> Delivery:
    """A client who unpacked the export."""
    for name, text in TABLES.items():
        client.deliver(f"export/{name}", text)
    return client


def test_cases(cloud: Delivery) -> None:
    cloud.load(SOURCE)
    one, two, three = cloud.rows()
    assert (one["status"], one["priority"], one["channel"]) == ("closed", "normal", "email")
    assert (one["assignee_id"], one["group_id"], one["escalated"]) == (AGENT, None, True)
    assert (two["assignee_id"], two["group_id"]) == (None, QUEUE), "a queue owns it"
    assert (two["status"], two["customer_id"], two["channel"]) == ("pending", None, "web_form")
    assert three["status"] == "closed", "a word of the client's own that counts as closed"
    assert (three["merged_into"], three["is_deleted"]) == ("5001", True)
    assert [c.isoformat() for c in cloud.cells("created_at")] == ["2026-07-01T10:00:00+00:00"] * 3


def test_messages(cloud: Delivery) -> None:
    cloud.load(SOURCE)
    assert {
        m["message_id"]: (m["author_type"], m["author_id"], m["is_public"])
        for m in cloud.rows("messages")
    } == {
        "02s1": ("customer", "0031", True),
        "02s2": ("agent", AGENT, True),
        "00a1": ("customer", PORTAL, True),
        "00a2": ("agent", AGENT, False),
        "00a3": ("agent", "0059", False),
    }
    by_id = {m["message_id"]: m for m in cloud.rows("messages")}
    assert by_id["02s1"]["text"] == 'say "help",\nplease'
    assert by_id["02s2"]["at"].isoformat() == "2026-07-01T11:00:00+00:00", "no date of its own"
    assert cloud.ledger("messages")["excluded"] == {"row filter": 2}, "a draft, and one of no case"


def test_history(cloud: Delivery) -> None:
    cloud.load(SOURCE)
    assert [
        (e["event_id"], e["type"], e["from_value"], e["to_value"], e["actor_type"])
        for e in cloud.rows("ticket_events")
    ] == [
        ("0171", "status", None, "new", "system"),
        ("0173", "assignee", None, AGENT, "agent"),
        ("0174", "group", None, QUEUE, "agent"),
        ("0175", "status", "open", "closed", "agent"),
    ]
    assert cloud.ledger("ticket_events")["excluded"] == {"row filter": 2}


HISTORY = TABLES["CaseHistory.csv"].splitlines()[0]


def test_history_has_the_words_of_the_tickets(cloud: Delivery) -> None:
    rows = [("Priority", "Medium", "Critical"), ("Priority", "Urgent!", "High")]
    rows += [("Status", "Parked", "Working")]
    lines = [
        f'"017{number}","5001","{field}","{old}","{new}","{AGENT}","2026-07-01 10:00:00"'
        for number, (field, old, new) in enumerate(rows)
    ]
    cloud.deliver("export/CaseHistory.csv", "\n".join([HISTORY, *lines]))
    cloud.load({**SOURCE, "words": {"priority": {"Critical": "high"}}})
    assert [(e["from_value"], e["to_value"]) for e in cloud.rows("ticket_events")] == [
        ("normal", "high"),
        (None, "high"),
        ("unknown", "open"),
    ]
    found = cloud.findings("ticket_events-from_value")
    assert found == {"load-unmapped-ticket_events-from_value": 2}


def test_an_owner_of_the_other_kind_is_none_before(cloud: Delivery) -> None:
    pairs = [(QUEUE, AGENT), (AGENT, QUEUE), (AGENT, "0059"), (QUEUE, "00G9")]
    lines = [
        f'"017{number}","5001","Owner","{old}","{new}","{AGENT}","2026-07-01 10:00:00"'
        for number, (old, new) in enumerate(pairs)
    ]
    cloud.deliver("export/CaseHistory.csv", "\n".join([HISTORY, *lines]))
    cloud.load(SOURCE)
    assert [(e["type"], e["from_value"]) for e in cloud.rows("ticket_events")] == [
        ("assignee", None),
        ("group", None),
        ("assignee", AGENT),
        ("group", QUEUE),
    ]


def test_people_and_queues(cloud: Delivery) -> None:
    cloud.load(SOURCE)
    assert [(a["agent_id"], a["team_id"]) for a in cloud.rows("agents")] == [(AGENT, "00E1")]
    assert cloud.cells("group_id", "groups") == [QUEUE]
    assert cloud.cells("country", "customers") == ["IT"]


def test_names_as_a_connector_writes_them(client: Delivery) -> None:
    client.deliver(
        "export/salesforce_case_data.csv",
        "id,is_deleted,contact_id,origin,status,is_closed,owner_id,created_date\n"
        "5001,false,0031,Phone,New,false,0051,2026-07-01 10:00:00\n",
    )
    client.load(SOURCE)
    (case,) = client.rows()
    assert (case["status"], case["channel"], case["assignee_id"]) == ("new", "phone", "0051")
    assert "escalated" not in client.ledger()["supplied"]
