"""Twilio: calls and messages, as Fivetran's tables or the lines of a BulkExport.

Names in capitals are derived.
"""

from __future__ import annotations

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from cxaudit.readers.call_legs import masked, per_call, seconds, times, with_columns, words
from cxaudit.readers.cells import mask_of
from cxaudit.readers.findings import Finding
from cxaudit.readers.layouts.declaration import Delivered, Layout, Made, Shaped, Tables
from cxaudit.sources import VendorSource

TEXT = pa.large_string()
MACHINES = ("machine", "fax")
UNSENT = ("failed", "undelivered", "canceled")
ELSEWHERE = "dialled by the service"
# who writes is known of customers alone: a reply is the program's, the rest is sent through the API
AUTHORS = {"inbound": "customer", "outbound-reply": "bot"}
AUTOMATIC = {
    "inbound": "false",
    "outbound-api": "false",
    "outbound-call": "false",
    "outbound-reply": "true",
}
RENAMED = {"sid": "id", "date_created": "created_at", '"from"': "from", '"to"': "to"}


def calls(source: VendorSource, tables: Tables) -> Shaped:
    """Calls that came in, with when one of the people dialled for them answered."""
    rows = tables.rows["call"]
    legs = _legs(rows)
    direction = words(rows, "direction").str.lower()
    is_leg = words(rows, "parent_call_id").notna()
    offered = masked(direction.eq("inbound") & ~is_leg)
    is_part = masked(is_leg & words(rows, "parent_call_id").isin(words(rows, "id")[offered]))
    contacts = rows.filter(pa.array(offered))
    ids = words(contacts, "id")
    in_turn = legs[legs["answered"].notna()].sort_values(["answered", "agent"])
    columns = {
        # nothing tells when a call nobody was dialled for began to wait, or that it did
        "RANG": per_call(legs["of"], legs["rang"], ids, "min"),
        "ANSWERED": per_call(legs["of"], legs["answered"], ids, "min"),
        "AGENT": per_call(in_turn["of"], in_turn["agent"], ids, "first"),
    }
    findings = [
        Finding("leg-of-call", "", int(is_part.sum())),
        Finding("not-offered", "", int((~offered & ~is_part).sum()), how=ELSEWHERE),
    ]
    left_out = rows.num_rows - contacts.num_rows
    return Shaped(with_columns(contacts, columns), left_out, findings=findings)


def _legs(rows: pa.Table) -> pd.DataFrame:
    """The people dialled for a call: when it rang, when they answered; a machine is nobody."""
    started, ended = times(rows, "start_time")[0], times(rows, "end_time")[0]
    created = times(rows, "created_at")[0]
    lasted = seconds(rows, "duration")
    answered_by = words(rows, "answered_by").str.lower()
    legs = pd.DataFrame({"of": words(rows, "parent_call_id"), "rang": created.fillna(started)})
    talked = words(rows, "status").str.lower().eq("completed") & (lasted > 0)
    person = masked(talked) & ~masked(answered_by.str.startswith(MACHINES))
    legs["answered"] = (ended.astype("Float64") - lasted * 1e6).where(person)
    legs["agent"] = words(rows, "to").str.removeprefix("client:")
    return legs[legs["of"].notna()]


def messages(source: VendorSource, tables: Tables) -> Shaped:
    """Messages that reached the other side."""
    rows = tables.rows["message"]
    unsent = pc.is_in(pc.utf8_lower(rows["status"]), value_set=pa.array(UNSENT, TEXT))
    inbound = pc.fill_null(pc.equal(pc.utf8_lower(rows["direction"]), "inbound"), False)
    columns = {
        "AUTHOR": pc.if_else(inbound, rows["from"], pa.scalar(None, TEXT)),
        "SENT": pc.coalesce(rows["date_sent"], rows["created_at"]),
    }
    sent = ~mask_of(unsent)
    shaped = with_columns(rows, columns).filter(pa.array(sent))
    findings = [Finding("not-sent", "", int((~sent).sum()))]
    return Shaped(shaped, int((~sent).sum()), findings=findings)


LAYOUT = Layout(
    name="twilio",
    export="Fivetran's tables (call, message), or the JSON Lines of a BulkExport of calls and "
    "messages",
    version="API 2010-04-01, BulkExport v1",
    documentation="https://www.twilio.com/docs/voice/api/call-resource",
    faults=(
        "A call that came in is 'completed' as soon as a program answers it. A person answered "
        "when a leg dialled for it was completed by no machine, its end less its duration; where "
        "no leg was delivered, nothing is known of waiting or answer, and the call counts neither "
        "as answered nor as given up.",
        "queue_time is how long a call the service dials waits for its own line, no customer's "
        "wait: it is not read.",
        "Calls dialled by the service are left out; legs are made one with their call.",
        "Messages name no ticket: without columns = { messages = { ticket_id = ... } } the "
        "contract sets them aside.",
        "A message sent through the API may be a person's or a program's: it is the system's "
        'unless words = { author_type = { outbound-api = "agent" } } says otherwise.',
        "Messages that failed or were not delivered reached nobody and are left out.",
        "Fivetran's tables for Snowflake quote the headers FROM and TO.",
        "The console's CSV shows times in the zone of whoever exported it: take the API's.",
    ),
    tables={
        "call": Delivered(
            (
                *("id", "parent_call_id", "direction", "status", "answered_by", "from", "to"),
                *("created_at", "start_time", "end_time", "duration"),
            ),
            files=("calls", "twilio_call", "twilio_calls"),
            time_zone="UTC",
            aliases={**RENAMED, "parent_call_sid": "parent_call_id"},
        ),
        "message": Delivered(
            ("id", "direction", "status", "from", "to", "body", "created_at", "date_sent"),
            files=("messages", "twilio_message", "twilio_messages"),
            time_zone="UTC",
            aliases=RENAMED,
        ),
    },
    made=(
        Made(
            "calls",
            "call",
            {
                "call_id": "id",
                "channel": {"constant": "phone"},
                "customer_id": "from",
                "queue": "to",
                "offered_at": "start_time",
                "queued_at": "RANG",
                "answered_at": "ANSWERED",
                "ended_at": "end_time",
                "agent_id": "AGENT",
            },
            derive=calls,
        ),
        Made(
            "messages",
            "message",
            {
                "message_id": "id",
                "at": "SENT",
                "author_type": {"from": "direction", "values": AUTHORS, "otherwise": "system"},
                "author_id": "AUTHOR",
                "is_public": {"constant": True},
                "is_auto": {"from": "direction", "values": AUTOMATIC},
                "text": "body",
            },
            derive=messages,
        ),
    ),
)
