"""HubSpot's tickets and engagements as Fivetran's tables, made by hand."""

from __future__ import annotations

import pytest

from .conftest import Delivery

TABLES = {
    "ticket_data.csv": """id,is_deleted,property_createdate,property_closed_date,\
property_first_agent_reply_date,property_hs_pipeline_stage,property_hubspot_owner_id,\
property_source_type,property_hs_ticket_priority
1,FALSE,2026-07-01 10:00:00,2026-07-02 10:00:00,2026-07-01 11:00:00.123,77,10,EMAIL,MEDIUM
2,FALSE,2026-07-01 10:00:00,,,2,,CHAT,
3,TRUE,2026-07-01 10:00:00,,,99,,carrier pigeon,SOON
""",
    "ticket_contact_data.csv": "ticket_id,contact_id\n1,101\n1,100\n2,101\n",
    "ticket_pipeline_stage_data.csv": "stage_id,ticket_state,is_closed\n77,CLOSED,TRUE\n",
    "ticket_engagement_data.csv": "ticket_id,engagement_id\n1,51\n1,52\n2,53\n",
    "engagement_contact_data.csv": "engagement_id,contact_id\n51,100\n",
    "engagement_email_data.csv": """engagement_id,_fivetran_deleted,property_hs_timestamp,\
property_hubspot_owner_id,property_hs_email_direction,property_hs_email_text,property_hs_email_html
51,false,2026-07-01 10:00:00,,INCOMING_EMAIL,help,
52,false,2026-07-01 11:00:00,10,EMAIL,,<p>hi</p>
54,false,2026-07-01 11:00:00,10,EMAIL,to nobody's ticket,
55,true,2026-07-01 11:00:00,10,EMAIL,deleted,
""",
    "engagement_note_data.csv": """engagement_id,_fivetran_deleted,property_hs_createdate,\
property_hubspot_owner_id,property_hs_note_body
53,false,2026-07-01 12:00:00,10,inside
""",
    "ticket_property_history_data.csv": """ticket_id,name,timestamp_instant,value,source
1,hs_pipeline_stage,2026-07-01 10:00:00,1,FORM
1,hs_pipeline_stage,2026-07-02 10:00:00,77,CRM_UI
1,hs_pipeline_stage,2026-07-02 10:00:01,77,CRM_UI
1,subject,2026-07-02 10:00:00,x,CRM_UI
1,hubspot_owner_id,2026-07-01 10:30:00,10,AUTOMATION_PLATFORM
1,hubspot_owner_id,2026-07-01 10:30:00,10,AUTOMATION_PLATFORM
""",
    "owner_data.csv": "owner_id,email\n10,a@example.com\n",
    "owner_team_data.csv": "owner_id,team_id\n10,3\n",
    "contact_data.csv": "id,_fivetran_deleted,property_createdate\n100,false,2020-01-01\n"
    "101,true,2020-01-01\n",
}
SOURCE = {"reader": "hubspot", "path": "export"}


@pytest.fixture
def hub(client: Delivery) -> Delivery:
    """A client who delivered the tables."""
    for name, text in TABLES.items():
        client.deliver(f"export/{name}", text)
    return client


def test_tickets(hub: Delivery) -> None:
    hub.load(SOURCE)
    one, two, three = hub.rows()
    assert (one["status"], one["customer_id"], one["channel"]) == ("closed", "100", "email")
    assert (one["priority"], one["assignee_id"], one["is_deleted"]) == ("normal", "10", False)
    assert (two["status"], two["channel"]) == ("pending", "chat"), "stage 2 waits for the contact"
    assert (three["status"], three["channel"], three["priority"]) == ("unknown", "web_form", None)
    found = hub.findings("tickets")
    assert found["load-unmapped-tickets-status"] == 1, "a stage no table tells about"
    assert found["load-unmapped-tickets-priority"] == 1
    assert found["load-otherwise-tickets-channel"] == 1


def test_a_stage_is_what_the_engagement_says(hub: Delivery) -> None:
    hub.load({**SOURCE, "words": {"status": {"77": "solved", "99": "on_hold"}}})
    assert hub.cells("status") == ["solved", "pending", "on_hold"]
    assert "solved" in hub.cells("to_value", "ticket_events")


def test_engagements_of_tickets_are_messages(hub: Delivery) -> None:
    hub.load(SOURCE)
    assert [
        (m["message_id"], m["ticket_id"], m["author_type"], m["author_id"], m["is_public"])
        for m in hub.rows("messages")
    ] == [
        ("51", "1", "customer", "100", True),
        ("52", "1", "agent", "10", True),
        ("53", "2", "agent", "10", False),
    ]
    assert hub.cells("text", "messages") == ["help", "<p>hi</p>", "inside"]
    assert hub.ledger("messages")["excluded"] == {"row filter": 2}


def test_history_tells_what_was_there_before(hub: Delivery) -> None:
    hub.load(SOURCE)
    assert [
        (e["event_id"], e["type"], e["from_value"], e["to_value"], e["actor_type"])
        for e in hub.rows("ticket_events")
    ] == [
        ("1-hs_pipeline_stage-0001", "status", None, "new", "system"),
        ("1-hs_pipeline_stage-0002", "status", "new", "closed", "agent"),
        ("1-hubspot_owner_id-0001", "assignee", None, "10", "system"),
    ]
    assert hub.ledger("ticket_events")["excluded"] == {"exact duplicate": 1, "row filter": 2}


def test_history_has_the_words_of_the_tickets(hub: Delivery) -> None:
    lines = ["ticket_id,name,timestamp_instant,value,source"]
    for second, word in enumerate(("MEDIUM", "URGENT", "SOON")):
        lines.append(f"1,hs_ticket_priority,2026-07-01 10:00:0{second},{word},FORM")
    lines.append("1,hs_pipeline_stage,2026-07-01 10:00:00,99,FORM")
    hub.deliver("export/ticket_property_history_data.csv", "\n".join(lines))
    hub.load(SOURCE)
    assert [(e["type"], e["from_value"], e["to_value"]) for e in hub.rows("ticket_events")] == [
        ("status", None, "unknown"),
        ("priority", None, "normal"),
        ("priority", "normal", "urgent"),
    ]
    assert hub.findings("ticket_events-to_value") == {"load-unmapped-ticket_events-to_value": 2}
    assert hub.ledger("ticket_events")["excluded"] == {"row filter": 1}, "to no word known"


def test_history_is_in_the_order_of_its_instants(hub: Delivery) -> None:
    lines = ["ticket_id,name,timestamp_instant,value,source"]
    times = ("2026-07-01T12:00:00+02:00", "2026-07-01T10:00:00.5Z", "2026-07-01T10:00:01Z")
    for time, word in zip(times, ("LOW", "MEDIUM", "HIGH"), strict=True):
        lines.append(f"1,hs_ticket_priority,{time},{word},FORM")
    hub.deliver("export/ticket_property_history_data.csv", "\n".join(lines))
    hub.load(SOURCE)
    assert {(e["from_value"], e["to_value"]) for e in hub.rows("ticket_events")} == {
        (None, "low"),
        ("low", "normal"),
        ("normal", "high"),
    }


def test_people(hub: Delivery) -> None:
    hub.load(SOURCE)
    assert [(a["agent_id"], a["team_id"]) for a in hub.rows("agents")] == [("10", "3")]
    assert hub.cells("customer_id", "customers") == ["100"]
